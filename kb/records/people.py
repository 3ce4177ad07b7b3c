"""Accounts, sessions, one-time links and tries: their rows and queries, without rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from kb.records import comments, events
from kb.records.rows import clean
from kb.records.tables import (
    attempt,
    person,
    recovery_code,
    report,
    revision,
    session,
    suggestion,
    ticket,
)


@dataclass(frozen=True)
class Account:
    """A row of `person`. `email` is None once the account was deleted."""

    id: int
    email: str | None
    name: str
    role: str
    password: str | None
    created_at: datetime
    confirmed_at: datetime | None
    disabled_at: datetime | None
    totp_secret: str | None
    totp_last: int | None
    lang: str


@dataclass(frozen=True)
class Session:
    """A row of `session`: where somebody is signed in."""

    id: int
    person_id: int
    token_hash: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    remember: bool
    agent: str
    revoked_at: datetime | None


@dataclass(frozen=True)
class Ticket:
    """A row of `ticket`: a one-time link, for `person_id` or for whoever reads mail at `email`."""

    id: int
    token_hash: str
    purpose: str
    person_id: int | None
    email: str
    role: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


Row = TypeVar("Row", Account, Session, Ticket)


def _rows(connection: sa.Connection, kind: type[Row], query: sa.Select[Any]) -> list[Row]:
    names = [field.name for field in fields(kind)]
    return [
        kind(**{name: row[name] for name in names}) for row in connection.execute(query).mappings()
    ]


def _one(connection: sa.Connection, kind: type[Row], query: sa.Select[Any]) -> Row | None:
    found = _rows(connection, kind, query.limit(1))
    return found[0] if found else None


# Accounts ----------------------------------------------------------------------------------


def account(connection: sa.Connection, id: int) -> Account | None:
    """The account of this number."""
    return _one(connection, Account, sa.select(person).where(person.c.id == id))


def account_of(connection: sa.Connection, email: str) -> Account | None:
    """The account with this address, which is in lower case."""
    return _one(connection, Account, sa.select(person).where(person.c.email == clean(email)))


def accounts(connection: sa.Connection) -> list[Account]:
    """All accounts that were not deleted, by name."""
    query = sa.select(person).where(person.c.email.is_not(None))
    return _rows(connection, Account, query.order_by(sa.func.lower(person.c.name), person.c.id))


def active(connection: sa.Connection, roles: Collection[str]) -> list[Account]:
    """The accounts with these roles whose people can sign in, by name."""
    return [
        one for one in accounts(connection) if one.role in roles and one.disabled_at is None
    ]  # fmt: skip


def active_with(connection: sa.Connection, role: str) -> int:
    """How many people with this role can sign in."""
    query = sa.select(sa.func.count()).select_from(person)
    active = (person.c.role == role, person.c.email.is_not(None), person.c.disabled_at.is_(None))
    return connection.execute(query.where(*active)).scalar_one()


def add_account(connection: sa.Connection, **values: Any) -> int:
    """Adds an account and returns its number."""
    done = connection.execute(sa.insert(person).values(**values))
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def change_account(connection: sa.Connection, id: int, **values: Any) -> None:
    """Changes columns of an account."""
    connection.execute(sa.update(person).where(person.c.id == id).values(**values))


def use_step(connection: sa.Connection, id: int, step: int) -> bool:
    """Whether this time step of the second step had not been used; from now on it has."""
    fresh = sa.or_(person.c.totp_last.is_(None), person.c.totp_last < step)
    query = sa.update(person).where(person.c.id == id, fresh).values(totp_last=step)
    return connection.execute(query).rowcount == 1


def rename_everywhere(connection: sa.Connection, id: int, name: str) -> None:
    """Puts another name on all that a person wrote and did."""
    change_account(connection, id, name=name)
    connection.execute(sa.update(revision).where(revision.c.author_id == id).values(author=name))
    events.forget_name(connection, id)
    comments.rename(connection, id, name)


def forget_address(connection: sa.Connection, email: str) -> None:
    """Takes a mail address out of what happened, and the links that were sent there away."""
    for table in (suggestion, report):
        connection.execute(sa.update(table).where(table.c.email == email).values(email=""))
    events.forget_address(connection, email)
    connection.execute(sa.delete(ticket).where(ticket.c.email == email))


# Recovery codes ----------------------------------------------------------------------------


def put_codes(connection: sa.Connection, id: int, hashes: tuple[str, ...]) -> None:
    """Replaces the recovery codes of a person."""
    connection.execute(sa.delete(recovery_code).where(recovery_code.c.person_id == id))
    for code_hash in hashes:
        connection.execute(sa.insert(recovery_code).values(person_id=id, code_hash=code_hash))


def unused_codes(connection: sa.Connection, id: int) -> list[tuple[int, str]]:
    """The recovery codes of a person that can still be used: number and hash of each."""
    mine = (recovery_code.c.person_id == id, recovery_code.c.used_at.is_(None))
    query = sa.select(recovery_code.c.id, recovery_code.c.code_hash).where(*mine)
    return [(row[0], row[1]) for row in connection.execute(query)]


def use_code(connection: sa.Connection, number: int, at: datetime) -> bool:
    """Whether this recovery code had not been used; from now on it has."""
    unused = (recovery_code.c.id == number, recovery_code.c.used_at.is_(None))
    query = sa.update(recovery_code).where(*unused).values(used_at=at)
    return connection.execute(query).rowcount == 1


def codes_left(connection: sa.Connection, id: int) -> int:
    """How many recovery codes can still be used."""
    query = sa.select(sa.func.count()).select_from(recovery_code)
    unused = (recovery_code.c.person_id == id, recovery_code.c.used_at.is_(None))
    return connection.execute(query.where(*unused)).scalar_one()


# Sessions ----------------------------------------------------------------------------------


def add_session(connection: sa.Connection, **values: Any) -> None:
    """Adds a session."""
    connection.execute(sa.insert(session).values(**values))


def session_named(connection: sa.Connection, token_hash: str) -> Session | None:
    """The session whose token has this hash."""
    return _one(connection, Session, sa.select(session).where(session.c.token_hash == token_hash))


def open_sessions(connection: sa.Connection, person_id: int, at: datetime) -> list[Session]:
    """The sessions of a person that still hold, the last used first."""
    holding = (
        session.c.person_id == person_id,
        session.c.revoked_at.is_(None),
        session.c.expires_at > at,
    )
    query = sa.select(session).where(*holding).order_by(session.c.seen_at.desc(), session.c.id)
    return _rows(connection, Session, query)


def agents_of(connection: sa.Connection, person_id: int) -> list[str]:
    """The browsers, as they name themselves, in which somebody is or was signed in."""
    query = sa.select(session.c.agent).where(session.c.person_id == person_id).distinct()
    return list(connection.execute(query).scalars())


def forget_old_sessions(connection: sa.Connection, before: datetime) -> None:
    """Forgets the sessions that ended before a time."""
    over = sa.or_(session.c.expires_at < before, session.c.revoked_at < before)
    connection.execute(sa.delete(session).where(over))


def touch_session(connection: sa.Connection, id: int, seen: datetime, expires: datetime) -> None:
    """Notes that a session was used, and how long it holds from now on."""
    query = sa.update(session).where(session.c.id == id)
    connection.execute(query.values(seen_at=seen, expires_at=expires))


def revoke_sessions(
    connection: sa.Connection,
    person_id: int,
    at: datetime,
    *,
    only: int | None = None,
    token_hash: str | None = None,
    but: str | None = None,
) -> int:
    """Ends sessions of a person: one by number or token hash, all, or all but one. How many."""
    query = sa.update(session).where(session.c.person_id == person_id)
    query = query.where(session.c.revoked_at.is_(None))
    if only is not None:
        query = query.where(session.c.id == only)
    if token_hash is not None:
        query = query.where(session.c.token_hash == token_hash)
    if but is not None:
        query = query.where(session.c.token_hash != but)
    return connection.execute(query.values(revoked_at=at)).rowcount


# One-time links ----------------------------------------------------------------------------


def add_ticket(connection: sa.Connection, **values: Any) -> None:
    """Adds a one-time link."""
    connection.execute(sa.insert(ticket).values(**values))


def ticket_named(connection: sa.Connection, token_hash: str) -> Ticket | None:
    """The one-time link whose token has this hash."""
    return _one(connection, Ticket, sa.select(ticket).where(ticket.c.token_hash == token_hash))


def open_tickets(connection: sa.Connection, purpose: str, at: datetime) -> list[Ticket]:
    """The links of one purpose that can still be used, the newest first."""
    query = sa.select(ticket).where(
        ticket.c.purpose == purpose, ticket.c.used_at.is_(None), ticket.c.expires_at > at
    )
    return _rows(connection, Ticket, query.order_by(ticket.c.id.desc()))


def use_ticket(connection: sa.Connection, id: int, at: datetime) -> bool:
    """Whether the link had not been used; from now on it has."""
    query = sa.update(ticket).where(ticket.c.id == id, ticket.c.used_at.is_(None))
    return connection.execute(query.values(used_at=at)).rowcount == 1


def drop_tickets(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> None:
    """Forgets links."""
    connection.execute(sa.delete(ticket).where(*conditions))


def drop_tickets_of(connection: sa.Connection, person_id: int, purpose: str | None = None) -> None:
    """Forgets the links of a person, of one purpose or all."""
    mine = [ticket.c.person_id == person_id]
    drop_tickets(connection, *mine, *([ticket.c.purpose == purpose] if purpose else []))


def drop_tickets_for(connection: sa.Connection, email: str, purpose: str) -> None:
    """Forgets the links of one purpose that were made for a mail address."""
    drop_tickets(connection, ticket.c.email == email, ticket.c.purpose == purpose)


def drop_ticket(connection: sa.Connection, id: int, purpose: str) -> None:
    """Forgets one link, if it is of this purpose."""
    drop_tickets(connection, ticket.c.id == id, ticket.c.purpose == purpose)


def drop_old_tickets(connection: sa.Connection, before: datetime) -> None:
    """Forgets the links that ended before a time."""
    drop_tickets(connection, ticket.c.expires_at < before)


# Tries -------------------------------------------------------------------------------------


def take_turn(connection: sa.Connection, subject: str) -> None:
    """Lets one transaction at a time count the tries of a subject (hex), where not all do so."""
    if connection.dialect.name == "postgresql":
        number = int(subject[:15], 16)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def add_try(connection: sa.Connection, kind: str, subject: str, at: datetime) -> None:
    """Counts a try."""
    connection.execute(sa.insert(attempt).values(kind=kind, subject=subject, at=at))


def tries(
    connection: sa.Connection, kind: str, subject: str, since: datetime
) -> tuple[int, datetime | None]:
    """How many tries there were since a time, and when the last one was."""
    query = sa.select(sa.func.count(), sa.func.max(attempt.c.at)).where(
        attempt.c.kind == kind, attempt.c.subject == subject, attempt.c.at >= since
    )
    count, last = connection.execute(query).one()
    return int(count), last


def forget_tries(connection: sa.Connection, kind: str, subject: str) -> None:
    """Forgets all tries of one kind by one subject."""
    mine = (attempt.c.kind == kind, attempt.c.subject == subject)
    connection.execute(sa.delete(attempt).where(*mine))


def forget_last_try(connection: sa.Connection, kind: str, subject: str) -> None:
    """Forgets the last try of one kind by one subject."""
    mine = sa.select(sa.func.max(attempt.c.id)).where(
        attempt.c.kind == kind, attempt.c.subject == subject
    )
    connection.execute(sa.delete(attempt).where(attempt.c.id == mine.scalar_subquery()))


def forget_old_tries(connection: sa.Connection, before: datetime) -> None:
    """Forgets the tries before a time."""
    connection.execute(sa.delete(attempt).where(attempt.c.at < before))
