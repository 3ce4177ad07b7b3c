"""People of a test desk: added, signed in, sending forms as their browser would."""

from __future__ import annotations

import hashlib
import re
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from kb.access import KEEPER, ROLES, Person
from kb.records import people as records
from kb.records.database import Database
from kb.services import accounts, passwords, sessions
from kb.services.mail import THREAD

PASSWORD = "four words of mine"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the second step
HERE = {"Sec-Fetch-Site": "same-origin"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@cache
def hashed() -> str:
    return passwords.hashed(PASSWORD)


def add_person(
    database: Database,
    role: str = ROLES[1],
    name: str = "",
    email: str = "",
    *,
    second_step: bool = True,
) -> Person:
    """Somebody with an account, whose password is PASSWORD.

    Administrators have the second step, without which they may not manage people, unless told.
    """
    name = name or f"The {role}"
    email = email or f"{role}@example.org"
    with database.writing() as connection:
        number = accounts.add(connection, email, name, role, hashed())
        if role == KEEPER and second_step:
            records.change_account(connection, number, totp_secret=SECRET)
    return Person(number, name, email, role)


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["sankofa.database"].database()
    return found


class Browser(FlaskClient):
    """A browser that keeps cookies, asks for the public address and sends what pages hold."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", self.application.config["ORIGIN"])
        kwargs["headers"] = {**HERE, **dict(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)

    def send(self, path: str, form: dict[str, Any] | None = None, page: str = "") -> Any:
        """Sends a form as it stands on `page`, by default the one at the same address."""
        return self.post(path, data={"csrf_token": self.token(page or path), **(form or {})})

    def token(self, page: str) -> str:
        """The token that the forms of a page carry."""
        found = TOKEN.search(self.get(page).text)
        assert found, f"{page} holds no form with a token"
        return found[1]


def browser(app: Flask) -> Browser:
    return Browser(app, app.response_class, use_cookies=True)


def signed_in(app: Flask, person: Person) -> tuple[Browser, str]:
    """A browser in which somebody has just signed in, and the token of their forms."""
    client = browser(app)
    with database_of(app).writing() as connection:
        account = records.account(connection, person.id or 0)
        assert account is not None
        visit = sessions.begin(connection, account, False, "Mozilla/5.0 (X11; Linux) Firefox/150.0")
    origin = app.config["ORIGIN"]
    raw = hashlib.sha256(visit.token.encode()).hexdigest()
    with client.session_transaction(base_url=origin) as kept:
        kept["_user_id"], kept["_fresh"], kept["csrf_token"] = visit.token, True, raw
    with app.test_request_context("/"):
        from flask import session

        session["csrf_token"] = raw
        return client, str(generate_csrf())


def switch_on_second_step(client: Browser) -> None:
    """Switches the second step on, as somebody does who types the secret into their app."""
    page = client.get("/account/two-step").text
    found = re.search(r'<code class="secret">([^<]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    form = {"secret": secret, "code": pyotp.TOTP(secret).now(), "password": PASSWORD}
    assert "recovery codes" in client.send("/account/two-step", form).text


def outbox(folder: Path) -> list[EmailMessage]:
    """The letters that lie in the outbox of KB_DATA, in the order in which they were sent."""
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join()
    found = sorted((folder / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def text_of(letter: EmailMessage) -> str:
    """What a letter says, as plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(letter: EmailMessage) -> str:
    """The path of the first link in a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text_of(letter))
    assert found
    return found[1]
