"""What tests of security share: signing in by the form, letters, what happened."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import Flask

from kb.records.tables import event
from kb.services.office import SmallOffice
from tests.kb.conftest import AMA
from tests.people import PASSWORD, Browser, browser, database_of, outbox

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
NEWER = FIREFOX.replace("150", "151")
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/160.0 Mobile Safari/537.36"


def office_of(app: Flask) -> SmallOffice:
    return SmallOffice(database_of(app), app.extensions["sankofa.settings"])


def letters(app: Flask) -> list[EmailMessage]:
    return outbox(app.extensions["sankofa.settings"].data)


def enter(app: Flask, agent: str = FIREFOX, **form: str) -> tuple[Browser, Any]:
    client = browser(app)
    client.environ_base["HTTP_USER_AGENT"] = agent
    token = client.token("/account/sign-in")
    sent = {"csrf_token": token, "email": AMA, "password": PASSWORD, **form}
    return client, client.post("/account/sign-in", data=sent, headers={"User-Agent": agent})


def happened(app: Flask) -> list[str]:
    with database_of(app).reading() as connection:
        return list(connection.execute(sa.select(event.c.action).order_by(event.c.id)).scalars())
