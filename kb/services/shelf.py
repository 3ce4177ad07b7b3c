"""The folder of attachments: what people gave to the library, by the hash of its bytes.

It lies in KB_DATA, where a backup takes it along. A picture or document is the file
`<SHA-256 of its bytes>`, a smaller size of a picture `<the same>.<width>`.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.media import DIGITS, Media
from kb.services.cleaning.unfit import Cleaned
from kb.services.desk import PRIVATE
from kb.settings import Settings

FOLDER = "attachments"
#: Seconds that a file may lie there before it counts as left behind.
FRESH = 3600
_FILE = re.compile(r"([0-9a-f]{64})(?:\.([0-9]+))?", re.ASCII)


def hash_of(data: bytes) -> str:
    """Name bytes."""
    return hashlib.sha256(data).hexdigest()


def media_of(cleaned: Cleaned) -> Media:
    """Give what texts call a file that was cleaned."""
    main = cleaned.main
    start = hash_of(main.data)[:DIGITS]
    if main.width:
        return Media(start, main.width, main.height)
    return Media(start, kilobytes=max(1, round(len(main.data) / 1000)))


def path_of(settings: Settings, name: str, width: int = 0) -> Path:
    """Give the file of a hash, or of a smaller size of that picture; it need not be there."""
    return settings.data / FOLDER / (f"{name}.{width}" if width else name)


def files_of(settings: Settings, name: str, media: Media) -> dict[str, Path]:
    """Give where the files lie that belong to a picture or document, by their names in texts."""
    smaller = {media.smaller(width): path_of(settings, name, width) for width in media.widths}
    return {media.name: path_of(settings, name), **smaller}


def put(settings: Settings, cleaned: Cleaned) -> list[Path]:
    """Keep what was cleaned, each file whole, and give those that were not there before.

    Where one cannot be written none is kept; raises OSError.
    """
    name, made = hash_of(cleaned.main.data), list[Path]()
    (settings.data / FOLDER).mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    pieces = [(path_of(settings, name), cleaned.main.data)]
    pieces += [(path_of(settings, name, one.width), one.data) for one in cleaned.smaller]
    try:
        for path, data in pieces:
            if not path.exists():
                _write(path, data)
                made.append(path)
    except BaseException:
        drop(made)
        raise
    return made


def drop(paths: Sequence[Path]) -> None:
    """Delete files, those that are gone already too."""
    for path in paths:
        path.unlink(missing_ok=True)


def remove(settings: Settings, start: str) -> None:
    """Delete all files of a hash, or of the digits of it that stand in a name."""
    folder = settings.data / FOLDER
    drop([path for path, one in _files(folder) if one.startswith(start)])


def left_behind(settings: Settings, known: set[str]) -> list[Path]:
    """Give the files that belong to none of the hashes that are known, and are not quite new."""
    folder, before = settings.data / FOLDER, time.time() - FRESH
    return [
        path for path, one in _files(folder) if one not in known and path.stat().st_mtime < before
    ]


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file with the hash that it belongs to, "" for what a write left behind."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        found = _FILE.fullmatch(path.name)
        if path.is_file() and not path.is_symlink():
            yield path, found[1] if found else ""


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
