"""The form by which a picture or a document is given, as a value; faults are told at its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage, MultiDict

from kb.forms.account import FormIncomplete
from kb.services.attaching import Upload
from kb.translation import gettext as _

#: The most characters of the name of a file, of what it shows, and of what stands below it.
NAME, ALT, CAPTION = 200, 300, 400
#: What turns the direction of a line, by which "gpj.exe" is made to look like "exe.jpg".
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Names of devices, which Windows cannot hold as files.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
#: What a telephone calls its pictures, and what a file is called anyhow.
_NO_WORDS = re.compile(
    r"(?:img|image|dsc|dscn|pxl|photo|picture|screenshot|whatsapp image|scan)?[\W\d_]*"
    r"|.*\.(?:jpe?g|png|webp|pdf|gif|heic)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FileForm:
    """What was sent: `files` is how many files there were, the first of which is here."""

    name: str = ""
    data: bytes = field(default=b"", repr=False)
    files: int = 0
    alt: str = ""
    caption: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str], files: MultiDict[str, FileStorage], most: int) -> FileForm:
        """The form as it was sent; no more than `most` bytes and one are read of a file."""
        every = [one for name in files for one in files.getlist(name) if one.filename]
        sent = [one for one in files.getlist("file") if one.filename]
        data = sent[0].stream.read(most + 1) if sent else b""
        for one in every:
            one.close()  # a large one is kept in a file without a name until then
        return cls(
            name=unicodedata.normalize("NFC", sent[0].filename or "") if sent else "",
            data=data,
            files=len(every),
            alt=_one_line(form.get("alt", "")),
            caption=_one_line(form.get("caption", "")),
        )

    @property
    def upload(self) -> Upload:
        """What the service is given, the name without what cannot be seen."""
        name = "".join(c for c in self.name if unicodedata.category(c) != "Cf")
        return Upload(name, self.data, self.alt, self.caption)

    def check(self) -> None:
        """Raises FormIncomplete."""
        problems = {"file": self._file(), "alt": self._alt(), "caption": self._caption()}
        found = {name: told for name, told in problems.items() if told}
        if found:
            raise FormIncomplete(found)

    def _file(self) -> str:
        if not self.files or not self.name:
            return _("Choose a file: a picture (PNG, JPEG or WebP) or a PDF.")
        if self.files > 1:
            return _("Send one file at a time, so that each gets words of its own.")
        return name_fault(self.name)

    def _alt(self) -> str:
        if not self.alt:
            return _("Say in a few words what the picture shows, or what the document is.")
        if len(self.alt) > ALT:
            return _("Use at most %(most)s characters; the text has room for more.", most=ALT)
        if _NO_WORDS.fullmatch(self.alt):
            return _("Say what it shows, in words: “Nurses at a radio in Aného”, not “IMG_0234”.")
        return ""

    def _caption(self) -> str:
        if len(self.caption) > CAPTION:
            return _("Use at most %(most)s characters; the text has room for more.", most=CAPTION)
        return ""


def name_fault(name: str) -> str:
    """What is wrong with the name of a file; "" where nothing is. It never becomes a path."""
    if len(name) > NAME:
        return _("The name of the file has more than %(most)s characters: shorten it.", most=NAME)
    if _TURNING.search(name):
        return _("The name of the file hides how it ends: give it a plain name.")
    if set(name) & set("/\\\0"):
        return _("The name of the file holds a path: give it a plain name, without / and \\.")
    if not all(c.isprintable() or unicodedata.category(c) == "Cf" for c in name):
        return _("The name of the file holds signs that cannot be seen: give it a plain name.")
    if name.startswith(".") or not name.strip(" ."):
        return _("The name of the file begins with a dot, as hidden files do: give it another one.")
    if _DEVICE.fullmatch(name):
        return _("Not every system can hold a file of this name: give it another one.")
    return ""


def _one_line(text: str) -> str:
    """Words on one line, without what cannot be seen."""
    normal = unicodedata.normalize("NFC", text)
    plain = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in normal)
    return " ".join(plain.split())


@dataclass(frozen=True)
class ShelfAsked:
    """What somebody looks for among the pictures and documents."""

    words: str = ""
    page: int = 1
    mine: bool = False
    added: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> ShelfAsked:
        """What the address asks for; what makes no sense is as if it were not there."""
        number = asked.get("page", "1")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
        words = " ".join(asked.get("q", "").split())[:200]
        return cls(words, page, asked.get("mine") == "1", asked.get("added", "")[:64])
