"""Saving a text of a draft, and joining it with what somebody else saved or published meanwhile.

Whatever a person sends is in the journal before anything else is decided about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from kb.access import Person, require
from kb.records import journal
from kb.records.journal import Draft
from kb.services.desk import Desk
from kb.services.merging import merge
from kb.services.naming import name_for
from kb.services.stale import StaleEdit, apart, joined_with_public
from kb.services.states import writable

#: What the journal calls the text that a person made of a conflict.
_RESOLVED = "resolved"


class DraftClosed(Exception):
    """The draft was handed in, published or given up meanwhile; what was sent is kept beside it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"the draft is {draft.state}")
        self.draft = draft


def _state_after(draft: Draft, text: str) -> str:
    """The state of a draft with another text: what was approved is not what stands there now."""
    return "submitted" if draft.state == "approved" and text != draft.text else draft.state


@dataclass(frozen=True)
class Turn:
    """One person at one draft, within one transaction in which nobody else can change it."""

    desk: Desk
    connection: sa.Connection
    person: Person
    draft: Draft

    def append(self, text: str, event: str, message: str = "") -> Draft:
        """Make `text` the newest of the draft, whose name follows its title while it is new."""
        key = name_for(self.desk, self.connection, self.draft, text)
        head = journal.append(
            self.connection, key, text, event, base=self.draft.hash or None, message=message,
            author_id=self.person.id, author=self.person.name, draft_id=self.draft.id,
        )  # fmt: skip
        state = _state_after(self.draft, text)
        journal.change_draft(
            self.connection, self.draft, updated_at=head.at, slug=key.slug, state=state
        )
        return replace(self.draft, slug=key.slug, head=head, updated_at=head.at, state=state)

    def set_aside(self, text: str, base: str) -> None:
        """Keep what the person sent although it does not become the draft's text, once."""
        waiting = journal.aside(self.connection, self.draft, self.person.id)
        if waiting is None or waiting.text != text:
            journal.append(
                self.connection, self.draft.key, text, journal.ASIDE, base=base or None,
                author_id=self.person.id, author=self.person.name, draft_id=self.draft.id,
            )  # fmt: skip

    def _tells_more(self, message: str) -> bool:
        """Whether a text that was saved by itself is now given the words for what it changes."""
        head = self.draft.head
        told = head is not None and message not in ("", head.message)
        return told and writable(self.person, self.draft)

    def save(
        self, text: str, base: str, event: str, message: str = ""
    ) -> Draft | DraftClosed | StaleEdit:
        """Save, and give an error instead of raising it, so that what was written is committed."""
        draft, resolved = self.draft, event == _RESOLVED
        if text == draft.text and not resolved:
            return self.append(text, event, message) if self._tells_more(message) else draft
        if not writable(self.person, draft):
            self.set_aside(text, base)
            return DraftClosed(draft)
        if base == draft.hash or draft.head is None:
            return self.append(text, event, message)
        old = journal.text_in_draft(self.connection, draft, base) or ""
        if text == old and not resolved:
            return draft  # nothing was changed since, so there is nothing to join
        self.set_aside(text, base)
        merged = merge(draft.kind, old, draft.text, text)
        if merged.conflicts:
            texts = (old, draft.text, text)
            own = _own(draft, self.person)
            return StaleEdit(
                draft, texts, merged, theirs=draft.head.author, base=draft.hash, own=own
            )
        new = self.append(merged.text, _RESOLVED if resolved else "merged", message)
        return replace(new, merged_with=draft.head.author)


def _own(draft: Draft, person: Person) -> bool:
    """Whether the newest text of a draft is by the same person, from another window."""
    head = draft.head
    return head is not None and person.id is not None and head.author_id == person.id


def save(  # noqa: PLR0917 - as the parts of the desk agreed
    desk: Desk,
    person: Person,
    token: str,
    text: str,
    base: str | None,
    message: str = "",
    event: str = "saved",
) -> Draft:
    """Save `text`, which was made from the draft's text with the hash `base` ("" or None: none).

    A text of somebody else that came in between is joined with it: the draft tells by
    `merged_with`. Raises StaleEdit where both changed the same place, and DraftClosed where the
    draft takes no more texts from this person; the text is in the journal even then.
    """
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, "edit-draft", draft)
        saved = Turn(desk, connection, person, draft).save(text, base or "", event, message)
    if isinstance(saved, Exception):
        raise saved
    return saved


def conflict(desk: Desk, person: Person, token: str) -> StaleEdit | None:
    """Give the conflict that waits for this person in a draft, None where there is none.

    That is a text of theirs that could not be joined, else what went apart in the public text.
    """
    with desk.database.reading() as connection:
        draft = journal.draft(connection, token)
        require(person, "edit-draft", draft)
        mine = journal.aside(connection, draft, person.id)
        if mine is not None and draft.head is not None and draft.state in journal.OPEN:
            old = journal.text_in_draft(connection, draft, mine.base) or ""
            merged = merge(draft.kind, old, draft.text, mine.text)
            texts = (old, draft.text, mine.text)
            own = _own(draft, person)
            return StaleEdit(
                draft, texts, merged, theirs=draft.head.author, base=draft.hash, own=own
            )
        if draft.outdated:
            try:
                joined_with_public(connection, draft)
            except StaleEdit as found:
                return found
    return None


def resolve(desk: Desk, person: Person, token: str, text: str, base: str) -> Draft:
    """Save what a person made of a conflict; `base` is that of the StaleEdit which they saw.

    Raises StaleEdit again where somebody saved meanwhile, and DraftClosed.
    """
    own, public = apart(base)
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, "edit-draft", draft)
        saved = Turn(desk, connection, person, draft).save(text, own, _RESOLVED)
        if public is not None and isinstance(saved, Draft):
            journal.change_draft(connection, saved, base=public or None)
            saved = journal.draft(connection, token)
    if isinstance(saved, Exception):
        raise saved
    return saved


def catch_up(desk: Desk, person: Person, token: str) -> Draft:
    """Join what is public by now into a draft that began from an older text.

    Raises StaleEdit where both changed the same place, and DraftClosed.
    """
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, "edit-draft", draft)
        if not draft.outdated:
            return draft
        if not writable(person, draft):
            raise DraftClosed(draft)
        text = joined_with_public(connection, draft)
        public = journal.public(connection, draft.key)
        Turn(desk, connection, person, draft).append(text, "caught-up")
        journal.change_draft(connection, draft, base=public.hash if public else None)
        return journal.draft(connection, token)
