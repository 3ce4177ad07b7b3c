"""What must be so afterwards: nothing lost, nothing waiting, files, journal and index agreeing."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from indexer.head import split
from indexer.library import Library
from indexer.store import Store
from indexer.values import Key, revision_of
from kb.forms.texts import shown_body
from kb.records import journal
from kb.records.revisions import find
from kb.services.desk import Desk, open_database
from kb.services.reconcile import start
from kb.settings import Settings
from tests.indexer.test_library import require_same
from tests.load.writing import Written

MARKS = (" saw it, number ", " wrote it, number ")


def losses(settings: Settings, written: Sequence[Written]) -> list[str]:
    """Every text or line that is not where it must be."""
    database = open_database(settings)
    try:
        with database.reading() as connection:
            rows = list(find(connection, sa.true(), oldest=True))
            waiting = journal.pending(connection)
            public = journal.public_hashes(connection)
            drafts = journal.drafts_in(connection, ("submitted", "approved"))
    finally:
        database.close()
    hashes = {row.hash for row in rows}
    bodies = {shown_body(split(row.text).body).rstrip("\n") for row in rows}
    store = Store(settings.content)
    return [
        *(f"a saved text is not in the journal: {name}"
          for one in written for name in one.hashes if name not in hashes),
        *(f"a text that was sent is not in the journal: …{body[-80:]!r}"
          for one in written for body in one.bodies if body.strip("\n") not in bodies),
        *(f"a promise was not kept: {row.key}" for row in waiting),
        *(f"a draft was never published: {draft.token}" for draft in drafts),
        *_lines(store, written),
        *(f"file and journal differ: {key}" for key in sorted(store.keys())
          if public.get(key) != revision_of(store.read(key))),
    ]  # fmt: skip


def _lines(store: Store, written: Sequence[Written]) -> Iterator[str]:
    slugs = {slug for one in written for slug in one.lines}
    for slug in sorted(slugs):
        wanted = Counter(line for one in written for line in one.lines.get(slug, ()))
        key = Key("case", slug)
        text = store.read(key) if store.path(key).exists() else ""
        found = Counter(
            line for line in text.splitlines() if any(mark in line for mark in MARKS)
            and not line.startswith("title:")
        )  # fmt: skip
        for line, times in wanted.items():
            if found[line] != times:
                yield f"{slug}: {found[line]} times instead of {times}: {line}"


def index_differs(settings: Settings) -> str:
    """Why the index is not that of the files as they are, "" where it is; the site has stopped."""
    library = Library.open(settings.content, settings.var, threads=1)
    database = open_database(settings)
    try:
        if not start(Desk(database, library, settings)).empty:
            return "the next start had something to put in order"
    finally:
        database.close()
    anew = settings.var.with_name("anew")
    anew.mkdir()
    shutil.copy(settings.var / "vectors.sqlite", anew)
    try:
        require_same(library, Library.open(settings.content, anew, threads=1))
    except AssertionError as difference:
        return f"an index built anew differs: {difference}"
    return ""
