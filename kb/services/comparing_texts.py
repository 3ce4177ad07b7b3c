"""Two texts compared paragraph by paragraph and word by word. Pure.

Nothing is left out: the old side of a comparison put together is the old text, the new side the
new one, so what is shown can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from rapidfuzz.fuzz import ratio

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"

#: From here two paragraphs are one that was changed; below, one went and another came.
ALIKE = 0.4
#: Above so many pairs of words or paragraphs the finer comparison would take seconds.
MOST_PAIRS = 1_000_000
MOST_LIKENESSES = 2_500

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
#: What stands for itself where lines follow each other: headings, items, rows, quotations.
_BEGINS = re.compile(r"[ ]{0,3}(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|\||>|```|~~~)")
_ALONE = re.compile(r"[ ]{0,3}#{1,6}[ \t]")
# Scripts without blanks between words are told apart letter by letter.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_PLAIN = (
    r"[^\s\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\xa1-\xbf\u060c\u061b\u061f\u2000-\u206f"
    rf"\u3000-\u303f\uff00-\uff0f{_DENSE}]"
)
_WORD = re.compile(rf"\r\n|[\r\n]|[^\S\r\n]+|[{_DENSE}]|{_PLAIN}+(?:[.,'’\-]{_PLAIN}+)*|.", re.S)
_HAS_WORD = re.compile(rf"[{_DENSE}]|{_PLAIN}")


@dataclass(frozen=True)
class Piece:
    """A run of text that is the same, added or removed."""

    how: str
    text: str


@dataclass(frozen=True)
class Row:
    """A paragraph, heading or line: same, added, removed, or changed in some of its words."""

    how: str
    pieces: tuple[Piece, ...]

    @property
    def old(self) -> str:
        """The text before."""
        return "".join(piece.text for piece in self.pieces if piece.how != ADDED)

    @property
    def new(self) -> str:
        """The text after."""
        return "".join(piece.text for piece in self.pieces if piece.how != REMOVED)


def compare_prose(old: str, new: str) -> tuple[Row, ...]:
    """Compare two texts paragraph by paragraph, and those that changed word by word."""
    return _rows(blocks(old), blocks(new))


def compare_lines(old: str, new: str) -> tuple[Row, ...]:
    """Compare two texts line by line, and the lines that changed word by word."""
    return _rows(_LINE.findall(old), _LINE.findall(new))


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts word by word; changes that lie close together are told as one."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    runs = [
        ("".join(before[slice(*one)]), "".join(after[slice(*other)]))
        for _, one, other in _runs(before, after)
    ]
    return tuple(_pieces(_joined(runs)))


def blocks(text: str) -> list[str]:
    """Cut Markdown into paragraphs, headings and items; put together they are the text again."""
    found: list[str] = []
    begin = True
    for line in _LINE.findall(text):
        blank = not line.strip()
        if not found or (not blank and (begin or _BEGINS.match(line))):
            found.append(line)
        else:
            found[-1] += line
        begin = blank or bool(_ALONE.match(line))
    return found


def align(
    old: Sequence[str], new: Sequence[str], alike: Callable[[int, int], float] | None = None
) -> list[tuple[int | None, int | None]]:
    """Pair the texts of two lists in their order; None beside one that has no counterpart.

    `alike` tells from two positions how much two texts that differ are alike, 0 to 1.
    """
    likeness = alike or (lambda i, j: ratio(old[i], new[j]) / 100)
    pairs: list[tuple[int | None, int | None]] = []
    for equal, (i, i_end), (j, j_end) in _runs(old, new):
        if equal:
            pairs += zip(range(i, i_end), range(j, j_end), strict=True)
        else:
            pairs += _matched(range(i, i_end), range(j, j_end), likeness)
    return pairs


Span = tuple[int, int]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Span, Span]]:
    """Give the runs that are equal, and those that are not, in their order."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield True, (0, head), (0, head)
    if before and after and len(before) * len(after) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for op, i, i_end, j, j_end in matcher.get_opcodes():
            yield op == "equal", (head + i, head + i_end), (head + j, head + j_end)
    elif before or after:
        yield False, (head, head + len(before)), (head, head + len(after))
    if tail:
        yield True, (len(old) - tail, len(old)), (len(new) - tail, len(new))


def _matched(
    old: range, new: range, likeness: Callable[[int, int], float]
) -> list[tuple[int | None, int | None]]:
    """Pair what is most alike without changing the order: the best sum of likenesses."""
    if not old or not new or len(old) * len(new) > MOST_LIKENESSES:
        return [*((i, None) for i in old), *((None, j) for j in new)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    score = [[likeness(i, j) for j in new] for i in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = score[i][j] + best[i + 1][j + 1] if score[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if score[i][j] >= ALIKE and best[i][j] == score[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return [*pairs, *((k, None) for k in old[i:]), *((None, k) for k in new[j:])]


def _rows(old: list[str], new: list[str]) -> tuple[Row, ...]:
    rows = []
    for i, j in align(old, new):
        if j is None and i is not None:
            rows.append(Row(REMOVED, (Piece(REMOVED, old[i]),)))
        elif i is None and j is not None:
            rows.append(Row(ADDED, (Piece(ADDED, new[j]),)))
        elif i is not None and j is not None and old[i] == new[j]:
            rows.append(Row(SAME, (Piece(SAME, old[i]),)))
        elif i is not None and j is not None:
            rows.append(Row(CHANGED, compare_words(old[i], new[j])))
    return tuple(rows)


def _joined(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take into a change the few words that stand between two others.

    A word or two that stayed by chance tear a sentence to pieces. What is not longer than the
    changes on both sides of it, or has no word in it, is told as removed and added again
    (the rule of Neil Fraser's diff-match-patch, "semantic cleanup").
    """
    done = list(runs)
    at = 1
    while at < len(done) - 1:
        (before_old, before_new), (old, new), (after_old, after_new) = done[at - 1 : at + 2]
        beside = min(max(len(before_old), len(before_new)), max(len(after_old), len(after_new)))
        between = old == new and before_old != before_new and after_old != after_new
        if between and "\n" not in old and (len(old) <= beside or not _HAS_WORD.search(old)):
            done[at - 1 : at + 2] = [(before_old + old + after_old, before_new + new + after_new)]
            at = max(1, at - 2)
        else:
            at += 1
    return done


def _pieces(runs: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    for old, new in runs:
        if old == new:
            yield Piece(SAME, old)
        else:
            yield from (Piece(how, text) for how, text in ((REMOVED, old), (ADDED, new)) if text)


def count_words(rows: Iterable[Row], how: str) -> int:
    """The number of words that were added, or removed, as `how` says."""
    pieces = chain.from_iterable(row.pieces for row in rows)
    return sum(
        bool(_HAS_WORD.search(word))
        for piece in pieces
        if piece.how == how
        for word in _WORD.findall(piece.text)
    )
