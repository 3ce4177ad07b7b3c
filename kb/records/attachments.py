"""Queries on the pictures and documents that people gave to the library, and on their uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from indexer.media import DIGITS
from indexer.values import Key
from kb.records.database import now
from kb.records.rows import ENCODED, clean, read
from kb.records.tables import attachment, revision


@dataclass(frozen=True)
class Attachment:
    """What somebody gave: `file` is its name in texts, `name` what they called it.

    `alt` says in words what it shows or is; `caption` stands below it, "" where nothing does.
    """

    id: int
    hash: str
    file: str
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    alt: str
    caption: str
    person_id: int
    at: datetime

    @property
    def owner_id(self) -> int:
        """The person who gave it."""
        return self.person_id

    @property
    def co_author_ids(self) -> tuple[int, ...]:
        """Nobody."""
        return ()

    @property
    def state(self) -> str:
        """None that a draft has."""
        return ""


@dataclass(frozen=True)
class Use:
    """A row of the journal whose text names a picture or a document."""

    id: int
    key: Key
    draft_id: int | None
    event: str
    pending: bool
    text: str


def add(connection: sa.Connection, **values: Any) -> Attachment:
    """Write down what somebody gave; what they gave before gets the words they give it now."""
    mine = (
        attachment.c.hash == values["hash"],
        attachment.c.person_id == values["person_id"],
    )
    values |= {name: clean(values[name]) for name in ("name", "alt", "caption")}
    changed = connection.execute(sa.update(attachment).where(*mine).values(**values, at=now()))
    if not changed.rowcount:
        connection.execute(sa.insert(attachment).values(**values, at=now()))
    return find(connection, *mine)[0]


def find(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[Attachment, ...]:
    """Give the rows that all conditions hold for, newest first."""
    rows = connection.execute(
        sa.select(attachment).where(*where).order_by(attachment.c.at.desc(), attachment.c.id.desc())
    )
    return tuple(Attachment(**row) for row in rows.mappings())


def of_file(connection: sa.Connection, file: str) -> tuple[Attachment, ...]:
    """Give what is known under a name of texts: a row for each person who gave it."""
    return find(connection, attachment.c.file == file)


def of_hash(connection: sa.Connection, start: str) -> tuple[Attachment, ...]:
    """Give what is known of the file whose hash begins with these digits, as names have them."""
    if len(start) < DIGITS or not set(start) <= set("0123456789abcdef"):
        return ()
    return find(connection, attachment.c.hash.startswith(start))


def hashes(connection: sa.Connection) -> set[str]:
    """Give the hashes of all that there is a row of."""
    return set(connection.execute(sa.select(attachment.c.hash).distinct()).scalars())


def older_than(connection: sa.Connection, at: datetime) -> tuple[Attachment, ...]:
    """Give the rows that were there before a moment."""
    return find(connection, attachment.c.at < at)


def remove(connection: sa.Connection, rows: Collection[Attachment]) -> None:
    """Take rows away."""
    numbers = [row.id for row in rows]
    connection.execute(sa.delete(attachment).where(attachment.c.id.in_(numbers)))


# What texts name ----------------------------------------------------------------------------


def uses(connection: sa.Connection, name: str, *where: sa.ColumnElement[bool]) -> Iterator[Use]:
    """Yield each row of the journal, for which the conditions hold too, whose text has a name."""
    for use in _texts(connection, name, *where):
        if name in use.text:
            yield use


def texts_with_media(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> Iterator[Use]:
    """Yield each row of the journal whose text may name a picture or a document."""
    yield from _texts(connection, "media/", *where)


def in_draft(draft_id: int) -> sa.ColumnElement[bool]:
    """Say that a row is of this draft."""
    return revision.c.draft_id == draft_id


def _texts(connection: sa.Connection, words: str, *where: sa.ColumnElement[bool]) -> Iterator[Use]:
    """Yield the rows whose text has these words, and those whose text is stored in another way."""
    question = (
        sa.select(
            revision.c.id, revision.c.kind, revision.c.slug, revision.c.lang, revision.c.draft_id,
            revision.c.event, revision.c.pending, revision.c.text,
        )
        .where(
            revision.c.text.contains(words, autoescape=True)
            | revision.c.text.startswith(ENCODED, autoescape=True),
            *where,
        )
        .order_by(revision.c.id.desc())
        .execution_options(yield_per=200)
    )  # fmt: skip
    with connection.execute(question) as rows:  # closed too where nobody reads to the end
        for id_, kind, slug, lang, draft_id, event, pending, text in rows:
            yield Use(id_, Key(kind, slug, lang), draft_id, event, pending, read(text))
