"""The bench makes the same cases for the same seed, and measures what the site does."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from indexer.document import parse
from indexer.library import Library
from indexer.query import Query
from indexer.semantic import DEFAULT_MODEL, Encoder
from indexer.values import Key
from kb.services import bench
from kb.services.bench import cases, figures, making, source, visits
from kb.services.bench.timing import Times, times
from kb.settings import Settings
from tests import factories

CASES = 60


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = tmp_path_factory.mktemp("bench")
    words = "A nurse sent each record by phone. Nobody had to walk to town again."
    texts = {
        f"case-{n}": factories.case_text(
            factories.long_body(f"In year {n} it was tried. {words} It cost {n} dollars.", 4),
            title=f"Attempt number {n}",
        )
        for n in range(12)
    }
    content = factories.content_folder(root / "content", texts)
    return Settings(content=content, data=root / "data", var=root / "var")


@pytest.fixture(scope="module")
def text(settings):
    return source.read(settings.content, settings.content / "none")


@pytest.fixture(scope="module")
def result(settings):
    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(bench, "DIGITALGOV", settings.content / "none")
        return bench.run(CASES, settings, peers=True, http=False)


def test_text_comes_from_the_cases_where_no_collection_lies(text):
    assert text.name == "content"
    assert len(text.titles) == 12
    assert text.paragraphs


def test_made_cases_are_valid_and_the_same_each_time(text):
    made = list(cases.texts(text, factories.vocabularies(), 20))
    assert made == list(cases.texts(text, factories.vocabularies(), 20))
    assert len({slug for slug, _ in made}) == 20
    for slug, one in made:
        assert parse(Key("case", slug), one, factories.vocabularies()).errors == ()


def test_questions_are_distinct_and_a_third_have_a_filter(text):
    asked = source.questions(text, factories.vocabularies(), 30)
    assert len({query.text for query in asked}) == len(asked) == 30
    assert sum(bool(query.facets) for query in asked) == 10


def test_a_made_passage_lies_near_its_paragraphs(text):
    encoder = Encoder(DEFAULT_MODEL)
    vectors = encoder.encode(text.paragraphs)
    moved = making.MovedVectors(DEFAULT_MODEL, text, vectors)
    again = moved.encode([f"A title. {one}" for one in text.paragraphs[:5]])
    np.testing.assert_allclose(np.linalg.norm(again, axis=1), 1, atol=1e-5)
    for row in range(5):
        assert float(again[row] @ vectors[row]) > 0.7  # they share a sentence
    unknown = "Nothing of this stands in any paragraph."
    np.testing.assert_array_equal(moved.encode([unknown]), encoder.encode([unknown]))


def test_every_figure_but_those_of_the_server_is_measured(result):
    measured = {row["name"] for row in result["figures"]}
    served = {"html_p50", "html_p95", "rate_1", "rate_2", "memory_1", "memory_2", "start"}
    late = {"late_edit_p50", "late_edit_p95"}  # measured from ten thousand cases on
    assert measured | served | late == set(figures.REACHES)
    assert all(row["value"] > 0 for row in result["figures"])
    assert "content" in result["about"]["text"]
    assert f"{CASES:,} cases".split()[0] in result["about"]["cases"]


def test_the_table_shows_each_figure_beside_what_is_to_be_reached(result):
    shown = bench.table(result)
    for row in result["figures"]:
        assert row["what"] in shown
    assert "<= 5" in shown
    assert ">= 50" in shown


def test_the_made_library_is_kept_and_edits_leave_no_trace(result, settings, text):
    folder = settings.var / "bench" / str(CASES)
    before = (folder / "made.json").stat().st_mtime_ns
    made = making.make(
        folder, CASES, text, settings.content / "vocabularies", None, progress=lambda *_: None
    )
    assert (folder / "made.json").stat().st_mtime_ns == before
    assert not (folder / "edited").exists()
    library = Library.open(made.content, made.var)
    assert library.search(Query(text="mended"), correct=False).total == 0
    assert len(library.snapshot().slot_of) == CASES


def test_a_figure_is_met_at_its_bound_and_above_or_below():
    search, rate = figures.REACHES["search_p50"], figures.REACHES["rate_2"]
    assert [search.met(ms, 10_000) for ms in (5, 5.1)] == [True, False]
    assert search.met(14, 100_000) is True
    assert search.met(14, 1_000_000) is None
    assert [rate.met(n, 1000) for n in (150, 149)] == [True, False]


def test_times_are_median_and_percentile_of_the_timed_runs():
    assert Times.of([0.001] * 95 + [0.1] * 5).p50 == 1.0
    counted = itertools.count()
    found = times(lambda _: next(counted), range(10), warm=3)
    assert found.runs == 10
    assert next(counted) == 13


def test_the_server_is_visited_with_both_libraries(settings, monkeypatch):
    monkeypatch.setattr(bench, "DIGITALGOV", settings.content / "none")
    for name, few in (("SECONDS", 0.2), ("WARM", 0.1), ("ALONE", 3), ("ASKED", 12)):
        monkeypatch.setattr(visits, name, few)
    result = visits.run(CASES, settings)
    assert [library["cases"] for library in result["libraries"]] == [12, CASES]
    for library in result["libraries"]:
        assert [row["page"] for row in library["pages"]] == list(visits.VISITED)
        for row in library["pages"]:
            assert row["rate"] > 0
            assert 0 < row["p50"] <= row["p95"]
            assert 0 < row["alone_p50"] <= row["alone_p95"]
    shown = visits.table(result)
    assert all(f"\n{name} " in shown for name in visits.VISITED)
    assert f"{CASES} cases" in shown
