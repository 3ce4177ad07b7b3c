"""What a reader gets: true totals and counts, forgiving words, and never a failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from indexer.hits import Results
from indexer.library import Library
from indexer.query import FACETS, Query
from indexer.values import Key
from tests import factories
from tests.indexer.test_query import typed

NAUGHTY = Path(__file__).parents[3] / "shared/data/naughty/blns.json"
PUBLIC = {s for s in factories.TOLD if s != "taken-back" and "." not in s}


def search(library: Library, text: str = "", **more: object) -> Results:
    return library.search(Query(text=text).replace(**more), per_page=50)


def found(results: Results) -> set[str]:
    return {hit.key.slug for hit in results.hits}


def test_without_a_question_everything_public_is_found(library: Library) -> None:
    results = search(library)
    assert found(results) == PUBLIC
    assert results.total == len(PUBLIC)
    assert not results.nearest


def test_what_was_withdrawn_is_never_found(library: Library) -> None:
    for text in ("vouchers", "title:vouchers", '"taken back"'):
        results = search(library, text)
        assert "taken-back" not in found(results) | {hit.key.slug for hit in results.nearest}


@pytest.mark.parametrize(
    ("text", "slug"),
    [("R&D", "wallets-in-togo"), ("e-Gov", "wallets-in-togo"), ("egov", "wallets-in-togo"),
     ("5G", "wallets-in-togo"), ("G2P", "wallets-in-togo"), ("M&E", "flood-warning"),
     ("C11", "flood-warning"), ("mpesa", "cash-by-phone"), ("M-Pesa", "cash-by-phone"),
     ("educacion", "registros-de-salud"), ("EDUCACIÓN", "registros-de-salud"),
     ("移动支付", "nongcun-dianshang"), ("银", "nongcun-dianshang"),
     ("المساعدات", "tahwilat"), ("مدرسة", "tahwilat"),
     ("больница", "telemeditsina"), ("guichets", "cash-by-phone"), ("argent mobile", "tahwilat"),
     ("farmer", "crop-prices"), ("loudspeak", "flood-warning"), ("programming for wom",
     "women-coders"), ("Uganda", "crop-prices"), ("safaricom", "cash-by-phone")],
)  # fmt: skip
def test_a_word_finds_the_case_that_has_it(library: Library, text: str, slug: str) -> None:
    assert slug in found(search(library, text))


def test_a_typo_is_corrected_and_said(library: Library) -> None:
    results = search(library, "farmesr")
    assert results.corrected == "farmers"
    assert "crop-prices" in found(results)
    assert results.query.text == "farmesr"
    plain = library.search(Query("farmesr"), correct=False)
    assert plain.corrected is None


def test_a_text_that_is_insisted_on_is_searched_and_the_other_offered(library: Library) -> None:
    mended = search(library, "farmesr")
    exact = search(library, "farmesr", exact=True)
    assert exact.corrected is None
    assert exact.offer is not None
    assert (exact.offer.text, exact.offer.total) == (mended.corrected, mended.total)


def test_the_words_alone_are_offered_where_a_phrase_finds_nothing(library: Library) -> None:
    results = search(library, '"phones of farmers"')
    assert results.total == 0
    assert results.offer is not None and results.offer.text == "phones of farmers"
    assert results.offer.total == search(library, "phones of farmers").total > 0


def test_a_case_and_its_translation_are_one_hit(library: Library) -> None:
    for text in ("guichets", "argent téléphone", "cash phone"):
        keys = [hit.key for hit in search(library, text).hits]
        assert keys.count(Key("case", "cash-by-phone")) == 1
        assert all(not key.lang for key in keys)


def test_an_exclusion_narrows_what_is_found(library: Library) -> None:
    everything = found(search(library, "satellite"))
    left = search(library, "satellite -togo")
    assert found(left) == everything - {"clinic-by-satellite", "wallets-in-togo"}
    assert not {hit.key.slug for hit in left.nearest} & {"clinic-by-satellite", "wallets-in-togo"}


def test_an_exclusion_alone_finds_the_rest(library: Library) -> None:
    assert found(search(library, "-satellite")) == PUBLIC - found(search(library, "satellite"))


@pytest.mark.parametrize(
    ("text", "facets"),
    [("theme:e-health", {"theme": ["e-health"]}), ('theme:"E health"', {"theme": ["e-health"]}),
     ("theme:G2P", {"theme": ["digital-payments"]}), ("country:Togo", {"country": ["TG"]}),
     ("country:TG", {"country": ["TG"]}), ('country:"Sierra Leone"', {"country": ["SL"]}),
     ("region:africa", {"region": ["africa"]}), ("region:Afrique", {"region": ["africa"]}),
     ("tech:satellite", {"technology": ["satellite"]}), ("sdg:1", {"sdg": ["1"]}),
     ("org:safaricom", {"organisation": ["safaricom"]}), ("line:C11", {"action_line": ["C11"]}),
     ("lang:es", {"language": ["es"]}), ("outcome:failed", {"outcome": ["failed"]})],
)  # fmt: skip
def test_a_field_is_the_same_as_its_filter(library: Library, text: str, facets: dict) -> None:
    chosen = tuple((facet, tuple(values)) for facet, values in facets.items())
    assert found(search(library, text)) == found(search(library, facets=chosen)) != set()


def test_a_field_with_an_unknown_value_is_read_as_words(library: Library) -> None:
    results = search(library, "theme:farmers")
    assert results.read_as.note == "value"
    assert "crop-prices" in found(results)
    assert "crop-prices" in found(search(library, "theme:farmers OR theme:nonsense"))


def test_years_in_the_text_and_beside_it_agree(library: Library) -> None:
    beside = search(library, year_from=2001, year_to=2004)
    assert found(search(library, "year:2001..2004")) == found(beside) == {"clinic-by-satellite"}


def test_a_region_holds_the_cases_of_its_countries(library: Library) -> None:
    west = search(library, facets=(("region", ("western-africa",)),))
    africa = search(library, facets=(("region", ("africa",)),))
    assert found(west) == {"clinic-by-satellite", "wallets-in-togo", "flood-warning"}
    assert found(west) < found(africa)
    counts = {value.id: value.count for value in africa.facets["region"]}
    assert counts["africa"] == africa.total and counts["western-africa"] == west.total
    assert "world" not in counts


def test_choosing_a_child_replaces_its_parent(library: Library) -> None:
    results = search(library, facets=(("region", ("africa", "western-africa")),))
    assert results.query.chosen("region") == ("western-africa",)
    assert results.total == 3


@pytest.mark.parametrize("mode", ["any", "all", "none"])
@pytest.mark.parametrize("text", ["", "phone", "country:Togo OR country:Uganda"])
def test_a_count_is_the_total_that_choosing_gives(library: Library, text: str, mode: str) -> None:
    query = Query(text, facets=(("theme", ("digital-payments",)),), modes=(("theme", mode),))
    results = library.search(query, correct=False)
    other = library.search(query.without_facets(), correct=False)
    for facet in FACETS:
        for value in results.facets[facet]:
            if facet == "theme" and mode == "none":
                kept = other.query.with_value("theme", value.id)
                assert value.count == library.search(kept, correct=False).total - (
                    0 if value.selected else _both(library, text, value.id)
                )
            elif facet == "theme" and mode == "any":
                alone = other.query.with_value("theme", value.id)
                assert value.count == library.search(alone, correct=False).total
            elif not value.selected and facet != "region":
                chosen = query.with_value(facet, value.id)
                assert value.count == library.search(chosen, correct=False).total


def _both(library: Library, text: str, theme: str) -> int:
    both = Query(text, facets=(("theme", ("digital-payments", theme)),), modes=(("theme", "all"),))
    return library.search(both, correct=False).total


def test_a_selected_value_without_cases_stays_visible(library: Library) -> None:
    results = search(library, facets=(("theme", ("e-health", "nonsense")),), year_from=2100)
    shown = {value.id: value for value in results.facets["theme"]}
    assert shown["nonsense"].count == 0 and shown["nonsense"].selected


def test_counts_are_over_everything_not_over_the_page(library: Library) -> None:
    page = library.search(Query(page=2), per_page=3)
    assert page.facets == library.search(Query(), per_page=50).facets
    assert (len(page.hits), page.pages) == (3, -(-len(PUBLIC) // 3))


@pytest.mark.parametrize("sort", ["relevance", "newest", "start", "title"])
def test_pages_together_give_every_hit_once(library: Library, sort: str) -> None:
    keys = [
        hit.key
        for page in range(1, 6)
        for hit in library.search(Query("phone OR satellite OR women", sort=sort, page=page),
                                  per_page=2).hits
    ]  # fmt: skip
    whole = library.search(Query("phone OR satellite OR women", sort=sort), per_page=50)
    assert keys[: whole.total] == [hit.key for hit in whole.hits]


@pytest.mark.parametrize("sort", ["relevance", "newest", "start", "title"])
@pytest.mark.parametrize("text", ["", "phone OR satellite OR women"])
def test_the_order_stays_when_a_case_is_written_anew(tmp_path: Path, sort: str, text: str) -> None:
    mine = Library.open(factories.library_folder(tmp_path / "content"), tmp_path / "var")
    query = Query(text, sort=sort)
    before = [hit.key for hit in mine.search(query, per_page=50).hits]
    for key in before[::2]:  # into another segment, with nothing changed in it
        mine.update([key])
    assert [hit.key for hit in mine.search(query, per_page=50).hits] == before


def test_a_page_beyond_the_last_is_the_last(library: Library) -> None:
    results = library.search(Query(page=999), per_page=4)
    assert results.query.page == results.pages and results.hits


def test_results_are_ordered_as_asked(library: Library) -> None:
    titles = [hit.title for hit in search(library, sort="title").hits]
    assert titles[0] == "A school of programming for women in Estonia"
    starts = [hit.record["front"]["period"]["start"] for hit in search(library, sort="start").hits]
    assert starts == sorted(starts, reverse=True)


def test_hits_come_by_score(library: Library) -> None:
    scores = [hit.score for hit in search(library, "women and payments by phone").hits]
    assert scores == sorted(scores, reverse=True)


def test_few_hits_are_joined_by_the_nearest_uncounted(library: Library) -> None:
    results = search(library, "zzxq fnord")
    assert results.total == 0 and not results.hits
    assert 0 < len(results.nearest) <= 5
    assert not found(results) & {hit.key.slug for hit in results.nearest}
    assert not any(value.count for values in results.facets.values() for value in values)


def test_the_filters_that_leave_nothing_are_named(library: Library) -> None:
    query = Query(facets=(("theme", ("e-health",)), ("country", ("KE",))), year_from=2000)
    results = library.search(query)
    assert results.total == 0
    in_kenya = search(library, facets=(("country", ("KE",)),), year_from=2000)
    in_health = search(library, facets=(("theme", ("e-health",)),), year_from=2000)
    expected = {((("theme", "e-health"),), in_kenya.total), ((("country", "KE"),), in_health.total)}
    assert set(results.drops) == expected


def test_two_filters_are_named_together_where_one_is_not_enough(library: Library) -> None:
    facets = (("theme", ("e-health",)), ("country", ("KE",)))
    results = search(library, facets=facets, year_to=1901)
    assert results.total == 0
    assert results.drops
    for drop in results.drops:
        assert len(drop.filters) == 2
        assert drop.total == library.search(results.query.without(drop.filters)).total


def test_all_filters_are_named_where_two_are_not_enough(library: Library) -> None:
    facets = (("theme", ("none",)), ("country", ("XX",)), ("sdg", ("99",)))
    (drop,) = search(library, facets=facets).drops
    assert drop == (tuple((facet, *values) for facet, values in facets), len(PUBLIC))


def test_the_words_can_be_done_without_too(library: Library) -> None:
    results = search(library, "zzxq fnord", facets=(("country", ("KE",)),))
    in_kenya = search(library, facets=(("country", ("KE",)),))
    assert results.drops[-1] == ((("text", ""),), in_kenya.total)


def test_terms_and_titles_with_such_words_are_named_where_nothing_is_found(
    library: Library,
) -> None:
    named = {(one.kind, one.id) for one in search(library, '"clinical satellites"').named}
    assert {("case", "clinic-by-satellite"), ("technology", "satellite")} <= named
    assert search(library, "zzxq fnord").named == ()
    assert search(library, "phone").named == ()


def test_what_was_withdrawn_is_not_named(library: Library) -> None:
    named = search(library, '"zzxq vouchers"').named
    assert ("case", "taken-back") not in {(one.kind, one.id) for one in named}


def test_pages_of_the_site_are_another_kind(library: Library) -> None:
    assert library.search(Query("about"), kinds=("page",)).hits[0].key == Key("page", "about")
    assert library.search(Query(), kinds=("page",)).total == 1
    assert library.search(Query(), kinds=("case", "page")).total == len(PUBLIC) + 1


@settings(max_examples=60)
@given(text=typed)
def test_no_text_fails(library: Library, text: str) -> None:
    results = library.search(Query(text))
    assert results.total >= len(results.hits)


def test_no_naughty_string_fails(library: Library) -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY.name} is not here")
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        library.search(Query(text), correct=False)
        library.suggest(text)


@pytest.mark.parametrize(
    "text",
    ["\ud800", "\0", "x" * 100_000, "水" * 20_000, "word " * 20_000, "a-" * 20_000, "x* " * 200],
    ids=lambda text: ascii(text[:4]),
)
def test_no_strange_or_long_text_fails(library: Library, text: str) -> None:
    library.search(Query(text))


@pytest.mark.parametrize("values", [("\0",), ("x" * 5000,), ("a", "b") * 20])
def test_no_choice_fails(library: Library, values: Sequence[str]) -> None:
    chosen = tuple((facet, tuple(dict.fromkeys(values))) for facet in FACETS)
    assert library.search(Query(facets=chosen)).total == 0


def test_an_empty_library_answers_too(tmp_path: Path) -> None:
    factories.content_folder(tmp_path / "content")
    empty = Library.open(tmp_path / "content", tmp_path / "var", threads=1)
    results = empty.search(Query("cash -kenya title:a b*"))
    assert (results.total, results.pages, results.hits, results.nearest) == (0, 1, (), ())
    assert empty.search(Query("cash", sort="title")).total == 0
    assert empty.suggest("ca") == ()
    assert empty.counts("theme") == {}
