"""Pictures become public with their text, stay while a text uses them, and go when purged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.media import read_name
from indexer.values import Key
from kb.access import CONSOLE, Person
from kb.records import attachments, journal
from kb.records.attachments import Attachment
from kb.records.journal import Draft
from kb.services import editing, media, shelf
from kb.services.attaching import (
    InUse,
    NoSuchMedia,
    Upload,
    attach,
    read_attachment,
    remove_attachment,
    sweep_attachments,
)
from kb.services.desk import Desk
from kb.services.publishing import NotValid, publish, purge, restore, set_status
from kb.services.purging import replay
from kb.services.reconcile import start
from kb.services.recovery import recover
from kb.services.writing import open_text
from tests import desks
from tests import uploads as up
from tests.desks import CROPS, WOMEN

SECRET = "Xylophonist Quetzalcoatl"


def given(desk: Desk, person: Person, alt: str = "A map of markets", side: int = 600) -> Attachment:
    return attach(desk, person, Upload("map.png", up.png(side, 400), alt, f"{alt}, 2019"))


def showing(row: Attachment) -> str:
    return f'\n![{row.alt}](media/{row.file} "{row.caption}")\n'


def wrote(desk: Desk, person: Person, row: Attachment, key: Key = CROPS) -> Draft:
    return desks.submitted(desk, person, key, lambda text: text + showing(row))


def public(desk: Desk) -> set[str]:
    return desk.library.store.media_names()


def names(row: Attachment) -> set[str]:
    found = read_name(row.file)
    assert found is not None
    return set(found.names)


def kept(desk: Desk, row: Attachment) -> bool:
    return shelf.path_of(desk.settings, row.hash).is_file()


def test_a_picture_is_public_with_its_text_and_not_before(
    desk: Desk, ama: Person, eva: Person
) -> None:
    row = given(desk, ama)
    draft = wrote(desk, ama, row)
    assert public(desk) == set()
    publish(desk, eva, draft.token)
    assert public(desk) == names(row)
    assert len(names(row)) == 2  # the picture, and one smaller size
    for name in names(row):
        width = 0 if name == row.file else 480
        here = shelf.path_of(desk.settings, row.hash, width)
        assert desk.library.store.media(name).read_bytes() == here.read_bytes()
    assert desk.library.store.media(row.file).stat().st_mode & 0o777 == 0o644
    assert start(desk).empty


def test_a_text_with_a_picture_that_nobody_gave_is_not_published(
    desk: Desk, ama: Person, eva: Person
) -> None:
    nowhere = "media/" + "0" * 32 + "-640x400.webp"
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + f"\n![A map]({nowhere})\n")
    with pytest.raises(NotValid) as told:
        publish(desk, eva, draft.token)
    (problem,) = told.value.problems
    assert "there is no file" in problem.message
    lines = draft.text.split("\n")
    assert nowhere in lines[problem.line - 1]
    assert problem in open_text(desk, ama, draft.token).document.errors
    assert desks.draft_now(desk, draft).state == "submitted"


def test_a_picture_without_words_is_not_published(desk: Desk, ama: Person, eva: Person) -> None:
    row = given(desk, ama)
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + f"\n![](media/{row.file})\n")
    with pytest.raises(NotValid, match="no words for those who cannot see it"):
        publish(desk, eva, draft.token)


def test_a_publication_that_was_cut_short_brings_its_pictures(
    desk: Desk, ama: Person, eva: Person
) -> None:
    row = given(desk, ama)
    draft = wrote(desk, ama, row)
    with desk.database.writing() as connection:
        journal.append(connection, CROPS, draft.text, "published", base=draft.base,
                       draft_id=draft.id, author="Eva", pending=True)  # fmt: skip
        journal.change_draft(connection, draft, state="published")
    recover(desk)
    assert row.file in desks.text_of(desk, CROPS)
    assert public(desk) == names(row)


def test_a_publication_that_is_overtaken_makes_no_picture_public(
    desk: Desk, ama: Person, eva: Person
) -> None:
    row = given(desk, ama)
    draft = wrote(desk, ama, row)
    with desk.database.writing() as connection:
        journal.append(connection, CROPS, draft.text, "published", base=draft.base,
                       draft_id=draft.id, author="Eva", pending=True)  # fmt: skip
        journal.change_draft(connection, draft, state="published")
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + "\nBy hand.\n")
    recover(desk)
    assert public(desk) == set()
    assert kept(desk, row)
    assert desks.draft_now(desk, draft).state == "submitted"


def test_a_picture_that_somebody_names_in_a_file_by_hand_comes_at_the_next_start(
    desk: Desk, ama: Person
) -> None:
    row = given(desk, ama)
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + showing(row))
    start(desk)
    assert public(desk) == names(row)


def test_a_picture_that_was_lost_in_content_comes_back_with_the_next_publication(
    desk: Desk, ama: Person, eva: Person
) -> None:
    row = given(desk, ama)
    publish(desk, eva, wrote(desk, ama, row).token)
    for name in names(row):
        desk.library.store.media(name).unlink()
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + "\nMore.\n")
    assert public(desk) == names(row)


def test_what_history_shows_stays_when_the_text_drops_it(
    desk: Desk, ama: Person, eva: Person
) -> None:
    row = given(desk, ama)
    publish(desk, eva, wrote(desk, ama, row).token)
    desks.made_public(desk, ama, eva, CROPS, lambda text: text.replace(showing(row), ""))
    assert row.file not in desks.text_of(desk, CROPS)
    assert sweep_attachments(desk) == ""
    assert public(desk) == names(row)
    old = next(one for one in desks.history(desk, CROPS) if row.file in one.text)
    publish(desk, eva, editing.submit(desk, ama, restore(desk, ama, CROPS, old.hash).token).token)
    assert row.file in desks.text_of(desk, CROPS)


def test_a_withdrawn_text_takes_its_pictures_along_and_brings_them_back(
    desk: Desk, ama: Person, eva: Person
) -> None:
    alone, shared = given(desk, ama), given(desk, ama, "A map of roads", 700)
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + showing(alone) + showing(shared))
    publish(desk, eva, draft.token)
    publish(desk, eva, wrote(desk, ama, shared, WOMEN).token)
    assert public(desk) == names(alone) | names(shared)
    set_status(desk, eva, CROPS, "withdrawn", "They asked us to.")
    assert public(desk) == names(shared)
    assert kept(desk, alone)
    set_status(desk, eva, CROPS, "published")
    assert public(desk) == names(alone) | names(shared)


# Removing ------------------------------------------------------------------------------------


def test_nothing_that_a_text_used_can_be_removed_and_the_texts_are_told(
    desk: Desk, ama: Person, ben: Person, eva: Person
) -> None:
    row = given(desk, ama)
    draft = wrote(desk, ama, row)
    with pytest.raises(InUse) as told:
        remove_attachment(desk, ama, row.hash[:32])
    assert [(use.title, use.path) for use in told.value.uses] == [
        ("Crop prices by text message in Uganda", f"/drafts/{draft.token}")
    ]
    publish(desk, eva, draft.token)
    desks.made_public(desk, ama, eva, CROPS, lambda text: text.replace(showing(row), ""))
    attach(desk, ben, Upload("map.png", up.png(600, 400), "The same map"))
    with pytest.raises(InUse) as told:
        remove_attachment(desk, ben, row.hash[:32])
    assert {use.path for use in told.value.uses} == {"/cases/crop-prices", ""}
    assert kept(desk, row)


def test_a_text_by_hand_is_a_use_too(desk: Desk, ama: Person) -> None:
    row = given(desk, ama)
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + showing(row))
    with pytest.raises(InUse):
        remove_attachment(desk, ama, row.hash[:32])


def test_a_text_that_no_database_can_hold_as_it_is_counts_too(desk: Desk, ama: Person) -> None:
    row = given(desk, ama)
    desks.wrote(desk, ama, CROPS, lambda text: text + "\udcff" + showing(row))
    with pytest.raises(InUse):
        remove_attachment(desk, ama, row.hash[:32])
    assert row.file in media.named_anywhere(desk)


def test_a_discarded_draft_keeps_its_pictures(desk: Desk, ama: Person) -> None:
    row = given(desk, ama)
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + showing(row))
    editing.discard(desk, ama, draft.token)
    with pytest.raises(InUse):
        remove_attachment(desk, ama, row.hash[:32])


# Who sees the pictures of a draft ------------------------------------------------------------


def sees(desk: Desk, person: Person, row: Attachment, token: str) -> bool:
    try:
        return read_attachment(desk, person, row.file, token).path.is_file()
    except NoSuchMedia:
        return False


def test_those_who_may_see_a_draft_see_its_pictures_and_no_other(
    desk: Desk, ama: Person, ben: Person, rosa: Person, eva: Person
) -> None:
    row, other = given(desk, ama), given(desk, ama, "Another map", 500)
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + showing(row))
    assert sees(desk, ama, row, "")
    assert sees(desk, eva, row, "")
    assert not sees(desk, ben, row, draft.token)
    assert not sees(desk, rosa, row, draft.token)
    editing.add_co_author(desk, ama, draft.token, "ben@example.org")
    assert sees(desk, ben, row, draft.token)
    assert not sees(desk, ben, row, "")
    assert not sees(desk, ben, row, "no-such-draft")
    assert not sees(desk, ben, other, draft.token)
    editing.submit(desk, ama, draft.token)
    assert sees(desk, rosa, row, draft.token)
    own = desks.wrote(desk, rosa, WOMEN, lambda text: text + "\nMore.\n")
    assert not sees(desk, rosa, row, own.token)


# Purging -------------------------------------------------------------------------------------


def traces(desk: Desk, row: Attachment) -> list[Path]:
    """Where anything of a picture still is: its files, its rows, its words."""
    found = []
    for folder in (desk.settings.content, desk.settings.data, desk.settings.var):
        for path in folder.rglob("*"):
            if path.is_file():
                held = path.read_bytes()
                if row.hash[:32] in path.name or SECRET.encode() in held:
                    found.append(path)
    return found


def test_a_purge_takes_the_pictures_that_nobody_else_uses(
    desk: Desk, ama: Person, ben: Person, eva: Person, otto: Person
) -> None:
    mine, shared = given(desk, ama, SECRET), given(desk, ama, "A map of roads", 700)
    drafted = given(desk, ben, f"{SECRET} again", 800)
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + showing(mine) + showing(shared))
    publish(desk, eva, draft.token)
    desks.wrote(desk, ben, CROPS, lambda text: text + showing(drafted))
    publish(desk, eva, wrote(desk, ama, shared, WOMEN).token)
    assert traces(desk, mine)
    purge(desk, otto, "crop-prices", reason="A court said so")
    assert traces(desk, mine) == []
    assert traces(desk, drafted) == []
    assert kept(desk, shared)
    assert public(desk) == names(shared)
    with desk.database.reading() as connection:
        assert [one.file for one in attachments.find(connection)] == [shared.file]
    assert start(desk).empty


def test_an_old_backup_brings_no_purged_picture_back(desk: Desk, ama: Person, eva: Person) -> None:
    row = given(desk, ama)
    publish(desk, eva, wrote(desk, ama, row).token)
    text = desks.text_of(desk, CROPS)
    picture = desk.library.store.media(row.file).read_bytes()
    purge(desk, CONSOLE, "crop-prices")
    assert public(desk) == set()
    desks.by_hand(desk, CROPS, text)
    desk.library.store.add_media(row.file, picture)
    shelf.path_of(desk.settings, row.hash).write_bytes(picture)
    assert replay(desk)
    assert public(desk) == set()
    assert not desks.file_of(desk, CROPS).exists()
    assert not kept(desk, row)


def test_a_copy_that_no_public_text_needs_is_swept(desk: Desk, ama: Person) -> None:
    """Such as after a crash between the pictures and the text of a publication that was undone."""
    row = given(desk, ama)
    desks.wrote(desk, ama, CROPS, lambda text: text + showing(row))
    media.bring(desk, showing(row))
    assert public(desk) == names(row)
    told = sweep_attachments(desk)
    assert told == "2 copies of attachments that no public text needs were removed"
    assert public(desk) == set()
    assert kept(desk, row)


def test_pictures_of_others_in_content_are_left_alone(desk: Desk, ama: Person) -> None:
    desk.library.store.add_media("logo.png", up.png())
    by_git = f"{'a' * 32}-640x400.webp"
    desk.library.store.add_media(by_git, up.webp())
    assert sweep_attachments(desk) == ""
    assert public(desk) == {"logo.png", by_git}


# Git -----------------------------------------------------------------------------------------


def test_pictures_are_committed_with_their_text(desk: Desk, ama: Person, eva: Person) -> None:
    import shutil
    import subprocess

    git = shutil.which("git")
    if git is None:
        pytest.skip("Git is not installed")

    def run(*words: str) -> str:
        return subprocess.run(
            [git, "-C", str(desk.settings.content), *words],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    run("init", "--quiet")
    committing = replace(desk, settings=replace(desk.settings, git_commits=True))
    row = given(committing, ama)
    publish(committing, eva, wrote(committing, ama, row).token)
    assert names(row) | {"crop-prices.md"} == {
        Path(line).name for line in run("show", "--name-only", "--format=").split()
    }
    set_status(committing, eva, CROPS, "withdrawn", "They asked us to.")
    assert run("ls-files", "media") == ""
    purge(committing, CONSOLE, "crop-prices")
    assert run("status", "--porcelain", "media") == ""
