"""Facets as bitmaps: which documents hold a value, and how many of those that match do.

Every segment numbers its documents from a multiple of 64, so bitmaps of segments stand side by
side in one array of 64-bit words and a count is an AND and a population count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

WORD = 64


def padded(size: int) -> int:
    """Return `size` rounded up to whole words."""
    return -(-size // WORD) * WORD


def pack(mask: np.ndarray) -> np.ndarray:
    """Return a boolean mask, its length a multiple of 64, as little-endian 64-bit words."""
    return np.packbits(mask, bitorder="little").view(np.uint64)


def unpack(words: np.ndarray) -> np.ndarray:
    """Return the boolean mask that `pack` packed."""
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(bool)


@dataclass(frozen=True)
class Columns:
    """The facet values of one segment: `bitmaps` has a row of words for each of `values`."""

    values: Sequence[tuple[str, str]]
    bitmaps: np.ndarray

    @classmethod
    def of(cls, facets: Sequence[Mapping[str, Iterable[str]]]) -> Columns:
        """Return the columns of documents whose facets are given in the order of their numbers."""
        numbers: dict[tuple[str, str], list[int]] = {}
        for number, document in enumerate(facets):
            for facet, values in document.items():
                for value in values:
                    numbers.setdefault((facet, value), []).append(number)
        rows = sorted(numbers)
        masks = np.zeros((len(rows), padded(len(facets))), dtype=bool)
        for row, pair in enumerate(rows):
            masks[row, numbers[pair]] = True
        return cls(tuple(rows), pack(masks).reshape(len(rows), masks.shape[1] // WORD))


@dataclass(frozen=True)
class FacetTable:
    """The columns of all segments side by side; `rows` gives the row of a (facet, value)."""

    rows: Mapping[tuple[str, str], int]
    bitmaps: np.ndarray
    spans: Mapping[str, tuple[int, int]]

    @classmethod
    def join(cls, columns: Sequence[Columns]) -> FacetTable:
        """Join the columns of segments in their order."""
        values = sorted({value for column in columns for value in column.values})
        rows = {value: row for row, value in enumerate(values)}
        width = sum(column.bitmaps.shape[1] for column in columns)
        bitmaps = np.zeros((len(rows), width), dtype=np.uint64)
        begin = 0
        for column in columns:
            end = begin + column.bitmaps.shape[1]
            bitmaps[[rows[value] for value in column.values], begin:end] = column.bitmaps
            begin = end
        spans: dict[str, tuple[int, int]] = {}
        for (facet, _), row in rows.items():
            spans[facet] = (spans.get(facet, (row, row))[0], row + 1)
        return cls(rows, bitmaps, spans)

    def having(self, facet: str, value: str) -> np.ndarray:
        """Return the words of the documents with `value`, all zero when no document has it."""
        row = self.rows.get((facet, value))
        if row is None:
            return np.zeros(self.bitmaps.shape[1], dtype=np.uint64)
        found: np.ndarray = self.bitmaps[row]
        return found

    def values_of(self, facet: str) -> tuple[tuple[str, str], ...]:
        """Return the facet with each of its values, as `having` takes them."""
        begin, end = self.spans.get(facet, (0, 0))
        return tuple((facet, value) for value in self._values[begin:end])

    def laid_over(self, parts: Mapping[int, np.ndarray], facets: Sequence[str]) -> FacetTable:
        """Return a table in which a document has what its parts have of `facets`.

        `parts` gives the numbers of the documents that each document is made of. What a document
        has of its own of these facets stays.
        """
        bitmaps = self.bitmaps.copy()
        spans = [slice(*self.spans[facet]) for facet in facets if facet in self.spans]
        for document, numbers in parts.items():
            if not len(numbers):
                continue
            words, bits = numbers // WORD, (numbers % WORD).astype(np.uint64)
            word, bit = document // WORD, np.uint64(document % WORD)
            for span in spans:
                held = (self.bitmaps[span, words] >> bits & np.uint64(1)).any(axis=1)
                bitmaps[span, word] |= held.astype(np.uint64) << bit
        return FacetTable(self.rows, bitmaps, self.spans)

    def selection(self, facet: str, values: Sequence[str], mode: str) -> np.ndarray | None:
        """Return the words of the documents chosen by any, all or none of `values`; None = all."""
        if not values:
            return None
        chosen = [self.having(facet, value) for value in values]
        joined: np.ndarray = (np.bitwise_and if mode == "all" else np.bitwise_or).reduce(chosen)
        return ~joined if mode == "none" else joined

    def counts(self, facet: str, matching: np.ndarray) -> dict[str, int]:
        """Return how many of the documents of `matching` (words) have each value of `facet`."""
        begin, end = self.spans.get(facet, (0, 0))
        totals = np.bitwise_count(self.bitmaps[begin:end] & matching).sum(axis=1, dtype=np.int64)
        return dict(zip(self._values[begin:end], totals.tolist(), strict=True))

    def crossed(self, rows: str, columns: str, matching: np.ndarray) -> dict[tuple[str, str], int]:
        """Return how many of the documents of `matching` (words) have a value of each facet.

        Pairs that no document has are left out. A row costs as much as the words that it is in, so
        that many rare values cost no more than a few that are everywhere.
        """
        at = np.flatnonzero(matching)
        left, right = self._held(rows, matching, at), self._held(columns, matching, at)
        across = np.ascontiguousarray(right[1].T)
        found = {}
        for row, words in zip(*left, strict=True):
            held = np.flatnonzero(words)
            both = across[held] & words[held, np.newaxis]
            totals = np.bitwise_count(both).sum(axis=0, dtype=np.int64)
            for place in np.flatnonzero(totals).tolist():
                found[row, right[0][place]] = int(totals[place])
        return found

    def _held(
        self, facet: str, matching: np.ndarray, at: np.ndarray
    ) -> tuple[list[str], np.ndarray]:
        """Return the values of `facet` that occur in `matching`, and their words at `at` alone."""
        begin, end = self.spans.get(facet, (0, 0))
        words = self.bitmaps[begin:end, at] & matching[at]
        kept = np.flatnonzero(words.any(axis=1))
        return [self._values[begin + place] for place in kept.tolist()], words[kept]

    @cached_property
    def _values(self) -> tuple[str, ...]:
        return tuple(value for _, value in self.rows)


def filtered(
    matching: np.ndarray, selections: Mapping[str, np.ndarray | None], leave_out: str | None = None
) -> np.ndarray:
    """Return `matching` narrowed by every selection but that of the facet `leave_out`."""
    for facet, words in selections.items():
        if words is not None and facet != leave_out:
            matching = matching & words
    return matching


def count(words: np.ndarray) -> int:
    """Return how many documents `words` holds."""
    return int(np.bitwise_count(words).sum())


def facet_counts(
    table: FacetTable,
    facet: str,
    mode: str,
    matching: np.ndarray,
    selections: Mapping[str, np.ndarray | None],
    *,
    chosen: Sequence[str] = (),
) -> dict[str, int]:
    """Return the count beside each value of `facet`.

    any: cases with the value under the query and all other facets; all: results after adding it;
    none: results it takes away, or would take away.
    """
    others = filtered(matching, selections, leave_out=facet)
    own = selections.get(facet)
    if own is None or mode == "any":
        return table.counts(facet, others)
    counts = table.counts(facet, others & own)
    if mode == "none":
        taken = table.counts(facet, others)
        counts.update({value: taken[value] for value in chosen if value in taken})
    return counts
