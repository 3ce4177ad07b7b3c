"""Ending letters of a kind by one click (RFC 8058): the address in a letter is all it takes.

Its token names the person and the kinds, and is signed with the secret of this desk, so that it
can be neither guessed nor changed. It does nothing but end letters, and never ends itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb.records import notices as records
from kb.records import people
from kb.services.notices import NOTICES
from kb.services.office import Office, note
from kb.services.sessions import person_of
from kb.services.tickets import LinkNotValid
from kb.services.tokens import signing_key
from kb.settings import Settings

#: Before the number of a saved search, which is a kind of letter by itself.
ALERT = "alert/"
PURPOSE = b"unsubscribe"


@dataclass(frozen=True)
class Ending:
    """Which letters a link ends: kinds of notices, and the titles of saved searches."""

    kinds: tuple[str, ...]
    searches: tuple[str, ...]


def address(settings: Settings, person_id: int, *kinds: str) -> str:
    """The whole address that ends letters of these kinds to a person.

    A kind is a row of NOTICES, or "alert/" with the number of a saved search.
    """
    return f"{settings.origin}/unsubscribe/{_token(settings, person_id, kinds)}"


def look(office: Office, token: str) -> Ending:
    """What a link would end. Raises LinkNotValid."""
    person_id, kinds = _read(office.settings, token)
    with office.database.reading() as connection:
        return _ending(connection, person_id, kinds)


def stop(office: Office, token: str) -> Ending:
    """Ends the letters that the link names; doing so twice changes nothing. Raises LinkNotValid."""
    person_id, kinds = _read(office.settings, token)
    with office.database.writing() as connection:
        ending = _ending(connection, person_id, kinds)
        records.choose(connection, person_id, dict.fromkeys(ending.kinds, "never"))
        for kind in kinds:
            if kind.startswith(ALERT):
                records.hush_search(connection, person_id, kind.removeprefix(ALERT))
        account = people.account(connection, person_id)
        assert account is not None
        told = (*ending.kinds, *("alert" for _ in ending.searches))
        note(connection, person_of(account), "unsubscribed", " ".join(told))
    return ending


def _ending(connection: sa.Connection, person_id: int, kinds: Sequence[str]) -> Ending:
    account = people.account(connection, person_id)
    if account is None or account.email is None:
        raise LinkNotValid
    names = [kind.removeprefix(ALERT) for kind in kinds if kind.startswith(ALERT)]
    titles = [records.search_title(connection, person_id, name) for name in names]
    return Ending(
        tuple(kind for kind in kinds if kind in NOTICES),
        tuple(title for title in titles if title is not None),
    )


def _token(settings: Settings, person_id: int, kinds: Sequence[str]) -> str:
    said = f"{person_id} {' '.join(kinds)}".encode()
    return f"{_coded(said)}.{_coded(_signature(settings, said))}"


def _read(settings: Settings, token: str) -> tuple[int, tuple[str, ...]]:
    said, _, signature = token.partition(".")
    try:
        plain, signed = _decoded(said), _decoded(signature)
    except ValueError:
        raise LinkNotValid from None
    if not hmac.compare_digest(signed, _signature(settings, plain)):
        raise LinkNotValid
    number, *kinds = plain.decode().split(" ")
    return int(number), tuple(kinds)


def _signature(settings: Settings, said: bytes) -> bytes:
    key = hmac.new(signing_key(settings.data), PURPOSE, hashlib.sha256).digest()
    return hmac.new(key, said, hashlib.sha256).digest()


def _coded(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
