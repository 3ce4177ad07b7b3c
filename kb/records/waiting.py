"""Queries on what waits for somebody in the editors' office, counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb.records.rows import PUBLIC
from kb.records.tables import co_author, draft, job, notice, report, revision


@dataclass(frozen=True)
class FailedJob:
    """A piece of background work that was given up, with the reason."""

    task: str
    key: str
    tries: int
    error: str
    failed_at: datetime


@dataclass(frozen=True)
class Wrote:
    """Who wrote what is public of a document: its name then, when, and whose draft it was.

    `person_ids` are the author and all who could write in the draft, none for a change by hand.
    """

    name: str
    at: datetime
    person_ids: tuple[int, ...]


def reports_by_state(connection: sa.Connection) -> dict[str, int]:
    """How many reported problems are in each state."""
    query = sa.select(report.c.state, sa.func.count()).group_by(report.c.state)
    return {state: int(number) for state, number in connection.execute(query)}


def letters(connection: sa.Connection) -> tuple[int, datetime | None]:
    """How many notices were not sent yet, and since when the oldest waits."""
    query = sa.select(sa.func.count(), sa.func.min(notice.c.at)).where(notice.c.sent_at.is_(None))
    number, since = connection.execute(query).one()
    return int(number), since


def failed_jobs(connection: sa.Connection, limit: int) -> tuple[int, tuple[FailedJob, ...]]:
    """How many pieces of work were given up, and the last of them, newest first."""
    failed = job.c.failed_at.is_not(None)
    number = connection.execute(sa.select(sa.func.count()).select_from(job).where(failed))
    columns = [job.c[name] for name in FailedJob.__dataclass_fields__]
    query = sa.select(*columns).where(failed).order_by(job.c.failed_at.desc(), job.c.id.desc())
    rows = connection.execute(query.limit(limit)).mappings()
    return int(number.scalar_one()), tuple(FailedJob(**row) for row in rows)


def drafts_by_state(connection: sa.Connection, states: Collection[str]) -> dict[str, int]:
    """How many drafts are in each of some states."""
    query = sa.select(draft.c.state, sa.func.count()).where(draft.c.state.in_(states))
    rows = connection.execute(query.group_by(draft.c.state))
    return {state: int(number) for state, number in rows}


def writers(connection: sa.Connection, kind: str) -> Mapping[str, Wrote]:
    """Who wrote last what is public of each document of a kind, originals alone, by slug."""
    last = (
        sa.select(sa.func.max(revision.c.id))
        .where(revision.c.kind == kind, revision.c.lang == "", revision.c.text != "")
        .where(revision.c.event.in_(PUBLIC), ~revision.c.pending)
        .group_by(revision.c.slug)
    )
    query = (
        sa.select(revision.c.slug, revision.c.author, revision.c.author_id, revision.c.at,
                  revision.c.draft_id, draft.c.owner_id)
        .outerjoin(draft, draft.c.id == revision.c.draft_id)
        .where(revision.c.id.in_(last))
    )  # fmt: skip
    rows = connection.execute(query).mappings().all()
    helpers: dict[int, list[int]] = {}
    for draft_id, person_id in connection.execute(sa.select(co_author)):
        helpers.setdefault(draft_id, []).append(person_id)
    return {row["slug"]: _wrote(row, helpers.get(row["draft_id"] or 0, [])) for row in rows}


def _wrote(row: sa.RowMapping, helpers: list[int]) -> Wrote:
    people = dict.fromkeys(one for one in (row["author_id"], row["owner_id"], *helpers) if one)
    return Wrote(row["author"], row["at"], tuple(people))
