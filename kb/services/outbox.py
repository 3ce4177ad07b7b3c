"""The outbox: letters that no server took yet, sent again later, and those that were given up.

A letter is a file in KB_DATA/outbox. Its name tells since when it lies there, its time when it was
tried last; the wait between two tries grows with its age. What was given up lies in `failed/`,
with the reason beside it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from kb.records.database import now
from kb.services.mime import read

#: For how long a letter is tried.
GIVE_UP = timedelta(days=3)
#: The shortest and the longest wait between two tries.
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=6)
WHEN = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Lying:
    """A letter in the outbox. `reason` is "" unless it was given up."""

    path: Path
    to: str
    subject: str
    since: datetime
    reason: str = ""


# Laying down -------------------------------------------------------------------------------


def lay_down(data: Path, message: EmailMessage, name: str = "") -> Path:
    """Write a message into the outbox, whole or not at all; a second one of its name replaces it.

    Nobody else may read it.
    """
    folder = _folder(data)
    lying = sorted(folder.glob(f"*-{name}.eml")) if name else []
    return _write(lying[0] if lying else folder / _file_name(name), message)


def give_up(data: Path, message: EmailMessage, reason: str, name: str = "") -> Path:
    """Write a message where those lie that no server will ever take, with the reason."""
    path = _folder(data, "failed") / _file_name(name)
    _write_reason(path, reason)
    return _write(path, message)


def _folder(data: Path, *names: str) -> Path:
    folder = data.joinpath("outbox", *names)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _file_name(name: str) -> str:
    return f"{now().strftime(WHEN)}-{name or secrets.token_hex(4)}.eml"


def _write(path: Path, message: EmailMessage) -> Path:
    _write_whole(path, message.as_bytes())
    return path


def _write_reason(path: Path, reason: str) -> None:
    _write_whole(path.with_suffix(".txt"), f"{reason}\n".encode())


def _write_whole(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # so that the name, too, is there after a power cut
    finally:
        os.close(folder)


# Looking and trying again ------------------------------------------------------------------


def lying(data: Path) -> Iterator[Lying]:
    """The letters that wait, then those that were given up; nothing is made or changed."""
    for folder in (data / "outbox", data / "outbox" / "failed"):
        for path in sorted(folder.glob("*.eml")):
            reason = path.with_suffix(".txt")
            told = reason.read_text(encoding="utf-8").strip() if reason.is_file() else ""
            message = read(path)
            yield Lying(path, str(message["To"]), str(message["Subject"]), _since(path), told)


def how_many(data: Path) -> tuple[int, int]:
    """How many letters wait, and how many were given up."""
    folders = (data / "outbox", data / "outbox" / "failed")
    waiting, given_up = (sum(1 for _ in folder.glob("*.eml")) for folder in folders)
    return waiting, given_up


def put_back(data: Path) -> int:
    """Let all letters that were given up wait again, as if they were new; how many."""
    failed = sorted((data / "outbox" / "failed").glob("*.eml"))
    for path in failed:
        name = path.stem.split("-", 2)[-1]
        path.rename(_folder(data) / _file_name(name))
        path.with_suffix(".txt").unlink(missing_ok=True)
    return len(failed)


def due(data: Path, at: datetime) -> list[Path]:
    """The files of letters that are to be tried at a time (UTC), the longest untried first."""
    found = [
        (tried, path)
        for path in (data / "outbox").glob("*.eml")
        if at >= (tried := _tried(path)) + min(max(tried - _since(path), SHORTEST), LONGEST)
    ]
    return [path for _, path in sorted(found)]


def too_old(path: Path, at: datetime) -> bool:
    """Whether a letter was tried for long enough."""
    return at - _since(path) >= GIVE_UP


def tried(path: Path, at: datetime) -> None:
    """Note that a letter was tried, and not taken, at a time."""
    stamp = at.replace(tzinfo=UTC).timestamp()
    os.utime(path, (stamp, stamp))


def move_to_failed(data: Path, path: Path, reason: str) -> None:
    """Give a letter up that waited."""
    goal = _folder(data, "failed") / path.name
    _write_reason(goal, reason)
    path.replace(goal)


def _tried(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)


def _since(path: Path) -> datetime:
    """Since when a letter waits: as its name tells, else since it was tried last."""
    try:
        return datetime.strptime(path.name[:15], WHEN)
    except ValueError:
        return _tried(path)
