"""The search page: filters, ways out of an empty search, other views, suggestions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.hits import FacetValue, Suggestion
from indexer.library import Library
from indexer.query import Query
from kb.app import create_app
from kb.present.filters import panels
from kb.present.finder import suggest_fragment
from kb.present.words import Reader
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import visitor
from tests.kb.test_views import found, text_of


def tree_of(client: FlaskClient, path: str) -> Element:
    tree: Element = html5lib.parse(client.get(path).text, namespaceHTMLElements=False)
    return tree


def one(tree: Element, path: str) -> Element:
    (element,) = tree.findall(path)
    return element


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def links(tree: Element, path: str) -> dict[str, str]:
    return {words(link): link.attrib["href"] for link in tree.findall(f"{path}//a")}


class TestFilters:
    def test_places_are_a_tree_that_unfolds_without_being_chosen(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search")
        africa = one(tree, ".//details[@id='in-africa']")
        assert "open" not in africa.attrib
        assert words(one(africa, "./summary")) == "Parts of Africa"
        inside = [box.attrib["value"] for box in africa.findall(".//input")]
        assert inside == ["western-africa", "eastern-africa"]

    def test_the_way_to_a_chosen_place_is_open(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?region=western-africa")
        assert "open" in one(tree, ".//details[@id='in-africa']").attrib

    def test_groups_of_countries_stand_apart_and_beside_any_area(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?region=africa&region=ldc&region.mode=all")
        assert words(one(tree, ".//p[@id='groups-region']")) == "Groups of countries"
        for chosen in ("africa", "ldc"):
            assert "checked" in one(tree, f".//input[@id='f-region-{chosen}']").attrib
        assert not one(tree, ".//details[@id='in-africa']").findall(".//input[@value='ldc']")

    def test_where_areas_are_left_out_the_larger_leaves_out_the_smaller(
        self, client: FlaskClient
    ) -> None:
        path = "/search?region=africa&region=western-africa&region.mode=none"
        assert found(client.get(path).text) == []

    def test_the_whole_world_narrows_nothing(self, client: FlaskClient) -> None:
        page = client.get("/search?region=world&q=").text
        assert len(found(page)) == 3
        assert "Filters in use" not in page

    def test_a_value_that_nobody_knows_is_named_shortly_and_can_be_taken_away(
        self, client: FlaskClient
    ) -> None:
        tree = tree_of(client, "/search?theme=" + "x" * 3000)
        (chip, _) = links(tree, ".//ul[@class='chips']")
        assert len(chip) < 150
        assert links(tree, ".//ul[@class='drops']").popitem()[1] == "/search"

    def test_what_a_case_has_one_of_cannot_be_asked_for_twice(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search")
        modes = {
            facet: [
                option.attrib["value"] for option in tree.findall(f".//select[@id='{facet}']/*")
            ]
            for facet in ("mode-theme", "mode-outcome", "mode-funding", "mode-organisation")
        }
        every, single = ["any", "all", "none"], ["any", "none"]
        assert modes == {"mode-theme": every, "mode-outcome": single, "mode-funding": single,
                         "mode-organisation": every}  # fmt: skip

    @pytest.mark.parametrize("facet", ["outcome=failed", "funding=yes", "technology=satellite"])
    def test_any_of_and_none_of_share_out_the_cases(self, client: FlaskClient, facet: str) -> None:
        every = set(found(client.get("/search").text))
        name = facet.partition("=")[0]
        having = set(found(client.get(f"/search?{facet}").text))
        lacking = set(found(client.get(f"/search?{facet}&{name}.mode=none").text))
        assert having and lacking
        assert having | lacking == every and not having & lacking

    def test_a_link_leads_past_the_filters(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search")
        assert links(tree, ".//div[@class='panel']")["Skip the filters"] == "#results"
        assert one(tree, ".//*[@id='results']").attrib["tabindex"] == "-1"

    def test_every_filter_in_use_stays_in_the_form(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?organisation=safaricom&q=cash")
        box = one(tree, ".//input[@name='organisation'][@checked]")
        assert box.attrib["value"] == "safaricom"

    def test_a_facet_of_very_many_values_leads_to_all_of_them(
        self, app: Flask, library: Library
    ) -> None:
        values = [FacetValue(f"o{n}", 1, n == 44) for n in range(45)]
        with app.test_request_context():
            reader = Reader("en", library.vocabularies)
            (panel,) = panels({"organisation": values}, Query(), reader)
        assert len(panel.options + panel.more) == 40
        assert panel.options[0].value == "o44", "what is chosen is never left out"
        assert panel.rest is not None and panel.rest.url == "/organisations"

    def test_years_the_wrong_way_round_are_turned(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?year.from=2004&year.to=2001")
        assert one(tree, ".//input[@id='year-from']").attrib["value"] == "2001"
        assert "Remove 2001–2004 ×" in links(tree, ".//ul[@class='chips']")

    def test_ticking_a_case_to_compare_is_no_new_search(self, client: FlaskClient) -> None:
        form = one(tree_of(client, "/search"), ".//form[@class='finder']")
        assert form.attrib["hx-trigger"] == "submit, change target:(.panel *, #sort)"


class TestViews:
    QUERY = "q=cash&theme=digital-payments&theme=e-health&theme.mode=none&year.from=2001&sort=title"

    def test_list_map_and_matrix_keep_the_whole_query(self, client: FlaskClient) -> None:
        tree = tree_of(client, f"/search?{self.QUERY}&page=2&exact=1")
        views = one(tree, ".//nav[@class='views']")
        assert links(views, ".") == {
            "List": f"/search?{self.QUERY}&exact=1",
            "Map": f"/map?{self.QUERY}&exact=1",
            "Matrix": f"/matrix?{self.QUERY}&exact=1",
        }
        assert words(one(views, ".//a[@aria-current]")) == "List"


class TestTaking:
    QUERY = "q=cash&country=KE&sort=title"

    def test_the_list_is_taken_away_by_its_own_address(self, client: FlaskClient) -> None:
        tree = tree_of(client, f"/search?{self.QUERY}")
        ways = links(tree, ".//details[@class='take']").values()
        assert {f"/search.{end}?{self.QUERY}" for end in ("csv", "xlsx", "bib", "zip")} <= set(ways)
        assert f"/search.atom?{self.QUERY}" in ways

    def test_the_feed_is_found_by_readers_of_feeds(self, client: FlaskClient) -> None:
        tree = tree_of(client, f"/search?{self.QUERY}")
        feed = one(tree, ".//link[@type='application/atom+xml']")
        assert feed.attrib["href"] == f"/search.atom?{self.QUERY}"
        assert feed.attrib["rel"] == "alternate"
        assert "cash" in feed.attrib["title"]

    def test_an_empty_list_has_nothing_to_take_away_but_news(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?theme=e-health&country=KE")
        assert not tree.findall(".//details[@class='take']")
        assert tree.findall(".//link[@type='application/atom+xml']")

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_every_case_can_be_kept_and_compared(
        self, client: FlaskClient, headers: dict[str, str]
    ) -> None:
        page = client.get("/search?q=phone", headers=headers).text
        slugs = [url.rpartition("/")[2] for url in found(page)]
        assert slugs
        for slug in slugs:
            assert f'form="keep" id="keep-{slug}"' in page
            assert f'form="compare" name="case" value="{slug}"' in page


class TestTyped:
    def test_what_was_insisted_on_stays_so_at_every_further_choice(
        self, client: FlaskClient
    ) -> None:
        tree = tree_of(client, "/search?q=satelite&theme=e-health&exact=1")
        assert one(tree, ".//input[@name='exact']").attrib["value"] == "satelite"
        for label, url in links(tree, ".//ul[@class='chips']").items():
            assert url.endswith("&exact=1"), label

    def test_another_question_in_the_same_form_is_read_anew(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?q=satellite&exact=satelite")
        assert not tree.findall(".//input[@name='exact']")

    def test_the_other_spelling_is_offered_with_what_it_finds(self, client: FlaskClient) -> None:
        page = client.get("/search?q=satelite&exact=1").text
        assert "Did you mean satellite? 1 case" in text_of(page)
        assert 'href="/search?q=satellite"' in page

    def test_a_long_question_does_not_fill_the_title(self, client: FlaskClient) -> None:
        question = "zzxq " * 400
        tree = tree_of(client, f"/search?q={quote(question)}")
        assert len(words(one(tree, ".//title"))) < 120
        assert len(words(tree.findall(".//div[@class='nothing']/p")[0])) < 140
        assert one(tree, ".//input[@id='q']").attrib["value"] == question.strip()


class TestNothing:
    def test_the_nearest_filters_to_drop_say_how_many_cases_come_back(
        self, client: FlaskClient
    ) -> None:
        tree = tree_of(client, "/search?theme=e-health&country=KE&year.from=2001")
        told = one(tree, ".//ul[@class='drops']")
        for row in told.findall("li"):
            url = one(row, "./a").attrib["href"]
            number = words(one(row, "./span"))
            assert words(one(tree_of(client, url), ".//div[@class='bar']/h2")) == number
        assert len(told) == 2

    def test_the_words_may_be_what_is_too_much(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?country=KE&q=zzxq")
        ways = links(tree, ".//ul[@class='drops']")
        assert ways == {"without the words, under the same filters": "/search?country=KE"}

    def test_two_filters_are_named_together_where_one_is_not_enough(
        self, client: FlaskClient
    ) -> None:
        tree = tree_of(client, "/search?theme=e-health&country=KE&year.to=1950")
        ways = links(tree, ".//ul[@class='drops']")
        assert "without “Kenya” and without “…–1950”" in ways
        assert ways["without “Kenya” and without “…–1950”"] == "/search?theme=e-health"

    def test_names_with_such_words_are_offered(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?q=%22Togolese+satellites%22")
        ways = links(tree, ".//ul[@class='named']")
        assert "/technologies/satellite" in ways.values()
        assert "/cases/clinic-by-satellite" in ways.values()

    def test_themes_lead_on_even_from_nonsense(self, client: FlaskClient) -> None:
        tree = tree_of(client, "/search?q=zzxq+fnord")
        assert "/themes/e-health" in links(tree, ".//div[@class='nothing']").values()

    def test_an_empty_library_says_so_and_offers_no_way_that_leads_nowhere(
        self, tmp_path: Path
    ) -> None:
        root = factories.content_folder(tmp_path / "content")
        library = Library.open(root, tmp_path / "var")
        client = visitor(create_app(Settings(content=root, data=tmp_path / "data"), library))
        nothing = one(tree_of(client, "/search"), ".//div[@class='nothing']")
        assert words(nothing) == "There is no case in this library yet."


class TestPages:
    @pytest.fixture(scope="class")
    @classmethod
    def many(cls, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
        root = tmp_path_factory.mktemp("many")
        cases = {
            f"case-{n}": factories.case_text(title=f"Cash by phone in village {n}")
            for n in range(45)
        }
        factories.content_folder(root, cases)
        library = Library.open(root, tmp_path_factory.mktemp("var"))
        return visitor(create_app(Settings(content=root, data=root / "data"), library))

    def test_each_page_says_which_cases_it_shows(self, many: FlaskClient) -> None:
        spans = [
            words(one(tree_of(many, f"/search?page={n}"), ".//div[@class='bar']/span"))
            for n in (1, 2, 3)
        ]
        assert spans == ["1 to 20", "21 to 40", "41 to 45"]
        assert "Search the cases, page 2" in words(one(tree_of(many, "/search?page=2"), ".//title"))

    @pytest.mark.parametrize("query", ["", "q=cash&", "sort=newest&", "sort=start&", "sort=title&"])
    def test_pages_of_equal_cases_hold_each_of_them_once(
        self, many: FlaskClient, query: str
    ) -> None:
        urls = [url for n in (1, 2, 3) for url in found(many.get(f"/search?{query}page={n}").text)]
        assert len(set(urls)) == len(urls) == 45


class TestSuggestions:
    def test_they_are_options_of_a_list_that_a_combobox_can_walk_through(
        self, client: FlaskClient
    ) -> None:
        fragment = html5lib.parseFragment(
            client.get("/suggest?q=sat").text, namespaceHTMLElements=False
        )
        offered = one(fragment, ".//div[@role='listbox']")
        options = offered.findall("./a[@role='option']")
        assert [option.attrib["id"] for option in options] == ["offered-1", "offered-2"]
        assert {option.attrib["tabindex"] for option in options} == {"-1"}
        assert "1 case" in words(options[0])
        told = one(fragment, ".//p[@id='suggested']")
        assert words(told) == "2 suggestions"

    def test_another_name_that_fits_is_told(self, app: Flask, library: Library) -> None:
        fits = Suggestion("theme", "e-health", "E health", 2, called="telemedicine")
        with app.test_request_context():
            (offered,) = suggest_fragment([fits], Reader("en", library.vocabularies)).suggestions
        assert offered.note == "also “telemedicine” · Theme · 2 cases"

    def test_the_region_that_tells_of_them_is_there_before_they_are(
        self, client: FlaskClient
    ) -> None:
        for path in ("/", "/search"):
            told = one(tree_of(client, path), ".//p[@id='suggested']")
            assert told.attrib["role"] == "status"


def test_no_search_page_is_served_with_a_cookie_or_opens_the_database(
    client_with: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    client = client_with(data=tmp_path / "data")
    for path in ("/search", "/search?q=zzxq&country=KE", "/suggest?q=sat"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public")
    assert not (tmp_path / "data").exists()
