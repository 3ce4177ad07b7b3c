"""Making a text public, taking it back, and bringing an old one back as a draft.

A publication is a promise in the journal, a file, the index, and the promise settled, all under
one lock; `kb.services.recovery` keeps what a crash left unkept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from indexer.document import Document, edited_text, parse
from indexer.errors import NoSuchDocument, UnreadableHead
from indexer.head import split
from indexer.values import Key, Problem
from kb.access import Person, require
from kb.records import journal
from kb.records.database import now
from kb.records.journal import Draft, NoSuchRevision, Revision
from kb.services.desk import Desk
from kb.services.editing import begin, save
from kb.services.lock import PublishingBusy, publish_lock
from kb.services.media import missing
from kb.services.naming import name_for
from kb.services.noticing import notice
from kb.services.office import note
from kb.services.pinning import require_pins
from kb.services.purging import purge
from kb.services.recovery import finish_pending, promise_kept, recover
from kb.services.stale import StaleEdit, joined_with_public
from kb.services.states import PUBLISH, NoSuchMove, after
from kb.services.verdicts import Look, check_reviewed, write_down

__all__ = [
    "NotValid",
    "PublishingBusy",
    "StaleEdit",
    "publish",
    "purge",
    "recover",
    "restore",
    "set_status",
]

#: How often a publication begins anew because the file was changed by hand under its hands.
_TRIES = 5
#: status -> (action of kb.access, what the journal calls it)
STATUSES: Mapping[str, tuple[str, str]] = {
    "withdrawn": ("withdraw", "withdrawn"),
    "archived": ("archive", "archived"),
    "published": ("restore", "reinstated"),
}
_UNSEEN = Look()
#: The name under which `restore` knows what stands below the front matter.
BODY = "body"


class NotValid(Exception):
    """The text cannot be public as it is; `problems` are its errors, by line and field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def publish(
    desk: Desk, person: Person, token: str, message: str = "", *, look: Look = _UNSEEN
) -> Revision:
    """Make the text of a draft public and give its revision.

    A new document gets its address from its title. What became public meanwhile, by somebody else
    or by hand, is joined with the draft. `look` is what the person looked at, who counts as one of
    those that REVIEWS asks for. Raises NotAllowed, MoveNotPossible, NotValid, NotReviewed,
    TextChanged, PointsMissing, StaleEdit where both changed the same place, PublishingBusy;
    nothing is public then.
    """
    with publish_lock(desk):
        finish_pending(desk)
        for _ in range(_TRIES):
            row, before = _promised(desk, person, token, message, look)
            if promise_kept(desk, row, before):
                return replace(row, pending=False)
    raise PublishingBusy


def _promised(
    desk: Desk, person: Person, token: str, message: str, look: Look
) -> tuple[Revision, str]:
    """Write down what is to be published and close the draft; give also the state it was in."""
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token)
        require(person, "publish", draft)
        if draft.slug:
            notice(desk, connection, draft.key)
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        state = after(draft, PUBLISH)
        text = joined_with_public(connection, draft) if draft.outdated else draft.text
        wanted = desk.settings.reviews
        check_reviewed(connection, person, draft, text, wanted=wanted, look=look)
        key = name_for(desk, connection, draft, text)
        public = journal.public(connection, key)
        if public is not None and not public.hash:
            public = None
        document = _valid(desk, key, text)
        _require_named(desk, document)
        document = _valid(desk, key, _dated(document, public))
        row = _promise(
            connection, person, document, public, event="published",
            message=message or _why(connection, draft), draft_id=draft.id,
            writer=_writer(connection, draft),
        )  # fmt: skip
        write_down(connection, person, draft, replace(row, message=message), look)
        journal.change_draft(connection, draft, state=state, slug=key.slug, note=message)
    return row, draft.state


def _why(connection: sa.Connection, draft: Draft) -> str:
    """Give what its writers last said that they changed, without what they told those who check."""
    said = (row.message for row in journal.draft_revisions(connection, draft.id)
            if row.event == "saved" and row.message)  # fmt: skip
    return next(said, "")


def _writer(connection: sa.Connection, draft: Draft) -> tuple[int | None, str] | None:
    """Give whose text a draft is: its owner where they wrote, else whoever wrote in it last."""
    rows = [row for row in journal.draft_revisions(connection, draft.id) if row.author]
    own = (row for row in rows if row.author_id == draft.owner_id)
    row = next(own, rows[0] if rows else None)
    return (row.author_id, row.author) if row else None


def _promise(
    connection: sa.Connection,
    person: Person,
    document: Document,
    public: Revision | None,
    *,
    writer: tuple[int | None, str] | None = None,
    **how: Any,
) -> Revision:
    """Write down that a document is to become public; `how` are columns of the journal.

    History tells who wrote it, `writer` (else `person`); that `person` published it, the events.
    """
    key = document.key
    author_id, author = writer or (person.id, person.name)
    note(connection, person, how["event"], "/".join(part for part in key if part))
    return journal.append(
        connection, key, document.text, base=public.hash if public else None,
        author_id=author_id, author=author, pending=True, **how,
    )  # fmt: skip


def _valid(desk: Desk, key: Key, text: str) -> Document:
    """Give the document of a text that may become public; raises NotValid, BadSlug."""
    document = parse(key, text, desk.library.vocabularies)
    if document.errors:
        raise NotValid(document.errors)
    desk.library.store.path(key)  # a link in its place is refused before anything is promised
    return document


def _require_named(desk: Desk, document: Document) -> None:
    """See that the pictures of a text are there, and the texts that it pins; raises NotValid."""
    lacking = (*missing(desk, document), *require_pins(desk, document))
    if lacking:
        raise NotValid(lacking)


def _dated(document: Document, public: Revision | None) -> str:
    """Give the text with the day of its publication, and of its last change, where none is told.

    `updated` is left alone where its authors gave a later one than that of the public text.
    """
    today = now().date()
    changes: dict[str, Any] = {}
    if "published" not in document.front:
        changes["published"] = today
    if public is not None and public.text != document.text:
        old = parse(document.key, public.text).front.get("updated")
        new = document.front.get("updated")
        told = isinstance(new, date) and (not isinstance(old, date) or new > old)
        if not told:
            changes["updated"] = today
    try:
        return edited_text(document, changes)
    except UnreadableHead:  # its lines cannot be told apart; the text is good without the dates
        return document.text


def set_status(desk: Desk, person: Person, key: Key, status: str, reason: str = "") -> Revision:
    """Withdraw or archive what is public, or make it "published" again; `reason` is told to all.

    Raises NotAllowed, NoSuchDocument, NotValid (such as without a reason), NoSuchMove.
    """
    if status not in STATUSES:
        raise NoSuchMove(status)
    action, event = STATUSES[status]
    require(person, action)
    told = None if status == "published" else reason.strip() or None
    with publish_lock(desk):
        finish_pending(desk)
        for _ in range(_TRIES):
            with desk.database.writing() as connection:
                public = notice(desk, connection, key)
            if public is None:
                raise NoSuchDocument(f"there is no {key.kind} {key.slug} {key.lang}".strip())
            wanted = {"status": status, "status_reason": told}
            document = _valid(desk, key, _changed(desk, key, public.text, wanted))
            if document.text == public.text:
                return public
            with desk.database.writing() as connection:
                row = _promise(connection, person, document, public, event=event, message=reason)
            if promise_kept(desk, row):
                return replace(row, pending=False)
    raise PublishingBusy


def _changed(desk: Desk, key: Key, text: str, changes: Mapping[str, Any]) -> str:
    document = parse(key, text, desk.library.vocabularies)
    try:
        return edited_text(document, changes)
    except UnreadableHead as problem:
        raise NotValid(document.errors or (Problem(1, "front matter", str(problem)),)) from None


def restore(  # noqa: PLR0917 - as the parts of the desk agreed
    desk: Desk,
    person: Person,
    key: Key,
    name: str,
    fields: tuple[str, ...] | None = None,
    message: str = "",
) -> Draft:
    """Bring an old text back as a new revision of a draft: all of it, or some of its fields.

    `name` is the hash of the old text; the field "body" is what stands below the front matter.
    A document that was removed by hand comes back with all of the old text. Raises NotAllowed,
    NoSuchRevision, NoSuchDocument, NotValid, StaleEdit, DraftClosed.
    """
    require(person, "write")
    with desk.database.reading() as connection:
        old = _old_text(connection, person, key, name)
    try:
        draft = begin(desk, person, key)
    except NoSuchDocument:
        return begin(desk, person, key, key.kind, old)
    text = old if fields is None else _with_fields(desk, draft, old, fields)
    return save(desk, person, draft.token, text, draft.hash, message=message, event="restored")


def _with_fields(desk: Desk, draft: Draft, old: str, fields: tuple[str, ...]) -> str:
    front = parse(draft.key, old).front
    changes = {name: front.get(name) for name in fields if name != BODY}
    text = _changed(desk, draft.key, draft.text, changes)
    if BODY not in fields:
        return text
    parts = split(text)
    return parts.start + parts.head + parts.close + split(old).body


def _old_text(connection: sa.Connection, person: Person, key: Key, name: str) -> str:
    """Give a text of the history of a document that the person may read; raises NoSuchRevision."""
    try:
        return journal.revision_of_hash(connection, key, name).text
    except NoSuchRevision:
        for row in journal.revisions(connection, key, drafts=True):
            if row.hash == name and row.draft_id is not None:
                require(person, "see-draft", journal.draft_of_id(connection, row.draft_id))
                return row.text
        raise
