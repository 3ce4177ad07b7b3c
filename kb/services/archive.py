"""The file of a backup: a gzipped tar whose last members list all the others with their SHA-256.

    database/TABLE/00001.jsonl   rows, some thousand a member
    content/...                  every file of the content folder
    data/...                     attachments, letters, tombstones
    settings.txt                 NAME=value, without secrets
    manifest.json                what is in it, name -> [bytes, SHA-256]
    manifest.sha256              the same of the manifest, as sha256sum reads it

Nothing in it is believed when it is read: names, kinds, sizes and hashes are all looked at.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

#: Changes when a backup of before can no longer be read.
FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
#: How each file begins: gzip, no name, no time, so that one damaged bit of it is seen too.
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LEVEL = 6  # a higher one takes twice as long for two hundredths less
#: Bytes that are read at a time. A tar can say that a name has any length, and it would be kept in
#: memory: so no more than this is ever given at once.
CHUNK = 1 << 16
_MOST_MANIFEST = 512 << 20
#: A backup that grows more than this is made to fill a disk: text shrinks by 3 to 50.
_MOST_GROWTH, _FREE_OF_DOUBT = 200, 1 << 30
_MOST_PATH, _MOST_NAME = 1000, 255
#: What may be in a backup.
_KNOWN = re.compile(
    r"database/[a-z_]{1,60}/[0-9]{5,9}\.jsonl|content/.+|data/attachments/.+"
    r"|data/outbox/(?:failed/)?[^/]+\.(?:eml|txt)|data/tombstones\.jsonl|settings\.txt|manifest\.json|manifest\.sha256"
)

Files = dict[str, tuple[int, str]]


class FileInTheWay(Exception):
    """There is a file of this name already."""


class DamagedBackup(Exception):
    """The file is no backup, was damaged, or was made by somebody who means harm."""


class Reading(Protocol):
    """Something that bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes, none at the end."""


# Writing -------------------------------------------------------------------------------------


@contextmanager
def written_whole(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Give a file that gets its name when all went well, and is gone when anything did not.

    Nobody else may read it. Raises FileInTheWay unless it may `replace` a file.
    """
    if path.exists() and not replace:
        raise FileInTheWay(f"{path} is there already.")
    part = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Writer:
    """Writes members one after the other, and the list of them at the end."""

    def __init__(self, file: BinaryIO, at: float) -> None:
        """Write to `file`; `at` is the time that members bear."""
        self._zip = gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)
        self._tar = tarfile.TarFile(fileobj=self._zip, mode="w", format=tarfile.PAX_FORMAT)
        self._at = int(at)
        self.files: Files = {}

    def add(self, name: str, data: bytes) -> None:
        """Add a member of these bytes."""
        self.copy(name, io.BytesIO(data), len(data))

    def copy(self, name: str, source: Reading, size: int) -> None:
        """Add a member of the next `size` bytes of something; raises EOFError where it has less."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, self._at
        hashed = _Hashed(source)
        try:
            self._tar.addfile(member, hashed)
        except OSError as problem:
            if problem.errno is None:  # it is tarfile that says so, not the disk
                raise EOFError(name) from problem
            raise
        self._tar.members.clear()  # type: ignore[attr-defined] # it would keep every one
        self.files[name] = (size, hashed.digest.hexdigest())

    def close(self, about: Mapping[str, Any]) -> None:
        """Add the manifest, which says `about` it what is not in the list of files."""
        manifest = json.dumps({**about, "files": self.files}, indent=0).encode("ascii")
        self.add(MANIFEST, manifest)
        self.add(SEAL, f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode("ascii"))
        self._tar.close()
        self._zip.close()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let go of what was begun; the file it is in is thrown away by its owner."""
        if kind is not None:
            with suppress(OSError):
                self._zip.close()


class _Hashed:
    """Passes bytes on and keeps their hash."""

    def __init__(self, source: Reading) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = CHUNK, /) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


# Reading -------------------------------------------------------------------------------------

#: Is given the name and the bytes of each member as it comes, before it is known to be whole.
Take = Callable[[str, Reading], None]
Progress = Callable[[str, int, int], None]


def read_all(
    path: Path, take: Take, room: int | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Go through a backup once and give its manifest, when everything in it is as that says.

    `room` is how many bytes it may have unpacked. Raises DamagedBackup, with the reason.
    """
    packed = path.stat().st_size
    most = max(_FREE_OF_DOUBT, packed * _MOST_GROWTH)
    with path.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            raise DamagedBackup("it does not begin as a backup does")
        file.seek(0)
        source = _Source(file, most if room is None else min(most, room))
        try:
            with source, tarfile.open(fileobj=source, mode="r:") as tar:  # type: ignore[call-overload]
                found, manifest = _members(tar, take, lambda: _tell(progress, file, packed))
                source.finish()
        except DamagedBackup:
            raise
        except (
            tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile,
            ValueError, OverflowError, RecursionError, KeyError, TypeError, AttributeError,
        ) as problem:  # fmt: skip
            raise DamagedBackup(f"it cannot be read: {problem}") from problem
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as problem:
            raise DamagedBackup(f"it cannot be unpacked: {problem}") from problem
    return _checked(found, manifest)


def _tell(progress: Progress | None, file: BinaryIO, size: int) -> None:
    if progress:
        progress("backup", min(file.tell(), size), size)


def _members(
    tar: tarfile.TarFile, take: Take, tell: Callable[[], None]
) -> tuple[Files, dict[str, bytes]]:
    """Hand each member on; give the sizes and hashes of all, and the texts of the last two."""
    found: Files = {}
    ends: dict[str, bytes] = {}
    while (member := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined] # else every one would be kept
        _require_plain(member, found)
        stream = tar.extractfile(member)
        assert stream is not None
        hashed = _Hashed(stream)
        if member.name in (MANIFEST, SEAL):
            if member.size > _MOST_MANIFEST:
                raise DamagedBackup("its manifest is too large")
            ends[member.name] = b"".join(iter(hashed.read, b""))
        else:
            if ends:
                raise DamagedBackup(f"{member.name!r} comes after the manifest")
            take(member.name, hashed)
        if hashed.size != member.size:
            raise DamagedBackup(f"{member.name!r} is cut short")
        found[member.name] = (hashed.size, hashed.digest.hexdigest())
        tell()
    return found, ends


def _require_plain(member: tarfile.TarInfo, found: Files) -> None:
    """Return for a plain file with a name that a backup may hold; raises DamagedBackup."""
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse is not None:
        raise DamagedBackup(f"{member.name!r} is no plain file")
    if member.name in found:
        raise DamagedBackup(f"{member.name!r} is there twice")
    if not is_plain_name(member.name):
        raise DamagedBackup(f"{member.name!r} is no name for a file of a backup")
    if member.size < 0:
        raise DamagedBackup(f"{member.name!r} has no size")


def is_plain_name(name: str) -> bool:
    """Whether a name can be in a backup, and leads nowhere but below the folder it belongs to."""
    parts = name.split("/")
    return (
        _KNOWN.fullmatch(name) is not None
        and "\0" not in name
        and len(os.fsencode(name)) <= _MOST_PATH
        and all(len(os.fsencode(part)) <= _MOST_NAME for part in parts)
        and not any(part in ("", ".", "..") or _reserved(part) for part in parts)
    )


def _reserved(part: str) -> bool:
    """Whether a file of this name would be more than a file: Git runs what its folder says."""
    return part.lower() == ".git" or part.startswith(".restoring")


class _Source:
    """The unpacked bytes of a gzip file, read forwards, in pieces, and no more than allowed."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._zip = gzip.GzipFile(fileobj=file, mode="rb")
        self._most = most

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= CHUNK:
            raise DamagedBackup("a member says of itself more than can be")
        data = self._zip.read(size)
        if self._zip.tell() > self._most:
            raise DamagedBackup("unpacked it is larger than can be")
        return data

    def tell(self) -> int:
        return self._zip.tell()

    def seek(self, place: int) -> int:
        if place < self._zip.tell() or place > self._most:
            raise DamagedBackup("a member lies where none can be")
        return self._zip.seek(place)

    def finish(self) -> None:
        """Read to the end, where gzip tells whether all was right; nothing else may be there."""
        while data := self.read(CHUNK):
            if data.strip(b"\0"):
                raise DamagedBackup("something comes after its end")

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


def _checked(found: Files, ends: Mapping[str, bytes]) -> dict[str, Any]:
    """Give the manifest, if it is whole and tells of the very files that were found."""
    if set(ends) != {MANIFEST, SEAL}:
        raise DamagedBackup("it ends before its manifest")
    seal = f"{hashlib.sha256(ends[MANIFEST]).hexdigest()}  {MANIFEST}\n"
    if ends[SEAL] != seal.encode("ascii"):
        raise DamagedBackup("its manifest is not the one it was made with")
    try:
        manifest = json.loads(ends[MANIFEST])
        listed = {str(name): (int(size), str(digest))
                  for name, (size, digest) in manifest["files"].items()}  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise DamagedBackup(f"its manifest cannot be read: {problem}") from problem
    if manifest.get("format") != FORMAT:
        raise DamagedBackup(
            f"it is of the form {manifest.get('format')!r}, this program reads {FORMAT}"
        )
    for name in (MANIFEST, SEAL):
        found.pop(name)
    for name in sorted({*found, *listed}):
        if found.get(name) != listed.get(name):
            raise DamagedBackup(f"{name!r} is not what the manifest says")
    return dict(manifest)
