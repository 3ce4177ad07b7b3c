"""Removing what may not be kept: from journal, files, index and caches, with a tombstone.

The tombstone is put up first and names the texts by their hashes. Whatever brings one of them
back later, a crash half way or an old backup, `replay` takes away again. Another document that
gets the same name is left alone.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.errors import BadSlug, NoSuchDocument, StaleFile
from indexer.media import named_in
from indexer.store import check_slug
from indexer.values import revision_of
from kb.access import Person, require
from kb.records import attachments, journal, tombstones
from kb.records.database import now
from kb.records.tombstones import Tombstone
from kb.services import pinning
from kb.services.desk import Desk
from kb.services.lock import attach_lock, publish_lock
from kb.services.media import forget, texts_of_files
from kb.services.noticing import file_hash
from kb.services.office import note
from kb.services.versioning import GitRefused, commit, keeps_history

log = logging.getLogger("kb")

#: A copy of the tombstones beside the database, for when an old database is put in its place.
FILE = "tombstones.jsonl"


@dataclass(frozen=True)
class Purged:
    """What was removed. `in_git` tells that the content's Git repository still has it."""

    files: int
    revisions: int
    in_git: bool = False


def purge(desk: Desk, by: Person, slug: str, kind: str = "case", reason: str = "") -> Purged:
    """Remove a document in all its languages, with its history, drafts and translations.

    Raises NotAllowed, BadSlug, NoSuchDocument where nothing is known of it.
    """
    require(by, "purge")
    check_slug(slug)
    with publish_lock(desk):
        with desk.database.writing() as connection:
            texts = tombstones.texts_of(connection, kind, slug)
            for key in desk.library.store.keys(kind):
                if key.slug == slug:
                    texts.setdefault(key, set()).add(file_hash(desk, key) or "")
            if not texts:
                raise NoSuchDocument(f"there is no {kind} {slug}")
            stones = [
                Tombstone(*key, reason, frozenset(hashes), by.name, now())
                for key, hashes in sorted(texts.items())
            ]
            for stone in stones:
                tombstones.add(connection, stone)
            note(connection, by, "purged", f"{kind}/{slug}")
        _write(desk, stones)
        files, revisions, media = _take_away(desk, stones)
        return Purged(files, revisions, _forgotten_by_git(desk, stones, media, by, reason))


def replay(desk: Desk) -> list[str]:
    """Remove again what was purged and is back, and tell in words what that was."""
    with publish_lock(desk):
        stones = _all(desk)
        files, revisions, _ = _take_away(desk, stones)
    if not files and not revisions:
        return []
    return [f"{files} files and {revisions} revisions that had been purged were removed again"]


def _take_away(desk: Desk, stones: list[Tombstone]) -> tuple[int, int, list[Path]]:
    """Remove pictures, files, what the index has of them, and rows; each can be done again.

    Pictures go first, for the texts are what tells which these are. What packs keep of the texts
    goes too. Gives the numbers of files and rows, and the pictures and kept texts that were public.
    """
    media = _forget_media(desk, stones)
    kept = pinning.forget(desk, {name for stone in stones for name in stone.hashes})
    files = [stone for stone in stones if _remove_file(desk, stone)]
    indexed = [stone.key for stone in stones if _indexed(desk, stone)]
    if files or indexed:
        desk.library.purge({*indexed, *(stone.key for stone in files)})
    with desk.database.reading() as connection:
        there = [stone for stone in stones if tombstones.remains(connection, stone)]
    revisions = 0
    if there:
        with desk.database.erasing() as connection:
            for stone in there:
                revisions += tombstones.erase(connection, stone)
    kept += pinning.let_go(desk) if files else []
    return len(files) + len(kept), revisions, [*media, *kept]


def _forget_media(desk: Desk, stones: list[Tombstone]) -> list[Path]:
    """Remove the pictures and documents that no other text uses, whoever gave them."""
    texts: dict[int, str] = {}
    with desk.database.reading() as connection:
        for stone in stones:
            texts |= tombstones.texts_of_stone(connection, stone)
    doomed = {stone.key: stone.hashes for stone in stones}
    files = [
        desk.library.store.read(key)
        for key, hashes in doomed.items()
        if file_hash(desk, key) in hashes
    ]

    def others(name: str) -> bool:
        with desk.database.reading() as connection:
            if any(use.id not in texts for use in attachments.uses(connection, name)):
                return True
        return any(
            name in text and revision_of(text) not in doomed.get(key, ())
            for key, text in texts_of_files(desk)
        )

    names = set[str]().union(*map(named_in, [*texts.values(), *files]))
    if not names:
        return []
    with attach_lock(desk):
        return forget(desk, names, others)


def _remove_file(desk: Desk, stone: Tombstone) -> bool:
    found = file_hash(desk, stone.key)
    if found is None or found not in stone.hashes:
        return False
    try:
        desk.library.store.remove(stone.key, found)
    except (StaleFile, NoSuchDocument):  # changed or removed by hand just now
        return False
    return True


def _indexed(desk: Desk, stone: Tombstone) -> bool:
    try:
        record = desk.library.get(stone.key)
    except BadSlug:
        return False
    return record is not None and record["revision"] in stone.hashes


def _forgotten_by_git(
    desk: Desk, stones: list[Tombstone], media: list[Path], by: Person, reason: str
) -> bool:
    """Commit the removal where commits are made; tell whether older ones still have the text."""
    if desk.settings.git_commits:
        paths = [desk.library.store.path(stone.key) for stone in stones]
        row = journal.Revision(
            0, None, *stones[-1].key, "", "", None, "purged", by.id, by.name, now(), reason, False
        )
        try:
            commit(desk.settings, row, [*paths, *media])
        except GitRefused as why:
            log.warning("%s was purged, which is not committed: %s", stones[-1].slug, why)
    return keeps_history(desk.settings)


# The copy beside the database ---------------------------------------------------------------


def _write(desk: Desk, stones: list[Tombstone]) -> None:
    path = desk.settings.data / FILE
    with path.open("a", encoding="utf-8") as file:
        path.chmod(0o600)
        file.writelines(map(stone_line, stones))
        file.flush()
        os.fsync(file.fileno())


def _all(desk: Desk) -> list[Tombstone]:
    """Give all tombstones; those of the copy that the database has lost are put up again."""
    with desk.database.reading() as connection:
        known = list(tombstones.tombstones(connection))
    lost = [stone for stone in read_stones(desk.settings.data / FILE) if stone not in known]
    if lost:
        with desk.database.writing() as connection:
            for stone in lost:
                tombstones.add(connection, stone)
    return [*known, *lost]


def stone_line(stone: Tombstone) -> str:
    """Give a tombstone as a line of that file."""
    values = {**vars(stone), "hashes": sorted(stone.hashes), "at": stone.at.isoformat()}
    return json.dumps(values, ensure_ascii=False) + "\n"


def read_stones(path: Path) -> Iterator[Tombstone]:
    """Yield the tombstones of such a file; none where there is no file."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            values = json.loads(line)
            yield Tombstone(
                **{
                    **values,
                    "hashes": frozenset(values["hashes"]),
                    "at": datetime.fromisoformat(values["at"]),
                }
            )
        except (ValueError, TypeError, KeyError):
            continue  # a line that was cut short by a crash; the database has it
