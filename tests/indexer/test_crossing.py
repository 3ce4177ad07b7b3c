"""Counts of what a query finds, by one facet and by two."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facets import Columns, FacetTable, pack, padded
from indexer.library import Library
from indexer.narrowing import within
from indexer.query import FACETS, Query, from_params

VALUES = st.sets(st.sampled_from("abc"))
DOCUMENTS = st.lists(st.tuples(st.fixed_dictionaries({"f": VALUES, "g": VALUES}), st.booleans()))
QUERIES = (
    [],
    [("q", "cash")],
    [("theme", "digital-payments")],
    [("theme", "digital-payments"), ("theme", "e-health"), ("year.from", "2005")],
    [("theme", "digital-payments"), ("theme", "gender-inclusion"), ("theme.mode", "all")],
    [("theme", "e-health"), ("theme.mode", "none")],
    [("region", "africa")],
    [("region", "ldc"), ("country", "TZ")],
    [("region", "western-africa"), ("region.mode", "none"), ("q", "phone")],
    [("country", "KE"), ("country", "TG")],
)


@given(DOCUMENTS)
def test_pairs_are_counted_as_by_hand(documents: list[tuple[dict[str, set[str]], bool]]) -> None:
    table = FacetTable.join([Columns.of([facets for facets, _ in documents])])
    mask = np.zeros(padded(len(documents)), dtype=bool)
    mask[: len(documents)] = [matches for _, matches in documents]
    expected = Counter(
        pair for facets, matches in documents if matches
        for pair in product(facets["f"], facets["g"])
    )  # fmt: skip
    assert table.crossed("f", "g", pack(mask)) == dict(expected)
    assert table.crossed("f", "nothing", pack(mask)) == {}


@pytest.mark.parametrize("pairs", QUERIES, ids=lambda pairs: "&".join("=".join(p) for p in pairs))
def test_every_count_is_that_of_the_search_it_leads_to(
    library: Library, pairs: list[tuple[str, str]]
) -> None:
    query, regions = from_params(pairs), library.vocabularies.regions
    for rows, columns in (("theme", "region"), ("country", "theme"), ("outcome", "country")):
        tally = library.cross(query, rows, columns)
        assert tally.total == library.search(query).total
        meant = tally.query.replace(text=tally.corrected or query.text, exact=True)
        for facet in (rows, columns):
            for value, number in tally.counts[facet].items():
                one = within(meant, facet, value, regions)
                assert one is None or library.search(one).total == number, one
        for (row, column), number in tally.cells.items():
            one = within(meant, rows, row, regions)
            both = within(one, columns, column, regions) if one else None
            assert both is None or library.search(both).total == number, both


def test_a_tally_counts_by_the_facets_that_were_asked_for(library: Library) -> None:
    tally = library.tally(Query(), "country", "outcome")
    assert set(tally.counts) == {"country", "outcome"}
    assert all(n > 0 for counts in tally.counts.values() for n in counts.values())
    assert tally.cells == {}


def test_what_no_address_can_say_is_no_query(library: Library) -> None:
    regions = library.vocabularies.regions
    two = from_params([("country", "KE"), ("country", "TG")])
    assert within(two, "country", "TZ", regions) is None
    assert within(two, "country", "KE", regions) == from_params([("country", "KE")])
    without = from_params([("funding", "stated"), ("funding.mode", "none")])
    assert within(without, "funding", "stated", regions) is None


def test_a_region_within_the_chosen_one_takes_its_place(library: Library) -> None:
    regions, query = library.vocabularies.regions, from_params([("region", "africa")])
    inside = within(query, "region", "eastern-africa", regions)
    assert inside is not None
    assert inside.chosen("region") == ("eastern-africa",)
    across = within(query, "region", "ldc", regions)
    assert across is not None
    assert (across.chosen("region"), across.mode("region")) == (("africa", "ldc"), "all")
    assert within(inside, "region", "africa", regions) == inside


def test_counts_of_a_query_know_every_facet(library: Library) -> None:
    tally = library.tally(Query(), *FACETS)
    for facet in FACETS:
        assert tally.counts[facet] == library.counts(facet)
