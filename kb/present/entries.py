"""The fields of the form as a writer sees them: labels, help, values, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from indexer.field import Field
from indexer.hits import Hit
from indexer.pack import LATEST
from kb.entries import Entry, EntryRow
from kb.forms.acting import rows_at
from kb.forms.editing import PREFIX, Form, Row, Typed, can_show, was
from kb.forms.widgets import ABSENT, shape, widget
from kb.pieces.common import Link, Option
from kb.present.fieldwords import said, title_of
from kb.present.pack_making import minutes_of, offered, pin_options, warns
from kb.present.words import Reader
from kb.services.packs import ReadItem
from kb.translation import gettext as _

MOST_FOUND = 20  # terms shown of those that are found in a picker
LONGEST_TITLE = 90


@dataclass(frozen=True)
class Told:
    """What is said at the fields: path of the form -> errors and warnings."""

    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def below(self, path: str) -> bool:
        """Whether something is wrong at a path or inside of it."""
        return any(one == path or one.startswith(f"{path}.") for one in self.errors)


@dataclass(frozen=True)
class Making:
    """What the entries are made of.

    `said` are comments by field, entries counted from 1; `opened` are the values of the text that
    was opened; `items` are the cases of a pack by name and text, `found` those that were searched
    for, by the path of the list they are for.
    """

    form: Form
    told: Told
    reader: Reader
    url: str  # of the draft
    said: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    opened: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[tuple[str, str], ReadItem] = field(default_factory=dict)
    found: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Option, ...]:
        """The sources as they are typed now, by number."""
        rows = self.form.typed.get("sources") or ()
        return tuple(
            Option("", number, f"{number}: {_cut(str(row.values.get('title') or ''), 60)}")
            for row in rows
            if (number := str(row.values.get("id") or ""))
        )

    def item(self, fields: Iterable[Field], typed: Typed) -> ReadItem | None:
        """The case that a group of fields names, as its text stands; None where none is known."""
        name = next((str(typed.get(one.name) or "") for one in fields if one.names), "").strip()
        pin = next((typed.get(one.name) for one in fields if one.type == "pin"), "")
        return self.items.get((name, str(pin or "").strip() or LATEST)) if name else None


def entries_of(
    fields: Sequence[Field], typed: Typed, values: Mapping[str, Any], making: Making, path: str = ""
) -> tuple[Entry, ...]:
    """The entries of some fields; `path` is that of the group they are in, with its last dot."""
    entries = tuple(
        _entry(one, typed.get(one.name), values.get(one.name, ABSENT), making, f"{path}{one.name}")
        for one in fields
    )
    if not any(one.names for one in fields):
        return entries
    item = making.item(fields, typed)
    return tuple(_about_item(entry, item, making) for entry in entries)


def _about_item(entry: Entry, item: ReadItem | None, making: Making) -> Entry:
    """An entry of a case in a pack: which case it is, and of which texts of it one can choose."""
    if entry.widget == "document":
        return replace(entry, note=item.title if item and item.title != entry.value else "")
    if entry.widget == "pin":
        return replace(entry, options=pin_options(entry.value, item, making.reader))
    return entry


def _entry(one: Field, typed: Any, value: Any, making: Making, path: str) -> Entry:
    reader = making.reader
    label = title_of(one)
    kind = widget(one, reader.vocabularies)
    entry = Entry(
        name=f"{PREFIX}{path}",
        id=f"{PREFIX}{path}".replace(".", "-"),
        path=path,
        label=label,
        help=_help(one, label),
        example="" if kind in ("ticks", "select", "pin") else example_of(one, reader),
        widget=kind,
        required=one.required,
        longest=str(one.max) if one.max and one.type == "text" else "",
        errors=tuple(making.told.errors.get(path, ())),
        warnings=tuple(making.told.warnings.get(path, ())),
        notes=tuple(making.said.get(path, ())) if "." not in path else (),
    )
    if not can_show(one, value):
        return replace(entry, widget="kept", value=str(value))
    if one.type == "source":
        options = _with_blank(making.sources, str(typed or ""))
        return replace(entry, widget="select", value=str(typed or ""), options=options)
    laid = shape(one)
    if laid == "group":
        inner = value if isinstance(value, dict) else {}
        return replace(entry, parts=entries_of(one.fields, typed or {}, inner, making, f"{path}."))
    if laid == "rows":
        together = minutes_of({"items": typed}) if _holds_rows(one) else ""
        entry = replace(
            entry,
            rows=_rows(one, typed or [], value, making, path),
            note=_("%(minutes)s together", minutes=together) if together else "",
        )
        return _with_picker(entry, making) if picks(one) else entry
    if laid == "terms":
        return _terms(entry, one, typed or [], making)
    return _single(entry, one, str(typed or ""), reader)


def _help(one: Field, label: str) -> str:
    told = said(one.help)
    told = "" if told.rstrip(".") == label else told
    return f"{told} {_('One a line.')}".strip() if shape(one) == "texts" else told


def example_of(one: Field, reader: Reader) -> str:
    """The example of a field as one types it into the form, without the marks of YAML."""
    plain = one.example.strip("[]").strip('"')
    if one.type == "group" or plain in ("…", "null"):
        return ""
    if one.type == "term":
        ids = [id_.strip() for id_ in plain.split(",")]
        return reader.listed(term_label(one.vocabulary, id_, reader) for id_ in ids)
    return plain


def _single(entry: Entry, one: Field, typed: str, reader: Reader) -> Entry:
    entry = replace(entry, value=typed)
    if one.type == "choice":
        options = tuple(Option("", choice, said(choice.capitalize())) for choice in one.choices)
        return replace(entry, options=_with_blank(options, typed))
    if one.type == "term" and entry.widget == "select":
        return replace(entry, options=_with_blank(_all_terms(one.vocabulary, reader), typed))
    if one.type == "term":
        label = reader.label(one.vocabulary, typed) if typed else ""
        return replace(entry, shared=f"all-{one.vocabulary}", note=label if label != typed else "")
    return entry


def _all_terms(vocabulary: str, reader: Reader) -> tuple[Option, ...]:
    terms = reader.vocabularies[vocabulary]
    return tuple(Option("", id_, term_label(vocabulary, id_, reader)) for id_ in terms)


def term_label(vocabulary: str, id_: str, reader: Reader) -> str:
    """The name of a term as it is chosen in a form; goals and lines with their number."""
    label = reader.label(vocabulary, id_)
    return f"{id_} {label}" if vocabulary in ("sdgs", "action_lines") and label != id_ else label


def _with_blank(options: tuple[Option, ...], typed: str) -> tuple[Option, ...]:
    known = {option.value for option in options}
    odd = () if typed in known or not typed else (Option("", typed, typed),)
    chosen = (Option("", "", _("Not said")), *options, *odd)
    return tuple(replace(option, selected=option.value == typed) for option in chosen)


# Many terms ----------------------------------------------------------------------------------


def _terms(entry: Entry, one: Field, typed: list[str], making: Making) -> Entry:
    reader = making.reader
    chosen = list(dict.fromkeys(typed))
    terms = reader.vocabularies[one.vocabulary]
    if entry.widget == "ticks":
        rest = [id_ for id_ in terms if id_ not in chosen]
        options = _options(entry, one, [*chosen, *rest], chosen, reader)
        return replace(entry, options=options, value=str(len(chosen)))
    finding = making.form.finding.get(entry.path, "")
    found = find_terms(one.vocabulary, finding, chosen, reader) if finding else ()
    return replace(
        entry,
        options=_options(entry, one, chosen, chosen, reader),
        value=str(len(chosen)),
        finding=finding,
        found=_options(entry, one, found, (), reader),
        find_url=f"{making.url}/terms/{quote(entry.path)}",
    )


def _options(
    entry: Entry, one: Field, ids: Iterable[str], chosen: Sequence[str], reader: Reader
) -> tuple[Option, ...]:
    return tuple(
        Option(f"{entry.id}-{id_}", id_, term_label(one.vocabulary, id_, reader),
               selected=id_ in chosen)
        for id_ in ids
    )  # fmt: skip


def found_options(one: Field, path: str, text: str, reader: Reader) -> tuple[Option, ...]:
    """The terms of a field that are called something like `text`, to be ticked."""
    entry = _entry(one, [], ABSENT, Making(Form(), Told(), reader, ""), path)
    return _options(entry, one, find_terms(one.vocabulary, text, (), reader), (), reader)


def find_terms(vocabulary: str, text: str, but: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """The ids of terms of which a name, in any language, has words that begin like `text`."""
    words = text.casefold().replace("-", " ").split()
    scored = []
    for id_, term in reader.vocabularies[vocabulary].items():
        best = min(
            (
                len(name)
                for name in (id_, *term.called)
                if _begins(words, name.casefold().replace("-", " "))
            ),
            default=None,
        )
        if words and best is not None and id_ not in but:
            scored.append((best, id_))
    return tuple(id_ for _, id_ in sorted(scored)[:MOST_FOUND])


def _begins(words: Sequence[str], name: str) -> bool:
    parts = name.replace("(", " ").replace("’", " ").split()
    return all(any(part.startswith(word) for part in parts) or word in name for word in words)


# Rows ----------------------------------------------------------------------------------------


def picks(one: Field) -> bool:
    """Whether the rows of a field stand for documents, so that one can search for them."""
    short = one.field(one.short) if one.short else None
    return short is not None and bool(short.names)


def _with_picker(entry: Entry, making: Making) -> Entry:
    hits = making.found.get(entry.path, ())
    return replace(
        entry,
        finding=making.form.finding.get(entry.path, ""),
        find_url=f"{making.url}/terms/{quote(entry.path)}",
        offers=offered(hits, entry.path, {case for case, _pin in making.items}, making.reader),
    )


def _rows(
    one: Field, rows: list[Row], value: Any, making: Making, path: str
) -> tuple[EntryRow, ...]:
    before, after = _beside(path, making)
    made = []
    for number, row in enumerate(rows):
        here = f"{path}.{number}"
        old = was(row, value, making.opened)
        inner = old if isinstance(old, dict) else {}
        item = making.item(one.fields, row.values)
        title = item.title if item else row_title(one, row.values, making.reader)
        fresh = row.origin is None and not title
        notes = _notes(path, row, making)
        made.append(
            EntryRow(
                id=f"{PREFIX}{here}".replace(".", "-"),
                path=here,
                title=title or _("New"),
                origin_name=f"{PREFIX}{here}.@",
                origin="" if row.origin is None else str(row.origin),
                parts=entries_of(one.fields, row.values, inner, making, f"{here}."),
                errors=tuple(making.told.errors.get(here, ())),
                notes=notes,
                open=row.origin is None
                or _holds_rows(one)
                or making.told.below(here)
                or bool(notes),
                first=number == 0 and not before,
                last=number == len(rows) - 1 and not after,
                fresh=fresh,
                facts=minutes_of(row.values),
                warns=warns(item, here, making.reader, making.url) if item else (),
                moved=_moved(making.form, here),
            )
        )
    return tuple(made)


def _holds_rows(one: Field) -> bool:
    return any(shape(inner) == "rows" for inner in one.fields)


def _beside(path: str, making: Making) -> tuple[bool, bool]:
    """Whether there is a list before, and one after, to which rows of this one can be moved."""
    steps = path.split(".")
    above = rows_at(making.form.typed, steps[:-2]) if len(steps) > 2 else None
    place = int(steps[-2]) if above else 0
    return (place > 0, place < len(above) - 1) if above else (False, False)


def _moved(form: Form, path: str) -> str:
    """Which button has just moved a row, so that the keyboard stays on it: up or down."""
    return form.do.partition(":")[0] if form.moved == path else ""


def _notes(path: str, row: Row, making: Making) -> tuple[Link, ...]:
    """What was said of the entry of the opened text that a row was."""
    if not isinstance(row.origin, int):
        return ()
    return making.said.get(f"{path}.{row.origin + 1}", ())


def row_title(one: Field, values: Typed, reader: Reader) -> str:
    """What a row is about, in a line: the first things that are said in it."""
    said_first: list[str] = []
    for inner in one.fields:
        text = values.get(inner.name)
        if not isinstance(text, str) or not text or inner.lines:
            continue
        if inner.type == "url" and said_first:
            continue
        known = inner.type == "term" and inner.vocabulary
        said_first.append(term_label(inner.vocabulary, text, reader) if known else text)
        if len(said_first) == 3:
            break
    return _cut(" · ".join(said_first), LONGEST_TITLE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
