"""Writing: drafts begun, opened, shared; under one name with saving them and handing them in."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from indexer.document import parse
from indexer.errors import NoSuchDocument
from indexer.store import FOLDERS
from indexer.values import Key, Problem
from kb.access import NotAllowed, Person, SignInNeeded, require
from kb.records import journal, people
from kb.records.journal import Draft, NoSuchDraft, Revision
from kb.services import limits
from kb.services.desk import Desk
from kb.services.lock import publish_lock
from kb.services.moving import (
    approve,
    discard,
    reject,
    request_changes,
    submit,
    withdraw_submission,
)
from kb.services.noticing import notice, public_text
from kb.services.recovery import finish_pending
from kb.services.saving import DraftClosed, Turn, catch_up, conflict, resolve, save
from kb.services.stale import StaleEdit

__all__ = [
    "DraftClosed",
    "NoSuchDraft",
    "NobodyThere",
    "StaleEdit",
    "add_co_author",
    "approve",
    "begin",
    "catch_up",
    "conflict",
    "discard",
    "open_draft",
    "problems_of",
    "public_now",
    "reject",
    "remove_co_author",
    "request_changes",
    "resolve",
    "save",
    "submit",
    "withdraw_submission",
]

#: Stands for the name of a document that has none yet.
_UNNAMED = "untitled"


class NobodyThere(LookupError):
    """Nobody who may write has this mail address."""


# Beginning ----------------------------------------------------------------------------------


def begin(
    desk: Desk, person: Person, key: Key | None, kind: str = "case", text: str | None = None
) -> Draft:
    """Begin a draft: of the public document `key`, of a translation of it, or of a new document.

    Whoever has an open draft of that document gets that one. With `text` begin a new document
    (`key` None), a translation that is not there yet, and a document that was removed by hand.
    Raises NoSuchDocument, and TooManyTries for who fills the desk.
    """
    require(person, "write")
    if person.id is None:
        raise NotAllowed  # drafts belong to people
    if key is None:
        key, public = Key(kind, ""), None
        if kind not in FOLDERS:
            raise NoSuchDocument(f"there is no kind of document called {kind}")
    else:
        public = public_now(desk, key)
        if public is None and (text is None or not _may_appear(desk, key)):
            raise NoSuchDocument(f"there is no {key.kind} {key.slug} {key.lang}".strip())
    with desk.database.reading() as connection:
        mine = _open_one(connection, person, key)
    if mine is not None:
        return mine
    limits.count(desk, "begin", str(person.id))
    with desk.database.writing() as connection:
        journal.hold_person(connection, person.id)
        mine = _open_one(connection, person, key)
        if mine is not None:
            return mine
        token = journal.begin(connection, key, person.id, public.hash if public else None)
        draft = journal.draft(connection, token)
        if public is not None:
            draft = Turn(desk, connection, person, draft).append(public.text, "begun")
        if text is not None and text != draft.text:
            draft = Turn(desk, connection, person, draft).append(text, "saved")
        return draft


def public_now(desk: Desk, key: Key) -> Revision | None:
    """Give what is public of a document; a hand edit that nobody noticed yet is noticed."""
    with desk.database.reading() as connection:
        public = public_text(desk, connection, key)
    if public is not None:
        return public
    with publish_lock(desk):
        finish_pending(desk)
        with desk.database.writing() as connection:
            return notice(desk, connection, key)


def _may_appear(desk: Desk, key: Key) -> bool:
    """Tell whether a document that is not there may be: again, or beside its original."""
    with desk.database.reading() as connection:
        was_there = journal.public(connection, key) is not None
    return was_there or bool(key.lang and public_now(desk, key._replace(lang="")))


def _open_one(connection: sa.Connection, person: Person, key: Key) -> Draft | None:
    if not key.slug:
        return None
    drafts = journal.drafts_for(connection, key, journal.OPEN)
    return next((draft for draft in drafts if draft.owner_id == person.id), None)


def open_draft(desk: Desk, person: Person, token: str) -> Draft:
    """Give a draft to read; raises NoSuchDraft, NotAllowed, SignInNeeded."""
    if person.is_visitor:
        raise SignInNeeded  # whether there is such a draft or not
    with desk.database.reading() as connection:
        draft = journal.draft(connection, token)
    require(person, "see-draft", draft)
    return draft


def problems_of(desk: Desk, draft: Draft) -> list[Problem]:
    """Give all that is wrong with the text of a draft, as if it were the file."""
    key = draft.key._replace(slug=draft.slug or _UNNAMED)
    return list(parse(key, draft.text, desk.library.vocabularies).problems)


# Writing together ---------------------------------------------------------------------------


def add_co_author(desk: Desk, person: Person, token: str, email: str) -> Draft:
    """Let whoever has this mail address write in a draft too; raises NobodyThere."""
    return _share(desk, person, token, email, journal.add_co_author)


def remove_co_author(desk: Desk, person: Person, token: str, email: str) -> Draft:
    """Let whoever has this mail address write in a draft no more; raises NobodyThere."""
    return _share(desk, person, token, email, journal.remove_co_author)


def _share(
    desk: Desk,
    person: Person,
    token: str,
    email: str,
    change: Callable[[sa.Connection, Draft, int], None],
) -> Draft:
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, "invite-co-author", draft)
        account = people.account_of(connection, email.strip().lower())
        if account is None or account.disabled_at is not None:
            raise NobodyThere(email)
        change(connection, draft, account.id)
        return journal.draft(connection, token)
