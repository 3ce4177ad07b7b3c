"""The database: opened, brought to today's tables, used in whole transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
#: Milliseconds that a writer waits for another one.
PATIENCE = 10_000
#: The tables from which texts are taken for good.
SWEPT = (
    "revision", "draft", "suggestion", "report", "comment", "verdict", "notice", "attachment",
    "found_case", "event",
)  # fmt: skip
#: Alembic keeps what it is doing in a variable of its module: one thread at a time.
ALEMBIC = threading.Lock()


class Database:
    """SQLite or PostgreSQL by its address; every change is one transaction."""

    def __init__(self, url: str) -> None:
        """Name the database; nothing is opened before its first use."""
        self.url = url
        self.engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare)
            sa.event.listen(self.engine, "begin", _begin)

    def upgrade(self) -> None:
        """Bring the tables to today's; safe when several processes do it at once."""
        with self.engine.begin() as connection:
            migrate(connection)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose changes all hold together, or none of them."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection for queries alone."""
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Give a connection for which the database stays as it is at the first query."""
        options: dict[str, Any] = {"reading": True}
        if self.engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def erasing(self) -> Iterator[sa.Connection]:
        """Give a connection as `writing` does; what it deletes leaves no trace in the files."""
        with self.writing() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            yield connection
        self.sweep()

    def sweep(self) -> None:
        """Let go of what deleted rows still hold: SQLite's log, the dead rows of PostgreSQL."""
        raw = self.engine.raw_connection()  # outside of any transaction
        try:
            if self.engine.dialect.name == "sqlite":
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            else:
                raw.driver_connection.autocommit = True  # type: ignore[union-attr]
                raw.cursor().execute(f"VACUUM {', '.join(SWEPT)}")
        finally:
            raw.invalidate()  # the connection was changed, so nobody else is given it
            raw.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def config() -> Config:
    """What Alembic has to know."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def migrate(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the tables up to a revision, within the transaction of the connection."""
    wanted = config()
    wanted.attributes["connection"] = connection
    with ALEMBIC:
        command.upgrade(wanted, revision)


def now() -> datetime:
    """The time of this moment as the tables hold it: UTC without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # BEGIN alone would let two writers read the same and one of them fail when it writes.
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
