"""The start of the editors' room: what needs somebody now, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.access import Person, require
from kb.records import links, waiting
from kb.records.database import now
from kb.records.waiting import FailedJob
from kb.services.desk import Desk
from kb.services.due import due_cases
from kb.services.links import places
from kb.services.searches import unanswered

#: The states of a reported problem in which somebody still has to do something.
OPEN_REPORTS = ("received", "looked-at")
#: The span in which searches are counted that led nowhere, and how many words are, at most.
SEARCHED, MOST_WORDS = timedelta(days=30), 1000
#: Pieces of work that were given up which are told one by one.
_FEW = 20


@dataclass(frozen=True)
class Room:
    """How much waits: drafts by state, reports, cases by standing, addresses by state, ...

    `new_links` were never asked; `searches` are words that led nowhere in
    30 days; `letters_since` tells since when the oldest letter waits.
    """

    drafts: Mapping[str, int]
    reports: int
    due: Mapping[str, int]
    links: Mapping[str, int]
    new_links: int
    searches: int
    letters: int
    letters_since: datetime | None
    failed: int
    failures: tuple[FailedJob, ...]


def look_around(desk: Desk, person: Person) -> Room:
    """What waits. Raises NotAllowed, SignInNeeded."""
    require(person, "see-office")
    cases = due_cases(desk, person)
    with desk.database.reading() as connection:
        states = links.counts(connection)
        reports = waiting.reports_by_state(connection)
        letters, since = waiting.letters(connection)
        failed, failures = waiting.failed_jobs(connection, _FEW)
        drafts = waiting.drafts_by_state(connection, ("submitted", "approved"))
    return Room(
        drafts=drafts,
        reports=sum(reports.get(state, 0) for state in OPEN_REPORTS),
        due={word: sum(one.standing == word for one in cases) for word in ("overdue", "soon")},
        links=states,
        new_links=max(0, len(places(desk.library)) - sum(states.values())),
        searches=len(unanswered(desk, person, (now() - SEARCHED).date(), MOST_WORDS)),
        letters=letters,
        letters_since=since,
        failed=failed,
        failures=failures,
    )
