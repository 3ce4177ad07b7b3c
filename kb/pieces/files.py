"""What the pages about pictures and documents are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileRow:
    """A picture or document: `line` is what a text writes to show it.

    `picture` is the address of a small size of it, "" for a document; `remove_url` is "" where
    whoever looks may not remove it.
    """

    id: str
    alt: str
    caption: str
    line: str
    url: str
    picture: str
    width: int
    height: int
    facts: str
    remove_url: str


@dataclass(frozen=True)
class FileAsked:
    """The form by which something is given, as it was sent; what is wrong stands at its fields."""

    alt: str
    caption: str
    hint: str
    most: int
    too_large: str
    file_fault: str
    alt_fault: str
    caption_fault: str
    fault: str
