"""The pages about saved searches, from a page of results to the feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as Tree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library
from indexer.values import Key
from kb.access import ROLES, Person
from kb.app import create_app
from kb.records import saved as records
from kb.records.database import now
from kb.services import alerts
from kb.services.alerts import MOST
from kb.services.desk import Desk
from kb.services.opening import Opening
from kb.settings import Settings
from tests.kb.conftest import HOME, visitor
from tests.kb.test_views import text_of
from tests.people import PASSWORD, Browser, add_person, browser, database_of, signed_in

ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/search?q=cash+by+phone&theme=digital-payments&theme=e-health&theme.mode=any&year.to=2020"
KEPT = "q=cash+by+phone&theme=digital-payments&theme=e-health&year.to=2020"


@pytest.fixture
def app(tmp_path: Path, settings: Settings, library: Library) -> Iterator[Flask]:
    made = create_app(
        Settings(
            content=settings.content, data=tmp_path / "data", languages=("en", "fr"),
            registration="open",
        ),
        library,
    )  # fmt: skip
    yield made
    database_of(made).close()


@pytest.fixture
def ama(app: Flask) -> Person:
    return add_person(database_of(app), ROLES[0], "Ama", "ama@example.org")


@pytest.fixture
def client(app: Flask, ama: Person) -> Browser:
    return signed_in(app, ama)[0]


@pytest.fixture
def desk(app: Flask, library: Library) -> Desk:
    return Desk(database_of(app), library, app.extensions["sankofa.settings"])


def way(client: FlaskClient, path: str = PATH) -> str:
    """Where “Tell me what is new here” leads from a page of results."""
    found = re.search(r'href="(/alerts/new[^"]*)" rel="nofollow">Tell me', client.get(path).text)
    assert found
    return unescape(found[1])


def save(client: Browser, path: str = PATH, **form: str) -> Any:
    page = way(client, path)
    query = re.search(r'name="query" value="([^"]*)"', client.get(page).text)
    assert query
    sent = {"query": unescape(query[1]), "title": "Cash", "pace": "day", **form}
    return client.send("/alerts", sent, page)


def found(
    desk: Desk, token: str, how: str = "new", slug: str = "cash-by-phone", **why: Any
) -> None:
    reason = {"title": "Cash by phone in Kenya", "lang": "en", "words": ["cash"], "names": [],
              "meaning": True, **why}  # fmt: skip
    with desk.database.writing() as connection:
        search = records.named(connection, token)
        assert search is not None
        rows = [(Key("case", slug), f"{now():%f%S%M}"[:12], how, reason)]
        records.add_found(connection, search.id, now(), rows)


def entries(client: FlaskClient, path: str) -> tuple[Tree.Element, list[Tree.Element]]:
    answer = client.get(path)
    assert answer.status_code == 200
    feed = Tree.fromstring(answer.data)
    return feed, feed.findall(f"{ATOM}entry")


class TestTheWayThere:
    def test_the_page_of_results_offers_it_with_the_whole_query(self, app: Flask) -> None:
        client = visitor(app)
        assert way(client) == f"/alerts/new?{KEPT}"
        assert way(client, f"{PATH}&sort=newest&page=2") == f"/alerts/new?{KEPT}"
        assert way(client, "/search") == "/alerts/new"
        assert way(client, "/search?q=no+such+thing+zzxq") == "/alerts/new?q=no+such+thing+zzxq"

    def test_a_corrected_text_is_the_one_that_is_saved(self, app: Flask) -> None:
        """What was shown is what one will hear of."""
        page = visitor(app).get("/search?q=satelite").text
        assert "Showing results for" in page
        assert way(visitor(app), "/search?q=satelite") == "/alerts/new?q=satellite"
        assert way(visitor(app), "/search?q=satelite&exact=1") == "/alerts/new?q=satelite"

    def test_it_is_in_what_htmx_replaces(self, app: Flask) -> None:
        part = visitor(app).get(PATH, headers={"HX-Request": "true"}).text
        assert f'href="/alerts/new?{KEPT.replace("&", "&amp;")}"' in part

    def test_a_visitor_is_led_through_the_door_and_back_with_the_query(
        self, app: Flask, ama: Person
    ) -> None:
        client = browser(app)
        answer = client.get(way(client))
        assert answer.status_code == 303
        place = answer.headers["Location"]
        assert parse_qs(urlsplit(place).query)["next"] == [f"/alerts/new?{KEPT}"]
        page = client.get(place).text
        assert "the search that you came from is kept" in text_of(page)
        form = {"email": ama.email, "password": PASSWORD, "next": f"/alerts/new?{KEPT}"}
        answer = client.send("/account/sign-in", form, place)
        assert answer.headers["Location"] == f"/alerts/new?{KEPT}"
        words = text_of(client.get(answer.headers["Location"]).text)
        assert "The words cash, phone and their meaning" in words


class TestSaving:
    def test_the_form_is_filled_in(self, client: Browser) -> None:
        page = client.get(way(client)).text
        title = "cash by phone · Digital payments · E health · until 2020"
        assert f'name="title" type="text" value="{title}"' in page
        assert "Theme: Digital payments or E health; Years: until 2020" in text_of(page)
        assert re.search(r'value="day" checked', page)

    def test_saved_it_stands_in_the_list(self, client: Browser) -> None:
        answer = save(client, title="Cash  for all ", pace="week")
        assert answer.headers["Location"] == "/alerts?done=saved"
        answer = client.get("/alerts?done=saved")
        assert answer.headers["Cache-Control"] == "no-store"
        words = text_of(answer.text)
        assert "Saved. What is new here from now on will be told." in words
        assert "Cash for all" in words
        assert "By mail, at most once a week · nothing new so far" in words
        assert f'href="/search?{KEPT.replace("&", "&amp;")}"' in answer.text

    def test_saved_twice_it_is_there_once(self, client: Browser, desk: Desk, ama: Person) -> None:
        save(client)
        answer = save(client, f"{PATH}&sort=title", title="Other")
        assert answer.headers["Location"] == "/alerts?done=there"
        assert "nothing was changed" in text_of(client.get("/alerts?done=there").text)
        assert [one.saved.title for one in alerts.mine(desk, ama)] == ["Cash"]

    def test_a_title_is_needed_and_what_was_chosen_stays(self, client: Browser) -> None:
        for title in ("", " \t", "x" * 201):
            answer = save(client, title=title, pace="week")
            assert answer.status_code == 422
            assert "Enter a title of at most 200 characters." in text_of(answer.text)
            assert re.search(r'value="week" checked', answer.text)
            assert f'name="query" value="{KEPT.replace("&", "&amp;")}"' in answer.text

    def test_more_than_the_most_is_told_clearly(
        self, client: Browser, desk: Desk, ama: Person
    ) -> None:
        for number in range(MOST):
            alerts.save(desk, ama, alerts.Query(text=f"cash {number}"), f"{number}", "day")
        answer = save(client)
        assert answer.status_code == 422
        assert f"You have saved {MOST} searches, the most that one person may have" in text_of(
            answer.text
        )

    def test_a_search_that_is_too_long_is_told_clearly(self, client: Browser) -> None:
        answer = save(client, query=f"q={'x' * 5000}")
        assert answer.status_code == 422
        assert "too long to be saved" in text_of(answer.text)

    @pytest.mark.parametrize(
        "query", ["", "page=99&sort=title", "q=%00%ff&theme=no-such&year.from=x", "nonsense", "&=&"]
    )
    def test_whatever_stands_in_the_form_makes_a_search(
        self, client: Browser, desk: Desk, ama: Person, query: str
    ) -> None:
        assert save(client, query=query, pace="hourly").status_code == 303
        assert client.get("/alerts").status_code == 200
        token = alerts.mine(desk, ama)[0].saved.token
        assert client.get(f"/alerts/{token}.atom").status_code == 200

    def test_signed_out_meanwhile_nothing_is_lost(self, app: Flask, ama: Person) -> None:
        form = {"query": KEPT, "title": "Cash", "pace": "week"}
        answer = browser(app).post("/alerts", data=form)
        assert answer.status_code == 401
        assert 'name="kept:title" value="Cash"' in answer.text


class TestChanging:
    @pytest.fixture
    def token(self, client: Browser, desk: Desk, ama: Person) -> str:
        save(client)
        return alerts.mine(desk, ama)[0].saved.token

    def test_title_and_pace(self, client: Browser, token: str) -> None:
        assert "Cash" in client.get(f"/alerts/{token}").text
        answer = client.send(f"/alerts/{token}", {"title": "Money", "pace": "never"})
        assert answer.headers["Location"] == "/alerts?done=changed"
        words = text_of(client.get("/alerts").text)
        assert "Money" in words
        assert "No mail, the feed alone" in words
        answer = client.send(f"/alerts/{token}", {"title": "", "pace": "week"})
        assert answer.status_code == 422
        assert "Error: Money" in answer.text

    def test_a_new_address_of_the_feed_ends_the_old_one(
        self, app: Flask, client: Browser, token: str
    ) -> None:
        assert f"{HOME}/alerts/{token}.atom" in client.get(f"/alerts/{token}").text
        answer = client.send(f"/alerts/{token}/feed", page=f"/alerts/{token}")
        new = urlsplit(answer.headers["Location"]).path.rpartition("/")[2]
        assert new != token
        assert visitor(app).get(f"/alerts/{token}.atom").status_code == 404
        assert visitor(app).get(f"/alerts/{new}.atom").status_code == 200
        assert client.get(f"/alerts/{token}").status_code == 404

    def test_it_is_deleted_after_being_asked_once_more(
        self, app: Flask, client: Browser, token: str
    ) -> None:
        page = text_of(client.get(f"/alerts/{token}/delete").text)
        assert "Delete “Cash”?" in page
        assert "Keep it" in page
        answer = client.send(f"/alerts/{token}/delete")
        assert answer.headers["Location"] == "/alerts?done=deleted"
        assert "You have saved no search yet" in text_of(client.get("/alerts?done=deleted").text)
        assert visitor(app).get(f"/alerts/{token}.atom").status_code == 404

    def test_those_of_others_are_not_there(
        self, app: Flask, token: str, desk: Desk, ama: Person
    ) -> None:
        other = signed_in(app, add_person(database_of(app), ROLES[4]))[0]
        csrf = other.token("/account")
        assert other.get(f"/alerts/{token}").status_code == 404
        for rest in ("", "/feed", "/delete"):
            form = {"csrf_token": csrf, "title": "Mine", "pace": "day"}
            assert other.post(f"/alerts/{token}{rest}", data=form).status_code == 404
        assert "Cash" not in other.get("/alerts").text
        assert alerts.mine(desk, ama)[0].saved.title == "Cash"

    def test_it_is_found_in_the_menu(self, app: Flask, client: Browser) -> None:
        assert 'href="/alerts"' in client.get("/").text
        assert 'href="/alerts"' not in visitor(app).get("/").text
        assert "Disallow: /alerts" in visitor(app).get("/robots.txt").text


class TestTheFeed:
    @pytest.fixture
    def token(self, client: Browser, desk: Desk, ama: Person) -> str:
        save(client)
        return alerts.mine(desk, ama)[0].saved.token

    def test_it_says_when_nothing_is_new_yet(self, app: Flask, token: str) -> None:
        feed, (entry,) = entries(visitor(app), f"/alerts/{token}.atom")
        assert feed.findtext(f"{ATOM}title") == "Cash · Sankofa"
        assert entry.findtext(f"{ATOM}title") == "Nothing is new yet"
        links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
        assert links == {
            "self": f"{HOME}/alerts/{token}.atom", "alternate": f"{HOME}/search?{KEPT}",
        }  # fmt: skip

    def test_it_tells_what_is_new_or_changed_newest_first_and_why(
        self, app: Flask, desk: Desk, token: str
    ) -> None:
        found(desk, token, "first", "wallets-in-togo")
        found(desk, token)
        found(desk, token, "changed", fields=["title", "body"])
        feed, (changed, new) = entries(visitor(app), f"/alerts/{token}.atom")
        assert new.findtext(f"{ATOM}title") == "New: Cash by phone in Kenya"
        assert new.findtext(f"{ATOM}summary") == "New. Close in meaning; also matches cash."
        assert changed.findtext(f"{ATOM}title") == "Changed: Cash by phone in Kenya"
        assert changed.findtext(f"{ATOM}summary") == (
            "Changed: title, the text. Close in meaning; also matches cash."
        )
        link = new.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == f"{HOME}/cases/cash-by-phone"
        assert feed.findtext(f"{ATOM}updated") == changed.findtext(f"{ATOM}updated")
        ids = [one.findtext(f"{ATOM}id") for one in (changed, new)]
        assert len(set(ids)) == 2

    def test_titles_hold_what_xml_cannot(self, app: Flask, desk: Desk, token: str) -> None:
        found(desk, token, title="<b>\x0b\ufffe\ud800")
        _, (entry,) = entries(visitor(app), f"/alerts/{token}.atom")
        assert (entry.findtext(f"{ATOM}title") or "").startswith("New: <b>")

    def test_it_is_private_cheap_to_ask_again_and_not_for_crawlers(
        self, app: Flask, desk: Desk, token: str
    ) -> None:
        client = visitor(app)
        answer = client.get(f"/alerts/{token}.atom")
        assert answer.mimetype == "application/atom+xml"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers
        same = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(f"/alerts/{token}.atom", headers=same).status_code == 304
        found(desk, token)
        assert client.get(f"/alerts/{token}.atom", headers=same).status_code == 200

    def test_an_unknown_address_is_not_there(self, app: Flask, token: str) -> None:
        for guess in ("no-such-token", token[:-1], token.swapcase(), "%00", "new"):
            answer = visitor(app).get(f"/alerts/{guess}.atom")
            assert answer.status_code == 404
            assert answer.headers["Cache-Control"] == "no-store"

    def test_it_answers_while_the_library_is_being_opened(
        self, app: Flask, desk: Desk, token: str
    ) -> None:
        def fail() -> Library:
            raise OSError("no room left on the disk")

        found(desk, token)
        closed = create_app(desk.settings)
        closed.extensions["sankofa.opening"] = Opening(fail)
        _, (entry,) = entries(visitor(closed), f"/alerts/{token}.atom")
        assert entry.findtext(f"{ATOM}title") == "New: Cash by phone in Kenya"
        database_of(closed).close()

    def test_it_speaks_the_language_that_is_asked_for(self, app: Flask, token: str) -> None:
        feed, _ = entries(visitor(app), f"/alerts/{token}.atom?ui=fr")
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
