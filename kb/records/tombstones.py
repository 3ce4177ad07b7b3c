"""What was purged: stones that name it, and the rows that are taken out of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from indexer.values import Key
from kb.records import events
from kb.records.rows import read
from kb.records.tables import (
    claim,
    co_author,
    comment,
    draft,
    found_case,
    notice,
    report,
    revision,
    secret_link,
    suggestion,
    tombstone,
    verdict,
)

#: What belongs to a draft, and goes with it.
OF_DRAFTS = (comment, verdict, claim, suggestion, co_author, secret_link)


@dataclass(frozen=True)
class Tombstone:
    """That a document was purged, with the names of all its texts; the texts are gone."""

    kind: str
    slug: str
    lang: str
    reason: str
    hashes: frozenset[str]
    by: str
    at: datetime

    @property
    def key(self) -> Key:
        """Which document it was."""
        return Key(self.kind, self.slug, self.lang)


def add(connection: sa.Connection, stone: Tombstone) -> None:
    """Put up a tombstone."""
    values = {**vars(stone), "hashes": " ".join(sorted(stone.hashes))}
    connection.execute(sa.insert(tombstone).values(values))


def tombstones(connection: sa.Connection) -> tuple[Tombstone, ...]:
    """Give all tombstones, oldest first."""
    rows = connection.execute(sa.select(tombstone).order_by(tombstone.c.id)).mappings()
    return tuple(
        Tombstone(
            kind=row["kind"], slug=row["slug"], lang=row["lang"], reason=row["reason"],
            hashes=frozenset(row["hashes"].split()), by=row["by"], at=row["at"],
        )
        for row in rows
    )  # fmt: skip


def texts_of(connection: sa.Connection, kind: str, slug: str) -> dict[Key, set[str]]:
    """Give the hashes of all texts that the journal holds of a slug, by document.

    Those that a document had under an earlier name stand under that name, where they lie; another
    document that took the name later is left alone.
    """
    found: dict[Key, set[str]] = {}
    seen: set[str] = set()
    todo: list[tuple[str, int | None]] = [(slug, None)]
    while todo:
        name, until = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        renamed: dict[str, int] = {}
        for row in connection.execute(_rows(kind, name, until)).mappings():
            found.setdefault(Key(kind, name, row["lang"]), set()).add(row["hash"])
            if row["event"] == "renamed-on-disk":
                old = row["message"]
                renamed[old] = max(row["id"], renamed.get(old, 0))
        todo += renamed.items()
    return found


def _rows(kind: str, slug: str, until: int | None) -> sa.Select[Any]:
    rows = (
        sa.select(
            revision.c.id, revision.c.lang, revision.c.hash, revision.c.event, revision.c.message
        )
        .outerjoin(draft, draft.c.id == revision.c.draft_id)
        .where(revision.c.kind == kind, (revision.c.slug == slug) | (draft.c.slug == slug))
    )
    return rows if until is None else rows.where(revision.c.id < until)


def remains(connection: sa.Connection, stone: Tombstone) -> bool:
    """Tell whether the database holds something again that was purged."""
    named, drafts = _named(stone), _drafts(stone)
    questions = (
        sa.select(revision.c.id).where(named | revision.c.draft_id.in_(drafts)).limit(1),
        sa.select(report.c.id).where(_about(report, stone)).limit(1),
    )
    return any(connection.execute(one).scalar() is not None for one in questions)


def texts_of_stone(connection: sa.Connection, stone: Tombstone) -> dict[int, str]:
    """Give the texts that `erase` would take away, by the number of their row."""
    question = sa.select(revision.c.id, revision.c.text).where(
        _named(stone) | revision.c.draft_id.in_(_drafts(stone))
    )
    return {int(number): read(text) for number, text in connection.execute(question)}


def erase(connection: sa.Connection, stone: Tombstone) -> int:
    """Take what was purged out of the journal, and give how many rows that were.

    A draft of the document that holds one of its texts goes as a whole, with what was said of it.
    So do the problems that were reported of the document, and what people were to be told. What the
    events say of all this goes too; that it happened stays.
    """
    drafts = [number for (number,) in connection.execute(_drafts(stone))]
    subjects = _subjects(connection, stone, drafts)
    told = notice.c.subject.in_(subjects) & (notice.c.at <= stone.at)
    connection.execute(sa.delete(notice).where(told))
    events.forget_words(connection, subjects, stone.at)
    connection.execute(sa.delete(report).where(_about(report, stone)))
    # also what a saved search found while the stone was put up
    connection.execute(sa.delete(found_case).where(_tells_of(found_case, stone)))
    for table in OF_DRAFTS:
        connection.execute(sa.delete(table).where(table.c.draft_id.in_(drafts)))
    rows = sa.delete(revision).where(_named(stone) | revision.c.draft_id.in_(drafts))
    gone = connection.execute(rows)
    connection.execute(sa.delete(draft).where(draft.c.id.in_(drafts)))
    return int(gone.rowcount)


def _subjects(connection: sa.Connection, stone: Tombstone, drafts: list[int]) -> list[str]:
    """Give what notices and events call all that goes: they hold titles, and words about it."""
    tokens = connection.execute(sa.select(draft.c.token).where(draft.c.id.in_(drafts))).scalars()
    reports = connection.execute(sa.select(report.c.token).where(_about(report, stone))).scalars()
    name = "/".join(part for part in stone.key if part)
    return [*(f"draft/{one}" for one in tokens), *(f"report/{one}" for one in reports), name]


def _about(table: sa.Table, stone: Tombstone) -> sa.ColumnElement[bool]:
    """Say that a row of a table is about one of the texts of a stone, and as old as it."""
    return sa.and_(_tells_of(table, stone), table.c.at <= stone.at)


def _tells_of(table: sa.Table, stone: Tombstone) -> sa.ColumnElement[bool]:
    """Say that a row of a table is about one of the texts of a stone."""
    key = (table.c.kind, table.c.slug, table.c.lang)
    return sa.and_(
        *(column == part for column, part in zip(key, stone.key, strict=True)),
        table.c.hash.in_(sorted(stone.hashes)),
    )


def _within(stone: Tombstone) -> sa.ColumnElement[bool]:
    return revision.c.hash.in_(sorted(stone.hashes)) & (revision.c.at <= stone.at)


def _named(stone: Tombstone) -> sa.ColumnElement[bool]:
    """Say that a row is of the document and holds one of the texts, as old as the stone."""
    key = (revision.c.kind, revision.c.slug, revision.c.lang)
    return sa.and_(
        *(column == part for column, part in zip(key, stone.key, strict=True)), _within(stone)
    )


def _drafts(stone: Tombstone) -> sa.Select[int]:
    key = (draft.c.kind, draft.c.slug, draft.c.lang)
    return sa.select(draft.c.id).where(
        *(column == part for column, part in zip(key, stone.key, strict=True)),
        draft.c.id.in_(sa.select(revision.c.draft_id).where(_within(stone))),
    )
