"""A document as a form and back, without losing what the form does not know.

`typed_of` gives what the form shows of some values, `read_typed` what came back, and `written`
the text of the file with just the differing fields changed: a field that came back as it was
shown keeps its value, whatever that is, and so do keys that no field of the form stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from indexer.document import Document, edited_text
from indexer.field import Field
from indexer.fields import FIELDS
from indexer.head import split
from indexer.vocabulary import Vocabularies
from indexer.yaml_text import same
from kb.forms.texts import edited_body, shown_body
from kb.forms.widgets import ABSENT, is_scalar, sent_lines, shape, shown, term_of, value_of

PREFIX = "f."  # of the name of every field of the front matter in the form
ORIGIN = "@"  # the name of the hidden field that tells which item of the opened text a row was
_BREAK = re.compile("[\r\n]")
_PATH = re.compile(r"(?:[a-z_]{1,40}\.[0-9]{1,5})(?:\.[a-z_]{1,40}\.[0-9]{1,5}){0,4}")

Typed = dict[str, Any]  # field -> str, list of str, Typed (a group), or list of Row
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One row of a repeating group; `origin` is what it was in the opened text, None if it is new.

    That is its place in the list, or the whole path of one that came from another list.
    """

    values: Typed
    origin: int | str | None = None


@dataclass(frozen=True)
class Form:
    """What somebody has typed, and which text they had opened.

    `opened` is the revision that the form was made from, `base` the one last saved from it.
    """

    typed: Typed = field(default_factory=dict)
    body: str = ""
    opened: str = ""
    base: str = ""
    message: str = ""
    do: str = ""  # the button that was pressed
    finding: Mapping[str, str] = field(default_factory=dict)  # what is searched for in a picker
    moved: str = ""  # the path of the row that a button has just moved

    def replace(self, **changes: Any) -> Form:
        """The form with something changed."""
        return replace(self, **changes)


def form_of(document: Document) -> Form:
    """The form of a document as it stands."""
    typed = typed_of(FIELDS[document.key.kind], document.front)
    revision = document.revision
    return Form(typed, shown_body(document.body), opened=revision, base=revision)


def read_form(kind: str, pairs: Iterable[tuple[str, str]]) -> Form:
    """The form that a browser sent for a document of `kind`."""
    named: dict[str, list[str]] = {}
    for name, text in pairs:
        named.setdefault(name, []).append(text)

    def plain(name: str) -> str:
        return named.get(name, [""])[0]

    return Form(
        typed=read_typed(FIELDS[kind], named, PREFIX),
        body=sent_lines(plain("body")),
        opened=plain("opened"),
        base=plain("base"),
        message=plain("message").strip(),
        do=plain("do"),
        finding={
            name.removeprefix("find."): texts[0].strip()
            for name, texts in named.items()
            if name.startswith("find.") and texts[0].strip()
        },
    )


# From values to what is shown ----------------------------------------------------------------


def typed_of(fields: Iterable[Field], values: Values) -> Typed:
    """What a form shows of `values`; a field written in a way it cannot show is left out."""
    typed: Typed = {}
    for one in fields:
        value = values.get(one.name, ABSENT)
        if can_show(one, value):
            typed[one.name] = _shown(one, value)
    return typed


def can_show(field: Field, value: Any) -> bool:
    """Whether the widget of a field can hold this value without changing it."""
    if value is ABSENT or value is None:
        return True
    laid = shape(field)
    if laid == "one":
        return is_scalar(value)
    if laid == "group":
        return isinstance(value, dict)
    if not isinstance(value, list):
        return False
    if laid == "rows":
        return all(isinstance(item, dict) or (field.short and _plain(item)) for item in value)
    return all(_plain(item) and not _BREAK.search(str(item)) for item in value)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) != ""


def _shown(field: Field, value: Any) -> Any:
    laid = shape(field)
    empty = value is ABSENT or value is None
    if laid == "one":
        return shown(field, value)
    if laid == "group":
        return typed_of(field.fields, {} if empty else value)
    items = [] if empty else value
    if laid == "rows":
        return [
            Row(typed_of(field.fields, _as_group(field, item)), position)
            for position, item in enumerate(items)
        ]
    texts = [shown(field, item) for item in items]
    return texts if laid == "terms" else "\n".join(texts)


def _as_group(field: Field, item: Any) -> Values:
    return item if isinstance(item, dict) else {field.short: item}


# From what was sent to what was typed --------------------------------------------------------


def read_typed(
    fields: Iterable[Field], named: Mapping[str, list[str]], prefix: str = PREFIX
) -> Typed:
    """What was typed into the fields whose names begin with `prefix`; those not sent are absent."""
    typed: Typed = {}
    for one in fields:
        name, laid = f"{prefix}{one.name}", shape(one)
        if name not in named:
            continue
        if laid == "group":
            typed[one.name] = read_typed(one.fields, named, f"{name}.")
        elif laid == "rows":
            typed[one.name] = _rows(one, named, f"{name}.")
        elif laid == "terms":
            typed[one.name] = [text for text in named[name] if text]
        else:
            typed[one.name] = sent_lines(named[name][0])
    return typed


def _rows(field: Field, named: Mapping[str, list[str]], prefix: str) -> list[Row]:
    numbers = {
        int(number)
        for name in named
        if name.startswith(prefix)
        and (number := name[len(prefix) :].partition(".")[0]).isdecimal()
        and len(number) < 6
    }
    rows = []
    for place in sorted(numbers):
        here = f"{prefix}{place}."
        origin = named.get(f"{here}{ORIGIN}", [""])[0]
        rows.append(Row(read_typed(field.fields, named, here), _origin(origin, field)))
    return rows


def _origin(text: str, field: Field) -> int | str | None:
    if text.isdecimal() and len(text) < 6:
        return int(text)
    return text if _PATH.fullmatch(text) and text.split(".")[-2] == field.name else None


def was(row: Row, items: Any, values: Values) -> Any:
    """What a row was in the opened text: one of the `items` of its list, else of all `values`.

    None where it is new.
    """
    if isinstance(row.origin, str):
        return _at_path(values, row.origin)
    known = isinstance(items, list) and row.origin is not None and row.origin < len(items)
    return items[row.origin] if known else None


def _at_path(values: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values


# From what was typed to the text -------------------------------------------------------------


def written(document: Document, form: Form, vocabularies: Vocabularies | None = None) -> str:
    """The text of `document`, which is the one that was opened, with what `form` changes.

    Raises UnreadableHead where the front matter is broken, and ValueError for what YAML cannot
    hold.
    """
    opened = Opened(document.front, vocabularies)
    changes = changes_of(FIELDS[document.key.kind], document.front, form.typed, opened)
    text = edited_text(document, changes)
    parts = split(text)
    return parts.start + parts.head + parts.close + edited_body(parts.body, form.body)


@dataclass(frozen=True)
class Opened:
    """All values of the text that was opened, and the vocabularies that what is typed may name."""

    values: Values
    vocabularies: Vocabularies | None = None


def changes_of(
    fields: Iterable[Field], values: Values, typed: Typed, opened: Opened | None = None
) -> dict[str, Any]:
    """The fields whose value differs, with the new value; `None` takes a field away."""
    opened, changes = opened or Opened(values), {}
    for one in fields:
        old = values.get(one.name, ABSENT)
        new = _value(one, old, typed.get(one.name, ABSENT), opened)
        if new is not old and not (old is not ABSENT and same(old, new)):
            changes[one.name] = None if new is ABSENT else new
    return changes


def _value(field: Field, old: Any, typed: Any, opened: Opened) -> Any:
    """The value of a field after typing; `old` itself where it came back as it was shown."""
    if typed is ABSENT or not can_show(field, old) or typed == _shown(field, old):
        return old
    laid = shape(field)
    if laid == "one":
        return value_of(field, typed, opened.vocabularies)
    if laid == "group":
        return _group(field.fields, old, typed, opened) or ABSENT
    if laid == "rows":
        return _items(field, old, typed, opened) or ABSENT
    known = {} if old in (ABSENT, None) else {shown(field, item): item for item in old}
    texts = typed if laid == "terms" else typed.split("\n")
    named = opened.vocabularies
    many = [known.get(text, value_of(field, text, named)) for text in texts if text.strip()]
    return many or ABSENT


def _group(fields: tuple[Field, ...], old: Any, typed: Typed, opened: Opened) -> dict[str, Any]:
    values = dict(old) if isinstance(old, dict) else {}
    typed = {**typed, **_elsewhere(fields, values, typed, opened.vocabularies)}
    order = [one.name for one in fields]
    for one in fields:
        new = _value(one, values.get(one.name, ABSENT), typed.get(one.name, ABSENT), opened)
        if new is ABSENT:
            values.pop(one.name, None)
        elif one.name in values or not any(name in order for name in values):
            values[one.name] = new
        else:
            values = _inserted(values, one.name, new, order)
    if values and not isinstance(old, dict):
        # in a new group, null says that the end has not come; in an old one, nothing is added
        nulls = {one.name: None for one in fields if one.nullable and one.name not in values}
        values = {name: {**values, **nulls}[name] for name in order if name in {**values, **nulls}}
    return values


def _elsewhere(
    fields: tuple[Field, ...], values: Values, typed: Typed, vocabularies: Vocabularies | None
) -> dict[str, str]:
    """What was typed as a term that the vocabulary lacks, in the field for such names."""
    moved: dict[str, str] = {}
    if vocabularies is None:
        return moved
    for one in fields:
        text = typed.get(one.name)
        if not one.otherwise or not isinstance(text, str) or not text.strip():
            continue
        as_it_was = one.name in values and text == _shown(one, values[one.name])
        known = term_of(one, text.strip(), vocabularies) in vocabularies[one.vocabulary]
        if not (as_it_was or known or str(typed.get(one.otherwise) or "").strip()):
            moved |= {one.name: "", one.otherwise: text}
    return moved


def _inserted(values: dict[str, Any], name: str, new: Any, order: list[str]) -> dict[str, Any]:
    """Put a new key behind the last one that precedes it in the table of fields."""
    before = set(order[: order.index(name)])
    names = list(values)
    at = max((place + 1 for place, one in enumerate(names) if one in before), default=0)
    names.insert(at, name)
    return {one: new if one == name else values[one] for one in names}


def _items(field: Field, old: Any, rows: list[Row], opened: Opened) -> list[Any]:
    items = []
    for row in rows:
        item = was(row, old, opened.values)
        group = _as_group(field, item) if item is not None else None
        new = _group(field.fields, group, row.values, opened)
        alone = set(new) == {field.short} and not any(
            one.required for one in field.fields if one.name != field.short
        )
        if alone and not isinstance(item, dict):
            items.append(new[field.short])
        elif new:
            items.append(item if new == item and same(new, item) else new)
    return items
