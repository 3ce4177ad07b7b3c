"""Packs in the index: found by words and meaning, counted by their cases, apart from cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facets import Columns, FacetTable, unpack
from indexer.library import Library
from indexer.query import FACETS, PACK_FACETS, Query, from_params, to_params
from indexer.values import Key
from tests import factories

PACK = ("pack",)
CLINICS = {"case": "clinic-by-satellite", "minutes": 50, "note": "Hide the xylophone."}


@pytest.fixture
def taught(own: Path) -> Iterator[Library]:
    """A library with two packs."""
    folder = own / "content" / "packs"
    (folder / "paying.md").write_text(
        factories.pack_text("cash-by-phone", "crop-prices"), encoding="utf-8"
    )
    (folder / "healing.md").write_text(
        factories.pack_text(
            CLINICS, title="Nurses far away", summary="A course for those who run clinics.",
            level="advanced",
            audience="Matrons",
        ),
        encoding="utf-8",
    )  # fmt: skip
    yield Library.open(own / "content", own / "var", threads=1)


def found(library: Library, query: Query) -> list[str]:
    return [hit.key.slug for hit in library.search(query, PACK).hits]


def test_packs_are_found_by_their_words_and_by_meaning(taught: Library) -> None:
    assert found(taught, Query("treasuries")) == ["paying"]
    assert found(taught, Query("hospital training in remote places"))[:1] == ["healing"]


def test_what_is_told_to_teachers_is_not_searched(taught: Library) -> None:
    assert found(taught, Query("xylophone", exact=True)) == []


def test_packs_have_the_facets_of_their_cases(taught: Library) -> None:
    cases = [taught.get(Key("case", slug)) for slug in ("cash-by-phone", "crop-prices")]
    countries = {one for record in cases if record for one in record["front"]["countries"]}
    for country in countries:
        chosen = Query().with_value("country", country)
        assert "paying" in found(taught, chosen)
    shown = {value.id for value in taught.search(Query(), PACK).facets["country"]}
    assert countries <= shown
    assert found(taught, Query("country:TG")) == ["healing"]


def test_packs_have_facets_of_their_own(taught: Library) -> None:
    assert found(taught, Query().with_value("level", "advanced")) == ["healing"]
    assert found(taught, Query().with_value("length", "hour")) == ["healing"]
    assert found(taught, Query().with_value("language", "en")) == ["healing", "paying"]
    assert set(taught.search(Query(), PACK).facets) == {*FACETS, *PACK_FACETS}


def test_facets_follow_a_case_that_changes(taught: Library) -> None:
    assert found(taught, Query().with_value("country", "EE")) == []
    key = Key("case", "crop-prices")
    text = taught.store.read(key)
    path = taught.store.path(key)
    path.write_text(text.replace("countries: [", "countries: [EE, "), encoding="utf-8")
    taught.update([key])
    assert found(taught, Query().with_value("country", "EE")) == ["paying"]


def test_a_case_that_was_withdrawn_counts_for_no_pack(taught: Library) -> None:
    key = Key("case", "clinic-by-satellite")
    text = taught.store.read(key).replace(
        "status: published", 'status: withdrawn\nstatus_reason: "No."'
    )
    taught.store.path(key).write_text(text, encoding="utf-8")
    taught.update([key])
    assert found(taught, Query().with_value("country", "TG")) == []


def test_no_count_of_cases_changes_because_of_packs(library: Library, taught: Library) -> None:
    for facet in FACETS:
        assert taught.counts(facet) == library.counts(facet)
    for query in (Query(), Query("country:KE"), Query().with_value("theme", "digital-payments")):
        before, after = library.search(query), taught.search(query)
        assert (after.total, after.facets) == (before.total, before.facets)
        assert [hit.key for hit in after.hits] == [hit.key for hit in before.hits]
    assert taught.crossed("theme", "country") == library.crossed("theme", "country")
    for typed in ("Ken", "dig", "cash", "Tog"):
        assert taught.suggest(typed) == library.suggest(typed)


def test_the_packs_with_a_case_are_told(taught: Library) -> None:
    assert taught.packs_with("cash-by-phone") == ("paying",)
    assert taught.packs_with("clinic-by-satellite") == ("healing",)
    assert taught.packs_with("women-coders") == ()


def test_a_pack_may_call_a_case_by_an_earlier_name(taught: Library) -> None:
    key = Key("pack", "older")
    taught.store.write(key, factories.pack_text("old-cash", title="A course of old"), None)
    taught.update([key])
    assert taught.packs_with("cash-by-phone") == ("older", "paying")
    assert "older" in found(taught, Query().with_value("country", "KE"))


def test_cases_like_several_are_near_to_all_and_none_of_them(taught: Library) -> None:
    given_ = ["cash-by-phone", "crop-prices"]
    near = taught.like(given_, limit=5)
    assert not {hit.key.slug for hit in near} & set(given_)
    assert all(hit.key.kind == "case" for hit in near)
    assert taught.like(["nothing-of-this-name"]) == ()
    assert [h.key for h in taught.like(["cash-by-phone"])] == [
        h.key for h in taught.similar("cash-by-phone")
    ]


def test_addresses_hold_the_facets_of_packs_where_they_are_asked_for() -> None:
    pairs = [("q", "cash"), ("theme", "e-health"), ("level", "advanced"), ("length", "day")]
    whole = from_params(pairs, (*FACETS, *PACK_FACETS))
    assert to_params(whole) == pairs
    assert to_params(from_params(pairs)) == pairs[:2]


@given(st.data())
def test_what_is_laid_over_is_what_any_part_has(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 150))
    values = st.lists(st.sampled_from("abc"), unique=True, max_size=3)
    rows = [{"x": data.draw(values), "y": data.draw(values)} for _ in range(size)]
    table = FacetTable.join([Columns.of(rows)])
    numbers = st.integers(0, size - 1)
    parts = data.draw(st.dictionaries(numbers, st.lists(numbers, max_size=5), max_size=5))
    seen = table.laid_over({d: np.array(p, np.int64) for d, p in parts.items()}, ["x"])
    for facet, value in table.rows:
        has = unpack(seen.having(facet, value))
        for document in range(size):
            own = value in rows[document][facet]
            lent = facet == "x" and any(value in rows[p]["x"] for p in parts.get(document, []))
            assert has[document] == (own or lent)
    assert all((table.having(f, v) == unchanged).all()
               for (f, v), unchanged in zip(table.rows, table.bitmaps, strict=True))  # fmt: skip
