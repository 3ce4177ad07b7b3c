"""What services about people are given first: the part of the desk that needs no library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from kb.access import Person
from kb.records import events
from kb.records.database import Database, now
from kb.settings import Settings


class Office(Protocol):
    """A database and the settings. A Desk is one."""

    @property
    def database(self) -> Database:
        """Where people are kept."""

    @property
    def settings(self) -> Settings:
        """Those of this desk."""


@dataclass(frozen=True)
class SmallOffice:
    """An office without a library, for the command line and for knowing who asks."""

    database: Database
    settings: Settings


def note(
    connection: sa.Connection, by: Person, action: str, subject: str, detail: str = ""
) -> None:
    """Puts into the events that `by` did `action` to `subject`."""
    events.add(connection, now(), (by.id, by.name), action=action, subject=subject, detail=detail)
