"""Queries on how often words were searched for, by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from kb.records.rows import clean
from kb.records.tables import search_count

#: Rows of one insert: SQLite takes a bounded number of values in one statement.
_PIECE = 500


@dataclass(frozen=True)
class Counted:
    """How often words were searched for on one day, found nothing, and led to a case."""

    day: date
    words: str
    asked: int
    empty: int
    followed: int


@dataclass(frozen=True)
class AskedFor:
    """Words that were searched for, with their counts over several days and the last of these."""

    words: str
    asked: int
    empty: int
    followed: int
    last: date


@dataclass(frozen=True)
class Day:
    """All searches of one day, with the number of different words."""

    day: date
    words: int
    asked: int
    empty: int
    followed: int


_SUMS = tuple(
    sa.func.sum(search_count.c[name]).label(name) for name in ("asked", "empty", "followed")
)


def add(connection: sa.Connection, counts: Iterable[Counted]) -> None:
    """Add counts to those that are there, whoever else does so at the same time."""
    rows = [{**vars(one), "words": clean(one.words)} for one in counts]
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), _PIECE):
        new = make(search_count).values(rows[start : start + _PIECE])
        sums = {
            name: search_count.c[name] + new.excluded[name]
            for name in ("asked", "empty", "followed")
        }
        connection.execute(new.on_conflict_do_update(index_elements=["day", "words"], set_=sums))


def unanswered(connection: sa.Connection, since: date, limit: int) -> tuple[AskedFor, ...]:
    """Give words that found nothing, or that nobody followed to a case, most asked first."""
    query = (
        sa.select(search_count.c.words, *_SUMS, sa.func.max(search_count.c.day).label("last"))
        .where(search_count.c.day >= since)
        .group_by(search_count.c.words)
        .having(sa.or_(_SUMS[1] > 0, _SUMS[2] == 0))
        .order_by(_SUMS[0].desc(), sa.desc("last"), search_count.c.words)
        .limit(limit)
    )
    return tuple(AskedFor(**row) for row in connection.execute(query).mappings())


def by_day(connection: sa.Connection, since: date) -> tuple[Day, ...]:
    """Give the sums of each day on which somebody searched, newest first."""
    query = (
        sa.select(search_count.c.day, sa.func.count().label("words"), *_SUMS)
        .where(search_count.c.day >= since)
        .group_by(search_count.c.day)
        .order_by(search_count.c.day.desc())
    )
    return tuple(Day(**row) for row in connection.execute(query).mappings())


def forget(connection: sa.Connection, before: date) -> int:
    """Take away what was counted before a day, and give how many rows that were."""
    query = sa.delete(search_count).where(search_count.c.day < before)
    return connection.execute(query).rowcount
