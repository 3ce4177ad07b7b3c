"""What people without an account send in, as drafts: a changed text, or that they did it too.

A suggestion arrives handed in, with the public text that it was made from as its base. What became
public meanwhile is joined with it; where both changed one place it arrives as it is, outdated.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from indexer.document import Document, parse
from indexer.errors import NoSuchDocument
from indexer.values import Key
from kb.access import VISITOR, Person, require
from kb.records import journal
from kb.records import outside as records
from kb.records.database import now
from kb.records.journal import Draft
from kb.records.outside import Suggestion
from kb.records.people import take_turn
from kb.services import limits, stamps
from kb.services.desk import Desk
from kb.services.editing import public_now
from kb.services.history import path_of, title_of
from kb.services.letter import Letter
from kb.services.lock import PublishingBusy
from kb.services.mail import send_later
from kb.services.notices import notify, who_may
from kb.services.office import note
from kb.services.reading import GONE, Moved, NoSuchCase, withdrawn
from kb.services.saving import Turn
from kb.services.stale import StaleEdit, joined_with_public
from kb.services.tokens import hash_of

#: What is sent in: a changed text, or a row of `replications`.
EDIT, REPLICATION = "edit", "replication"
#: The states of a draft of which somebody who gave an address is told by mail.
TOLD = ("published", "rejected", "discarded")
#: The name of the row that stands for all strangers; their own names stand in their drafts.
_STRANGERS = "Visitors without an account"
#: Who did something, in the events, where nobody is signed in.
SOMEBODY = replace(VISITOR, name="visitor")


class NoSuchSuggestion(LookupError):
    """Nobody was given this token for something that they sent in."""


class NothingNew(Exception):
    """What is suggested is what is public already; `meanwhile` where it was not when they began."""

    def __init__(self, meanwhile: bool) -> None:
        super().__init__(meanwhile)
        self.meanwhile = meanwhile


@dataclass(frozen=True)
class Sender:
    """Who sends something in, and with which form.

    `name` is what they call themselves or a stand-in, `signature` how history names them, `email`
    where an answer goes ("" for nowhere), `ui` its language, `address` that on the network. Of
    somebody who is signed in the account counts, and no more is needed than the last two.
    """

    name: str
    signature: str
    email: str
    ui: str
    address: str
    stamp: str


@dataclass(frozen=True)
class Offer:
    """A text that is suggested, the public one it was made from, and what was changed and why."""

    base: Document
    text: str
    message: str
    purpose: str = EDIT


@dataclass(frozen=True)
class Followed:
    """What became of something that was sent in. `reason` is what was said when it was rejected."""

    key: Key
    title: str
    lang: str
    purpose: str
    state: str
    at: datetime
    reason: str
    answered_by_mail: bool


# The text that a form is made of -------------------------------------------------------------


def open_public(desk: Desk, person: Person, key: Key) -> Document:
    """What is public of a document now, for whoever wants to say something about it.

    Raises NoSuchDocument, NoSuchCase, BadSlug, Moved, CaseWithdrawn.
    """
    require(person, "suggest")
    try:
        desk.library.store.read(key)  # so that only what is there is compared with the journal
    except NoSuchDocument:
        new = desk.library.find_alias(key.kind, key.slug)
        if new:
            raise Moved(path_of(key._replace(slug=new))) from None
        missing = NoSuchCase if key.kind == "case" else NoSuchDocument
        raise missing(key.slug) from None
    public = public_now(desk, key)
    if public is None:
        raise NoSuchDocument(key.slug)
    document = parse(key, public.text, desk.library.vocabularies)
    if document.front.get("status") in GONE:
        raise withdrawn(key, document.front)
    return document


def open_base(desk: Desk, person: Person, key: Key, base: str) -> Document:
    """The public text of the name `base`, from which a form was made. Raises NoSuchRevision."""
    require(person, "suggest")
    key = today(desk, key)
    with desk.database.reading() as connection:
        row = journal.revision_of_hash(connection, key, base)
    return parse(key, row.text, desk.library.vocabularies)


def open_known(desk: Desk, person: Person, key: Key) -> Document:
    """What is public of a document, also where it was withdrawn. Raises NoSuchDocument."""
    require(person, "report")
    with desk.database.reading() as connection:
        row = journal.public(connection, today(desk, key))
    if row is None or not row.hash:
        raise NoSuchDocument(key.slug)
    return parse(row.key, row.text, desk.library.vocabularies)


def today(desk: Desk, key: Key) -> Key:
    """The key that a document has by now, where it got another name."""
    there = desk.library.store.stamps_of([key])
    new = None if there else desk.library.find_alias(key.kind, key.slug)
    return key._replace(slug=new) if new else key


# Sending in ----------------------------------------------------------------------------------


def send_in(desk: Desk, person: Person, offer: Offer, sender: Sender) -> str:
    """Hand in what is offered, and give the token by which to follow it.

    Raises NothingNew, SentTooSoon, StampTooOld, TooManyTries, NoSuchRevision.
    """
    require(person, "suggest")
    stamps.check(desk.settings.data, sender.stamp)
    base, key = offer.base, offer.base.key
    if offer.text == base.text:
        raise NothingNew(meanwhile=False)
    words = (*key, base.revision, offer.text, offer.message)
    token = stamps.name_of(desk.settings.data, sender.stamp, *words)
    with desk.database.reading() as connection:
        if records.suggestion_named(connection, token):
            return token  # the same form was sent twice
    limits.count(desk, "suggest", "", sender.address or "unknown")
    with suppress(PublishingBusy):  # what was changed by hand is noticed later, then
        public_now(desk, key)
    with desk.database.writing() as connection:
        take_turn(connection, hash_of(token))
        if not records.suggestion_named(connection, token):
            draft = _handed_in(desk, connection, person, offer, sender)
            email = sender.email if person.is_visitor else ""  # others get notices of their draft
            one = Suggestion(token, draft.id, offer.purpose, email, sender.ui, now())
            records.add_suggestion(connection, one)
            _tell(connection, person, draft, offer.message)
    return token


def _handed_in(
    desk: Desk, connection: sa.Connection, person: Person, offer: Offer, sender: Sender
) -> Draft:
    """Make the draft, every text of it in the journal: the base, what was sent, what was joined."""
    key, message = offer.base.key, offer.message
    before = journal.revision_of_hash(connection, key, offer.base.revision)
    writer, outsider = person, ""
    if person.id is None:
        owner = records.stranger(connection, _STRANGERS, VISITOR.role)
        writer, outsider = Person(owner, sender.signature, "", VISITOR.role), sender.name
    assert writer.id is not None
    token = journal.begin(connection, key, writer.id, before.hash, state="submitted")
    draft = journal.draft(connection, token)
    journal.change_draft(connection, draft, outsider=outsider, note=message)
    draft = Turn(desk, connection, writer, draft).append(before.text, "begun")
    draft = Turn(desk, connection, writer, draft).append(offer.text, "saved", message)
    Turn(desk, connection, writer, draft).append(offer.text, "submitted", message)
    draft = journal.draft(connection, token)
    return _joined(desk, connection, writer, draft) if draft.outdated else draft


def _joined(desk: Desk, connection: sa.Connection, writer: Person, draft: Draft) -> Draft:
    """The draft with what became public since its base; as it is where that is at one place."""
    try:
        text = joined_with_public(connection, draft)
    except StaleEdit:
        return draft
    public = journal.public(connection, draft.key)
    assert public is not None
    if text == public.text:
        raise NothingNew(meanwhile=True)
    Turn(desk, connection, writer, draft).append(text, "caught-up")
    journal.change_draft(connection, draft, base=public.hash)
    return journal.draft(connection, draft.token)


def _tell(connection: sa.Connection, person: Person, draft: Draft, message: str) -> None:
    title, _ = title_of(draft.text)
    subject = f"draft/{draft.token}"
    by = SOMEBODY if person.is_visitor else person
    note(connection, by, "suggested", subject, path_of(draft.key))
    notify(
        connection, person, "suggestion", who_may(connection, "see-queue"), subject,
        title=title or draft.slug, name=draft.owner, message=message,
    )  # fmt: skip


# What became of it ---------------------------------------------------------------------------


def follow(desk: Desk, token: str) -> Followed:
    """What became of something that was sent in, for whoever has its token.

    Nothing of the draft is told but its title. Raises NoSuchSuggestion.
    """
    with desk.database.reading() as connection:
        one = records.suggestion_named(connection, token)
        if one is None:
            raise NoSuchSuggestion(token)
        draft = journal.draft_of_id(connection, one.draft_id)
    title, lang = title_of(draft.text)
    return Followed(
        key=draft.key,
        title=title or draft.slug,
        lang=lang or draft.lang or "en",
        purpose=one.purpose,
        state=draft.state,
        at=one.at,
        reason=draft.note if draft.state == "rejected" else "",
        answered_by_mail=bool(one.email),
    )


def answer(desk: Desk, token: str, write: Callable[[Suggestion, Draft], Letter]) -> None:
    """Writes to whoever suggested the draft `token` once it came to an end, if they want it.

    Their address is forgotten then: it was given for this alone.
    """
    with desk.database.reading() as connection:
        draft = journal.draft(connection, token)
    if draft.state not in TOLD:
        return
    with desk.database.writing() as connection:
        one = records.take_address(connection, draft.id)
    if one is not None:
        send_later(desk.settings, write(one, draft))
