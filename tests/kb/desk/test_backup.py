"""A backup holds everything that cannot be made again, as it was at one moment, and comes back."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from indexer.media import DIGITS, MEDIA
from indexer.values import Key
from kb.access import CONSOLE, Person
from kb.app import ROOT
from kb.records import people, portable, tables
from kb.records.database import Database, migrate, now
from kb.services import accounts, editing
from kb.services.archive import FileInTheWay
from kb.services.attaching import Upload, attach
from kb.services.backing_up import NotToBeCopied, back_up, last_backup
from kb.services.desk import RESTORING, Desk, RestoreCutShort, open_database
from kb.services.office import SmallOffice
from kb.services.publishing import purge
from kb.services.purging import FILE as TOMBSTONES
from kb.services.restoring import SETTINGS_FILE, NotEmpty, check, restore
from kb.services.verifying import verify
from kb.settings import Settings
from tests import desks, factories, uploads
from tests.desks import CASH, CROPS, WOMEN
from tests.kb.desk.keeping import (
    PICTURE,
    PICTURE_HASH,
    backed_up,
    files_of,
    is_untouched,
    lived_in,
    manifest_of,
    members_of,
    new_place,
    one_more_case,
    rows_of,
    with_defaults,
)
from tests.kb.desk.test_reconcile import kb
from tests.kb.desk.writers import prepare, write_at_once

Place = Callable[[], Settings]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Makes empty places, with an empty database each of the kind that is tested."""
    made: list[Settings] = []

    def make() -> Settings:
        made.append(new_place(tmp_path / f"place-{len(made)}", desks.own_schema()))
        return made[-1]

    yield make
    for one in made:
        desks.drop_schema(one)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "backup.tar.gz"


@pytest.fixture(autouse=True)
def folder(file: Path) -> None:
    file.parent.mkdir()


def test_everything_comes_back_as_it_was(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    lived_in(desk, ama, eva)
    made = backed_up(desk, file)
    new = place()
    done = restore(new, file)
    rows, files = rows_of(desk.settings), files_of(desk.settings)
    assert rows_of(new) == rows
    assert files_of(new) == files
    assert done.rows == made.rows == sum(map(len, rows.values()))
    assert (done.documents, made.documents) == (4, 4)
    assert sum(map(bool, rows.values())) >= 8  # tables with rows
    assert (new.data / TOMBSTONES).read_bytes() == (desk.settings.data / TOMBSTONES).read_bytes()
    # what had not been noticed when it was saved is noticed now, and nothing else
    with desks.opened(new, started=False):
        found = verify(new)
    assert [(one.name, one.mend.partition(",")[0]) for one in found.differences] == [
        ("case/crop-prices", "kb sync")
    ]
    with desks.opened(new) as again:
        assert desks.events(again, CROPS)[-1] == "changed-on-disk"
        assert verify(new).differences == []


@pytest.mark.skipif(not os.environ.get(desks.POSTGRESQL), reason="needs TEST_DATABASE_URL")
def test_a_backup_goes_from_one_database_to_the_other_and_back(
    desk: Desk, ama: Person, eva: Person, tmp_path: Path, file: Path, place: Place
) -> None:
    lived_in(desk, ama, eva)
    backed_up(desk, file)
    small = new_place(tmp_path / "small")
    restore(small, file)
    assert rows_of(small) == rows_of(desk.settings)
    with desks.opened(small, started=False) as opened:
        backed_up(opened, file, replace=True)
    large = place()
    restore(large, file)
    assert rows_of(large) == rows_of(desk.settings)


def test_people_go_on_writing_in_a_restored_place(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    lived_in(desk, ama, eva)
    backed_up(desk, file)
    new = place()
    restore(new, file)
    with desks.opened(new) as again:
        one_more_case(again, ama, eva, "A case after the flood")
        with again.database.writing() as connection:
            number = accounts.add(connection, "new@example.org", "New", "reader", None)
        assert number > (eva.id or 0)
        assert verify(new).differences == []


def test_sessions_links_and_secrets_stay_behind(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    lived_in(desk, ama, eva)
    (desk.settings.data / "secret").write_bytes(b"s" * 32)
    secret = desks.with_settings(desk, mail_password="hush hush", mail_host="mail.example.org")
    backed_up(secret, file)
    kept = {info.name: data for info, data in members_of(file)}
    assert not {name for name in kept if "secret" in name or "session" in name}
    assert {"database/ticket", "database/attempt"}.isdisjoint(map(os.path.dirname, kept))
    assert not any(b"hush hush" in data for data in kept.values())
    text = kept["settings.txt"].decode()
    assert "MAIL_HOST=mail.example.org\n" in text
    assert "# MAIL_PASSWORD is set, and not told here\n" in text
    new = place()
    done = restore(new, file)
    assert any("MAIL_PASSWORD" in line and "by hand" in line for line in done.told)
    assert (new.data / SETTINGS_FILE).read_text(encoding="utf-8") == text
    database = Database(new.database)
    with database.reading() as connection:
        for table in (tables.session, tables.ticket, tables.attempt):
            assert portable.count(connection, table) == 0
        account = people.account_of(connection, ama.email)
    database.close()
    assert account is not None


def test_a_backup_is_for_its_owner_alone_and_covers_nothing(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    backed_up(desk, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(FileInTheWay):
        backed_up(desk, file)
    assert file.read_bytes() == before
    backed_up(desk, file, replace=True)
    for inside in (desk.settings.content / "b.tar.gz", desk.settings.data / "outbox" / "b.tar.gz"):
        with pytest.raises(NotToBeCopied):
            backed_up(desk, inside)
        assert not inside.exists()
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_backup_that_fails_leaves_no_half_file(desk: Desk, file: Path) -> None:
    (desk.settings.content / "media").mkdir(exist_ok=True)
    (desk.settings.content / "media" / "large.png").write_bytes(os.urandom(400_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))  # as on a full disk
    try:
        with pytest.raises(OSError, match="too large"):
            backed_up(desk, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(file.parent.iterdir()) == []


def test_links_and_the_history_of_git_are_left_out_and_told(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    content = desk.settings.content
    (tmp_path / "private.txt").write_text("xylophone", encoding="utf-8")
    (content / "media").mkdir(exist_ok=True)
    (content / "media" / "link.png").symlink_to(tmp_path / "private.txt")
    (content / "linked").symlink_to(tmp_path)
    (content / ".git").mkdir()
    (content / ".git" / "config").write_text("[core]\n", encoding="utf-8")
    os.mkfifo(content / "pipe")
    made = backed_up(desk, file)
    assert all(info.isreg() for info, _ in members_of(file))
    assert not [i.name for i, data in members_of(file) if ".git/" in i.name or b"xylophone" in data]
    told = " ".join(made.told)
    assert all(name in told for name in ("media/link.png", "linked", "pipe"))


# While others work ---------------------------------------------------------------------------


def test_a_text_published_meanwhile_is_saved_as_it_was_when_the_backup_began(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    old = desks.text_of(desk, CASH)
    happened: list[str] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "rows" and not happened:
            happened.append(stage)
            desks.made_public(desk, ama, eva, CASH, lambda text: text + "\nToo late.\n")
            one_more_case(desk, ama, eva, "A case that came too late")
            purged_by_hand = desks.file_of(desk, WOMEN)
            purged_by_hand.unlink()

    backed_up(desk, file, progress=meanwhile)
    assert happened
    new = place()
    restore(new, file)
    assert (new.content / "cases" / "cash-by-phone.md").read_text(encoding="utf-8") == old
    assert (new.content / "cases" / "women-coders.md").is_file()
    assert not (new.content / "cases" / "a-case-that-came-too-late.md").exists()
    with desks.opened(new, started=False) as again:
        assert verify(new).differences == []
        assert not [row for row in desks.rows(again) if "Too late." in row.text]


def test_what_is_purged_meanwhile_is_not_in_the_backup(desk: Desk, file: Path) -> None:
    tries: list[int] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "rows" and done == total:
            tries.append(done)
        if stage == "rows" and len(tries) == 1 and done == total:
            purge(desk, CONSOLE, "crop-prices", reason="It named a child.")

    backed_up(desk, file, progress=meanwhile)
    assert len(tries) == 2
    assert not [i.name for i, data in members_of(file) if b"price of maize" in data]
    assert "content/cases/crop-prices.md" not in manifest_of(file)["files"]


def test_a_file_that_changes_all_the_time_is_told_and_no_backup_is_left(
    desk: Desk, file: Path
) -> None:
    media = desk.settings.content / "media"
    media.mkdir(exist_ok=True)
    (media / "film.png").write_bytes(b"0")
    count = iter(range(100))

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "rows":
            (media / "film.png").write_bytes(b"0" * (2 + next(count)))

    with pytest.raises(NotToBeCopied, match=r"film\.png"):
        backed_up(desk, file, progress=meanwhile)
    assert list(file.parent.iterdir()) == []


def test_backups_taken_while_people_write_come_back_whole(
    desk: Desk, file: Path, place: Place
) -> None:
    """Whatever moment a backup caught while four people publish, all agrees in it."""
    names = ["Ama", "Ben", "Chi", "Dee"]
    slugs = prepare(desk, names, cases=3)
    writing = threading.Event()
    taken: list[Path] = []

    def keep() -> None:
        office = SmallOffice(Database(desk.settings.database), desk.settings)
        try:
            while not writing.is_set() or len(taken) < 3:
                path = file.with_name(f"{len(taken)}.tar.gz")
                back_up(office, path)
                taken.append(path)
        finally:
            office.database.close()

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        write_at_once(desk, names, 6, slugs)
    finally:
        writing.set()
        keeper.join()
    assert len(taken) >= 3
    rows = {row.id: row for row in desks.rows(desk)}
    for path in (taken[0], taken[len(taken) // 2], taken[-1]):
        new = place()
        restore(new, path)
        with desks.opened(new) as again:
            assert verify(new).differences == []
            for row in desks.rows(again):  # what is there is what was there
                if row.id in rows and not row.pending:
                    assert row.text == rows[row.id].text


@pytest.mark.soak
def test_backups_under_the_load_of_twenty_writers_come_back_equal(
    desk: Desk, file: Path, place: Place
) -> None:
    """Two processes write as hard as they can; a third keeps backups of what they do."""
    names = [f"Writer{number}" for number in range(20)]
    slugs = prepare(desk, names, 20)
    root = str(desk.settings.content.parent)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.kb.desk.writers", root, desk.settings.database_url,
             ",".join(some), "10", ",".join(slugs)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for some in (names[:10], names[10:])
    ]  # fmt: skip
    taken: list[Path] = []
    held: list[float] = []
    while any(process.poll() is None for process in running):
        taken.append(file.with_name(f"{len(taken)}.tar.gz"))
        held.append(backed_up(desk, taken[-1]).held)
    assert [process.wait() for process in running] == [0, 0]
    for process in running:
        assert process.stdout is not None
        process.stdout.close()
    assert len(taken) >= 3
    print(f"{len(taken)} backups; publishing waited {max(held):.2f} s at most")
    backed_up(desk, file)
    for path in (taken[0], taken[len(taken) // 2], taken[-1], file):
        new = place()
        restore(new, path)
        with desks.opened(new) as again:
            assert verify(new).differences == []
            assert desks.count(again) > 0
    assert rows_of(new) == rows_of(desk.settings)
    assert files_of(new) == files_of(desk.settings)


# Other times, other tables -------------------------------------------------------------------


def test_a_backup_of_older_tables_is_brought_up_to_those_of_today(
    tmp_path: Path, file: Path, place: Place
) -> None:
    old = place()
    factories.content_folder(old.content)
    old.data.mkdir(mode=0o700, parents=True)
    database = Database(old.database)
    with database.writing() as connection:
        migrate(connection, "0001")
        connection.execute(
            sa.text(
                "INSERT INTO person (email, name, role, created_at) VALUES"
                " ('a@example.org', 'Ama', 'editor', :at)"
            ).bindparams(at=now())
        )
    back_up(SmallOffice(database, old), file)
    database.close()
    assert manifest_of(file)["schema"] == "0001"
    new = place()
    restore(new, file)
    database = Database(new.database)
    with database.reading() as connection:
        assert portable.revision_of_tables(connection) == portable.newest()
        account = people.account_of(connection, "a@example.org")
    database.close()
    assert account is not None
    assert account.name == "Ama"


def test_what_was_purged_since_stays_purged_by_the_tombstones_of_today(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    lived_in(desk, ama, eva)
    with desk.database.writing() as connection:
        number = connection.execute(sa.select(tables.draft.c.id)).scalars().first()
        connection.execute(
            sa.insert(tables.comment).values(
                with_defaults(
                    tables.comment, draft_id=number, words="Is that so?", name="Eva",
                    person_id=eva.id, at=now(),
                )
            )
        )  # fmt: skip
    backed_up(desk, file)
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS).replace("By hand", "By another hand"))
    for slug in ("cash-by-phone", "crop-prices"):
        purge(desk, CONSOLE, slug, reason="It named a child.")
    new = place()
    done = restore(new, file, desk.settings.data / TOMBSTONES)
    assert done.purged >= 3
    assert not (new.content / "cases" / "cash-by-phone.md").exists()
    with desks.opened(new) as again:
        assert not [row for row in desks.rows(again) if "One more line." in row.text]
        assert verify(new).differences == []
    assert len((new.data / TOMBSTONES).read_text(encoding="utf-8").splitlines()) == (
        len((desk.settings.data / TOMBSTONES).read_text(encoding="utf-8").splitlines())
    )


def test_pictures_of_what_was_purged_since_do_not_come_back_either(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    child, market = (
        attach(desk, ama, Upload("p.png", uploads.png(width, 400), "A picture"))
        for width in (1200, 600)
    )
    for key, rows in ((CASH, (child, market)), (CROPS, (market,))):
        shown = "".join(f"\n![It]({MEDIA}/{row.file})\n" for row in rows)
        desks.made_public(desk, ama, eva, key, lambda text, more=shown: text + more)
    backed_up(desk, file)
    purge(desk, CONSOLE, "cash-by-phone", reason="It shows a child.")
    new = place()
    restore(new, file, desk.settings.data / TOMBSTONES)
    assert files_of(new) == files_of(desk.settings)
    assert not list(new.content.rglob(f"{child.hash[:DIGITS]}*"))
    assert not list(new.data.rglob(f"{child.hash}*"))
    assert list(new.content.rglob(market.file))
    with desks.opened(new):
        assert verify(new).differences == []
    assert len(rows_of(new)["attachment"]) == 1


# Places --------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["content", "data", "database"])
def test_a_place_that_is_not_empty_is_left_alone(
    desk: Desk, file: Path, place: Place, where: str
) -> None:
    backed_up(desk, file)
    new = place()
    if where == "database":
        new.data.mkdir(mode=0o700, parents=True)
        database = Database(new.database)
        database.upgrade()
        database.close()
    else:
        folder = new.content if where == "content" else new.data
        folder.mkdir(parents=True)
        (folder / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(NotEmpty, match=r"empty|move"):
        restore(new, file)
    assert not (new.content / "cases").exists()
    assert not (new.data / RESTORING).exists()


def test_folders_that_are_there_and_empty_are_filled_not_replaced(
    desk: Desk, file: Path, place: Place
) -> None:
    """They may be the roots of disks of their own, as in a container."""
    backed_up(desk, file)
    new = place()
    new.content.mkdir(parents=True)
    new.data.mkdir(mode=0o700)
    (new.data / "lost+found").mkdir()
    same = new.content.stat().st_ino, new.data.stat().st_ino
    restore(new, file)
    assert (new.content.stat().st_ino, new.data.stat().st_ino) == same
    assert not (new.data / RESTORING).exists()
    assert not (new.content / RESTORING).exists()


def test_a_restore_that_is_broken_off_leaves_the_place_empty(
    desk: Desk, file: Path, place: Place
) -> None:
    backed_up(desk, file)
    new = place()

    def broken_off(stage: str, done: int, total: int) -> None:
        if stage == "rows":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(new, file, progress=broken_off)
    assert is_untouched(new)
    restore(new, file)


def test_what_a_killed_restore_left_is_not_taken_for_a_site(
    desk: Desk, file: Path, place: Place
) -> None:
    backed_up(desk, file)
    new = place()
    (new.data / RESTORING).mkdir(parents=True)
    with pytest.raises(RestoreCutShort):
        open_database(new)
    with pytest.raises(NotEmpty, match="cut short"):
        restore(new, file)
    assert "cut short" in kb(desk, "person", "list", code=1, KB_DATA=str(new.data))


# The command ---------------------------------------------------------------------------------


def test_kb_backup_and_kb_restore_say_what_they_did(
    desk: Desk, ama: Person, eva: Person, file: Path, place: Place
) -> None:
    lived_in(desk, ama, eva)
    told = kb(desk, "backup", str(file))
    assert f"{file}: 4 documents" in told
    assert "1 documents were changed by hand" in told
    assert "is there already" in kb(desk, "backup", str(file), code=1)
    told = kb(desk, "backup", str(file.parent), "--json")
    assert json.loads(told[told.index("{") :])["documents"] == 4
    assert len(list(file.parent.glob("sankofa-2*.tar.gz"))) == 1
    assert "is whole" in kb(desk, "restore", "--check", str(file))
    new = place()
    where = {"KB_CONTENT": str(new.content), "KB_DATA": str(new.data), "DATABASE_URL":
             new.database_url}  # fmt: skip
    told = kb(desk, "restore", str(file), **where)
    assert "All of it was verified." in told
    assert "Everybody signs in anew" in told
    assert "Nothing was restored" in kb(desk, "restore", str(file), code=1, **where)
    assert last_backup(desk.settings) is not None
    file.write_bytes(file.read_bytes()[:-100])
    assert "Nothing was restored" in kb(desk, "restore", "--check", str(file), code=1)


def test_a_new_picture_is_in_the_backup(desk: Desk, ama: Person, eva: Person, file: Path) -> None:
    lived_in(desk, ama, eva)
    backed_up(desk, file)
    kept = {info.name: data for info, data in members_of(file)}
    assert kept[f"data/attachments/{PICTURE_HASH}"] == PICTURE
    assert check(file)["tables"]["attachment"]["rows"] == 1


def test_a_draft_that_nobody_submitted_is_in_the_backup(
    desk: Desk, ama: Person, file: Path, place: Place
) -> None:
    draft = desks.wrote(desk, ama, Key("case", "crop-prices"), lambda text: text + "\nDraft.\n")
    backed_up(desk, file)
    new = place()
    restore(new, file)
    with desks.opened(new) as again:
        assert editing.open_draft(again, ama, draft.token).text == draft.text
