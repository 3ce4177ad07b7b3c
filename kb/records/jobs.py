"""Work to be done beside the answers to requests: added once, taken by one, done or tried again.

Whoever takes a job holds it for a while (the lease) and says meanwhile that they still do; where
nobody does any more, because a process was killed, the job is there to be taken again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from kb.records.database import now
from kb.records.tables import job

#: Both databases can pass over a row whose key is there already, each in a dialect of its own.
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

#: How long somebody who asks for what was given up is told so, before it is tried anew.
REST = timedelta(hours=1)

#: Neither done nor given up.
_OPEN = job.c.done_at.is_(None) & job.c.failed_at.is_(None)


@dataclass(frozen=True)
class Job:
    """A piece of work that somebody has taken; `tries` counts this time too."""

    id: int
    task: str
    key: str
    payload: Mapping[str, Any]
    worker: str
    tries: int
    error: str


@dataclass(frozen=True)
class Standing:
    """How the work stands: jobs that are due, jobs that were given up, when one was last done."""

    due: int
    failed: int
    done_at: datetime | None


@dataclass(frozen=True)
class Open:
    """A job that is to be done, or that was given up a moment ago; `error` is why, "" before."""

    error: str


def add(
    connection: sa.Connection,
    task: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    due: datetime | None = None,
) -> bool:
    """Add a job, due at once unless a time (UTC) is given; False where its key is there already.

    `key` (at most 200 characters) names the piece of work for good, `task` is a row of
    kb.tasks.TASKS, `payload` what that is called with.
    """
    at = now()
    row = {
        "task": task, "key": key, "payload": json.dumps(dict(payload or {}), ensure_ascii=False),
        "due_at": due or at, "worker": "", "tries": 0, "error": "", "at": at,
    }  # fmt: skip
    insert = _INSERT[connection.dialect.name](job).values(row)
    fresh = insert.on_conflict_do_nothing(index_elements=["key"]).returning(job.c.id)
    return connection.execute(fresh).scalar() is not None


def add_anew(
    connection: sa.Connection, task: str, key: str, payload: Mapping[str, Any] | None = None
) -> bool:
    """Add a job whose key may be that of one which is over; False where it is still to be done."""
    connection.execute(sa.delete(job).where(job.c.key == key, ~_OPEN))
    return add(connection, task, key, payload)


def standing_of(connection: sa.Connection, key: str) -> Open | None:
    """How the job with a key stands; None where it is to be added, or to be added again.

    One that was given up rests as long as jobs do that failed.
    """
    row = connection.execute(
        sa.select(job.c.error, job.c.done_at, job.c.failed_at).where(job.c.key == key)
    ).first()
    if row is None or row.done_at is not None:
        return None
    if row.failed_at is not None and row.failed_at < now() - REST:
        return None
    return Open(row.error)


def waits(connection: sa.Connection, tasks: Collection[str], at: datetime) -> bool:
    """Whether a job of these tasks can be taken."""
    return connection.execute(_free(tasks, at)).scalar() is not None


def take(
    connection: sa.Connection, tasks: Collection[str], worker: str, at: datetime, until: datetime
) -> Job | None:
    """Take the job that has been due longest, and hold it until a time; None where none is due.

    Two who ask at once get different jobs.
    """
    number = connection.execute(_free(tasks, at).with_for_update(skip_locked=True)).scalar()
    if number is None:
        return None
    taken = {"worker": worker, "lease_until": until, "tries": job.c.tries + 1}
    connection.execute(sa.update(job).where(job.c.id == number).values(taken))
    row = connection.execute(sa.select(job).where(job.c.id == number)).mappings().one()
    values = {name: row[name] for name in ("id", "task", "key", "worker", "tries", "error")}
    return Job(payload=json.loads(row["payload"]), **values)


def hold(connection: sa.Connection, taken: Job, until: datetime) -> bool:
    """Go on holding a job; False where somebody else has taken it, or it is over."""
    return _change(connection, taken, lease_until=until)


def finish(connection: sa.Connection, taken: Job, at: datetime) -> bool:
    """Write down that a job is done, and forget what it was given; False where it was lost."""
    return _change(connection, taken, lease_until=None, done_at=at, payload="{}", error="")


def put_back(connection: sa.Connection, taken: Job, due: datetime, error: str = "") -> bool:
    """Let a job be taken again from a time on; without an error its tries begin anew."""
    tries = taken.tries if error else 0
    return _change(connection, taken, lease_until=None, due_at=due, error=error, tries=tries)


def fail(connection: sa.Connection, taken: Job, error: str, at: datetime) -> bool:
    """Give a job up; it is kept with the reason."""
    return _change(connection, taken, lease_until=None, failed_at=at, error=error)


def is_open(connection: sa.Connection, task: str) -> bool:
    """Whether a job of this task is neither done nor given up."""
    question = sa.select(job.c.id).where(job.c.task == task, _OPEN).limit(1)
    return connection.execute(question).scalar() is not None


def sweep(connection: sa.Connection, before: datetime) -> int:
    """Forget the jobs that were over before a time, and give how many."""
    over = (job.c.done_at < before) | (job.c.failed_at < before)
    return connection.execute(sa.delete(job).where(over)).rowcount


def sweep_done(connection: sa.Connection, tasks: Collection[str], before: datetime) -> int:
    """Forget the jobs of some tasks that were done before a time, and give how many."""
    query = sa.delete(job).where(job.c.done_at < before, job.c.task.in_(tasks))
    return connection.execute(query).rowcount


def standing(connection: sa.Connection, at: datetime) -> Standing:
    """How the work stands at a time."""
    due = sa.select(sa.func.count()).select_from(job).where(_OPEN, job.c.due_at <= at)
    failed = sa.select(sa.func.count()).select_from(job).where(job.c.failed_at.is_not(None))
    last = sa.select(sa.func.max(job.c.done_at))
    return Standing(
        due=connection.execute(due).scalar_one(),
        failed=connection.execute(failed).scalar_one(),
        done_at=connection.execute(last).scalar(),
    )


def last_error(connection: sa.Connection) -> tuple[str, str] | None:
    """The task and the reason of the job that was given up last; None where none was."""
    query = sa.select(job.c.task, job.c.error).where(job.c.failed_at.is_not(None))
    row = connection.execute(query.order_by(job.c.failed_at.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def _free(tasks: Collection[str], at: datetime) -> sa.Select[tuple[int]]:
    return (
        sa.select(job.c.id)
        .where(_OPEN, job.c.task.in_(tasks), job.c.due_at <= at)
        .where(job.c.lease_until.is_(None) | (job.c.lease_until <= at))
        .order_by(job.c.due_at, job.c.id)
        .limit(1)
    )


def _change(connection: sa.Connection, taken: Job, **values: Any) -> bool:
    """Change a job as long as it is held by whoever took it."""
    mine = (job.c.id == taken.id, job.c.worker == taken.worker, job.c.tries == taken.tries)
    return connection.execute(sa.update(job).where(*mine, _OPEN).values(values)).rowcount == 1
