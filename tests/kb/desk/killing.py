"""Work at a desk that is killed at a line of its code, and the start after it.

`python -m tests.kb.desk.killing FOLDER SCENARIO` reads lines of the form `MODULE:LINE` from its
standard input and prints for each what was found after the restart, as JSON. Without input it
prints the lines that the work comes to. Every process that works or starts is a fork of this one,
which itself never opens a model, a database or a thread.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from indexer.library import Library
from indexer.media import named_in
from indexer.values import Key, revision_of
from kb.access import CONSOLE, Person
from kb.records import attachments, journal, people
from kb.records.attachments import Attachment
from kb.services import editing, shelf
from kb.services.attaching import Upload, attach, sweep_attachments
from kb.services.desk import Desk
from kb.services.pinning import differences
from kb.services.publishing import publish, purge, set_status
from kb.services.reconcile import start
from kb.settings import Settings
from tests import desks, factories
from tests import uploads as up
from tests.desks import CASH, CROPS, WOMEN
from tests.indexer.test_library import require_same
from tests.people import add_person

#: Where the process is killed: at any line of these that the work comes to.
MODULES = (
    "kb.services.publishing", "kb.services.recovery", "kb.services.lock", "kb.services.noticing",
    "kb.services.purging", "kb.services.reconcile", "kb.records.revisions", "kb.records.drafts",
    "kb.records.database", "kb.records.tombstones", "kb.records.attachments",
    "kb.services.attaching", "kb.services.media", "kb.services.shelf", "kb.services.pinning",
    "indexer.store", "indexer.library",
    "indexer.indexfolder", "indexer.lexical", "indexer.segment", "indexer.indexing",
    "indexer.semantic",
)  # fmt: skip
SAFFRON = "\n## Lessons\n\nSaffron was too dear [1].\n"
NEW = Key("case", "radio-lessons")


@dataclass(frozen=True)
class Scenario:
    """Work that is prepared, done and cut short, and what must be so after the next start."""

    prepare: Callable[[Desk], None]
    work: Callable[[Desk], None]
    key: Key
    done: Callable[[Desk], bool] = field(default=lambda desk: True)


def _eva(desk: Desk) -> Person:
    with desk.database.reading() as connection:
        account = people.account_of(connection, "eva@example.org")
    assert account is not None
    return Person(account.id, account.name, account.email or "", account.role)


def _submitted(key: Key | None) -> Callable[[Desk], None]:
    def prepare(desk: Desk) -> None:
        add_person(desk.database, "editor", "Eva", "eva@example.org")
        ama = add_person(desk.database, "contributor", "Ama", "ama@example.org")
        if key is None:
            desks.new_case(desk, ama, "Radio lessons")
        else:
            desks.submitted(desk, ama, key, lambda text: text + SAFFRON)

    return prepare


def _waiting(desk: Desk) -> journal.Draft | None:
    with desk.database.reading() as connection:
        drafts = journal.drafts_in(connection, ("submitted",))
    return drafts[0] if drafts else None


def _publish(desk: Desk) -> None:
    draft = _waiting(desk)
    if draft is not None:
        publish(desk, _eva(desk), draft.token, "Good")


def _promise(desk: Desk) -> None:
    """A publication that was killed behind its first step, with much done by hand meanwhile."""
    _submitted(CROPS)(desk)
    draft = _waiting(desk)
    assert draft is not None
    with desk.database.writing() as connection:
        journal.append(
            connection, CROPS, draft.text, "published", base=draft.base, draft_id=draft.id,
            author="Eva", pending=True,
        )  # fmt: skip
        journal.change_draft(connection, draft, state="published")
    desks.by_hand(desk, WOMEN, desks.text_of(desk, WOMEN) + SAFFRON)
    desks.by_hand(desk, NEW, factories.case_text(title="Radio lessons"))
    for key in (CASH, CASH._replace(lang="fr")):
        path = desks.file_of(desk, key)
        path.rename(path.with_name(path.name.replace("cash", "money")))


def _given(desk: Desk) -> Attachment:
    return attach(desk, _eva(desk), Upload("map.png", up.png(600, 400), "A map of markets"))


def _with_picture(desk: Desk) -> None:
    """A text that waits to be published, with a picture that is in no public text yet."""
    add_person(desk.database, "editor", "Eva", "eva@example.org")
    ama = add_person(desk.database, "contributor", "Ama", "ama@example.org")
    line = f"\n![A map](media/{_given(desk).file})\n"
    desks.submitted(desk, ama, CROPS, lambda text: text + line)


def _public_picture(desk: Desk) -> None:
    """A public text with a picture, and a draft with another one."""
    _with_picture(desk)
    _publish(desk)


def _pinned(desk: Desk) -> None:
    """A text that waits to be published, of a case that a public pack pins as it is."""
    _submitted(CROPS)(desk)
    item = {"case": CROPS.slug, "revision": revision_of(desks.text_of(desk, CROPS))}
    with desk.database.reading() as connection:
        account = people.account_of(connection, "ama@example.org")
    assert account is not None
    ama = Person(account.id, account.name, account.email or "", account.role)
    pack = editing.begin(desk, ama, None, "pack", factories.pack_text(item))
    publish(desk, _eva(desk), editing.submit(desk, ama, pack.token).token)


def _left(desk: Desk) -> None:
    """A public case that has left the text which a pack keeps of it."""
    _pinned(desk)
    _publish(desk)


def _withdrawn(desk: Desk) -> None:
    set_status(desk, _eva(desk), CROPS, "withdrawn", "Because.")


def _purge(desk: Desk) -> None:
    if desks.file_of(desk, CROPS).exists():
        purge(desk, CONSOLE, "crop-prices")


SCENARIOS = {
    "publish-pinned": Scenario(_pinned, _publish, CROPS, lambda desk: _waiting(desk) is None),
    "withdraw-pinned": Scenario(
        _left,
        _withdrawn,
        CROPS,
        lambda desk: "status: withdrawn" in desks.text_of(desk, CROPS),
    ),
    "attach": Scenario(
        lambda desk: void(add_person(desk.database, "editor", "Eva", "eva@example.org")),
        lambda desk: void(_given(desk)),
        CROPS,
        lambda desk: bool(_rows(desk)),
    ),
    "publish-picture": Scenario(
        _with_picture, _publish, CROPS, lambda desk: _waiting(desk) is None
    ),
    "purge-picture": Scenario(
        _public_picture, _purge, CROPS, lambda desk: not desks.file_of(desk, CROPS).exists()
    ),
    "publish": Scenario(_submitted(CROPS), _publish, CROPS, lambda desk: _waiting(desk) is None),
    "publish-new": Scenario(_submitted(None), _publish, NEW, lambda desk: _waiting(desk) is None),
    "withdraw": Scenario(
        _submitted(CROPS),
        _withdrawn,
        CROPS,
        lambda desk: "status: withdrawn" in desks.text_of(desk, CROPS),
    ),
    "start": Scenario(_promise, lambda desk: void(start(desk)), CROPS),
    "purge": Scenario(
        _submitted(CROPS), _purge, CROPS, lambda desk: not desks.file_of(desk, CROPS).exists()
    ),
}


def _rows(desk: Desk) -> tuple[Attachment, ...]:
    with desk.database.reading() as connection:
        return attachments.find(connection)


def void(_: object) -> None:
    """Nothing."""


def settings_of(root: Path) -> Settings:
    """The settings of the desk in a folder."""
    return Settings(content=root / "content", data=root / "data", var=root / "var")


# Being killed -------------------------------------------------------------------------------


class Tracer:
    """Sees each line of some modules once, and kills the process at one of them."""

    def __init__(self, at: str = "", modules: tuple[str, ...] = MODULES) -> None:
        self.at = at
        self.modules = modules
        self.seen: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> Any:
        """Be the trace function of a frame, or of none of its lines."""
        name = frame.f_globals.get("__name__", "")
        if name not in self.modules:
            return None
        if event == "line":
            place = f"{name}:{frame.f_lineno}"
            self.seen[place] = None
            if place == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def work(root: Path, scenario: Scenario, at: str = "") -> list[str]:
    """Do the work of a scenario, to its end or until the line `at`, and give the lines it took."""
    tracer = Tracer(at)
    with desks.opened(settings_of(root), started=False) as desk:
        sys.settrace(tracer)
        scenario.work(desk)
        sys.settrace(None)
    return list(tracer.seen)


# The start after it -------------------------------------------------------------------------


def examine(root: Path, scenario: Scenario, before: set[str]) -> dict[str, Any]:
    """Start the desk again and tell what is there; then do the work to its end."""
    settings = settings_of(root)
    with desks.opened(settings) as desk:
        found: dict[str, Any] = {"done at once": scenario.done(desk), **_state(desk, before)}
        if scenario.work is _purge:
            found["lost"] = []
        scenario.work(desk)
        found["done in the end"] = scenario.done(desk)
        after = _state(desk, set())
        found["in the end"] = {name: after[name] for name in ("pending", "apart", "left")}
        found["quiet"] = start(desk).empty
        anew = root / "anew"
        anew.mkdir()
        shutil.copy(settings.var / "vectors.sqlite", anew)
        require_same(desk.library, Library.open(settings.content, anew, threads=1))
    return found


def _state(desk: Desk, before: set[str]) -> dict[str, Any]:
    """Tell what does not agree between files, journal and index, and what is lost or left over."""
    store = desk.library.store
    files = {key: revision_of(store.read(key)) for key in list(store.keys())}
    with desk.database.reading() as connection:
        pending = [row.hash for row in journal.pending(connection)]
        known = journal.public_hashes(connection)
    records = {key: desk.library.get(key) for key in {*files, *known}}
    indexed = {key: str(record["revision"]) for key, record in records.items() if record}
    apart = [
        str(key)
        for key in {*files, *known}
        if not files.get(key) == known.get(key) == indexed.get(key)
        and key.slug != "money-by-phone"  # its translation names the old slug, and is not valid
    ]
    texts = {row.hash for row in desks.rows(desk)}
    left = [path.name for path in desk.settings.content.rglob(".*.tmp")]
    left += _left_on_the_shelf(desk)
    apart += [
        name for key in files for name in named_in(store.read(key)) if not store.has_media(name)
    ]
    apart += [f"{one.name}: {one.detail}" for one in differences(store)]
    return {"pending": pending, "apart": apart, "left": left, "lost": sorted(before - texts)}


def _left_on_the_shelf(desk: Desk) -> list[str]:
    """Tell what files there are of which nothing is known once they are swept, and what is lost."""
    folder = desk.settings.data / shelf.FOLDER
    for path in folder.glob("*"):
        os.utime(path, (0, 0))
    sweep_attachments(desk)
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    known = {name for row in _rows(desk) for name in (row.hash, f"{row.hash}.480")}
    return sorted(there ^ known)


# One process after the other ----------------------------------------------------------------


def forked(do: Callable[[], Any]) -> Any:
    """Do something in a process of its own; None when that was killed."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        answer: Any
        try:
            answer = do()
        except BaseException as failure:  # told by the parent, so that nothing goes unseen
            answer = {"failure": f"{type(failure).__name__}: {failure}"}
        with os.fdopen(write, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    return json.loads(told)


def killed_at(home: Path, scenario: Scenario, at: str, before: set[str]) -> dict[str, Any]:
    """Do the work in a copy of `home`, killed at a line, and tell what the next start found."""
    root = home.with_name("copy")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(home, root)
    ended = forked(lambda: work(root, scenario, at))
    found: dict[str, Any] = forked(lambda: examine(root, scenario, before))
    return {"at": at, "killed": ended is None, **found}


def _prepared(root: Path, scenario: Scenario) -> list[str]:
    with desks.opened(settings_of(root)) as desk:
        scenario.prepare(desk)
        return [row.hash for row in desks.rows(desk)]


def main() -> None:
    """Print what happens at each line asked for, or all lines."""
    home, scenario = Path(sys.argv[1]), SCENARIOS[sys.argv[2]]
    asked = sys.stdin.read().split()
    if not asked:
        before = forked(lambda: _prepared(home, scenario))
        (home.parent / "before.json").write_text(json.dumps(before))
        root = home.with_name("dry")
        shutil.copytree(home, root)
        print(json.dumps(forked(lambda: work(root, scenario))))
        return
    before = set(json.loads((home.parent / "before.json").read_text()))
    for at in asked:
        print(json.dumps(killed_at(home, scenario, at, before)), flush=True)


if __name__ == "__main__":
    main()
