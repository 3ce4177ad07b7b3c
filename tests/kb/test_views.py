import json
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient

from indexer.case import jsonable
from indexer.document import parse
from indexer.library import Library
from indexer.values import Key
from kb.app import create_app
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import CASES, HOME, visitor


def text_of(page: str) -> str:
    """The words of a page, without its elements."""
    return " ".join("".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())


def found(page: str) -> list[str]:
    """The addresses of the cases in the list of hits, in order."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    titles = tree.findall(".//article[@class='case']//h3/a")
    return [title.attrib["href"] for title in titles]


class TestHome:
    def test_it_shows_counts_and_the_newest_cases_and_ways_to_look_around(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/").text
        words = text_of(page)
        assert "3 cases" in words
        assert "Cash by phone in Kenya" in words
        assert 'href="/themes/e-health"' in page
        assert 'href="/regions/africa"' in page
        assert 'action="/search"' in page
        assert "taken back" not in words


class TestSearch:
    def test_words_find_cases_with_the_reason_and_the_marked_passage(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/search?q=satellite").text
        assert found(page)[0] == "/cases/clinic-by-satellite"
        assert "<mark>" in page
        assert "atches" in text_of(page)
        assert "Read as: the word" in text_of(page)

    def test_all_cases_are_listed_when_nothing_is_asked(self, client: FlaskClient) -> None:
        page = client.get("/search").text
        assert set(found(page)) == {
            "/cases/cash-by-phone", "/cases/clinic-by-satellite", "/cases/wallets-in-togo",
        }  # fmt: skip
        assert "<mark>" not in page

    def test_facets_narrow_and_every_filter_can_be_taken_away(self, client: FlaskClient) -> None:
        page = client.get("/search?theme=e-health&country=TG").text
        assert found(page) == ["/cases/clinic-by-satellite"]
        assert 'value="e-health" id="f-theme-e-health" checked' in page
        assert 'href="/search?theme=e-health"' in page
        assert 'href="/search?country=TG"' in page
        assert "Filters (2)" in page

    def test_none_of_leaves_out(self, client: FlaskClient) -> None:
        page = client.get("/search?theme=e-health&theme.mode=none").text
        assert sorted(found(page)) == ["/cases/cash-by-phone", "/cases/wallets-in-togo"]
        assert "not E health" in text_of(page)

    def test_a_region_chosen_below_another_replaces_it(self, client: FlaskClient) -> None:
        page = client.get("/search?region=africa&region=western-africa").text
        assert "/cases/cash-by-phone" not in found(page)
        assert len(found(page)) == 2
        assert 'id="f-region-western-africa" checked' in page
        assert 'id="f-region-africa" checked' not in page

    def test_years_narrow(self, client: FlaskClient) -> None:
        assert found(client.get("/search?year.to=2003").text) == ["/cases/clinic-by-satellite"]

    def test_a_filter_that_hides_everything_is_named(self, client: FlaskClient) -> None:
        page = client.get("/search?theme=e-health&country=KE").text
        assert found(page) == []
        words = text_of(page)
        assert "No case matches these filters." in words
        assert "without “Kenya”" in words
        assert "without “E health”" in words

    def test_a_question_about_something_else_finds_nothing_and_says_so(
        self, client: FlaskClient
    ) -> None:
        words = text_of(client.get("/search?q=zzxq+fnord").text)
        assert "No case matches “\u2068zzxq fnord\u2069”." in words

    def test_a_typing_error_is_mended_and_the_typed_text_can_still_be_searched(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/search?q=satelite").text
        if "Showing results for" in text_of(page):
            assert 'href="/search?q=satelite&amp;exact=1"' in page
            exact = client.get("/search?q=satelite&exact=1").text
            assert "Showing results for" not in text_of(exact)

    def test_htmx_gets_the_changing_part_alone(self, client: FlaskClient) -> None:
        path = "/search?q=cash&year.from=&sort=relevance&theme.mode=any"
        answer = client.get(path, headers={"HX-Request": "true"})
        assert "<!doctype" not in answer.text
        assert 'id="found"' in answer.text
        assert answer.headers["HX-Push-Url"] == "/search?q=cash"
        assert "HX-Request" in answer.vary
        here = {"HX-Request": "true", "HX-Current-URL": f"{HOME}/search?q=cash"}
        again = client.get(path, headers=here)
        assert again.headers["HX-Push-Url"] == "false"
        assert "HX-Current-URL" in again.vary
        assert "HX-Request" in client.get(path).vary
        restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
        assert "<!doctype" in client.get(path, headers=restored).text

    def test_the_address_says_it_all_in_a_fixed_order(self, client: FlaskClient) -> None:
        page = client.get("/search?sort=title&country=KE&q=cash").text
        assert f'href="{HOME}/search?q=cash&amp;country=KE&amp;sort=title"' in page

    @pytest.mark.parametrize(
        "query",
        [
            "page=0", "page=-1", "page=99999", "page=x", "year.from=abc", "sort=worst", "q=%00",
            "q=%22", "q=(((", "theme=", "theme=unknown", "theme.mode=few", "x=y",
            "q=" + "a+" * 3000,
            "q=%ff%fe", "exact=1", "ui=zz",
        ],
    )  # fmt: skip
    def test_no_address_is_refused(self, client: FlaskClient, query: str) -> None:
        assert client.get(f"/search?{query}").status_code == 200


class TestSuggestions:
    def test_names_are_offered_with_kind_and_count(self, client: FlaskClient) -> None:
        page = client.get("/suggest?q=sat").text
        assert 'href="/technologies/satellite"' in page
        assert "<!doctype" not in page
        assert 'role="option"' in page

    @pytest.mark.parametrize("text", ["", "s", "%3Cscript%3E", "zzzzzz"])
    def test_nothing_is_offered_for_next_to_nothing(self, client: FlaskClient, text: str) -> None:
        assert "<a" not in client.get(f"/suggest?q={text}").text


class TestCase:
    PATH = "/cases/cash-by-phone"

    def test_it_tells_all_there_is(self, client: FlaskClient) -> None:
        page = client.get(self.PATH).text
        words = text_of(page)
        for part in (
            "Cash by phone in Kenya", "Since 2006", "1 million GBP", "Safaricom", "What went wrong",
            "3 million people", "10–20 shops", "before: 2 shops", "Payments Act", "Uganda",
            "It reached people without a bank.", "23 November 2026, due again on 23 November 2027",
            "Cite this case", "done again", "Take away", "On this page",
        ):  # fmt: skip
            assert part in words, part

    def test_what_went_wrong_has_a_place_of_its_own(self, client: FlaskClient) -> None:
        assert (
            '<section class="failure" aria-labelledby="s-what-went-wrong">'
            in client.get(self.PATH).text
        )

    def test_text_and_sources_are_linked_both_ways(self, client: FlaskClient) -> None:
        page = client.get(self.PATH).text
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids))
        inside = [a.attrib["href"][1:] for a in tree.iter("a") if a.attrib["href"].startswith("#")]
        assert {"source-1", "source-2", "ref-1-1"} <= set(inside)
        assert set(inside) <= set(ids)

    def test_a_series_is_drawn_without_styles_and_told_in_a_table(
        self, client: FlaskClient
    ) -> None:
        page = client.get(self.PATH).text
        assert '<figure class="chart">' in page
        assert "<rect" in page
        assert '<table class="figures">' in page
        assert "style=" not in page

    def test_machines_read_it_as_linked_data(self, client: FlaskClient) -> None:
        page = client.get(self.PATH).text
        inside = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        data = json.loads(inside)
        assert data["@id"] == f"{HOME}{self.PATH}"
        assert data["temporalCoverage"] == "2006/.."
        assert "<" not in inside

    def test_translations_are_linked_and_an_outdated_one_says_so(self, client: FlaskClient) -> None:
        page = client.get(self.PATH).text
        assert f'hreflang="fr" href="{HOME}{self.PATH}/fr"' in page
        french = client.get(f"{self.PATH}/fr")
        assert french.status_code == 200
        assert '<div lang="fr" dir="ltr">' in french.text
        assert "The original has changed" in french.text

    def test_similar_cases_are_offered(self, client: FlaskClient) -> None:
        page = client.get(self.PATH).text
        assert 'href="/cases/wallets-in-togo"' in page.partition("Similar cases")[2]

    def test_its_other_forms_are_the_file_and_data(self, client: FlaskClient) -> None:
        answer = client.get(f"{self.PATH}.md")
        assert answer.text == CASES["cash-by-phone"]
        assert answer.mimetype == "text/markdown"
        data = client.get(f"{self.PATH}.json").get_json()
        assert data["slug"] == "cash-by-phone"
        assert data["front"]["countries"] == ["KE", "TZ"]
        assert len(data["revision"]) == 12
        assert client.get(f"{self.PATH}/fr.json").get_json()["lang"] == "fr"
        assert client.get(f"{self.PATH}/fr.md").text == CASES["cash-by-phone.fr"]

    def test_its_text_is_valid_while_the_file_is_another_one(
        self, client: FlaskClient, content: Path
    ) -> None:
        shown = client.get(f"{self.PATH}.json").get_json()
        path = content / "cases" / "cash-by-phone.md"
        own = path.read_bytes()
        path.write_bytes(own.replace(b"Cash by", b"Money by"))
        try:
            text = client.get(f"{self.PATH}.md").text
        finally:
            path.write_bytes(own)
        again = parse(Key("case", "cash-by-phone"), text, factories.vocabularies())
        assert again.problems == ()
        assert (jsonable(again.front), again.body) == (shown["front"], shown["body"])


class TestBrowse:
    @pytest.mark.parametrize(
        ("path", "link"),
        [
            ("/themes", "/themes/gender-inclusion"),
            ("/technologies", "/technologies/satellite"),
            ("/regions", "/regions/western-africa"),
            ("/countries", "/countries/TG"),
            ("/sdgs", "/sdgs/1"),
            ("/action-lines", "/action-lines/C11"),
            ("/organisations", "/organisations/safaricom"),
            ("/beneficiaries", "/beneficiaries/women"),
        ],
    )
    def test_every_shelf_has_an_index_and_pages(
        self, client: FlaskClient, path: str, link: str
    ) -> None:
        assert f'href="{link}"' in client.get(path).text
        page = client.get(link)
        assert page.status_code == 200
        assert found(page.text)

    def test_a_region_shows_what_is_above_and_below_it(self, client: FlaskClient) -> None:
        page = client.get("/regions/africa").text
        assert 'href="/regions/western-africa"' in page
        assert 'href="/regions"' in page
        assert 'href="/regions/africa"' in client.get("/regions/western-africa").text
        assert 'href="/regions/world"' not in page

    def test_a_term_without_a_case_says_so(self, client: FlaskClient) -> None:
        page = client.get("/sdgs/5").text
        assert "No case here yet." in text_of(page)

    def test_a_page_beyond_the_last_does_not_fail(self, client: FlaskClient) -> None:
        assert client.get("/themes/e-health?page=50").status_code == 200


class TestPages:
    def test_a_page_is_shown_in_the_readers_language_where_it_can_be(
        self, client: FlaskClient
    ) -> None:
        assert "About this library" in client.get("/pages/about").text
        assert "À propos" in client.get("/pages/about?ui=fr").text
        assert "About this library" in client.get("/pages/about?ui=ar").text


class TestMachines:
    def test_alive_and_ready(self, client: FlaskClient) -> None:
        assert client.get("/healthz").text == "ok\n"
        assert client.get("/readyz").text == "ready\n"

    def test_crawlers_are_kept_from_endless_filters(self, client: FlaskClient) -> None:
        assert "Disallow: /search?" in client.get("/robots.txt").text

    def test_the_old_name_of_the_mark_leads_to_it(self, client: FlaskClient) -> None:
        assert client.get("/favicon.ico").headers["Location"].endswith("/mark.svg")


class TestFirstRun:
    def test_an_empty_library_says_what_to_do(self, tmp_path: Path) -> None:
        content = factories.content_folder(tmp_path / "content")
        empty = visitor(create_app(Settings(), Library.open(content, tmp_path / "var")))
        assert "There are no cases yet." in text_of(empty.get("/").text)
        for path in ("/search", "/search?q=cash", "/themes", "/regions", "/themes/e-health"):
            assert empty.get(path).status_code == 200
