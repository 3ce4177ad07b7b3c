"""Moving a draft from state to state: handed in, sent back, approved, turned down, given up."""

from __future__ import annotations

from kb.access import Person, require
from kb.records import journal
from kb.records.journal import Draft
from kb.services.desk import Desk
from kb.services.states import EVENTS, MoveNotPossible, NoSuchMove, action_of, after


def make_move(desk: Desk, person: Person, token: str, move: str, message: str = "") -> Draft:
    """Make any move but publishing, which is more than a move; see `kb.services.publishing`.

    `message` is what the person says about it. Raises NoSuchMove, NoSuchDraft, NotAllowed, and
    MoveNotPossible where the draft is in another state by now, or is still without a word.
    """
    if move == "publish":
        raise NoSuchMove(move)
    action = action_of(move)
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, action, draft)
        state = after(draft, move)
        if draft.head is not None:
            journal.append(
                connection, draft.key, draft.text, EVENTS.get(move, state), base=draft.hash,
                author_id=person.id, author=person.name, draft_id=draft.id, message=message,
            )  # fmt: skip
        elif move != "discard":
            raise MoveNotPossible(draft, move)
        journal.change_draft(connection, draft, state=state, note=message)
        return journal.draft(connection, token)


def submit(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Hand a draft in; raises as `make_move` does."""
    return make_move(desk, person, token, "submit", message)


def withdraw_submission(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Take a draft back that was handed in, to go on writing; raises as `make_move` does."""
    return make_move(desk, person, token, "withdraw-submission", message)


def request_changes(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Send a draft back to its authors, saying what is missing; raises as `make_move` does."""
    return make_move(desk, person, token, "request-changes", message)


def approve(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Say that a draft may be published; raises as `make_move` does."""
    return make_move(desk, person, token, "approve", message)


def reject(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Turn a draft down for good; raises as `make_move` does."""
    return make_move(desk, person, token, "reject", message)


def discard(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Give a draft up; its texts stay in the journal. Raises as `make_move` does."""
    return make_move(desk, person, token, "discard", message)
