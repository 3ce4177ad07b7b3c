"""Background work: planned, done once, tried again, by one process at a time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result

from indexer.library import Library
from kb.access import CONSOLE
from kb.cli.base import WRONG, main
from kb.records import jobs, tables
from kb.records.database import Database, now
from kb.services.desk import Desk, open_database
from kb.services.notices import notify
from kb.services.work import (
    TRIES,
    Done,
    More,
    Task,
    do_all,
    do_next,
    plan,
    turn_of,
    wait_after,
    worker_name,
)
from kb.settings import Settings
from kb.tasks import TASKS
from tests import factories
from tests.browser.sites import free_port, kb_serve
from tests.desks import drop_schema, own_schema
from tests.kb.test_jobs import started
from tests.people import add_person, outbox

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
PATIENCE = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(data=tmp_path / "data", database_url=own_schema())
    yield made
    drop_schema(made)


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """A desk without a library, which work itself never asks for."""
    database = open_database(settings)
    yield Desk(database, None, settings)  # type: ignore[arg-type]
    database.close()


def add(desk: Desk, task: str, key: str, **payload: Any) -> None:
    with desk.database.writing() as connection:
        jobs.add(connection, task, key, payload)


def keys(desk: Desk) -> list[str]:
    with desk.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT key FROM job ORDER BY id").scalars()
        return [str(key) for key in found]


def until(true: Callable[[], bool]) -> None:
    """Returns as soon as something is true that another process brings about."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.05)


# Planning ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "at", "turn"),
    [
        (MINUTE, "2026-07-28T10:41:07", "2026-07-28T10:41:00"),
        (15 * MINUTE, "2026-07-28T10:41:07", "2026-07-28T10:30:00"),
        (24 * HOUR, "2026-07-28T00:00:00", "2026-07-28T00:00:00"),
        (24 * HOUR, "2026-07-27T23:59:59.999999", "2026-07-27T00:00:00"),
    ],
)
def test_a_turn_begins_at_the_full_minute_hour_or_day(every: timedelta, at: str, turn: str) -> None:
    task = Task(lambda desk: None, every)
    assert turn_of(task, datetime.fromisoformat(at)) == datetime.fromisoformat(turn)


def test_periodic_work_is_planned_once_a_turn_and_never_beside_itself(desk: Desk) -> None:
    ran: list[str] = []
    tasks = {"check": Task(lambda desk: ran.append("x"), HOUR), "single": Task(lambda desk: "no")}
    at = datetime.fromisoformat("2026-07-28T10:41:07")
    turns = plan(desk, tasks, at)
    assert plan(desk, tasks, at) == turns
    plan(desk, tasks, at + HOUR)  # the one before was not done yet
    assert keys(desk) == ["check@2026-07-28T10:00:00"]
    assert do_next(desk, tasks, "a", at) == Done("check", "check@2026-07-28T10:00:00", "")
    assert do_next(desk, tasks, "a", at + HOUR) is None
    plan(desk, tasks, at)  # by a process that does not know yet
    plan(desk, tasks, at + 5 * HOUR)  # turns that nobody was there for are left out
    assert keys(desk) == ["check@2026-07-28T10:00:00", "check@2026-07-28T15:00:00"]
    assert ran == ["x"]


def test_a_process_asks_the_database_once_a_turn(desk: Desk) -> None:
    tasks = {"check": Task(lambda desk: None, HOUR)}
    turns = plan(desk, tasks, now())
    gone = Desk(Database("sqlite:////nowhere/at/all"), desk.library, desk.settings)
    assert plan(gone, tasks, turns["check"] + 59 * MINUTE, turns) == turns


# Doing -------------------------------------------------------------------------------------


def test_everything_that_is_due_is_done_with_its_payload_and_told(desk: Desk) -> None:
    tasks = {"greet": Task(lambda desk, name: f"Hello {name}"), "quiet": Task(lambda desk: 0)}
    add(desk, "greet", "g/1", name="Ama")
    add(desk, "quiet", "q/1")
    add(desk, "greet", "g/2", name="Kofi")
    assert list(do_all(desk, tasks)) == [
        Done("greet", "g/1", "Hello Ama"),
        Done("quiet", "q/1", ""),
        Done("greet", "g/2", "Hello Kofi"),
    ]
    assert list(do_all(desk, tasks)) == []


def test_who_did_a_part_gets_another_turn_and_others_in_between(desk: Desk) -> None:
    left = [3]

    def part(desk: Desk) -> object:
        left[0] -= 1
        return More(f"{left[0]} left") if left[0] else "all done"

    tasks = {"part": Task(part), "other": Task(lambda desk: "me too")}
    add(desk, "part", "p")
    add(desk, "other", "o")
    assert [done.told for done in do_all(desk, tasks)] == [
        "2 left", "me too", "1 left", "all done",
    ]  # fmt: skip


def test_what_fails_is_told_and_tried_again_while_others_go_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    broken = [True]

    def fragile(desk: Desk) -> str:
        if broken[0]:
            raise ConnectionError("no way there")
        return "mended"

    tasks = {"fragile": Task(fragile), "other": Task(lambda desk: "fine")}
    add(desk, "fragile", "f")
    add(desk, "other", "o")
    done = list(do_all(desk, tasks))
    assert done[0] == Done("fragile", "f", "", "ConnectionError: no way there")
    assert done[1].told == "fine"
    assert "the job f failed" in caplog.text
    at = now()
    assert do_next(desk, tasks, "a", at) is None
    broken[0] = False
    assert do_next(desk, tasks, "a", at + 2 * MINUTE) == Done("fragile", "f", "mended")


def test_what_fails_each_time_is_given_up_and_kept(desk: Desk) -> None:
    def broken(desk: Desk) -> None:
        raise ZeroDivisionError

    tasks, at, tries = {"broken": Task(broken)}, now() + MINUTE, 0
    add(desk, "broken", "b")
    while do_next(desk, tasks, "a", at):
        tries, at = tries + 1, at + wait_after(TRIES)
    assert tries == TRIES
    with desk.database.reading() as connection:
        assert jobs.standing(connection, at).failed == 1
        assert jobs.last_error(connection) == ("broken", "ZeroDivisionError")


def test_the_waits_grow_and_end_at_six_hours() -> None:
    waits = [wait_after(tries) / MINUTE for tries in (1, 2, 3, 8, 9, 10, 99)]
    assert waits == [1, 2, 4, 128, 256, 360, 360]


def test_a_job_that_ends_its_process_each_time_does_not_do_so_for_ever(desk: Desk) -> None:
    add(desk, "deadly", "d")
    at = now()
    for _ in range(TRIES):
        with desk.database.writing() as connection:
            assert jobs.take(connection, ["deadly"], "x", at, at + MINUTE)
        at += MINUTE
    done = do_next(desk, {"deadly": Task(lambda desk: os.abort())}, "a", at)
    assert done is not None
    assert "the process ended" in done.error
    assert do_next(desk, {"deadly": Task(lambda desk: os.abort())}, "a", at + 99 * HOUR) is None


def test_the_lease_is_renewed_while_somebody_works(desk: Desk) -> None:
    lease = timedelta(seconds=0.2)
    begun = threading.Event()
    go = threading.Event()

    def long(desk: Desk) -> str:
        begun.set()
        assert go.wait(PATIENCE)
        return "at last"

    tasks = {"long": Task(long)}
    add(desk, "long", "l")
    done: list[Done | None] = []
    thread = threading.Thread(
        target=lambda: done.append(do_next(desk, tasks, "a", now(), lease=lease))
    )
    thread.start()
    assert begun.wait(PATIENCE)
    since = now()
    until(lambda: now() > since + 5 * lease)
    assert do_next(desk, tasks, "b", now(), lease=lease) is None
    go.set()
    thread.join()
    assert done == [Done("long", "l", "at last")]


def test_what_is_done_often_is_forgotten_after_a_day_and_the_rest_after_a_month(
    desk: Desk,
) -> None:
    day, at = 24 * HOUR, now()
    done = (("outbox", at - 2 * day), ("outbox", at), ("mail", at - 2 * day),
            ("mail", at - 40 * day))  # fmt: skip
    for number, (task, when) in enumerate(done):
        with desk.database.writing() as connection:
            jobs.add(connection, task, f"{task}/{number}")
            job = jobs.take(connection, [task], "a", now(), now() + MINUTE)
            assert job is not None
            jobs.finish(connection, job, when)
    assert TASKS["sweep"].run(desk) == "2 jobs, 0 notices forgotten"
    assert keys(desk) == ["outbox/1", "mail/2"]


# One process at a time ---------------------------------------------------------------------


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_process_works_and_the_next_takes_over_when_it_is_killed(settings: Settings) -> None:
    open_database(settings).close()
    first, second = started(settings, "serve"), None
    try:
        assert line(first) == "mine"
        second = started(settings, "serve")
        first.kill()
        first.communicate()
        assert line(second) == "mine"
        second.send_signal(signal.SIGTERM)
        assert second.communicate(timeout=PATIENCE)[0].splitlines()[-1] == "stopped"
        assert second.returncode == 0
    finally:
        for process in (first, second):
            if process is not None and process.poll() is None:
                process.kill()
                process.communicate()


def test_a_worker_says_who_it_is() -> None:
    assert str(os.getpid()) in worker_name()
    assert len(worker_name()) <= 80


# The command, and the server -----------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk as the command finds it."""
    content = factories.content_folder(tmp_path / "content", {"cash": factories.case_text()})
    made = Settings(content=content, data=tmp_path / "data", var=tmp_path / "var")
    for name, folder in (("CONTENT", content), ("DATA", made.data), ("VAR", made.var)):
        monkeypatch.setenv(f"KB_{name}", str(folder))
    database = open_database(made)
    yield Desk(database, Library.open(made.content, made.var, threads=1), made)
    database.close()


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def told_of_the_case(desk: Desk) -> None:
    """An editor is to be told, at once, of something."""
    eva = add_person(desk.database, "editor", "Eva", "eva@example.org")
    with desk.database.writing() as connection:
        notify(connection, CONSOLE, "published", [eva.id or 0], "case/cash", title="Cash")


def test_the_command_does_all_that_is_due_and_says_so(home: Desk) -> None:
    told_of_the_case(home)
    done = command("work", "--once")
    assert done.exit_code == 0
    assert "tell: 1 to eva@example.org" in done.output
    assert "mail: to eva@example.org: in the outbox" in done.output
    assert [letter["Subject"] for letter in outbox(home.settings.data)] == ["Published: Cash"]
    assert command("work", "--once").output == "Nothing was due.\n"


def test_the_command_tells_programs_in_json_and_failures_by_its_exit_code(home: Desk) -> None:
    add(home, "mail", "mail/broken", letter={}, name="x")
    done = command("work", "--once", "--json")
    assert done.exit_code == WRONG
    (row,) = [one for one in json.loads(done.stdout) if one["error"]]
    assert (row["task"], row["key"]) == ("mail", "mail/broken")


def test_the_server_works_and_another_process_of_it_takes_over(home: Desk) -> None:
    with kb_serve(home.settings.content, home.settings.var, WORKERS="2",
                  KB_DATA=str(home.settings.data)):  # fmt: skip
        told_of_the_case(home)
        until(lambda: _worker(home) != "")
        number = int(_worker(home).split("/")[1])
        os.kill(number, signal.SIGKILL)
        kofi = add_person(home.database, "editor", "Kofi", "kofi@example.org")
        with home.database.writing() as connection:
            notify(connection, CONSOLE, "published", [kofi.id or 0], "case/cash", title="Again")
        until(lambda: len(outbox(home.settings.data)) == 2)
        until(lambda: int(_worker(home).split("/")[1]) != number)


class SlowPost:
    """A mail server that takes its time before it says that a letter was taken."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()
        self.taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.asked.set()
        await asyncio.to_thread(self.go.wait, PATIENCE)
        self.taken += 1
        return "250 OK"


def test_a_stop_of_the_server_finishes_the_job_at_hand(home: Desk) -> None:
    post, port = SlowPost(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with kb_serve(
            home.settings.content, home.settings.var, KB_DATA=str(home.settings.data),
            MAIL_HOST="127.0.0.1", MAIL_PORT=str(port), MAIL_SECURITY="none",
        ):  # fmt: skip
            told_of_the_case(home)
            assert post.asked.wait(PATIENCE)
            threading.Timer(1.0, post.go.set).start()
    finally:
        controller.stop()
    assert post.taken == 1
    with home.database.reading() as connection:
        assert jobs.standing(connection, now()).due == 0


def test_the_server_does_not_work_where_it_is_told_not_to(home: Desk) -> None:
    told_of_the_case(home)
    with kb_serve(home.settings.content, home.settings.var, WORK="no",
                  KB_DATA=str(home.settings.data)):  # fmt: skip
        assert not (home.settings.data / "work.lock").exists()
    assert outbox(home.settings.data) == []


def _worker(desk: Desk) -> str:
    """Who sent a letter last, "" where nobody did yet."""
    query = sa.select(tables.job.c.worker).where(
        tables.job.c.task == "mail", tables.job.c.done_at.is_not(None)
    )
    with desk.database.reading() as connection:
        last = query.order_by(tables.job.c.done_at.desc()).limit(1)
        return connection.execute(last).scalar() or ""
