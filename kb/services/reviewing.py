"""A draft as those see it who check it: its text, what was said of it, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.access import Person, may
from kb.records import comments, journal, verdicts
from kb.records.comments import Comment
from kb.records.journal import Draft, Revision
from kb.records.verdicts import Claim, Verdict
from kb.services.audience import authors_of
from kb.services.checklist import Point, points_of
from kb.services.claiming import claim_of
from kb.services.commenting import Thread, threads_of
from kb.services.desk import Desk
from kb.services.states import PUBLISH, moves_for
from kb.services.verdicts import VERDICTS, Standing, is_own, may_check, standing_of
from kb.services.writing import Writing, open_text

#: What the journal tells of a draft besides the texts that were saved.
MOVED = (
    "submitted",
    "taken-back",
    "changes-requested",
    "approved",
    "rejected",
    "discarded",
    "published",
    "not-published",
)


@dataclass(frozen=True)
class Happened:
    """One entry of the conversation: something said, a move with its verdict, or texts saved.

    Exactly one of `said` and `row` is there; `row` is the last of the texts that one person saved
    one after another, `before` the hash that they began from. `verdict` tells who decided.
    """

    said: Comment | None = None
    row: Revision | None = None
    verdict: Verdict | None = None
    before: str = ""


@dataclass(frozen=True)
class Review:
    """A draft with all that reviewers are told of it.

    `newest` tells whether the text shown is that of the draft as it stands; `written` is the row of
    the journal in which it first stood. `decisions` are the moves that the person may decide on.
    """

    writing: Writing
    newest: bool
    written: Revision | None
    threads: tuple[Thread, ...]
    conversation: tuple[Happened, ...]
    standing: Standing
    claim: Claim | None
    points: tuple[Point, ...]
    decisions: tuple[str, ...]
    own: bool
    may_claim: bool
    may_comment: bool


def review(desk: Desk, person: Person, token: str, opened: str = "") -> Review:
    """A draft with what was said of it, each word at its place in the text `opened` ("": newest).

    Raises NoSuchDraft, NoSuchRevision, NotAllowed, SignInNeeded.
    """
    writing = open_text(desk, person, token, opened)
    draft, shown = writing.draft, writing.document
    with desk.database.reading() as connection:
        rows = tuple(reversed(journal.draft_revisions(connection, draft.id)))
        standing = standing_of(connection, draft, desk.settings.reviews)
        threads = threads_of(connection, draft, shown.text)
        said = comments.of_draft(connection, draft.id)
        decided = verdicts.of_draft(connection, draft.id)
        claim = claim_of(connection, draft)
        points = points_of(connection, draft.kind)
        own = is_own(connection, person, draft)
    newest = shown.text == draft.text
    open_now = draft.state in journal.OPEN
    return Review(
        writing=writing,
        newest=newest,
        written=next((row for row in rows if row.text == shown.text), None),
        threads=threads,
        conversation=tuple(conversation(rows, said, decided)),
        standing=standing,
        claim=claim if open_now else None,
        points=points,
        decisions=_decisions(person, draft, standing, own=own) if newest else (),
        own=own,
        may_claim=may_check(person, draft) or _may_wait_for(person, draft),
        may_comment=may(person, "comment", draft) and open_now,
    )


def _may_wait_for(person: Person, draft: Draft) -> bool:
    """Whether somebody may hold on to a draft that is with its authors again."""
    waits = draft.state == "changes-requested"
    return waits and may(person, "claim", draft) and person.id not in authors_of(draft)


def _decisions(person: Person, draft: Draft, standing: Standing, *, own: bool) -> tuple[str, ...]:
    """What somebody may decide: nothing twice, no verdict on their own text.

    It is published by whoever is the last that it needs, or by anybody where it needs nobody more.
    """
    counts = not own and not standing.approved_by(person)
    decisions = set() if own else {*VERDICTS}
    if not counts:
        decisions.discard("approve")
    if standing.missing <= counts:
        decisions.add(PUBLISH)
    return tuple(move for move in moves_for(person, draft) if move in decisions)


def conversation(
    rows: Iterable[Revision], said: Iterable[Comment], decided: Sequence[Verdict]
) -> Iterator[Happened]:
    """What was said, saved and decided, oldest first; `rows` are the draft's, oldest first."""
    told = [*_moves(rows, decided), *(Happened(said=one) for one in said)]
    yield from sorted(told, key=lambda one: one.said.at if one.said else one.row.at)  # type: ignore[union-attr]


def _moves(rows: Iterable[Revision], decided: Sequence[Verdict]) -> Iterator[Happened]:
    """The moves with their verdicts, and between them the texts that one person saved."""
    sitting: list[Revision] = []
    for row in rows:
        if row.event == journal.ASIDE or row.pending:
            continue
        goes_on = sitting and sitting[-1].author_id == row.author_id and not sitting[-1].message
        if sitting and (row.event in MOVED or not goes_on):
            yield _saved(sitting)
            sitting = []
        if row.event in MOVED:
            verdict = next((one for one in decided if one.at == row.at), None)
            yield Happened(row=row, verdict=verdict)
        else:
            sitting.append(row)
    if sitting:
        yield _saved(sitting)


def _saved(sitting: Sequence[Revision]) -> Happened:
    return Happened(row=sitting[-1], before=sitting[0].base or "")
