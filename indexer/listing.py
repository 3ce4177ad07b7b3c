"""All that answers a query, in the order of the pages of results, read one document at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from indexer import searching
from indexer.query import Query
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from indexer.values import Key
from indexer.vocabulary import Vocabularies


@dataclass(frozen=True)
class Listing:
    """The documents that answer a query, the first of them where there are very many.

    `total` counts all; `corrected` is the text that was searched instead of the typed one. A
    document is read when it is reached, so that as many as there are take the room of one.
    """

    query: Query
    corrected: str | None
    total: int
    slots: np.ndarray
    snapshot: Snapshot

    def __len__(self) -> int:
        """Return how many documents there are to be read."""
        return len(self.slots)

    def __iter__(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        """Yield the key of each document and its record: front matter, body and revision."""
        for slot in self.slots.tolist():
            yield self.snapshot.key(slot), self.snapshot.record(slot)["record"]


def listed(
    query: Query,
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    encoder: Encoder,
    *,
    kinds: Sequence[str] = ("case",),
    most: int,
) -> Listing:
    """Return all that a search finds, `most` at most, in the order of its pages."""
    query = searching.narrowest(query, vocabularies).replace(page=1)
    ask = partial(searching.answer_to, query, snapshot, vocabularies, encoder, kinds)
    answer, corrected, _ = searching.answered(query, ask, snapshot, encoder)
    slots = searching.ordered_slots(query, answer, snapshot, most)
    return Listing(query, corrected, answer.total, slots, snapshot)
