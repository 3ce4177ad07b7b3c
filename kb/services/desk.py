"""The desk that services work at: the database, the library and the settings, held together."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from indexer.library import Library
from kb.records.database import Database
from kb.settings import Settings

#: The folder of the database holds what people wrote in confidence.
PRIVATE = 0o700
#: The folder in KB_DATA in which a restore unpacks; where it is, everything else is not complete.
RESTORING = ".restoring"


class RestoreCutShort(Exception):
    """A restore into KB_DATA is going on or was cut short, so that it must not be used."""


@dataclass(frozen=True)
class Desk:
    """What every service of the writing desk is given first."""

    database: Database
    library: Library
    settings: Settings


def open_database(settings: Settings) -> Database:
    """Give the database of `settings`, its folder and its tables made where they are missing.

    Raises RestoreCutShort.
    """
    if (settings.data / RESTORING).exists():
        raise RestoreCutShort(
            f"A restore into {settings.data} is going on, or was cut short: let it end, or empty"
            f" {settings.data} and {settings.content} and restore again."
        )
    settings.data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    database = Database(settings.database)
    database.upgrade()
    return database


class DatabaseOpening:
    """Opens the database of a process when first asked, and keeps it.

    Nothing happens before, so that no connection is carried through a fork.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database: Database | None = None
        self._lock = threading.Lock()

    def database(self) -> Database:
        """The open database, brought to today's tables."""
        with self._lock:
            if self._database is None:
                self._database = open_database(self._settings)
            return self._database
