"""Queries on drafts: begun, found with their newest text, changed, shared."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from indexer.values import Key
from kb.records import tables
from kb.records.database import now
from kb.records.revisions import KEY, find, newest, of, settled
from kb.records.rows import (
    ASIDE,
    DECIDED,
    OPEN,
    PUBLIC,
    Draft,
    NoSuchDraft,
    Revision,
    clean,
    pieces,
)

revision, draft_, person, co_author = (
    tables.revision, tables.draft, tables.person, tables.co_author,
)  # fmt: skip

#: Whose a draft is, in words.
_OWNER = sa.func.coalesce(sa.func.nullif(draft_.c.outsider, ""), person.c.name)


def begin(
    connection: sa.Connection, key: Key, owner_id: int, base: str | None, state: str = "draft"
) -> str:
    """Make a draft without a text and give its token, which nobody can guess."""
    token = secrets.token_urlsafe(18)
    connection.execute(
        sa.insert(draft_).values(
            token=token, kind=key.kind, slug=key.slug, lang=key.lang, state=state, base=base,
            owner_id=owner_id, created_at=now(), updated_at=now(), note="",
        )
    )  # fmt: skip
    return token


def draft(connection: sa.Connection, token: str, *, hold: bool = False) -> Draft:
    """Give a draft with its newest text; raises NoSuchDraft.

    With `hold` nobody else can change it before the transaction ends.
    """
    question = sa.select(draft_.c.id).where(draft_.c.token == clean(token))
    number = connection.execute(question.with_for_update() if hold else question).scalar()
    if number is None:
        raise NoSuchDraft(token)
    return _drafts(connection, draft_.c.id == number)[0]


def draft_of_id(connection: sa.Connection, number: int) -> Draft:
    """Give the draft that a row of the journal belongs to; raises NoSuchDraft."""
    found = _drafts(connection, draft_.c.id == number)
    if not found:
        raise NoSuchDraft(str(number))
    return found[0]


def drafts_with(connection: sa.Connection, numbers: Collection[int]) -> tuple[Draft, ...]:
    """Give the drafts with these numbers that are there, the newest change first."""
    return _drafts(connection, draft_.c.id.in_(numbers)) if numbers else ()


def drafts_of(connection: sa.Connection, person_id: int) -> tuple[Draft, ...]:
    """Give the drafts that a person owns or may write in, the newest change first."""
    shared = sa.select(co_author.c.draft_id).where(co_author.c.person_id == person_id)
    return _drafts(connection, (draft_.c.owner_id == person_id) | draft_.c.id.in_(shared))


def drafts_in(connection: sa.Connection, states: Collection[str]) -> tuple[Draft, ...]:
    """Give the drafts in some states, the newest change first."""
    return _drafts(connection, draft_.c.state.in_(states))


def drafts_for(connection: sa.Connection, key: Key, states: Collection[str]) -> tuple[Draft, ...]:
    """Give the drafts of a document in some states, the newest change first."""
    return _drafts(
        connection,
        (draft_.c.kind == key.kind) & (draft_.c.slug == key.slug) & (draft_.c.lang == key.lang),
        draft_.c.state.in_(states),
    )


def change_draft(connection: sa.Connection, draft: Draft, **values: Any) -> None:
    """Change columns of a draft, and the time of its last change."""
    if isinstance(values.get("note"), str):
        values["note"] = clean(values["note"])
    connection.execute(
        sa.update(draft_).where(draft_.c.id == draft.id).values({"updated_at": now(), **values})
    )


def rename_drafts(connection: sa.Connection, old: Key, new: Key) -> None:
    """Let the open drafts of a document that was renamed follow it."""
    connection.execute(
        sa.update(draft_)
        .where(draft_.c.kind == old.kind, draft_.c.slug == old.slug, draft_.c.lang == old.lang)
        .where(draft_.c.state.in_(OPEN))
        .values(slug=new.slug)
    )


def add_co_author(connection: sa.Connection, draft: Draft, person_id: int) -> None:
    """Let somebody else write in a draft; nothing happens where that is so already."""
    if person_id not in (*draft.co_author_ids, draft.owner_id):
        connection.execute(sa.insert(co_author).values(draft_id=draft.id, person_id=person_id))


def remove_co_author(connection: sa.Connection, draft: Draft, person_id: int) -> None:
    """Let somebody write in a draft no more."""
    connection.execute(
        sa.delete(co_author).where(
            co_author.c.draft_id == draft.id, co_author.c.person_id == person_id
        )
    )


def hold_person(connection: sa.Connection, person_id: int) -> None:
    """See to it that no other transaction begins something for this person meanwhile."""
    connection.execute(
        sa.select(person.c.id).where(person.c.id == person_id).with_for_update()
    ).scalar()


def slug_in_use(connection: sa.Connection, key: Key, but: int | None = None) -> bool:
    """Tell whether a document had this name ever, or another draft than `but` is to have it."""
    return newest(connection, *of(key), revision.c.event.in_(PUBLIC)) is not None or slug_of_draft(
        connection, key, but
    )


def slug_of_draft(connection: sa.Connection, key: Key, but: int | None = None) -> bool:
    """Tell whether a draft of a new document, other than `but`, is to have this name."""
    other = sa.select(draft_.c.id).where(
        draft_.c.kind == key.kind, draft_.c.slug == key.slug, draft_.c.lang == key.lang,
        draft_.c.base.is_(None), draft_.c.state.in_(OPEN),
    )  # fmt: skip
    if but is not None:
        other = other.where(draft_.c.id != but)
    return connection.execute(other.limit(1)).scalar() is not None


# Drafts with what belongs to them ------------------------------------------------------------


def _drafts(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[Draft, ...]:
    rows = connection.execute(
        sa.select(draft_, _OWNER.label("owner"))
        .join(person, person.c.id == draft_.c.owner_id)
        .where(*where)
        .order_by(draft_.c.updated_at.desc(), draft_.c.id.desc())
    ).mappings()
    found = [Draft(**row) for row in rows]
    heads = _heads(connection, [draft.id for draft in found])
    others = _co_authors(connection, [draft.id for draft in found])
    public_now = _public_now(connection, {draft.key for draft in found if draft.slug})
    return tuple(
        replace(
            draft,
            head=heads.get(draft.id),
            co_author_ids=others.get(draft.id, ()),
            outdated=_outdated(draft, public_now.get(draft.key, "")),
        )
        for draft in found
    )


def _outdated(draft: Draft, public_now: str) -> bool:
    if draft.base is None and not draft.lang:
        return False  # a new document that finds its name taken gets another one
    return draft.state in OPEN and ((draft.base or "") != public_now)


def _heads(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, Revision]:
    heads: dict[int, Revision] = {}
    for some in pieces(numbers):
        written = sa.case((revision.c.event.in_(DECIDED), None), else_=revision.c.id)
        last = (
            sa.select(sa.func.coalesce(sa.func.max(written), sa.func.max(revision.c.id)))
            .where(revision.c.draft_id.in_(some), revision.c.event != ASIDE)
            .group_by(revision.c.draft_id)
        )
        for row in find(connection, revision.c.id.in_(last)):
            assert row.draft_id is not None
            heads[row.draft_id] = row
    return heads


def _co_authors(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, tuple[int, ...]]:
    others: dict[int, tuple[int, ...]] = {}
    for some in pieces(numbers):
        rows = connection.execute(
            sa.select(co_author)
            .where(co_author.c.draft_id.in_(some))
            .order_by(co_author.c.person_id)
        )
        for draft_id, person_id in rows:
            others[draft_id] = (*others.get(draft_id, ()), person_id)
    return others


def _public_now(connection: sa.Connection, keys: Collection[Key]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for some in pieces(sorted({key.slug for key in keys})):
        last = (
            sa.select(sa.func.max(revision.c.id))
            .where(revision.c.slug.in_(some), *settled())
            .group_by(*KEY)
        )
        rows = connection.execute(sa.select(*KEY, revision.c.hash).where(revision.c.id.in_(last)))
        found.update({Key(kind, slug, lang): name for kind, slug, lang, name in rows})
    return found
