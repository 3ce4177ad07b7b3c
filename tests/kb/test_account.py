"""Coming in, one's own account and the people of a desk, as a browser without script sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pyotp
import pytest
from flask import Flask

from indexer.library import Library
from kb.access import KEEPER, Person
from kb.app import create_app
from kb.services import accounts, sessions
from kb.services.office import SmallOffice
from kb.settings import Settings
from tests.people import (
    PASSWORD,
    Browser,
    add_person,
    browser,
    database_of,
    link_in,
    outbox,
    switch_on_second_step,
    text_of,
)
from tests.people import signed_in as signed

AMA = "ama@example.org"
EVIL = ("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b",
        " //evil.example")  # fmt: skip


def words(page: str) -> str:
    return " ".join("".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())


@pytest.fixture
def make(settings: Settings, library: Library, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def build(**changes: Any) -> Flask:
        app = create_app(replace(settings, data=tmp_path / "data", **changes), library)
        made.append(app)
        return app

    yield build
    for app in made:
        database_of(app).close()


@pytest.fixture
def app(make: Callable[..., Flask]) -> Flask:
    return make()


@pytest.fixture
def ama(app: Flask) -> Person:
    return add_person(database_of(app), "contributor", "Ama Mensah", AMA)


def office_of(app: Flask) -> SmallOffice:
    return SmallOffice(database_of(app), app.extensions["sankofa.settings"])


def data_of(app: Flask) -> Path:
    found: Path = app.extensions["sankofa.settings"].data
    return found


def enter(app: Flask, form: dict[str, str] | None = None) -> tuple[Browser, Any]:
    client = browser(app)
    return client, client.send(
        "/account/sign-in", {"email": AMA, "password": PASSWORD, **(form or {})}
    )


class TestSigningIn:
    def test_it_leads_to_ones_work_and_the_head_of_pages_says_who_one_is(
        self, app: Flask, ama: Person
    ) -> None:
        client, answer = enter(app)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/mine")
        page = client.get("/").text
        assert "Ama Mensah" in page
        assert 'href="/mine"' in page
        assert 'href="/people"' not in page
        assert client.get("/").headers["Cache-Control"] == "private, no-cache"

    def test_visitors_get_pages_as_before_with_a_way_to_sign_in(self, app: Flask) -> None:
        answer = browser(app).get("/")
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public")
        assert 'href="/account/sign-in"' in answer.text
        assert "csrf_token" not in answer.text

    def test_the_cookie_is_for_this_site_and_no_script_and_changes(
        self, app: Flask, ama: Person
    ) -> None:
        _, answer = enter(app)
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Expires" not in cookie
        _, again = enter(app, {"remember": "1"})
        assert "Expires" in again.headers["Set-Cookie"]
        assert cookie.split(";")[0] != again.headers["Set-Cookie"].split(";")[0]

    def test_a_token_from_before_signing_in_is_worth_nothing_afterwards(
        self, app: Flask, ama: Person
    ) -> None:
        client = browser(app)
        before = client.token("/account/sign-in")
        client.send("/account/sign-in", {"email": AMA, "password": PASSWORD})
        answer = client.post("/account/name", data={"csrf_token": before, "name": "X"})
        assert answer.status_code == 403

    def test_cookies_that_somebody_made_up_open_nothing_and_break_nothing(
        self, app: Flask, ama: Person
    ) -> None:
        for cookie in ("remember=1|x", "session=x", "session=eyJfdXNlcl9pZCI6IjEifQ.x.y",
                       "remember=x; session=.."):  # fmt: skip
            client = browser(app)
            assert client.get("/", headers={"Cookie": cookie}).status_code == 200
            assert client.get("/account", headers={"Cookie": cookie}).status_code == 303

    def test_signing_in_again_ends_the_session_before(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        with client.session_transaction(base_url=app.config["ORIGIN"]) as kept:
            first = kept["_user_id"]
        client.send("/account/sign-in", {"email": AMA, "password": PASSWORD})
        assert sessions.current(office_of(app), first).is_visitor
        assert client.get("/account").status_code == 200

    def test_on_https_the_cookie_is_bound_to_the_host(self, make: Callable[..., Flask]) -> None:
        app = make(base_url="https://library.example.org")
        add_person(database_of(app), "contributor", "Ama", AMA)
        _, answer = enter(app)
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie

    def test_a_wrong_password_and_an_unknown_address_get_the_same_page(
        self, app: Flask, ama: Person
    ) -> None:
        pages = []
        for email in (AMA, "abc@example.org"):
            _, answer = enter(app, {"email": email, "password": "wrong"})
            assert answer.status_code == 422
            plain = re.sub(r'csrf_token" value="[^"]+"', "", answer.text)
            pages.append(plain.replace(email, ""))
            assert f'value="{email}"' in answer.text
            assert "wrong" not in plain.replace("asked wrong", "")
        assert pages[0] == pages[1]
        assert 'role="alert"' in pages[0]

    def test_after_too_many_tries_one_is_told_how_long_to_wait(
        self, app: Flask, ama: Person
    ) -> None:
        for _ in range(5):
            enter(app, {"password": "wrong"})
        _, answer = enter(app)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
        assert "Try again in" in words(answer.text)

    def test_what_is_missing_is_told_at_its_field(self, app: Flask) -> None:
        _, answer = enter(app, {"email": "", "password": ""})
        assert answer.status_code == 422
        assert 'href="#email"' in answer.text
        assert 'aria-describedby="password-error"' in answer.text

    @pytest.mark.parametrize("place", EVIL)
    def test_it_leads_nowhere_else(self, app: Flask, ama: Person, place: str) -> None:
        _, answer = enter(app, {"next": place})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/mine")

    def test_it_leads_to_the_page_that_was_asked_for(self, app: Flask, ama: Person) -> None:
        client = browser(app)
        answer = client.get("/account?done=name")
        assert answer.status_code == 303
        form = client.get(answer.headers["Location"])
        assert 'name="next" value="/account?done=name"' in form.text
        answer = client.send("/account/sign-in", {"email": AMA, "password": PASSWORD,
                                                  "next": "/account?done=name"})  # fmt: skip
        assert answer.headers["Location"] == "/account?done=name"

    def test_htmx_is_told_that_nobody_is_signed_in(self, app: Flask) -> None:
        assert browser(app).get("/mine", headers={"HX-Request": "true"}).status_code == 401


class TestWhatWasWritten:
    def test_it_is_kept_while_one_signs_in_again_and_goes_on_from_there(
        self, app: Flask, ama: Person
    ) -> None:
        client, _ = enter(app)
        with client.session_transaction(base_url=app.config["ORIGIN"]) as kept:
            sessions.sign_out(office_of(app), kept["_user_id"])
        text = 'A "long" text\r\n<b>of mine</b>'
        old = {"csrf_token": "old", "title": text, "x": ["1", "2"]}
        answer = client.post("/cases/new", data=old)
        assert answer.status_code == 401
        assert "Nothing that you wrote is lost" in words(answer.text)
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
        form: dict[str, Any] = {}
        for name, value in hidden:
            form.setdefault(html_of(name), []).append(html_of(value))
        assert form["kept:title"] == [text]
        assert form["kept:x"] == ["1", "2"]
        assert "kept:csrf_token" not in form
        form |= {"email": AMA, "password": PASSWORD}
        answer = client.post("/account/sign-in", data=form)
        assert answer.status_code == 200
        assert 'action="/cases/new"' in answer.text
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
        again = [(html_of(name), html_of(value)) for name, value in hidden]
        assert ("title", text) in again
        assert [v for n, v in again if n == "x"] == ["1", "2"]

    def test_it_is_kept_when_one_signed_in_again_in_another_tab(
        self, app: Flask, ama: Person
    ) -> None:
        client, _ = enter(app)
        answer = client.post("/cases/new", data={"csrf_token": "old", "title": "Mine"})
        assert answer.status_code == 403
        assert 'name="title" value="Mine"' in answer.text
        assert 'action="/cases/new"' in answer.text

    def test_passwords_are_never_kept(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        answer = client.post("/account/password", data={"csrf_token": "old", "old": PASSWORD})
        assert answer.status_code == 403
        assert PASSWORD not in answer.text
        answer = browser(app).post("/people", data={"email": "x", "password": PASSWORD})
        assert PASSWORD not in answer.text


def html_of(text: str) -> str:
    from html import unescape

    return unescape(text).replace("\n", "\r\n").replace("\r\r", "\r")


class TestSigningOut:
    def test_here_alone(self, app: Flask, ama: Person) -> None:
        here, _ = enter(app)
        there, _ = enter(app)
        answer = here.send("/account/sign-out", page="/account")
        assert answer.status_code == 303
        assert "Expires=Thu, 01 Jan 1970" in answer.headers["Set-Cookie"]
        assert here.get("/account").status_code == 303
        assert there.get("/account").status_code == 200

    def test_the_cookie_of_a_session_that_ended_opens_nothing(
        self, app: Flask, ama: Person
    ) -> None:
        client, answer = enter(app)
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        client.send("/account/sign-out", page="/account")
        replayed = browser(app).get("/account", headers={"Cookie": cookie})
        assert replayed.status_code == 303

    def test_one_or_all_of_the_other_sessions_from_a_list(self, app: Flask, ama: Person) -> None:
        here, _ = enter(app)
        there, _ = signed(app, ama)
        page = here.get("/account").text
        assert "Firefox on Linux" in words(page)
        assert words(page).count("this one") == 1
        (end,) = re.findall(r'action="(/account/sessions/\d+)"', page)
        for wrong in ({}, {"password": "wrong"}):
            assert here.send(end, wrong, page="/account").status_code == 422
        assert there.get("/account").status_code == 200
        sure = {"password": PASSWORD}
        assert here.send(end, sure, page="/account").status_code == 303
        assert there.get("/account").status_code == 303
        third, _ = enter(app)
        here.send("/account/sign-out-everywhere", page="/account")
        assert third.get("/account").status_code == 200
        here.send("/account/sign-out-everywhere", sure, page="/account")
        assert third.get("/account").status_code == 303
        assert here.get("/account").status_code == 200


class TestComingIn:
    def test_the_first_administrator_invites_and_the_invited_come(
        self, app: Flask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        token = accounts.first_token(office_of(app))
        first = browser(app)
        path = f"/account/invitation/{token}"
        assert "You are the first here" in words(first.get(path).text)
        keeper = {"email": "k@example.org", "name": "Kofi", "password": PASSWORD, "again": PASSWORD}
        answer = first.send(path, keeper)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/two-step")
        assert browser(app).get(path).status_code == 410
        assert first.get("/people").headers["Location"] == "/account/two-step"
        switch_on_second_step(first)
        answer = first.send("/people", {"email": "Ama@Example.org", "role": "editor"})
        assert "No mail server took a letter" in words(answer.text)
        _, letter = outbox(data_of(app))
        assert letter["To"] == AMA
        assert "Kofi invites you" in text_of(letter)
        link = link_in(letter)
        assert link in answer.text
        second = browser(app)
        second.get(link)  # a scanner of mail that follows links uses nothing up
        assert AMA in second.get(link).text
        second.send(link, {"name": "Ama", "password": PASSWORD, "again": PASSWORD})
        page = first.get("/people").text
        assert AMA in page
        assert 'value="editor" selected' in page

    def test_what_is_wrong_is_told_and_the_link_still_works(self, app: Flask) -> None:
        path = f"/account/invitation/{accounts.first_token(office_of(app))}"
        client = browser(app)
        form = {"email": "k@example.org", "name": "Kofi"}
        form |= {"password": "tiny pass", "again": "tiny pass"}
        for change, told in (({}, "at least 12 characters"),
                             ({"again": "other"}, "passwords differ"),
                             ({"name": " "}, "Enter the name"),
                             ({"email": "k@"}, "Enter a mail address")):  # fmt: skip
            answer = client.send(path, {**form, **change})
            assert answer.status_code == 422
            assert told in words(answer.text)
            assert "tiny pass" not in answer.text
        form |= {"password": PASSWORD, "again": PASSWORD}
        assert client.send(path, form).status_code == 303

    def test_by_invitation_only_unless_a_setting_says_otherwise(self, app: Flask) -> None:
        client = browser(app)
        answer = client.get("/account/register")
        assert answer.status_code == 403
        assert "By invitation only" in words(answer.text)
        assert "/account/register" not in client.get("/account/sign-in").text
        sent = client.send("/account/register", {"email": AMA}, page="/account/sign-in")
        assert sent.status_code == 403
        assert outbox(data_of(app)) == []

    def test_where_it_is_open_a_letter_confirms_the_address(
        self, make: Callable[..., Flask]
    ) -> None:
        app = make(registration="open")
        add_person(database_of(app), "contributor", "Kofi", "kofi@example.org")
        pages = []
        for email in (AMA, "kofi@example.org"):
            answer = browser(app).send("/account/register", {"email": email})
            pages.append(re.sub(r'csrf_token" value="[^"]+"', "", answer.text).replace(email, ""))
        assert pages[0] == pages[1]
        letters = {letter["To"]: letter for letter in outbox(data_of(app))}
        assert "You have one already" in text_of(letters["kofi@example.org"])
        client = browser(app)
        answer = client.send(link_in(letters[AMA]),
                             {"name": "Ama", "password": PASSWORD, "again": PASSWORD})  # fmt: skip
        assert answer.status_code == 303
        assert "Contributor" in words(client.get("/account").text)


class TestPasswords:
    def test_a_forgotten_one_is_replaced_by_mail_and_the_page_is_the_same_for_all(
        self, app: Flask, ama: Person
    ) -> None:
        pages = []
        for email in (AMA, "abc@example.org"):
            answer = browser(app).send("/account/forgotten", {"email": email})
            assert answer.status_code == 200
            pages.append(answer.text.replace(email, ""))
        assert pages[0] == pages[1]
        (letter,) = outbox(data_of(app))
        new, client = "quite another one", browser(app)
        answer = client.send(link_in(letter), {"password": new, "again": new})
        assert answer.headers["Location"] == "/account/sign-in?done=reset"
        assert "Your new password holds" in words(client.get(answer.headers["Location"]).text)
        assert enter(app)[1].status_code == 422
        assert enter(app, {"password": new})[1].status_code == 303
        assert client.get(link_in(letter)).status_code == 410
        assert "was changed just now" in text_of(outbox(data_of(app))[1])

    def test_changing_it_ends_the_other_sessions(self, app: Flask, ama: Person) -> None:
        here, _ = enter(app)
        there, _ = enter(app)
        new = "quite another one"
        answer = here.send("/account/password", {"old": "wrong", "password": new, "again": new})
        assert answer.status_code == 422
        answer = here.send("/account/password", {"old": PASSWORD, "password": new, "again": new})
        page = here.get(answer.headers["Location"])
        assert "Your password was changed" in words(page.text)
        assert there.get("/account").status_code == 303


class TestSecondStep:
    def switch_on(self, client: Browser) -> tuple[str, list[str]]:
        page = client.get("/account/two-step").text
        (secret,) = re.findall(r'name="secret" value="([A-Z2-7]{32})"', page)
        assert '<path d="M4 4h1v1h-1z' in page  # a corner of the QR code
        assert "data:" not in page
        answer = client.send(
            "/account/two-step",
            {"secret": secret, "code": pyotp.TOTP(secret).now(), "password": PASSWORD},
        )
        codes = re.findall(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>", answer.text)
        assert len(codes) == 10
        return secret, codes

    def test_it_is_set_up_asked_for_and_switched_off(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        _, codes = self.switch_on(client)
        assert "10 recovery codes are left" in words(client.get("/account").text)
        other, answer = enter(app, {"next": "/account", "remember": "1"})
        assert answer.status_code == 200
        assert 'autocomplete="one-time-code"' in answer.text
        assert other.get("/account").status_code == 303  # half way is not in
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
        wrong = other.post("/account/second-step", data={**hidden, "code": "000000"})
        assert wrong.status_code == 422
        answer = other.post("/account/second-step", data={**hidden, "code": codes[0]})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
        assert "Expires" in answer.headers["Set-Cookie"]
        assert client.send("/account/two-step/off", {"password": "wrong"}).status_code == 422
        assert client.send("/account/two-step/off", {"password": PASSWORD}).status_code == 303
        assert enter(app)[1].status_code == 303

    def test_new_codes_replace_the_old(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        _, old = self.switch_on(client)
        answer = client.send("/account/two-step/codes", {"password": PASSWORD})
        assert "-" in answer.text
        assert old[0] not in answer.text

    def test_a_wrong_code_keeps_the_same_secret_on_the_page(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        page = client.get("/account/two-step").text
        (secret,) = re.findall(r'name="secret" value="([A-Z2-7]{32})"', page)
        answer = client.send("/account/two-step",
                             {"secret": secret, "code": "1", "password": PASSWORD})  # fmt: skip
        assert answer.status_code == 422
        assert secret in answer.text


class TestOwnAccount:
    def test_the_name_is_changed(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        odd = " Ama \u202e  <b>Owusu</b> "
        answer = client.send("/account/name", {"name": odd}, page="/account")
        page = client.get(answer.headers["Location"]).text
        assert "Your name was changed" in page
        assert "Ama &lt;b&gt;Owusu&lt;/b&gt;" in page
        assert client.send("/account/name", {"name": ""}, page="/account").status_code == 422

    def test_deleting_it_asks_what_becomes_of_the_name(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        page = client.get("/account/delete").text
        assert "What is to become of your name?" in words(page)
        assert client.send("/account/delete", {"password": "wrong"}).status_code == 422
        answer = client.send("/account/delete", {"password": PASSWORD, "name": "anonymous"})
        assert "Your account was deleted" in words(answer.text)
        assert client.get("/account").status_code == 303
        assert enter(app)[1].status_code == 422

    def test_pages_about_accounts_are_kept_by_nobody(self, app: Flask, ama: Person) -> None:
        client, _ = enter(app)
        for path in ("/account", "/account/password", "/account/two-step", "/mine"):
            assert client.get(path).headers["Cache-Control"] == "no-store"


class TestPeople:
    @pytest.fixture
    def keeper(self, app: Flask, ama: Person) -> Browser:
        person = add_person(database_of(app), KEEPER, "Kofi", "k@example.org")
        return signed(app, person)[0]

    def test_a_role_is_given_and_a_door_closed_and_opened(
        self, app: Flask, keeper: Browser, ama: Person
    ) -> None:
        there, _ = enter(app)
        answer = keeper.send(f"/people/{ama.id}/role", {"role": "editor"}, page="/people")
        assert "The role was changed" in words(keeper.get(answer.headers["Location"]).text)
        assert "/queue" in there.get("/mine").text
        keeper.send(f"/people/{ama.id}/door", {"door": "closed"}, page="/people")
        assert there.get("/mine").status_code == 303
        assert "kept out" in words(keeper.get("/people").text)
        keeper.send(f"/people/{ama.id}/door", {"door": "open"}, page="/people")
        assert enter(app)[1].status_code == 303

    def test_the_last_administrator_stays_one(self, app: Flask, keeper: Browser) -> None:
        number = re.findall(r"/people/(\d+)/role", keeper.get("/people").text)[-1]
        for path, form in (("role", {"role": "reader"}), ("door", {"door": "closed"})):
            answer = keeper.send(f"/people/{number}/{path}", form, page="/people")
            assert answer.status_code == 409
            assert "Nobody would be left" in words(answer.text)

    def test_who_is_here_already_is_not_invited_and_an_invitation_is_taken_back(
        self, keeper: Browser
    ) -> None:
        assert keeper.send("/people", {"email": AMA, "role": "reader"}).status_code == 409
        assert keeper.send("/people", {"email": "x@y.zz", "role": "king"}).status_code == 422
        keeper.send("/people", {"email": "new@example.org", "role": "reader"})
        (path,) = re.findall(r'action="(/people/invitations/\d+)"', keeper.get("/people").text)
        keeper.send(path, page="/people")
        assert "new@example.org" not in keeper.get("/people").text

    def test_a_link_for_a_new_password_is_shown_to_be_handed_over(
        self, app: Flask, keeper: Browser, ama: Person
    ) -> None:
        answer = keeper.send(f"/people/{ama.id}/reset", page="/people")
        (path,) = re.findall(r"http://127.0.0.1:8000(/account/reset/[\w-]+)", answer.text)
        assert browser(app).get(path).status_code == 200


class TestSecret:
    def test_it_is_made_once_for_nobody_else_to_read_and_needed_by_cookies_alone(
        self, make: Callable[..., Flask]
    ) -> None:
        app = make()
        path = data_of(app) / "secret"
        browser(app).get("/")
        assert not path.exists()
        browser(app).get("/account/sign-in")
        key = path.read_bytes()
        assert len(key) == 32
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        again = make()
        browser(again).get("/account/sign-in")
        assert again.secret_key == key


class TestAnotherAddress:
    NEW = "ama@new.example"

    def asked(self, app: Flask, ama: Person, email: str = "", password: str = PASSWORD) -> Any:
        client, _ = signed(app, ama)
        form = {"email": email or self.NEW, "password": password}
        return client.send("/account/address", form)

    def letters(self, app: Flask) -> dict[str, Any]:
        return {str(letter["To"]): letter for letter in outbox(data_of(app))}

    def test_it_counts_once_the_link_sent_there_is_followed_and_the_old_one_is_told(
        self, app: Flask, ama: Person
    ) -> None:
        assert "Look at your mail" in self.asked(app, ama, "Ama@New.example ").text
        sent = self.letters(app)
        assert set(sent) == {AMA, self.NEW}
        assert f"to have the address {self.NEW}" in text_of(sent[AMA])
        link = link_in(sent[self.NEW])
        assert link.startswith("/account/address/")
        other = browser(app)  # on the telephone, say, where nobody is signed in
        assert self.NEW in other.get(link).text
        assert enter(app)[1].status_code == 303  # looking changes nothing
        assert "was changed" in other.send(link).text
        assert enter(app)[1].status_code == 422
        assert enter(app, {"email": self.NEW})[1].status_code == 303
        assert other.get(link).status_code == 410

    def test_it_needs_the_password_and_an_address(self, app: Flask, ama: Person) -> None:
        assert self.asked(app, ama, password="wrong").status_code == 422
        answer = self.asked(app, ama, "not an address", "")
        assert answer.status_code == 422
        assert "Enter a mail address" in answer.text
        assert "Enter your password" in answer.text
        assert 'value="not an address"' in answer.text
        assert self.letters(app) == {}

    def test_an_address_that_has_an_account_is_answered_alike_and_told_apart_by_mail(
        self, app: Flask, ama: Person
    ) -> None:
        add_person(database_of(app), "reader", "Kofi", "kofi@example.org")
        free, taken = self.asked(app, ama), self.asked(app, ama, "kofi@example.org")
        assert words(taken.text).replace("kofi@example.org", self.NEW) == words(free.text)
        assert "You have one already" in text_of(self.letters(app)["kofi@example.org"])

    def test_somebody_who_takes_the_address_meanwhile_keeps_it(
        self, app: Flask, ama: Person
    ) -> None:
        self.asked(app, ama)
        link = link_in(self.letters(app)[self.NEW])
        add_person(database_of(app), "reader", "Other", self.NEW)
        token = browser(app).token("/account/sign-in")
        client = browser(app)
        assert client.post(link, data={"csrf_token": token}).status_code in (403, 410)
        assert enter(app)[1].status_code == 303

    def test_another_password_or_wish_takes_the_link_back(self, app: Flask, ama: Person) -> None:
        self.asked(app, ama)
        first = link_in(self.letters(app)[self.NEW])
        self.asked(app, ama, "second@new.example")
        assert browser(app).get(first).status_code == 410
        second = link_in(self.letters(app)["second@new.example"])
        client, _ = signed(app, ama)
        new = "five other words of mine"
        client.send("/account/password", {"old": PASSWORD, "password": new, "again": new})
        assert browser(app).get(second).status_code == 410

    def test_it_is_asked_for_a_few_times_an_hour_at_most(self, app: Flask, ama: Person) -> None:
        statuses = [self.asked(app, ama, f"a{n}@new.example").status_code for n in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
