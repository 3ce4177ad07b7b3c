"""Two texts of a document compared: front matter field by field, body word by word. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz.fuzz import ratio

from indexer.field import Field
from indexer.fields import FIELDS
from indexer.head import read, split
from indexer.yaml_text import flow, same
from kb.services.comparing_texts import (
    ADDED,
    CHANGED,
    REMOVED,
    SAME,
    Piece,
    Row,
    align,
    compare_lines,
    compare_prose,
    compare_words,
    count_words,
)


@dataclass(frozen=True)
class Leaf:
    """One value inside of a field; `field` is its row of the table, None for an unknown key.

    `name` is that of the value inside its group, "" where the field has one value only. `items`
    are the entries of a list of groups that changed.
    """

    name: str
    field: Field | None
    how: str
    old: Any = None
    new: Any = None
    pieces: tuple[Piece, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Item:
    """One entry of a list, or the whole of a field that is none.

    `old_number` and `new_number` count from 1; None where the item is not there.
    """

    how: str
    old_number: int | None
    new_number: int | None
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class FieldChange:
    """A field of the front matter whose value is another one now."""

    name: str
    field: Field | None
    how: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Comparison:
    """What lies between two texts; `head` is the front matter as it is written, line by line."""

    fields: tuple[FieldChange, ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]

    @property
    def identical(self) -> bool:
        """Whether not a single character differs."""
        return not self.head_differs and not self.body_differs

    @property
    def head_differs(self) -> bool:
        """Whether the front matter is written differently, be its values the same or not."""
        return any(row.how != SAME for row in self.head)

    @property
    def body_differs(self) -> bool:
        """Whether the text below the front matter differs."""
        return any(row.how != SAME for row in self.body)

    @property
    def words_added(self) -> int:
        """The number of words of the body that came."""
        return count_words(self.body, ADDED)

    @property
    def words_removed(self) -> int:
        """The number of words of the body that went."""
        return count_words(self.body, REMOVED)


@lru_cache(maxsize=128)
def compare(kind: str, old: str, new: str) -> Comparison:
    """Compare two whole texts of a document of this kind; "" stands for no text.

    The last ones are remembered: the queue shows the same drafts again and again.
    """
    before, after = split(old), split(new)
    return Comparison(
        fields=tuple(_fields(kind, read(before.head).values, read(after.head).values)),
        head=compare_lines(
            before.start + before.head + before.close, after.start + after.head + after.close
        ),
        body=compare_prose(before.body, after.body),
    )


def compare_fields(kind: str, old: str, new: str) -> tuple[FieldChange, ...]:
    """Compare the front matter of two texts alone, field by field."""
    before, after = (read(split(text).head).values for text in (old, new))
    return tuple(_fields(kind, before, after))


# Fields ------------------------------------------------------------------------------------


def _fields(kind: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[FieldChange]:
    """Give the fields that differ, in the order of the table, unknown ones behind."""
    known = {field.name: field for field in FIELDS[kind]}
    for name in dict.fromkeys((*known, *old, *new)):
        there, now = name in old, name in new
        if (there or now) and not (there and now and same(old[name], new[name])):
            field, how = known.get(name), _how(there, now)
            items = tuple(_items(field, _listed(old, name), _listed(new, name)))
            yield FieldChange(name, field, how, items)


def _how(there: bool, now: bool) -> str:
    return CHANGED if there and now else REMOVED if there else ADDED


def _listed(values: dict[str, Any], name: str) -> list[Any]:
    """Give the entries of a list, or the one value of a field that is none, or nothing."""
    if name not in values:
        return []
    value = values[name]
    return value if isinstance(value, list) else [value]


def _items(field: Field | None, old: list[Any], new: list[Any]) -> Iterator[Item]:
    """Pair the entries of two lists; a field with one value is a list of one."""
    before, after = [flow(one) for one in old], [flow(one) for one in new]

    def alike(i: int, j: int) -> float:
        one, other = _named(field, old[i]), _named(field, new[j])
        if one is not None and other is not None and same(one, other):
            return 1.0
        if isinstance(old[i], dict) != isinstance(new[j], dict) or not _prose(field, old[i]):
            return float(field is None or not field.many)
        return ratio(before[i], after[j]) / 100 if field and field.many else 1.0

    for i, j in align(before, after, alike):
        one = old[i] if i is not None else None
        other = new[j] if j is not None else None
        how = _how(i is not None, j is not None)
        how = SAME if how == CHANGED and i is not None and before[i] == after[j or 0] else how
        yield Item(
            how,
            None if i is None else i + 1,
            None if j is None else j + 1,
            tuple(_leaves(field, one, other, how)),
        )


def _prose(field: Field | None, value: Any) -> bool:
    """Whether two such values can be alike without being the same: groups and texts, not ids."""
    return isinstance(value, dict) or (field is not None and field.type == "text")


def _named(field: Field | None, value: Any) -> Any:
    """Give what an entry is known by, such as the number of a source."""
    name = (field.unique or field.short) if field else ""
    if not name:
        return None
    return value.get(name) if isinstance(value, dict) else value


def _leaves(field: Field | None, old: Any, new: Any, how: str) -> Iterator[Leaf]:
    if not isinstance(old, dict) and not isinstance(new, dict):
        yield _leaf("", field, old, new, how)
        return
    short = field.short if field else ""
    before = old if isinstance(old, dict) else {} if how == ADDED else {short: old}
    after = new if isinstance(new, dict) else {} if how == REMOVED else {short: new}
    known = [one.name for one in field.fields] if field else []
    for name in sorted({**before, **after}, key=lambda n: known.index(n) if n in known else 999):
        there, now = name in before, name in after
        one, other = before.get(name), after.get(name)
        inner = SAME if there and now and same(one, other) else _how(there, now)
        yield _leaf(name, field.field(name) if field else None, one, other, inner)


def _leaf(name: str, field: Field | None, old: Any, new: Any, how: str) -> Leaf:
    words = isinstance(old, str) and isinstance(new, str) and how == CHANGED
    lists = isinstance(old, list) and isinstance(new, list) and how == CHANGED
    if lists and field is not None and field.type == "group":
        return Leaf(name, field, how, old, new, items=tuple(_items(field, old, new)))
    prose = words and not (field is not None and field.type in ("term", "url"))
    return Leaf(name, field, how, old, new, compare_words(old, new) if prose else ())
