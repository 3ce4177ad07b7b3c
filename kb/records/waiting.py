"""How much waits to be done, in figures, for those who watch a site."""

from __future__ import annotations

import sqlalchemy as sa

from kb.records.database import now
from kb.records.tables import job, notice


def jobs_by_state(connection: sa.Connection) -> dict[str, int]:
    """Give the number of jobs that wait, that run, that were given up, and that are done."""
    running = job.c.lease_until > now()
    state = sa.case(
        (job.c.failed_at.is_not(None), "failed"),
        (job.c.done_at.is_not(None), "done"),
        (running, "running"),
        else_="waiting",
    )
    # by a name of its own: PostgreSQL does not see that two parameters of a CASE are the same
    states = sa.select(state.label("state")).subquery()
    rows = connection.execute(sa.select(states.c.state, sa.func.count()).group_by(states.c.state))
    found = dict.fromkeys(("waiting", "running", "failed", "done"), 0)
    found |= {name: number for name, number in rows}  # noqa: C416 - rows are no pairs to mypy
    return found


def notices_waiting(connection: sa.Connection) -> int:
    """Give the number of notices that nobody was told yet."""
    query = sa.select(sa.func.count()).select_from(notice).where(notice.c.sent_at.is_(None))
    return int(connection.execute(query).scalar_one())
