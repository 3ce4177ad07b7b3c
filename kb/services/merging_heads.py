"""Joining two front matters field by field. Pure.

A field that one side left alone is taken as the other wrote it, with the comments above it. The
joined head is read again before it is given out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.document import Key, edited_text, parse
from indexer.errors import UnreadableHead
from indexer.field import Field
from indexer.fields import FIELDS
from indexer.head import Reading, read, split
from indexer.surgery import blocks
from indexer.yaml_text import flow, same
from kb.services.merging_lines import (
    Clash,
    lines_of,
    merge_items,
    merge_lines,
    without_last_break,
)

_NOTHING = object()  # the value of a field that is not there


class _CannotJoin(Exception):
    """Both sides changed the same value in ways that do not go together."""


@dataclass(frozen=True)
class _Block:
    """A field of one of the three heads; all is empty where it is not there."""

    above: str = ""
    lines: str = ""
    value: Any = _NOTHING


_Three = tuple[_Block, _Block, _Block]
_Blocks = dict[str, _Block]


def merge_heads(kind: str, base: str, theirs: str, mine: str) -> list[str | Clash] | None:
    """Join two front matters made from `base`; None where their fields cannot be told apart."""
    if mine in (theirs, base):
        return [theirs]
    if base == theirs:
        return [mine]
    three = [_blocks_of(read(head)) for head in (base, theirs, mine)]
    if any(one is None for one in three):
        return None
    old, other, own = (one or {} for one in three)
    fields = {field.name: field for field in FIELDS[kind]}
    pieces: list[str | Clash] = []
    wanted: dict[str, tuple[Any, Any]] = {}  # the values where theirs is chosen, and where mine is
    for name in _order(old, other, own):
        blocks_here = tuple(one.get(name, _Block()) for one in (old, other, own))
        assert len(blocks_here) == 3
        pieces.append(_above(blocks_here))
        piece, values = _field(kind, name, fields.get(name), blocks_here)
        pieces.append(piece)
        wanted[name] = values
    return pieces if _reads_as(pieces, wanted) else None


def _blocks_of(reading: Reading) -> _Blocks | None:
    cut = blocks(reading)
    if cut is None:
        return None
    return {
        name: _Block(above, lines, reading.values.get(name, _NOTHING) if name else None)
        for name, above, lines in cut
    }


def _order(base: _Blocks, theirs: _Blocks, mine: _Blocks) -> list[str]:
    """Give the names of all fields in the order of whoever moved some, theirs if both did."""
    common = base.keys() & theirs.keys() & mine.keys()
    moved = [n for n in theirs if n in common] != [n for n in base if n in common]
    first, second = (theirs, mine) if moved else (mine, theirs)
    names = [name for name in first if name]
    last = ""
    for name in second:
        if name and name not in names:
            names.insert(names.index(last) + 1 if last in names else 0, name)
        last = name
    return [*names, ""]


def _above(three: _Three) -> str:
    """Join the comments above a field; where both wrote some, all are kept."""
    base, theirs, mine = (block.above for block in three)
    return "".join(
        piece if isinstance(piece, str) else piece.theirs + piece.mine
        for piece in merge_lines(base, theirs, mine)
    )


def _field(
    kind: str, name: str, field: Field | None, three: _Three
) -> tuple[str | Clash, tuple[Any, Any]]:
    """Join one field: its lines, and its value as theirs and as mine would have it."""
    base, theirs, mine = three
    for left, taken in ((mine, theirs), (theirs, mine)):
        if base.lines == left.lines or theirs.lines == mine.lines:
            return taken.lines, (taken.value, taken.value)
    for left, taken in ((mine, theirs), (theirs, mine)):  # the lines differ, the values do not
        if _same(base.value, left.value) or _same(theirs.value, mine.value):
            return taken.lines, (taken.value, taken.value)
    for join in (_by_lines, _by_value):
        try:
            lines, value = join(kind, name, three)
        except (_CannotJoin, UnreadableHead):
            continue
        if not _twice(field, value):
            return lines, (value, value)
    clash = Clash(f"field {name}", base.lines, theirs.lines, mine.lines, field=name)
    return clash, (theirs.value, mine.value)


def _by_lines(kind: str, name: str, three: _Three) -> tuple[str, Any]:
    """Join the lines of a field that has several."""
    pieces = merge_lines(*(block.lines for block in three))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    reading = read(text)
    if any(isinstance(piece, Clash) for piece in pieces) or list(reading.values) != [name]:
        raise _CannotJoin
    if reading.broken or reading.problems:
        raise _CannotJoin
    return text, reading.values[name]


def _by_value(kind: str, name: str, three: _Three) -> tuple[str, Any]:
    """Join the values of a field, and write the result as an edit of mine."""
    base, theirs, mine = three
    field = next((field for field in FIELDS[kind] if field.name == name), None)
    value = _joined(field, base.value, theirs.value, mine.value)
    first = lines_of(mine.lines)[0]
    newline = first.removeprefix(without_last_break(first))
    document = parse(Key(kind, "x"), f"---{newline}{mine.lines}---{newline}")
    return split(edited_text(document, {name: value})).head, value


def _same(one: Any, other: Any) -> bool:
    return one is other or (_NOTHING not in (one, other) and same(one, other))


def _joined(field: Field | None, base: Any, theirs: Any, mine: Any) -> Any:
    """Join two values of a field, or of a part of one; raises _CannotJoin.

    `field` is None for what the table of fields does not know.
    """
    if _same(theirs, mine) or _same(base, theirs):
        return mine
    if _same(base, mine):
        return theirs
    values = (base, theirs, mine)
    if all(isinstance(value, dict) for value in values):
        names = dict.fromkeys((*theirs, *mine))
        parts = {
            name: _joined(
                field.field(name) if field else None,
                *(value.get(name, _NOTHING) for value in values),
            )
            for name in names
        }
        return {name: part for name, part in parts.items() if part is not _NOTHING}
    if all(isinstance(value, list) for value in values):
        lists = (base, theirs, mine)
        return (
            _joined_by_name(field, lists) if _moved(field, lists) else _joined_lists(field, lists)
        )
    raise _CannotJoin


_Lists = tuple[list[Any], list[Any], list[Any]]


def _names(field: Field | None, some: list[Any]) -> list[str]:
    """Give what the entries of a list are known by; what has no name is known by all it says."""
    known = ""
    if field is not None and field.fields:
        needed = next((one.name for one in field.fields if one.required), "")
        known = field.unique or field.short or needed
    return [flow(item.get(known, item) if isinstance(item, dict) else item) for item in some]


def _moved(field: Field | None, lists: _Lists) -> bool:
    """Tell whether one side put entries of a list into another order."""
    base, *sides = (_names(field, some) for some in lists)
    return any(_reordered(base, side) for side in sides)


def _reordered(base: Sequence[str], side: Sequence[str]) -> bool:
    return [name for name in side if name in base] != [name for name in base if name in side]


def _joined_by_name(field: Field | None, lists: _Lists) -> list[Any]:
    """Join lists of which one side has another order: entries that are called alike are one."""
    names = [_names(field, some) for some in lists]
    if any(len(set(some)) < len(some) for some in names):
        raise _CannotJoin
    entries = [dict(zip(some, own, strict=True)) for some, own in zip(names, lists, strict=True)]
    joined = {
        name: _joined(field, *(some.get(name, _NOTHING) for some in entries))
        for name in dict.fromkeys([*names[0], *names[1], *names[2]])
    }
    return [joined[name] for name in _order_of(*names) if joined[name] is not _NOTHING]


def _order_of(base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    """Give all names in the order of the side that moved some, what the other put in among them."""
    lead, other = (theirs, mine) if _reordered(base, theirs) else (mine, theirs)
    if _reordered(base, other) and _reordered(lead, other):
        raise _CannotJoin
    order = list(lead)
    for place, name in enumerate(other):
        if name not in order:
            before = other[place - 1] if place else ""
            order.insert(order.index(before) + 1 if before in order else 0, name)
    return order


def _joined_lists(field: Field | None, lists: _Lists) -> list[Any]:
    base, theirs, mine = lists
    items = {flow(item): item for item in (*base, *theirs, *mine)}
    result: list[Any] = []
    for part in merge_items(*([flow(item) for item in some] for some in (base, theirs, mine))):
        if not isinstance(part, tuple):
            result += [items[word] for word in part]
            continue
        old, other, own, place, _ = part
        if not old and place:  # both put something in behind the same item: both are kept
            result += [items[word] for word in dict.fromkeys((*other, *own))]
        elif len(old) == len(other) == len(own):
            result += [
                _joined(field, items[b], items[t], items[m])
                for b, t, m in zip(old, other, own, strict=True)
            ]
        else:
            raise _CannotJoin
    return result


def _twice(field: Field | None, value: Any) -> bool:
    """Tell whether a list has two items with one id, or twice the same word, by joining."""
    if field is None or not isinstance(value, list):
        return False
    if field.unique:
        ids = [item.get(field.unique) if isinstance(item, dict) else item for item in value]
    else:
        ids = [flow(item) for item in value]
    return len({flow(one) for one in ids}) < len(ids)


def _reads_as(pieces: Sequence[str | Clash], wanted: Mapping[str, tuple[Any, Any]]) -> bool:
    """Tell whether the joined head reads as it should, whichever side of a clash is taken."""
    for side in (0, 1):
        text = "".join(
            piece if isinstance(piece, str) else (piece.theirs, piece.mine)[side]
            for piece in pieces
        )
        reading = read(text)
        values = {
            name: pair[side] for name, pair in wanted.items() if name and pair[side] is not _NOTHING
        }
        if reading.broken or not same(reading.values, values):
            return False
    return True
