"""Noticing what was done to one file by hand: the journal gets a row of its own for it."""

from __future__ import annotations

import sqlalchemy as sa

from indexer.document import parse
from indexer.errors import NoSuchDocument
from indexer.values import Key, revision_of
from kb.records import journal
from kb.records.journal import Revision
from kb.services.desk import Desk


def file_hash(desk: Desk, key: Key) -> str | None:
    """Give the revision of a file as it is now, None where there is none."""
    try:
        return revision_of(desk.library.store.read(key))
    except NoSuchDocument:
        return None


def notice(desk: Desk, connection: sa.Connection, key: Key) -> Revision | None:
    """Compare one file with the journal, write down the difference, and give what is public now.

    None where there is no such document. The caller holds the publish lock, so that a file which
    is just being published is not taken for a hand edit.
    """
    known = journal.public(connection, key)
    try:
        text = desk.library.store.read(key)
    except NoSuchDocument:
        if known is not None and known.hash:
            journal.append(connection, key, None, "removed-on-disk", base=known.hash)
        return None
    found = revision_of(text)
    if known is not None and known.hash == found:
        return known
    for row in journal.pending(connection):
        if row.key == key and row.hash == found:
            return row  # published, though not yet settled
    return write_down(desk, connection, key, text, known.hash if known else "")


def write_down(desk: Desk, connection: sa.Connection, key: Key, text: str, before: str) -> Revision:
    """Add the text of a file that is not what the journal had; `before` is what it had, or ""."""
    broken = parse(key, text, desk.library.vocabularies).errors
    event = "broken-on-disk" if broken else "changed-on-disk" if before else "created-on-disk"
    return journal.append(connection, key, text, event, base=before or None)


def public_text(desk: Desk, connection: sa.Connection, key: Key) -> Revision | None:
    """Give what is public of a document where file and journal agree; None where they do not."""
    known = journal.public(connection, key)
    return known if known is not None and known.hash == file_hash(desk, key) else None
