"""`kb verify` finds each thing that does not agree, and names the command that mends it."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from kb.access import CONSOLE, Person
from kb.records import journal, tables
from kb.records.database import Database, migrate, now
from kb.services.attaching import Upload, attach
from kb.services.desk import Desk
from kb.services.publishing import purge
from kb.services.verifying import Difference, verify
from kb.settings import Settings
from tests import desks, factories, uploads
from tests.desks import CASH, CROPS, POSTGRESQL, WOMEN
from tests.kb.desk.keeping import PICTURE, PICTURE_HASH, lived_in, with_defaults
from tests.kb.desk.test_reconcile import kb

only_sqlite = pytest.mark.skipif(bool(os.environ.get(POSTGRESQL)), reason="SQLite's own files")


def found(desk: Desk, part: str = "") -> list[tuple[str, str]]:
    """What differs, by name, with the command that mends it."""
    return [
        (one.name, one.mend.partition(",")[0])
        for one in verify(desk.settings).differences
        if part in ("", one.part)
    ]


def one_of(desk: Desk) -> Difference:
    differences = verify(desk.settings).differences
    assert len(differences) == 1, differences
    return differences[0]


def test_nothing_is_found_where_all_agrees(desk: Desk, ama: Person, eva: Person) -> None:
    lived_in(desk, ama, eva)
    kb(desk, "sync")
    done = verify(desk.settings)
    assert done.differences == []
    assert done.looked_at["documents"] == 4
    assert done.looked_at["index"] == 4
    assert done.looked_at["journal"] == desks.count(desk)
    assert "0 differences; looked at" in kb(desk, "verify")
    assert json.loads(kb(desk, "verify", "--json")[kb(desk, "verify", "--json").index("{") :]) == {
        "looked_at": done.looked_at, "differences": [], "notes": [],
    }  # fmt: skip


def changed_by_hand(desk: Desk) -> None:
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + "\nBy hand.\n")


def removed_by_hand(desk: Desk) -> None:
    desks.file_of(desk, CROPS).unlink()


def added_by_hand(desk: Desk) -> None:
    desks.by_hand(desk, CROPS._replace(slug="newer"), factories.case_text(title="Newer"))


def changed_behind_its_time(desk: Desk) -> None:
    path = desks.file_of(desk, CROPS)
    before = path.stat()
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"x\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [changed_by_hand, removed_by_hand, added_by_hand])
def test_what_was_done_by_hand_is_found_and_kb_sync_mends_it(
    desk: Desk, change: Callable[[Desk], None]
) -> None:
    change(desk)
    assert {mend for _, mend in found(desk)} == {"kb sync"}
    assert {one.part for one in verify(desk.settings).differences} == {"documents", "index"}
    assert "mend: kb sync" in kb(desk, "verify", code=1)
    kb(desk, "sync")
    assert found(desk) == []


def test_bytes_that_changed_though_the_time_did_not_are_found(desk: Desk) -> None:
    changed_behind_its_time(desk)
    kb(desk, "sync")  # goes by the time, and sees nothing
    assert dict(found(desk, "index")) == {"case/crop-prices": "kb index --rebuild"}
    assert "touch" in next(
        one.mend for one in verify(desk.settings).differences if one.part == "documents"
    )
    desks.file_of(desk, CROPS).touch()
    kb(desk, "sync")
    assert found(desk) == []


def test_a_publication_that_was_cut_short_is_found(desk: Desk, ama: Person) -> None:
    text = desks.text_of(desk, WOMEN)
    with desk.database.writing() as connection:
        public = journal.public(connection, WOMEN)
        assert public is not None
        journal.append(connection, WOMEN, text + "\nPromised.\n", "published", base=public.hash,
                       author_id=ama.id, author=ama.name, pending=True)  # fmt: skip
    assert one_of(desk).part == "journal"
    assert found(desk) == [("case/women-coders", "kb sync")]
    kb(desk, "sync")
    assert found(desk) == []
    assert "Promised." in desks.text_of(desk, WOMEN)


def test_a_row_whose_text_is_not_what_its_hash_says_is_found(desk: Desk) -> None:
    with desk.database.writing() as connection:
        connection.execute(
            sa.update(tables.revision)
            .where(tables.revision.c.slug == "crop-prices")
            .values(text="other words")
        )
    assert one_of(desk).part == "journal"
    assert "kb restore" in one_of(desk).mend


def test_what_was_purged_and_came_back_is_found(desk: Desk, ama: Person) -> None:
    with desk.database.reading() as connection:
        row = journal.public(connection, CROPS)
        assert row is not None
    purge(desk, CONSOLE, "crop-prices")
    with desk.database.writing() as connection:
        connection.execute(
            sa.insert(tables.revision).values(
                **{name: value for name, value in vars(row).items() if name != "id"}
            )
        )
    assert ("case/crop-prices", "kb sync") in found(desk, "purged")
    kb(desk, "sync")
    assert found(desk) == []


# Attachments ---------------------------------------------------------------------------------


@pytest.fixture
def picture(desk: Desk, ama: Person) -> Path:
    """A picture that somebody gave."""
    folder = desk.settings.data / "attachments"
    folder.mkdir(mode=0o700)
    with desk.database.writing() as connection:
        connection.execute(
            sa.insert(tables.attachment).values(
                with_defaults(
                    tables.attachment, hash=PICTURE_HASH, name="shop.webp", type="image/webp",
                    size=len(PICTURE), person_id=ama.id, at=now(),
                )
            )
        )  # fmt: skip
    (folder / PICTURE_HASH).write_bytes(PICTURE)
    return folder / PICTURE_HASH


def test_an_attachment_that_is_as_it_was_given_is_no_difference(desk: Desk, picture: Path) -> None:
    (picture.with_name(f"{PICTURE_HASH}.480")).write_bytes(b"smaller")
    assert found(desk) == []


def test_an_attachment_that_is_gone_or_damaged_is_found(desk: Desk, picture: Path) -> None:
    picture.write_bytes(PICTURE[::-1])
    assert "other bytes" in one_of(desk).detail
    picture.unlink()
    assert "no file" in one_of(desk).detail
    assert "kb restore" in one_of(desk).mend


def test_one_that_was_published_may_lie_among_the_media(desk: Desk, picture: Path) -> None:
    media = desk.settings.content / "media"
    media.mkdir(exist_ok=True)
    published = media / f"{PICTURE_HASH[:32]}-1600x900.webp"
    picture.rename(published)
    assert found(desk) == []
    published.write_bytes(b"other")
    assert "other bytes" in one_of(desk).detail


def test_files_that_belong_to_nothing_are_found_and_removed_as_told(
    desk: Desk, picture: Path
) -> None:
    stray = picture.with_name("f" * 64)
    stray.write_bytes(b"stray")
    assert found(desk) == []  # it may just be given, its row comes after it
    os.utime(stray, (0, 0))
    odd = picture.with_name("notes.txt")
    odd.write_bytes(b"odd")
    assert sorted(found(desk)) == [("f" * 64, f"rm {stray}"), ("notes.txt", f"rm {odd}")]
    for _, mend in found(desk):
        Path(mend.removeprefix("rm ")).unlink()
    assert found(desk) == []


def test_a_picture_that_a_text_shows_and_nobody_has_is_found(
    desk: Desk, ama: Person, picture: Path
) -> None:
    lost = hashlib.sha256(b"lost").hexdigest()[:32]
    shown = f"\n![A shop](media/{lost}-640x480.webp)\n"
    own = f"\n![A shop](media/{PICTURE_HASH[:32]}-640x480.webp)\n"
    draft = desks.wrote(desk, ama, WOMEN, lambda text: text + shown + own)
    assert [name for name, _ in found(desk)] == [f"draft/{draft.token}"]
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + shown)
    kb(desk, "sync")
    assert {name for name, _ in found(desk)} == {f"draft/{draft.token}", "case/crop-prices"}


def test_a_smaller_size_that_is_gone_is_found(desk: Desk, ama: Person, eva: Person) -> None:
    row = attach(desk, ama, Upload("map.png", uploads.png(1200, 400), "A map"))
    shown = f"\n![A map](media/{row.file})\n"
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + shown)
    assert found(desk) == []
    (smaller,) = (desk.settings.content / "media").glob("*-480.webp")
    smaller.unlink()
    assert [name for name, _ in found(desk)] == ["case/crop-prices"]


# Index, database, permissions ----------------------------------------------------------------


def test_without_an_index_there_is_only_something_to_note(desk: Desk) -> None:
    for path in sorted((desk.settings.var / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    done = verify(desk.settings)
    assert done.differences == []
    assert "no index" in done.notes[0]


def test_an_index_that_is_damaged_is_found(desk: Desk) -> None:
    for path in (desk.settings.var / "index").rglob("arrays/*/*.npy"):
        path.write_bytes(b"damaged")
    assert found(desk) == [("index", "kb index --rebuild")]
    kb(desk, "index", "--rebuild")
    assert found(desk) == []


def test_a_text_that_is_not_valid_is_told_as_what_cannot_be_found(desk: Desk) -> None:
    desks.by_hand(desk, CROPS._replace(slug="broken"), "---\ntitle: [\n---\n")
    kb(desk, "sync")
    assert found(desk) == [("case/broken", "kb check")]


@only_sqlite
def test_rights_that_let_others_look_are_found(desk: Desk) -> None:
    desk.settings.data.chmod(0o755)
    (desk.settings.data / "sankofa.sqlite").chmod(0o644)
    told = found(desk, "permissions")
    assert (str(desk.settings.data), f"chmod 700 {desk.settings.data}") in told
    for _, mend in told:
        _, mode, path = mend.split(" ")
        Path(path).chmod(int(mode, 8))
    assert found(desk) == []


@only_sqlite
def test_a_damaged_database_is_found(desk: Desk, tmp_path: Path) -> None:
    desk.database.close()
    path = desk.settings.data / "sankofa.sqlite"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        root = raw.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_revision_kind_slug_lang_id'"
        ).fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(data)
    assert any("kb restore" in mend for _, mend in found(desk, "database"))
    path.write_bytes(b"not a database at all" * 1000)
    assert any("not a database" in one.detail for one in verify(desk.settings).differences)


@only_sqlite
def test_a_row_that_refers_to_nobody_is_found(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.settings.data / "sankofa.sqlite")) as raw, raw:
        raw.execute("UPDATE revision SET author_id = 777 WHERE id = 1")
    assert "refers to a row of person" in one_of(desk).detail


def test_tables_of_another_version_are_found(tmp_path: Path) -> None:
    settings = Settings(content=factories.content_folder(tmp_path / "content"),
                        data=tmp_path / "data", var=tmp_path / "var",
                        database_url=desks.own_schema())  # fmt: skip
    settings.data.mkdir(mode=0o700)
    database = Database(settings.database)
    try:
        with database.writing() as connection:
            migrate(connection, "0001")
        told = verify(settings).differences
        assert [(one.name, one.mend) for one in told] == [("tables", "kb sync")]
        with database.writing() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        assert verify(settings).differences[0].mend == "a newer Sankofa"
    finally:
        database.close()
        desks.drop_schema(settings)


def test_where_there_is_no_database_it_says_so_and_makes_none(tmp_path: Path) -> None:
    settings = Settings(content=factories.content_folder(tmp_path / "content"),
                        data=tmp_path / "data", var=tmp_path / "var")  # fmt: skip
    assert "kb restore" in verify(settings).differences[0].mend
    assert not settings.data.exists()


def test_the_site_may_go_on_publishing_meanwhile(desk: Desk, ama: Person, eva: Person) -> None:
    """What is just being published is looked at again, and is no difference."""
    happened: list[str] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if not happened:
            happened.append(stage)
            desks.made_public(desk, ama, eva, CASH, lambda text: text + "\nJust now.\n")

    assert verify(desk.settings, meanwhile).differences == []
    assert happened
