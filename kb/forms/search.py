"""The arguments of a search request as a query."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.query import Query, from_params
from indexer.vocabulary import Vocabulary


def query_of(pairs: Iterable[tuple[str, str]], regions: Vocabulary) -> Query:
    """The query of a request. A region chosen below another replaces it; nothing is refused."""
    query = from_params(pairs)
    chosen = query.chosen("region")
    above = {id_ for child in chosen for id_ in regions.ancestors(child)}
    for id_ in chosen:
        if id_ in above:
            page = query.page
            query = query.without_value("region", id_).replace(page=page)
    return query


def page_of(text: str | None) -> int:
    """The number of a page of results, 1 when there is none or it cannot be read."""
    return from_params([("page", text or "")]).page
