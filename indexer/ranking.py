"""From scores to hits: fusion, the gate per question, the cut per hit. Pure functions on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: The share of coverage by words in a score beside the cosine; see docs/search.md.
WORD_WEIGHT = 1.0
#: Feedback: the best documents that a question is moved towards, how far, and whose cosines are
#: looked at again, half of the new one counting.
FED_BY = 3
FEEDBACK = 0.6
FED = 100
#: A hit needs at least this score when its question passed the gate, and this share of the best.
CUT = 0.37
CUT_SHARE = 0.5
#: The coverage that a hit needs in a language that the model does not know.
COVERED = 0.25

#: The gate: a logistic model over `gate_features`, fitted by tools/fit_gate.py.
GATE_WEIGHTS = np.array([5.426, 5.157, 20.454, 0.877])
GATE_BIAS = -6.371


@dataclass(frozen=True)
class Scores:
    """The scores of every slot for one question: words (coverage, 0 to about 1) and cosine.

    Where the model does not know a document's language, coverage stands in for the cosine.
    """

    words: np.ndarray
    meaning: np.ndarray

    def fused(self, mode: str = "hybrid", weight: float = WORD_WEIGHT) -> np.ndarray:
        """Return the score by which hits are ranked; `mode` is words, meaning or hybrid."""
        if mode == "words":
            return self.words
        if mode == "meaning":
            return self.meaning
        if weight == WORD_WEIGHT:
            return self._both
        fused: np.ndarray = self.meaning + np.float32(weight) * self.words
        return fused

    @cached_property
    def _both(self) -> np.ndarray:
        fused: np.ndarray = self.meaning + np.float32(WORD_WEIGHT) * self.words
        fused.setflags(write=False)  # asked for by the ranking, the cut and the order
        return fused

    def fused_at(self, slot: int, weight: float = WORD_WEIGHT) -> float:
        """Return the score of one slot."""
        return float(self.meaning[slot] + np.float32(weight) * self.words[slot])


def moved_towards(query: np.ndarray, best: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return the unit vector `query` moved towards the vectors `best`, weighted by `scores`.

    Rocchio's feedback with the first hits taken as relevant (Manning, Raghavan and Schütze,
    "Introduction to Information Retrieval", 9.1).
    """
    centre = (best * np.maximum(scores, 1e-6)[:, None]).sum(axis=0)
    moved = query + FEEDBACK * centre / max(float(np.linalg.norm(centre)), 1e-9)
    found: np.ndarray = (moved / np.linalg.norm(moved)).astype(np.float32)
    return found


def gate_features(cosines: np.ndarray, known: float) -> np.ndarray:
    """Return what tells a question to this library from any other, float64 of shape (4,).

    The best cosine over all documents, the mean of the five best, the mean of all, and the share
    of the question's idf that the index knows. `cosines` are those of the documents asked for.
    """
    if not len(cosines):
        return np.array([0.0, 0.0, 0.0, known])
    five = np.partition(cosines, max(len(cosines) - 5, 0))[-5:]
    return np.array([cosines.max(), five.mean(), cosines.mean(), known], dtype=np.float64)


def is_open(cosines: np.ndarray, known: float) -> bool:
    """Tell whether the library is about the question at all; see `gate_features`."""
    return bool(GATE_WEIGHTS @ gate_features(cosines, known) + GATE_BIAS > 0)


def cut(best: float) -> float:
    """Return the score that a hit needs, given the best score of its question."""
    return max(CUT, CUT_SHARE * best)


def top(scores: np.ndarray, limit: int, ties: np.ndarray | None = None) -> np.ndarray:
    """Return the slots of the `limit` highest finite scores, best first, ties by slot."""
    candidates = np.flatnonzero(scores >= _bound(scores, limit))
    if 0 < limit < len(candidates):
        candidates = candidates[scores[candidates] >= _bound(scores[candidates], limit, 1)]
    candidates = candidates[np.isfinite(scores[candidates])]
    order = np.lexsort((candidates if ties is None else ties[candidates], -scores[candidates]))
    best: np.ndarray = candidates[order][:limit]
    return best


def _bound(scores: np.ndarray, limit: int, rows: int = 16) -> float:
    """Return a score that at least `limit` of `scores` reach, exactly so with one row.

    The scores are laid out in `rows`: there are `limit` columns whose highest reaches the bound,
    and the highest of columns are found much faster than the order of all scores.
    """
    columns = len(scores) // rows
    if not 0 < limit < columns:
        return -np.inf
    highest = scores[: rows * columns].reshape(rows, columns).max(axis=0)
    return float(np.partition(highest, columns - limit)[columns - limit])
