"""What the journal holds: a row of it, a draft, and how any text fits into the database."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from indexer.values import Key, decode, encode

#: Events that tell how a document came to be what everybody can read. Those "on disk" were noticed
#: in the files; "renamed-on-disk" has the former slug as its message.
PUBLIC = (
    "published",
    "withdrawn",
    "archived",
    "reinstated",
    "created-on-disk",
    "changed-on-disk",
    "broken-on-disk",
    "renamed-on-disk",
    "removed-on-disk",
)
#: A text that was kept although it became neither the draft's nor the public one.
ASIDE = "set-aside"

#: Texts that somebody wrote in a draft, or joined there.
WRITTEN = ("begun", "saved", "autosaved", "restored", "merged", "resolved", "caught-up")
#: What reviewers decided. Such a row repeats the text that they decided of, which others wrote.
DECIDED = ("changes-requested", "approved", "rejected")

#: All events: those above, and those of drafts alone. "not-published" is a publication that a
#: change on disk overtook.
EVENTS = (
    *PUBLIC,
    ASIDE,
    "begun",
    "saved",
    "autosaved",
    "restored",
    "merged",
    "resolved",
    "caught-up",
    "submitted",
    "taken-back",
    "changes-requested",
    "approved",
    "rejected",
    "discarded",
    "not-published",
)

#: The states of a draft that is still on its way.
OPEN = ("draft", "submitted", "changes-requested", "approved")

# PostgreSQL holds no NUL, and neither database holds half a character: a byte that is not UTF-8,
# kept in a file that somebody broke. Such texts are stored as base64 behind this mark.
ENCODED = "\ufdd0base64:"
_PIECE = 400  # names or numbers in one question to the database

One = TypeVar("One")


class NoSuchDraft(LookupError):
    """No draft has this token."""


class NoSuchRevision(LookupError):
    """The journal holds no such text."""


@dataclass(frozen=True)
class Revision:
    """One row of the journal: a whole text, with who, when and why.

    `hash` names the text (the first 12 hex digits of the SHA-256 of its bytes) and `base` the one
    it was made from. A document that was removed has the text "" and the hash "". `author_id` is
    None and `author` "" where a file was changed by hand.
    """

    id: int
    draft_id: int | None
    kind: str
    slug: str
    lang: str
    text: str
    hash: str
    base: str | None
    event: str
    author_id: int | None
    author: str
    at: datetime
    message: str
    pending: bool

    @property
    def key(self) -> Key:
        """Which document it is of."""
        return Key(self.kind, self.slug, self.lang)


@dataclass(frozen=True)
class Draft:
    """A text in the making, with its newest revision.

    `base` is the public revision that it began from, None for a new document. `outdated` tells
    that another one is public by now. `outsider` is the name of whoever suggested it without an
    account, "" where its owner has one. `merged_with` is set by a save that found a text of
    somebody else and joined both: it is that person's name.
    """

    id: int
    token: str
    kind: str
    slug: str
    lang: str
    state: str
    base: str | None
    owner_id: int
    created_at: datetime
    updated_at: datetime
    note: str
    outsider: str = ""
    owner: str = ""
    co_author_ids: tuple[int, ...] = ()
    head: Revision | None = None
    outdated: bool = False
    merged_with: str = ""

    @property
    def key(self) -> Key:
        """Which document it is to become."""
        return Key(self.kind, self.slug, self.lang)

    @property
    def text(self) -> str:
        """The text as it was last saved, "" before the first save."""
        return self.head.text if self.head else ""

    @property
    def hash(self) -> str:
        """The name of that text, "" before the first save."""
        return self.head.hash if self.head else ""


def pieces(items: Iterable[One]) -> Iterator[list[One]]:
    """Cut names or numbers into pieces that one question to the database can hold."""
    rest = list(items)
    for first in range(0, len(rest), _PIECE):
        yield rest[first : first + _PIECE]


def clean(text: str) -> str:
    """Give a name or a message without what no database holds."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def stored(text: str) -> str:
    """Give a text as the database holds it; every text there is comes back by `read`."""
    data = encode(text)
    plain = b"\0" not in data and not text.startswith(ENCODED) and _is_utf8(data)
    return text if plain else ENCODED + base64.b64encode(data).decode("ascii")


def read(stored: str) -> str:
    """Give the text that was stored."""
    if not stored.startswith(ENCODED):
        return stored
    return decode(base64.b64decode(stored.removeprefix(ENCODED)))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
