"""Background work: what is due is done, once, by one process at a time; what fails is tried again.

What there is to do is a table (`kb.tasks.TASKS`) that is handed in, so that this file knows
nothing of letters or links.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from kb.records import jobs
from kb.records.database import Database, now
from kb.records.jobs import Job
from kb.services import metering
from kb.services.desk import PRIVATE, Desk
from kb.services.lifetime import Stop
from kb.services.opening import LibraryNotReady
from kb.settings import Settings

log = logging.getLogger("kb")
#: How long a job is held; where nobody renews that, because a process was killed, it is free.
LEASE = timedelta(minutes=2)
#: How often a job is tried, and the longest wait between two tries.
TRIES, LONGEST_WAIT = 8, timedelta(hours=6)
#: Seconds between two looks at what is due, and at whether the process that works still lives.
LOOK, TURN = 1.0, 3.0
#: The file in KB_DATA that the process holds which works.
LOCK = "work.lock"


@dataclass(frozen=True)
class Task:
    """A kind of work: `run` is called with the desk and the payload of a job.

    What it gives is told in words. With `every` it is run once in each such span of time, counted
    from the first midnight of 1970 (UTC): at its beginning, or as soon as somebody works again.
    """

    run: Callable[..., object]
    every: timedelta | None = None


Tasks = Mapping[str, Task]


@dataclass(frozen=True)
class More:
    """What a run gives that did a part only: it is run again at once, others in between."""

    told: object = ""


@dataclass(frozen=True)
class Done:
    """One run of a job, in words. `error` is "" where it went well."""

    task: str
    key: str
    told: str
    error: str = ""


# Planning ----------------------------------------------------------------------------------


def turn_of(task: Task, at: datetime) -> datetime:
    """The beginning of the span of time in which a periodic task is to be run."""
    assert task.every is not None
    since = at.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return at - since % task.every


def plan(
    desk: Desk, tasks: Tasks, at: datetime, known: Mapping[str, datetime] | None = None
) -> dict[str, datetime]:
    """Add the jobs of all periodic tasks for their turn at a time, and give the turns.

    `known` are the turns that this process has planned before; nothing is asked about those. A task
    whose last job is still open gets no other one, so that it never runs beside itself.
    """
    turns = {name: turn_of(task, at) for name, task in tasks.items() if task.every}
    new = {name: turn for name, turn in turns.items() if (known or {}).get(name) != turn}
    if new:
        with desk.database.writing() as connection:
            for name, turn in new.items():
                if not jobs.is_open(connection, name):
                    jobs.add(connection, name, f"{name}@{turn:%Y-%m-%dT%H:%M:%S}", due=turn)
    return turns


# Doing -------------------------------------------------------------------------------------


def do_next(
    desk: Desk, tasks: Tasks, worker: str, at: datetime, lease: timedelta = LEASE
) -> Done | None:
    """Do the job that has been due longest, holding it for `lease`; None where nothing is due.

    A failure is written down, and the job is tried again later, each time after twice the wait.
    """
    with desk.database.reading() as connection:
        if not jobs.waits(connection, tuple(tasks), at):
            return None
    with desk.database.writing() as connection:
        job = jobs.take(connection, tuple(tasks), worker, at, at + lease)
    if job is None:
        return None
    if job.tries > TRIES:  # it ended its process each time
        return _failed(desk, job, job.error or "the process ended while it worked at this")
    try:
        with _held(desk.database, job, lease):
            told = tasks[job.task].run(desk, **job.payload)
    except Exception as problem:  # whatever goes wrong in one job, others go on
        log.warning("the job %s failed", job.key, exc_info=problem)
        return _failed(desk, job, f"{type(problem).__name__}: {problem}".rstrip(": "))
    metering.job(job.task, "done")
    with desk.database.writing() as connection:
        if isinstance(told, More):
            jobs.put_back(connection, job, now())
        else:
            jobs.finish(connection, job, now())
    return Done(job.task, job.key, _words(told.told if isinstance(told, More) else told))


def wait_after(tries: int) -> timedelta:
    """How long a job rests that has failed so many times."""
    return min(timedelta(minutes=2 ** (min(tries, 20) - 1)), LONGEST_WAIT)


def _failed(desk: Desk, job: Job, error: str) -> Done:
    metering.job(job.task, "again" if job.tries < TRIES else "failed")
    with desk.database.writing() as connection:
        if job.tries < TRIES:
            jobs.put_back(connection, job, now() + wait_after(job.tries), error)
        else:
            jobs.fail(connection, job, error, now())
    return Done(job.task, job.key, "", error)


def _words(told: object) -> str:
    return str(told) if told else ""


@contextmanager
def _held(database: Database, job: Job, lease: timedelta) -> Iterator[None]:
    """Renew the lease of a job while it is being done."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(lease.total_seconds() / 4):
            try:
                with database.writing() as connection:
                    if not jobs.hold(connection, job, now() + lease):
                        return
            except SQLAlchemyError as problem:  # the next time is soon enough
                log.warning("the lease of %s was not renewed: %s", job.key, problem)

    thread = threading.Thread(target=renew, name="kb lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# Working -----------------------------------------------------------------------------------


def worker_name() -> str:
    """How this process calls itself at the jobs that it takes."""
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{threading.get_ident() % 100000}"


def do_all(desk: Desk, tasks: Tasks) -> Iterator[Done]:
    """Do everything that is due, the periodic work of this time too, until nothing is left."""
    plan(desk, tasks, now())
    while (done := do_next(desk, tasks, worker_name(), now())) is not None:
        yield done


def work(
    desk: Callable[[], Desk],
    settings: Settings,
    tasks: Tasks,
    stop: Stop,
    told: Callable[[Done], None] = lambda _: None,
) -> None:
    """Be the process that works, as soon as no other one of this KB_DATA is, until stopped.

    The job at hand is finished first. The lock ends with the process, however that happens; then
    the next one takes over. `desk` is asked for when it is this one's turn.
    """
    with elected(settings, stop) as mine:
        turns: dict[str, datetime] = {}
        while mine and not stop.is_set():
            try:
                turns = plan(desk(), tasks, now(), turns)
                done = do_next(desk(), tasks, worker_name(), now())
            except (SQLAlchemyError, LibraryNotReady) as problem:  # it may come back
                log.error("background work has to wait: %s", problem)
                stop.wait(TURN)
                continue
            if done is None:
                stop.wait(LOOK)
            else:
                told(done)


@contextmanager
def elected(settings: Settings, stop: Stop) -> Iterator[bool]:
    """Wait to be the only one who works; False where `stop` came first."""
    settings.data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    lock = FileLock(settings.data / LOCK)
    while not stop.is_set():
        try:
            lock.acquire(timeout=0)
        except Timeout:
            stop.wait(TURN)
            continue
        try:
            yield True
        finally:
            lock.release()
        return
    yield False
