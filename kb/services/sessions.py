"""Being signed in: begun with a fresh token, seen again at each request, ended here or everywhere.

The browser holds the token, the database its hash; taking the row away ends the session at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb.access import VISITOR, Person, may, require, without_keys
from kb.records import people as records
from kb.records.database import now
from kb.records.people import Account, Session
from kb.services.office import Office, note
from kb.services.tokens import hash_of, new_token

#: How long a sitting holds at most, however busy; it ends before when nothing is done for the
#: minutes of SESSION_IDLE_MINUTES (OWASP ASVS 4.0, 3.3.2).
SITTING = timedelta(hours=12)
#: How long a session on a device of one's own holds after it was used last, and at most.
REMEMBERED = timedelta(days=30)
LONGEST = timedelta(days=90)
#: A session is written down as used again when this much time has passed.
TOUCH = timedelta(minutes=1)
#: For how long a session that ended is still known, and with it the browsers somebody uses.
KEPT = timedelta(days=180)
_VERSION = re.compile(r"[\d._]+")


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


def may_stay(person: Person) -> bool:
    """Whether somebody may stay signed in for days: not those who decide about others' texts."""
    return not may(person, "see-queue")


def begin(connection: sa.Connection, account: Account, remember: bool, agent: str) -> Visit:
    """A new session for somebody whose secrets were checked."""
    token, at = new_token(), now()
    person = person_of(account)
    remember = remember and may_stay(person)
    records.forget_old_sessions(connection, at - KEPT)
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
    note(connection, person, "signed-in", account.email or "")
    return Visit(person, token, remember)


def renew(connection: sa.Connection, account: Account, token: str, agent: str) -> Visit:
    """Ends all sessions of a person, and begins another in place of the one with this token."""
    old = records.session_named(connection, hash_of(token))
    records.revoke_sessions(connection, account.id, now())
    return begin(connection, account, bool(old and old.remember), agent)


def is_new_place(connection: sa.Connection, account: Account, agent: str) -> bool:
    """Whether somebody who was here before was never here with this browser, of any version."""
    known = {_VERSION.sub("", one) for one in records.agents_of(connection, account.id)}
    return bool(known) and _VERSION.sub("", agent[:200]) not in known


def current(office: Office, token: str) -> Person:
    """Who is signed in with this token; the visitor where the session does not hold any more."""
    with office.database.reading() as connection:
        session = records.session_named(connection, hash_of(token))
        account = records.account(connection, session.person_id) if session else None
    at = now()
    if session is None or account is None or session.revoked_at:
        return VISITOR
    if account.disabled_at or account.email is None:
        return VISITOR
    person = person_of(account)
    if not _holds(office, session, person, at):
        return VISITOR
    if at - session.seen_at > TOUCH:
        _touch(office, session, at)
    return lowered(office, account)


def _holds(office: Office, session: Session, person: Person, at: datetime) -> bool:
    """Whether the time of a session is not over."""
    if session.expires_at <= at:
        return False
    if session.remember and office.settings.stay_signed_in and may_stay(person):
        return True
    idle = timedelta(minutes=office.settings.session_idle_minutes)
    return at < session.created_at + SITTING and at - session.seen_at <= idle


def lowered(office: Office, account: Account) -> Person:
    """Who has this account, with the rights they have now.

    Where ADMIN_SECOND_STEP asks for it, an administrator has those of an editor until the second
    step is on (OWASP ASVS 4.0, 4.3.1).
    """
    person = person_of(account)
    if needs_second_step(office, account):
        return replace(person, role=without_keys(person.role))
    return person


def needs_second_step(office: Office, account: Account) -> bool:
    """Whether this is an administrator who has to switch the second step on first."""
    manages = may(person_of(account), "manage-people")
    return office.settings.admin_second_step and manages and account.totp_secret is None


def _touch(office: Office, session: Session, at: datetime) -> None:
    holds = at + REMEMBERED if session.remember else session.created_at + SITTING
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
    at = now()
    with office.database.reading() as connection:
        rows = [
            row
            for row in records.open_sessions(connection, person.id, at)
            if _holds(office, row, person, at)
        ]
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
