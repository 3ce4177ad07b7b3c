"""Selections count what the searches of the same choices find."""

from __future__ import annotations

import pytest

from indexer.library import Library
from indexer.query import Query

TODAY = 2026


def test_a_selection_of_all_is_what_an_empty_search_finds(library: Library) -> None:
    everything = library.selected()
    assert everything.size == library.search(Query()).total > 0
    assert everything.counts("theme") == library.counts("theme")
    assert everything.crossed("theme", "region") == library.crossed("theme", "region")


@pytest.mark.parametrize("mode", ["any", "all", "none"])
def test_a_narrowed_selection_counts_as_a_search_does(library: Library, mode: str) -> None:
    values = tuple(sorted(library.counts("theme"))[:2])
    query = Query(facets=(("theme", values),), modes=(("theme", mode),))
    chosen = library.selected().narrowed("theme", values, mode)
    assert chosen.size == library.search(query).total
    for country, number in chosen.counts("country").items():
        assert library.search(query.with_value("country", country)).total == number


def test_no_values_narrow_nothing_and_unknown_ones_all(library: Library) -> None:
    everything = library.selected()
    assert everything.narrowed("theme", ()) == everything
    assert everything.narrowed("theme", ("none-of-this-name",)).size == 0


def test_a_year_counts_the_cases_that_a_search_for_it_finds(library: Library) -> None:
    years = library.selected().under_way(TODAY)
    assert list(years) == list(range(min(years), max(years) + 1))
    assert max(years) <= TODAY
    for year, number in years.items():
        assert library.search(Query(year_from=year, year_to=year)).total == number
    before = min(years) - 1
    assert library.search(Query(year_from=before, year_to=before)).total == 0
    assert library.selected().narrowed("theme", ("none",)).under_way(TODAY) == {}
