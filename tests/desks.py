"""Desks for tests: a library that may be changed, a database of its own, people who write."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from indexer.document import edit, parse
from indexer.library import Library
from indexer.values import Key
from kb.access import Person
from kb.records import journal, tables
from kb.records.journal import Draft, Revision
from kb.records.revisions import find
from kb.services import editing
from kb.services.desk import Desk, open_database
from kb.services.publishing import publish
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories

#: Name of the variable with the address of a PostgreSQL database, on which the tests of the desk
#: are then run. Each desk gets a schema of its own in it.
POSTGRESQL = "TEST_DATABASE_URL"
SLUGS = ("cash-by-phone", "cash-by-phone.fr", "crop-prices", "women-coders", "flood-warning")
CASH, CROPS, WOMEN = (
    Key("case", slug) for slug in ("cash-by-phone", "crop-prices", "women-coders")
)
#: The points of the checklist of cases that have to be seen to.
MUST = ["sources", "failure", "consent", "own-words"]
FRENCH = Key("case", "cash-by-phone", "fr")


def make_home(root: Path) -> Path:
    """Write a small content folder with its index, to be copied for each desk."""
    factories.content_folder(root / "content", {slug: factories.told(slug) for slug in SLUGS})
    Library.open(root / "content", root / "var", threads=1).encoder.rest()
    return root


def copy_home(home: Path, root: Path) -> Settings:
    """Give the settings of a desk in `root` with its own copy of the small library."""
    shutil.copytree(home, root, dirs_exist_ok=True)
    return Settings(content=root / "content", data=root / "data", var=root / "var",
                    database_url=own_schema())  # fmt: skip


def own_schema() -> str:
    """The address of a schema of its own in PostgreSQL; "" where SQLite is tested."""
    url = os.environ.get(POSTGRESQL, "")
    if not url:
        return ""
    name = f"desk_{uuid.uuid4().hex}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(name))
    engine.dispose()
    return f"{url}?options={quote(f'-csearch_path={name}')}"


def drop_schema(settings: Settings) -> None:
    """Remove what a desk left in PostgreSQL, where it was there."""
    url, _, options = settings.database_url.partition("?")
    if options:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            name = options.rpartition("%3D")[2]
            connection.execute(sa.schema.DropSchema(name, cascade=True))
        engine.dispose()


@contextmanager
def opened(settings: Settings, *, started: bool = True) -> Iterator[Desk]:
    """A desk as a process has it after its start."""
    library = Library.open(settings.content, settings.var, threads=1)
    desk = Desk(open_database(settings), library, settings)
    try:
        if started:
            start(desk)
        yield desk
    finally:
        desk.database.close()


def with_settings(desk: Desk, **changes: object) -> Desk:
    """The same desk under other settings."""
    return replace(desk, settings=replace(desk.settings, **changes))  # type: ignore[arg-type]


# What people do -----------------------------------------------------------------------------


def with_fields(text: str, **changes: object) -> str:
    """Give a text with other values in some fields of its front matter."""
    return edit(parse(CASH, text), changes).text


def wrote(desk: Desk, person: Person, key: Key, change: Callable[[str], str]) -> Draft:
    """The draft of a public document, after somebody changed its text."""
    draft = editing.begin(desk, person, key)
    return editing.save(desk, person, draft.token, change(draft.text), draft.hash)


def submitted(desk: Desk, person: Person, key: Key, change: Callable[[str], str]) -> Draft:
    """The same, handed in."""
    return editing.submit(desk, person, wrote(desk, person, key, change).token)


def new_case(desk: Desk, person: Person, title: str, **changes: object) -> Draft:
    """A draft of a new case that could be published, handed in."""
    text = factories.case_text(title=title, **changes)
    return editing.submit(desk, person, editing.begin(desk, person, None, text=text).token)


def made_public(
    desk: Desk, person: Person, editor: Person, key: Key, change: Callable[[str], str]
) -> Revision:
    """What is public after somebody changed a text and an editor published it."""
    return publish(desk, editor, submitted(desk, person, key, change).token)


# What is there ------------------------------------------------------------------------------


def file_of(desk: Desk, key: Key) -> Path:
    """The file of a document."""
    return desk.library.store.path(key)


def by_hand(desk: Desk, key: Key, text: str) -> None:
    """Somebody changes a file by hand."""
    file_of(desk, key).write_bytes(text.encode("utf-8", "surrogateescape"))


def text_of(desk: Desk, key: Key) -> str:
    """The text of a file as it is now."""
    return desk.library.store.read(key)


def draft_now(desk: Desk, draft: Draft) -> Draft:
    """A draft as it is now."""
    with desk.database.reading() as connection:
        return journal.draft(connection, draft.token)


def history(desk: Desk, key: Key) -> list[Revision]:
    """The public revisions of a document, oldest first."""
    with desk.database.reading() as connection:
        return list(reversed(journal.revisions(connection, key)))


def events(desk: Desk, key: Key) -> list[str]:
    """What happened to a document in public, oldest first."""
    return [row.event for row in history(desk, key)]


def rows(desk: Desk) -> list[Revision]:
    """Everything that is in the journal, oldest first."""
    with desk.database.reading() as connection:
        return list(find(connection, sa.true(), oldest=True))


def count(desk: Desk, table: sa.Table = tables.revision) -> int:
    """How many rows a table has."""
    with desk.database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
