"""Many who write at once: every edit is in the journal, none is lost, the index is right."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.library import Library
from indexer.values import Key, revision_of
from kb.app import ROOT
from kb.records import journal
from kb.services import editing
from kb.services.desk import Desk
from kb.services.reconcile import start
from tests import desks
from tests.indexer.test_library import require_same
from tests.kb.desk.writers import Writer, person, prepare, shared_draft, write_at_once


def require_everything(desk: Desk, slugs: list[str], done: list[dict[str, Any]]) -> None:
    desk = desks.with_settings(desk, reviews=0)  # Eva publishes what she may write in too
    eva = person(desk, "Eva")
    for slug in slugs:
        token = shared_draft(desk, slug)
        editing.submit(desk, eva, token)
        Writer(desk, "Eva", slugs).publish(eva, token)
    rows = desks.rows(desk)
    hashes = {row.hash for row in rows}
    assert [name for one in done for name in one["sent"] if name not in hashes] == []
    for slug in slugs:
        text = desks.text_of(desk, Key("case", slug))
        lines = [line for one in done for line in one["lines"].get(slug, ())]
        assert sorted(line for line in text.splitlines(keepends=True) if " saw it, " in line) == (
            sorted(lines)
        )
        assert journal_of(desk, slug) == revision_of(text)
    assert start(desk).empty
    anew = desk.settings.var.with_name("anew")
    anew.mkdir()
    shutil.copy(desk.settings.var / "vectors.sqlite", anew)
    require_same(desk.library, Library.open(desk.settings.content, anew, threads=1))


def journal_of(desk: Desk, slug: str) -> str:
    with desk.database.reading() as connection:
        assert journal.pending(connection) == ()
        found = journal.public(connection, Key("case", slug))
    assert found is not None
    return found.hash


def test_some_who_write_at_once(desk: Desk) -> None:
    names = ["Ama", "Ben", "Cleo"]
    slugs = prepare(desk, names, 2)
    done = write_at_once(desk, names, 4, slugs)
    require_everything(desk, slugs, [vars(one) for one in done])


@pytest.mark.soak
def test_ten_writers_save_two_hundred_edits_to_twenty_cases_from_two_processes(desk: Desk) -> None:
    names = [f"Writer{number}" for number in range(10)]
    slugs = prepare(desk, names, 20)
    root = str(Path(desk.settings.content).parent)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.kb.desk.writers", root, desk.settings.database_url,
             ",".join(some), "20", ",".join(slugs)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for some in (names[:5], names[5:])
    ]  # fmt: skip
    told = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    done = [one for text in told for one in json.loads(text)]
    assert sum(len(lines) for one in done for lines in one["lines"].values()) == 200
    require_everything(desk, slugs, done)
