"""A passage of a text found again after an edit: where it stands now, or that it is gone. Pure.

Texts are compared by their letters alone, so that blanks, line breaks and marks may differ: a
passage is pasted from the page of a browser as well as from Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import partial_ratio_alignment, ratio

#: Characters kept on either side of a passage.
AROUND = 120
#: From here (of 100) a passage that was changed is still the same one.
ALIKE = 75
#: From here what somebody pasted is a passage of the text before them: a reference may be in it.
PASTED = 85
#: Fewer letters are alike by chance.
FEWEST = 12
#: Letters beside a passage by which its place is known when its own words are others.
BESIDE = 16
#: What took the place of a passage is not longer than so many times its letters, and some.
GROWN, SOME = 3, 200
LONGEST_WORD = 40
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Passage:
    """A passage as it was read: its words, with what stood before and after them."""

    quote: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Found:
    """Where a passage stands in a text (start, end); `same` where none of its letters changed."""

    start: int
    end: int
    same: bool


@dataclass(frozen=True)
class Letters:
    """The letters and digits of a text, in lower case, and where in it each of them stands."""

    text: str
    places: tuple[int, ...]
    source: str

    def span(self, start: int, end: int, same: bool) -> Found:
        """What lies between two letters, as places of the text."""
        return Found(self.places[start], self.places[end - 1] + 1, same)

    def whole_words(self, found: Found) -> Found:
        """The same without words of which the smaller part lies inside; others are made whole."""
        start, end = found.start, found.end
        for word in _WORD.finditer(self.source, max(0, found.start - LONGEST_WORD)):
            first, last = word.span()
            if first >= end:
                break
            most = (last - first) / 2
            if first < start < last:
                start = first if last - start >= most else last
            if first < end < last:
                end = last if end - first >= most else first
        while start < end and not self.source[end - 1].isalnum():
            end -= 1
        return Found(start, end, found.same) if start < end else found


def passage_at(text: str, start: int, end: int) -> Passage:
    """The passage of a text from `start` to `end`, with what stands around it."""
    before = text[max(0, start - AROUND) : start]
    return Passage(text[start:end], before, text[end : end + AROUND])


def find(text: str, passage: Passage) -> Found | None:
    """Where a passage stands in a text that was edited since; None where it is gone.

    Words that stand there unchanged are found for certain, the place that is most like the old one
    where they stand more than once. Else it is what stands between the same words as before, else
    what is most like it.
    """
    here, wanted = letters(text), letters(passage.quote).text
    if not wanted:
        at = text.find(passage.quote) if passage.quote else -1
        return Found(at, at + len(passage.quote), True) if at >= 0 else None
    before, after = letters(passage.before).text, letters(passage.after).text
    there = _places(here.text, wanted)
    if there:
        start = max(
            there, key=lambda at: (_beside(here.text, at, at + len(wanted), before, after), -at)
        )
        return here.span(start, start + len(wanted), True)
    between = _between(here.text, before, after, GROWN * len(wanted) + SOME)
    if between is not None:
        return here.span(*between, False)
    return _like(here, wanted, ALIKE)


def find_pasted(text: str, passage: Passage) -> Found | None:
    """Where something that somebody copied out of this very text stands in it; None where not."""
    here, wanted = letters(text), letters(passage.quote).text
    if not wanted or _places(here.text, wanted):
        return find(text, passage)
    return _like(here, wanted, PASTED)


@lru_cache(maxsize=64)
def letters(text: str) -> Letters:
    """The letters and digits of a text, marks above and below them too."""
    kept = [
        (at, low if len(low := character.lower()) == 1 else character)
        for at, character in enumerate(text)
        if unicodedata.category(character)[0] in "LNM"
    ]
    return Letters("".join(one for _, one in kept), tuple(at for at, _ in kept), text)


def _places(text: str, wanted: str) -> list[int]:
    found, at = [], text.find(wanted)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _beside(text: str, start: int, end: int, before: str, after: str) -> float:
    """How much what stands around a place is like what stood around the passage, 0 to 200."""
    left, right = text[max(0, start - len(before)) : start], text[end : end + len(after)]
    return ratio(left, before) + ratio(right, after)


def _between(text: str, before: str, after: str, most: int) -> tuple[int, int] | None:
    """What stands between the words that stood before and after; None where that is nothing."""
    left, right = before[-BESIDE:], after[:BESIDE]
    if len(left) < BESIDE or len(right) < BESIDE:
        return None
    ends = [at + len(left) for at in _places(text, left)]
    starts = _places(text, right)
    if len(ends) != 1 or not starts:
        return None
    at = bisect_left(starts, ends[0])
    if at == len(starts) or not 0 < starts[at] - ends[0] <= most:
        return None
    return ends[0], starts[at]


def _like(here: Letters, wanted: str, least: int) -> Found | None:
    """The part of a text that is most like some words, where it is like enough."""
    if len(wanted) < FEWEST or not here.text:
        return None
    if len(here.text) <= len(wanted):
        alike = ratio(wanted, here.text) >= least
        return here.span(0, len(here.text), False) if alike else None
    found = partial_ratio_alignment(wanted, here.text, score_cutoff=least)
    if found is None or found.dest_end <= found.dest_start:
        return None
    return here.whole_words(here.span(found.dest_start, found.dest_end, False))
