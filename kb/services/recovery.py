"""Doing what a pending row of the journal promises: at once, or after a crash.

A publication is promised first (its row in the journal, `pending`), then done (pictures, file,
index, Git), then settled. Each step can be done twice without harm, so whoever finds a promise can
keep it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from indexer.errors import BadSlug, IndexBusy, IndexMissing, StaleFile
from indexer.media import named_in
from kb.records import journal
from kb.records.journal import Revision
from kb.services import media, metering, pinning
from kb.services.audience import tell_published
from kb.services.desk import Desk
from kb.services.lock import publish_lock
from kb.services.noticing import file_hash, notice
from kb.services.versioning import GitRefused, commit

log = logging.getLogger("kb")


def recover(desk: Desk) -> list[str]:
    """Finish what was interrupted, and tell in words what was done; nothing where all is well.

    A pending row is carried out when its file is still the one it was made from. Where somebody
    changed the file by hand meanwhile, both texts are kept, and the draft waits for a person.
    """
    with publish_lock(desk):
        return finish_pending(desk)


def finish_pending(desk: Desk) -> list[str]:
    """Do what `recover` does, for a caller that holds the publish lock."""
    with desk.database.reading() as connection:
        rows = journal.pending(connection)
    told = []
    for row in rows:
        name = f"{row.kind}/{row.slug} {row.lang}".strip()
        try:
            kept = promise_kept(desk, row)
        except (OSError, BadSlug) as problem:
            log.warning("%s could not be published: %s", name, problem)
            told.append(f"{name}: {row.hash} could not be published: {problem}")
            continue
        told.append(
            f"{name}: {row.hash} was published"
            if kept
            else f"{name}: the file was changed by hand while {row.hash} was being published;"
            " both are kept, and the draft waits for somebody to join them"
        )
    return told


def promise_kept(desk: Desk, row: Revision, state: str = "submitted") -> bool:
    """Carry out a pending row; False where the file is not the one that it was made from.

    Both texts are kept then: the file's in a row of its own, and the draft is in `state` again.
    So it is after a failure before the file was replaced, which is raised: OSError, BadSlug.
    """
    try:
        carry_out(desk, row)
    except StaleFile:
        put_back(desk, row, state)
        return False
    except (OSError, BadSlug):
        if file_hash(desk, row.key) != row.hash:
            put_back(desk, row, state)
        raise
    metering.published(row.event)
    return True


def carry_out(desk: Desk, row: Revision) -> None:
    """Replace the file, update the index, commit to Git where that is asked, settle the row.

    The pictures of the text come first, so that none is missing once it can be read, and what
    packs pin of the text before it; what nobody needs any more goes last. Where the index cannot
    be written now the row stays pending, to be finished later. Raises StaleFile, the file
    untouched, when it is neither the new one nor the one before.
    """
    withdrawn = media.is_withdrawn(row.text)
    if not withdrawn:
        media.bring(desk, row.text)
    kept = pinning.keep(desk, row)
    if file_hash(desk, row.key) != row.hash:
        desk.library.store.write(row.key, row.text, row.base)
    try:
        desk.library.update([row.key])
    except (IndexBusy, IndexMissing) as reason:
        log.warning("%s/%s is published but not yet indexed: %s", row.kind, row.slug, reason)
        return
    kept += pinning.let_go(desk, row)
    _commit(desk, row, [desk.library.store.path(row.key), *media.files_in(desk, row.text), *kept])
    with desk.database.writing() as connection:
        if journal.settle(connection, row):
            tell_published(connection, row)
    if withdrawn:
        _commit(desk, row, media.let_go(desk, named_in(row.text)))


def put_back(desk: Desk, row: Revision, state: str) -> None:
    """Say that a promised row was not published, and open its draft again in `state`.

    What is in the file instead gets its own row.
    """
    with desk.database.writing() as connection:
        journal.settle(connection, row, "not-published")
        if row.draft_id is not None:
            draft = journal.draft_of_id(connection, row.draft_id)
            journal.change_draft(connection, draft, state=state)
        notice(desk, connection, row.key)
    media.let_go(desk, named_in(row.text))
    pinning.let_go(desk, row)


def _commit(desk: Desk, row: Revision, paths: Sequence[Path]) -> None:
    if not desk.settings.git_commits or not paths:
        return
    try:
        commit(desk.settings, row, paths)
    except GitRefused as reason:  # the text is public and in the journal; Git can be mended
        log.warning("%s/%s was published but not committed: %s", row.kind, row.slug, reason)
