"""Queries on what people without an account send in: suggestions, and reported problems."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from indexer.values import Key
from kb.records.database import now
from kb.records.people import take_turn
from kb.records.rows import clean
from kb.records.tables import person, report, suggestion

#: What two transactions take turns at that both look for the one row of strangers (any hex).
_TURN = "0075174d"


@dataclass(frozen=True)
class Suggestion:
    """What somebody sent in as a draft; `token` leads them to what became of it."""

    token: str
    draft_id: int
    purpose: str
    email: str
    ui: str
    at: datetime


@dataclass(frozen=True)
class Report:
    """A problem of a document, whose public text was `hash` then.

    `email` is for an answer alone; `answer` is for everybody.
    """

    id: int
    token: str
    kind: str
    slug: str
    lang: str
    hash: str
    about: str
    place: str
    words: str
    name: str
    email: str
    ui: str
    state: str
    answer: str
    answered_by: str
    at: datetime
    changed_at: datetime

    @property
    def key(self) -> Key:
        """Which document it is of."""
        return Key(self.kind, self.slug, self.lang)


Row = TypeVar("Row", Suggestion, Report)


def _rows(connection: sa.Connection, kind: type[Row], query: sa.Select[Any]) -> tuple[Row, ...]:
    names = [field.name for field in fields(kind)]
    return tuple(
        kind(**{name: row[name] for name in names}) for row in connection.execute(query).mappings()
    )


def _one(connection: sa.Connection, kind: type[Row], query: sa.Select[Any]) -> Row | None:
    found = _rows(connection, kind, query)
    return found[0] if found else None


# Strangers -----------------------------------------------------------------------------------


def stranger(connection: sa.Connection, name: str, role: str) -> int:
    """Give the one row that what strangers send in belongs to, made with these where it is not.

    It has no address and no password, so nobody signs in as it and no list of people has it.
    """
    take_turn(connection, _TURN)
    known = connection.execute(sa.select(person.c.id).where(person.c.outside)).scalar()
    if known is not None:
        return int(known)
    done = connection.execute(
        sa.insert(person).values(name=name, role=role, created_at=now(), outside=True)
    )
    return int(done.inserted_primary_key[0])  # type: ignore[index]


# Suggestions ---------------------------------------------------------------------------------


def add_suggestion(connection: sa.Connection, one: Suggestion) -> None:
    """Add what somebody sent in, whose draft is there already."""
    connection.execute(sa.insert(suggestion).values(**vars(one)))


def suggestion_named(connection: sa.Connection, token: str) -> Suggestion | None:
    """Give the suggestion of whoever has this token."""
    return _one(
        connection, Suggestion, sa.select(suggestion).where(suggestion.c.token == clean(token))
    )


def take_address(connection: sa.Connection, draft_id: int) -> Suggestion | None:
    """Give the suggestion that became a draft where an answer is still owed, and forget whereto."""
    mine = sa.select(suggestion).where(suggestion.c.draft_id == draft_id, suggestion.c.email != "")
    found = _one(connection, Suggestion, mine.with_for_update())
    if found is not None:
        gone = sa.update(suggestion).where(suggestion.c.draft_id == draft_id)
        connection.execute(gone.values(email=""))
    return found


# Reports -------------------------------------------------------------------------------------


def add_report(connection: sa.Connection, key: Key, **values: Any) -> None:
    """Add a problem of a document; the values are the other columns, without the times."""
    at = now()
    told = {name: clean(value) for name, value in values.items()}
    connection.execute(
        sa.insert(report).values(
            kind=key.kind, slug=key.slug, lang=key.lang, answer="", answered_by="", at=at,
            changed_at=at, **told,
        )
    )  # fmt: skip


def report_named(connection: sa.Connection, token: str, *, hold: bool = False) -> Report | None:
    """Give the report with this token; with `hold` nobody else changes it meanwhile."""
    mine = sa.select(report).where(report.c.token == clean(token))
    return _one(connection, Report, mine.with_for_update() if hold else mine)


def change_report(connection: sa.Connection, one: Report, **values: Any) -> None:
    """Change columns of a report, and the time of its last change."""
    connection.execute(
        sa.update(report).where(report.c.id == one.id).values(changed_at=now(), **values)
    )


def reports_in(
    connection: sa.Connection, states: Collection[str], limit: int, before: int | None = None
) -> tuple[Report, ...]:
    """Give the reports in some states, the newest first, from `before` (a number of one) on."""
    query = sa.select(report).where(report.c.state.in_(states))
    if before is not None:
        query = query.where(report.c.id < before)
    return _rows(connection, Report, query.order_by(report.c.id.desc()).limit(limit))


def reports_of(
    connection: sa.Connection, key: Key, states: Collection[str], limit: int
) -> tuple[Report, ...]:
    """Give the reports of a document in some states, the one that changed last first."""
    query = sa.select(report).where(
        report.c.kind == key.kind, report.c.slug == key.slug, report.c.lang == key.lang,
        report.c.state.in_(states),
    )  # fmt: skip
    order = (report.c.changed_at.desc(), report.c.id.desc())
    return _rows(connection, Report, query.order_by(*order).limit(limit))


def count_reports(connection: sa.Connection) -> dict[str, int]:
    """Give how many reports there are in each state that any of them is in."""
    rows = connection.execute(sa.select(report.c.state, sa.func.count()).group_by(report.c.state))
    return {state: int(number) for state, number in rows}
