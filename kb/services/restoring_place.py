"""Where a backup is unpacked, and how it gets from there into its place, or leaves no trace."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from kb.services.archive import CHUNK, Reading
from kb.services.desk import PRIVATE, RESTORING
from kb.settings import Settings

#: Bytes that are left free on the disk.
_RESERVE = 50 << 20
#: Where the settings of the site that was backed up are put.
SETTINGS_FILE = "settings-of-the-backup.txt"


class NotEmpty(Exception):
    """The place holds something already; nothing was touched."""


class Place:
    """Where things are unpacked, and where they are moved when all is well."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.content = settings.content / RESTORING
        self.data = settings.data / RESTORING
        url = sa.make_url(settings.database)
        self.final_database = (
            Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        )
        self.staged_database = self.final_database and self.final_database.with_name(
            f"{RESTORING}-{self.final_database.name}"
        )
        self.database_url = (
            f"sqlite:///{self.staged_database.absolute()}"
            if self.staged_database
            else settings.database
        )
        self._moved: list[tuple[Path, Path]] = []

    def make(self) -> None:
        """Make the folders; that of KB_DATA says that a restore is going on."""
        self.settings.data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        self.settings.content.mkdir(parents=True, exist_ok=True)
        try:
            self.data.mkdir(mode=PRIVATE)
        except FileExistsError:
            raise NotEmpty("Another restore is going on.") from None
        self.content.mkdir()

    def room(self) -> int:
        """Give the bytes that may be unpacked, so that the disk is not filled."""
        folders = (self.settings.content, self.settings.data)
        return max(0, min(shutil.disk_usage(folder).free for folder in folders) - _RESERVE)

    def take(self, name: str, stream: Reading) -> None:
        """Write a member where it belongs, as a new file."""
        part, _, rest = name.partition("/")
        if part == "content":
            path, mode = self.content / rest, 0o644
        elif part == "data":
            path, mode = self.data / "data" / rest, 0o600
        else:
            path, mode = self.data / name, 0o600
        path.parent.mkdir(mode=0o755 if part == "content" else PRIVATE, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(handle, "wb") as file:
            while data := stream.read(CHUNK):
                file.write(data)

    def move(self) -> None:
        """Move everything into its place, the database last."""
        os.sync()
        (self.data / "data").mkdir(mode=PRIVATE, exist_ok=True)
        (self.data / "settings.txt").rename(self.data / "data" / SETTINGS_FILE)
        for staged, final in (
            (self.content, self.settings.content),
            (self.data / "data", self.settings.data),
        ):
            for one in sorted(staged.iterdir()):
                self._rename(one, final / one.name)
        if self.staged_database and self.final_database:
            self._rename(self.staged_database, self.final_database)
        os.sync()

    def _rename(self, old: Path, new: Path) -> None:
        old.rename(new)
        self._moved.append((old, new))

    def undo(self) -> None:
        """Take away what was moved."""
        for _, new in reversed(self._moved):
            shutil.rmtree(new) if new.is_dir() else new.unlink(missing_ok=True)

    def clear(self) -> None:
        """Take away what was unpacked, the mark of the restore last."""
        shutil.rmtree(self.content, ignore_errors=True)
        if self.staged_database:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self.staged_database.with_name(f"{self.staged_database.name}{suffix}").unlink(
                    missing_ok=True
                )
        shutil.rmtree(self.data, ignore_errors=True)


@contextmanager
def place_for(settings: Settings) -> Iterator[Place]:
    """Give the place, cleared of what was unpacked at the end, and of all where that was bad."""
    place = Place(settings)
    place.make()
    try:
        yield place
    except BaseException:
        place.undo()
        raise
    finally:
        place.clear()
