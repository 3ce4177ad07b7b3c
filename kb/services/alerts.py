"""Saved searches of which somebody wants to hear what is new: kept, changed, ended.

What they find is noticed by `kb.services.watching`, told by `kb.services.telling`; docs/alerts.md
says how. They are nobody else's business: they enter no log, and no role sees those of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import sqlalchemy as sa

from indexer.query import Query, ReadAs, to_params
from kb.access import Person, require
from kb.records import journal, people
from kb.records import saved as records
from kb.records.database import now
from kb.records.saved import Found, Saved
from kb.services.desk import Desk
from kb.services.notices import NoSuchPace
from kb.services.office import Office
from kb.services.watching import first_look, query_of

#: How often somebody may be told by mail; "never" leaves the feed.
PACES = ("day", "week", "never")
#: The most searches that one person may save.
MOST = 50
#: Characters of a title, and of a search as it stands in an address.
TITLE, LONGEST = 200, 4000
#: What stands in a feed.
FEED = 50


class NoSuchAlert(LookupError):
    """Nobody, or somebody else, saved a search under this token."""


class TooManyAlerts(Exception):
    """The person has saved as many searches as anybody may."""


class SearchTooLong(Exception):
    """The search is longer than one that can be saved."""


@dataclass(frozen=True)
class Alert:
    """A saved search of one's own, as a query, and when something was last found by it.

    `read_as` is how its text is read today, as the page of results says it.
    """

    saved: Saved
    query: Query
    read_as: ReadAs
    found_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """The search that was saved; `there` where it had been saved before."""

    saved: Saved
    there: bool


def lasting(query: Query) -> Query:
    """What of a query makes it the same one another day: no order, no page, values sorted."""
    facets = tuple((facet, tuple(sorted(values))) for facet, values in query.facets)
    return query.replace(facets=facets, sort="relevance", page=1, exact=False)


def text_of(query: Query) -> str:
    """A query as it is saved."""
    return urlencode(to_params(lasting(query)))


# One's own ---------------------------------------------------------------------------------


def save(desk: Desk, person: Person, query: Query, title: str, pace: str) -> Kept:
    """Saves a search; what it finds by now is known from the start, and not told as new.

    A search that one saved before is given as it is. Raises TooManyAlerts, SearchTooLong,
    NoSuchPace, IndexMissing.
    """
    require(person, "keep-alerts")
    assert person.id is not None
    _require_pace(pace)
    text = text_of(query)
    if len(text) > LONGEST:
        raise SearchTooLong
    found = first_look(desk, lasting(query))
    with desk.database.writing() as connection:
        journal.hold_person(connection, person.id)
        mine = records.of_person(connection, person.id)
        there = next((one for one in mine if one.query == text), None)
        if there is not None:
            return Kept(there, there=True)
        if len(mine) >= MOST:
            raise TooManyAlerts
        made = records.add(
            connection, person.id, title=title[:TITLE], query=text, pace=pace, at=found.at
        )
        found.write(connection, made)
    return Kept(made, there=False)


def mine(desk: Desk, person: Person) -> tuple[Alert, ...]:
    """The searches that one saved, the newest first. Raises IndexMissing."""
    require(person, "keep-alerts")
    assert person.id is not None
    with desk.database.reading() as connection:
        rows = records.of_person(connection, person.id)
        found = records.last_found(connection, [row.id for row in rows])
    return tuple(_alert(desk, row, found.get(row.id)) for row in rows)


def one_of_mine(desk: Desk, person: Person, token: str) -> Alert:
    """One of them. Raises NoSuchAlert, IndexMissing."""
    require(person, "keep-alerts")
    with desk.database.reading() as connection:
        row = _own(connection, person.id, token)
    return _alert(desk, row)


def _alert(desk: Desk, row: Saved, found_at: datetime | None = None) -> Alert:
    query = query_of(row)
    return Alert(row, query, desk.library.read_as(query.text), found_at)


def change(office: Office, person: Person, token: str, title: str, pace: str) -> None:
    """Gives a saved search another title and pace. Raises NoSuchAlert, NoSuchPace."""
    require(person, "keep-alerts")
    _require_pace(pace)
    with office.database.writing() as connection:
        row = _own(connection, person.id, token)
        # letters begin anew: what the feed told meanwhile is not told again
        since = {"told_at": now()} if row.pace == "never" != pace else {}
        records.change(connection, row.id, title=title[:TITLE], pace=pace, **since)


def renew_feed(office: Office, person: Person, token: str) -> str:
    """Gives the feed of a saved search another address, and its token. Raises NoSuchAlert."""
    require(person, "keep-alerts")
    with office.database.writing() as connection:
        return records.new_token(connection, _own(connection, person.id, token).id)


def delete(office: Office, person: Person, token: str) -> None:
    """Deletes a saved search, with its feed and what it found. Raises NoSuchAlert."""
    require(person, "keep-alerts")
    with office.database.writing() as connection:
        records.remove_one(connection, _own(connection, person.id, token).id)


def _own(connection: sa.Connection, person_id: int | None, token: str) -> Saved:
    row = records.named(connection, token)
    if row is None or row.person_id != person_id:
        raise NoSuchAlert
    return row


def _require_pace(pace: str) -> None:
    if pace not in PACES:
        raise NoSuchPace("alert")


# Whoever knows an address ------------------------------------------------------------------


def feed(office: Office, token: str) -> tuple[Saved, tuple[Found, ...]]:
    """The saved search whose feed has this address, and what it found, newest first.

    Raises NoSuchAlert; so does the search of somebody who is kept out.
    """
    with office.database.reading() as connection:
        row = records.named(connection, token)
        account = people.account(connection, row.person_id) if row is not None else None
        if row is None or account is None or account.email is None or account.disabled_at:
            raise NoSuchAlert
        return row, records.found(connection, [row.id], limit=FEED)
