"""The whole database as lines of JSON that either database can take: for backups.

A line is a row, the values in the order of the columns. What belongs to one machine and one moment
is left out: a restored site must not bring sessions to life, nor links that were used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from kb.records.database import config, migrate

#: Sessions, one-time links and counted tries; and what Alembic keeps for itself.
LEFT_OUT = frozenset({"session", "ticket", "attempt", "alembic_version"})
#: Rows that are read or written at a time.
BATCH = 500


class NotRows(ValueError):
    """Lines are not rows of their table."""


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and a digest that is the same for the same rows in any order."""

    rows: int
    digest: str


class Summing:
    """Adds the SHA-256 of rows up, so that databases may sort texts as they like."""

    def __init__(self) -> None:
        self._rows = 0
        self._total = 0

    def add(self, line: bytes) -> None:
        """Take a row in."""
        self._rows += 1
        self._total += int.from_bytes(hashlib.sha256(line).digest(), "big")

    def sum(self) -> Sum:
        """What was taken in so far."""
        return Sum(self._rows, f"{self._total % (1 << 256):064x}")


# Revisions of the tables ---------------------------------------------------------------------


def newest() -> str:
    """The revision of the tables that this program makes."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


def known(revision: str) -> bool:
    """Whether this program knows how to make the tables of a revision."""
    scripts = ScriptDirectory.from_config(config())
    return any(script.revision == revision for script in scripts.walk_revisions())


def revision_of_tables(connection: sa.Connection) -> str | None:
    """The revision of the tables that are there, None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def tables_at(revision: str) -> list[sa.Table]:
    """The tables of a revision that a backup holds, in an order in which they can be filled."""
    made = sa.MetaData()
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        migrate(connection, revision)
        made.reflect(connection)
    engine.dispose()
    plain = sa.MetaData()
    return [
        sa.Table(
            table.name, plain,
            *(sa.Column(c.name, c.type.as_generic(), primary_key=c.primary_key)
              for c in table.columns),
        )
        for table in made.sorted_tables
        if table.name not in LEFT_OUT
    ]  # fmt: skip


def is_empty(connection: sa.Connection) -> bool:
    """Whether the database has no table."""
    return not sa.inspect(connection).get_table_names()


# Rows ----------------------------------------------------------------------------------------


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Give the rows of a table as lines of JSON, in the order of its key."""
    query = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execute(query.execution_options(yield_per=BATCH)) as rows:
        for row in rows:
            yield orjson.dumps(list(row), option=orjson.OPT_APPEND_NEWLINE)


def total(connection: sa.Connection, table: sa.Table) -> Sum:
    """Give the sum of the rows of a table."""
    summing = Summing()
    for line in lines(connection, table):
        summing.add(line)
    return summing.sum()


def count(connection: sa.Connection, table: sa.Table) -> int:
    """Give the number of rows of a table."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def fill(connection: sa.Connection, table: sa.Table, rows: Iterable[bytes]) -> None:
    """Put lines into a table as its rows; raises NotRows."""
    columns = [(column.name, _reader(column.type)) for column in table.columns]
    batch: list[dict[str, Any]] = []
    for line in rows:
        batch.append(_row(table, columns, line))
        if len(batch) == BATCH:
            connection.execute(sa.insert(table), batch)
            batch.clear()
    if batch:
        connection.execute(sa.insert(table), batch)


def go_on_counting(connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
    """Let the numbers of new rows follow those that were put in."""
    if connection.dialect.name != "postgresql":
        return  # SQLite takes the number after the highest anyway
    for table in tables:
        if "id" in table.columns:
            highest = sa.select(sa.func.max(table.columns["id"])).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
            connection.execute(
                sa.select(
                    sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))
                )
            )


Reader = Callable[[Any], Any]


def _reader(type_: sa.types.TypeEngine[Any]) -> Reader:
    if isinstance(type_, sa.DateTime):
        return datetime.fromisoformat
    if isinstance(type_, sa.Date):
        return date.fromisoformat
    return lambda value: value


def _row(table: sa.Table, columns: Sequence[tuple[str, Reader]], line: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(line)
        if not isinstance(values, list) or len(values) != len(columns):
            raise ValueError("the row has other columns")
        return {
            name: None if value is None else read(value)
            for (name, read), value in zip(columns, values, strict=True)
        }
    except (ValueError, TypeError) as problem:
        raise NotRows(f"{table.name}: {problem}") from problem
