"""The library that is shipped keeps the rules of writing that a machine can check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pyphen
import pytest

from indexer.checking import check
from indexer.document import Document, parse
from indexer.headings import IN, meaning
from indexer.store import Store
from indexer.values import Key

STORE = Store(Path(__file__).resolve().parents[2] / "content")
VOCABULARIES = STORE.vocabularies()
CASES = {key: parse(key, STORE.read(key), VOCABULARIES) for key in STORE.keys("case")}
ORIGINALS = {key: case for key, case in CASES.items() if not key.lang}
WORDS = range(500, 1001)
#: Flesch's reading ease (Flesch 1948, "A new readability yardstick"), syllables by hyphenation,
#: which counts some too few, so that figures are some ten points high. Plain English lies here.
EASE = (65, 95)
CITED = re.compile(r"\[\d+\]")
FEWEST = 2  # cases of a theme

cases = pytest.mark.parametrize("case", CASES.values(), ids=lambda case: ".".join(case.key[1:]))
originals = pytest.mark.parametrize("case", ORIGINALS.values(), ids=lambda case: case.key.slug)


def sections(case: Document) -> Iterator[tuple[str, str]]:
    """Yield the English name of each section of a case, and its text."""
    parts = re.split(r"(?m)^## (.+)$", case.body)
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        yield meaning(heading, case.lang), text


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs and items of lists of a text."""
    return [one.strip() for one in re.split(r"\n\s*\n|\n(?=- |\d+\. )", text) if one.strip()]


def plain(text: str) -> str:
    """Return a text without references, links and marks of lists."""
    text = re.sub(r"\]\([^)]*\)", "", CITED.sub("", text))
    return re.sub(r"(?m)^\s*(?:[-#>]|\d+\.)+\s+|[*\[\]|]", "", text)


def test_nothing_in_content_is_wrong_or_doubtful() -> None:
    assert [f"{path}:{problem}" for path, problem in check(STORE)] == []


@cases
def test_the_sections_have_their_own_names(case: Document) -> None:
    assert {name for name, _ in sections(case)} <= set(IN["en"])
    assert {"Context", "What was done", "Results", "Lessons"} <= {n for n, _ in sections(case)}


@cases
def test_every_figure_among_the_results_has_a_source(case: Document) -> None:
    told = [text for name, text in sections(case) if name == "Results"]
    for paragraph in chain.from_iterable(map(paragraphs, told)):
        if re.search(r"\d", CITED.sub("", paragraph)):
            assert CITED.search(paragraph), paragraph
    for result in case.front.get("results") or ():
        assert {"source", "unit", "counted_by"} <= set(result), result
        assert "year" in result or "year_note" in result, result


@cases
def test_no_source_is_there_for_nothing(case: Document) -> None:
    cited = set(CITED.findall(case.body)) | {
        f"[{source}]" for source in re.findall(r"source: (\d+)", case.text)
    }
    assert {f"[{source['id']}]" for source in case.front["sources"]} == cited


@originals
def test_a_case_is_neither_short_nor_long(case: Document) -> None:
    assert len(re.findall(r"\b[\w'’-]+\b", case.body)) in WORDS


@originals
def test_a_case_is_easy_to_read(case: Document) -> None:
    hyphens = pyphen.Pyphen(lang="en_GB")
    text = plain(case.body)
    words = re.findall(r"[A-Za-z][A-Za-z'’]*", text)
    sentences = [
        one for one in re.split(r"(?<=[.!?:;])\s+|\n+", text) if re.search("[a-z]{2}", one)
    ]
    syllables = sum(len(hyphens.positions(word)) + 1 for word in words)
    ease = 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)
    assert EASE[0] <= ease <= EASE[1]


@cases
def test_links_lead_to_cases_that_are_there(case: Document) -> None:
    for slug in re.findall(r"\(/cases/([^)#?]*)\)", case.body):
        assert Key("case", slug) in CASES, slug


@cases
def test_pictures_say_what_they_show(case: Document) -> None:
    assert not re.search(r"!\[\s*\]", case.body)


def test_no_paragraph_stands_in_two_cases() -> None:
    told = Counter(plain(one) for case in CASES.values() for one in paragraphs(case.body))
    assert [one for one, times in told.items() if times > 1 and len(one) > 60] == []


def test_no_theme_has_one_case_alone() -> None:
    told = Counter(chain.from_iterable(case.front["themes"] for case in ORIGINALS.values()))
    assert {theme for theme in VOCABULARIES["themes"] if told[theme] < FEWEST} == set()


def test_no_organisation_is_there_for_nothing() -> None:
    text = "\n".join(case.text for case in CASES.values())
    named = set(re.findall(r"(?:org|by): ([a-z0-9-]+)", text))
    assert set(VOCABULARIES["organisations"]) - named == set()


@pytest.mark.parametrize("name", ["technologies", "beneficiaries", "modality", "evidence"])
def test_no_term_is_there_for_nothing(name: str) -> None:
    told = set(chain.from_iterable(case.front.get(name) or () for case in ORIGINALS.values()))
    assert set(VOCABULARIES[name]) - told == set()


def test_translations_are_of_todays_original() -> None:
    for key, case in CASES.items():
        if key.lang:
            made_from = case.front["translation_of"]["revision"]
            assert made_from == ORIGINALS[Key("case", key.slug)].revision, key
