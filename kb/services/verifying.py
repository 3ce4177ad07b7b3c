"""Whether all that a library is made of agrees: files, journal, attachments, index, rights.

Every file is read and every hash computed anew, so this finds what a start, which goes by times and
sizes, cannot. Nothing is changed; each difference comes with what mends it.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from indexer.copying import Changed, Found, Listing, listing, opened
from indexer.errors import BadModel, IndexMissing, NoSuchDocument
from indexer.indexfolder import FORMAT, IndexFolder
from indexer.media import DIGITS, named_in, read_name
from indexer.semantic import DEFAULT_MODEL, Encoder, VectorCache
from indexer.store import Store
from indexer.sync import differences
from indexer.values import Key, revision_of
from kb.records import agreement, journal, portable, tombstones
from kb.records.database import Database
from kb.records.tables import revision
from kb.services import archive
from kb.services.lock import publish_lock
from kb.services.office import SmallOffice
from kb.services.purging import FILE as TOMBSTONES
from kb.services.shelf import FRESH
from kb.settings import Settings

Progress = Callable[[str, int, int], None]

_SHA256 = re.compile(r"[0-9a-f]{64}")
#: What in KB_DATA is for nobody else's eyes.
_SECRET = ("secret", "sankofa.sqlite", "outbox", "attachments", TOMBSTONES)


@dataclass(frozen=True)
class Difference:
    """Two things that do not agree: in which part, of what, in words, and what mends it."""

    part: str
    name: str
    detail: str
    mend: str


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
                "journal", _name(row.key), f"{row.hash} was promised and is not yet public",
                "kb sync",
            )
            for row in waiting
        ]  # fmt: skip
        done.differences += [
            Difference("purged", _name(stone.key), "was purged, and is back", "kb sync")
            for stone in remains
        ]
        apart = [key for key in sorted({*files, *known}) if files.get(key) != known.get(key)]
        office = SmallOffice(database, settings)
        done.add("documents", len(files), _documents(office, apart))
    finally:
        database.close()
    media = listing(settings.content / "media")
    kept = listing(settings.data / "attachments")
    done.add("attachments", len(kept.files) + len(media.files),
             _attachments(settings, attached, kept, media))  # fmt: skip
    done.differences += _uses(documents, drafts, kept, media)
    _index(office, files, done)
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
            "journal", _name(key), f"row {id_} holds another text than its hash says",
            "kb restore FILE, of the newest good backup",
        )  # fmt: skip


# Documents -----------------------------------------------------------------------------------


@dataclass
class Documents:
    """The revision of each document by its file, and the media that it shows."""

    hashes: dict[Key, str] = field(default_factory=dict)
    shown: dict[Key, set[str]] = field(default_factory=dict)


def read_documents(
    store: Store, progress: Progress | None = None, keys: Iterable[Key] | None = None
) -> Documents:
    """Read every document once, or those named alone."""
    found = Documents()
    keys = store.keys() if keys is None else list(keys)
    for number, key in enumerate(keys, 1):
        try:
            text = store.read(key)
        except NoSuchDocument:
            continue  # it went away meanwhile
        found.hashes[key] = revision_of(text)
        if used := named_in(text):
            found.shown[key] = used
        if progress and (number % 100 == 0 or number == len(keys)):
            progress("files", number, len(keys))
    return found


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
    name = _name(key)
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


# Attachments ---------------------------------------------------------------------------------


def _attachments(
    settings: Settings, rows: Mapping[str, int], kept: Listing, media: Listing
) -> Iterator[Difference]:
    """Compare names of files with their bytes, and files with rows."""
    folder = settings.data / "attachments"
    there = set()
    for found in kept.files:
        base = found.name.partition(".")[0]
        if not _SHA256.fullmatch(base):
            yield Difference(
                "attachments", found.name, "is no attachment", f"rm {folder / found.name}"
            )
        elif base not in rows:
            if found.stamp[1] > (time.time() - FRESH) * 1e9:
                continue  # it is just being given
            yield Difference(
                "attachments", found.name, "belongs to no row", f"rm {folder / found.name}"
            )
        elif base == found.name:
            there.add(base)
            digest = _sha256(kept.root, found)
            if digest is not None and digest != base:
                yield Difference(
                    "attachments", found.name, "holds other bytes than its name says",
                    "kb restore FILE elsewhere, and copy this file from there",
                )  # fmt: skip
    published = set()
    for found in media.files:
        named = read_name(found.name)
        if named:
            published.add(named.hash)
            digest = _sha256(media.root, found)
            if digest is not None and not digest.startswith(named.hash):
                yield Difference(
                    "attachments", f"media/{found.name}", "holds other bytes than its name says",
                    "kb restore FILE elsewhere, and copy this file from there",
                )  # fmt: skip
    for name in sorted(rows):
        if name not in there and name[:DIGITS] not in published:
            yield Difference(
                "attachments", name, "has a row but no file",
                "kb restore FILE elsewhere, and copy this file from there",
            )  # fmt: skip


def _sha256(folder: Path, found: Found) -> str | None:
    """Give the hash of a file, None where it went away or was replaced just now."""
    digest = hashlib.sha256()
    try:
        with opened(folder, found) as file:
            while data := file.read(archive.CHUNK):
                digest.update(data)
    except Changed:
        return None
    return digest.hexdigest()


def _uses(
    documents: Documents, drafts: Mapping[str, str], kept: Listing, media: Listing
) -> Iterator[Difference]:
    """Look for what texts show and nobody has."""
    public = {found.name for found in media.files}
    known = {found.name[:DIGITS] for found in kept.files}
    mend = "kb restore FILE elsewhere and copy it from there, or upload it anew"
    for key, shown in documents.shown.items():
        wanted = {one for name in shown for one in _names(name)}
        for name in sorted(wanted - public):
            yield Difference("attachments", _name(key), f"shows media/{name}, which is gone", mend)
    for token, text in drafts.items():
        for name in sorted(named_in(text) - public):
            if name[:DIGITS] not in known:
                detail = f"shows media/{name}, which is gone"
                yield Difference("attachments", f"draft/{token}", detail, mend)


def _names(name: str) -> tuple[str, ...]:
    """Give the names of all files that belong to what a text shows."""
    media = read_name(name)
    return media.names if media else (name,)


# The index -----------------------------------------------------------------------------------


def _index(office: SmallOffice, files: Mapping[Key, str], done: Verified) -> None:
    """Compare the index with the files; that there is none is no fault."""
    settings = office.settings
    if not (settings.var / "index" / "CURRENT").is_file():
        done.notes.append("There is no index; kb index or the next start makes it.")
        return
    try:
        encoder = Encoder(settings.model or DEFAULT_MODEL, threads=1)
        cache = VectorCache(settings.var / "vectors.sqlite", encoder.dimensions)
        folder = IndexFolder(settings.var / "index", encoder, cache)
        about = folder.about(folder.current().generation)
        found = dict(_indexed(settings, folder, files))
        if found:  # look at them again, while nobody publishes
            with publish_lock(office):
                now = read_documents(Store(settings.content), keys=found).hashes
                again = dict(_indexed(settings, folder, {**files, **now}))
            found = {key: again[key] for key in found if key in again}
        number = len(folder.stamps(folder.current().generation))
    except (BadModel, IndexMissing, OSError) as problem:
        done.differences.append(Difference("index", "index", str(problem), "kb index --rebuild"))
        return
    wanted = {
        "format": FORMAT, "model": encoder.name,
        "vocabularies": Store(settings.content).vocabularies().revision,
    }  # fmt: skip
    for name, value in wanted.items():
        if about.get(name) != value:
            done.differences.append(
                Difference("index", name, f"is {about.get(name)}, not {value}", "kb index")
            )
    done.add("index", number, iter(found.values()))


def _indexed(
    settings: Settings, folder: IndexFolder, files: Mapping[Key, str]
) -> Iterator[tuple[Key, Difference]]:
    stamps = folder.stamps(folder.current().generation)
    indexed = set(folder.open().slot_of)
    changed, gone = differences(Store(settings.content).stamps(), stamps)
    for key in changed:
        detail = "was changed since" if key in stamps else "is not in the index"
        yield key, Difference("index", _name(key), detail, "kb sync")
    for key in gone:
        detail = "is in the index, its file is gone"
        yield key, Difference("index", _name(key), detail, "kb sync")
    for key in stamps.keys() - {*changed, *gone}:
        if files.get(key) not in (None, stamps[key].revision):
            detail = "has other words, though neither time nor size changed"
            yield key, Difference("index", _name(key), detail, "kb index --rebuild")
        elif key not in indexed:
            detail = "cannot be found, as its file is not valid"
            yield key, Difference("index", _name(key), detail, "kb check")


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


def _name(key: Key) -> str:
    return "/".join(part for part in key if part)
