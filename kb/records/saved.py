"""Queries on saved searches, and on what each of them found."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from indexer.values import Key
from kb.records.revisions import KEY, settled
from kb.records.rows import clean
from kb.records.tables import found_case, person, revision, saved_search

#: What was there when a search was saved, or came into it by itself: nobody is told of it.
FIRST = "first"
NEW, CHANGED = "new", "changed"
TOLD = (NEW, CHANGED)
#: Rows of one insert; a search may find the whole library.
_PIECE = 1000


@dataclass(frozen=True)
class Saved:
    """A search of which somebody wants to hear what is new.

    `query` is as in an address, in its fixed order; `pace` is day, week or never (the feed alone).
    """

    id: int
    token: str
    person_id: int
    title: str
    query: str
    pace: str
    at: datetime
    looked_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True)
class Found:
    """That a saved search found a document: as it was when that was noticed, and why."""

    id: int
    search_id: int
    key: Key
    hash: str
    change: str
    reason: Mapping[str, Any]
    at: datetime


# Searches ----------------------------------------------------------------------------------


def add(
    connection: sa.Connection, person_id: int, *, title: str, query: str, pace: str, at: datetime
) -> Saved:
    """Add a saved search under a new token, which nobody can guess."""
    values = {"person_id": person_id, "title": clean(title), "query": clean(query), "pace": pace,
              "token": secrets.token_urlsafe(18), "at": at}  # fmt: skip
    done = connection.execute(sa.insert(saved_search).values(values))
    assert done.inserted_primary_key is not None
    found = _searches(connection, saved_search.c.id == int(done.inserted_primary_key[0]))
    return found[0]


def of_person(
    connection: sa.Connection, person_id: int, *, hold: bool = False
) -> tuple[Saved, ...]:
    """Give the searches that somebody saved, the newest first.

    With `hold` nobody else can change them before the transaction ends.
    """
    return _searches(connection, saved_search.c.person_id == person_id, hold=hold)


def named(connection: sa.Connection, token: str) -> Saved | None:
    """Give the search of this token; None where there is none."""
    found = _searches(connection, saved_search.c.token == token)
    return found[0] if found else None


def of_active(connection: sa.Connection) -> tuple[Saved, ...]:
    """Give the saved searches of all who were not kept out, the one looked at last behind."""
    query = (
        sa.select(saved_search)
        .join(person)
        .where(*_active())
        .order_by(saved_search.c.looked_at, saved_search.c.id)
    )
    return tuple(_saved(row) for row in connection.execute(query).mappings())


def held(connection: sa.Connection, saved: Saved) -> Saved | None:
    """Give a search that nobody else changes now; None where it is gone or was looked at since."""
    query = sa.select(saved_search).where(saved_search.c.id == saved.id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    found = None if row is None else _saved(row)
    return found if found is not None and found.looked_at == saved.looked_at else None


def looked(connection: sa.Connection, ids: Collection[int], at: datetime) -> None:
    """Write down that these searches were looked at."""
    query = sa.update(saved_search).where(saved_search.c.id.in_(sorted(ids)))
    connection.execute(query.values(looked_at=at))


def change(connection: sa.Connection, id: int, **values: Any) -> None:
    """Change columns of a saved search."""
    if isinstance(values.get("title"), str):
        values["title"] = clean(values["title"])
    connection.execute(sa.update(saved_search).where(saved_search.c.id == id).values(values))


def new_token(connection: sa.Connection, id: int) -> str:
    """Give a saved search another token; the one before is no more."""
    token = secrets.token_urlsafe(18)
    change(connection, id, token=token)
    return token


def remove(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> None:
    """Take saved searches away, with all that they found."""
    ids = sa.select(saved_search.c.id).where(*conditions)
    connection.execute(sa.delete(found_case).where(found_case.c.search_id.in_(ids)))
    connection.execute(sa.delete(saved_search).where(*conditions))


def remove_one(connection: sa.Connection, id: int) -> None:
    """Take one saved search away."""
    remove(connection, saved_search.c.id == id)


def remove_of(connection: sa.Connection, person_id: int) -> None:
    """Take all away that somebody saved."""
    remove(connection, saved_search.c.person_id == person_id)


def untold(connection: sa.Connection, pace: str, until: datetime) -> tuple[int, ...]:
    """Give who has searches of a pace that found something until a moment, and were not told.

    Those who left or are kept out are not among them.
    """
    since = sa.func.coalesce(saved_search.c.told_at, saved_search.c.at)
    query = (
        sa.select(saved_search.c.person_id)
        .distinct()
        .join(person)
        .join(found_case, found_case.c.search_id == saved_search.c.id)
        .where(saved_search.c.pace == pace, since < until, *_active())
        .where(found_case.c.change.in_(TOLD), found_case.c.at > since, found_case.c.at <= until)
        .order_by(saved_search.c.person_id)
    )
    return tuple(connection.execute(query).scalars())


def _active() -> list[sa.ColumnElement[bool]]:
    return [person.c.email.is_not(None), person.c.disabled_at.is_(None)]


def _searches(
    connection: sa.Connection, *where: sa.ColumnElement[bool], hold: bool = False
) -> tuple[Saved, ...]:
    query = sa.select(saved_search).where(*where).order_by(saved_search.c.id.desc())
    query = query.with_for_update() if hold else query
    return tuple(_saved(row) for row in connection.execute(query).mappings())


def _saved(row: Mapping[Any, Any]) -> Saved:
    return Saved(**{field.name: row[field.name] for field in fields(Saved)})


# What they found ---------------------------------------------------------------------------


def add_found(
    connection: sa.Connection,
    search_id: int,
    at: datetime,
    rows: Iterable[tuple[Key, str, str, Mapping[str, Any]]],
) -> None:
    """Write down what a search found: document, hash, what it is (first, new, changed), why."""
    values = [
        {"search_id": search_id, "kind": key.kind, "slug": key.slug, "lang": key.lang,
         "hash": hash_, "change": how, "at": at,
         "reason": clean(json.dumps(dict(reason), ensure_ascii=False)) if reason else ""}
        for key, hash_, how, reason in rows
    ]  # fmt: skip
    for start in range(0, len(values), _PIECE):
        connection.execute(sa.insert(found_case), values[start : start + _PIECE])


def known(connection: sa.Connection, search_id: int) -> dict[Key, str]:
    """Give the hash that each document had when a search last noticed something of it."""
    query = (
        sa.select(found_case.c.kind, found_case.c.slug, found_case.c.lang, found_case.c.hash)
        .where(found_case.c.search_id == search_id)
        .order_by(found_case.c.id)
    )
    rows = connection.execute(query)
    return {Key(kind, slug, lang): hash_ for kind, slug, lang, hash_ in rows}


def found(
    connection: sa.Connection,
    search_ids: Sequence[int],
    *,
    after: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> tuple[Found, ...]:
    """Give what was new or changed in some searches, newest first, noticed after `after`."""
    where: list[sa.ColumnElement[bool]] = [
        found_case.c.search_id.in_(search_ids),
        found_case.c.change.in_(TOLD),
    ]
    if after is not None:
        where.append(found_case.c.at > after)
    if until is not None:
        where.append(found_case.c.at <= until)
    query = sa.select(found_case).where(*where).order_by(found_case.c.id.desc()).limit(limit)
    return tuple(_found(row) for row in connection.execute(query).mappings())


def last_found(connection: sa.Connection, search_ids: Sequence[int]) -> dict[int, datetime]:
    """Give when each search last noticed something new or changed, where it ever did."""
    query = (
        sa.select(found_case.c.search_id, sa.func.max(found_case.c.at))
        .where(found_case.c.search_id.in_(search_ids), found_case.c.change.in_(TOLD))
        .group_by(found_case.c.search_id)
    )
    return {number: at for number, at in connection.execute(query)}  # noqa: C416 - no pairs to mypy


def _found(row: Mapping[Any, Any]) -> Found:
    return Found(
        id=row["id"],
        search_id=row["search_id"],
        key=Key(row["kind"], row["slug"], row["lang"]),
        hash=row["hash"],
        change=row["change"],
        reason=json.loads(row["reason"] or "{}"),
        at=row["at"],
    )


# What became public ------------------------------------------------------------------------


def newest_public(connection: sa.Connection) -> dict[Key, tuple[str, datetime]]:
    """Give of every document that the journal knows its public hash, and since when it has it."""
    last = sa.select(sa.func.max(revision.c.id)).where(*settled()).group_by(*KEY)
    rows = connection.execute(
        sa.select(*KEY, revision.c.hash, revision.c.at).where(revision.c.id.in_(last))
    )
    return {Key(kind, slug, lang): (hash_, at) for kind, slug, lang, hash_, at in rows}
