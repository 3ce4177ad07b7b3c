"""The table of jobs: added once, taken by one, held, done, tried again, forgotten."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kb.app import ROOT
from kb.records import jobs
from kb.records.database import Database, now
from kb.records.jobs import Job
from kb.services.desk import open_database
from kb.services.work import LEASE
from kb.settings import Settings
from tests.desks import drop_schema, own_schema

TASKS = ("mail", "said", "stuck")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(data=tmp_path / "data", database_url=own_schema())
    yield made
    drop_schema(made)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = open_database(settings)
    yield opened
    opened.close()


def add(database: Database, key: str, task: str = "mail", **how: object) -> bool:
    with database.writing() as connection:
        return jobs.add(connection, task, key, **how)  # type: ignore[arg-type]


def take(database: Database, at: datetime | None = None, worker: str = "a") -> Job | None:
    at = at or now()
    with database.writing() as connection:
        return jobs.take(connection, TASKS, worker, at, at + LEASE)


def taken(database: Database, at: datetime | None = None, worker: str = "a") -> Job:
    job = take(database, at, worker)
    assert job is not None
    return job


def test_a_key_names_a_piece_of_work_for_good(database: Database) -> None:
    assert add(database, "once", payload={"to": "Ama", "n": 1})
    assert not add(database, "once", payload={"to": "Kofi"})
    job = taken(database)
    assert (job.task, job.key, job.payload, job.tries) == ("mail", "once", {"to": "Ama", "n": 1}, 1)
    with database.writing() as connection:
        assert jobs.finish(connection, job, now())
    assert not add(database, "once")
    assert take(database) is None


def test_a_job_that_was_not_committed_is_none(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        jobs.add(connection, "mail", "never")
        raise ZeroDivisionError
    assert take(database) is None


def test_the_one_that_has_been_due_longest_is_first_and_what_is_not_due_waits(
    database: Database,
) -> None:
    at = now()
    add(database, "later", due=at + MINUTE)
    add(database, "second", due=at - MINUTE)
    add(database, "first", due=at - 2 * MINUTE)
    assert [taken(database, at).key for _ in range(2)] == ["first", "second"]
    assert take(database, at) is None
    assert taken(database, at + MINUTE).key == "later"


def test_work_that_nobody_here_knows_is_left_to_others(database: Database) -> None:
    add(database, "x", task="of-tomorrow")
    assert take(database) is None


def test_what_one_holds_nobody_else_takes_until_the_lease_ends(database: Database) -> None:
    add(database, "job")
    at = now()
    first = taken(database, at)
    assert take(database, at + LEASE / 2, "b") is None
    with database.writing() as connection:
        assert jobs.hold(connection, first, at + 2 * LEASE)
    assert take(database, at + LEASE * 1.5, "b") is None
    second = taken(database, at + 2 * LEASE, "b")
    assert (second.id, second.tries) == (first.id, 2)
    with database.writing() as connection:  # the first one comes back, and has lost it
        assert not jobs.hold(connection, first, at + 9 * LEASE)
        assert not jobs.finish(connection, first, at)
        assert not jobs.fail(connection, first, "x", at)
        assert jobs.finish(connection, second, at)


def test_what_is_done_forgets_what_it_was_given(database: Database) -> None:
    add(database, "letter", payload={"to": "ama@example.org"})
    job = taken(database)
    with database.writing() as connection:
        jobs.finish(connection, job, now())
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT payload FROM job").all()
    assert [tuple(row) for row in rows] == [("{}",)]


def test_what_failed_comes_back_later_with_the_reason_and_then_is_given_up(
    database: Database,
) -> None:
    add(database, "job")
    at = now()
    job = taken(database, at)
    with database.writing() as connection:
        jobs.put_back(connection, job, at + MINUTE, "no server")
    assert take(database, at) is None
    again = taken(database, at + MINUTE)
    assert (again.tries, again.error) == (2, "no server")
    with database.writing() as connection:
        jobs.fail(connection, again, "still none", at)
        assert jobs.last_error(connection) == ("mail", "still none")
        standing = jobs.standing(connection, at + MINUTE)
    assert (standing.due, standing.failed, standing.done_at) == (0, 1, None)
    assert take(database, at + 99 * MINUTE) is None


def test_how_the_work_stands(database: Database) -> None:
    at = now()
    for name in "abc":
        add(database, name, due=at - MINUTE)
    add(database, "later", due=at + MINUTE)
    job = taken(database)
    with database.writing() as connection:
        jobs.finish(connection, job, at)
        assert jobs.standing(connection, at) == jobs.Standing(2, 0, at)
        assert jobs.last_error(connection) is None


def test_what_was_over_long_ago_is_forgotten(database: Database) -> None:
    for name in ("old", "new", "failed", "open"):
        add(database, name, task="said" if name == "old" else "mail")
    at = now()
    with database.writing() as connection:
        for when, over in ((at - 31 * 24 * 60 * MINUTE, jobs.finish), (at, jobs.finish)):
            job = jobs.take(connection, TASKS, "a", at, at + LEASE)
            assert job is not None
            over(connection, job, when)
        job = jobs.take(connection, TASKS, "a", at, at + LEASE)
        assert job is not None
        jobs.fail(connection, job, "x", at - 31 * 24 * 60 * MINUTE)
        assert jobs.sweep_done(connection, ["mail"], at) == 0
        assert jobs.sweep(connection, at - 30 * 24 * 60 * MINUTE) == 2
        left = connection.exec_driver_sql("SELECT key FROM job ORDER BY id").scalars().all()
    assert left == ["new", "open"]


# Several processes -------------------------------------------------------------------------


def started(settings: Settings, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.kb.jobbers", settings.data, settings.database_url, how]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_do_all_jobs_and_none_twice(settings: Settings, database: Database) -> None:
    names = [f"job {number}" for number in range(60)]
    for name in names:
        add(database, name, task="said", payload={"name": name})
    processes = [started(settings, "all") for _ in range(2)]
    done = [process.communicate()[0].splitlines() for process in processes]
    assert sorted(done[0] + done[1]) == sorted(names)


def test_a_job_of_a_process_that_was_killed_is_taken_again(
    settings: Settings, database: Database
) -> None:
    add(database, "job", task="stuck", payload={"name": "x"})
    process = started(settings, "stuck")
    assert process.stdout is not None
    assert process.stdout.readline() == "taken x\n"
    assert take(database) is None
    process.kill()
    process.communicate()
    assert take(database) is None
    again = taken(database, now() + LEASE)
    assert (again.key, again.tries, again.payload) == ("job", 2, {"name": "x"})
