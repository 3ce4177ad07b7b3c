"""Joining two texts that were made from the same one. Pure: no file, no database.

The front matter is joined field by field, a list of groups item by item, the body line by line.
What only one side touched is taken as that side wrote it, byte for byte. Where both changed the
same place, nothing is guessed: the place is a conflict, with all three texts of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indexer.head import split
from kb.services import merging_heads
from kb.services.merging_lines import (
    Clash,
    lines_of,
    merge_lines,
    newlines_alike,
    without_last_break,
)

#: A line that is replaced by what a person chooses; the number tells the conflicts apart.
_MARKER = "<<<< {salt}{number} >>>>\n"


@dataclass(frozen=True)
class Conflict:
    """A place that both sides changed, and its three texts. "" where one has nothing there.

    `place` names it: "field results", "body lines 10-14" (lines of the file `mine`, counted from
    1), "front matter", "document". `field` and `lines` hold the same for those who show it.
    """

    place: str
    base: str
    theirs: str
    mine: str
    marker: str
    field: str = ""
    lines: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Merge:
    """The joined text. Where there are conflicts it holds their markers: see `settle`."""

    text: str
    conflicts: tuple[Conflict, ...] = field(default=())


class NotSettled(ValueError):
    """A conflict was left without a choice, or one was chosen that there is not."""


def merge(kind: str, base: str, theirs: str, mine: str) -> Merge:
    """Join `theirs` and `mine`, which were both made from `base`, texts of a kind of document."""
    if mine in (theirs, base):
        return Merge(theirs)
    if base == theirs:
        return Merge(mine)
    salt = _salt(base, theirs, mine)
    pieces = _by_parts(kind, base, theirs, mine)
    if pieces is None:
        pieces = _body(base, theirs, mine, 1, "lines")
    return _numbered(pieces, salt)


def gone(base: str, mine: str) -> Merge:
    """Give the one conflict there is when the document was removed while somebody changed it."""
    return _numbered([Clash("document", base, "", mine)], _salt(base, mine))


def settle(merge: Merge, choices: Mapping[str, str]) -> str:
    """Give the text with each conflict replaced by what was chosen, by its marker.

    A text that was typed anew gets the line ending of its place. Raises NotSettled.
    """
    if {conflict.marker for conflict in merge.conflicts} != set(choices):
        raise NotSettled("each conflict needs one choice")
    text = merge.text
    for conflict in merge.conflicts:
        text = text.replace(conflict.marker, _fitted(choices[conflict.marker], conflict), 1)
    return text


def _fitted(chosen: str, conflict: Conflict) -> str:
    """Give a chosen text the line endings of its place, unless it is one of the three."""
    if chosen in (conflict.base, conflict.theirs, conflict.mine, ""):
        return chosen
    sample = conflict.mine or conflict.theirs or conflict.base
    found = re.search("\r\n|\n|\r", sample)
    newline = found.group() if found else "\n"
    chosen = re.sub("\r\n|\n|\r", newline, chosen)
    whole = all(text.endswith(("\n", "\r")) for text in (conflict.theirs, conflict.mine) if text)
    return chosen + newline if whole and not chosen.endswith(newline) else chosen


def _by_parts(kind: str, base: str, theirs: str, mine: str) -> list[str | Clash] | None:
    """Join front matter and body each in its own way; None where a front matter is missing."""
    texts = [split(text) for text in (base, theirs, mine)]
    if not all(parts.start for parts in texts):
        return None
    old, other, own = texts
    head = merging_heads.merge_heads(kind, old.head, other.head, own.head)
    if head is None:
        head = [Clash("front matter", old.head, other.head, own.head)]
    first = len(lines_of(own.start + own.head + own.close)) + 1
    return [
        _either(old.start, other.start, own.start),
        *head,
        _either(old.close, other.close, own.close),
        *_body(old.body, other.body, own.body, first, "body lines"),
    ]


def _either(base: str, theirs: str, mine: str) -> str:
    return theirs if mine == base else mine


def _body(base: str, theirs: str, mine: str, first: int, what: str) -> list[str | Clash]:
    """Join texts line by line; `first` is the number of the first line of `mine` in its file."""
    (base, theirs, mine), ended = newlines_alike(base, theirs, mine)
    pieces: list[str | Clash] = []
    for piece in merge_lines(base, theirs, mine):
        pieces.append(_placed(piece, first, what) if isinstance(piece, Clash) else piece)
    if not ended and pieces:
        last = pieces[-1]
        pieces[-1] = without_last_break(last) if isinstance(last, str) else last
    return pieces


def _placed(clash: Clash, first: int, what: str) -> Clash:
    start, end = clash.lines
    lines = (first + start, first + max(start, end - 1))
    return replace(clash, place=f"{what} {lines[0]}-{lines[1]}", lines=lines)


def _salt(*texts: str) -> str:
    """Give what makes the markers differ from all that stands in the texts."""
    number = 0
    while any(f"<<<< {number}-" in text for text in texts):
        number += 1
    return f"{number}-"


def _numbered(pieces: list[str | Clash], salt: str) -> Merge:
    """Give the text with a marker for each conflict."""
    text: list[str] = []
    conflicts: list[Conflict] = []
    for piece in pieces:
        if isinstance(piece, Clash):
            marker = _MARKER.format(salt=salt, number=len(conflicts) + 1)
            conflicts.append(
                Conflict(
                    piece.place, piece.base, piece.theirs, piece.mine, marker, piece.field,
                    piece.lines,
                )
            )  # fmt: skip
            text.append(marker)
        else:
            text.append(piece)
    return Merge("".join(text), tuple(conflicts))
