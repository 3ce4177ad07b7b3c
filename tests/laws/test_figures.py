"""Every number that a page of figures shows is the number of cases that its link leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from indexer.library import Library
from indexer.query import from_params
from kb.app import ROOT, create_app
from kb.services.browsing import SHELVES
from kb.settings import Settings
from tests.kb.conftest import visitor

#: A number that is a link, or that stands behind one; "5 of 9" leads to the five.
NUMBER = re.compile(r'<a href="([^"]+)"[^>]*>([\d,]+)(?: of [\d,]+)?(?:<span class="unseen">|</a>)')
BESIDE = re.compile(r'<a href="([^"]+)">[^<]+</a> <span class="count">([\d,]+)</span>')
TOTAL = re.compile(r'<a href="([^"]+)">(?:All )?([\d,]+) cases? of this kind</a>')
HEADING = re.compile(r"<h2>(?:([\d,]+) cases?|No cases)</h2>")
SOME = 3  # terms looked at of each shelf: those with the most cases, and one with few


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.open(ROOT / "content", tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def client(library: Library, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    data = tmp_path_factory.mktemp("data")
    return visitor(create_app(Settings(content=Path(ROOT / "content"), data=data), library))


def stated(text: str) -> Iterator[tuple[str, int]]:
    """Each address of a page with the number that the page says of it."""
    for pattern in (NUMBER, BESIDE, TOTAL):
        for address, number in pattern.findall(text):
            yield unescape(address), int(number.replace(",", ""))


def found(library: Library, address: str) -> int:
    """How many cases the search or the page of a term at an address has."""
    parts = urlsplit(address)
    if parts.path == "/search":
        return library.search(from_params(parse_qsl(parts.query)), per_page=1).total
    path, _, term = parts.path.removeprefix("/").partition("/")
    return library.counts(SHELVES[path].facet).get(term, 0)


def wrong(client: FlaskClient, library: Library, path: str) -> tuple[int, list[str]]:
    """How many numbers a page states, and those of them that are not true."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    numbers = list(stated(answer.text))
    untrue = [
        f"{path}: {address} has {there}, not {number}"
        for address, number in numbers
        if (there := found(library, address)) != number
    ]
    return len(numbers), untrue


def test_the_library_in_figures_tells_the_truth(client: FlaskClient, library: Library) -> None:
    number, untrue = wrong(client, library, "/insight")
    assert untrue == []
    assert number > 200


@pytest.mark.parametrize("path", SHELVES)
def test_the_pages_of_terms_tell_the_truth(
    client: FlaskClient, library: Library, path: str
) -> None:
    counts = library.counts(SHELVES[path].facet)
    order = sorted(counts, key=lambda id_: (-counts[id_], id_))
    assert wrong(client, library, f"/{path}")[1] == []
    for term in (*order[:SOME], order[-1]):
        number, untrue = wrong(client, library, f"/{path}/{term}")
        assert untrue == []
        assert number > SOME, term
        heading = HEADING.search(client.get(f"/{path}/{term}").text)
        assert heading is not None
        assert int(heading[1]) == counts[term]


def test_the_ways_in_tell_the_truth(client: FlaskClient, library: Library) -> None:
    assert wrong(client, library, "/")[1] == []
    total = library.search(from_params(()), per_page=1).total
    assert f'<a href="/search"><b>{total}</b>' in client.get("/").text


def test_a_theme_tells_what_failed_what_is_missing_and_how_to_fill_it(client: FlaskClient) -> None:
    page = client.get("/themes/e-health").text
    for part in ("figures", "failing", "missing"):
        assert f'id="{part}"' in page
    assert "What went wrong" in page
    assert "/cases/new?theme=e-health&amp;region=" in page
    again = client.get("/themes/e-health?page=2").text
    assert 'id="figures"' not in again, "the figures stand on the first page alone"


def test_an_organisation_tells_with_whom_it_worked_and_on_what_terms(
    client: FlaskClient, library: Library
) -> None:
    page = client.get("/organisations/world-bank").text
    together = library.selected().narrowed("organisation", ["world-bank"])
    assert 'id="partners"' in page
    assert "organisation.mode=all" in page
    assert 'id="by-role"' in page
    assert 'id="by-paid"' in page
    assert together.counts("paid")["world-bank loan"] > 1
    assert "USD" in page


def test_the_page_of_a_term_without_a_case_asks_for_one(client: FlaskClient) -> None:
    page = client.get("/countries/AD").text
    assert 'href="/cases/new?country=AD"' in page
    assert 'id="figures"' not in page
