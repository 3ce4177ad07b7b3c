"""Queries on the journal itself: rows appended, settled and found again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from indexer.values import Key, revision_of
from kb.records import tables
from kb.records.database import now
from kb.records.rows import (
    ASIDE,
    PUBLIC,
    WRITTEN,
    Draft,
    NoSuchRevision,
    Revision,
    clean,
    pieces,
    read,
    stored,
)

#: More names than any document had.
_NAMES = 100

revision, draft_ = tables.revision, tables.draft

#: What names a document in the journal.
KEY = (revision.c.kind, revision.c.slug, revision.c.lang)


def append(
    connection: sa.Connection,
    key: Key,
    text: str | None,
    event: str,
    *,
    base: str | None = None,
    author_id: int | None = None,
    author: str = "",
    draft_id: int | None = None,
    message: str = "",
    pending: bool = False,
) -> Revision:
    """Add a row to the journal and give it back; `text` is None where a document was removed."""
    row = Revision(
        id=0, draft_id=draft_id, kind=key.kind, slug=key.slug, lang=key.lang,
        text=text or "", hash="" if text is None else revision_of(text), base=base, event=event,
        author_id=author_id, author=clean(author), at=now(), message=clean(message),
        pending=pending,
    )  # fmt: skip
    values = {name: value for name, value in vars(row).items() if name != "id"}
    values["text"] = stored(row.text)
    done = connection.execute(sa.insert(revision).values(values))
    assert done.inserted_primary_key is not None
    return replace(row, id=int(done.inserted_primary_key[0]))


def public(connection: sa.Connection, key: Key) -> Revision | None:
    """Give what is public of a document by the journal, pending rows left out; None before any.

    The hash of what is given is "" where the document was removed.
    """
    return newest(connection, *of(key), *settled())


def public_hashes(connection: sa.Connection) -> dict[Key, str]:
    """Give the hash of what is public of every document that is there, by the journal."""
    last = sa.select(sa.func.max(revision.c.id)).where(*settled()).group_by(*KEY)
    rows = connection.execute(
        sa.select(*KEY, revision.c.hash).where(revision.c.id.in_(last), revision.c.hash != "")
    )
    return {Key(kind, slug, lang): str(name) for kind, slug, lang, name in rows}


def pending(connection: sa.Connection) -> tuple[Revision, ...]:
    """Give the rows whose files have not been replaced for certain, oldest first."""
    return find(connection, revision.c.pending, oldest=True)


def settle(connection: sa.Connection, row: Revision, event: str | None = None) -> bool:
    """Say of a pending row that it has happened, or that it became another `event`.

    False where somebody said so already.
    """
    done = connection.execute(
        sa.update(revision)
        .where(revision.c.id == row.id, revision.c.pending)
        .values(pending=False, event=event or row.event)
    )
    return bool(done.rowcount)


def revisions(
    connection: sa.Connection,
    key: Key,
    *,
    drafts: bool = False,
    limit: int | None = None,
    before: int | None = None,
) -> tuple[Revision, ...]:
    """Give the history of a document, newest first: what was public, under earlier names too.

    With `drafts` the rows of its drafts stand between them. `before` is the id of a row.
    """
    names = _names(connection, key)
    wanted: list[sa.ColumnElement[bool]] = [_public_of(names)]
    if drafts:
        of_key = sa.select(draft_.c.id).where(
            draft_.c.kind == key.kind, draft_.c.slug == key.slug, draft_.c.lang == key.lang
        )
        wanted.append(revision.c.draft_id.in_(of_key) & ~revision.c.pending)
    where = [sa.or_(*wanted)]
    if before is not None:
        where.append(revision.c.id < before)
    return find(connection, *where, limit=limit)


def revision_of_hash(connection: sa.Connection, key: Key, name: str) -> Revision:
    """Give the newest public revision of a document with this hash, under any of its names.

    Raises NoSuchRevision.
    """
    found = newest(
        connection,
        _public_of(_names(connection, key)),
        revision.c.hash == clean(name),
        revision.c.hash != "",
    )
    if found is None:
        raise NoSuchRevision(name)
    return found


def text_of_case(connection: sa.Connection, slug: str, name: str) -> Revision | None:
    """Give the newest public revision of a case with this hash, be it of a translation.

    None where no text of it, under any of its names, was ever public with this hash.
    """
    langs = sa.select(revision.c.lang).distinct().where(
        revision.c.kind == "case", revision.c.hash == clean(name), revision.c.hash != "",
        *settled(),
    )  # fmt: skip
    for lang in sorted(connection.execute(langs).scalars()):
        try:
            return revision_of_hash(connection, Key("case", slug, lang), name)
        except NoSuchRevision:
            continue
    return None


def changes_after(connection: sa.Connection, key: Key, name: str) -> int:
    """Give the number of public changes of a document since its text had this hash.

    Raises NoSuchRevision.
    """
    row = revision_of_hash(connection, key, name)
    later = sa.select(sa.func.count()).where(
        _public_of(_names(connection, key)),
        revision.c.id > row.id,
        revision.c.hash != "",
        revision.c.event != "renamed-on-disk",
    )
    return int(connection.execute(later).scalar_one())


def recent(
    connection: sa.Connection, limit: int, before: int | None = None
) -> tuple[Revision, ...]:
    """Give the newest public changes of all documents; `before` is the id of a row."""
    where = settled()
    if before is not None:
        where.append(revision.c.id < before)
    return find(connection, *where, limit=limit)


def draft_revisions(connection: sa.Connection, draft_id: int) -> tuple[Revision, ...]:
    """Give everything that was ever saved for a draft, newest first, what was set aside too."""
    return find(connection, revision.c.draft_id == draft_id)


def has_written(connection: sa.Connection, draft: Draft, person_id: int | None) -> bool:
    """Tell whether a text of a draft is by this person, moves and verdicts apart."""
    mine = newest(
        connection,
        revision.c.draft_id == draft.id,
        revision.c.author_id == person_id,
        revision.c.event.in_(WRITTEN),
    )
    return mine is not None


def text_in_draft(connection: sa.Connection, draft: Draft, name: str | None) -> str | None:
    """Give the text with this hash that somebody may have begun from in a draft."""
    found = revision_in_draft(connection, draft, name)
    return found.text if found is not None else None


def revision_in_draft(connection: sa.Connection, draft: Draft, name: str | None) -> Revision | None:
    """Give the row with the text of this hash in a draft, else in what its document was."""
    if not name:
        return None
    own = find(
        connection,
        revision.c.draft_id == draft.id,
        revision.c.hash == clean(name),
        oldest=True,
        limit=1,
    )
    if own:
        return own[0]
    try:
        return revision_of_hash(connection, draft.key, name)
    except NoSuchRevision:
        return None


def since(connection: sa.Connection, drafts: Collection[Draft]) -> dict[int, datetime]:
    """Give since when drafts are in the states they are in, by draft, as the journal tells it."""
    states = {draft.id: draft.state for draft in drafts}
    found: dict[int, datetime] = {}
    for some in pieces(sorted(states)):
        rows = connection.execute(
            sa.select(revision.c.draft_id, revision.c.event, sa.func.max(revision.c.at))
            .where(revision.c.draft_id.in_(some), revision.c.event.in_(set(states.values())))
            .group_by(revision.c.draft_id, revision.c.event)
        )
        found.update({number: at for number, event, at in rows if states[number] == event})
    return found


def aside(connection: sa.Connection, draft: Draft, author_id: int | None) -> Revision | None:
    """Give the text of a person that still waits to be joined with the draft, None if none does.

    One that was followed by a joined text of the same person waits no more.
    """
    mine = [revision.c.draft_id == draft.id, revision.c.author_id == author_id]
    last = newest(connection, *mine, revision.c.event.in_((ASIDE, "merged", "resolved")))
    return last if last is not None and last.event == ASIDE else None


# Conditions and rows -------------------------------------------------------------------------


def of(key: Key) -> list[sa.ColumnElement[bool]]:
    """Say that a row is of this document."""
    return [column == part for column, part in zip(KEY, key, strict=True)]


def settled() -> list[sa.ColumnElement[bool]]:
    """Say that a row tells what everybody could read."""
    return [revision.c.event.in_(PUBLIC), ~revision.c.pending]


def _public_of(names: Sequence[tuple[Key, int | None]]) -> sa.ColumnElement[bool]:
    """Say that a row is public and of one of these names, before the id given with it."""
    spans = []
    for key, before in names:
        span = sa.and_(*of(key))
        spans.append(span if before is None else span & (revision.c.id < before))
    return sa.and_(sa.or_(*spans), *settled())


def former_names(connection: sa.Connection, key: Key) -> tuple[Key, ...]:
    """Give the earlier names of a document, the last one first."""
    return tuple(name for name, _ in _names(connection, key)[1:])


def _names(connection: sa.Connection, key: Key) -> list[tuple[Key, int | None]]:
    """Give a name and the earlier ones of a document, each with the row that ended it."""
    names: list[tuple[Key, int | None]] = [(key, None)]
    while len(names) < _NAMES:
        latest, before = names[-1]
        renamed = [*of(latest), revision.c.event == "renamed-on-disk"]
        if before is not None:
            renamed.append(revision.c.id < before)
        found = newest(connection, *renamed)
        if found is None:
            break
        names.append((Key(key.kind, found.message, key.lang), found.id))
    return names


def newest(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> Revision | None:
    """Give the newest row that all conditions hold for, None where there is none."""
    found = find(connection, *where, limit=1)
    return found[0] if found else None


def find(
    connection: sa.Connection,
    *where: sa.ColumnElement[bool],
    limit: int | None = None,
    oldest: bool = False,
) -> tuple[Revision, ...]:
    """Give the rows that all conditions hold for, newest first or oldest first."""
    order = revision.c.id.asc() if oldest else revision.c.id.desc()
    rows = connection.execute(sa.select(revision).where(*where).order_by(order).limit(limit))
    return tuple(_revision(row) for row in rows.mappings())


def _revision(row: Mapping[Any, Any]) -> Revision:
    values = {field.name: row[field.name] for field in fields(Revision)}
    return Revision(**{**values, "text": read(values["text"])})
