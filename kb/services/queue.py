"""What waits for somebody: the drafts that were submitted, and what is to happen with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kb.access import Person, may, require
from kb.records import journal
from kb.records.database import now
from kb.services.desk import Desk
from kb.services.history import DraftCompared, beside_public

#: In which states drafts stand in the queue, in the order in which they are told.
WAITING = ("submitted", "approved", "changes-requested")

#: Moves that somebody else may make only in need, and then on the page of the draft.
OF_AUTHORS = ("submit", "discard", "withdraw-submission")


@dataclass(frozen=True)
class Queue:
    """The drafts of one state at a moment (UTC), the one that has waited longest first."""

    state: str
    at: datetime
    drafts: tuple[DraftCompared, ...]


def queue(desk: Desk, person: Person) -> tuple[Queue, ...]:
    """What waits, by state, each draft beside what is public. Raises NotAllowed, SignInNeeded."""
    require(person, "see-queue")
    with desk.database.reading() as connection:
        found = [
            (draft, journal.public(connection, draft.key) if draft.slug else None)
            for draft in reversed(journal.drafts_in(connection, WAITING))
            if may(person, "see-draft", draft)
        ]
    at = now()
    waiting = [_offered(person, beside_public(person, draft, public)) for draft, public in found]
    return tuple(
        Queue(state, at, tuple(one for one in waiting if one.draft.state == state))
        for state in WAITING
    )


def _offered(person: Person, one: DraftCompared) -> DraftCompared:
    """A draft with the moves of those who check it; those of its authors for its authors alone."""
    if person.id in (one.draft.owner_id, *one.draft.co_author_ids):
        return one
    return replace(one, moves=tuple(move for move in one.moves if move not in OF_AUTHORS))
