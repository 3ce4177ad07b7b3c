"""The event log as administrators read it: a page at a time, and all of it to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.access import Person, require
from kb.records import events as records
from kb.records.events import Event, Wanted
from kb.services.office import Office

PER_PAGE = 100
#: Rows that an export asks for at a time.
_PIECE = 1000


@dataclass(frozen=True)
class EventPage:
    """Some events, the newest first; `older` is the id to go on from, None at the end."""

    events: tuple[Event, ...]
    older: int | None


def read_events(
    office: Office, person: Person, wanted: Wanted, before: int | None = None
) -> EventPage:
    """A page of the events that are wanted. Raises NotAllowed, SignInNeeded."""
    require(person, "see-events")
    with office.database.reading() as connection:
        found = records.events(connection, wanted, PER_PAGE + 1, before)
    shown = found[:PER_PAGE]
    return EventPage(shown, shown[-1].id if len(found) > PER_PAGE else None)


def all_events(office: Office, person: Person, wanted: Wanted) -> Iterator[Event]:
    """All events that are wanted, the newest first, read as they are taken.

    Raises NotAllowed, SignInNeeded at once.
    """
    require(person, "see-events")
    return _all(office, wanted)


def _all(office: Office, wanted: Wanted) -> Iterator[Event]:
    before: int | None = None
    while True:
        with office.database.reading() as connection:
            some = records.events(connection, wanted, _PIECE, before)
        yield from some
        if len(some) < _PIECE:
            return
        before = some[-1].id
