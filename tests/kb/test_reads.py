"""No page opens more files than its kind may, nor the index more than once a state.

Counted by an audit hook of Python: every `open` and every look into a folder, whoever makes it.
What is read through maps of memory costs no opening. Questions to the database are counted too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from indexer.library import Library
from indexer.values import Key
from kb.app import create_app
from kb.markup import render
from kb.settings import Settings
from tests import factories
from tests.kb.conftest import CASES, PAGES, visitor
from tests.kinds import PAGE_KINDS, Kind

#: Other forms of what pages show, and files, with what they open.
FORMS = (
    Kind("a case as data", "", "/cases/cash-by-phone.json"),
    Kind("a case as its file", "", "/cases/cash-by-phone.md", reads=1),
    Kind("a picture", "", "/cases/cash-by-phone.png", reads=1),
    Kind("suggestions", "", "/suggest?q=cli"),
    Kind("sitemap", "", "/sitemap.xml"),
)
KINDS = tuple(kind for kind in (*PAGE_KINDS, *FORMS) if kind.small)
#: What the first page after an edit opens: the state, and the files of the segment that is new.
AFTER_AN_EDIT = 60


@dataclass
class Seen:
    """What was opened, how often the database was asked, and whether that is being watched."""

    files: list[str] = field(default_factory=list)
    questions: int = 0
    watched: bool = False


SEEN = Seen()


def _look(event: str, told: tuple[object, ...]) -> None:
    if not SEEN.watched:
        return
    # a number is a file that was opened before, and is only read through another object
    if event in ("open", "os.listdir", "os.scandir") and not isinstance(told[0], int):
        SEEN.files.append(str(told[0]))


def _count(*_told: object) -> None:
    SEEN.questions += SEEN.watched


sys.addaudithook(_look)
sa.event.listen(sa.Engine, "before_cursor_execute", _count)


@contextmanager
def watching() -> Iterator[Seen]:
    """What is opened within; nothing of before."""
    SEEN.files, SEEN.questions, SEEN.watched = [], 0, True
    try:
        yield SEEN
    finally:
        SEEN.watched = False


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_page_opens_as_many_files_as_its_kind_may_and_no_index(
    settings: Settings, library: Library, tmp_path: Path, kind: Kind
) -> None:
    client = visitor(create_app(replace(settings, var=tmp_path), library))
    first = client.get(kind.small)
    assert first.status_code == kind.status
    with watching() as seen:
        again = client.get(kind.small)
    assert (again.status_code, len(again.data)) == (first.status_code, len(first.data))
    assert len(seen.files) == kind.reads, seen.files
    assert seen.questions == kind.questions


def test_the_hook_sees_what_is_opened(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with watching() as seen:
        (tmp_path / "x").read_text()
        list(tmp_path.iterdir())
    assert len(seen.files) == 2


def test_after_an_edit_one_page_opens_the_index_once_and_the_next_ones_not_at_all(
    tmp_path: Path,
) -> None:
    root = factories.content_folder(tmp_path / "content", CASES)
    for name, text in PAGES.items():
        (root / "pages" / f"{name}.md").write_text(text, encoding="utf-8")
    settings = Settings(content=root, data=tmp_path / "data", var=tmp_path / "var")
    library = Library.open(root, settings.var)
    client = visitor(create_app(settings, library))
    writer = Library.open(root, settings.var)  # as another process does
    for kind in KINDS:
        client.get(kind.small)
    for number, kind in enumerate(PAGE_KINDS[:4]):
        text = factories.case_text(title=f"Money by telephone, edition {number}")
        (root / "cases" / "cash-by-phone.md").write_text(text, encoding="utf-8")
        writer.update([Key("case", "cash-by-phone")])
        with watching() as seen:
            assert client.get(kind.small).status_code == 200
        assert sum(path.endswith("CURRENT") for path in seen.files) <= 2, seen.files
        assert 0 < len(seen.files) <= AFTER_AN_EDIT, seen.files
        with watching() as seen:
            for other in PAGE_KINDS:
                if other.small:
                    client.get(other.small)
        assert seen.files == []


def test_a_text_is_rendered_once_a_revision(settings: Settings, library: Library) -> None:
    client = visitor(create_app(settings, library))
    for path in ("/cases/cash-by-phone", "/cases/cash-by-phone/fr", "/pages/about"):
        client.get(path)
        before = render.cache_info()
        client.get(path)
        after = render.cache_info()
        assert (after.misses, after.hits) == (before.misses, before.hits + 1)
