"""Queries that tell whether the rows are whole, and what they say of files."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from indexer.values import Key, revision_of
from kb.records.rows import OPEN, read
from kb.records.tables import attachment, draft, revision

#: Rows that are read at a time.
_BATCH = 500


def faults(connection: sa.Connection) -> list[str]:
    """Give what SQLite finds wrong with its file and with references; PostgreSQL sees to both."""
    if connection.dialect.name != "sqlite":
        return []
    found = [str(text) for (text,) in connection.exec_driver_sql("PRAGMA integrity_check")]
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return [
        *(text for text in found if text != "ok"),
        *(f"row {row} of {table} refers to a row of {other} that is not there"
          for table, row, other, _ in lost),
    ]  # fmt: skip


def misnamed(connection: sa.Connection) -> Iterator[tuple[int, Key]]:
    """Yield the rows of the journal whose text is not the one that its hash names."""
    query = sa.select(
        revision.c.id, revision.c.kind, revision.c.slug, revision.c.lang, revision.c.text,
        revision.c.hash,
    ).execution_options(yield_per=_BATCH)  # fmt: skip
    for id_, kind, slug, lang, text, name in connection.execute(query):
        right = revision_of(read(text)) if name else ""
        if name != right or (not name and text):
            yield id_, Key(kind, slug, lang)


def attached(connection: sa.Connection) -> dict[str, int]:
    """Give the size in bytes of each attachment that there is a row of, by its SHA-256."""
    rows = connection.execute(sa.select(attachment.c.hash, attachment.c.size))
    return {name: size for name, size in rows}  # noqa: C416 - rows are no pairs to mypy


def texts_in_the_making(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """Yield the token of each open draft, with its newest text."""
    last = (
        sa.select(sa.func.max(revision.c.id).label("id"))
        .join(draft, draft.c.id == revision.c.draft_id)
        .where(draft.c.state.in_(OPEN))
        .group_by(revision.c.draft_id)
        .subquery()
    )
    query = (
        sa.select(draft.c.token, revision.c.text)
        .join(revision, revision.c.draft_id == draft.c.id)
        .join(last, last.c.id == revision.c.id)
        .execution_options(yield_per=_BATCH)
    )
    for token, text in connection.execute(query):
        yield token, read(text)
