"""Queries on what is said of drafts. Rows are added and never changed, names apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from kb.records import tables
from kb.records.database import now
from kb.records.rows import clean, pieces

comment = tables.comment

#: What can be done to a thread besides answering; "" is to say something.
ACTS = ("", "resolved", "reopened")


class NoSuchComment(LookupError):
    """The draft has no comment of this number that begins a thread."""


@dataclass(frozen=True)
class Comment:
    """Something said of a draft, or done to a thread where `act` is not "".

    `hash` names the text it spoke of. `field` is a path such as title or results.2 (entries are
    counted from 1), body for the text, "" for all of it; `quote` is a passage of the body as it is
    read, with what stood `before` and `after` it. `answers_id` is None where it begins a thread.
    """

    id: int
    draft_id: int
    answers_id: int | None
    hash: str
    field: str
    quote: str
    before: str
    after: str
    words: str
    person_id: int | None
    name: str
    act: str
    at: datetime


def add(
    connection: sa.Connection,
    draft_id: int,
    by: tuple[int | None, str],
    hash: str,
    words: str = "",
    *,
    answers: int | None = None,
    field: str = "",
    passage: tuple[str, str, str] = ("", "", ""),
    act: str = "",
) -> int:
    """Write down what somebody (number and name) said, and give the number of the comment.

    `passage` is the quote, with what stands before and after it.
    """
    quote, before, after = map(clean, passage)
    done = connection.execute(
        sa.insert(comment).values(
            draft_id=draft_id,
            answers_id=answers,
            hash=hash,
            field=field,
            quote=quote,
            before=before,
            after=after,
            words=clean(words),
            person_id=by[0],
            name=clean(by[1]),
            act=act,
            at=now(),
        )
    )
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def of_draft(connection: sa.Connection, draft_id: int) -> tuple[Comment, ...]:
    """Give everything that was said of a draft, oldest first."""
    return of_drafts(connection, [draft_id]).get(draft_id, ())


def of_drafts(
    connection: sa.Connection, draft_ids: Collection[int]
) -> dict[int, tuple[Comment, ...]]:
    """Give everything that was said of some drafts, by draft, oldest first."""
    names = [field.name for field in fields(Comment)]
    found: dict[int, tuple[Comment, ...]] = {}
    for some in pieces(sorted(draft_ids)):
        query = sa.select(comment).where(comment.c.draft_id.in_(some)).order_by(comment.c.id)
        for row in connection.execute(query).mappings():
            one = Comment(**{name: row[name] for name in names})
            found[one.draft_id] = (*found.get(one.draft_id, ()), one)
    return found


def root(connection: sa.Connection, draft_id: int, number: int) -> Comment:
    """Give the comment of this number that begins a thread of a draft; raises NoSuchComment."""
    for one in of_draft(connection, draft_id):
        if one.id == number and one.answers_id is None:
            return one
    raise NoSuchComment(str(number))


def open_threads(said: Iterable[Comment]) -> tuple[Comment, ...]:
    """Give the comments that begin a thread which is not resolved, of those of one draft."""
    rows = list(said)
    last = {row.answers_id: row.act for row in rows if row.act}
    return tuple(row for row in rows if row.answers_id is None and last.get(row.id) != "resolved")


def rename(connection: sa.Connection, person_id: int, name: str) -> None:
    """Put another name on what somebody said and decided."""
    for table in (comment, tables.verdict):
        connection.execute(sa.update(table).where(table.c.person_id == person_id).values(name=name))
