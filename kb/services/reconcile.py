"""Files against the journal: whatever was done by hand gets a row of its own, so nothing is lost.

`indexer.sync` compares files with the index; this is the other comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from indexer.document import parse
from indexer.errors import NoSuchDocument
from indexer.head import read, split
from indexer.values import Key
from kb.records import journal
from kb.records.journal import Revision
from kb.services.desk import Desk
from kb.services.lock import publish_lock
from kb.services.media import bring
from kb.services.noticing import notice
from kb.services.pinning import mend
from kb.services.purging import replay
from kb.services.recovery import finish_pending
from kb.services.stale import StaleEdit, joined_with_public

#: Documents whose rows are written in one transaction.
_BATCH = 200

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """What had been done by hand, and what a person is now asked.

    `renamed` are pairs of the old and the new key. `broken` are files that cannot be read, with
    their errors; the last good version stays public. `apart` are documents with an open draft that
    can no longer be joined by itself with what is public. `told` is the rest in words.
    """

    created: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()
    renamed: tuple[tuple[Key, Key], ...] = ()
    removed: tuple[Key, ...] = ()
    broken: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    apart: tuple[Key, ...] = ()
    told: tuple[str, ...] = ()
    first: bool = False  # the journal was empty, so that everything counts as created

    @property
    def empty(self) -> bool:
        """Whether files and journal agreed."""
        return not (self.created or self.changed or self.renamed or self.removed or self.told)


def start(
    desk: Desk, progress: Progress | None = None, files: Mapping[Key, str] | None = None
) -> Report:
    """Bring a desk in order at its start, and tell what there was to do.

    What a crash cut short is finished, what was purged stays purged, and what was done to the
    files meanwhile is in the journal. `files` are their revisions as the index has just found
    them, so that nobody has to look at all of them twice.
    """
    told = replay(desk)
    report = reconcile(desk, progress, None if told else files)
    return Report(**{**vars(report), "told": (*told, *report.told)})


def reconcile(
    desk: Desk, progress: Progress | None = None, found: Mapping[Key, str] | None = None
) -> Report:
    """Compare every file with the journal and write down each difference; the files stay.

    Where `found` tells their revisions, those alone are read that differ from the journal.
    """
    with publish_lock(desk):
        told = finish_pending(desk)
        left = desk.library.store.sweep()
        told += [f"{path.name}: left by a write that was cut short, removed" for path in left]
        files = desk.library.revisions() if found is None or told else found
        with desk.database.reading() as connection:
            known = journal.public_hashes(connection)
        if files is found:  # somebody may have published since
            apart = {key for key, _ in files.items() ^ known.items()}
            if apart:
                same = {key: name for key, name in files.items() if key not in apart}
                files = {**same, **desk.library.read_again(apart)}
        created = [key for key in files if key not in known]
        changed = [key for key in files if key in known and files[key] != known[key]]
        gone = [key for key in known if key not in files]
        renamed = tuple(_renamed(desk, created, gone, files, known))
        moved = {key for pair in renamed for key in pair}
        alone = [(key, key) for key in sorted({*created, *changed, *gone} - moved)]
        broken = _write_down(desk, [*renamed, *alone], progress)
        told += mend(desk)
        return Report(
            tuple(key for key in sorted(created) if key not in moved),
            tuple(sorted(changed)),
            renamed,
            tuple(key for key in sorted(gone) if key not in moved),
            broken,
            _apart(desk, {*changed, *gone, *(new for _, new in renamed)}),
            tuple(told),
            first=not known and bool(created),
        )


def _renamed(
    desk: Desk,
    created: Sequence[Key],
    gone: Sequence[Key],
    files: Mapping[Key, str],
    known: Mapping[Key, str],
) -> Iterator[tuple[Key, Key]]:
    """Give the documents that are there under another name: the same text, or an alias says so."""
    left = list(created) if gone else []
    for old in sorted(gone):
        for new in sorted(left):
            if (new.kind, new.lang) == (old.kind, old.lang) and (
                files[new] == known[old] or old.slug in _aliases(desk, new)
            ):
                left.remove(new)
                yield old, new
                break


def _aliases(desk: Desk, key: Key) -> list[object]:
    try:
        aliases = read(split(desk.library.store.read(key)).head).values.get("aliases")
    except NoSuchDocument:
        return []
    return aliases if isinstance(aliases, list) else []


def _write_down(
    desk: Desk, pairs: Sequence[tuple[Key, Key]], progress: Progress | None
) -> dict[Key, tuple[str, ...]]:
    """Write a row for each document, or pair of old and new name; give the broken ones."""
    broken: dict[Key, tuple[str, ...]] = {}
    texts: list[str] = []
    for first in range(0, len(pairs), _BATCH):
        some = pairs[first : first + _BATCH]
        with desk.database.writing() as connection:
            for old, new in some:
                row = _row(desk, connection, old, new)
                if row is not None and row.event != "removed-on-disk":
                    texts.append(row.text)
                    errors = parse(new, row.text, desk.library.vocabularies).errors
                    broken.update({new: tuple(map(str, errors))} if errors else {})
        if progress:
            progress("journal", first + len(some), len(pairs))
    for text in texts:
        bring(desk, text)  # somebody may have named a picture that was in no public text yet
    return broken


def _row(desk: Desk, connection: sa.Connection, old: Key, new: Key) -> Revision | None:
    """Write down what happened to one document, None where it is gone."""
    if old == new:
        return notice(desk, connection, new)
    before = journal.public(connection, old)
    text = _text(desk, new)
    if before is None or text is None:  # it went on changing meanwhile
        return notice(desk, connection, old) or notice(desk, connection, new)
    journal.rename_drafts(connection, old, new)
    row = journal.append(
        connection, new, text, "renamed-on-disk", base=before.hash, message=old.slug
    )
    journal.append(connection, old, None, "removed-on-disk", base=before.hash, message=new.slug)
    return row  # before the other, so that the history of the new name ends there with the old one


def _text(desk: Desk, key: Key) -> str | None:
    try:
        return desk.library.store.read(key)
    except NoSuchDocument:
        return None


def _apart(desk: Desk, keys: Collection[Key]) -> tuple[Key, ...]:
    """Give those documents with an open draft that needs a person to be joined."""
    found = set()
    with desk.database.reading() as connection:
        for draft in journal.drafts_in(connection, journal.OPEN) if keys else ():
            if draft.outdated and draft.key in keys:
                try:
                    joined_with_public(connection, draft)
                except StaleEdit:
                    found.add(draft.key)
    return tuple(sorted(found))
