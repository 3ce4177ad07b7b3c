"""Being signed in: begun with a fresh token, seen again at each request, ended here or everywhere.

The browser holds the token, the database its hash; taking the row away ends the session at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb.access import VISITOR, Person, require
from kb.records import people as records
from kb.records.database import now
from kb.records.people import Account, Session
from kb.services.office import Office, note
from kb.services.tokens import hash_of, new_token

#: How long a session holds after it was used last: for a sitting, or on a device of one's own.
SITTING = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
#: The longest that any session holds.
LONGEST = timedelta(days=90)
#: A session is written down as used again when this much time has passed.
TOUCH = timedelta(minutes=10)


@dataclass(frozen=True)
class Visit:
    """A session that has just begun: who, and the token that the browser is to keep."""

    person: Person
    token: str
    remember: bool


@dataclass(frozen=True)
class OwnSession:
    """One of a person's own sessions; `current` is the one that asks."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime
    remember: bool
    current: bool


def person_of(account: Account) -> Person:
    """The person who has this account."""
    return Person(account.id, account.name, account.email or "", account.role)


def begin(connection: sa.Connection, account: Account, remember: bool, agent: str) -> Visit:
    """A new session for somebody whose secrets were checked."""
    token, at = new_token(), now()
    records.add_session(
        connection,
        person_id=account.id,
        token_hash=hash_of(token),
        created_at=at,
        seen_at=at,
        expires_at=at + (REMEMBERED if remember else SITTING),
        remember=remember,
        agent=agent[:200],
    )
    person = person_of(account)
    note(connection, person, "signed-in", account.email or "")
    return Visit(person, token, remember)


def current(office: Office, token: str) -> Person:
    """Who is signed in with this token; the visitor where the session does not hold any more."""
    with office.database.reading() as connection:
        session = records.session_named(connection, hash_of(token))
        account = records.account(connection, session.person_id) if session else None
    at = now()
    if session is None or account is None or session.revoked_at or session.expires_at <= at:
        return VISITOR
    if account.disabled_at or account.email is None:
        return VISITOR
    if at - session.seen_at > TOUCH:
        _touch(office, session, at)
    return person_of(account)


def _touch(office: Office, session: Session, at: datetime) -> None:
    holds = at + (REMEMBERED if session.remember else SITTING)
    with office.database.writing() as connection:
        end = min(holds, session.created_at + LONGEST)
        records.touch_session(connection, session.id, at, end)


def sign_out(office: Office, token: str) -> None:
    """Ends the session that has this token."""
    with office.database.writing() as connection:
        session = records.session_named(connection, hash_of(token))
        if session is not None:
            records.revoke_sessions(connection, session.person_id, now(), only=session.id)


def sign_out_everywhere(office: Office, person: Person, but: str | None = None) -> int:
    """Ends all sessions of `person`, but the one with the token `but`. Returns how many."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.writing() as connection:
        kept = hash_of(but) if but else None
        ended = records.revoke_sessions(connection, person.id, now(), but=kept)
        note(connection, person, "signed-out", person.email, f"{ended} sessions")
    return ended


def revoke(office: Office, person: Person, session_id: int) -> None:
    """Ends one of a person's own sessions; the number of somebody else's does nothing."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.writing() as connection:
        records.revoke_sessions(connection, person.id, now(), only=session_id)


def sessions_of(office: Office, person: Person, token: str) -> tuple[OwnSession, ...]:
    """Where a person is signed in, the session with this token being the current one."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.reading() as connection:
        rows = records.open_sessions(connection, person.id, now())
    mine = hash_of(token)
    return tuple(
        OwnSession(
            id=row.id,
            agent=row.agent,
            created_at=row.created_at,
            seen_at=row.seen_at,
            remember=row.remember,
            current=row.token_hash == mine,
        )
        for row in rows
    )
