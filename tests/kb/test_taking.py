"""Taking lists away: each form read again by another program, by suffix and by Accept."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import openpyxl
import pybtex.database
import pytest
import rispy
from flask.testing import FlaskClient

from indexer.document import parse
from indexer.library import Library
from indexer.query import Query
from indexer.values import Key
from kb.app import create_app
from kb.services import taking
from kb.services.cells import RISKY
from kb.services.tabling import columns
from kb.services.taking import FORMS, as_zip
from kb.services.turns import AT_ONCE, MOST, TakingBusy, TooMuchTaken, Turns
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import HOME, visitor

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '=HYPERLINK("http://evil.example","x")'
NEWEST = ("cash-by-phone", "clinic-by-satellite", "wallets-in-togo")


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def slugs(client: FlaskClient, path: str) -> list[str]:
    return [row["slug"] for row in table(client.get(path))]


class TestEachForm:
    def test_csv_has_a_row_a_case_and_always_the_same_columns(self, client: FlaskClient) -> None:
        answer = client.get("/search.csv?country=KE")
        assert answer.content_type == "text/csv; charset=utf-8"
        assert answer.data.startswith(b"\xef\xbb\xbfslug,url,title,summary,")
        assert b"\r\n" in answer.data
        (row,) = table(answer)
        assert tuple(row) == columns()
        assert row["url"] == f"{HOME}/cases/cash-by-phone"
        assert row["countries"] == "Kenya; Tanzania"
        assert row["countries_ids"] == "KE; TZ"
        assert row["period_start"] == "2006"
        assert row["sdgs_ids"] == "1; 8"
        assert row["organisations"] == "Safaricom, Implementer"
        assert row["funding"].startswith("1000000, GBP, 2006, ")
        assert " | " in row["results"]
        assert row["updated"] == "2026-11-23"

    def test_a_workbook_has_the_cases_and_what_repeats_in_sheets(self, client: FlaskClient) -> None:
        answer = client.get("/search.xlsx?country=KE")
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        assert book.sheetnames[0] == "Cases"
        assert {"Results", "Funding", "Organisations", "Sources", "About"} <= set(book.sheetnames)
        cases = list(book["Cases"].values)
        assert cases[0] == columns()
        assert cases[1][0] == "cash-by-phone"
        results = list(book["Results"].values)
        row = dict(zip(results[0], results[2], strict=True))
        assert row["case"] == "cash-by-phone"
        assert row["value"] == 3_000_000  # a number, to be counted with
        about = dict(book["About"].values)
        assert about["Cases"] == "1"

    def test_json_tells_what_the_list_is_and_holds_whole_cases(self, client: FlaskClient) -> None:
        found = json.loads(client.get("/search.json?q=satellite").data)
        assert found["title"] == "satellite"
        assert found["url"] == f"{HOME}/search?q=satellite"
        assert found["retrieved"].endswith("Z")
        case = found["cases"][0]
        assert case["slug"] == "clinic-by-satellite"
        assert case["front"]["period"] == {"start": 2001, "end": 2004}
        assert "## Context" in case["body"]

    def test_citations_are_read_by_their_own_readers(self, client: FlaskClient) -> None:
        bib = client.get("/search.bib").text
        assert set(pybtex.database.parse_string(bib, "bibtex").entries) == set(NEWEST)
        assert len(rispy.loads(client.get("/search.ris").text)) == 3
        assert len(json.loads(client.get("/search.csl.json").text)) == 3

    def test_a_zip_holds_the_files_as_they_are(self, client: FlaskClient, content: Path) -> None:
        with zipfile.ZipFile(io.BytesIO(client.get("/search.zip").data)) as file:
            assert file.testzip() is None
            assert set(file.namelist()) == {*(f"{slug}.md" for slug in NEWEST), "README.md"}
            text = (content / "cases" / "cash-by-phone.md").read_bytes()
            assert file.read("cash-by-phone.md") == text
            assert file.getinfo("cash-by-phone.md").date_time[:3] == (2026, 11, 23)
            assert "[Cash by phone in Kenya](cash-by-phone.md)" in file.read("README.md").decode()

    def test_nothing_found_is_an_empty_list_in_every_form(self, client: FlaskClient) -> None:
        none = "?theme=e-health&country=KE"
        assert table(client.get(f"/search.csv{none}")) == []
        assert json.loads(client.get(f"/search.json{none}").data)["cases"] == []
        assert json.loads(client.get(f"/search.csl.json{none}").data) == []
        assert client.get(f"/search.bib{none}").data == b""
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/search.xlsx{none}").data))
        assert book["Cases"].max_row == 1
        assert len(Tree.fromstring(client.get(f"/search.atom{none}").data).findall("*")) == 6

    def test_names_to_save_under_are_safe_whatever_was_asked(self, client: FlaskClient) -> None:
        for suffix in FORMS:
            told = client.get(f'/search.{suffix}?q="../../x%0d%0aSet-Cookie').headers
            name = told["Content-Disposition"].split('"')[1]
            assert name.startswith("search-20")
            assert name.endswith(f".{suffix}")
            assert "Set-Cookie" not in told
            assert told["X-Robots-Tag"] == "noindex"


class TestWhatIsTaken:
    def test_all_pages_come_in_the_order_of_the_page(self, client: FlaskClient) -> None:
        for asked in ("?sort=title", "?sort=start", "?sort=newest", "?q=phone"):
            page = client.get(f"/search{asked}").text
            taken = slugs(client, f"/search.csv{asked}&page=7")
            places = [page.find(f'href="/cases/{slug}"') for slug in taken]
            assert taken
            assert places == sorted(places)
            assert -1 not in places

    def test_a_misspelt_question_is_corrected_as_on_the_page(self, client: FlaskClient) -> None:
        assert slugs(client, "/search.csv?q=satelite")[0] == "clinic-by-satellite"

    def test_the_page_of_a_term_is_taken_too(self, client: FlaskClient) -> None:
        assert slugs(client, "/themes/e-health.csv") == ["clinic-by-satellite"]
        moved = client.get("/countries/tg.csv")
        assert (moved.status_code, moved.headers["Location"]) == (301, "/countries/TG.csv")
        assert client.get("/themes/nothing.csv").status_code == 404
        assert client.get("/search.doc").status_code == 404

    def test_a_list_is_taken_in_its_own_order(self, client: FlaskClient) -> None:
        asked = "case=wallets-in-togo&case=nothing&case=old-cash&case=wallets-in-togo"
        assert slugs(client, f"/list.csv?{asked}") == ["wallets-in-togo", "cash-by-phone"]
        assert slugs(client, "/list.csv") == []

    def test_cells_that_spreadsheets_would_run_are_harmless(
        self, tmp_path: Path, settings: Settings
    ) -> None:
        text = factories.case_text(
            title=HOSTILE,
            summary="@SUM(1+1) of what people were paid in a year.",
            contact={"name": "+1-900"},
        )
        library = Library.open(
            factories.content_folder(tmp_path / "content", {"hostile": text}), tmp_path / "var"
        )
        client = visitor(create_app(settings, library))
        (row,) = table(client.get("/search.csv"))
        assert row["title"] == f"'{HOSTILE}"
        assert row["contact_name"] == "'+1-900"
        assert not any(value.startswith(RISKY) for value in row.values())
        book = openpyxl.load_workbook(io.BytesIO(client.get("/search.xlsx").data))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}  # no formula, no link
        assert not any(str(cell.value).startswith(RISKY) for cell in cells if cell.value)


class TestTheFeed:
    def test_the_newest_come_first_with_what_changed_when(self, client: FlaskClient) -> None:
        answer = client.get("/search.atom?country=TG&sort=title")
        assert answer.mimetype == "application/atom+xml"
        feed = Tree.fromstring(answer.data)
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == 2
        assert feed.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"
        assert entries[0].findtext(f"{ATOM}id", "").startswith(f"{HOME}/cases/")
        assert entries[0].find(f"{ATOM}category") is not None
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links == {"self": f"{HOME}/search.atom?country=TG&sort=title",
                         "alternate": f"{HOME}/search?country=TG&sort=title"}  # fmt: skip

    def test_it_stands_still_while_nothing_changes(self, client: FlaskClient) -> None:
        first = client.get("/search.atom")
        again = client.get("/search.atom", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304


class TestAccept:
    @pytest.mark.parametrize(
        ("accept", "type_"),
        [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
            ("*/*", "text/html"), ("image/png", "text/html"), ("", "text/html"),
            ("text/csv", "text/csv"), ("text/csv, */*;q=0.1", "text/csv"),
            ("text/csv;q=0.5, text/html", "text/html"), ("application/json", "application/json"),
            ("application/atom+xml", "application/atom+xml"),
            *((form.type, form.type) for form in FORMS.values()),
        ],
    )  # fmt: skip
    def test_the_same_address_answers_as_it_is_asked(
        self, client: FlaskClient, accept: str, type_: str
    ) -> None:
        for path in ("/search?country=TG", "/themes/e-health", "/list?case=cash-by-phone"):
            answer = client.get(path, headers={"Accept": accept})
            assert answer.status_code == 200
            assert answer.mimetype == type_, path
            assert "Accept" in answer.headers["Vary"].split(", ")

    def test_a_case_answers_so_too(self, client: FlaskClient) -> None:
        for type_ in ("application/json", "text/markdown", "application/ld+json",
                      "application/x-bibtex", "application/x-research-info-systems",
                      "application/vnd.citationstyles.csl+json"):  # fmt: skip
            for path in ("/cases/cash-by-phone", "/cases/cash-by-phone/fr"):
                answer = client.get(path, headers={"Accept": type_})
                assert answer.mimetype == type_, path
                assert "Accept" in answer.headers["Vary"].split(", ")
        assert client.get("/cases/nothing", headers={"Accept": "text/csv"}).status_code == 404


class TestBounds:
    def test_a_long_list_is_cut_and_says_how_long_it_is(self, library: Library) -> None:
        listing = library.all(Query(), most=2)
        assert (len(listing), listing.total) == (2, 3)
        assert len(list(listing)) == 2

    def test_large_lists_are_made_as_they_are_sent_few_at_a_time(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kb.views.taking.SMALL", 2)
        turns: Turns = client.application.extensions["sankofa.turns"]
        with turns.room():
            answer = client.get("/search.csv")
            assert answer.is_streamed or answer.data
            answer.close()
        with client.get("/search.csv", headers={"Accept-Encoding": "deflate"}) as answer:
            assert answer.headers["Content-Encoding"] == "deflate"
            assert zlib.decompress(answer.data).startswith(b"\xef\xbb\xbfslug,")
        for _ in range(2 * AT_ONCE):  # every room was given back
            with client.get("/search.csv") as answer:
                assert len(table(answer)) == 3
        for _ in range(AT_ONCE):
            turns.enter()
        busy = client.get("/search.csv")
        assert busy.status_code == 503
        assert busy.headers["Retry-After"]
        for _ in range(AT_ONCE):
            turns.leave()

    def test_whoever_takes_very_much_has_to_wait_and_others_do_not(self) -> None:
        clock = Clock()
        turns = Turns(clock)
        for _ in range(4):
            turns.take("192.0.2.1", MOST // 4)
        with pytest.raises(TooMuchTaken) as refused:
            turns.take("192.0.2.1", 100)
        turns.take("192.0.2.2", 100)
        clock.now += refused.value.seconds
        turns.take("192.0.2.1", 100)

    def test_a_house_counts_as_one_and_what_is_remembered_is_bounded(self) -> None:
        turns = Turns(Clock())
        turns.take("2001:db8::1", MOST)
        with pytest.raises(TooMuchTaken):
            turns.take("2001:db8::2", 1)
        for number in range(20_000):
            turns.take(f"10.0.{number // 250}.{number % 250}", 1)
        assert len(turns._taken) <= 10_000
        with pytest.raises(TooMuchTaken):  # the greediest is not forgotten
            turns.take("2001:db8::1", 1)

    def test_too_much_is_told_with_the_time_to_wait(self, client: FlaskClient) -> None:
        turns: Turns = client.application.extensions["sankofa.turns"]
        turns.take("203.0.113.9", MOST)
        address = {"REMOTE_ADDR": "203.0.113.9"}
        answer = client.get("/search.csv", environ_overrides=address)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
        assert client.get("/search", environ_overrides=address).status_code == 200

    def test_rooms_are_few(self) -> None:
        turns = Turns()
        with turns.room(), turns.room(), pytest.raises(TakingBusy), turns.room():
            pass


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_no_form_holds_more_than_a_case_and_a_piece_at_a_time(library: Library) -> None:
    """A list a thousand times as long as its first case is read one by one."""
    front = {"title": "x", "summary": "y" * 1000, "themes": []}
    read = 0

    def many() -> Iterator[tuple[Key, dict[str, Any]]]:
        nonlocal read
        for number in range(1000):
            read = number + 1
            yield Key("case", f"case-{number}"), {"front": front, "body": "z", "revision": "0" * 12}

    for form in FORMS.values():
        if form.suffix == "xlsx":
            continue  # written to the disk row by row, sent when it is whole
        read = 0
        taken = taking.Taken("t", HOME, 1000, many(), taking.Place("S", HOME),
                             taking.Words(library.vocabularies, "en"), library)  # fmt: skip
        next(form.write(taken))
        assert read < 1000, form.suffix


def test_every_text_of_a_zip_can_be_read_again(library: Library) -> None:
    taken = taking.Taken("t", HOME, 3, library.all(Query()), taking.Place("S", HOME),
                         taking.Words(library.vocabularies, "en"), library)  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(b"".join(as_zip(taken)))) as file:
        for name in file.namelist():
            if name != "README.md":
                key = Key("case", name.removesuffix(".md"))
                text = file.read(name).decode()
                assert not parse(key, text, library.vocabularies).errors


def test_the_page_of_forms_names_every_form_and_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "taking-away.md").read_text(encoding="utf-8")
    wanted: list[str] = [*columns(), *(form.type for form in FORMS.values())]
    wanted += [f".{suffix}" for suffix in (*FORMS, "atom")]
    assert [one for one in wanted if f"`{one}`" not in text] == []
