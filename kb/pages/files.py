"""The pages about pictures and documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import Link, Turning
from kb.pieces.files import FileAsked, FileRow


@dataclass(frozen=True)
class FilesPage:
    """Pictures and documents to be used in texts, and the form by which one is given."""

    template: ClassVar[str] = "files/files.html"
    title: str
    form: FileAsked
    added: FileRow | None
    wrong: str
    uses: tuple[Link, ...]
    words: str
    mine: bool
    total: str
    rows: tuple[FileRow, ...]
    turning: Turning | None


@dataclass(frozen=True)
class PickerFragment:
    """The same beside a text that is being written, for whoever has script."""

    template: ClassVar[str] = "files/_picker.html"
    form: FileAsked
    words: str
    mine: bool
    total: str
    rows: tuple[FileRow, ...]
    turning: Turning | None
