"""Dead links: every address that the public documents lead to, and what is known of it.

What was good is asked again after a month, what failed after one, three and seven days. An address
is called dead only after three tries that failed for certain, over at least three days; whatever
may be a mood of the server, or of this machine's own line, leaves it unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urldefrag
from weakref import WeakKeyDictionary

from indexer.library import Library
from indexer.snapshot import Snapshot
from indexer.values import Key
from kb.access import Person, require
from kb.records import jobs
from kb.records import links as records
from kb.records.links import Link
from kb.services.asking import Answer
from kb.services.desk import Desk
from kb.services.survey import survey

#: How long an answer is good for; and the waits after failures, by their number in a row.
GOOD_FOR = timedelta(days=30)
AGAIN = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
#: When failures make an address dead.
DEAD_TRIES, DEAD_AFTER = 3, timedelta(days=3)
#: The name, in the table of tasks, of asking one address.
ASK_AGAIN = "ask-link"

STATES = ("dead", "unsure", "moved", "not-asked", "good")


class NoSuchLink(LookupError):
    """No address of this name was ever asked, or it is in the library no more."""


@dataclass(frozen=True)
class Place:
    """A document that leads to an address, and the field, or "text", in which it does."""

    key: Key
    title: str
    lang: str
    place: str


@dataclass(frozen=True)
class Known:
    """An address with what is known of it, None before it was asked, and where it stands."""

    url: str
    link: Link | None
    places: tuple[Place, ...]


# What there is ------------------------------------------------------------------------------


#: What `places` found in the states of the index that somebody still holds.
_PLACES: WeakKeyDictionary[Snapshot, Mapping[str, tuple[Place, ...]]] = WeakKeyDictionary()


def places(library: Library) -> Mapping[str, tuple[Place, ...]]:
    """Every address that public documents lead to, parts of pages left out, and where it stands."""
    snapshot = library.snapshot()
    if snapshot not in _PLACES:
        _PLACES[snapshot] = _places(library)
    return _PLACES[snapshot]


def _places(library: Library) -> Mapping[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for one in survey(library):
        for use in one.uses:
            url = urldefrag(use.url).url if "#" in use.url else use.url
            found.setdefault(url, []).append(Place(one.key, one.title, one.lang, use.place))
    return {url: tuple(dict.fromkeys(some)) for url, some in found.items()}


def known_links(desk: Desk, person: Person) -> tuple[Known, ...]:
    """All addresses with what is known of them: the dead first, then by address.

    Raises NotAllowed, SignInNeeded.
    """
    require(person, "see-office")
    return all_links(desk)


def all_links(desk: Desk) -> tuple[Known, ...]:
    """The same, for whoever types commands on the machine."""
    with desk.database.reading() as connection:
        rows = records.links(connection)
    found = (Known(url, rows.get(url), some) for url, some in places(desk.library).items())
    return tuple(sorted(found, key=lambda one: (_rank(one.link), one.url)))


def _rank(link: Link | None) -> int:
    return len(STATES) if link is None else STATES.index(link.state)


def wish_again(desk: Desk, person: Person, name: str) -> None:
    """Let one address be asked at once; a wish that waits already is not doubled.

    Raises NoSuchLink, NotAllowed, SignInNeeded.
    """
    require(person, "see-office")
    with desk.database.writing() as connection:
        link = records.named(connection, name)
        if link is None:
            raise NoSuchLink(name)
        key = f"{ASK_AGAIN}/{name}/{link.at:%Y-%m-%dT%H:%M:%S.%f}"
        jobs.add(connection, ASK_AGAIN, key, {"name": name})


# What is due --------------------------------------------------------------------------------


def due(urls: Iterable[str], rows: Mapping[str, Link], at: datetime) -> list[str]:
    """The addresses to be asked now: those that failed first, then new ones, then the oldest."""
    wanted = [url for url in urls if url not in rows or due_at(rows[url]) <= at]
    return sorted(wanted, key=lambda url: (*_turn(rows.get(url)), url))


def _turn(link: Link | None) -> tuple[int, datetime]:
    if link is None:
        return 1, datetime.min
    return (0 if link.tries else 2), due_at(link)


def due_at(link: Link) -> datetime:
    """When an address is to be asked again."""
    if link.tries:
        return link.at + AGAIN[min(link.tries, len(AGAIN)) - 1]
    return link.at + (AGAIN[-1] if link.state == "unsure" else GOOD_FOR)


def judged(url: str, before: Link | None, answer: Answer, at: datetime) -> Link:
    """What is known of an address after an answer; only tries that failed for certain count."""
    tries = before.tries if before else 0
    since = before.failing_since if before else None
    state = answer.state
    if state == "failed":
        tries, since = tries + 1, since or at
        dead = tries >= DEAD_TRIES and at - since >= DEAD_AFTER
        state = "dead" if dead else "unsure"
    elif state != "unsure":
        tries, since = 0, None
    return Link(url, state, answer.status, answer.detail, answer.leads_to, at, since, tries)
