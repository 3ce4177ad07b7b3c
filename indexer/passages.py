"""Splitting a text into passages of about two hundred tokens that end where sentences end."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

#: Tokens of the embedding model in a passage, its title not counted.
PASSAGE_TOKENS = 200

_SENTENCE_END = re.compile(r"(?<=[.!?؟])[\"')\]»”]*\s+|(?<=[。！？])|\n{2,}")

#: From a text to the end offset of each of its tokens.
TokenEnds = Callable[[str], Sequence[int]]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each sentence or heading of `text`, blank ones left out."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    spans = []
    for cut, end in pairwise(cuts):
        piece = text[cut:end]
        if piece.strip():
            start = cut + len(piece) - len(piece.lstrip())
            spans.append((start, start + len(piece.strip())))
    return spans


def split(text: str, token_ends: TokenEnds, size: int = PASSAGE_TOKENS) -> list[tuple[int, int]]:
    """Return the passages of `text` as (start, end), in order, together holding every sentence.

    A passage holds whole sentences and at most `size` tokens; a longer sentence is cut between
    tokens. A text without words gives one empty passage, so that each document has one.
    """
    ends = token_ends(text)
    spans = [piece for span in sentences(text) for piece in _bounded(span, ends, size)]
    if not spans:
        return [(0, 0)]
    counts = _token_counts(spans, ends)
    passages: list[tuple[int, int]] = []
    used = 0
    for (start, end), count in zip(spans, counts, strict=True):
        if passages and used + count <= size:
            passages[-1] = (passages[-1][0], end)
            used += count
        else:
            passages.append((start, end))
            used = count
    return passages


def _token_counts(spans: list[tuple[int, int]], ends: Sequence[int]) -> list[int]:
    counts, token = [], 0
    for _, end in spans:
        before = token
        while token < len(ends) and ends[token] <= end:
            token += 1
        counts.append(token - before)
    return counts


def _bounded(span: tuple[int, int], ends: Sequence[int], size: int) -> list[tuple[int, int]]:
    start, end = span
    inside = ends[bisect_right(ends, start) : bisect_right(ends, end)]
    if len(inside) <= size:
        return [span]
    cuts = [start, *inside[size - 1 :: size]]
    if cuts[-1] < end:
        cuts.append(end)
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def embedded_text(title: str, text: str, span: tuple[int, int]) -> str:
    """Return what the model reads for a passage: the title in front, then the passage."""
    return f"{title}. {text[span[0] : span[1]]}".strip()


def digest(model: str, text: str) -> bytes:
    """Return the 16 bytes that name the vector of `text` by `model` in the cache."""
    return hashlib.blake2b(f"{model}\0{text}".encode(), digest_size=16).digest()
