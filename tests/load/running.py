"""One run: a site, its people, the time, the proof, and the figures of it."""

from __future__ import annotations

import os
import platform
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from indexer.store import Store
from kb.app import ROOT
from tests.load.people import come_in
from tests.load.proof import index_differs, losses
from tests.load.reading import Reader
from tests.load.site import Site, serving
from tests.load.visitor import Notes
from tests.load.writing import Desk, Editor, Writer

BACKUP = "backup.tar.gz"
PLACES = ("KB_CONTENT", "KB_DATA", "KB_VAR")


@dataclass(frozen=True)
class Load:
    """Who does what for how long. `think` is what a person waits between two pages, in seconds."""

    seconds: float = 120.0
    writers: int = 20
    readers: int = 50
    editors: int = 2
    think: float = 4.0
    workers: int = 2
    backup: bool = True  # is one made in the middle, and restored afterwards?
    database: str = ""
    content: Path = field(default=ROOT / "content")


@dataclass
class Outcome:
    """What came of it: the requests of the time itself, all complaints, and what was written."""

    load: Load
    notes: Notes
    begin: float
    end: float
    lost: list[str]
    sent: int = 0
    published: int = 0
    joined: int = 0
    machine: str = ""
    server: list[float] = field(default_factory=list)  # processor seconds of each process
    client: float = 0.0  # processor seconds of the load itself
    waited: float = 0.0  # seconds that the site's threads waited for a processor

    @property
    def wrong(self) -> list[str]:
        """Everything that should not be."""
        return [*self.notes.wrong, *self.lost]


def run(load: Load) -> Outcome:
    """Starts a site, lets people work at it, ends it, and looks whether all is there."""
    notes = Notes()
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        root = Path(folder)
        with serving(root, load.content, load.database, WORKERS=str(load.workers)) as site:
            outcome = _work(site, load, notes)
            settings = site.settings
        if load.backup:
            outcome.lost += _restored(site, root)
        told = site.log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in told or site.process.returncode:
            notes.complain(f"the log of the site:\n{told[-4000:]}")
        difference = index_differs(settings)
        if difference:
            outcome.lost.append(difference)
    return outcome


def _work(site: Site, load: Load, notes: Notes) -> Outcome:
    people = come_in(site, notes, load.writers, load.editors)
    slugs = [key.slug for key in Store(site.settings.content).keys("case") if not key.lang]
    desk = Desk()
    writers = [
        Writer(f"Writer{number}", visitor, slugs, load.think / 2)
        for number, visitor in enumerate(people[: load.writers])
    ]
    editors = [
        Editor(f"Editor{number}", visitor, desk, notes, load.think / 2)
        for number, visitor in enumerate(people[load.writers :])
    ]
    readers = [
        Reader(f"Reader{number}", site.address, notes, load.think) for number in range(load.readers)
    ]
    before, own, waited = _processor_time(site), time.process_time(), _waited(site)
    begin, until = time.perf_counter(), time.monotonic() + load.seconds
    works = [one.run for one in (*writers, *editors, *readers)]
    if load.backup:
        works.append(lambda _, wait: _back_up(site, load, notes, wait))
    _together(works, until, notes)
    end = time.perf_counter()
    server = [now - then for now, then in zip(_processor_time(site), before, strict=True)]
    client, waited = time.process_time() - own, _waited(site) - waited
    _together([lambda *_, one=one: one.finish() for one in editors], until, notes)
    written = [one.done for one in writers]
    return Outcome(
        load, notes, begin, end,
        lost=losses(site.settings, written),
        sent=sum(len(one.bodies) for one in written),
        published=sum(one.published for one in editors),
        joined=sum(one.joined for one in editors),
        machine=f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}",
        server=server, client=client, waited=waited,
    )  # fmt: skip


def _back_up(site: Site, load: Load, notes: Notes, wait: Callable[[float], None]) -> None:
    """Makes a backup in the middle of it all."""
    wait(load.seconds / 2)
    told = site.kb("backup", str(site.log.with_name(BACKUP)))
    if told:
        notes.complain(told)


def _restored(site: Site, root: Path) -> list[str]:
    """What is wrong with the backup, restored into an empty place; it compares every hash."""
    places = {name: str(root / "restored" / name.lower()) for name in PLACES}
    told = [
        site.kb("restore", str(root / BACKUP), **places, DATABASE_URL=""),
        site.kb("verify", **places, DATABASE_URL=""),
    ]
    return [one for one in told if one]


def _waited(site: Site) -> float:
    """The seconds that threads of the site were ready to run and had no processor, so far."""
    pid = site.process.pid
    total = 0
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        for thread in Path(f"/proc/{child}/task").iterdir():
            with suppress(OSError):  # it has just ended, or the system does not tell
                total += int((thread / "schedstat").read_text().split()[1])
    return total / 1e9


def _processor_time(site: Site) -> list[float]:
    """The processor seconds of each process that answers requests, so far."""
    pid = site.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
              for child in children]  # fmt: skip
    return [(int(one[11]) + int(one[12])) / os.sysconf("SC_CLK_TCK") for one in fields]


def _together(
    works: list[Callable[[float, Callable[[float], None]], None]], until: float, notes: Notes
) -> None:
    """Lets all work at once, each in a thread; who fails is complained of.

    Whoever is at something when the time is over brings it to its end at their own pace.
    """

    def do(work: Callable[[float, Callable[[float], None]], None]) -> None:
        try:
            work(until, time.sleep)
        except Exception as failure:  # told at the end, so that the others go on
            notes.complain(f"{type(failure).__name__}: {failure}")

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
