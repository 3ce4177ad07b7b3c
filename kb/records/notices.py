"""Queries on what people are to be told, and on how they want to be told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb.records.database import now
from kb.records.tables import notice, notice_choice, person, report, saved_search


@dataclass(frozen=True)
class Notice:
    """Something that one person is to be told."""

    id: int
    kind: str
    subject: str
    words: Mapping[str, str]
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """That a person is to be told things of one kind; the oldest is of `since`."""

    person_id: int
    kind: str
    since: datetime


def reachable(connection: sa.Connection, person_ids: Iterable[int]) -> tuple[int, ...]:
    """Those of these people who have an address and are not kept out."""
    query = sa.select(person.c.id).where(
        person.c.id.in_(sorted(set(person_ids))),
        person.c.email.is_not(None),
        person.c.disabled_at.is_(None),
    )
    return tuple(connection.execute(query.order_by(person.c.id)).scalars())


def add(
    connection: sa.Connection,
    person_ids: Collection[int],
    kind: str,
    subject: str,
    words: Mapping[str, str],
) -> dict[int, int]:
    """Write down that people are to be told, and give the number of each one's notice."""
    told, at = json.dumps(dict(words), ensure_ascii=False), now()
    rows = [
        {"person_id": id_, "kind": kind, "subject": subject, "at": at, "words": told}
        for id_ in person_ids
    ]
    if not rows:
        return {}
    insert = sa.insert(notice).returning(notice.c.person_id, notice.c.id)
    return {person_id: number for person_id, number in connection.execute(insert, rows)}  # noqa: C416


def unsent(connection: sa.Connection, person_id: int) -> tuple[Notice, ...]:
    """What a person is still to be told, the oldest first; nobody else is told it meanwhile."""
    query = sa.select(notice).where(notice.c.sent_at.is_(None), notice.c.person_id == person_id)
    rows = connection.execute(query.order_by(notice.c.id).with_for_update()).mappings()
    return tuple(
        Notice(row["id"], row["kind"], row["subject"], json.loads(row["words"]), row["at"])
        for row in rows
    )


def waiting(connection: sa.Connection) -> tuple[Waiting, ...]:
    """Who is to be told of what, and since when."""
    query = (
        sa.select(notice.c.person_id, notice.c.kind, sa.func.min(notice.c.at))
        .where(notice.c.sent_at.is_(None))
        .group_by(notice.c.person_id, notice.c.kind)
        .order_by(notice.c.person_id, notice.c.kind)
    )
    return tuple(Waiting(*row) for row in connection.execute(query))


def mark_sent(connection: sa.Connection, numbers: Collection[int], at: datetime) -> None:
    """Write down that these notices are no longer to be told."""
    query = sa.update(notice).where(notice.c.id.in_(sorted(numbers)))
    connection.execute(query.values(sent_at=at))


def sweep(connection: sa.Connection, before: datetime) -> int:
    """Forget the notices that were sent before a time, and give how many."""
    return connection.execute(sa.delete(notice).where(notice.c.sent_at < before)).rowcount


def forget(connection: sa.Connection, person_id: int) -> None:
    """Forget what a person was and is to be told, and how they wanted to be."""
    connection.execute(sa.delete(notice).where(notice.c.person_id == person_id))
    connection.execute(sa.delete(notice_choice).where(notice_choice.c.person_id == person_id))


# How people want to be told ------------------------------------------------------------------


def choices(connection: sa.Connection, person_id: int) -> dict[str, str]:
    """Give the paces that somebody chose, by kind of notice."""
    rows = connection.execute(
        sa.select(notice_choice.c.kind, notice_choice.c.pace).where(
            notice_choice.c.person_id == person_id
        )
    )
    return {kind: pace for kind, pace in rows}  # noqa: C416 - rows are no pairs to mypy


def chosen(connection: sa.Connection, person_ids: Iterable[int], kind: str) -> dict[int, str]:
    """Give the paces that these people chose for a kind of notice; not all of them did."""
    query = sa.select(notice_choice.c.person_id, notice_choice.c.pace).where(
        notice_choice.c.person_id.in_(sorted(set(person_ids))), notice_choice.c.kind == kind
    )
    return {person_id: pace for person_id, pace in connection.execute(query)}  # noqa: C416


def choose(connection: sa.Connection, person_id: int, paces: Mapping[str, str]) -> None:
    """Keep how somebody wants to be told of these kinds."""
    mine = notice_choice.c.person_id == person_id
    connection.execute(sa.delete(notice_choice).where(mine, notice_choice.c.kind.in_(list(paces))))
    rows = [{"person_id": person_id, "kind": kind, "pace": pace} for kind, pace in paces.items()]
    if rows:
        connection.execute(sa.insert(notice_choice), rows)


# What notices speak of ----------------------------------------------------------------------


def is_report(connection: sa.Connection, token: str) -> bool:
    """Whether there is a report of this name."""
    query = sa.select(report.c.id).where(report.c.token == token)
    return connection.execute(query).scalar() is not None


def search_title(connection: sa.Connection, person_id: int, name: str) -> str | None:
    """What somebody called a search of theirs; None where they have none of this number."""
    query = sa.select(saved_search.c.title).where(*_search(person_id, name))
    return connection.execute(query).scalar()


def hush_search(connection: sa.Connection, person_id: int, name: str) -> None:
    """Send nobody letters about a search any more; its feed goes on."""
    query = sa.update(saved_search).where(*_search(person_id, name))
    connection.execute(query.values(pace="never"))


def _search(person_id: int, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Say which search is meant, by its number: its token changes with the address of its feed."""
    number = int(name) if name.isdecimal() else -1
    return saved_search.c.id == number, saved_search.c.person_id == person_id
