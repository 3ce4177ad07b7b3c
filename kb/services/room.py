"""The start of the editors' room: what needs somebody now, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from kb.access import Person, require
from kb.records import links
from kb.records import room as records
from kb.records.database import now
from kb.records.outside import count_reports
from kb.records.room import FailedJob
from kb.services.desk import Desk
from kb.services.due import due_cases
from kb.services.links import places
from kb.services.outbox import how_many
from kb.services.reports import OPEN
from kb.services.searches import unanswered

#: The span in which searches are counted that led nowhere, and how many words are, at most.
SEARCHED, MOST_WORDS = timedelta(days=30), 1000
#: Pieces of work that were given up which are told one by one.
_FEW = 20


@dataclass(frozen=True)
class Room:
    """How much waits: drafts by state, reports, cases by standing, addresses by state, ...

    `new_links` were never asked; `searches` are words that led nowhere in 30 days; `letters` lie in
    the outbox, `given_up` in vain; `notices` wait for their digest; `no_mail` tells that no server
    is set; `failed` is all background work that was given up, `failures` the last of it.
    """

    drafts: Mapping[str, int]
    reports: int
    due: Mapping[str, int]
    links: Mapping[str, int]
    new_links: int
    searches: int
    letters: int
    given_up: int
    notices: int
    no_mail: bool
    failed: int
    failures: tuple[FailedJob, ...]


def look_around(desk: Desk, person: Person) -> Room:
    """What waits. Raises NotAllowed, SignInNeeded."""
    require(person, "see-office")
    cases = due_cases(desk, person)
    with desk.database.reading() as connection:
        states = links.counts(connection)
        reports = count_reports(connection)
        notices = records.notices(connection)
        failed, failures = records.failed_jobs(connection, _FEW)
        drafts = records.drafts_by_state(connection, ("submitted", "approved"))
    letters, given_up = how_many(desk.settings.data)
    return Room(
        drafts=drafts,
        reports=sum(reports.get(state, 0) for state in OPEN),
        due={word: sum(one.standing == word for one in cases) for word in ("overdue", "soon")},
        links=states,
        new_links=max(0, len(places(desk.library)) - sum(states.values())),
        searches=len(unanswered(desk, person, (now() - SEARCHED).date(), MOST_WORDS)),
        letters=letters,
        given_up=given_up,
        notices=notices,
        no_mail=not desk.settings.mail_host,
        failed=failed,
        failures=failures,
    )
