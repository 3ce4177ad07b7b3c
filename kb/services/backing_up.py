"""A backup of everything that cannot be made again, taken while the site runs.

The tables are read in one snapshot, begun under the publish lock together with the list of files;
nothing else waits. A document whose file is another by the time that it is copied is written as the
journal had it at that moment, so files and journal agree as they did then.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from indexer.copying import Changed, Found, Listing, listing, opened
from indexer.values import Key, encode, revision_of
from kb.records import journal, portable, tombstones
from kb.records.journal import NoSuchRevision
from kb.records.tombstones import Tombstone
from kb.services.archive import FORMAT, Writer, is_plain_name, written_whole
from kb.services.lock import publish_lock
from kb.services.office import Office
from kb.services.purging import FILE as TOMBSTONES
from kb.settings import Settings, settings_text

#: Bytes of rows that go into one member.
_PART = 4 << 20
#: How often a backup begins anew because something was removed under its hands.
_TRIES = 3
#: The folders of KB_DATA that it takes.
FOLDERS = ("attachments", OUTBOX := "outbox")
#: The file in KB_VAR that is as old as the last backup.
LAST = "last-backup"

Progress = Callable[[str, int, int], None]


class NotToBeCopied(Exception):
    """The database or a folder is in no state to be copied; the text says what to do."""


class _Anew(Exception):
    """Something went away meanwhile that the snapshot still has."""


@dataclass
class Made:
    """What a backup holds, in figures, and what a person should know of it."""

    rows: int = 0
    documents: int = 0
    files: int = 0
    size: int = 0
    seconds: float = 0.0
    held: float = 0.0  # seconds that publishing had to wait
    told: list[str] = field(default_factory=list)


def back_up(
    office: Office, path: Path, *, replace: bool = False, progress: Progress | None = None
) -> Made:
    """Write a backup to `path`, whole or not at all, and give what is in it.

    Raises FileInTheWay, PublishingBusy, NotToBeCopied, OSError such as where the disk is full.
    """
    _require_place(office, path)
    began = time.monotonic()
    for tried in range(_TRIES):
        try:
            with written_whole(path, replace=replace) as file, Writer(file, time.time()) as writer:
                made = _Backup(office, writer, progress or _silent).make()
        except _Anew as reason:
            if tried + 1 == _TRIES:
                raise NotToBeCopied(
                    f"{reason} was changed or removed while it was copied, {_TRIES} times. Try"
                    " again when nobody changes it."
                ) from reason
            continue
        made.size = path.stat().st_size
        made.seconds = time.monotonic() - began
        _remember(office, path)
        return made
    raise AssertionError("unreachable")


def _remember(office: Office, path: Path) -> None:
    """Note when the last backup was made, for those who watch; not worth a failure."""
    with suppress(OSError):
        office.settings.var.mkdir(parents=True, exist_ok=True)
        (office.settings.var / LAST).write_text(f"{path.absolute()}\n", encoding="utf-8")


def last_backup(settings: Settings) -> datetime | None:
    """When the last backup was made, UTC; None where that is not known."""
    try:
        return datetime.fromtimestamp((settings.var / LAST).stat().st_mtime, UTC)
    except OSError:
        return None


def _silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


def _require_place(office: Office, path: Path) -> None:
    """Return unless the backup would be written into what it takes."""
    taken = [office.settings.content, *(office.settings.data / name for name in FOLDERS)]
    for folder in taken:
        if folder.resolve() in path.resolve().parents:
            raise NotToBeCopied(f"{path} would become a part of itself: name a place elsewhere.")
    if not office.settings.content.is_dir():
        raise NotToBeCopied(f"There is no content folder {office.settings.content}.")


class _Backup:
    """One try: what was found under the lock, and what was written since."""

    def __init__(self, office: Office, writer: Writer, progress: Progress) -> None:
        self.office = office
        self.writer = writer
        self.progress = progress
        self.made = Made()
        self.about: dict[str, Any] = {}

    def make(self) -> Made:
        """Write everything."""
        with ExitStack() as open_snapshot:
            with publish_lock(self.office):
                began = time.monotonic()
                snapshot = open_snapshot.enter_context(self.office.database.snapshot())
                revision = portable.revision_of_tables(snapshot)  # from here on it stays as it is
                self._list()
                self.made.held = time.monotonic() - began
            self._require_known(revision)
            self.public = journal.public_hashes(snapshot)
            self.stones = tombstones.tombstones(snapshot)
            self._describe(snapshot, str(revision))
            self._rows(snapshot, str(revision))
        self._content()
        self._data()
        self.writer.add("settings.txt", settings_text(self.office.settings).encode())
        self._require_nothing_purged()
        self.writer.close(self.about)
        return self.made

    def _list(self) -> None:
        settings = self.office.settings
        self.content = listing(settings.content)
        self.data = {name: listing(settings.data / name) for name in FOLDERS}
        stones = settings.data / TOMBSTONES
        self.stones_file = stones.read_bytes() if stones.is_file() else None

    def _require_known(self, revision: str | None) -> None:
        if revision is None:
            raise NotToBeCopied("The database has no tables yet: start the site first.")
        if not portable.known(revision):
            raise NotToBeCopied(
                f"The tables are of version {revision}, which this program does not know: use the"
                " one that the site runs with."
            )

    def _describe(self, snapshot: sa.Connection, revision: str) -> None:
        self.about = {
            "format": FORMAT,
            "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "version": version("sankofa"),
            "python": platform.python_version(),
            "engine": snapshot.dialect.name,
            "schema": revision,
            "left_out": sorted(portable.LEFT_OUT - {"alembic_version"}),
            "pending": len(journal.pending(snapshot)),
            "site": self.office.settings.site_name,
        }

    # Tables ----------------------------------------------------------------------------------

    def _rows(self, snapshot: sa.Connection, revision: str) -> None:
        tables = portable.tables_at(revision)
        total = sum(portable.count(snapshot, table) for table in tables)
        sums = {}
        for table in tables:
            summing = portable.Summing()
            part, lines, size = 0, [], 0
            for line in portable.lines(snapshot, table):
                summing.add(line)
                lines.append(line)
                size += len(line)
                if size > _PART:
                    part += 1
                    self._part(table.name, part, lines, total)
                    lines, size = [], 0
            if lines:
                self._part(table.name, part + 1, lines, total)
            sums[table.name] = vars(summing.sum())
        self.about["tables"] = sums

    def _part(self, table: str, number: int, lines: list[bytes], total: int) -> None:
        self.writer.add(f"database/{table}/{number:05}.jsonl", b"".join(lines))
        self.made.rows += len(lines)
        self.progress("rows", self.made.rows, total)

    # Files -----------------------------------------------------------------------------------

    def _content(self) -> None:
        apart = self.public.keys() - {found.key for found in self.content.files}
        for number, found in enumerate(self.content.files, 1):
            name = f"content/{found.name}"
            if not is_plain_name(name):
                self._leave_out(name)
            elif (key := found.key) is None:
                self._file(self.content, found, name)
            else:
                data = self._document(found, key)
                if data is not None:
                    self.writer.add(name, data)
                    self.made.documents += 1
                    if revision_of(data.decode("utf-8", "surrogateescape")) != self.public.get(key):
                        apart.add(key)
            self.progress("content", number, len(self.content.files))
        for name in self.content.links:
            self._leave_out(f"content/{name}")
        self.about["documents"] = self.made.documents
        self.about["apart"] = sorted("/".join(key) for key in apart)
        if apart:
            self.made.told.append(
                f"{len(apart)} documents were changed by hand since kb sync; they are kept so."
            )

    def _document(self, found: Found, key: Key) -> bytes | None:
        """Give a document as it was when the list was made; None where only a hand had it."""
        try:
            with opened(self.content.root, found) as file:
                return file.read()
        except Changed:
            if key not in self.public:
                return None
        with self.office.database.reading() as connection:
            try:
                return encode(journal.revision_of_hash(connection, key, self.public[key]).text)
            except NoSuchRevision as problem:
                raise _Anew(f"{key.kind}/{key.slug}") from problem

    def _data(self) -> None:
        for folder, listed in self.data.items():
            for found in listed.files:
                name = f"data/{folder}/{found.name}"
                if found.name.rpartition("/")[2].startswith("."):
                    continue  # somebody is just writing it
                if not is_plain_name(name):
                    self._leave_out(name)
                elif folder == OUTBOX:
                    self._letter(listed.root / found.name, name)
                else:
                    self._file(listed, found, name)
            for name in listed.links:
                self._leave_out(f"data/{folder}/{name}")
        if self.stones_file is not None:
            self.writer.add(f"data/{TOMBSTONES}", self.stones_file)

    def _letter(self, path: Path, name: str) -> None:
        """Add a letter, which is whole or gone; one that was sent meanwhile need not be kept."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        with os.fdopen(handle, "rb") as file:
            self.writer.add(name, file.read())
        self.made.files += 1

    def _file(self, listed: Listing, found: Found, name: str) -> None:
        try:
            with opened(listed.root, found) as file:
                self.writer.copy(name, file, found.size)
        except (Changed, EOFError) as problem:
            raise _Anew(name) from problem
        self.made.files += 1

    def _leave_out(self, name: str) -> None:
        self.made.told.append(f"{name!r} is left out: only plain files are kept.")

    def _require_nothing_purged(self) -> None:
        """Return when nothing was purged since; else the backup would bring it back."""
        with self.office.database.reading() as connection:
            now: tuple[Tombstone, ...] = tombstones.tombstones(connection)
        if now != self.stones:
            self.office.database.sweep()  # which the snapshot stood in the way of
            raise _Anew("A document that was purged")
