"""One-time links: to be the first, to come in, to choose a password, to give the second step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from kb.records import people as records
from kb.records.database import now
from kb.records.people import Ticket
from kb.services.office import Office
from kb.services.tokens import hash_of, new_token

FIRST, INVITATION, REGISTRATION = "first", "invitation", "registration"
RESET, SECOND_STEP, ADDRESS = "reset", "second-step", "address"
#: The second step of somebody who has to choose another password then.
THEN_PASSWORD = "then-password"  # noqa: S105
HALF_WAY = (SECOND_STEP, THEN_PASSWORD)
#: Links that make an account.
WAYS_IN = (FIRST, INVITATION, REGISTRATION)
HOLDS: Mapping[str, timedelta] = {
    FIRST: timedelta(days=7),
    INVITATION: timedelta(days=14),
    REGISTRATION: timedelta(days=1),
    RESET: timedelta(hours=2),
    ADDRESS: timedelta(days=1),
    SECOND_STEP: timedelta(minutes=10),
    THEN_PASSWORD: timedelta(minutes=10),
}


class LinkNotValid(Exception):
    """The link was used, has ended, was taken back, or never was."""


def make(
    connection: sa.Connection,
    purpose: str,
    email: str,
    person_id: int | None = None,
    role: str = "",
) -> str:
    """A new link; its token is returned, and is nowhere else."""
    token, at = new_token(), now()
    records.drop_old_tickets(connection, at)
    records.add_ticket(
        connection,
        token_hash=hash_of(token),
        purpose=purpose,
        person_id=person_id,
        email=email,
        role=role,
        created_at=at,
        expires_at=at + HOLDS[purpose],
    )
    return token


def read(office: Office, token: str, *purposes: str) -> Ticket:
    """The link with this token, not used by being read. Raises LinkNotValid."""
    with office.database.reading() as connection:
        found = records.ticket_named(connection, hash_of(token))
    if found is None or found.purpose not in purposes or found.used_at:
        raise LinkNotValid
    if found.expires_at <= now():
        raise LinkNotValid
    return found


def use(connection: sa.Connection, ticket: Ticket) -> None:
    """Uses the link up. Raises LinkNotValid where somebody did so just before."""
    if not records.use_ticket(connection, ticket.id, now()):
        raise LinkNotValid
