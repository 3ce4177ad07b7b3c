"""Files in a zip, so that the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container, Iterable
from datetime import date

#: Read by everybody, written by their owner, where files have such rights.
MODE = 0o100644 << 16
#: No date in a zip is older.
FIRST = date(1980, 1, 1)

File = tuple[str, bytes]


def zipped(files: Iterable[File], made: date, stored: Container[str] = ()) -> bytes:
    """The files in their order, each with one date; those `stored` are not pressed together."""
    day = max(made, FIRST)
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as zipper:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = MODE
            zipper.writestr(entry, content)
    return box.getvalue()
