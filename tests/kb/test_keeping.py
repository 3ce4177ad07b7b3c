"""A reader's own list: in a signed cookie, in an order of one's own, shared by its address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kb.forms.keeping import Change
from kb.services import keeping
from kb.services.keeping import LONGEST, MOST, ListFull
from kb.services.stamps import stamp
from tests.kb.conftest import HOME
from tests.kb.test_views import found, text_of
from tests.people import Browser, add_person, browser, database_of, signed_in

CASH, CLINIC, WALLETS = "cash-by-phone", "clinic-by-satellite", "wallets-in-togo"
names = st.lists(st.text("ab1", min_size=1, max_size=3), max_size=9)


def cookie(answer: Any) -> str:
    return str(answer.headers.get("Set-Cookie", ""))


def kept(client: Browser) -> list[str]:
    return [path.rsplit("/", 1)[-1] for path in found(client.get("/list").text)]


@pytest.fixture
def reader(app: Flask) -> Browser:
    return browser(app)


class TestTheCookie:
    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(slugs=names)
    def test_what_was_signed_is_read_again(self, slugs: list[str], tmp_path: Path) -> None:
        list_ = keeping.clean(slugs)
        assert keeping.read(tmp_path, keeping.signed(tmp_path, list_)) == list_

    @pytest.mark.parametrize("change", ["x{}", "{}x", "other-case~{}", "{}.x", "", "~", "é", "\0"])
    def test_what_was_changed_is_an_empty_list(self, change: str, tmp_path: Path) -> None:
        signed = keeping.signed(tmp_path, (CASH, CLINIC))
        assert keeping.read(tmp_path, change.format(signed)) == ()
        assert keeping.read(tmp_path, signed.replace(CASH, WALLETS)) == ()

    def test_the_signature_of_a_form_is_none_of_a_list(self, tmp_path: Path) -> None:
        assert keeping.read(tmp_path, stamp(tmp_path)) == ()

    def test_a_full_list_fits_into_a_cookie_and_takes_no_more(self, tmp_path: Path) -> None:
        slugs: tuple[str, ...] = ()
        with pytest.raises(ListFull):
            for number in range(MOST + 1):
                slugs = keeping.with_more(slugs, [f"{number:03}{'x' * 77}"])
        assert len("~".join(slugs)) <= LONGEST
        assert len(keeping.signed(tmp_path, slugs)) < 3800
        short = keeping.with_more((), [str(number) for number in range(MOST)])
        assert len(short) == MOST
        with pytest.raises(ListFull):
            keeping.with_more(short, ["more"])

    def test_only_names_of_cases_come_in(self) -> None:
        wrong = ["A", "../x", "a b", "-", "a--b", "x" * 81, "é", "", "a~b"]
        assert keeping.clean([*wrong, "good", "good"]) == ("good",)


class TestTheOrder:
    @settings(deadline=None)
    @given(names, st.data())
    def test_moving_keeps_every_case_once(self, slugs: list[str], data: st.DataObject) -> None:
        list_ = keeping.clean(slugs)
        slug = data.draw(st.sampled_from(list_)) if list_ else "none"
        by = data.draw(st.integers(-3, 3))
        moved = keeping.moved(list_, slug, by)
        assert sorted(moved) == sorted(list_)
        assert keeping.without(moved, slug) == keeping.without(list_, slug)

    @settings(deadline=None)
    @given(names, st.data())
    def test_undo_puts_a_case_back_where_it_was(
        self, slugs: list[str], data: st.DataObject
    ) -> None:
        list_ = keeping.clean(slugs)
        if list_:
            slug = data.draw(st.sampled_from(list_))
            less = keeping.without(list_, slug)
            assert keeping.with_more(less, [slug], list_.index(slug)) == list_

    def test_a_form_of_nothing_changes_nothing(self) -> None:
        change = Change.of(MultiDict({"next": "/", "at": "x"}))
        assert change.made((CASH,)) == (CASH,)


class TestThePage:
    def test_visitors_get_no_cookie_by_looking(self, client: FlaskClient) -> None:
        for path in ("/list", f"/list?case={CASH}", f"/compare?case={CASH}", "/list.csv"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert not cookie(answer)
            assert answer.headers["Cache-Control"].startswith("public")

    def test_a_case_is_kept_and_leads_back(self, reader: Browser) -> None:
        answer = reader.post("/list", data={"keep": CASH, "next": "/search?q=cash"})
        assert (answer.status_code, answer.headers["Location"]) == (
            303, f"/search?q=cash#keep-{CASH}",
        )  # fmt: skip
        told = cookie(answer)
        assert re.match(rf"list={CASH}\.[\w-]+;", told)
        assert "HttpOnly" in told
        assert "SameSite=Lax" in told
        page = reader.get("/list")
        assert found(page.text) == [f"/cases/{CASH}"]
        assert "My list 1" in text_of(page.text)
        assert page.headers["Cache-Control"].startswith("private")

    def test_on_https_no_other_site_can_set_it(self, client_with: Callable[..., Any]) -> None:
        client = client_with(base_url="https://library.example.org")
        answer = client.post(
            "/list", data={"keep": CASH}, headers={"Origin": "https://library.example.org"}
        )
        assert cookie(answer).startswith(f"__Host-list={CASH}.")
        assert "Secure" in cookie(answer)

    def test_cases_are_moved_and_the_keyboard_stays(self, reader: Browser) -> None:
        reader.post("/list", data={"keep": [CASH, CLINIC, WALLETS]})
        answer = reader.post("/list", data={"up": WALLETS})
        assert kept(reader) == [CASH, WALLETS, CLINIC]
        page = reader.get(answer.headers["Location"]).text
        assert "is now number 2 of 3" in text_of(page)
        assert re.search(rf'name="up" value="{WALLETS}" autofocus', page)
        last = reader.post("/list", data={"up": WALLETS}).headers["Location"]
        page = reader.get(last).text
        assert re.search(rf'name="down" value="{WALLETS}" autofocus', page)
        assert re.search(rf'name="up" value="{WALLETS}" disabled', page)
        reader.post("/list", data={"down": CASH})
        assert kept(reader) == [WALLETS, CLINIC, CASH]

    def test_what_was_taken_off_comes_back_where_it_was(self, reader: Browser) -> None:
        reader.post("/list", data={"keep": [CASH, CLINIC, WALLETS]})
        answer = reader.post("/list", data={"drop": CLINIC})
        assert kept(reader) == [CASH, WALLETS]
        page = reader.get(answer.headers["Location"]).text
        assert "“Clinics linked by satellite in Togo” was taken off your list." in text_of(page)
        fields = dict(re.findall(r'type="hidden" name="(keep|at)" value="([^"]*)"', page))
        reader.post("/list", data=fields)
        assert kept(reader) == [CASH, CLINIC, WALLETS]

    def test_emptying_it_forgets_the_cookie_and_can_be_undone(self, reader: Browser) -> None:
        reader.post("/list", data={"keep": [CASH, CLINIC]})
        answer = reader.post("/list", data={"clear": ""})
        assert "Max-Age=0" in cookie(answer)
        page = reader.get(answer.headers["Location"]).text
        assert "2 cases were taken off your list." in text_of(page)
        slugs = re.findall(r'type="hidden" name="keep" value="([^"]*)"', page)
        reader.post("/list", data={"keep": slugs, "at": "0"})
        assert kept(reader) == [CASH, CLINIC]

    def test_it_is_shared_by_an_address_and_taken_over(self, app: Flask, reader: Browser) -> None:
        reader.post("/list", data={"keep": [CLINIC, CASH]})
        page = reader.get("/list").text
        address = f"/list?case={CLINIC}&case={CASH}"
        assert f"{HOME}{address}".replace("&", "&amp;") in page
        assert f'href="/list.csv?case={CLINIC}&amp;case={CASH}"' in page
        other = browser(app)
        shared = other.get(address).text
        assert "A list that was shared" in text_of(shared)
        assert found(shared) == [f"/cases/{CLINIC}", f"/cases/{CASH}"]
        assert 'name="up"' not in shared
        slugs = re.findall(r'type="hidden" name="keep" value="([^"]*)"', shared)
        answer = other.post("/list", data={"keep": slugs})
        assert "2 cases were put on your list." in text_of(
            other.get(answer.headers["Location"]).text
        )
        assert kept(other) == [CLINIC, CASH]

    def test_cases_that_are_gone_are_told(self, client: FlaskClient) -> None:
        page = client.get(f"/list?case={CASH}&case=taken-back&case=nothing").text
        assert found(page) == [f"/cases/{CASH}"]
        assert "2 cases of this list are no longer here." in text_of(page)

    def test_a_full_list_says_so(self, reader: Browser) -> None:
        reader.post("/list", data={"keep": [f"case-{number}" for number in range(MOST)]})
        answer = reader.post("/list", data={"keep": CASH, "next": "/search"})
        assert answer.headers["Location"] == "/list?full=1"
        assert "Your list is full." in text_of(reader.get("/list?full=1").text)

    def test_other_sites_put_nothing_on_it(self, app: Flask) -> None:
        client = app.test_client()
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
            answer = client.post("/list", data={"keep": CASH}, headers=headers, base_url=HOME)
            assert answer.status_code == 403
            assert not cookie(answer)

    @pytest.mark.parametrize("next_", ["https://evil.example", "//evil.example", "/\\evil"])
    def test_it_leads_nowhere_else(self, reader: Browser, next_: str) -> None:
        answer = reader.post("/list", data={"keep": CASH, "next": next_})
        assert answer.headers["Location"] == f"/#keep-{CASH}"

    def test_people_who_are_signed_in_have_one_too(self, desk: Flask) -> None:
        client, _ = signed_in(desk, add_person(database_of(desk), "reader"))
        client.post("/list", data={"keep": CASH})
        assert kept(client) == [CASH]

    def test_htmx_gets_the_button_and_the_length(self, reader: Browser) -> None:
        answer = reader.post("/list", data={"keep": CASH}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert f'id="keep-{CASH}" name="drop"' in answer.text
        assert 'id="kept"' in answer.text
        assert "“Cash by phone in Kenya” is on your list." in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        again = reader.post("/list", data={"drop": CASH}, headers={"HX-Request": "true"})
        assert f'id="keep-{CASH}" name="keep"' in again.text
        assert "Max-Age=0" in cookie(again)
