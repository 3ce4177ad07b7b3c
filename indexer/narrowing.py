"""A search among the results of a search: the query for those that have one more value."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.query import FIELDS, Query
from indexer.vocabulary import Vocabulary

#: The word before the colon by which the text of a query names a facet.
_NAMES = {facet: name for name, facet in FIELDS.items()}


def within(query: Query, facet: str, value: str, regions: Vocabulary) -> Query | None:
    """Return the query for the documents of `query` that have `value` too, on its first page.

    None where no address can say it: two or more other values of the facet are chosen, any of
    which will do. `regions` tells which region lies in which.
    """
    chosen, mode = query.chosen(facet), query.mode(facet)
    if mode == "none":
        return _excluding(query, facet, value)
    if value in chosen or mode == "all" or not chosen:
        return _choosing(query, facet, (value,) if mode == "any" else (*chosen, value), mode)
    if facet == "region":
        if set(chosen) & set(regions.ancestors(value)):
            return _choosing(query, facet, (value,), mode)
        if all(value in regions.ancestors(one) for one in chosen):
            return query.replace(page=1)
    return _choosing(query, facet, (*chosen, value), "all") if len(chosen) == 1 else None


def _choosing(query: Query, facet: str, values: Sequence[str], mode: str) -> Query:
    modes = tuple(pair for pair in query.modes if pair[0] != facet)
    left = query.replace(
        facets=tuple(pair for pair in query.facets if pair[0] != facet), modes=modes
    )
    for value in dict.fromkeys(values):
        left = left.with_value(facet, value)
    return left.replace(modes=(*modes, (facet, mode)) if mode != "any" else modes, page=1)


def _excluding(query: Query, facet: str, value: str) -> Query | None:
    """Return the query for `value` with what the facet excludes said in the text of the query."""
    name = _NAMES.get(facet)
    if name is None or value in query.chosen(facet):
        return None
    without = " ".join(f"-{name}:{one}" for one in query.chosen(facet))
    left = _choosing(query, facet, (value,), "any")
    return left.replace(text=f"{without} {left.text}".strip())
