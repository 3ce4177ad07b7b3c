"""A comparison of two texts in the words of a reader: rows to be put side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel.numbers import format_decimal

from indexer.field import Field
from indexer.yaml_text import flow
from kb.pieces.history import Difference, Row, Run, Stretch, Value
from kb.present.fieldwords import title_of
from kb.present.words import Reader
from kb.services import comparing_texts
from kb.services.comparing import Comparison, FieldChange, Item
from kb.services.comparing_texts import ADDED, CHANGED, REMOVED, SAME
from kb.translation import gettext as _
from kb.translation import ngettext

#: So many rows that did not change are shown on either side of a change.
AROUND = 1
BETWEEN = " · "
_LONE = re.compile("[\ud800-\udfff]")


def differences(comparison: Comparison, reader: Reader) -> tuple[Difference, ...]:
    """The fields of the front matter that differ, in the order of the table."""
    return tuple(_difference(change, reader) for change in comparison.fields)


def stretches(rows: Iterable[comparing_texts.Row]) -> tuple[Stretch, ...]:
    """The rows of a text, those far from any change folded away."""
    found: list[Stretch] = []
    runs = [(same, list(some)) for same, some in groupby(rows, lambda row: row.how == SAME)]
    for at, (same, some) in enumerate(runs):
        if not same:
            found.append(Stretch(tuple(map(_row, some))))
            continue
        head = AROUND if at > 0 else 0
        tail = AROUND if at < len(runs) - 1 else 0
        folded = some[head : len(some) - tail]
        if len(folded) < 2:
            found.append(Stretch(tuple(map(_row, some))))
            continue
        label = ngettext("%(num)s paragraph as before", "%(num)s paragraphs as before", len(folded))
        parts = ((some[:head], ""), (folded, label), (some[len(some) - tail :], ""))
        found += [Stretch(tuple(map(_row, part)), told) for part, told in parts if part]
    return tuple(found)


def changes_told(comparison: Comparison) -> str:
    """What changed, in one line: the fields by name, the words of the text by number."""
    if comparison.identical:
        return _("Nothing differs.")
    told = [_label(change) for change in comparison.fields]
    if comparison.body_differs:
        words = (
            ngettext("%(num)s word added", "%(num)s words added", comparison.words_added),
            ngettext("%(num)s taken out", "%(num)s taken out", comparison.words_removed),
        )
        told.append(_("text (%(words)s)", words=", ".join(words)))
    if not told:
        return _("Only the way in which the file is written differs.")
    return BETWEEN.join(told)


def values_of(comparison: Comparison, reader: Reader) -> tuple[Value, ...]:
    """The fields of one text, by name, an entry a line: its comparison with nothing."""
    return tuple(
        Value(_label(change), _lines(change.items, reader), _ids(change))
        for change in comparison.fields
    )


def _ids(change: FieldChange) -> tuple[str, ...]:
    """The names by which the text refers to its sources; none in other fields."""
    numbers = [
        {leaf.name: leaf.new for leaf in item.leaves}.get("id", at)
        for at, item in enumerate(change.items, 1)
    ]
    return tuple(f"source-{number}" for number in numbers) if change.name == "sources" else ()


def _lines(items: tuple[Item, ...], reader: Reader) -> tuple[str, ...]:
    texts = tuple(item_text(item, reader) for item in items)
    single = all(not leaf.name for item in items for leaf in item.leaves)
    return (BETWEEN.join(texts),) if single else texts


def runs_of(pieces: Iterable[comparing_texts.Piece]) -> tuple[Run, ...]:
    """The runs of a changed text; blanks that came or went alone are made visible."""
    return tuple(Run(piece.how, _seen(piece)) for piece in pieces)


def _row(row: comparing_texts.Row) -> Row:
    runs = list(runs_of(row.pieces))
    if row.how != CHANGED or runs[-1].how == SAME:
        runs[-1] = Run(runs[-1].how, runs[-1].text.rstrip("\r\n") or runs[-1].text)
    return Row(row.how, tuple(runs))


def readable(text: str) -> str:
    """The text with a mark in the place of each byte that was not UTF-8."""
    return _LONE.sub("\ufffd", text)


def _seen(piece: comparing_texts.Piece) -> str:
    if piece.how == SAME or piece.text.strip():
        return readable(piece.text)
    return (
        piece.text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "↵\n").replace(" ", "␣")
    )


def _difference(change: FieldChange, reader: Reader) -> Difference:
    told = {ADDED: _("added"), REMOVED: _("taken out"), CHANGED: _("changed")}[change.how]
    return Difference(change.name, _label(change), told, tuple(_rows(change, reader)))


def _label(change: FieldChange) -> str:
    return title_of(change.field) if change.field else change.name


def _rows(change: FieldChange, reader: Reader) -> Iterator[Row]:
    leaves = [leaf for item in change.items for leaf in item.leaves]
    if len(change.items) > 1 and all(not leaf.name and not leaf.pieces for leaf in leaves):
        yield Row(_how(change.items), tuple(_listed(change.items, reader)))
        return
    for item in change.items:
        if item.how != SAME:
            yield from _item_rows(change.field, item, reader)


def _how(items: Iterable[Item]) -> str:
    hows = {item.how for item in items}
    return hows.pop() if len(hows) == 1 else CHANGED


def _listed(items: tuple[Item, ...], reader: Reader) -> Iterator[Run]:
    """A list of ids or texts on one line."""
    for at, item in enumerate(items):
        leaf = item.leaves[0]
        text = value_text(leaf.new if item.how != REMOVED else leaf.old, leaf.field, reader)
        last = at == len(items) - 1
        yield Run(item.how if item.how != CHANGED else ADDED, text if last else text + BETWEEN)


def _item_rows(
    field: Field | None, item: Item, reader: Reader, above: tuple[str, ...] = ()
) -> Iterator[Row]:
    """The values of one entry: those that differ, and the one that it is known by.

    `above` names the entry that it is a part of.
    """
    many = field is not None and field.many
    number = _("No. %(number)s", number=item.new_number or item.old_number) if many else ""
    number = BETWEEN.join(part for part in (*above, number) if part)
    if item.how in (ADDED, REMOVED):
        yield Row(item.how, (Run(item.how, item_text(item, reader)),), number)
        return
    shown = [leaf for leaf in item.leaves if leaf.how != SAME]
    known = item.leaves[:1] if many and item.leaves[0].how == SAME else ()
    for leaf in (*known, *shown):
        name = title_of(leaf.field) if leaf.field and leaf.name else leaf.name
        if leaf.items:
            for inner in leaf.items:
                if inner.how != SAME:
                    yield from _item_rows(leaf.field, inner, reader, (number, name))
            continue
        runs = runs_of(leaf.pieces)
        if not runs:
            old, new = (value_text(v, leaf.field, reader) for v in (leaf.old, leaf.new))
            runs = tuple(Run(how, text) for how, text in _sides(leaf.how, old, new))
        yield Row(leaf.how, runs, BETWEEN.join(part for part in (number, name) if part))


def item_text(item: Item, reader: Reader) -> str:
    """An entry that came or went as a whole, on one line: its values, named but for the first."""
    parts = []
    for leaf in item.leaves:
        text = value_text(leaf.old if item.how == REMOVED else leaf.new, leaf.field, reader)
        title = title_of(leaf.field) if leaf.field else leaf.name
        named = leaf.name and leaf is not item.leaves[0]
        parts.append(_("%(name)s: %(value)s", name=title, value=text) if named else text)
    return BETWEEN.join(parts)


def _sides(how: str, old: str, new: str) -> Iterator[tuple[str, str]]:
    if how == SAME:
        yield SAME, new
    if how in (REMOVED, CHANGED):
        yield REMOVED, old
    if how in (ADDED, CHANGED):
        yield ADDED, new


def value_text(value: Any, field: Field | None, reader: Reader) -> str:
    """A value of the front matter in words: names for ids, dates and numbers as they are read."""
    if value is None:
        return _("left open")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return reader.listed(value_text(one, field, reader) for one in value)
    if isinstance(value, dict):
        known = {one.name: one for one in field.fields} if field else {}
        return BETWEEN.join(
            _("%(name)s: %(value)s", name=title_of(known[name]) if name in known else name,
              value=value_text(one, known.get(name), reader))
            for name, one in value.items()
        )  # fmt: skip
    vocabulary = _vocabulary(field)
    if vocabulary:
        return _named(vocabulary, str(value), reader)
    if isinstance(value, date | datetime):
        return reader.date(value.isoformat())
    if field is not None and field.type == "language":
        return f"{reader.language(str(value))} ({value})"
    if field is not None and field.type == "number" and isinstance(value, int | float):
        return format_decimal(value, locale=reader.locale, decimal_quantization=False)
    return readable(value) if isinstance(value, str) else flow(value)


def _vocabulary(field: Field | None) -> str:
    """The vocabulary of a term, also of one that stands for its group alone."""
    if field is None:
        return ""
    short = field.field(field.short) if field.short else None
    return field.vocabulary or (short.vocabulary if short else "")


def _named(vocabulary: str, id_: str, reader: Reader) -> str:
    """The name of a term with its id where that tells more, as with goals and countries."""
    label = reader.label(vocabulary, id_)
    return label if label == id_ or len(id_) > 3 else f"{id_} {label}"
