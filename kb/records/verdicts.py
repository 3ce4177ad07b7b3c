"""Queries on what reviewers decided of the texts of drafts, and on who looks at which draft."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb.records.database import now
from kb.records.rows import clean, pieces
from kb.records.tables import claim, person, verdict


@dataclass(frozen=True)
class Answer:
    """A point of the checklist as it was answered: its words and severity at that time."""

    words: str
    severity: str
    ticked: bool


@dataclass(frozen=True)
class Verdict:
    """What somebody decided of the text with this hash: approved, changes-requested, rejected.

    A publication is one too, "published". `at` is that of the row in the journal.
    """

    draft_id: int
    hash: str
    person_id: int | None
    name: str
    verdict: str
    message: str
    points: tuple[Answer, ...]
    at: datetime


def add(
    connection: sa.Connection,
    draft_id: int,
    by: tuple[int | None, str],
    hash: str,
    verdict_: str,
    *,
    at: datetime,
    message: str = "",
    points: Iterable[Answer] = (),
) -> None:
    """Write down what somebody (number and name) decided of a text."""
    connection.execute(
        sa.insert(verdict).values(
            draft_id=draft_id,
            hash=hash,
            person_id=by[0],
            name=clean(by[1]),
            verdict=verdict_,
            message=clean(message),
            at=at,
            points=json.dumps([vars(point) for point in points], ensure_ascii=False),
        )
    )


def of_draft(connection: sa.Connection, draft_id: int) -> tuple[Verdict, ...]:
    """Give all verdicts on the texts of a draft, oldest first."""
    return of_drafts(connection, [draft_id]).get(draft_id, ())


def of_drafts(
    connection: sa.Connection, draft_ids: Collection[int]
) -> dict[int, tuple[Verdict, ...]]:
    """Give all verdicts on the texts of some drafts, by draft, oldest first."""
    found: dict[int, tuple[Verdict, ...]] = {}
    for some in pieces(sorted(draft_ids)):
        query = sa.select(verdict).where(verdict.c.draft_id.in_(some)).order_by(verdict.c.id)
        for row in connection.execute(query).mappings():
            one = _verdict(row)
            found[one.draft_id] = (*found.get(one.draft_id, ()), one)
    return found


def _verdict(row: Mapping[Any, Any]) -> Verdict:
    values = {name: row[name] for name in Verdict.__annotations__}
    return Verdict(
        **{**values, "points": tuple(Answer(**one) for one in json.loads(row["points"]))}
    )


# Claims -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """That somebody said, at a time, that they look at a draft."""

    draft_id: int
    person_id: int
    name: str
    at: datetime


def claims(
    connection: sa.Connection, draft_ids: Collection[int], since: datetime
) -> dict[int, Claim]:
    """Give who looks at which of some drafts; what was said before `since` has lapsed."""
    found: dict[int, Claim] = {}
    for some in pieces(sorted(draft_ids)):
        query = (
            sa.select(claim, person.c.name)
            .join(person, person.c.id == claim.c.person_id)
            .where(claim.c.draft_id.in_(some), claim.c.at >= since)
        )
        for row in connection.execute(query).mappings():
            found[row["draft_id"]] = Claim(**row)
    return found


def put_claim(connection: sa.Connection, draft_id: int, person_id: int) -> None:
    """Let somebody look at a draft, in the place of whoever did before."""
    drop_claim(connection, draft_id)
    connection.execute(sa.insert(claim).values(draft_id=draft_id, person_id=person_id, at=now()))


def drop_claim(connection: sa.Connection, draft_id: int, person_id: int | None = None) -> None:
    """Let nobody look at a draft any more, or not this person."""
    gone = sa.delete(claim).where(claim.c.draft_id == draft_id)
    if person_id is not None:
        gone = gone.where(claim.c.person_id == person_id)
    connection.execute(gone)
