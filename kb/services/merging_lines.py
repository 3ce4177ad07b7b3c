"""Joining two texts, or two lists, line by line and item by item. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from merge3 import Merge3

#: Lines of the part that differs, beyond which comparing would take minutes: all of it is then
#: one conflict. The longest case has about 300.
MAX_LINES = 10_000
#: Up to here a line that stands in many places helps to find what belongs together.
FEW_LINES = 400
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LAST_BREAK = re.compile(r"(?:\r\n|\r|\n)\Z")


@dataclass(frozen=True)
class Clash:
    """A place that both sides changed; `lines` are the indexes of the lines of `mine` there."""

    place: str
    base: str
    theirs: str
    mine: str
    field: str = ""
    lines: tuple[int, int] = (0, 0)


#: A place in two lists that both sides changed: the items of base, theirs and mine, and the place
#: in base and in mine where they begin.
Apart = tuple[Sequence[Any], Sequence[Any], Sequence[Any], int, int]


def lines_of(text: str) -> list[str]:
    """Give the lines of a text with their endings."""
    return _LINE.findall(text)


def newlines_alike(*texts: str) -> tuple[tuple[str, ...], bool]:
    """Give base, theirs and mine with a line ending at the end, and whether the joined one has it.

    Without that, a last line with and one without it would count as different.
    """
    base, theirs, mine = (not text or bool(_LAST_BREAK.search(text)) for text in texts)
    return tuple(map(_ended, texts)), theirs if mine == base else mine


def without_last_break(text: str) -> str:
    """Give a text without the line ending at its end."""
    return _LAST_BREAK.sub("", text)


def _ended(text: str) -> str:
    if not text or _LAST_BREAK.search(text):
        return text
    found = re.search("\r\n|\n|\r", text)
    return text + (found.group() if found else "\n")


def merge_lines(base: str, theirs: str, mine: str) -> list[str | Clash]:
    """Join two texts by line: pieces of text, and a Clash where both changed the same lines."""
    pieces: list[str | Clash] = []
    for part in merge_items(lines_of(base), lines_of(theirs), lines_of(mine)):
        if isinstance(part, tuple):
            old, other, own, _, first = part
            texts = ("".join(old), "".join(other), "".join(own))
            pieces.append(Clash("", *texts, lines=(first, first + len(own))))
        elif part:
            pieces.append("".join(part))
    return pieces


def merge_items(
    base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]
) -> list[Sequence[str] | Apart]:
    """Join two lists of words by what was put in and taken out of `base`.

    What both put in alike is taken once.
    """
    before, after = _alike_at_the_ends(base, theirs, mine)
    old, other, own = (items[before : len(items) - after] for items in (base, theirs, mine))
    parts: list[Sequence[str] | Apart] = [base[:before]]
    if max(len(old), len(other), len(own)) > MAX_LINES:
        parts += _trimmed(old, other, own, (before, before))
    else:
        merge = Merge3(old, other, own, sequence_matcher=_Matcher)  # type: ignore[arg-type]
        for region in merge.merge_regions():
            if region[0] == "conflict":
                _, z, z_end, a, a_end, b, b_end = region
                place = (before + z, before + b)
                parts += _trimmed(old[z:z_end], other[a:a_end], own[b:b_end], place)
            else:
                source = {"unchanged": old, "b": own}.get(region[0], other)
                parts.append(source[region[1] : region[2]])
    return [*parts, base[len(base) - after :]]


class _Matcher(SequenceMatcher[str]):
    """A matcher that takes every line seriously, as long as there are not too many of them."""

    def __init__(
        self,
        isjunk: Callable[[str], bool] | None = None,
        a: Sequence[str] = (),
        b: Sequence[str] = (),
        autojunk: bool = True,
    ) -> None:
        super().__init__(isjunk, a, b, autojunk and max(len(a), len(b)) > FEW_LINES)


def _alike_at_the_ends(*lists: Sequence[str]) -> tuple[int, int]:
    """Give how many items all lists have in common at their beginning and at their end."""
    shortest = min(map(len, lists))
    before = 0
    while before < shortest and len({items[before] for items in lists}) == 1:
        before += 1
    after = 0
    while after < shortest - before and len({items[-1 - after] for items in lists}) == 1:
        after += 1
    return before, after


def _trimmed(
    old: Sequence[str], theirs: Sequence[str], mine: Sequence[str], place: tuple[int, int]
) -> list[Sequence[str] | Apart]:
    """Give a conflict without what both sides wrote alike at its beginning and its end."""
    before, after = _alike_at_the_ends(theirs, mine)
    other, own = (items[before : len(items) - after] for items in (theirs, mine))
    middle: Sequence[str] | Apart = (old, other, own, place[0], place[1] + before)
    if not old and not (other and own):
        middle = [*other, *own]  # both put in the same, and one of them more
    return [theirs[:before], middle, theirs[len(theirs) - after :]]
