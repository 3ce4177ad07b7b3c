"""What is known of a question once it was asked: the scores of every slot, and what matches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer import facets
from indexer.facets import unpack
from indexer.question import Question
from indexer.ranking import Scores


@dataclass(frozen=True)
class Ranked:
    """The scores of a question for every slot, and what the gate and the explanation need.

    `raw` are the scores before feedback: a question that the library knows nothing of is not to
    be moved towards what it does know. `readable` are the slots in languages the model knows.
    """

    scores: Scores
    raw: Scores
    readable: np.ndarray
    every: np.ndarray
    known: float
    cosines: Sequence[np.ndarray]


@dataclass(frozen=True)
class Answer:
    """What matches a question: all of `matching` by its text, `found` after the filters too.

    `public` are all that could be asked for; `eligible` those of which the nearest may be offered:
    none that was excluded.
    """

    question: Question
    ranked: Ranked | None
    public: np.ndarray
    eligible: np.ndarray
    matching: np.ndarray
    selections: Mapping[str, np.ndarray | None]
    found: np.ndarray

    @property
    def total(self) -> int:
        """How many documents were found."""
        return facets.count(self.found)

    @property
    def closest(self) -> float:
        """The best cosine of all documents that could be found."""
        if self.ranked is None:
            return 0.0
        return float(np.max(self.ranked.raw.meaning[unpack(self.eligible)], initial=0.0))
