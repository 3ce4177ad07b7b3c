"""The pictures and documents of texts: brought into content/media/ when they become public.

The folder of attachments keeps everything that was given; content/media/ holds a copy of what
public texts show, today or in their history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import sqlalchemy as sa

from indexer.checking import missing_media
from indexer.document import Document
from indexer.errors import BadSlug, NoSuchDocument
from indexer.head import read, split
from indexer.media import Media, named_in, read_name
from indexer.store import Store
from indexer.values import Key, Problem
from kb.records import attachments, journal
from kb.records.journal import PUBLIC
from kb.services import shelf
from kb.services.office import Office

log = logging.getLogger("kb")

#: The status of a document whose texts and pictures are not for everybody any more.
GONE_FOR_ALL = "withdrawn"


# Becoming public -----------------------------------------------------------------------------


def bring(office: Office, text: str) -> list[Path]:
    """Copy what a text names into content/media/, and give the files that were not there before.

    It can be done again without harm. What is nowhere is passed over; raises OSError.
    """
    store, brought = Store(office.settings.content), list[Path]()
    for media in _media_in(text):
        lacking = [name for name in media.names if not store.has_media(name)]
        if not lacking:
            continue
        with office.database.reading() as connection:
            rows = attachments.of_file(connection, media.name)
        if not rows:
            continue
        files = shelf.files_of(office.settings, rows[0].hash, media)
        for name in lacking:
            try:
                made = store.add_media(name, files[name].read_bytes())
            except FileNotFoundError:
                log.warning("%s is not in the folder of attachments", name)
                continue
            brought += [made] if made else []
    return brought


def missing(office: Office, document: Document) -> tuple[Problem, ...]:
    """Give a problem for each picture or document that a text names and nobody has given."""
    store = Store(office.settings.content)

    def there(name: str) -> bool:
        if store.has_media(name):
            return True
        with office.database.reading() as connection:
            rows = attachments.of_file(connection, name)
        return any(shelf.path_of(office.settings, row.hash).is_file() for row in rows)

    return tuple(missing_media(document, there))


def files_in(office: Office, text: str) -> list[Path]:
    """Give the files below content/media/ that a text names."""
    store = Store(office.settings.content)
    names = [name for media in _media_in(text) for name in media.names]
    return [store.media(name) for name in names if store.has_media(name)]


def _media_in(text: str) -> Iterator[Media]:
    for name in sorted(named_in(text)):
        media = read_name(name)
        if media is not None:
            yield media


# Being public no more ------------------------------------------------------------------------


def let_go(office: Office, names: Collection[str]) -> list[Path]:
    """Take out of content/media/ what no public text needs, and give what the files were.

    Only what the folder of attachments still holds; names that others put there are left alone.
    A text that was withdrawn needs nothing, one that is just being published needs all it names.
    """
    store, gone = Store(office.settings.content), list[Path]()
    there = set(names) & store.media_names()
    with office.database.reading() as connection:
        held = {name for name in there if _is_held(office, connection, name)}
        left = held - _needed(office, connection, held) if held else held
    for name in sorted(left):
        media = read_name(name)
        removed = (store.remove_media(one) for one in (media.names if media else ()))
        gone += [path for path in removed if path is not None]
    return gone


def _is_held(office: Office, connection: sa.Connection, name: str) -> bool:
    rows = attachments.of_file(connection, name)
    return bool(rows) and shelf.path_of(office.settings, rows[0].hash).is_file()


def _needed(office: Office, connection: sa.Connection, names: set[str]) -> set[str]:
    """Give those names that a text needs which is public, was, or is becoming so."""
    found: set[str] = set()
    public: dict[Key, set[str]] = {}
    for use in attachments.texts_with_media(connection):
        named = named_in(use.text) & names
        if use.pending:
            found |= named
        elif named and use.event in PUBLIC:
            public.setdefault(use.key, set()).update(named)
    for key, named in public.items():
        if named - found and not _withdrawn_now(connection, key):
            found |= named
    if names - found:  # somebody may have written one into a file by hand
        for _, text in texts_of_files(office):
            if named_in(text) & (names - found) and not is_withdrawn(text):
                found |= named_in(text)
    return found


def _withdrawn_now(connection: sa.Connection, key: Key) -> bool:
    public = journal.public(connection, key)
    return public is not None and is_withdrawn(public.text)


def is_withdrawn(text: str) -> bool:
    """Tell whether a text says of itself that it was withdrawn, so that its pictures go too."""
    return read(split(text).head).values.get("status") == GONE_FOR_ALL


def delete(office: Office, media: Media) -> list[Path]:
    """Delete the files of a picture or document everywhere, and give those that were public."""
    shelf.remove(office.settings, media.hash)
    store = Store(office.settings.content)
    removed = [store.remove_media(name) for name in media.names]
    return [path for path in removed if path is not None]


# Where they are used -------------------------------------------------------------------------


def named_anywhere(office: Office) -> set[str]:
    """Give the names that stand in any text of the journal or of a file."""
    found: set[str] = set()
    with office.database.reading() as connection:
        for use in attachments.texts_with_media(connection):
            found |= named_in(use.text)
    for _, text in texts_of_files(office):
        found |= named_in(text)
    return found


def texts_of_files(office: Office) -> Iterator[tuple[Key, str]]:
    """Yield every document as its file has it."""
    store = Store(office.settings.content)
    for key in sorted(store.stamps()):
        try:
            yield key, store.read(key)
        except (NoSuchDocument, BadSlug):
            continue  # it went away meanwhile


def forget(office: Office, names: Collection[str], others: Callable[[str], bool]) -> list[Path]:
    """Delete for good what no `others` name; give what was public.

    Rows go with all that was said in them.
    """
    gone: list[Path] = []
    for name in sorted(names):
        if others(name):
            continue
        media = read_name(name)
        gone += delete(office, media) if media else []
        with office.database.reading() as connection:
            rows = attachments.of_file(connection, name)
        if rows:
            with office.database.erasing() as connection:
                attachments.remove(connection, rows)
    return gone
