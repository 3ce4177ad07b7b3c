"""Dead links: every address that the public documents lead to, asked now and then.

What was good is asked again after a month, what failed after one, three and seven days. An address
is called dead only after three tries that failed for certain, over at least three days; whatever
may be a mood of the server, or of this machine's own line, leaves it unsure.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib.metadata import version
from time import monotonic
from urllib.parse import urldefrag, urlsplit
from weakref import WeakKeyDictionary

from indexer.library import Library
from indexer.snapshot import Snapshot
from indexer.values import Key
from kb.access import Person, require
from kb.records import jobs
from kb.records import links as records
from kb.records.database import now
from kb.records.links import Link
from kb.services.asking import Answer, Asker, HostDelay, Pace, ask
from kb.services.desk import Desk
from kb.services.survey import survey
from kb.settings import Settings

#: How long an answer is good for; and the waits after failures, by their number in a row.
GOOD_FOR = timedelta(days=30)
AGAIN = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
#: When failures make an address dead.
DEAD_TRIES, DEAD_AFTER = 3, timedelta(days=3)
#: Seconds between two questions to one host, and hosts that are asked at the same time.
HOST_DELAY, HOSTS = 1.0, 8
#: The turns of hosts that are asked beside other work of this process.
PACE = HostDelay(HOST_DELAY)
#: What a host says that wants to be left alone for a while.
TOO_MANY = 429
#: A share of all addresses is asked each night, within these numbers.
NIGHTS, LEAST_A_NIGHT, MOST_A_NIGHT = 7, 10, 1000
#: Seconds after which a slice of background work begins no other address.
SLICE = 6.0
#: Hosts without any answer, from which on it is told that this machine has no way out.
SILENT_HOSTS = 3
#: How long one answer shows that it has a way out.
HEARD_FOR = timedelta(days=2)

#: The name, in the table of tasks, of asking one address.
ASK_AGAIN = "ask-link"

STATES = ("dead", "unsure", "moved", "not-asked", "good")


class NoSuchLink(LookupError):
    """No address of this name was ever asked, or it is in the library no more."""


class Offline(Exception):
    """No host answered at all, which counts against none: this machine has no way out."""


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


@dataclass(frozen=True)
class Checked:
    """How many addresses were asked, and how many are in each state now."""

    asked: int
    counts: Mapping[str, int]


Progress = Callable[[int, int], None]  # how many were asked, of how many


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


# Asking -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Round:
    """What is to be asked now. `heard` tells that this machine reached the web a short time ago."""

    urls: list[str]
    heard: bool


def asker_for(settings: Settings) -> Asker:
    """How this site asks: it says who it is, and where one can read about it."""
    agent = f"Sankofa/{version('sankofa')} link check (+{settings.origin})"
    return Asker(agent, settings.link_check_allow)


def check_all(
    desk: Desk,
    asker: Asker,
    host_delay: float = HOST_DELAY,
    progress: Progress | None = None,
    hosts: int = HOSTS,
) -> Checked:
    """Ask all addresses that are due, some hosts at a time; each answer is kept as it comes.

    May be broken off at any time, and goes on where it was. Raises Offline.
    """
    now_due, pace = _round(desk), HostDelay(host_delay)
    notes, asked = _Notes(desk, now_due.heard), 0
    with ThreadPoolExecutor(hosts, thread_name_prefix="kb links") as pool:
        for url, answer in _answers(pool, asker, pace, now_due.urls, hosts):
            notes.take(url, answer)
            asked += 1
            if progress:
                progress(asked, len(now_due.urls))
    notes.close()
    with desk.database.reading() as connection:
        return Checked(asked, records.counts(connection))


def _answers(
    pool: ThreadPoolExecutor, asker: Asker, pace: Pace, urls: Sequence[str], hosts: int
) -> Iterator[tuple[str, Answer]]:
    """Give answers as they come; one thread at a time is at a host, `hosts` of them in all."""
    queues: dict[str, deque[str]] = {}
    for url in urls:
        queues.setdefault(_host(url), deque()).append(url)
    waiting = deque(queues)
    running: dict[Future[Answer], tuple[str, str]] = {}
    while waiting or running:
        while waiting and len(running) < hosts:
            host = waiting.popleft()
            url = queues[host].popleft()
            running[pool.submit(ask, asker, url, pace)] = (host, url)
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            host, url = running.pop(future)
            answer = future.result()
            if queues[host] and answer.status != TOO_MANY:
                waiting.append(host)
            yield url, answer


def check_links(desk: Desk, asker: Asker | None = None, pace: Pace | None = None) -> int:
    """A slice of tonight's share: addresses that are due, one host after another, some seconds.

    Gives how many are left to be asked tonight. Where no host answers, none is.
    """
    now_due, at = _round(desk), now()
    with desk.database.reading() as connection:
        asked = records.asked_since(connection, datetime.combine(at.date(), time.min))
    share = -(-len(places(desk.library)) // NIGHTS)
    share = min(MOST_A_NIGHT, max(LEAST_A_NIGHT, share))
    urls = _in_turns(now_due.urls)[: max(0, share - asked)]
    asker, notes = asker or asker_for(desk.settings), _Notes(desk, now_due.heard)
    end, done, tired = monotonic() + SLICE, 0, set()
    for url in urls:
        if monotonic() >= end:
            break
        done += 1
        if _host(url) not in tired:
            answer = ask(asker, url, pace or PACE)
            notes.take(url, answer)
            if answer.status == TOO_MANY:
                tired.add(_host(url))
    try:
        notes.close()
    except Offline:
        return 0
    return len(urls) - done


def ask_again(desk: Desk, name: str, asker: Asker | None = None, pace: Pace | None = None) -> None:
    """Ask one address now, as an editor wished; nothing happens where it is gone."""
    with desk.database.reading() as connection:
        link = records.named(connection, name)
    if link is not None and link.url in places(desk.library):
        answer = ask(asker or asker_for(desk.settings), link.url, pace or PACE)
        with desk.database.writing() as connection:
            records.put(connection, judged(link.url, link, answer, now()))


def _round(desk: Desk) -> _Round:
    """Forget what is in the library no more, and give what is to be asked now.

    Where it is long ago that anything answered, one more is asked that did then: else nobody could
    tell a dead link from a line that is cut.
    """
    urls, at = places(desk.library), now()
    with desk.database.writing() as connection:
        rows = records.links(connection)
        records.forget(connection, rows.keys() - urls.keys())
    wanted = due(urls, rows, at)
    answered = [one for one in rows.values() if one.status is not None and one.url in urls]
    last = max(answered, key=lambda one: one.at, default=None)
    heard = last is not None and at - last.at < HEARD_FOR
    if wanted and last is not None and not heard and last.url not in wanted:
        wanted.insert(0, last.url)
    return _Round(wanted, heard)


def _in_turns(urls: Iterable[str]) -> list[str]:
    """The addresses, those of one host as far apart as can be."""
    seen: Counter[str] = Counter()
    turns: dict[int, list[str]] = {}
    for url in urls:
        seen[_host(url)] += 1
        turns.setdefault(seen[_host(url)], []).append(url)
    return [url for turn in sorted(turns) for url in turns[turn]]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class _Notes:
    """Answers on their way into the database; held back until it is known whom they blame."""

    def __init__(self, desk: Desk, heard: bool) -> None:
        self._desk, self._heard = desk, heard
        self._held: list[tuple[str, Answer, datetime]] = []
        self._silent: set[str] = set()

    def take(self, url: str, answer: Answer) -> None:
        """Take an answer, and write down what there is no doubt of any more."""
        self._held.append((url, answer, now()))
        if answer.status is not None:
            self._heard = True
        elif answer.state != "not-asked":
            self._silent.add(_host(url))
        if self._heard:
            self._write()

    def close(self) -> None:
        """Write down the rest; what nobody answered counts against no address.

        Raises Offline where several hosts were silent.
        """
        self._held = [
            (url, replace(answer, state="unsure") if answer.state == "failed" else answer, at)
            for url, answer, at in self._held
        ]
        self._write()
        if not self._heard and len(self._silent) >= SILENT_HOSTS:
            raise Offline

    def _write(self) -> None:
        with self._desk.database.writing() as connection:
            for url, answer, at in self._held:
                before = records.named(connection, records.name_of(url))
                records.put(connection, judged(url, before, answer, at))
        self._held.clear()
