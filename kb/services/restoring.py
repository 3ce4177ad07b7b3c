"""A backup brought back: into an empty place, and verified before it counts as done.

Everything is unpacked beside its place, in a folder that says that a restore is going on; the rows
are read back and compared with those that were saved; only then it is moved. Whatever goes wrong
before leaves the place as empty as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from indexer.store import Store
from indexer.values import Key
from kb.records import journal, portable, tombstones
from kb.records.database import Database, migrate
from kb.records.portable import NotRows
from kb.services.archive import CHUNK, DamagedBackup, Progress, Reading, read_all
from kb.services.desk import RESTORING
from kb.services.differences import read_documents
from kb.services.purging import read_stones
from kb.services.restoring_place import SETTINGS_FILE, NotEmpty, Place, place_for
from kb.services.restoring_purged import own_stones, purge_again
from kb.settings import SETTINGS, Settings

__all__ = ["SETTINGS_FILE", "NotEmpty", "Restored", "check", "require_empty", "restore"]

#: Bytes of the longest row: a text is far below MAX_REQUEST_KB.
_LONGEST = 256 << 20


@dataclass
class Restored:
    """What was brought back, in figures, and what a person has to do or to know."""

    made_at: str = ""
    version: str = ""
    rows: int = 0
    documents: int = 0
    files: int = 0
    purged: int = 0
    told: list[str] = field(default_factory=list)


def check(path: Path, progress: Progress | None = None) -> Mapping[str, Any]:
    """Read a backup to its end and give its manifest; raises DamagedBackup. Nothing is written."""

    def pass_over(_name: str, stream: Reading) -> None:
        while stream.read(CHUNK):
            pass

    return _shaped(read_all(path, pass_over, progress=progress))


def _shaped(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the manifest back, if it says what a restore has to know; raises DamagedBackup."""
    try:
        tables = {str(name): (int(one["rows"]), str(one["digest"]))
                  for name, one in manifest["tables"].items()}  # fmt: skip
        for name in manifest["apart"]:
            _key(name)
        parts = {name.split("/")[1] for name in manifest["files"] if name.startswith("database/")}
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise DamagedBackup(f"its manifest does not say enough: {problem!r}") from problem
    if "settings.txt" not in manifest["files"] or parts - set(tables):
        raise DamagedBackup("its manifest and its files do not belong together")
    return manifest


def restore(
    settings: Settings, path: Path, stones: Path | None = None, progress: Progress | None = None
) -> Restored:
    """Bring a backup back into the empty places that the settings name.

    What was purged by the tombstones in the file `stones`, newer than the backup, is not brought
    back. Raises NotEmpty, DamagedBackup, OSError.
    """
    require_empty(settings)
    newer = list(read_stones(stones)) if stones else []
    with place_for(settings) as place:
        manifest = _shaped(read_all(path, place.take, place.room(), progress))
        database = Database(place.database_url)
        try:
            with _told_as_damage(), database.writing() as connection:
                done = _fill(connection, place, manifest, progress)
                done.purged = purge_again(connection, place, [*own_stones(place), *newer])
                _verify(connection, place, manifest, done)
                if not place.staged_database:  # the transaction ends when all is in its place
                    place.move()
            if place.staged_database:
                database.sweep()
                database.close()
                place.move()
        finally:
            database.close()
    _say_what_is_left(settings, manifest, done)
    return done


def require_empty(settings: Settings) -> None:
    """Return where nothing is that a restore could cover; raises NotEmpty, saying what to do."""
    if (settings.data / RESTORING).exists():
        raise NotEmpty(
            f"A restore into {settings.data} is going on, or was cut short. If none is running,"
            f" empty {settings.data} and {settings.content}, then start again."
        )
    inside = {path.absolute() for path in (settings.content, settings.data, settings.var)}
    for name, folder in (("KB_DATA", settings.data), ("KB_CONTENT", settings.content)):
        there = [
            one.name for one in folder.iterdir()
            if one.name != "lost+found" and one.absolute() not in inside
        ] if folder.is_dir() else []  # fmt: skip
        if there or (folder.exists() and not folder.is_dir()):
            raise NotEmpty(
                f"{name} is {folder}, where something is already ({', '.join(sorted(there)[:3])})."
                f" Name an empty or a new folder in {name}, or move that away first."
            )
    url = sa.make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        if Path(str(url.database)).exists():
            raise NotEmpty(f"The database {url.database} is there already: move it away first.")
        return
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            if not portable.is_empty(connection):
                raise NotEmpty(
                    "The database of DATABASE_URL has tables already: name one that is empty."
                )
    finally:
        database.close()


# Rows ----------------------------------------------------------------------------------------


@contextmanager
def _told_as_damage() -> Iterator[None]:
    """Say of rows that do not fit that the backup is damaged."""
    try:
        yield
    except NotRows as problem:
        raise DamagedBackup(f"its rows cannot be read: {problem}") from problem
    except SQLAlchemyError as problem:
        why = str(getattr(problem, "orig", problem)).splitlines()[0]
        raise DamagedBackup(f"its rows do not fit the database: {why}") from problem


def _fill(
    connection: sa.Connection,
    place: Place,
    manifest: Mapping[str, Any],
    progress: Progress | None,
) -> Restored:
    """Make the tables as they were, fill them, compare them, and bring them up to today's."""
    revision = str(manifest.get("schema"))
    if not portable.known(revision):
        raise DamagedBackup(
            f"its tables are of version {revision!r}, made by Sankofa {manifest.get('version')}:"
            " restore it with that version or a newer one"
        )
    migrate(connection, revision)
    tables = portable.tables_at(revision)
    wanted: Mapping[str, Mapping[str, Any]] = manifest["tables"]
    if set(wanted) != {table.name for table in tables}:
        raise DamagedBackup("it has other tables than its version")
    done = Restored(str(manifest.get("made_at")), str(manifest.get("version")))
    total = sum(int(one["rows"]) for one in wanted.values())
    for table in tables:
        portable.fill(connection, table, _lines(place.data / "database" / table.name))
        found = portable.total(connection, table)
        if vars(found) != wanted[table.name]:
            raise DamagedBackup(f"the rows of {table.name} are not those that were saved")
        done.rows += found.rows
        if progress and total:
            progress("rows", done.rows, total)
    portable.go_on_counting(connection, tables)
    migrate(connection)
    return done


def _lines(folder: Path) -> Iterator[bytes]:
    for part in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        with part.open("rb") as file:
            while line := file.readline(_LONGEST + 1):
                if len(line) > _LONGEST:
                    raise DamagedBackup(f"{folder.name} has a row that is longer than can be")
                yield line


# Verified ------------------------------------------------------------------------------------


def _verify(
    connection: sa.Connection, place: Place, manifest: Mapping[str, Any], done: Restored
) -> None:
    """Raise DamagedBackup unless files and journal agree exactly where they did."""
    files = read_documents(Store(place.content)).hashes
    known = journal.public_hashes(connection)
    purged = {stone.key for stone in tombstones.tombstones(connection)}
    apart = {key for key in {*files, *known} if files.get(key) != known.get(key)}
    meant = {_key(name) for name in manifest["apart"]}
    wrong = (apart ^ meant) - purged
    if wrong:
        some = ", ".join(sorted("/".join(key) for key in wrong)[:5])
        raise DamagedBackup(f"files and journal do not agree: {some}")
    done.documents = len(files)
    listed = manifest["files"]
    done.files = sum(1 for name in listed if name.startswith(("content/", "data/")))
    for name, (_, digest) in listed.items():
        kept = re.fullmatch(r"data/attachments/([0-9a-f]{64})", name)
        if kept and kept[1] != digest:
            done.told.append(f"{name} held other bytes than its name says when it was saved.")
    if apart:
        done.told.append(
            f"{len(apart)} documents differ from the journal, as they did: kb sync takes them in."
        )
    if manifest.get("pending"):
        done.told.append(
            f"{manifest['pending']} publications were under way; the first start ends them."
        )


def _key(name: str) -> Key:
    kind, slug, lang = name.split("/")
    return Key(kind, slug, lang)


def _say_what_is_left(settings: Settings, manifest: Mapping[str, Any], done: Restored) -> None:
    file = settings.data / SETTINGS_FILE
    secret = re.compile(r"# ([A-Z_]+) is set")
    set_there = secret.findall(file.read_text(encoding="utf-8"))
    known = {row.name: row for row in SETTINGS}
    for name in set_there:
        row = known.get(name)
        if row is None or not getattr(settings, row.field):
            done.told.append(f"{name} was set there, is secret, and has to be set by hand.")
    done.told.append(f"The settings of the site that was saved are in {file}.")
    done.told.append(
        "Everybody signs in anew, and links in letters sent before no longer work: sessions, links"
        " and the secret that signs them are in no backup."
    )
