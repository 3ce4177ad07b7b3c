"""All that answers a query, read one by one, is what the pages of results show."""

from __future__ import annotations

import pytest

from indexer.library import Library
from indexer.query import SORTS, Query
from indexer.values import Key


def pages(library: Library, query: Query, per_page: int = 3) -> list[Key]:
    first = library.search(query, per_page=per_page)
    rest = (library.search(query.replace(page=n), per_page=per_page)
            for n in range(2, first.pages + 1))  # fmt: skip
    return [hit.key for results in (first, *rest) for hit in results.hits]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "text", ["", "phone cash", "satelite", "country:UG", "nothing of the kind"]
)
def test_it_is_in_the_order_of_the_pages(library: Library, text: str, sort: str) -> None:
    query = Query(text=text, sort=sort)
    listing = library.all(query.replace(page=2))
    results = library.search(query)
    assert [key for key, _ in listing] == pages(library, query)
    assert (listing.total, listing.corrected) == (results.total, results.corrected)


def test_a_text_insisted_on_is_not_corrected(library: Library) -> None:
    assert library.all(Query(text="satelite")).corrected == "satellite"
    assert library.all(Query(text="satelite", exact=True)).corrected is None


def test_records_are_those_of_the_documents(library: Library) -> None:
    for key, record in library.all(Query(text="satellite")):
        assert record == library.get(key)


def test_it_holds_no_more_than_is_asked_and_says_how_many_there_are(library: Library) -> None:
    listing = library.all(Query(), most=4)
    assert (len(listing), len(list(listing))) == (4, 4)
    assert listing.total == library.search(Query()).total > 4


def test_what_was_taken_back_is_not_in_it(library: Library) -> None:
    assert Key("case", "taken-back") not in {key for key, _ in library.all(Query())}
