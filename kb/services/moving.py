"""Moving a draft from state to state: handed in, sent back, approved, turned down, given up."""

from __future__ import annotations

import sqlalchemy as sa

from kb.access import Person, require
from kb.records import journal, verdicts
from kb.records.journal import Draft, Revision
from kb.services.audience import tell_authors, tell_reviewers
from kb.services.desk import Desk
from kb.services.office import note
from kb.services.states import EVENTS, PUBLISH, MoveNotPossible, NoSuchMove, action_of, after
from kb.services.verdicts import VERDICTS, Look, check_verdict, standing_of, write_down

_UNSEEN = Look()


def make_move(
    desk: Desk,
    person: Person,
    token: str,
    move: str,
    message: str = "",
    *,
    look: Look = _UNSEEN,
) -> Draft:
    """Make any move but publishing, which is more than a move; see `kb.services.publishing`.

    `message` is what the person says about it, `look` what they looked at before a verdict. Raises
    NoSuchMove, NoSuchDraft, NotAllowed, and MoveNotPossible where the draft is in another state by
    now, or is still without a word; for verdicts what `kb.services.verdicts.check_verdict` raises.
    """
    if move == PUBLISH:
        raise NoSuchMove(move)
    action = action_of(move)
    with desk.database.writing() as connection:
        draft = journal.draft(connection, token, hold=True)
        require(person, action, draft)
        state = after(draft, move)
        if move in VERDICTS:
            check_verdict(connection, person, draft, move, message=message, look=look)
        if draft.head is not None:
            row = journal.append(
                connection, draft.key, draft.text, EVENTS.get(move, state), base=draft.hash,
                author_id=person.id, author=person.name, draft_id=draft.id, message=message,
            )  # fmt: skip
            if move in VERDICTS:
                write_down(connection, person, draft, row, look)
                state = _decided(connection, person, draft, row, desk.settings.reviews) or state
        elif move != "discard":
            raise MoveNotPossible(draft, move)
        journal.change_draft(connection, draft, state=state, note=message)
        if move == "submit":
            tell_reviewers(connection, person, draft, message)
        return journal.draft(connection, token)


def _decided(
    connection: sa.Connection, person: Person, draft: Draft, row: Revision, wanted: int
) -> str:
    """Tell its authors what was decided of a draft; give the state where that stays, else ""."""
    if row.event != "changes-requested" and person.id is not None:
        verdicts.drop_claim(connection, draft.id, person.id)
    note(connection, person, row.event, f"draft/{draft.token}")
    tell_authors(connection, person, row.event, draft, message=row.message)
    waits = row.event == "approved" and standing_of(connection, draft, wanted).missing
    return draft.state if waits else ""


def submit(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Hand a draft in; raises as `make_move` does."""
    return make_move(desk, person, token, "submit", message)


def withdraw_submission(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Take a draft back that was handed in, to go on writing; raises as `make_move` does."""
    return make_move(desk, person, token, "withdraw-submission", message)


def request_changes(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Send a draft back to its authors, saying what is missing; raises as `make_move` does."""
    return make_move(desk, person, token, "request-changes", message)


def approve(
    desk: Desk, person: Person, token: str, message: str = "", *, look: Look = _UNSEEN
) -> Draft:
    """Say that a draft may be published; raises as `make_move` does.

    It waits on where the setting REVIEWS asks for somebody else to say so too.
    """
    return make_move(desk, person, token, "approve", message, look=look)


def reject(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Turn a draft down for good; raises as `make_move` does."""
    return make_move(desk, person, token, "reject", message)


def discard(desk: Desk, person: Person, token: str, message: str = "") -> Draft:
    """Give a draft up; its texts stay in the journal. Raises as `make_move` does."""
    return make_move(desk, person, token, "discard", message)
