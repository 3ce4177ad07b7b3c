"""Queries on what waits for somebody in the editors' office, counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb.records.rows import PUBLIC
from kb.records.tables import co_author, draft, job, notice, revision


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
    """Who wrote what is public of a document: the name then, "" for a change by hand, and when.

    `person_ids` are the author of what was published last, and all who could write in its draft.
    """

    name: str
    at: datetime
    person_ids: tuple[int, ...]


def notices(connection: sa.Connection) -> int:
    """How many notices were not sent yet."""
    query = sa.select(sa.func.count()).select_from(notice).where(notice.c.sent_at.is_(None))
    return int(connection.execute(query).scalar_one())


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
    people = _authors(connection, kind)
    columns = (revision.c.slug, revision.c.author, revision.c.at)
    query = sa.select(*columns).where(revision.c.id.in_(_last(kind)))
    return {
        slug: Wrote(author, at, people.get(slug, ()))
        for slug, author, at in connection.execute(query)
    }


def _authors(connection: sa.Connection, kind: str) -> dict[str, tuple[int, ...]]:
    query = (
        sa.select(revision.c.slug, revision.c.author_id, revision.c.draft_id, draft.c.owner_id)
        .outerjoin(draft, draft.c.id == revision.c.draft_id)
        .where(revision.c.id.in_(_last(kind, revision.c.event == "published")))
    )
    rows = connection.execute(query).all()
    helpers: dict[int, list[int]] = {}
    for draft_id, person_id in connection.execute(sa.select(co_author)):
        helpers.setdefault(draft_id, []).append(person_id)
    return {
        slug: tuple(dict.fromkeys(filter(None, (author, owner, *helpers.get(draft_id or 0, ())))))
        for slug, author, draft_id, owner in rows
    }


def _last(kind: str, *more: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """The newest public row of each original of a kind."""
    return (
        sa.select(sa.func.max(revision.c.id))
        .where(revision.c.kind == kind, revision.c.lang == "", revision.c.hash != "")
        .where(revision.c.event.in_(PUBLIC), ~revision.c.pending, *more)
        .group_by(revision.c.slug)
    )
