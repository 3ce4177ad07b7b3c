"""Documents chosen by their facets, to be counted by any facet: all from memory, nothing read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from indexer import facets
from indexer.facets import unpack
from indexer.segment import NO_YEAR, OPEN_YEAR
from indexer.snapshot import Snapshot


@dataclass(frozen=True)
class Selection:
    """Some documents of one state of the library; `words` is their bitmap.

    Every count is the total of the search that chooses the same values.
    """

    snapshot: Snapshot
    words: np.ndarray

    @property
    def size(self) -> int:
        """How many documents it holds."""
        return facets.count(self.words)

    def narrowed(self, facet: str, values: Sequence[str], mode: str = "any") -> Selection:
        """Return those that have any, all or none of `values`; all of them for no values."""
        chosen = self.snapshot.table.selection(facet, values, mode)
        return self if chosen is None else replace(self, words=self.words & chosen)

    def counts(self, facet: str) -> dict[str, int]:
        """Return how many documents have each value of `facet`, those of none left out."""
        counts = self.snapshot.table.counts(facet, self.words)
        return {value: number for value, number in counts.items() if number}

    def crossed(self, rows: str, columns: str) -> dict[tuple[str, str], int]:
        """Return how many documents have a value of each of two facets."""
        return self.snapshot.table.crossed(rows, columns, self.words)

    def under_way(self, today: int) -> dict[int, int]:
        """Return how many documents were under way in each year, from the first to the last.

        What has no end goes on until the year `today`; what begins later counts from its own year.
        """
        years = self.snapshot.years[unpack(self.words)]
        years = years[(years[:, 0] != NO_YEAR) & (years[:, 0] <= years[:, 1])]
        if not len(years):
            return {}
        first, last = years[:, 0].astype(int), years[:, 1].astype(int)
        ends = last[last != OPEN_YEAR]
        end = max(int(first.max()), int(ends.max()) if len(ends) else 0)
        end = max(end, today) if len(ends) < len(last) else end
        begin = int(first.min())
        change = np.zeros(end - begin + 2, dtype=np.int64)
        np.add.at(change, first - begin, 1)
        np.add.at(change, np.minimum(last, end) - begin + 1, -1)
        return dict(zip(range(begin, end + 1), np.cumsum(change)[:-1].tolist(), strict=True))
