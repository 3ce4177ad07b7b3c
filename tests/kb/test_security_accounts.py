"""What keeps accounts safe: sessions, passwords, the second step, letters that tell, secrets."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from kb.access import KEEPER, VISITOR, Person
from kb.records import people as records
from kb.records.database import now
from kb.records.tables import attempt, session
from kb.services import accounts, passwords, second_step, sessions
from kb.services.accounts import Caller, HalfWay, Outworn
from kb.services.limits import LIMITS
from kb.services.sessions import Visit
from kb.services.tokens import hash_of, signing_key
from kb.settings import BadSetting, load_settings
from tests.kb.conftest import AMA
from tests.kb.guarded import FIREFOX, NEWER, PHONE, enter, happened, letters, office_of
from tests.people import (
    PASSWORD,
    SECRET,
    add_person,
    browser,
    database_of,
    signed_in,
    switch_on_second_step,
    text_of,
)

# Sessions -----------------------------------------------------------------------------------


def older(app: Flask, table: sa.Table, by: timedelta, *columns: str) -> None:
    """Makes what is written down older."""
    with database_of(app).writing() as connection:
        for row in connection.execute(sa.select(table)).mappings().all():
            values = {name: row[name] - by for name in columns}
            connection.execute(sa.update(table).where(table.c.id == row["id"]).values(values))


TIMES = (
    # (role, stay signed in, how long ago it began, how long ago it was used, whether it holds)
    ("contributor", False, timedelta(minutes=29), timedelta(minutes=29), True),
    ("contributor", False, timedelta(minutes=31), timedelta(minutes=31), False),
    ("contributor", False, timedelta(hours=11), timedelta(minutes=5), True),
    ("contributor", False, timedelta(hours=13), timedelta(minutes=5), False),
    ("contributor", True, timedelta(days=29), timedelta(days=29), True),
    ("contributor", True, timedelta(days=31), timedelta(days=31), False),
    ("contributor", True, timedelta(days=89), timedelta(days=1), True),
    ("contributor", True, timedelta(days=91), timedelta(days=1), False),
    ("editor", True, timedelta(hours=11), timedelta(minutes=5), True),
    ("editor", True, timedelta(hours=13), timedelta(minutes=5), False),
    ("editor", True, timedelta(hours=2), timedelta(minutes=31), False),
)


@pytest.mark.parametrize(("role", "stay", "began", "used", "holds"), TIMES)
def test_how_long_a_session_holds(
    desk: Flask, role: str, stay: bool, began: timedelta, used: timedelta, holds: bool
) -> None:
    who = add_person(database_of(desk), role, "Ama", AMA)
    found = accounts.sign_in(office_of(desk), AMA, PASSWORD, stay, Caller())
    assert isinstance(found, Visit)
    at = now()
    with database_of(desk).writing() as connection:
        row = records.session_named(connection, sessions.hash_of(found.token))
        assert row
        kept = sessions.REMEMBERED if row.remember else sessions.SITTING - used
        end = min(at - used + kept, at - began + sessions.LONGEST)
        if not row.remember:
            end = at - began + sessions.SITTING
        values = {"created_at": at - began, "seen_at": at - used, "expires_at": end}
        connection.execute(sa.update(session).values(values))
    assert sessions.current(office_of(desk), found.token) == (who if holds else VISITOR)
    assert bool(sessions.sessions_of(office_of(desk), who, found.token)) == holds


@pytest.mark.parametrize("stay", [True, False])
def test_where_nobody_may_stay_signed_in_the_form_does_not_offer_it(
    make: Callable[..., Flask], stay: bool
) -> None:
    app = make(stay_signed_in=stay)
    add_person(database_of(app), "contributor", "Ama", AMA)
    assert ('name="remember"' in browser(app).get("/account/sign-in").text) == stay
    _, answer = enter(app, remember="1")
    assert ("Expires" in answer.headers["Set-Cookie"]) == stay


def test_what_was_long_ago_is_forgotten(desk: Flask, ama: Person) -> None:
    enter(desk)
    older(desk, session, sessions.KEPT + timedelta(days=1), "created_at", "seen_at", "expires_at")
    enter(desk)
    with database_of(desk).reading() as connection:
        assert len(connection.execute(sa.select(session)).all()) == 1


def test_a_session_begins_with_another_cookie_and_an_old_one_is_worth_nothing(
    desk: Flask, ama: Person
) -> None:
    client = browser(desk)
    client.get("/account/sign-in")
    planted = "session=planted-by-somebody"
    page = client.get("/account/sign-in", headers={"Cookie": planted})
    _, first = enter(desk)
    _, second = enter(desk)
    cookies = [
        answer.headers.get("Set-Cookie", "").split(";")[0] for answer in (page, first, second)
    ]
    assert len(set(cookies)) == 3


# Telling whose account it is --------------------------------------------------------------------


def test_a_letter_tells_of_a_browser_that_was_not_seen_before(desk: Flask, ama: Person) -> None:
    for agent, count in ((FIREFOX, 0), (FIREFOX, 0), (NEWER, 0), (PHONE, 1), (PHONE, 1)):
        enter(desk, agent)
        assert len(letters(desk)) == count, agent
    (letter,) = letters(desk)
    assert letter["To"] == AMA
    assert "a browser not seen before: Chrome on Android" in text_of(letter)


def test_letters_tell_of_each_change_of_the_second_step(desk: Flask, ama: Person) -> None:
    client, _ = signed_in(desk, ama)
    other, _ = signed_in(desk, ama)
    switch_on_second_step(client)
    assert other.get("/account").status_code == 303  # it ends the others at once
    sure = {"password": PASSWORD}
    client.send("/account/two-step/codes", sure)
    client.send("/account/two-step/off", sure)
    told = [text_of(letter) for letter in letters(desk)]
    for text, words in zip(
        told, ("switched on", "new recovery codes", "switched off"), strict=True
    ):
        assert words in text
        assert "If it was not you" in text
        assert PASSWORD not in text


def test_a_letter_tells_of_a_link_that_an_administrator_made(desk: Flask, ama: Person) -> None:
    keeper = add_person(database_of(desk), KEEPER, "Kofi")
    client, token = signed_in(desk, keeper)
    client.post(f"/people/{ama.id}/reset", data={"csrf_token": token, "second-step": "off"})
    (letter,) = letters(desk)
    assert letter["To"] == AMA
    assert "Kofi made a link" in text_of(letter)
    assert "second step was switched off" in text_of(letter)
    assert "/account/reset/" not in text_of(letter)


def test_a_code_that_comes_twice_is_refused_told_and_noted(desk: Flask) -> None:
    add_person(database_of(desk), KEEPER, "Kofi", AMA)
    office, code = office_of(desk), pyotp.TOTP(SECRET).now()
    made = []
    for _ in range(2):
        half = accounts.sign_in(office, AMA, PASSWORD, False, Caller())
        assert isinstance(half, HalfWay)
        made.append(half.token)
    assert isinstance(accounts.sign_in_further(office, made[0], code, False, Caller()), Visit)
    client, answer = enter(desk)
    ticket = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert ticket
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    form = {"ticket": ticket[1], "code": code, "csrf_token": token[1]}
    assert client.post("/account/second-step", data=form).status_code == 422
    assert "code-reused" in happened(desk)
    assert "A code was sent twice" in letters(desk)[-1]["Subject"]


def test_a_recovery_code_from_before_there_was_a_salt_works_once(desk: Flask, ama: Person) -> None:
    office, code = office_of(desk), "abcd-efgh-jkmn"
    with office.database.writing() as connection:
        records.put_codes(connection, ama.id or 0, (hash_of(code),))
    account = accounts.own_account(office, ama)
    with office.database.writing() as connection:
        second_step.check(connection, account, " ABCD-efgh-jkmn ")
    with pytest.raises(second_step.WrongCode), office.database.writing() as connection:
        second_step.check(connection, account, code)


# Passwords ----------------------------------------------------------------------------------

OUTWORN = ("tenletters", "1qaz2wsx3edc", "Password12345")


@pytest.mark.parametrize("old", OUTWORN)
@pytest.mark.parametrize("second", [False, True])
def test_who_has_a_password_that_others_try_first_chooses_another_one(
    desk: Flask, ama: Person, old: str, second: bool
) -> None:
    with database_of(desk).writing() as connection:
        records.change_account(
            connection, ama.id or 0, password=passwords.hashed(old),
            totp_secret=SECRET if second else None,
        )  # fmt: skip
    client, answer = enter(desk, password=old)
    if second:
        found = accounts.sign_in(office_of(desk), AMA, old, False, Caller())
        assert isinstance(found, HalfWay)
        code = pyotp.TOTP(SECRET).now()
        further = accounts.sign_in_further(office_of(desk), found.token, code, False, Caller())
        assert isinstance(further, Outworn)
        return
    place = answer.headers["Location"]
    assert place.startswith("/account/reset/")
    assert client.get("/account").status_code == 303  # not signed in
    assert "among those that others try first" in " ".join(client.get(place).text.split())
    form = {"password": PASSWORD, "again": PASSWORD}
    assert client.send(place.partition("?")[0], form).status_code == 303
    assert enter(desk)[1].headers["Location"] == "/mine"


def test_an_unknown_address_costs_as_much_as_a_wrong_password(desk: Flask, ama: Person) -> None:
    def cost(email: str) -> float:
        begin = time.thread_time()
        with pytest.raises(accounts.WrongPassword):
            accounts._checked(office_of(desk), email, "not the password")
        return time.thread_time() - begin

    cost("warm@example.org")
    known, unknown = (min(cost(mail) for _ in range(5)) for mail in (AMA, "nobody@example.org"))
    assert 0.5 < known / unknown < 2


def test_no_account_can_be_tried_more_than_a_hundred_times_an_hour(
    desk: Flask, ama: Person
) -> None:
    for kind in ("sign-in", "second-step"):
        limit = LIMITS[kind]["account"]
        passed, tries = 0.0, 0
        while passed <= 3600:
            tries += 1
            passed += limit.wait(tries)
        assert tries <= 100


def test_what_was_refused_is_in_the_log_without_secrets(
    desk: Flask, ama: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "kb.security")
    enter(desk, password="my secret words")
    enter(desk, email="nobody@example.org")
    client, _ = signed_in(desk, ama)
    client.get("/people")
    client.post("/account/name", data={"csrf_token": "forged"})
    browser(desk).get("/", headers={"Host": "evil.example"})
    told = [record.getMessage() for record in caplog.records if record.name == "kb.security"]
    assert told == [
        f"password refused: person {ama.id}", "password refused: unknown", "refused: NotAllowed",
        "refused: FormOutdated", "refused: UnknownHost",
    ]  # fmt: skip
    assert AMA not in caplog.text
    assert "my secret words" not in caplog.text


# Administrators -------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "step", "may"), [(True, False, False), (True, True, True),
                                                    (False, False, True)])  # fmt: skip
def test_an_administrator_manages_people_with_the_second_step_alone(
    make: Callable[..., Flask], asked: bool, step: bool, may: bool
) -> None:
    app = make(admin_second_step=asked)
    keeper = add_person(database_of(app), KEEPER, "Kofi", AMA, second_step=step)
    client, token = signed_in(app, keeper)
    answer = client.get("/people")
    assert (answer.status_code == 200) == may
    if not may:
        assert answer.headers["Location"] == "/account/two-step"
        assert "Administrators need it" in client.get("/account/two-step").text
        form = {"csrf_token": token, "email": "x@example.org", "role": KEEPER}
        assert client.post("/people", data=form).status_code == 403
        assert client.get("/queue").status_code == 200
        switch_on_second_step(client)
        assert client.get("/people").status_code == 200


# Secrets ------------------------------------------------------------------------------------


def test_the_secret_of_a_desk_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = signing_key(tmp_path / "data")
    finally:
        os.umask(before)
    path = tmp_path / "data" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(key) == 32
    assert signing_key(tmp_path / "data") == key


def test_secret_settings_may_lie_in_files_and_are_told_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("hidden words\n", encoding="utf-8")
    read = load_settings({"MAIL_PASSWORD_FILE": str(path)})
    assert read.mail_password == "hidden words"
    assert (
        load_settings({"MAIL_PASSWORD_FILE": str(path), "MAIL_PASSWORD": "x"}).mail_password == "x"
    )
    path.write_text("mysql://me:hidden@host/desk", encoding="utf-8")
    for given in (
        {"DATABASE_URL_FILE": str(path)},
        {"DATABASE_URL": "mysql://me:hidden@host/desk"},
    ):
        with pytest.raises(BadSetting) as told:
            load_settings(given)
        assert "hidden" not in str(told.value)
        assert "DATABASE_URL" in str(told.value)
    with pytest.raises(BadSetting, match="MAIL_PASSWORD_FILE"):
        load_settings({"MAIL_PASSWORD_FILE": str(tmp_path / "nothing")})


def test_the_database_holds_no_secret_that_could_be_used(desk: Flask, ama: Person) -> None:
    client, _ = enter(desk)
    client.send("/account/forgotten", {"email": AMA})
    link = re.search(r"/account/reset/(\S+)", text_of(letters(desk)[-1]))
    assert link
    switch_on_second_step(client)
    codes = second_step.new_codes(office_of(desk), accounts.own_account(office_of(desk), ama), ama)
    cookie = next(iter(client._cookies.values())).value
    path = office_of(desk).settings.data
    held = b"".join(p.read_bytes() for p in path.glob("sankofa.sqlite*"))
    for secret in (PASSWORD, link[1], cookie, *codes):
        assert secret.encode() not in held


def test_tries_hold_no_address(desk: Flask, ama: Person) -> None:
    enter(desk, password="wrong")
    with database_of(desk).reading() as connection:
        kept = str(connection.execute(sa.select(attempt)).all())
    assert AMA not in kept
    assert "127.0.0.1" not in kept
