"""How far a translation is behind its original."""

from __future__ import annotations

from functools import lru_cache

from indexer.values import Key
from kb.records import journal
from kb.records.database import Database
from kb.records.journal import NoSuchRevision
from kb.services.desk import Desk
from kb.services.reading import Reading


def changes_behind(desk: Desk, reading: Reading) -> int:
    """How often the original was changed since the text that a translation was made from.

    0 where the history does not know that text: it changed before the library was here.
    """
    original = reading.key._replace(lang="")
    return _changes(desk.database, original, reading.made_from, reading.original)


@lru_cache(maxsize=1024)
def _changes(database: Database, key: Key, made_from: str, today: str) -> int:
    """The number of changes between two texts; `today` is here so that each text is asked once."""
    with database.reading() as connection:
        try:
            return journal.changes_after(connection, key, made_from)
        except NoSuchRevision:
            return 0
