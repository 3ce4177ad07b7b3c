"""A process that is killed at any line of publishing, and started again, has lost nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kb.app import ROOT
from tests.kb.desk.killing import SCENARIOS

#: The steps of a publication, as the text of the line that the process does not live to do.
STEPS = {
    "kb.services.publishing": (
        "notice(desk, connection, draft.key)",
        "row = _promise(",
        "write_down(connection, person, draft",
        "journal.change_draft(connection, draft, state=state",
        "if promise_kept(desk, row, before):",
    ),
    "kb.services.recovery": (
        "desk.library.store.write(row.key, row.text, row.base)",
        "desk.library.update([row.key])",
        "_commit(desk, row",
        "if journal.settle(connection, row):",
    ),
    "indexer.store": (
        "file.write(data)",
        "os.fsync(file.fileno())",
        "Path(name).replace(path)",
        "_sync_folder(path.parent)",
    ),
    "indexer.library": (
        "self.folder.publish(generation, state)",
        "self.folder.stamp(generation, files, gone)",
    ),
    "indexer.lexical": ("writer.commit(mergetype=policy)",),
    "indexer.indexfolder": ("temporary.rename(self.path",),
}


#: The making of the index, which each scenario comes to.
INSIDE = ("indexer.lexical", "indexer.segment", "indexer.semantic", "indexer.indexing")


def ask(home: Path, scenario: str, *at: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.kb.desk.killing", str(home), scenario],
        input="\n".join(at), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def prepared(desk_home: Path, root: Path, scenario: str) -> tuple[Path, list[str]]:
    """A desk on which a piece of work waits, and the lines that this work comes to."""
    home = Path(shutil.copytree(desk_home, root / "home"))
    (lines,) = ask(home, scenario)
    assert isinstance(lines, list), lines
    return home, lines


def require_nothing_lost(found: dict[str, Any]) -> None:
    assert found == {
        "at": found["at"],
        "killed": True,
        "done at once": found.get("done at once"),
        "pending": [],
        "apart": [],
        "left": [],
        "lost": [],
        "done in the end": True,
        "in the end": {"pending": [], "apart": [], "left": []},
        "quiet": True,
    }


def line_of(place: str) -> tuple[str, str]:
    module, number = place.split(":")
    path = ROOT / f"{module.replace('.', '/')}.py"
    return module, path.read_text(encoding="utf-8").splitlines()[int(number) - 1].strip()


def steps_of(lines: list[str], steps: Mapping[str, tuple[str, ...]] = STEPS) -> list[str]:
    """The lines of the steps above, each where the work comes to it."""
    chosen = []
    for module, texts in steps.items():
        for text in texts:
            places = [
                p for p in lines if line_of(p)[0] == module and line_of(p)[1].startswith(text)
            ]
            assert places, f"publishing does not come to {module}: {text}"
            chosen.append(places[0])
    return chosen


def test_killed_at_each_step_of_publishing(desk_home: Path, tmp_path: Path) -> None:
    home, lines = prepared(desk_home, tmp_path, "publish")
    steps = steps_of(lines)
    found = ask(home, "publish", *steps)
    for one in found:
        require_nothing_lost(one)
    finished = [one["done at once"] for one in found]
    # what was promised is kept by the next start; what was not is as if it had not begun
    assert finished[:5] == [False, False, False, False, True]
    assert all(finished[5:])


#: The steps of giving a picture and of making it public.
PICTURE_STEPS = {
    "attach": {
        "kb.services.attaching": ("with attach_lock", "row = attachments.add(", "return row"),
        "kb.services.shelf": ("os.fsync(file", "Path(name).replace(path)", "made.append(path)"),
        "kb.records.attachments": ("return find(connection, *mine)",),
    },
    "publish-picture": {
        "kb.services.media": ("made = store.add_media(", "brought +="),
        "kb.services.recovery": ("desk.library.store.write(", "desk.library.update("),
        "indexer.store": ("os.fsync(file.fileno())", "Path(name).replace(path)"),
    },
    "purge-picture": {
        "kb.services.media": ("shelf.remove(", "removed = [", "attachments.remove("),
        "kb.services.purging": ("files = [stone", "revisions = 0"),
    },
}


@pytest.mark.parametrize("scenario", PICTURE_STEPS)
def test_killed_at_each_step_with_a_picture(desk_home: Path, tmp_path: Path, scenario: str) -> None:
    home, lines = prepared(desk_home, tmp_path, scenario)
    for one in ask(home, scenario, *steps_of(lines, PICTURE_STEPS[scenario])):
        require_nothing_lost(one)


#: The steps by which a text that packs pin is kept, and let go.
PINNED_STEPS = {
    "publish-pinned": {
        "kb.services.pinning": ("store.add_pinned(", "written.append("),
        "kb.services.recovery": (
            "desk.library.store.write(", "kept += pinning.let_go(", "if journal.settle("
        ),
        "indexer.store": ("os.fsync(file.fileno())", "Path(name).replace(path)"),
    },
    "withdraw-pinned": {
        "kb.services.recovery": ("kept += pinning.let_go(", "if journal.settle("),
        "kb.services.pinning": ("removed = store.remove_pinned(",),
        "indexer.store": ("path.unlink(missing_ok=True)", "folder.rmdir()"),
    },
}  # fmt: skip


@pytest.mark.parametrize("scenario", PINNED_STEPS)
def test_killed_at_each_step_with_a_pack(desk_home: Path, tmp_path: Path, scenario: str) -> None:
    home, lines = prepared(desk_home, tmp_path, scenario)
    for one in ask(home, scenario, *steps_of(lines, PINNED_STEPS[scenario])):
        require_nothing_lost(one)


@pytest.mark.soak
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_killed_at_every_line(desk_home: Path, tmp_path: Path, scenario: str) -> None:
    home, lines = prepared(desk_home, tmp_path, scenario)
    if scenario != "publish":  # the inside of the index is the same in all of them
        lines = [place for place in lines if not place.startswith(INSIDE)]
    assert len(lines) > 80
    for one in ask(home, scenario, *lines):
        require_nothing_lost(one)
