"""Whatever is done to the files by hand is in the journal, and nothing of it is undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.values import Key, revision_of
from kb.access import Person
from kb.cli import main
from kb.records import journal
from kb.services import editing
from kb.services.desk import Desk
from kb.services.lock import publish_lock
from kb.services.publishing import publish
from kb.services.reconcile import Report, reconcile, start
from kb.services.recovery import recover
from kb.services.stale import StaleEdit
from tests import desks, factories
from tests.desks import CASH, CROPS, FRENCH, WOMEN
from tests.kb.desk.test_publishing import agree, found

SPICES = Key("case", "spices")
SAFFRON = "\n## Lessons\n\nSaffron was too dear [1].\n"


def synced(desk: Desk) -> Report:
    """What `kb sync` does and finds: index and journal."""
    desk.library.sync()
    return start(desk)


def quiet(desk: Desk) -> None:
    """A second time there is nothing to do."""
    before = desks.rows(desk)
    assert synced(desk).empty
    assert desks.rows(desk) == before


def test_the_first_start_takes_every_file_into_the_journal(desk: Desk) -> None:
    keys = desk.library.store.keys()
    assert len(keys) == len(desks.SLUGS)
    for key in keys:
        (row,) = desks.history(desk, key)
        assert (row.event, row.text) == ("created-on-disk", desks.text_of(desk, key))
        assert (row.author, row.author_id, row.base) == ("", None, None)
    quiet(desk)


def test_a_new_file_is_a_new_document(desk: Desk) -> None:
    desks.by_hand(desk, SPICES, factories.case_text(title="Spices"))
    assert synced(desk).created == (SPICES,)
    agree(desk, SPICES)
    quiet(desk)


def test_a_changed_file_is_a_new_revision(desk: Desk) -> None:
    before = desks.text_of(desk, CROPS)
    desks.by_hand(desk, CROPS, before + SAFFRON)
    assert synced(desk) == Report(changed=(CROPS,))
    row = desks.history(desk, CROPS)[-1]
    assert (row.event, row.base, row.text) == (
        "changed-on-disk", revision_of(before), before + SAFFRON,
    )  # fmt: skip
    agree(desk, CROPS)
    quiet(desk)


def test_a_file_changed_back_is_a_third_revision(desk: Desk) -> None:
    before = desks.text_of(desk, CROPS)
    for text in (before + SAFFRON, before):
        desks.by_hand(desk, CROPS, text)
        synced(desk)
    assert [row.text for row in desks.history(desk, CROPS)] == [before, before + SAFFRON, before]
    agree(desk, CROPS)


@pytest.mark.parametrize("text", ["", "---\ntitle: 'x\n---\n", "\udcff\0\udc80", "no front matter"])
def test_a_broken_file_is_told_and_kept_and_the_last_good_text_stays_public(
    desk: Desk, text: str
) -> None:
    desks.by_hand(desk, CROPS, text)
    report = synced(desk)
    assert report.changed == (CROPS,)
    assert report.broken[CROPS]
    row = desks.history(desk, CROPS)[-1]
    assert (row.event, row.text) == ("broken-on-disk", text)
    assert found(desk, "maize") == {"crop-prices"}
    assert desks.text_of(desk, CROPS) == text
    quiet(desk)


def test_a_removed_file_leaves_its_history(desk: Desk) -> None:
    desks.file_of(desk, CROPS).unlink()
    assert synced(desk).removed == (CROPS,)
    assert desks.events(desk, CROPS) == ["created-on-disk", "removed-on-disk"]
    assert (desks.history(desk, CROPS)[-1].hash, desks.history(desk, CROPS)[-1].text) == ("", "")
    assert found(desk, "maize") == set()
    quiet(desk)
    desks.by_hand(desk, CROPS, factories.told("crop-prices"))
    assert synced(desk).created == (CROPS,)
    quiet(desk)


def test_a_renamed_file_keeps_its_history_and_its_drafts(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, CASH, lambda text: text + SAFFRON)
    new = CASH._replace(slug="money-by-phone")
    for key in (CASH, FRENCH):
        path = desks.file_of(desk, key)
        path.rename(path.with_name(path.name.replace("cash", "money")))
    report = synced(desk)
    assert report.renamed == ((CASH, new), (FRENCH, new._replace(lang="fr")))
    assert (report.created, report.removed) == ((), ())
    assert desks.events(desk, new) == ["created-on-disk", "renamed-on-disk"]
    assert desks.history(desk, new)[-1].message == "cash-by-phone"
    moved = desks.draft_now(desk, draft)
    assert (moved.key, moved.outdated) == (new, False)
    quiet(desk)
    publish(desk, eva, draft.token)
    agree(desk, new)
    assert "Saffron" in desks.text_of(desk, new)


def test_a_file_renamed_and_changed_is_known_by_its_alias(desk: Desk) -> None:
    new = CROPS._replace(slug="market-prices")
    text = desks.with_fields(desks.text_of(desk, CROPS), aliases=["crop-prices"], outcome="scaled")
    desks.file_of(desk, CROPS).unlink()
    desks.by_hand(desk, new, text)
    assert synced(desk).renamed == ((CROPS, new),)
    desks.file_of(desk, new).rename(desks.file_of(desk, CROPS))
    assert synced(desk).renamed == ((new, CROPS),)
    assert desks.events(desk, CROPS)[-1] == "renamed-on-disk"
    quiet(desk)


def test_a_copy_is_not_a_rename(desk: Desk) -> None:
    desks.by_hand(desk, SPICES, desks.text_of(desk, CROPS))
    assert synced(desk) == Report(created=(SPICES,))


def test_a_name_that_was_given_away_and_used_again_has_two_histories(desk: Desk) -> None:
    desks.file_of(desk, CROPS).rename(desks.file_of(desk, SPICES))
    synced(desk)
    desks.by_hand(desk, CROPS, factories.case_text(title="Another case"))
    synced(desk)
    assert desks.events(desk, SPICES) == ["created-on-disk", "renamed-on-disk"]
    assert desks.events(desk, CROPS)[-1] == "created-on-disk"


# Both sides changed -------------------------------------------------------------------------


def test_a_draft_and_its_file_changed_at_different_places_are_joined_later(
    desk: Desk, ama: Person
) -> None:
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + SAFFRON)
    desks.by_hand(desk, CROPS, desks.with_fields(desks.text_of(desk, CROPS), outcome="scaled"))
    report = synced(desk)
    assert (report.changed, report.apart) == ((CROPS,), ())
    assert desks.draft_now(desk, draft).outdated
    assert "outcome: scaled" in editing.catch_up(desk, ama, draft.token).text


def test_a_draft_and_its_file_changed_at_one_place_are_put_to_a_person(
    desk: Desk, ama: Person
) -> None:
    draft = desks.wrote(desk, ama, CROPS, lambda t: desks.with_fields(t, outcome="failed"))
    by_hand = desks.with_fields(desks.text_of(desk, CROPS), outcome="scaled")
    desks.by_hand(desk, CROPS, by_hand)
    assert synced(desk).apart == (CROPS,)
    waiting = editing.conflict(desk, ama, draft.token)
    assert waiting is not None
    assert (waiting.theirs_text, waiting.mine_text) == (by_hand, draft.text)
    assert desks.text_of(desk, CROPS) == by_hand


def test_a_draft_of_a_removed_file_is_put_to_a_person(desk: Desk, ama: Person) -> None:
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + SAFFRON)
    desks.file_of(desk, CROPS).unlink()
    assert synced(desk).apart == (CROPS,)
    with pytest.raises(StaleEdit):
        editing.catch_up(desk, ama, draft.token)


def promised(desk: Desk, draft: journal.Draft) -> journal.Revision:
    """A publication that was cut short after its first step."""
    with desk.database.writing() as connection:
        row = journal.append(
            connection, draft.key, draft.text, "published", base=draft.base, draft_id=draft.id,
            author="Eva", pending=True,
        )  # fmt: skip
        journal.change_draft(connection, draft, state="published")
    return row


def test_a_hand_edit_during_a_publication_that_was_cut_short_is_not_covered(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    row = promised(desk, draft)
    by_hand = desks.with_fields(desks.text_of(desk, CROPS), outcome="scaled")
    desks.by_hand(desk, CROPS, by_hand)
    (told,) = synced(desk).told
    assert "changed by hand" in told
    assert desks.text_of(desk, CROPS) == by_hand
    assert desks.events(desk, CROPS) == ["created-on-disk", "changed-on-disk"]
    back = desks.draft_now(desk, draft)
    assert (back.state, back.text, back.outdated) == ("submitted", row.text, True)
    quiet(desk)
    publish(desk, eva, draft.token)
    assert "outcome: scaled" in desks.text_of(desk, CROPS)
    assert "Saffron" in desks.text_of(desk, CROPS)
    agree(desk, CROPS)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_publication_that_was_cut_short_is_finished(
    desk: Desk, ama: Person, replaced: bool
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    row = promised(desk, draft)
    if replaced:
        desk.library.store.write(CROPS, row.text, row.base)
    assert recover(desk) == [f"case/crop-prices: {row.hash} was published"]
    assert desks.events(desk, CROPS) == ["created-on-disk", "published"]
    assert found(desk, "saffron") == {"crop-prices"}
    agree(desk, CROPS)
    assert recover(desk) == []
    quiet(desk)


def test_what_another_process_could_not_finish_is_no_hand_edit(
    desk: Desk, ama: Person, ben: Person
) -> None:
    row = promised(desk, desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON))
    desk.library.store.write(CROPS, row.text, row.base)
    current = desk.library.folder.path / "CURRENT"
    kept = current.read_text()
    current.unlink()  # the index cannot be written just now
    assert editing.begin(desk, ben, CROPS).text == row.text
    assert desks.events(desk, CROPS) == ["created-on-disk"]
    current.write_text(kept)
    editing.discard(desk, ben, editing.begin(desk, ben, CROPS).token)
    draft = editing.begin(desk, ben, CROPS)
    assert (draft.text, draft.outdated) == (row.text, False)
    assert desks.events(desk, CROPS) == ["created-on-disk", "published"]
    agree(desk, CROPS)


def test_what_a_write_left_behind_is_removed(desk: Desk) -> None:
    left = desks.file_of(desk, CROPS).with_name(".crop-prices.md.abcd1234.tmp")
    left.write_text("half a te")
    other = left.with_name(".hidden")
    other.write_text("not ours")
    (told,) = synced(desk).told
    assert left.name in told
    assert not left.exists()
    assert other.exists()


def test_files_and_journal_agree_after_anything_that_is_done_by_hand(desk: Desk) -> None:
    texts = [factories.case_text(title=f"Case {n}") for n in range(3)]
    steps: list[Callable[[Path], None]] = [
        lambda folder: (folder / "one.md").write_text(texts[0]),
        lambda folder: (folder / "one.md").rename(folder / "two.md"),
        lambda folder: (folder / "one.md").write_text(texts[1]),
        lambda folder: (folder / "two.md").write_text("broken"),
        lambda folder: (folder / "one.md").rename(folder / "two.md"),
        lambda folder: (folder / "two.de.md").write_text(texts[2]),
        lambda folder: (folder / "two.md").unlink(),
        lambda folder: (folder / "Not A Slug.md").write_text(texts[2]),
        lambda folder: (folder / "two.de.md").unlink(),
    ]  # fmt: skip
    for step in steps:
        step(desk.settings.content / "cases")
        synced(desk)
        with desk.database.reading() as connection:
            known = journal.public_hashes(connection)
        keys = desk.library.store.keys()
        assert known == {key: revision_of(desks.text_of(desk, key)) for key in keys}
        quiet(desk)
    assert {row.text for row in desks.rows(desk)} >= {*texts, "broken"}


def test_many_files_are_written_down_in_turns_that_are_told(desk: Desk) -> None:
    for n in range(450):
        desks.by_hand(desk, Key("page", f"page-{n}"), f"---\ntitle: Page {n}\n---\nText.\n")
    told: list[tuple[str, int, int]] = []
    report = reconcile(desk, lambda stage, done, total: told.append((stage, done, total)))
    assert len(report.created) == 450
    assert told == [("journal", 200, 450), ("journal", 400, 450), ("journal", 450, 450)]


# On the command line ------------------------------------------------------------------------


def kb(desk: Desk, *words: str, code: int = 0, **more: str) -> str:
    settings = desk.settings
    environment = {
        "KB_CONTENT": str(settings.content),
        "KB_DATA": str(settings.data),
        "KB_VAR": str(settings.var),
        "DATABASE_URL": settings.database_url,
        **more,
    }
    result = CliRunner().invoke(main, words, env=environment, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_what_the_index_has_just_seen_need_not_be_looked_at_again(desk: Desk) -> None:
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + SAFFRON)
    assert desk.library.make_ready().files is None  # some changed: who knows which others do
    files = desk.library.make_ready().files
    assert files == desk.library.revisions()
    assert start(desk, files=files).changed == (CROPS,)
    assert start(desk, files=files).empty
    assert desks.events(desk, CROPS)[-1] == "changed-on-disk"


def test_what_was_published_since_is_not_taken_for_a_change_by_hand(
    desk: Desk, ama: Person, eva: Person
) -> None:
    files = desk.library.make_ready().files
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + SAFFRON)
    draft = desks.new_case(desk, ama, "Another case")
    publish(desk, eva, draft.token)
    before = desks.count(desk)
    assert start(desk, files=files).empty
    assert desks.count(desk) == before


def test_kb_sync_repairs_index_and_journal_and_tells_what_was_done(desk: Desk) -> None:
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + SAFFRON)
    desks.by_hand(desk, SPICES, "---\ntitle: 'x\n---\n")
    desks.file_of(desk, WOMEN).rename(desks.file_of(desk, WOMEN._replace(slug="girls")))
    told = kb(desk, "sync")
    assert "2 indexed, 1 removed, 1 left out as not valid." in told
    assert "case/crop-prices: changed by hand\n" in told
    assert "case/spices: added by hand\n" in told
    assert "case/women-coders: renamed by hand to girls; write aliases: [women-coders]" in told
    assert told.count("case/spices: 3: front matter") == 1
    agree(desk, CROPS)
    assert "by hand" not in kb(desk, "sync")


def test_a_first_start_does_not_name_every_file(desk_home: Path, tmp_path: Path) -> None:
    settings = desks.copy_home(desk_home, tmp_path / "new")
    with desks.opened(settings, started=False) as desk:
        assert kb(desk, "sync").endswith("The journal begins with 5 documents.\n")
        assert "begins" not in kb(desk, "sync")
    desks.drop_schema(settings)


def test_kb_sync_waits_for_who_is_publishing_and_then_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.services.lock.PATIENCE", 0.1)
    with publish_lock(desk):
        assert "publishing just now" in kb(desk, "sync", code=3)


def test_a_database_that_cannot_be_used_is_told(desk: Desk) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    assert "The database cannot be used" in kb(desk, "sync", code=1, DATABASE_URL=nowhere)
    assert "BAD  database" in kb(desk, "doctor", code=1, DATABASE_URL=nowhere)
