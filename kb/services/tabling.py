"""Cases as rows of tables, their columns read from the table of fields.

One row a case, with what repeats in one cell; and for each group that repeats, such as the results,
a table of its own with a row for each of its entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.field import Field
from indexer.fields import FIELDS
from indexer.values import Key
from indexer.vocabulary import Vocabularies
from kb.services.cells import Cell
from kb.services.citing import Place

Record = Mapping[str, Any]
#: Fields that a list of public originals needs no column for.
LEFT_OUT = ("status", "status_reason", "aliases", "translation_of", "title", "summary")
FIRST = ("slug", "url", "title", "summary")
LAST = ("revision",)
BETWEEN, ROWS = "; ", " | "  # between values, and between the entries of a group


@dataclass(frozen=True)
class Words:
    """In whose words terms are told: the vocabularies, and a language of them."""

    vocabularies: Vocabularies
    lang: str

    def name(self, field: Field, value: Any) -> str:
        """The name of a term, its id where there is none."""
        return self.vocabularies.label(field.vocabulary, str(value), self.lang)


def _fields() -> tuple[Field, ...]:
    return tuple(field for field in FIELDS["case"] if field.name not in LEFT_OUT)


def groups() -> tuple[Field, ...]:
    """The fields of a case that have tables of their own."""
    return tuple(field for field in _fields() if field.type == "group" and field.many)


# One row a case ----------------------------------------------------------------------------


def columns() -> tuple[str, ...]:
    """The names of the columns, always the same: they are not in the reader's language."""
    return (*FIRST, *(name for field in _fields() for name in _names(field)), *LAST)


def row(key: Key, record: Record, place: Place, words: Words) -> list[Cell]:
    """The cells of a case, in the order of the columns."""
    front = record["front"]
    first = [key.slug, place.of_case(key), front.get("title"), front.get("summary")]
    middle = (cell for field in _fields() for cell in _cells(field, front, words))
    return [*first, *middle, record["revision"]]


def _names(field: Field) -> tuple[str, ...]:
    if field.type == "group" and not field.many:
        return tuple(f"{field.name}_{part.name}" for part in field.fields)
    return (field.name, f"{field.name}_ids") if _term(field) else (field.name,)


def _cells(field: Field, front: Mapping[str, Any], words: Words) -> Iterator[Cell]:
    value = front.get(field.name)
    if field.type == "group" and not field.many:
        inside = value if isinstance(value, Mapping) else {}
        yield from (_plain(inside.get(part.name)) for part in field.fields)
        return
    term = _term(field)
    if field.type == "group":
        entries = list(_entries(field, value))
        yield ROWS.join(_told(field, entry, words) for entry in entries)
        if term:
            ids = (entry.get(term.name) for entry in entries)
            yield BETWEEN.join(str(id_) for id_ in ids if id_ is not None)
    elif term:
        ids_ = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
        yield BETWEEN.join(words.name(term, id_) for id_ in ids_)
        yield BETWEEN.join(map(str, ids_))
    else:
        yield _plain(value)


def _term(field: Field) -> Field | None:
    """The field whose terms a field holds: itself, or what a bare entry of a group stands for."""
    if field.type == "term":
        return field
    inside = field.field(field.short) if field.short else None
    return inside if inside is not None and inside.type == "term" else None


def _told(field: Field, entry: Mapping[str, Any], words: Words) -> str:
    """An entry of a group in one line, in the order of its fields."""
    parts = []
    for part in field.fields:
        value = entry.get(part.name)
        if value is not None and part.type != "source" and part.name != "series":
            parts.append(words.name(part, value) if part.type == "term" else str(_plain(value)))
    return ", ".join(parts)


def _plain(value: Any) -> Cell:
    if isinstance(value, list):
        return BETWEEN.join(str(_plain(one)) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _entries(field: Field, value: Any) -> Iterator[Mapping[str, Any]]:
    """The entries of a group; a bare value stands for the entry that holds it alone."""
    for entry in value if isinstance(value, list) else ():
        yield entry if isinstance(entry, Mapping) else {field.short: entry}


# One row an entry --------------------------------------------------------------------------


def columns_of(group: Field) -> tuple[str, ...]:
    """The names of the columns of a group's own table."""
    return ("case", *(name for part in group.fields for name in _names(part)))


def rows_of(group: Field, key: Key, record: Record, words: Words) -> Iterator[Sequence[Cell]]:
    """The rows of a case in a group's own table."""
    for entry in _entries(group, record["front"].get(group.name)):
        cells = (cell for part in group.fields for cell in _cells(part, entry, words))
        yield [key.slug, *cells]
