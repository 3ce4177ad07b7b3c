"""The states of a draft, and the one table of the moves between them."""

from __future__ import annotations

from collections.abc import Mapping

from kb.access import Person, may
from kb.records.journal import OPEN, Draft

#: Every state that a draft can be in. Withdrawn and archived are no states of a draft: they are
#: the `status` in the front matter of what is public.
STATES = (*OPEN, "published", "rejected", "discarded")

#: The one move that is more than a move: `kb.services.publishing` makes it.
PUBLISH = "publish"
#: (state, move) -> (new state, action of kb.access). Nothing else can happen to a draft.
MOVES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("draft", "submit"): ("submitted", "submit-draft"),
    ("draft", "discard"): ("discarded", "submit-draft"),
    ("changes-requested", "submit"): ("submitted", "submit-draft"),
    ("changes-requested", "discard"): ("discarded", "submit-draft"),
    ("submitted", "withdraw-submission"): ("draft", "submit-draft"),
    ("submitted", "request-changes"): ("changes-requested", "request-changes"),
    ("submitted", "approve"): ("approved", "approve"),
    ("submitted", "reject"): ("rejected", "reject"),
    ("submitted", PUBLISH): ("published", "publish"),
    ("approved", "withdraw-submission"): ("draft", "submit-draft"),
    ("approved", "request-changes"): ("changes-requested", "request-changes"),
    ("approved", "reject"): ("rejected", "reject"),
    ("approved", PUBLISH): ("published", "publish"),
}

#: What the journal calls a move; it is the new state where nothing else stands here.
EVENTS: Mapping[str, str] = {"withdraw-submission": "taken-back"}

#: state -> action of kb.access that one needs to change the text in it. What is submitted stays as
#: it was submitted, so that nobody publishes what nobody has seen: its authors take it back first,
#: and whoever may publish it may also mend it.
WRITABLE: Mapping[str, str] = {
    "draft": "edit-draft",
    "changes-requested": "edit-draft",
    "submitted": "publish",
    "approved": "publish",
}


class NoSuchMove(LookupError):
    """Drafts know no move of this name."""


class MoveNotPossible(Exception):
    """The draft is in a state in which this cannot happen; somebody may have been quicker."""

    def __init__(self, draft: Draft, move: str) -> None:
        super().__init__(f"{move} of a draft that is {draft.state}")
        self.draft = draft
        self.move = move


def action_of(move: str) -> str:
    """Give the action of kb.access that a move takes in every state; raises NoSuchMove."""
    for (_, name), (_, action) in MOVES.items():
        if name == move:
            return action
    raise NoSuchMove(move)


def after(draft: Draft, move: str) -> str:
    """Give the state that a move leads to; raises MoveNotPossible where it cannot be made now."""
    if (draft.state, move) not in MOVES:
        raise MoveNotPossible(draft, move)
    return MOVES[draft.state, move][0]


def moves_for(person: Person, draft: Draft) -> tuple[str, ...]:
    """Give the moves that `person` may make with `draft` now, in the order of the table.

    What others decide of one's own text, and how many have to, is for `kb.services.verdicts`.
    """
    return tuple(
        move
        for (state, move), (_, action) in MOVES.items()
        if state == draft.state and may(person, action, draft)
    )


def writable(person: Person, draft: Draft) -> bool:
    """Tell whether `person` may change the text of `draft` in the state it is in."""
    action = WRITABLE.get(draft.state)
    return action is not None and may(person, action, draft)
