"""Background work that is killed at a line of its code, and the worker that comes after it.

`python -m tests.kb.telling_killed FOLDER PORT STEP` does the work of telling one person one thing,
once for each line (or, with a larger STEP, for some lines) that it comes to, killed there, and
finished by another process when the lease is over. It prints what became of it, as JSON, a line
each. With a PORT the letters go to the SMTP server there, else into the outbox.
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from indexer.values import Key
from kb.access import CONSOLE
from kb.records import journal, tables
from kb.records.database import Database, now
from kb.services.desk import Desk, open_database
from kb.services.notices import notify
from kb.services.outbox import lying
from kb.services.work import LEASE, do_next
from kb.settings import Settings
from kb.tasks import TASKS
from tests import factories
from tests.kb.desk.killing import Tracer, forked
from tests.people import add_person

MODULES = ("kb.tasks", "kb.services.work", "kb.services.digests", "kb.services.mail",
           "kb.services.outbox", "kb.services.mime", "kb.services.letter", "kb.records.jobs",
           "kb.records.notices", "kb.records.database")  # fmt: skip


def settings_of(folder: Path, port: int) -> Settings:
    """Those of a desk in a folder of its own."""
    return Settings(
        data=folder, mail_host="127.0.0.1" if port else "", mail_port=port or 25,
        mail_security="none",
    )  # fmt: skip


def desk_of(settings: Settings) -> Desk:
    return Desk(Database(settings.database), None, settings)  # type: ignore[arg-type]


def prepare(settings: Settings) -> None:
    """Somebody is to be told of a comment on their draft."""
    database = open_database(settings)
    ama = add_person(database, "contributor", "Ama", "ama@example.org")
    with database.writing() as connection:
        key = Key("case", "", "")
        token = journal.begin(connection, key, ama.id or 0, None)
        number = journal.draft(connection, token).id
        journal.append(connection, key, factories.case_text(), "saved", draft_id=number)
        notify(connection, CONSOLE, "comment", [ama.id or 0], f"draft/{token}", name="Rosa")
    database.close()


def renamed(settings: Settings, email: str) -> None:
    """Give that person another address, by which their letters are known."""
    database = Database(settings.database)
    with database.writing() as connection:
        connection.execute(sa.update(tables.person).values(email=email))
    database.close()


def work(settings: Settings, at: str = "", late: bool = False) -> list[str]:
    """Do what is due, or what is due when leases are over; give the lines that it came to."""
    tracer = Tracer(at, MODULES)
    desk = desk_of(settings)
    sys.settrace(tracer)
    while do_next(desk, TASKS, "late" if late else "first", now() + (2 * LEASE if late else SOON)):
        pass
    sys.settrace(None)
    return list(tracer.seen)


SOON = timedelta(seconds=1)


def examine(settings: Settings) -> dict[str, Any]:
    """Finish what the killed process left, and tell what there is in the end."""
    work(settings, late=True)
    desk = desk_of(settings)
    with desk.database.reading() as connection:
        open_jobs = sa.select(sa.func.count()).select_from(tables.job).filter_by(done_at=None)
        unsent = sa.select(sa.func.count()).select_from(tables.notice).filter_by(sent_at=None)
        found = {"jobs": connection.execute(open_jobs).scalar_one(),
                 "unsent": connection.execute(unsent).scalar_one()}  # fmt: skip
    return {**found, "outbox": len(list(lying(settings.data)))}


def killed_at(home: Path, port: int, number: int, at: str) -> dict[str, Any]:
    """Do the work in a copy of `home`, killed at a line, and tell what there is in the end."""
    settings = settings_of(home.with_name(str(number)), port)
    shutil.copytree(home, settings.data)
    forked(lambda: renamed(settings, f"{number}@example.org"))
    ended = forked(lambda: work(settings, at))
    found: dict[str, Any] = forked(lambda: examine(settings))
    return {"number": number, "at": at, "killed": ended is None, **found}


def main() -> None:
    """Kills the work at every line, one after the other."""
    root, port, step = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    home = settings_of(root / "home", port)
    forked(lambda: prepare(home))
    shutil.copytree(home.data, root / "whole")
    lines = forked(lambda: work(settings_of(root / "whole", port)))
    assert isinstance(lines, list), lines
    for number, at in list(enumerate(lines))[::step]:
        print(json.dumps(killed_at(home.data, port, number, at)), flush=True)


if __name__ == "__main__":
    main()
