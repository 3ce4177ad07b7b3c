"""The arguments of a search request as a query."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.query import Query, from_params
from indexer.searching import smallest_areas
from indexer.vocabulary import Vocabulary


def query_of(pairs: Iterable[tuple[str, str]], regions: Vocabulary) -> Query:
    """The query of a request; nothing is refused.

    A region chosen below another replaces it. Years the wrong way round are turned.
    """
    query = from_params(pairs)
    if query.year_from and query.year_to and query.year_from > query.year_to:
        query = query.replace(year_from=query.year_to, year_to=query.year_from)
    return smallest_areas(query, regions)


def page_of(text: str | None) -> int:
    """The number of a page of results, 1 when there is none or it cannot be read."""
    return from_params([("page", text or "")]).page
