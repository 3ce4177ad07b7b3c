"""What reviewers decide of a text: whether it was approved by enough people, none of them its own.

An approval is of one text, by its hash. Whoever changes the text is not told to wait, but what was
approved was another one then, and is approved no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb.access import NotAllowed, Person, may
from kb.records import comments, journal, verdicts
from kb.records.journal import Draft, Revision
from kb.records.people import Account
from kb.records.verdicts import Verdict
from kb.services.audience import authors_of, reviewers_of
from kb.services.checklist import Point, answered, points_of

#: The moves that are verdicts, and so are for others than the authors.
VERDICTS = ("approve", "request-changes", "reject")
APPROVED, PUBLISHED = "approved", "published"


class OwnText(NotAllowed):
    """The person wrote the text, and so cannot be the one who checks it."""


class TextChanged(Exception):
    """The text is another one by now than the one that somebody looked at."""


class ReasonNeeded(ValueError):
    """Whoever sends a text back, or turns it down, has to say why."""

    def __init__(self, move: str) -> None:
        super().__init__(move)
        self.move = move


class PointsMissing(ValueError):
    """Points of the checklist that must be seen to were not ticked."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        super().__init__("; ".join(point.words for point in points))
        self.points = points


class NotReviewed(Exception):
    """Too few people who did not write the text have approved it; `could` may do so.

    `joined` tells that the text would be joined with another public one, which nobody has seen.
    """

    def __init__(self, missing: int, could: tuple[str, ...], joined: bool = False) -> None:
        super().__init__(f"{missing} more approvals are needed")
        self.missing = missing
        self.could = could
        self.joined = joined


@dataclass(frozen=True)
class Look:
    """What goes with a verdict: the text that was looked at, and the points that were ticked.

    `text` is a hash, "" where it is not told; `points` are keys, None where nobody was asked.
    """

    text: str = ""
    points: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Standing:
    """How far a text is on its way: `wanted` people have to approve it.

    `approvals` are of this very text, one a person; `lapsed` are of earlier texts, by people who
    have not approved this one; `could` are those who may still do so, by name.
    """

    wanted: int
    approvals: tuple[Verdict, ...]
    lapsed: tuple[Verdict, ...]
    could: tuple[Account, ...]

    @property
    def missing(self) -> int:
        """How many more have to approve it."""
        return max(0, self.wanted - len(self.approvals))

    def approved_by(self, person: Person) -> bool:
        """Whether somebody has approved this very text."""
        return any(one.person_id == person.id for one in self.approvals)


def standing_of(
    connection: sa.Connection, draft: Draft, wanted: int, said: Sequence[Verdict] | None = None
) -> Standing:
    """How far the newest text of a draft is; `said` are all verdicts, where they are known."""
    said = verdicts.of_draft(connection, draft.id) if said is None else said
    own = authors_of(draft)
    decided = [one for one in said if one.person_id not in own and one.verdict != PUBLISHED]
    of_text = {one.person_id: one for one in decided if one.hash == draft.hash}
    approvals = tuple(one for one in of_text.values() if one.verdict == APPROVED)
    there = {one.person_id for one in approvals}
    last = {one.person_id: one for one in decided if one.person_id not in of_text}
    return Standing(
        wanted,
        approvals,
        tuple(one for one in last.values() if one.verdict == APPROVED),
        tuple(one for one in reviewers_of(connection, draft) if one.id not in there),
    )


# Deciding -----------------------------------------------------------------------------------


def check_verdict(
    connection: sa.Connection,
    person: Person,
    draft: Draft,
    move: str,
    *,
    message: str,
    look: Look,
) -> None:
    """Return when somebody may decide so of a text that they have looked at.

    Raises OwnText, TextChanged, ReasonNeeded, PointsMissing.
    """
    if is_own(connection, person, draft):
        raise OwnText
    check_seen(draft, look)
    said = bool(message.strip())
    if move == "reject" and not said:
        raise ReasonNeeded(move)
    if move == "request-changes" and not said and not _open(connection, draft):
        raise ReasonNeeded(move)
    if move == "approve":
        _check_points(connection, draft, look)


def is_own(connection: sa.Connection, person: Person, draft: Draft) -> bool:
    """Tell whether a draft is the text of somebody: its authors, and who was one of them before.

    Whoever may publish it may also mend it, and does not become an author by that.
    """
    if person.id in authors_of(draft):
        return True
    return not may(person, "publish") and journal.has_written(connection, draft, person.id)


def check_seen(draft: Draft, look: Look) -> None:
    """Return when the text that was looked at is the newest one; raises TextChanged."""
    if look.text and look.text != draft.hash:
        raise TextChanged


def write_down(
    connection: sa.Connection, person: Person, draft: Draft, row: Revision, look: Look
) -> None:
    """Keep what somebody decided of the newest text of a draft, beside its `row` in the journal."""
    asked = points_of(connection, draft.kind) if look.points is not None else ()
    verdicts.add(
        connection,
        draft.id,
        (person.id, person.name),
        draft.hash,
        row.event,
        at=row.at,
        message=row.message,
        points=answered(asked, look.points or ()),
    )


def check_reviewed(
    connection: sa.Connection,
    person: Person,
    draft: Draft,
    text: str,
    *,
    wanted: int,
    look: Look,
) -> None:
    """Return when `text` may be published: by enough people, of whom `person` may be one.

    Where the look of `person` is needed, so are the points that must be seen to. Raises
    NotReviewed, TextChanged, PointsMissing.
    """
    check_seen(draft, look)
    standing = standing_of(connection, draft, wanted)
    there = {one.person_id for one in standing.approvals} if text == draft.text else set()
    if len(there) >= wanted:
        return
    if person.id not in authors_of(draft):
        if person.id not in there:
            _check_points(connection, draft, look)
        there.add(person.id)
    if len(there) < wanted:
        could = tuple(one.name for one in standing.could if one.id != person.id)
        raise NotReviewed(wanted - len(there), could, joined=text != draft.text)


def _check_points(connection: sa.Connection, draft: Draft, look: Look) -> None:
    if look.points is None:
        return
    asked = points_of(connection, draft.kind)
    left = tuple(one for one in asked if one.severity == "must" and one.key not in look.points)
    if left:
        raise PointsMissing(left)


def _open(connection: sa.Connection, draft: Draft) -> bool:
    return bool(comments.open_threads(comments.of_draft(connection, draft.id)))


def may_check(person: Person, draft: Draft) -> bool:
    """Whether somebody may decide of a draft now that others wrote."""
    return (
        draft.state in ("submitted", "approved")
        and may(person, "approve", draft)
        and person.id not in authors_of(draft)
    )
