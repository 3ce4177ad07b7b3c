"""The small values that every part of the library speaks of: keys, problems, revisions."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import NamedTuple

MAX_SLUG = 80
REVISION = re.compile(r"[0-9a-f]{12}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Key(NamedTuple):
    """Which document: its kind, its slug, and the language if it is a translation."""

    kind: str  # case, pack or page
    slug: str
    lang: str = ""  # "" is the original, whatever its language; "fr" is <slug>.fr.md


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file, at one line (counted from 1) and one field."""

    line: int
    field: str  # "results[2].value" counts list items from 1; "body"; "front matter"
    message: str  # what is wrong and what would be right
    warning: bool = False

    def __str__(self) -> str:
        """Give "line: field: message"; the path before it is the caller's."""
        mark = "warning: " if self.warning else ""
        return f"{self.line}: {self.field}: {mark}{self.message}"


def revision_of(text: str) -> str:
    """Name a text: the first 12 hex digits of the SHA-256 of its bytes as a file."""
    return hashlib.sha256(encode(text)).hexdigest()[:12]


def encode(text: str) -> bytes:
    """Give the bytes of a text as a file; bytes that were not UTF-8 come back as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def decode(data: bytes) -> str:
    """Give the text of a file; bytes that are not UTF-8 are kept as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")
