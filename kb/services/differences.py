"""Two things that should agree and do not; and the documents, as their files have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from indexer.errors import NoSuchDocument
from indexer.media import named_in
from indexer.store import Store
from indexer.values import Key, revision_of

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Difference:
    """Two things that do not agree: in which part, of what, in words, and what mends it."""

    part: str
    name: str
    detail: str
    mend: str


@dataclass
class Documents:
    """The revision of each document by its file, and the media that it shows."""

    hashes: dict[Key, str] = field(default_factory=dict)
    shown: dict[Key, set[str]] = field(default_factory=dict)


def read_documents(
    store: Store, progress: Progress | None = None, keys: Iterable[Key] | None = None
) -> Documents:
    """Read every document once, or those named alone."""
    found = Documents()
    keys = store.keys() if keys is None else list(keys)
    for number, key in enumerate(keys, 1):
        try:
            text = store.read(key)
        except NoSuchDocument:
            continue  # it went away meanwhile
        found.hashes[key] = revision_of(text)
        if used := named_in(text):
            found.shown[key] = used
        if progress and (number % 100 == 0 or number == len(keys)):
            progress("files", number, len(keys))
    return found


def name_of(key: Key) -> str:
    """Give the name of a document as it stands in a difference."""
    return "/".join(part for part in key if part)
