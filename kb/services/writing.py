"""A draft as the editor opens it: the text that somebody has before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from indexer.document import Document, edited_text, parse
from indexer.errors import UnreadableHead
from indexer.fields import FACET_VOCABULARY, FIELDS
from indexer.query import Query
from indexer.values import Key
from indexer.vocabulary import Vocabularies
from kb.access import Person, may, require
from kb.records import journal, people
from kb.records.journal import Draft, NoSuchRevision, Revision
from kb.services import editing
from kb.services.commenting import Thread, threads_of
from kb.services.desk import Desk
from kb.services.media import missing
from kb.services.moving import make_move
from kb.services.publishing import publish
from kb.services.states import PUBLISH, moves_for, writable
from kb.services.verdicts import VERDICTS, Look, Standing, may_check, standing_of

#: Stands for the name of a document that has none yet.
UNNAMED = "untitled"
_UNSEEN = Look()
_NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})
#: Facets with the terms chosen of each, as a query has them.
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Writing:
    """A draft and the text of it that was opened, which need not be the newest."""

    draft: Draft
    document: Document

    @property
    def readable(self) -> bool:
        """Whether the front matter can be read, so that a form can be made of it."""
        try:
            edited_text(self.document, {})
        except UnreadableHead:
            return False
        return True


def open_text(desk: Desk, person: Person, token: str, opened: str = "") -> Writing:
    """The draft with the text `opened`, its newest one where that is "".

    Raises NoSuchDraft, NoSuchRevision, NotAllowed, SignInNeeded.
    """
    draft = editing.open_draft(desk, person, token)
    text: str | None = draft.text
    if opened and opened != draft.hash:
        with desk.database.reading() as connection:
            text = journal.text_in_draft(connection, draft, opened)
        if text is None:
            raise NoSuchRevision(opened)
    return Writing(draft, as_document(desk, draft, text or ""))


def open_to_write(desk: Desk, person: Person, token: str, opened: str = "") -> Writing:
    """The same for whoever may change it in the state it is in. Raises DraftClosed too."""
    writing = open_text(desk, person, token, opened)
    require(person, "edit-draft", writing.draft)
    if not writable(person, writing.draft):
        raise editing.DraftClosed(writing.draft)
    return writing


def as_document(desk: Desk, draft: Draft, text: str) -> Document:
    """A text of a draft, read as if it were the file; what nobody has given is told too."""
    key = Key(draft.kind, draft.slug or UNNAMED, draft.lang)
    document = parse(key, text, desk.library.vocabularies)
    lacking = missing(desk, document)
    return replace(document, problems=(*document.problems, *lacking)) if lacking else document


def first_text(
    title: str,
    lang: str,
    kind: str = "case",
    chosen: Chosen = (),
    more: Mapping[str, Any] = _NOTHING_MORE,
) -> str:
    """The text that a new document begins with: its title, its language, what it is about.

    `more` is further front matter.
    """
    empty = parse(Key(kind, UNNAMED), "")
    fields = {field.facet: field for field in FIELDS[kind] if field.facet}
    front: dict[str, Any] = {"title": " ".join(title.split()), "lang": lang}
    for facet, values in chosen:
        front[fields[facet].name] = list(values) if fields[facet].many else values[0]
    return edited_text(empty, {**front, **more})


def about(query: Query, vocabularies: Vocabularies) -> Chosen:
    """The facets of `query` that a new case can begin with.

    Terms that no vocabulary has are left out, and so is what a term alone does not say: for an
    organisation one must tell its role.
    """
    fields = {field.facet: field for field in FIELDS["case"] if field.facet}
    chosen = []
    for facet, values in query.facets:
        field, vocabulary = fields[facet], vocabularies.get(FACET_VOCABULARY.get(facet, ""))
        alone = all(one.name == field.short for one in field.fields if one.required)
        known = tuple(value for value in values if vocabulary is not None and value in vocabulary)
        if known and alone and field.type in ("term", "group"):
            chosen.append((facet, known))
    return tuple(chosen)


@dataclass(frozen=True)
class Overview:
    """A draft with all that is told about it: its text, who writes it, what may be done with it."""

    writing: Writing
    authors: tuple[tuple[str, str], ...]  # name and mail address, the owner first
    moves: tuple[str, ...]  # what reviewers decide has a page of its own
    may_write: bool
    may_invite: bool
    waiting: bool  # whether a text of whoever asks is kept beside it, not joined with it
    may_check: bool
    may_comment: bool
    threads: tuple[Thread, ...]  # what is still to be done about it
    standing: Standing


def overview(desk: Desk, person: Person, token: str) -> Overview:
    """Where a draft stands. Raises NoSuchDraft, NotAllowed, SignInNeeded."""
    writing = open_text(desk, person, token)
    draft = writing.draft
    with desk.database.reading() as connection:
        accounts = [
            people.account(connection, id_) for id_ in (draft.owner_id, *draft.co_author_ids)
        ]
        names = {draft.owner_id: draft.owner}  # of an outsider, the name that they gave
        waiting = person.id is not None and journal.aside(connection, draft, person.id) is not None
        threads = threads_of(connection, draft, draft.text)
        standing = standing_of(connection, draft, desk.settings.reviews)
    check = may_check(person, draft)
    open_now = draft.state in journal.OPEN
    return Overview(
        writing,
        tuple((names.get(one.id, one.name), one.email or "") for one in accounts if one),
        _own_moves(person, draft, check=check, missing=standing.missing),
        writable(person, draft),
        may(person, "invite-co-author", draft) and open_now,
        waiting,
        check,
        may(person, "comment", draft) and open_now,
        tuple(one for one in threads if one.open),
        standing,
    )


def _own_moves(person: Person, draft: Draft, *, check: bool, missing: int) -> tuple[str, ...]:
    """The moves on the page of a draft: those of its authors, and of whoever may do the same.

    Authors publish what enough others have approved; others do so where they check it.
    """
    others = (*VERDICTS, PUBLISH) if check or missing else VERDICTS
    return tuple(move for move in moves_for(person, draft) if move not in others)


def public_title(desk: Desk, person: Person, key: Key) -> str:
    """The title of what is public, for whoever may write. Raises NoSuchDocument."""
    require(person, "write")
    front = parse(key, desk.library.store.read(key)).front
    return str(front.get("title") or key.slug)


def move(
    desk: Desk,
    person: Person,
    token: str,
    name: str,
    message: str,
    *,
    look: Look = _UNSEEN,
) -> Draft | Revision:
    """Make a move with a draft. Raises NoSuchMove, and what the move itself raises."""
    made = publish if name == PUBLISH else partial(make_move, move=name)
    return made(desk, person, token, message=message, look=look)
