"""How Alembic changes the tables: through the connection that kb.records.database gives it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from kb.records.tables import metadata

#: Any number, the same for all processes: PostgreSQL lets one of them change tables at a time.
TURN = 20_261_124


def _upgrade(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


_upgrade(context.config.attributes["connection"])
