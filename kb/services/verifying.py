"""Whether all that a library is made of agrees: files, journal, attachments, index, rights.

Every file is read and every hash computed anew, so this finds what a start, which goes by times and
sizes, cannot. Nothing is changed; each difference comes with what mends it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from indexer.copying import listing
from indexer.errors import NoSuchDocument
from indexer.store import Store
from indexer.values import Key, revision_of
from kb.records import agreement, journal, portable, tombstones
from kb.records.database import Database
from kb.records.tables import revision
from kb.services.differences import Difference, Progress, name_of, read_documents
from kb.services.lock import publish_lock
from kb.services.office import SmallOffice
from kb.services.pinning import differences
from kb.services.purging import FILE as TOMBSTONES
from kb.services.verifying_index import index_differences
from kb.services.verifying_media import attachments, uses
from kb.settings import Settings

#: What in KB_DATA is for nobody else's eyes.
_SECRET = ("secret", "sankofa.sqlite", "outbox", "attachments", TOMBSTONES)


@dataclass
class Verified:
    """What was looked at, in figures by part, and every difference."""

    looked_at: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, part: str, number: int, found: Iterator[Difference]) -> None:
        """Take in what was found in one part."""
        self.looked_at[part] = number
        self.differences += found


def verify(settings: Settings, progress: Progress | None = None) -> Verified:
    """Look at everything and give every difference."""
    done = Verified()
    database = _database(settings, done)
    if database is None:
        return done
    try:
        documents = read_documents(Store(settings.content), progress)
        files = documents.hashes
        with database.snapshot() as connection:
            if not _tables(connection, done):
                return done
            known = journal.public_hashes(connection)
            waiting = journal.pending(connection)
            attached = agreement.attached(connection)
            drafts = dict(agreement.texts_in_the_making(connection))
            stones = tombstones.tombstones(connection)
            remains = [stone for stone in stones if tombstones.remains(connection, stone)]
        done.differences += [
            Difference(
                "journal", name_of(row.key), f"{row.hash} was promised and is not yet public",
                "kb sync",
            )
            for row in waiting
        ]  # fmt: skip
        done.differences += [
            Difference("purged", name_of(stone.key), "was purged, and is back", "kb sync")
            for stone in remains
        ]
        apart = [key for key in sorted({*files, *known}) if files.get(key) != known.get(key)]
        office = SmallOffice(database, settings)
        done.add("documents", len(files), _documents(office, apart))
        store = Store(settings.content)
        kept_texts = sum(len(store.pinned_names(slug)) for slug in store.packs_with_pinned())
        done.add("kept by packs", kept_texts, _kept_by_packs(office, store))
    finally:
        database.close()
    media = listing(settings.content / "media")
    kept = listing(settings.data / "attachments")
    done.add("attachments", len(kept.files) + len(media.files),
             attachments(settings, attached, kept, media))  # fmt: skip
    done.differences += uses(documents, drafts, kept, media)
    indexed = index_differences(office, files)
    if indexed is None:
        done.notes.append("There is no index; kb index or the next start makes it.")
    else:
        done.add("index", indexed[0], iter(indexed[1]))
    done.differences += _permissions(settings)
    return done


# The database --------------------------------------------------------------------------------


def _database(settings: Settings, done: Verified) -> Database | None:
    """Open the database that is there; none is made."""
    url = sa.make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        done.differences.append(
            Difference("database", str(url.database), "is not there",
                       "kb restore FILE for a backup, or kb serve for a new journal")
        )  # fmt: skip
        return None
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            connection.execute(sa.text("SELECT 1"))
    except SQLAlchemyError as problem:
        told = str(getattr(problem, "orig", problem)).splitlines()[0]
        done.differences.append(Difference("database", "DATABASE_URL", told, "see DATABASE_URL"))
        database.close()
        return None
    return database


def _tables(connection: sa.Connection, done: Verified) -> bool:
    """Look at the tables and at each row of the journal; False where the rest makes no sense."""
    try:
        found, newest = portable.revision_of_tables(connection), portable.newest()
        broken = agreement.faults(connection)
        done.differences += [
            Difference("database", "integrity", text, "kb restore FILE, of the newest good backup")
            for text in broken
        ]
        if found != newest:
            mend = "kb sync" if found is None or portable.known(found) else "a newer Sankofa"
            done.differences.append(
                Difference("database", "tables", f"are of version {found}, not {newest}", mend)
            )
            return False
        done.add("journal", portable.count(connection, revision), _misnamed(connection))
    except SQLAlchemyError as problem:
        told = str(getattr(problem, "orig", problem)).splitlines()[0]
        done.differences.append(
            Difference("database", "tables", told, "kb restore FILE, of the newest good backup")
        )
        return False
    return True


def _misnamed(connection: sa.Connection) -> Iterator[Difference]:
    for id_, key in agreement.misnamed(connection):
        yield Difference(
            "journal", name_of(key), f"row {id_} holds another text than its hash says",
            "kb restore FILE, of the newest good backup",
        )  # fmt: skip


# Documents -----------------------------------------------------------------------------------


def _documents(office: SmallOffice, keys: list[Key]) -> Iterator[Difference]:
    """Look again, while nobody publishes, at those that differed, and tell what still does."""
    if not keys:
        return
    store = Store(office.settings.content)
    with publish_lock(office):
        with office.database.reading() as connection:
            known = journal.public_hashes(connection)
        for key in keys:
            try:
                found: str | None = revision_of(store.read(key))
            except NoSuchDocument:
                found = None
            if found != known.get(key):
                yield _difference(key, found, known.get(key))


def _difference(key: Key, found: str | None, known: str | None) -> Difference:
    name = name_of(key)
    if found is None:
        return Difference(
            "documents", name, f"the file is gone; the journal has {known}",
            "kb sync, which takes it as removed by hand; its history page brings it back",
        )  # fmt: skip
    if known is None:
        return Difference("documents", name, "is not in the journal", "kb sync")
    return Difference(
        "documents", name, f"the file is {found}, the journal has {known}",
        "kb sync, which takes it as changed by hand; touch the file first if its time is as before",
    )  # fmt: skip


def _kept_by_packs(office: SmallOffice, store: Store) -> Iterator[Difference]:
    """Look at what packs keep of their cases; again, while nobody publishes, where that differs."""
    if any(differences(store)):
        with publish_lock(office):
            yield from differences(store)


# Who may look --------------------------------------------------------------------------------


def _permissions(settings: Settings) -> Iterator[Difference]:
    for path in (settings.data, *(settings.data / name for name in _SECRET)):
        try:
            mode = stat.S_IMODE(os.lstat(path).st_mode)
        except FileNotFoundError:
            continue
        if mode & 0o077:
            inside = path != settings.data and not settings.data.stat().st_mode & 0o077
            if not inside:  # nobody comes to it through a folder that is closed
                right = "700" if path.is_dir() else "600"
                yield Difference(
                    "permissions", str(path), f"others may look into it (mode {mode:o})",
                    f"chmod {right} {path}",
                )  # fmt: skip
