"""Reading packs: found, read item by item, presented, used in class, framed by others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from kb.access import Person
from kb.forms.packs import framed_of, pack_query_of, size_of
from kb.present.pack_screens import lessons
from kb.present.pack_words import clock, iso_duration, lasting
from kb.present.words import Reader
from kb.services.desk import Desk
from kb.services.editing import begin
from kb.services.packs import NoSuchPack
from kb.services.sharing import share, shares, unshare
from kb.services.squares import named_short, short_name, squares
from kb.wire import HEADERS
from tests import factories
from tests.kb.conftest import HOME, PACKS
from tests.kb.test_linked_data import data_of
from tests.kb.vocabulary import faults
from tests.people import database_of, signed_in

PACK = "/packs/paying-people"


# The list -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/packs", True),
        ("/packs?q=paying+people", True),
        ("/packs?for=regulators", True),
        ("/packs?for=programme+regul", True),
        ("/packs?for=nurses", False),
        ("/packs?level=introductory", True),
        ("/packs?level=advanced", False),
        ("/packs?length=half-day", True),
        ("/packs?length=day", False),
        ("/packs?theme=e-health", True),
        ("/packs?country=EE", False),
        ("/packs?theme=e-health&for=regulators&level=introductory", True),
    ],
)
def test_packs_are_found_by_words_by_their_cases_by_level_length_and_audience(
    client: FlaskClient, path: str, there: bool
) -> None:
    page = client.get(path).text
    assert ("Paying people without a bank" in page) == there
    assert ("1 pack<" in page) == there


def test_the_list_tells_how_long_how_hard_and_for_whom_a_pack_is(client: FlaskClient) -> None:
    page = client.get("/packs").text
    assert "3 cases · 1 hour 10 minutes · Introductory" in page
    assert "Regulators and programme staff" in page


def test_filters_in_use_can_be_taken_away_one_by_one(client: FlaskClient) -> None:
    page = client.get("/packs?level=introductory&for=regulators").text
    assert 'href="/packs?for=regulators"' in page
    assert 'href="/packs?level=introductory"' in page


@pytest.mark.parametrize(
    ("pairs", "audience"),
    [([], ""), ([("for", "  a\t b ")], "a b"), ([("for", "x" * 500)], "x" * 100)],
)
def test_an_audience_is_read_as_words(pairs: list[tuple[str, str]], audience: str) -> None:
    regions = factories.vocabularies().regions
    assert pack_query_of(pairs, regions)[1] == audience


def test_counts_beside_the_filters_are_those_of_the_audience(client: FlaskClient) -> None:
    found = client.get("/packs?for=regulators&level=advanced").text
    assert re.search(r'value="introductory"[^>]*>\s*<span[^>]*>Introductory</span> '
                     r'<span class="count">1<', found)  # fmt: skip
    # and those of its cases
    assert 'value="e-health"' in client.get("/packs?for=regulators").text
    assert "Introductory" not in client.get("/packs?for=nurses").text


# The pack -----------------------------------------------------------------------------------


def test_a_pack_shows_its_aims_its_plan_and_what_to_look_for(client: FlaskClient) -> None:
    page = client.get(PACK).text
    for told in ("Choose a way to pay", "Nothing but curiosity", "Who is left out?", "Ama Mensah",
                 "1 hour 10 minutes", "0:25", "<strong>a story</strong>", "Introductory",
                 f'href="{PACK}/2"', f'href="{PACK}/present"', f'href="{PACK}/fork"'):  # fmt: skip
        assert told in page, told
    assert "was withdrawn" in page
    assert f'href="{PACK}/3"' not in page  # the withdrawn case has no text


def test_notes_are_for_teachers_unless_the_trainer_opens_them(
    client: FlaskClient, desk: Flask, ama: Person
) -> None:
    for path in (PACK, f"{PACK}/1"):
        assert "count the shops" not in client.get(path).text
        teacher, _ = signed_in(desk, ama)
        answer = teacher.get(path)
        assert "count the shops" in answer.text
        assert "public" not in answer.headers["Cache-Control"]


def test_a_pack_is_public_and_opens_no_database(make: Callable[..., Flask]) -> None:
    app = make()
    client = app.test_client(use_cookies=False)
    for path in (PACK, f"{PACK}/1", f"{PACK}/present", f"{PACK}/class", f"/embed{PACK}", "/packs"):
        answer = client.get(path, base_url=HOME)
        assert answer.headers["Cache-Control"].startswith("public")
        assert "Set-Cookie" not in answer.headers
    assert not (app.extensions["sankofa.settings"].data).exists()


def test_a_translation_names_its_original_and_that_it_is_behind(client: FlaskClient) -> None:
    page = client.get(f"{PACK}/fr").text
    assert "Payer sans banque" in page
    assert "The original has changed" in page
    assert f'hreflang="x-default" href="{HOME}{PACK}"' in page
    assert f'href="{PACK}/fr/1"' in page


def test_an_item_shows_the_case_with_the_ways_on_and_back(client: FlaskClient) -> None:
    first, second = client.get(f"{PACK}/1").text, client.get(f"{PACK}/2").text
    assert "Case 1 of 3" in first
    assert 'rel="prev"' not in first
    assert f'href="{PACK}/2" rel="next"' in first
    assert f'href="{PACK}/1" rel="prev"' in second
    assert "Nurses in far clinics" in second
    assert f'<link rel="canonical" href="{HOME}/cases/clinic-by-satellite">' in second
    last = client.get(f"{PACK}/3").text
    assert "was withdrawn" in last
    assert "Vouchers" not in last


@pytest.mark.parametrize("rest", ["/0", "/4", "/de", "/de/1", "/present/0", "/present/999"])
def test_what_a_pack_does_not_have_is_not_found(client: FlaskClient, rest: str) -> None:
    assert client.get(PACK + rest).status_code == 404


def test_a_case_names_the_packs_that_use_it_and_home_the_newest(client: FlaskClient) -> None:
    assert f'href="{PACK}"' in client.get("/cases/cash-by-phone").text
    assert f'href="{PACK}/fr"' in client.get("/cases/cash-by-phone/fr").text
    assert "In these packs" not in client.get("/cases/wallets-in-togo").text
    assert f'href="{PACK}"' in client.get("/").text


def test_packs_are_in_the_sitemap_with_their_languages(client: FlaskClient) -> None:
    found = client.get("/sitemap.xml").text
    assert f"<loc>{HOME}{PACK}</loc>" in found
    assert f'hreflang="fr" href="{HOME}{PACK}/fr"' in found
    assert f"<loc>{HOME}/packs</loc>" in found


def test_the_data_of_a_pack_is_in_the_words_of_schema_org(client: FlaskClient) -> None:
    data = data_of(client, PACK)
    assert list(faults(data)) == []
    assert data["@type"] == "LearningResource"
    assert data["timeRequired"] == "PT1H10M"
    assert data["teaches"] == ["Choose a way to pay", "Name what fails"]
    assert [part["position"] for part in data["hasPart"]] == [1, 2]
    assert "note" not in json.dumps(data)
    assert list(faults(data_of(client, f"{PACK}/fr"))) == []


# On the wall ----------------------------------------------------------------------------------


def test_a_presentation_goes_point_by_point_from_the_first_screen_to_the_last(
    client: FlaskClient,
) -> None:
    path, seen, headings = f"{PACK}/present", [], []
    while path:
        page = client.get(path).text
        headings += re.findall(r"<h1>(.*?)</h1>", page)
        seen.append(path)
        found = re.search(r'<a href="([^"]+)" rel="next"', page)
        path = found[1] if found else ""
    assert len(seen) == len(set(seen)) == len(headings)
    for told in ("Paying people without a bank", "Choose a way to pay", "The phone",
                 "Cash by phone in Kenya", "1,200 people", "Who is left out?",
                 "Thank you"):  # fmt: skip
        assert told in headings, told
    assert "count the shops" not in "".join(client.get(one).text for one in seen)
    assert "noindex" in client.get(f"{PACK}/present").text


@pytest.mark.parametrize(
    ("body", "lang", "expected"),
    [
        ("## Lessons\n\n- One. Two [1].\n- **Three.** Four\n\n## Context\n\nNo.\n", "en",
         [("One.", "Two."), ("Three.", "Four")]),
        ("## Context\n\nNo.\n\n## Lessons\n\nA whole paragraph.\n", "en",
         [("A whole paragraph.", "")]),
        ("## Enseignements\n\n- Un. Deux\n", "fr", [("Un.", "Deux")]),
        ("Nothing at all.", "en", []),
    ],
)  # fmt: skip
def test_lessons_are_read_as_points(body: str, lang: str, expected: list[tuple[str, str]]) -> None:
    assert lessons(body, lang) == expected


# In class -------------------------------------------------------------------------------------


def test_the_class_answers_where_nothing_can_be_sent(client: FlaskClient) -> None:
    page = client.get(f"{PACK}/class").text
    room = page.partition('id="classroom"')[2].partition("</main>")[0]
    assert room.count("<textarea") == 3
    assert "<form" not in room
    assert "name=" not in room.replace("data-name=", "")
    assert "count the shops" not in page
    assert len(set(re.findall(r'<textarea id="([^"]+)"', room))) == 3


def test_a_short_address_leads_to_the_class(client: FlaskClient) -> None:
    page = client.get(f"{PACK}/join").text
    short = re.search(rf'href="{HOME}(/p/[a-z2-7]+)"', page)
    assert short
    answer = client.get(short[1])
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PACK}/class")
    assert client.get(short[1].upper().replace("/P/", "/p/")).status_code == 302
    assert client.get("/p/aaaaaa").status_code == 404
    french = re.search(rf'href="{HOME}(/p/[a-z2-7]+)"', client.get(f"{PACK}/fr/join").text)
    assert french
    assert client.get(french[1]).headers["Location"] == f"{PACK}/fr/class"


def test_short_names_are_stable_and_told_apart() -> None:
    assert short_name("paying-people") == short_name("paying-people")
    names = [f"pack-{number}" for number in range(200)]
    assert all(named_short(short_name(name), names) == (name,) for name in names)
    assert len(squares("https://example.org/p/abcdef")) >= 21


# On the pages of others -------------------------------------------------------------------------


def test_a_frame_may_stand_on_any_site_and_the_other_pages_on_none(client: FlaskClient) -> None:
    framed = client.get(f"/embed{PACK}").headers
    assert "frame-ancestors http: https:" in framed["Content-Security-Policy"]
    assert "script-src 'none'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "public" in framed["Cache-Control"]
    for path in (PACK, f"{PACK}/present", "/embed/packs/none", "/embed/packs/paying-people/de"):
        answer = client.get(path)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_frame_is_for_everybody_also_for_whoever_is_signed_in(desk: Flask, ama: Person) -> None:
    teacher, _ = signed_in(desk, ama)
    page = teacher.get(f"/embed{PACK}").text
    assert "Ama" not in page
    assert "count the shops" not in page


def test_a_frame_is_discovered_and_told_as_json_and_as_xml(client: FlaskClient) -> None:
    page = client.get(PACK).text
    found = re.search(r'type="application/json\+oembed"[^>]*href="([^"]+)"', page)
    assert found
    told = client.get(found[1].replace("&amp;", "&")).json
    assert told["version"] == "1.0"
    assert told["type"] == "rich"
    assert f'src="{HOME}/embed{PACK}"' in told["html"]
    url = quote(f"{HOME}{PACK}", safe="")
    small = client.get(f"/oembed?url={url}&maxwidth=300&maxheight=200").json
    assert (small["width"], small["height"]) == (300, 200)
    xml = client.get(f"/oembed?url={url}&format=xml")
    assert xml.mimetype == "text/xml"
    assert "&lt;iframe" in xml.text
    assert client.get(f"/oembed?url={url}&format=yaml").status_code == 501


@pytest.mark.parametrize(
    "url", ["", "x", "http://evil.example/packs/a", f"{HOME}/cases/a", f"{HOME}/packs/a/b/c",
            f"{HOME}/packs/none", f"{HOME}/packs/%2e%2e/x", "//", "http://[", "javascript:1"],
)  # fmt: skip
def test_nothing_else_is_framed(client: FlaskClient, url: str) -> None:
    assert client.get(f"/oembed?url={quote(url, safe='')}").status_code == 404


def test_the_address_of_a_pack_is_read_with_its_language() -> None:
    assert framed_of(f"{HOME}/packs/a-b/zh-Hant", HOME) == ("a-b", "zh-Hant")
    with pytest.raises(NoSuchPack):
        framed_of(f"{HOME}/packs/a-b", "https://example.org")
    assert size_of({"maxwidth": "300", "maxheight": "-1"}) == (300, 0)


def test_the_list_of_links_is_whole_and_absolute(client: FlaskClient) -> None:
    page = client.get(f"{PACK}/share").text
    for path in (PACK, f"{PACK}/1", f"{PACK}/2"):
        assert f'href="{HOME}{path}"' in page
    assert "&lt;iframe src=" in page


# Words ----------------------------------------------------------------------------------------


def test_durations_are_told_in_words_on_a_clock_and_to_machines(library: Library) -> None:
    reader = Reader("en", library.vocabularies)
    assert [lasting(n, reader) for n in (0, 45, 60, 185)] == [
        "", "45 minutes", "1 hour", "3 hours 5 minutes"]  # fmt: skip
    assert [clock(n) for n in (0, 25, 135)] == ["0:00", "0:25", "2:15"]
    assert [iso_duration(n) for n in (0, 45, 60, 185)] == ["", "PT45M", "PT1H", "PT3H5M"]


# By a secret address -----------------------------------------------------------------------------


def shared(app: Flask, person: Person) -> tuple[Desk, str, str]:
    """A desk, the draft of a pack on it, and the secret of a link to it."""
    desk = Desk(database_of(app), app.extensions["sankofa.opening"].library(), app.extensions[
        "sankofa.settings"])  # fmt: skip
    text = PACKS["paying-people"].replace("Paying people without", "Not yet public, without")
    draft = begin(desk, person, None, "pack", text)
    return desk, draft.token, share(desk, person, draft.token)


def test_whoever_has_the_secret_address_reads_a_pack_that_nobody_keeps(
    desk: Flask, ama: Person
) -> None:
    _, token, secret = shared(desk, ama)
    client = desk.test_client(use_cookies=False)
    base = f"/packs/shared/{secret}"
    for rest in ("", "/1", "/present", "/present/2", "/class", "/join"):
        answer = client.get(base + rest, base_url=HOME)
        assert answer.status_code == 200, rest
        assert "Not yet public" in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert 'content="noindex' in answer.text
        assert token not in answer.text
        assert "count the shops" not in answer.text
        assert "Set-Cookie" not in answer.headers
    page = client.get(base, base_url=HOME).text
    assert f'href="{base}/1"' in page
    assert "ld+json" not in page
    assert "oembed" not in page
    assert f'href="{base}/2"' in client.get(f"{base}/1", base_url=HOME).text
    assert f"{HOME}{base}/class" in client.get(f"{base}/join", base_url=HOME).text
    assert secret not in client.get(f"{base}/class", base_url=HOME).text.partition(
        'data-name="')[2].partition('"')[0]  # fmt: skip
    assert "Not yet public" not in client.get("/packs", base_url=HOME).text


def test_a_link_that_was_revoked_leads_nowhere_and_is_not_kept_either(
    desk: Flask, ama: Person
) -> None:
    made, token, secret = shared(desk, ama)
    unshare(made, ama, token, shares(made, ama, token)[0].id)
    client = desk.test_client(use_cookies=False)
    for address in (f"/packs/shared/{secret}", f"/packs/shared/{secret}/1", "/packs/shared/x"):
        answer = client.get(address, base_url=HOME)
        assert answer.status_code == 404
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Not yet public" not in answer.text


def test_every_way_within_a_case_of_a_pack_leads_somewhere_on_its_page(client: FlaskClient) -> None:
    page = client.get(f"{PACK}/1").text
    ways = set(re.findall(r'href="#([^"]+)"', page))
    assert "source-1" in ways
    assert ways <= set(re.findall(r'\sid="([^"]+)"', page))
