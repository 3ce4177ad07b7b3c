"""Everything that lies in a folder, for a copy of it: named, stamped, read only while the same.

Links are never followed, and what is neither a file nor a folder is left out.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from indexer.errors import BadSlug
from indexer.store import KINDS, key_of
from indexer.values import Key

#: What a copy leaves out: the history that Git keeps, and what a write has not finished.
_LEFT = re.compile(r"\.git|\.restoring|\..+\.tmp", re.IGNORECASE)

Stamp = tuple[int, int, int]  # which file, when it was changed in ns, its size in bytes


class Changed(Exception):
    """A file was changed or removed while it was being copied."""


class Found(NamedTuple):
    """A file, its name relative to the folder with "/" between the parts, and its stamp."""

    name: str
    stamp: Stamp

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.stamp[2]

    @property
    def key(self) -> Key | None:
        """Which document of a content folder it is, None when it is another file."""
        folder, slash, name = self.name.partition("/")
        if not slash or folder not in KINDS:
            return None
        try:
            return key_of(KINDS[folder], name)
        except BadSlug:
            return None


@dataclass(frozen=True)
class Listing:
    """What lies in a folder, in order; `links` are the names of what is left out as no file."""

    root: Path
    files: tuple[Found, ...]
    links: tuple[str, ...]


def listing(root: Path) -> Listing:
    """List all files of a folder and of those below; nothing where there is no such folder."""
    files: list[Found] = []
    links: list[str] = []
    for name, entry in _entries(str(root), ""):
        if entry.is_file(follow_symlinks=False):
            try:
                files.append(Found(name, _stamp(entry.stat(follow_symlinks=False))))
            except FileNotFoundError:
                continue  # it went away just now
        else:
            links.append(name)
    return Listing(root, tuple(sorted(files)), tuple(sorted(links)))


def _entries(folder: str, above: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        found = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in found:
        if _LEFT.fullmatch(entry.name):
            continue
        name = f"{above}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path, f"{name}/")
        else:
            yield name, entry


@contextmanager
def opened(root: Path, found: Found) -> Iterator[BinaryIO]:
    """Open a file that was listed; raises Changed when it is not the same, before or after."""
    path = root / found.name
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as problem:
        raise Changed(found.name) from problem
    with os.fdopen(handle, "rb") as file:
        if _stamp(os.fstat(handle)) != found.stamp:
            raise Changed(found.name)
        yield file
        if _stamp(os.fstat(handle)) != found.stamp:
            raise Changed(found.name)


def _stamp(found: os.stat_result) -> Stamp:
    if not stat.S_ISREG(found.st_mode):
        return (0, 0, -1)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
