"""Saying that one looks at a draft, so that two do not do the same work unknowingly."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from kb.access import UNDER_REVIEW, Person, require
from kb.records import journal, verdicts
from kb.records.database import now
from kb.records.journal import Draft
from kb.records.verdicts import Claim
from kb.services.audience import authors_of
from kb.services.desk import Desk
from kb.services.states import MoveNotPossible
from kb.services.verdicts import OwnText

#: How long it holds that somebody looks at a draft.
HELD = timedelta(days=7)


class AlreadyClaimed(Exception):
    """Somebody else looks at the draft already."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim.name)
        self.claim = claim


def claim_of(connection: sa.Connection, draft: Draft) -> Claim | None:
    """Who looks at a draft now, None where nobody does."""
    return verdicts.claims(connection, [draft.id], now() - HELD).get(draft.id)


def claim(desk: Desk, person: Person, token: str) -> None:
    """Say that one looks at a draft, for a week from now.

    Raises AlreadyClaimed, OwnText, MoveNotPossible where it does not wait, NotAllowed, NoSuchDraft.
    """
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, "claim", draft)
        if draft.state not in UNDER_REVIEW or person.id is None:
            raise MoveNotPossible(draft, "claim")
        if person.id in authors_of(draft):
            raise OwnText
        there = claim_of(connection, draft)
        if there is not None and there.person_id != person.id:
            raise AlreadyClaimed(there)
        verdicts.put_claim(connection, draft.id, person.id)


def give_back(desk: Desk, person: Person, token: str) -> None:
    """Say that one does not look at a draft any more; nothing happens where somebody else does."""
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, "claim", draft)
        verdicts.drop_claim(connection, draft.id, person.id)
