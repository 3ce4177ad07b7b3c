"""What may not be kept is gone from everywhere, and stays gone."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from indexer.errors import BadSlug, NoSuchDocument
from indexer.query import Query
from indexer.values import revision_of
from kb.access import CONSOLE, NotAllowed, Person
from kb.records import tables, tombstones
from kb.records.database import now
from kb.records.journal import Draft
from kb.services import editing
from kb.services.desk import Desk
from kb.services.editing import NoSuchDraft
from kb.services.notices import notify
from kb.services.office import note
from kb.services.publishing import publish, purge
from kb.services.purging import FILE, replay
from kb.services.reconcile import start
from tests import desks, factories
from tests.desks import CASH, CROPS, FRENCH, WOMEN
from tests.kb.desk.test_publishing import agree, found
from tests.kb.desk.test_reconcile import kb, synced

SECRET = "Xylophonist Quetzalcoatl"
TELLING = f"\n## Lessons\n\n{SECRET} lives in the third house [1].\n"


def told_everywhere(desk: Desk, ama: Person, ben: Person, eva: Person) -> Draft:
    """A case whose texts, old and new, in drafts and in public, tell something unlawful."""
    desks.made_public(desk, ama, eva, CASH, lambda text: text + TELLING)
    desks.made_public(desk, ama, eva, CASH, lambda text: text + "\nMore.\n")
    desks.made_public(desk, ama, eva, FRENCH, lambda text: text + f"\n{SECRET} en français.\n")
    draft = desks.wrote(desk, ben, CASH, lambda text: text + f"\n{SECRET} again.\n")
    editing.add_co_author(desk, ben, draft.token, ama.email)
    with desk.database.writing() as connection:
        for subject in (f"draft/{draft.token}", "case/cash-by-phone", "case/cash-by-phone/fr"):
            notify(connection, eva, "comment", [ama.id or 0], subject, message=SECRET)
            note(connection, eva, "rejected", subject, f"It tells where {SECRET} lives.")
    return draft


def traces(desk: Desk, *words: str) -> list[str]:
    """The files of the desk in which a word still stands, whatever kind they are of."""
    folders = (desk.settings.content, desk.settings.data, desk.settings.var)
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        and any(word.encode() in path.read_bytes().lower() for word in map(str.lower, words))
    ]


def test_every_copy_is_gone(
    desk: Desk, ama: Person, ben: Person, eva: Person, otto: Person
) -> None:
    draft = told_everywhere(desk, ama, ben, eva)
    assert traces(desk, SECRET)
    vectors = desk.settings.var / "vectors.sqlite"
    with closing(sqlite3.connect(vectors)) as cache:
        (before,) = cache.execute("SELECT count(*) FROM vector").fetchone()
    gone = purge(desk, otto, "cash-by-phone", reason="A court said so")
    assert (gone.files, gone.in_git) == (2, False)
    assert gone.revisions > 10
    assert not desks.file_of(desk, CASH).exists()
    assert found(desk, "quetzalcoatl") == set()
    assert desk.library.get(CASH) is None
    with pytest.raises(NoSuchDraft):
        editing.open_draft(desk, ben, draft.token)
    assert desks.count(desk, tables.co_author) == 0
    assert traces(desk, SECRET, "quetzalcoatl") == []
    with closing(sqlite3.connect(vectors)) as cache:
        (after,) = cache.execute("SELECT count(*) FROM vector").fetchone()
    assert after < before


def test_everything_else_stays(
    desk: Desk, ama: Person, ben: Person, eva: Person, otto: Person
) -> None:
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + "\nSaffron.\n")
    other = desks.wrote(desk, ama, WOMEN, lambda text: text + "\nMore.\n")
    told_everywhere(desk, ama, ben, eva)
    kept = [row for row in desks.rows(desk) if row.slug != "cash-by-phone"]
    purge(desk, otto, "cash-by-phone")
    assert desks.rows(desk) == kept
    assert desks.draft_now(desk, other) == other
    assert found(desk, "saffron") == {"crop-prices"}
    assert desk.library.search(Query("how do peasants know prices")).hits
    agree(desk, CROPS)
    assert start(desk).empty


def test_a_tombstone_tells_who_when_and_why_but_not_what(
    desk: Desk, ama: Person, ben: Person, eva: Person, otto: Person
) -> None:
    told_everywhere(desk, ama, ben, eva)
    hashes = {row.hash for row in desks.history(desk, CASH)}
    purge(desk, otto, "cash-by-phone", reason="A court said so")
    with desk.database.reading() as connection:
        stones = tombstones.tombstones(connection)
        rows = sa.select(tables.event).order_by(tables.event.c.id)
        event = connection.execute(rows).mappings().all()[-1]
    assert [stone.key for stone in stones] == [CASH, FRENCH]
    assert {(stone.by, stone.reason) for stone in stones} == {("Otto", "A court said so")}
    assert hashes <= stones[0].hashes
    assert (event["name"], event["action"], event["subject"]) == (
        "Otto", "purged", "case/cash-by-phone",
    )  # fmt: skip
    assert (desk.settings.data / FILE).stat().st_mode & 0o777 == 0o600


def test_that_something_happened_to_it_stays_in_the_events_without_what_was_said(
    desk: Desk, ama: Person, ben: Person, eva: Person, otto: Person
) -> None:
    told_everywhere(desk, ama, ben, eva)
    with desk.database.reading() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(tables.event)).scalar()
    purge(desk, otto, "cash-by-phone")
    with desk.database.reading() as connection:
        rows = connection.execute(sa.select(tables.event)).mappings().all()
    assert len(rows) == (before or 0) + 1
    assert [row["detail"] for row in rows if row["action"] == "rejected"] == [""] * 3


def test_an_old_backup_brings_nothing_back(
    desk: Desk, ama: Person, ben: Person, eva: Person, otto: Person, tmp_path: Path
) -> None:
    told_everywhere(desk, ama, ben, eva)
    content = Path(shutil.copytree(desk.settings.content, tmp_path / "content"))
    with desk.database.reading() as connection:
        old = {
            table: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in (tables.draft, tables.co_author, tables.revision)
        }
    purge(desk, otto, "cash-by-phone")
    shutil.copytree(content, desk.settings.content, dirs_exist_ok=True)
    with desk.database.writing() as connection:
        for table in (tables.tombstone, tables.revision, tables.co_author, tables.draft):
            connection.execute(sa.delete(table))
        for table, values in old.items():
            connection.execute(sa.insert(table), values)
    assert desks.file_of(desk, CASH).exists()
    (told, *_) = synced(desk).told
    assert told.startswith("2 files and ")
    assert not desks.file_of(desk, CASH).exists()
    assert traces(desk, SECRET, "quetzalcoatl") == []
    assert replay(desk) == []
    agree(desk, CROPS)


def test_another_document_may_have_the_name_later(
    desk: Desk, ama: Person, eva: Person, otto: Person
) -> None:
    purge(desk, otto, "crop-prices")
    text = factories.case_text(title="Crop prices")
    desks.by_hand(desk, CROPS, text)
    assert synced(desk).created == (CROPS,)
    assert desks.text_of(desk, CROPS) == text
    agree(desk, CROPS)
    draft = desks.new_case(desk, ama, "Women coders")
    purge(desk, otto, "women-coders-2")
    with pytest.raises(NoSuchDraft):
        publish(desk, eva, draft.token)
    agree(desk, WOMEN)


def test_what_had_another_name_once_is_gone_under_that_too(
    desk: Desk, ama: Person, eva: Person, otto: Person
) -> None:
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + TELLING)
    new = CROPS._replace(slug="market-prices")
    desks.file_of(desk, CROPS).rename(desks.file_of(desk, new))
    synced(desk)
    reused = factories.case_text(title="Another case of that name")
    desks.by_hand(desk, CROPS, reused)
    synced(desk)
    open_one = desks.wrote(desk, ama, CROPS, lambda text: text + "\nMore.\n")
    purge(desk, otto, "market-prices")
    assert traces(desk, SECRET, "quetzalcoatl") == []
    assert desks.text_of(desk, CROPS) == reused
    assert desks.draft_now(desk, open_one) == open_one
    agree(desk, CROPS)
    assert start(desk).empty


def test_a_purge_that_was_cut_short_is_finished_at_the_start(
    desk: Desk, ama: Person, eva: Person
) -> None:
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + TELLING)
    hashes = frozenset(row.hash for row in desks.history(desk, CROPS))
    with desk.database.writing() as connection:
        tombstones.add(connection, tombstones.Tombstone(*CROPS, "", hashes, "Otto", now()))
    desk.library.store.remove(CROPS, revision_of(desks.text_of(desk, CROPS)))
    (told,) = start(desk).told
    assert told.startswith("0 files and ")
    assert traces(desk, SECRET, "quetzalcoatl") == []
    assert start(desk).empty


def test_who_may_not_purges_nothing(desk: Desk, eva: Person, otto: Person) -> None:
    with pytest.raises(NotAllowed):
        purge(desk, eva, "crop-prices")
    for slug, error in (("nothing", NoSuchDocument), ("../crop-prices", BadSlug)):
        with pytest.raises(error):
            purge(desk, otto, slug)
    with pytest.raises(NoSuchDocument):
        purge(desk, otto, "crop-prices", kind="page")
    assert desks.count(desk, tables.tombstone) == 0
    agree(desk, CROPS)


def test_a_copy_of_the_tombstones_that_was_cut_short_is_read_as_far_as_it_goes(
    desk: Desk, otto: Person
) -> None:
    purge(desk, otto, "crop-prices")
    path = desk.settings.data / FILE
    path.write_text(path.read_text() + '{"kind": "case", "sl\n[]\n{}\n', encoding="utf-8")
    assert replay(desk) == []
    with desk.database.writing() as connection:
        connection.execute(sa.delete(tables.tombstone))
    desks.by_hand(desk, CROPS, factories.told("crop-prices"))
    assert replay(desk) == ["1 files and 0 revisions that had been purged were removed again"]
    assert desks.count(desk, tables.tombstone) == 1


def test_kb_purge_asks_and_tells(desk: Desk, ama: Person, eva: Person) -> None:
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + TELLING)
    kb(desk, "purge", "crop-prices", code=1)  # nobody said yes
    agree(desk, CROPS)
    told = kb(desk, "purge", "crop-prices", "--yes", "--reason", "A court said so")
    assert "1 files and 5 revisions are gone." in told
    assert "Git" not in told
    assert "there is no case crop-prices" in kb(desk, "purge", "crop-prices", "--yes", code=1)
    with desk.database.reading() as connection:
        (stone,) = tombstones.tombstones(connection)
    assert (stone.by, stone.reason, stone.key) == (CONSOLE.name, "A court said so", CROPS)
    assert desk.library.store.stamps_of([CROPS]) == {}
