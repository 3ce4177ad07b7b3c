"""Whoosh's postings as arrays, and BM25F over them.

Field frequencies are summed with `FIELD_WEIGHTS` before they are saturated, and a document has
one length (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields",
CIKM 2004), so a query's score is a few array operations per word.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer.errors import IndexMissing
from indexer.lexical import TEXT_FIELDS, Part
from indexer.names import Names, mapped

K1 = 1.2
B = 0.75
#: What an occurrence in a field counts; names are labels and synonyms, not counted as length.
FIELD_WEIGHTS = {"title": 3.0, "summary": 1.5, "names": 0.7, "body": 1.0}


@dataclass(frozen=True)
class Postings:
    """The postings of one segment.

    `rows` gives a term's row; row r holds documents[offsets[r]:offsets[r + 1]], ascending, with
    their weighted frequencies. `lengths` has shape (documents of the segment,).
    """

    rows: Mapping[str, int]
    offsets: np.ndarray
    documents: np.ndarray
    weights: np.ndarray
    lengths: np.ndarray

    def of(self, term: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Return the documents and weighted frequencies of `term`, None when it is unknown."""
        row = self.rows.get(term)
        if row is None:
            return None
        begin, end = self.offsets[row], self.offsets[row + 1]
        return self.documents[begin:end], self.weights[begin:end]

    @cached_property
    def _sorted(self) -> Sequence[str]:
        return sorted(self.rows)

    def beginning(self, start: str) -> list[str]:
        """Return the terms that begin with `start`, in order."""
        begin = bisect_left(self._sorted, start)
        end = bisect_left(self._sorted, start + chr(sys.maxunicode), begin)
        return list(self._sorted[begin:end])


def read(part: Part, names: Names) -> Postings:
    """Read the postings of a segment of Whoosh, and those of the names of its documents."""
    pieces: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    lengths = np.zeros(part.size, dtype=np.float32)
    for field in TEXT_FIELDS:
        for term, documents, frequencies in part.postings(field):
            weighted = frequencies * np.float32(FIELD_WEIGHTS[field])
            pieces.setdefault(term, []).append((documents, weighted))
            lengths[documents] += weighted  # a term holds each document once
    for term, documents, times in names.postings():
        weight = np.float32(times * FIELD_WEIGHTS["names"])
        few = len(documents) < 1000  # else no memory is taken for one number told many times
        size = documents.shape
        spread = np.full(size, weight) if few else np.broadcast_to(weight, size)
        pieces.setdefault(term, []).append((documents, spread))
    terms = sorted(pieces)
    merged = [_merge(pieces[term]) for term in terms]
    counts = np.fromiter((len(documents) for documents, _ in merged), np.int64, len(merged))
    return Postings(
        rows={term: row for row, term in enumerate(terms)},
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        documents=_joined([documents for documents, _ in merged], np.int32),
        weights=_joined([weights for _, weights in merged], np.float32),
        lengths=lengths,
    )


def _joined(arrays: Sequence[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate(arrays).astype(dtype) if arrays else np.empty(0, dtype=dtype)


def _merge(pieces: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    if len(pieces) == 1:
        return pieces[0]
    documents, inverse = np.unique(np.concatenate([d for d, _ in pieces]), return_inverse=True)
    weights = np.bincount(inverse, weights=np.concatenate([w for _, w in pieces]))
    return documents, weights.astype(np.float32)


def save(postings: Postings, folder: Path) -> None:
    """Write `postings` into `folder`, one file an array."""
    (folder / "terms.txt").write_text("\n".join(postings.rows), encoding="utf-8")
    for name in ("offsets", "documents", "weights", "lengths"):
        np.save(folder / f"{name}.npy", getattr(postings, name))


def load(folder: Path) -> Postings:
    """Open what `save` wrote, the arrays as read-only memory maps."""
    text = (folder / "terms.txt").read_text(encoding="utf-8")
    terms = text.split("\n") if text else []
    arrays = {
        name: mapped(folder / f"{name}.npy")
        for name in ("offsets", "documents", "weights", "lengths")
    }
    if len(arrays["offsets"]) != len(terms) + 1:
        raise IndexMissing("The terms do not fit their postings.")
    return Postings(rows={term: row for row, term in enumerate(terms)}, **arrays)


def idf(frequency: float, total: float) -> float:
    """Return the weight of a word found in `frequency` of `total` documents, always positive.

    ln(1 + (N - n + 0.5) / (n + 0.5)), the form of Lucene's BM25.
    """
    return float(np.log1p((max(total - frequency, 0.0) + 0.5) / (frequency + 0.5)))


def saturation(frequencies: np.ndarray, norms: np.ndarray) -> np.ndarray:
    """Return (k1 + 1) f / (f + norm) for each posting; see `norms`."""
    saturated: np.ndarray = (K1 + 1) * frequencies / (frequencies + norms)
    return saturated


def norms(lengths: np.ndarray, average: float) -> np.ndarray:
    """Return k1 (1 - b + b length / average) for each document, as float32."""
    return (K1 * (1 - B + B * lengths / max(average, 1e-9))).astype(np.float32)
