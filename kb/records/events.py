"""The event log: who did what to what. Rows are added, and never changed or taken away.

Triggers of the database see to that: a row stays, and of its cells only the name, the subject and
the detail can change, and only to "". That is what may have to be forgotten of people and texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from kb.records.tables import event, person

#: Actions whose detail is a name that somebody gave themselves.
NAMING = ("renamed",)
#: The action whose subject is a new mail address, and whose detail the one before.
MOVING = "changed-address"
#: Who did it: the name then; that of the account where it was forgotten.
_NAME = sa.func.coalesce(sa.func.nullif(event.c.name, ""), person.c.name, "")


@dataclass(frozen=True)
class Event:
    """A row of the log. `name` is that of today where the one of then was forgotten."""

    id: int
    at: datetime
    person_id: int | None
    name: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Wanted:
    """Which events are wanted; what is empty does not narrow. Days are UTC, both included."""

    action: str = ""
    name: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None


def add(
    connection: sa.Connection,
    at: datetime,
    by: tuple[int | None, str],
    *,
    action: str,
    subject: str,
    detail: str = "",
) -> None:
    """Notes who (number and name) did what to what."""
    connection.execute(
        sa.insert(event).values(
            at=at, person_id=by[0], name=by[1], action=action, subject=subject[:200], detail=detail
        )
    )


def events(
    connection: sa.Connection, wanted: Wanted, limit: int, before: int | None = None
) -> tuple[Event, ...]:
    """The newest events that are wanted; `before` is the id of an event to go on from."""
    query = (
        sa.select(event, _NAME.label("shown"))
        .outerjoin(person, person.c.id == event.c.person_id)
        .where(*_conditions(wanted))
        .order_by(event.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(event.c.id < before)
    return tuple(
        Event(
            id=row["id"], at=row["at"], person_id=row["person_id"], name=row["shown"],
            action=row["action"], subject=row["subject"], detail=row["detail"],
        )
        for row in connection.execute(query).mappings()
    )  # fmt: skip


def told_since(connection: sa.Connection, action: str, since: datetime) -> set[tuple[str, str]]:
    """Subject and detail of everything that was done of one kind since a time."""
    query = sa.select(event.c.subject, event.c.detail).where(
        event.c.action == action, event.c.at >= since
    )
    return {(subject, detail) for subject, detail in connection.execute(query)}


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.action:
        found.append(event.c.action == wanted.action)
    if wanted.name:
        found.append(_holds(_NAME, wanted.name))
    found += [
        _holds(event.c.subject, word) | _holds(event.c.detail, word)
        for word in wanted.words.split()
    ]
    if wanted.since:
        found.append(event.c.at >= datetime.combine(wanted.since, time.min))
    if wanted.until:
        end = datetime.combine(wanted.until, time.min) + timedelta(days=1)
        found.append(event.c.at < end)
    return found


def _holds(column: sa.ColumnElement[str], words: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(words.lower(), autoescape=True)


# Forgetting --------------------------------------------------------------------------------


def forget_name(connection: sa.Connection, person_id: int) -> None:
    """Takes the names of a person out of what they did; their account tells what they are called.

    The names of others that they did something to are left alone.
    """
    mine = event.c.person_id == person_id
    connection.execute(sa.update(event).where(mine).values(name=""))
    named = mine & event.c.action.in_(NAMING)
    connection.execute(sa.update(event).where(named).values(detail=""))


def forget_address(connection: sa.Connection, email: str) -> None:
    """Takes a mail address out of what happened, and those that it took the place of."""
    known: list[tuple[str, datetime | None]] = [(email, None)]
    while known:
        address, until = known.pop()
        mine = event.c.subject == address
        if until is not None:
            mine &= event.c.at <= until  # somebody else may have the address by now
        moved = mine & (event.c.action == MOVING)
        known += [tuple(row) for row in connection.execute(sa.select(event.c.detail, event.c.at)
                  .where(moved, event.c.detail != ""))]  # fmt: skip
        connection.execute(sa.update(event).where(moved).values(detail=""))
        connection.execute(sa.update(event).where(mine).values(subject=""))


def forget_words(connection: sa.Connection, subjects: Iterable[str], until: datetime) -> None:
    """Takes away what was said of some subjects up to a time; that it happened stays."""
    told = event.c.subject.in_(sorted(subjects)) & (event.c.at <= until)
    connection.execute(sa.update(event).where(told).values(detail=""))
