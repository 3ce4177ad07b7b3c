"""A process that works: `python -m tests.kb.jobbers FOLDER URL HOW`, with HOW being

all    do every job that is due, and print the names of those that this process did;
stuck  take one job, say so, and never come back from it;
serve  be the one who works until told to stop, printing "mine" once it is this one's turn.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from kb.records.database import Database
from kb.services.desk import Desk
from kb.services.work import Task, do_all, work
from kb.settings import Settings


def say(line: str) -> None:
    print(line, flush=True)


def stuck(desk: Desk, name: str) -> None:
    say(f"taken {name}")
    threading.Event().wait()


def main() -> None:
    """Works in a process of its own."""
    folder, url, how = sys.argv[1:]
    settings = Settings(data=Path(folder), database_url=url)
    desk = Desk(Database(settings.database), None, settings)  # type: ignore[arg-type]
    if how == "serve":
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())

        def at_work() -> Desk:
            say("mine")
            return desk

        work(at_work, settings, {}, stop)
        say("stopped")
        return
    tasks = {"said": Task(lambda desk, name: name), "stuck": Task(stuck)}
    for done in do_all(desk, tasks):
        say(done.told)


if __name__ == "__main__":
    main()
