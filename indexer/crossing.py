"""How the documents that answer a query spread over the values of facets, one or two at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from indexer.query import Query, ReadAs
from indexer.searching import answer_to, answered, facets_of, narrowest
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from indexer.vocabulary import Vocabularies


@dataclass(frozen=True)
class Tally:
    """What was found, counted; pairs and values that no document has are left out.

    `total` is that of the search for the same query; `counts` gives for each facet how many of
    those documents have a value, `cells` how many have both of two values. `corrected` is the
    text that was searched instead of the typed one.
    """

    query: Query
    read_as: ReadAs
    corrected: str | None
    total: int
    counts: Mapping[str, Mapping[str, int]]
    cells: Mapping[tuple[str, str], int] = field(default_factory=dict)


def tally(
    query: Query,
    facets: Sequence[str],
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    encoder: Encoder,
    *,
    kinds: Sequence[str] = ("case",),
    crossed: tuple[str, str] | None = None,
) -> Tally:
    """Count the documents that answer `query` by each of `facets`, and by the pair `crossed`."""
    query = narrowest(query, vocabularies)
    ask = partial(answer_to, query, snapshot, vocabularies, encoder, kinds)
    answer, corrected, _ = answered(query, ask, snapshot, encoder)
    table, found = snapshot.table, answer.found
    return Tally(
        query=query,
        read_as=answer.question.read_as,
        corrected=corrected,
        total=answer.total,
        counts={
            facet: {value: n for value, n in table.counts(facet, found).items() if n}
            for facet in facets
            if facet in facets_of(kinds)
        },
        cells=table.crossed(*crossed, found) if crossed else {},
    )
