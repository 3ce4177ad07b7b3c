"""Everything that answers a query, without pages: for whoever compares it with an earlier time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer import explaining, searching
from indexer.answer import Answer
from indexer.facets import unpack
from indexer.hits import Hit
from indexer.query import Query
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from indexer.values import Key
from indexer.vocabulary import Vocabularies


@dataclass(frozen=True)
class Matches:
    """All documents that answer a query, with the revision of each; hits are made when asked for.

    A document and its translations are one, known by its original.
    """

    revisions: Mapping[Key, str]
    slots: Mapping[Key, int]
    answer: Answer
    watch: Watch

    def hits(self, keys: Iterable[Key]) -> tuple[Hit, ...]:
        """Return the hits of some of the documents, in that order, each with its reason."""
        slots = np.array([self.slots[key] for key in keys], np.int64)
        watch = self.watch
        return tuple(explaining.hits(slots, self.answer, watch.snapshot, watch.vocabularies))


class Watch:
    """The public documents of some kinds as they are at one moment, asked one query after another.

    What is known of a document is read once, however many queries it answers.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        vocabularies: Vocabularies,
        encoder: Encoder,
        kinds: Sequence[str],
    ) -> None:
        self.snapshot = snapshot
        self.vocabularies = vocabularies
        self._encoder = encoder
        self._kinds = kinds
        self._named: dict[int, tuple[Key, str]] = {}

    def matches(self, query: Query) -> Matches:
        """Return all that answers `query`, whose text is taken as it stands, never corrected."""
        query = searching.narrowest(query, self.vocabularies)
        answer = searching.answer_to(
            query, self.snapshot, self.vocabularies, self._encoder, self._kinds, text=query.text
        )
        slots = np.flatnonzero(unpack(answer.found)).tolist()
        named = [self._name(slot) for slot in slots]
        return Matches(
            revisions=dict(named),
            slots={key: slot for (key, _), slot in zip(named, slots, strict=True)},
            answer=answer,
            watch=self,
        )

    def _name(self, slot: int) -> tuple[Key, str]:
        known = self._named.get(slot)
        if known is None:
            revision = self.snapshot.record(slot)["record"]["revision"]
            known = self._named[slot] = (self.snapshot.key(slot), revision)
        return known
