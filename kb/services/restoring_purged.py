"""What was purged stays away when a backup comes back: texts, pictures, what was said of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from indexer.media import MEDIA, named_in, read_name
from indexer.store import Store
from indexer.values import Key
from kb.records import attachments, tombstones
from kb.records.tombstones import Tombstone
from kb.services.desk import PRIVATE
from kb.services.differences import Documents, read_documents
from kb.services.purging import FILE, read_stones, stone_line
from kb.services.restoring_place import Place


def own_stones(place: Place) -> list[Tombstone]:
    """The tombstones that are in the backup itself."""
    return list(read_stones(place.data / "data" / FILE))


def purge_again(connection: sa.Connection, place: Place, stones: list[Tombstone]) -> int:
    """Take away what was purged, files, pictures and rows, and keep its tombstones; how many."""
    known = set(tombstones.tombstones(connection))
    everything = {*known, *stones}
    for stone in everything - known:
        tombstones.add(connection, stone)
    store = Store(place.content)
    documents = read_documents(store) if everything else Documents()
    doomed = {
        stone.key: documents.hashes[stone.key]
        for stone in everything
        if documents.hashes.get(stone.key) in stone.hashes
    }
    gone = _purge_media(connection, place, everything, documents, doomed)
    for key, name in doomed.items():
        store.remove(key, name)
    for stone in everything:
        if tombstones.remains(connection, stone):
            gone += tombstones.erase(connection, stone)
    _keep_stones(place, tombstones.tombstones(connection))
    return gone + len(doomed)


def _purge_media(
    connection: sa.Connection,
    place: Place,
    stones: Iterable[Tombstone],
    documents: Documents,
    doomed: Mapping[Key, str],
) -> int:
    """Take away the pictures that only purged texts show, and what was said of them."""
    texts: dict[int, str] = {}
    for stone in stones:
        texts |= tombstones.texts_of_stone(connection, stone)
    lost = {key: shown for key, shown in documents.shown.items() if key in doomed}
    kept = {key: shown for key, shown in documents.shown.items() if key not in doomed}
    names = set[str]().union(*map(named_in, texts.values()), *lost.values())
    gone = 0
    for name in names - set[str]().union(*kept.values()):
        media = read_name(name)
        others = (use for use in attachments.uses(connection, name) if use.id not in texts)
        if media is None or next(others, None) is not None:
            continue
        paths = [place.content / MEDIA / one for one in media.names]
        paths += (place.data / "data" / "attachments").glob(f"{media.hash}*")
        for path in paths:
            gone += path.exists()
            path.unlink(missing_ok=True)
        attachments.remove(connection, attachments.of_file(connection, name))
    return gone


def _keep_stones(place: Place, stones: Sequence[Tombstone]) -> None:
    if stones:
        path = place.data / "data" / FILE
        path.parent.mkdir(mode=PRIVATE, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(map(stone_line, stones))
