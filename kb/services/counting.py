"""What the content folder holds, in figures: cases by theme, region, outcome and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from indexer.case import entry_of
from indexer.document import parse
from indexer.store import Store

COUNTED = ("theme", "region", "outcome", "evidence", "language")


def count_content(content: Path) -> dict[str, Mapping[str, int]]:
    """The number of cases, and of those with each value of `COUNTED`, the most common first.

    Translations count as languages only. Files that are not valid are counted as far as they go.
    """
    store = Store(content)
    vocabularies = store.vocabularies()
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in ("cases", *COUNTED)}
    for key in store.keys("case"):
        facets = entry_of(parse(key, store.read(key), vocabularies), vocabularies).facets
        counts["language"].update(facets.get("language", ()))
        if key.lang:
            counts["cases"]["translations"] += 1
            continue
        counts["cases"]["originals"] += 1
        for facet in COUNTED[:-1]:
            counts[facet].update(facets.get(facet, ()))
    return {facet: dict(counted.most_common()) for facet, counted in counts.items()}
