"""Asking the addresses of the library: all that are due at once, or a share of them each night.

Each answer is kept as it comes, so that a check may be broken off and goes on where it was.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib.metadata import version
from time import monotonic
from urllib.parse import urlsplit

from kb.records import links as records
from kb.records.database import now
from kb.services.asking import Answer, Asker, HostDelay, Pace, ask
from kb.services.desk import Desk
from kb.services.links import due, judged, places
from kb.settings import Settings

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
#: Silent hosts, from which on it is told that this machine has no way out; and from which on a
#: check is broken off for it.
SILENT_HOSTS, MOST_SILENT = 3, 24
#: How long one answer shows that it has a way out.
HEARD_FOR = timedelta(days=2)


class Offline(Exception):
    """No host answered at all, so nothing is written down: this machine has no way out."""


@dataclass(frozen=True)
class Checked:
    """How many addresses were asked, and how many are in each state now."""

    asked: int
    counts: Mapping[str, int]


Progress = Callable[[int, int], None]  # how many were asked, of how many


@dataclass(frozen=True)
class _Round:
    """What is to be asked now.

    `heard` tells that this machine reached the web a short time ago; `control` that it did not, and
    that the first address is one which answered before.
    """

    urls: list[str]
    heard: bool
    control: bool


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
    try:
        for url in urls:
            if done and monotonic() >= end:
                break
            done += 1
            if _host(url) not in tired:
                answer = ask(asker, url, pace or PACE)
                notes.take(url, answer)
                if answer.status == TOO_MANY:
                    tired.add(_host(url))
        notes.close()
    except Offline:
        return 0
    return 0 if now_due.control and not notes.heard else len(urls) - done


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
    control = last.url if last is not None and wanted and not heard else ""
    if control:
        wanted = [control, *(url for url in wanted if url != control)]
    return _Round(wanted, heard, bool(control))


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
        self.heard = heard
        self._desk = desk
        self._held: list[tuple[str, Answer, datetime]] = []
        self._silent: set[str] = set()

    def take(self, url: str, answer: Answer) -> None:
        """Take an answer, and write down what there is no doubt of any more. Raises Offline."""
        self._held.append((url, answer, now()))
        if answer.status is not None:
            self.heard = True
        elif answer.state != "not-asked":
            self._silent.add(_host(url))
        if self.heard:
            self._write()
        elif len(self._silent) >= MOST_SILENT:
            raise Offline

    def close(self) -> None:
        """Write down the rest. Raises Offline where several hosts were silent, and none was not."""
        if not self.heard and len(self._silent) >= SILENT_HOSTS:
            raise Offline
        self._write()

    def _write(self) -> None:
        with self._desk.database.writing() as connection:
            for url, answer, at in self._held:
                before = records.named(connection, records.name_of(url))
                if self.heard or answer.state == "not-asked":
                    records.put(connection, judged(url, before, answer, at))
                elif before is None or before.state == "unsure":  # silence proves nothing
                    doubt = replace(answer, state="unsure")
                    records.put(connection, judged(url, before, doubt, at))
        self._held.clear()
