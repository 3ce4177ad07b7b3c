"""Queries on the addresses in the library, and on what became of asking them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from kb.records.tables import link

_PIECE = 400  # rows in one question to the database


@dataclass(frozen=True)
class Link:
    """A row of `link`: an address and its state when it was asked last.

    `tries` are those in a row that failed for certain, the first of them at `failing_since`.
    """

    url: str
    state: str
    status: int | None
    detail: str
    leads_to: str
    at: datetime
    failing_since: datetime | None
    tries: int

    @property
    def name(self) -> str:
        """What names the address in forms and jobs."""
        return name_of(self.url)


def name_of(url: str) -> str:
    """The SHA-256 of an address, in hex."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def links(connection: sa.Connection) -> dict[str, Link]:
    """All addresses that were ever asked and are still in the library."""
    rows = connection.execute(sa.select(link)).mappings()
    return {row["url"]: _link(row) for row in rows}


def named(connection: sa.Connection, name: str) -> Link | None:
    """The address of this name, None where it is not known."""
    row = connection.execute(sa.select(link).where(link.c.url_hash == name)).mappings().first()
    return None if row is None else _link(row)


def put(connection: sa.Connection, found: Link) -> None:
    """Write down what became of asking an address, in place of what was known of it."""
    values = {**vars(found), "url_hash": found.name}
    mine = sa.update(link).where(link.c.url_hash == found.name).values(**values)
    if connection.execute(mine).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(link).values(**values))
    except IntegrityError:  # somebody else asked it just now
        connection.execute(mine)


def forget(connection: sa.Connection, urls: Iterable[str]) -> None:
    """Forget addresses that are in the library no more."""
    for some in _pieces([name_of(url) for url in urls]):
        connection.execute(sa.delete(link).where(link.c.url_hash.in_(some)))


def asked_since(connection: sa.Connection, at: datetime) -> int:
    """How many addresses were asked since a time."""
    query = sa.select(sa.func.count()).select_from(link).where(link.c.at >= at)
    return int(connection.execute(query).scalar_one())


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many addresses are in each state."""
    query = sa.select(link.c.state, sa.func.count()).group_by(link.c.state)
    return {state: int(number) for state, number in connection.execute(query)}


def _link(row: sa.RowMapping) -> Link:
    return Link(**{name: row[name] for name in Link.__dataclass_fields__})


def _pieces(names: list[str]) -> Iterator[Collection[str]]:
    for first in range(0, len(names), _PIECE):
        yield names[first : first + _PIECE]
