"""Telling people by mail what their saved searches found: one letter a person and pace.

A letter goes out with the digests, at DIGEST_HOUR, for what was noticed until then; it enters the
table of jobs in the transaction that says until when its reader was told, so that nobody is told
twice or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from indexer.query import ReadAs
from indexer.values import Key
from indexer.vocabulary import Vocabularies
from kb.records import people
from kb.records import saved as records
from kb.records.database import now
from kb.records.people import Account
from kb.records.saved import NEW, Found, Saved
from kb.services.desk import Desk
from kb.services.digests import last_moment
from kb.services.letter import Letter
from kb.services.mail import post
from kb.services.watching import query_of
from kb.settings import Settings

#: The paces at which letters are sent.
PACES = ("day", "week")
#: Cases of one search that a letter names; the others are counted.
MOST = 20


@dataclass(frozen=True)
class News:
    """What one search found since its owner was last told: newest first, each document once."""

    saved: Saved
    read_as: ReadAs
    found: tuple[Found, ...]
    more: int


#: Makes the letter to somebody about what their searches found.
Write = Callable[[Settings, Vocabularies, Account, tuple[News, ...]], Letter]


def tell_alerts(desk: Desk, write: Write, at: datetime | None = None) -> str:
    """Sends each letter that is due, and says how many that were."""
    at = at or now()
    sent = 0
    for pace in PACES:
        moment = last_moment(desk.settings, pace, at)
        with desk.database.reading() as connection:
            owners = records.untold(connection, pace, moment)
        for person_id in owners:
            with desk.database.writing() as connection:
                sent += _tell(connection, desk, write, person_id, pace=pace, moment=moment)
    return f"letters: {sent}" if sent else ""


def _tell(
    connection: sa.Connection,
    desk: Desk,
    write: Write,
    person_id: int,
    *,
    pace: str,
    moment: datetime,
) -> bool:
    """Whether a letter to a person was due at this moment; it is on its way then."""
    account = people.account(connection, person_id)
    news = _news(connection, desk, person_id, pace=pace, moment=moment)
    if account is None or not news:
        return False
    for one in news:
        records.change(connection, one.saved.id, told_at=moment)
    letter = write(desk.settings, desk.library.vocabularies, account, news)
    return post(connection, letter, f"alerts/{person_id}/{pace}/{moment:%Y-%m-%dT%H:%M}")


def _news(
    connection: sa.Connection, desk: Desk, person_id: int, *, pace: str, moment: datetime
) -> tuple[News, ...]:
    """What the searches of a person found that is to be told now, in the order of their titles."""
    news = []
    for saved in records.of_person(connection, person_id, hold=True):
        since = saved.told_at or saved.at
        if saved.pace != pace or since >= moment:
            continue
        found = _once(records.found(connection, [saved.id], after=since, until=moment))
        if found:
            read_as = desk.library.read_as(query_of(saved).text)
            news.append(News(saved, read_as, tuple(found[:MOST]), max(len(found) - MOST, 0)))
    return tuple(sorted(news, key=lambda one: one.saved.title.casefold()))


def _once(rows: Iterable[Found]) -> list[Found]:
    """Each document once, as it was last noticed; new where it was new at all."""
    last: dict[Key, Found] = {}
    for row in rows:
        if row.key not in last or row.change == NEW:
            last[row.key] = row
    return sorted(last.values(), key=lambda row: -row.id)
