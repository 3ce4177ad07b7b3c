"""Publishing: the file, the index and the journal say the same, whoever did what meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from indexer.errors import BadSlug, NoSuchDocument
from indexer.query import Query
from indexer.values import Key, revision_of
from kb.access import NotAllowed, Person, may
from kb.records import journal, tables
from kb.records.database import now
from kb.records.journal import NoSuchRevision
from kb.services import editing, publishing, recovery
from kb.services.desk import Desk
from kb.services.editing import DraftClosed, StaleEdit
from kb.services.merging import settle
from kb.services.publishing import NotValid, publish, restore, set_status
from kb.services.reconcile import start
from kb.services.states import MoveNotPossible, NoSuchMove
from tests import desks, factories
from tests.desks import CASH, CROPS, FRENCH, WOMEN

SAFFRON = "\n## Lessons\n\nSaffron was too dear [1].\n"
TODAY = now().date()


def found(desk: Desk, words: str) -> set[str]:
    return {hit.key.slug for hit in desk.library.search(Query(words), correct=False).hits}


def indexed(desk: Desk, key: Key) -> str:
    record = desk.library.get(key)
    return str(record["revision"]) if record else ""


def agree(desk: Desk, key: Key) -> None:
    """The file, the index and the journal hold the same text, and nothing is left to do."""
    row = desks.history(desk, key)[-1]
    assert row.hash == revision_of(desks.text_of(desk, key)) == indexed(desk, key)
    assert row.text == desks.text_of(desk, key)
    with desk.database.reading() as connection:
        assert journal.pending(connection) == ()


# A text becomes public ----------------------------------------------------------------------


def test_a_correction_becomes_public_at_once_and_tells_who_and_why(
    desk: Desk, ama: Person, eva: Person
) -> None:
    before = desks.text_of(desk, CROPS)
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    assert found(desk, "saffron") == set()
    row = publish(desk, eva, draft.token, "Checked with the ministry")
    assert found(desk, "saffron") == {"crop-prices"}
    assert (row.author, row.message, row.base) == (
        "Ama", "Checked with the ministry", revision_of(before),
    )  # fmt: skip
    agree(desk, CROPS)
    closed = desks.draft_now(desk, draft)
    assert (closed.state, closed.note) == ("published", "Checked with the ministry")
    with desk.database.reading() as connection:
        event = connection.execute(sa.select(tables.event)).mappings().one()
    assert (event["action"], event["subject"]) == ("published", "case/crop-prices")


def test_what_a_writer_changed_is_told_where_the_editor_says_nothing(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = editing.begin(desk, ama, CROPS)
    editing.save(desk, ama, draft.token, draft.text + SAFFRON, draft.hash, "Saffron is new")
    editing.submit(desk, ama, draft.token, "For your eyes")
    assert publish(desk, eva, draft.token).message == "Saffron is new"
    assert desks.draft_now(desk, draft).note == ""


def test_a_new_case_gets_its_address_and_its_dates(desk: Desk, ama: Person, eva: Person) -> None:
    draft = desks.new_case(desk, ama, "Radio lessons in Togo", published=None, updated=None)
    row = publish(desk, eva, draft.token)
    key = Key("case", "radio-lessons-in-togo")
    assert row.key == key
    assert row.base is None
    assert desks.draft_now(desk, draft).key == key
    agree(desk, key)
    record = desk.library.get(key)
    assert record is not None
    assert record["front"]["published"] == TODAY.isoformat()
    assert "updated" not in record["front"]


def test_the_day_of_a_change_is_told_unless_its_authors_told_one(
    desk: Desk, ama: Person, eva: Person
) -> None:
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + SAFFRON)
    assert f"updated: {TODAY}" in desks.text_of(desk, CROPS)
    later = date(2031, 5, 1)
    desks.made_public(desk, ama, eva, CROPS, lambda text: desks.with_fields(text, updated=later))
    assert f"updated: {later}" in desks.text_of(desk, CROPS)
    assert "published: 2026-11-23" in desks.text_of(desk, CROPS)


def test_two_new_cases_of_one_title_get_two_addresses(
    desk: Desk, ama: Person, ben: Person, eva: Person
) -> None:
    first, second = (desks.new_case(desk, who, "Radio lessons") for who in (ama, ben))
    assert publish(desk, eva, second.token).slug == "radio-lessons-2"
    assert publish(desk, eva, first.token).slug == "radio-lessons"


def test_a_name_that_was_taken_by_hand_meanwhile_is_left_alone(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.new_case(desk, ama, "Radio lessons")
    taken = factories.case_text(title="Somebody else's")
    desks.by_hand(desk, Key("case", "radio-lessons"), taken)
    assert publish(desk, eva, draft.token).slug == "radio-lessons-2"
    assert desks.text_of(desk, Key("case", "radio-lessons")) == taken


def test_a_translation_is_published_beside_its_original(
    desk: Desk, ama: Person, eva: Person
) -> None:
    row = desks.made_public(desk, ama, eva, FRENCH, lambda text: text + "\nLe safran.\n")
    assert row.key == FRENCH
    agree(desk, FRENCH)


def test_what_is_not_valid_does_not_become_public(desk: Desk, ama: Person, eva: Person) -> None:
    before = desks.text_of(desk, CROPS)
    for change in (
        lambda text: text + "[99]\n",
        lambda text: desks.with_fields(text, outcome="great", themes=None),
        lambda text: "---\ntitle: 'x\n---\n",
        lambda text: text + "\0",
    ):
        draft = desks.submitted(desk, ama, CROPS, change)
        with pytest.raises(NotValid) as told:
            publish(desk, eva, draft.token)
        assert told.value.problems
        assert desks.draft_now(desk, draft).state == "submitted"
        editing.reject(desk, eva, draft.token, "Not valid")
    assert desks.text_of(desk, CROPS) == before
    assert desks.events(desk, CROPS) == ["created-on-disk"]


def test_only_what_was_handed_in_is_published_and_only_once(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + SAFFRON)
    with pytest.raises(MoveNotPossible):
        publish(desk, eva, draft.token)
    editing.submit(desk, ama, draft.token)
    for who in (ama, rosa):
        with pytest.raises(NotAllowed):
            publish(desk, who, draft.token)
    publish(desk, eva, draft.token)
    with pytest.raises(MoveNotPossible):
        publish(desk, eva, draft.token)
    with pytest.raises(DraftClosed):
        editing.save(desk, ama, draft.token, draft.text + "More.\n", draft.hash)


def test_a_link_in_place_of_a_file_is_refused_before_anything_happens(
    desk: Desk, ama: Person, eva: Person, tmp_path: Path
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    (tmp_path / "elsewhere").write_text("kept")
    path = desks.file_of(desk, CROPS)
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises((BadSlug, StaleEdit)):
        publish(desk, eva, draft.token)
    assert (tmp_path / "elsewhere").read_text() == "kept"
    assert desks.draft_now(desk, draft).state == "submitted"


# Others were quicker ------------------------------------------------------------------------


def test_what_others_published_meanwhile_is_joined(
    desk: Desk, ama: Person, ben: Person, eva: Person
) -> None:
    hers = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    desks.made_public(desk, ben, eva, CROPS, lambda text: desks.with_fields(text, outcome="scaled"))
    publish(desk, eva, hers.token)
    text = desks.text_of(desk, CROPS)
    assert "outcome: scaled" in text
    assert "Saffron" in text
    agree(desk, CROPS)


def test_what_was_changed_by_hand_meanwhile_is_joined_and_in_the_journal(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    by_hand = desks.with_fields(desks.text_of(desk, CROPS), outcome="scaled")
    desks.by_hand(desk, CROPS, by_hand)
    publish(desk, eva, draft.token)
    assert "outcome: scaled" in desks.text_of(desk, CROPS)
    assert desks.events(desk, CROPS) == ["created-on-disk", "changed-on-disk", "published"]
    assert desks.history(desk, CROPS)[1].text == by_hand
    agree(desk, CROPS)


def test_where_both_changed_one_place_nothing_is_published_before_somebody_chose(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda t: desks.with_fields(t, outcome="failed"))
    by_hand = desks.with_fields(desks.text_of(desk, CROPS), outcome="scaled")
    desks.by_hand(desk, CROPS, by_hand)
    with pytest.raises(StaleEdit) as told:
        publish(desk, eva, draft.token)
    assert desks.text_of(desk, CROPS) == by_hand
    assert desks.events(desk, CROPS)[-1] == "changed-on-disk"
    stale = told.value
    chosen = settle(stale.merged, {c.marker: c.mine for c in stale.merged.conflicts})
    editing.resolve(desk, eva, draft.token, chosen, stale.base)
    publish(desk, eva, draft.token)
    assert "outcome: failed" in desks.text_of(desk, CROPS)
    agree(desk, CROPS)


def test_a_document_that_was_removed_comes_back_only_if_somebody_says_so(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    desks.file_of(desk, CROPS).unlink()
    with pytest.raises(StaleEdit) as told:
        publish(desk, eva, draft.token)
    assert told.value.theirs_text == ""
    solved = editing.resolve(desk, eva, draft.token, draft.text, told.value.base)
    assert not solved.outdated
    assert publish(desk, eva, draft.token).key == CROPS
    assert desks.events(desk, CROPS) == ["created-on-disk", "removed-on-disk", "published"]
    agree(desk, CROPS)


# Failures -----------------------------------------------------------------------------------


def test_a_file_that_cannot_be_replaced_leaves_everything_as_it_was(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, FRENCH, lambda text: text + "\nLe safran.\n")
    path = desks.file_of(desk, FRENCH)
    path.unlink()
    path.mkdir()
    with pytest.raises(StaleEdit) as told:
        publish(desk, eva, draft.token)
    editing.resolve(desk, eva, draft.token, draft.text, told.value.base)
    with pytest.raises(IsADirectoryError):
        publish(desk, eva, draft.token)
    assert desks.draft_now(desk, draft).state == "submitted"
    assert desks.events(desk, FRENCH)[-1] == "removed-on-disk"
    assert list(path.parent.glob(".*")) == []
    path.rmdir()
    publish(desk, eva, draft.token)
    agree(desk, FRENCH)


def test_an_index_that_is_busy_delays_the_index_alone(
    desk: Desk, ama: Person, eva: Person, caplog: pytest.LogCaptureFixture
) -> None:
    draft = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    current = desk.library.folder.path / "CURRENT"
    kept = current.read_text()
    current.unlink()
    row = publish(desk, eva, draft.token)
    assert revision_of(desks.text_of(desk, CROPS)) == row.hash
    assert "not yet indexed" in caplog.text
    current.write_text(kept)
    assert recovery.recover(desk) == [f"case/crop-prices: {row.hash} was published"]
    assert found(desk, "saffron") == {"crop-prices"}
    agree(desk, CROPS)


def test_the_next_publication_finishes_what_was_left(desk: Desk, ama: Person, eva: Person) -> None:
    first = desks.submitted(desk, ama, CROPS, lambda text: text + SAFFRON)
    second = desks.submitted(desk, ama, WOMEN, lambda text: text + SAFFRON)
    with desk.database.writing() as connection:
        row = journal.append(connection, CROPS, first.text, "published", base=first.base,
                             draft_id=first.id, author="Eva", pending=True)  # fmt: skip
        journal.change_draft(connection, first, state="published")
    publish(desk, eva, second.token)
    assert desks.text_of(desk, CROPS) == row.text
    agree(desk, CROPS)
    agree(desk, WOMEN)


# Withdrawn, archived, and back --------------------------------------------------------------


def test_a_case_is_withdrawn_with_the_reason_and_comes_back(desk: Desk, eva: Person) -> None:
    text = desks.text_of(desk, CROPS)
    row = set_status(desk, eva, CROPS, "withdrawn", " The figures were wrong. ")
    assert row.event == "withdrawn"
    assert found(desk, "maize") == set()
    assert 'status_reason: "The figures were wrong."' in desks.text_of(desk, CROPS)
    agree(desk, CROPS)
    set_status(desk, eva, CROPS, "archived", "Superseded.")
    assert set_status(desk, eva, CROPS, "published").event == "reinstated"
    assert desks.text_of(desk, CROPS) == text
    assert found(desk, "maize") == {"crop-prices"}
    assert desks.events(desk, CROPS)[1:] == ["withdrawn", "archived", "reinstated"]
    before = desks.count(desk)
    assert set_status(desk, eva, CROPS, "published").hash == revision_of(text)
    assert desks.count(desk) == before


def test_a_reason_is_needed_and_a_right(desk: Desk, eva: Person, rosa: Person) -> None:
    with pytest.raises(NotValid, match="status_reason"):
        set_status(desk, eva, CROPS, "withdrawn", "  ")
    for status in publishing.STATUSES:
        with pytest.raises(NotAllowed):
            set_status(desk, rosa, CROPS, status, "Because.")
    with pytest.raises(NoSuchMove):
        set_status(desk, eva, CROPS, "burnt", "Because.")
    with pytest.raises(NoSuchDocument):
        set_status(desk, eva, Key("case", "nothing"), "withdrawn", "Because.")
    desks.by_hand(desk, CROPS, "---\ntitle: 'x\n---\n")
    with pytest.raises(NotValid):
        set_status(desk, eva, CROPS, "withdrawn", "Because.")
    assert desks.events(desk, CROPS) == ["created-on-disk", "broken-on-disk"]


def test_an_open_draft_catches_up_with_a_withdrawal(desk: Desk, ama: Person, eva: Person) -> None:
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + SAFFRON)
    set_status(desk, eva, CROPS, "withdrawn", "Because.")
    assert "status: withdrawn" in editing.catch_up(desk, ama, draft.token).text


# An old text comes back ---------------------------------------------------------------------


def test_an_old_text_comes_back_as_a_draft_whole(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    old = desks.text_of(desk, CROPS)
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + SAFFRON)
    draft = restore(desk, eva, CROPS, revision_of(old), message="It was better")
    assert draft.text == old
    assert draft.head is not None
    assert (draft.head.event, draft.head.message) == ("restored", "It was better")
    editing.submit(desk, eva, draft.token)
    editing.approve(desk, rosa, draft.token)
    publish(desk, eva, draft.token)
    assert found(desk, "saffron") == set()
    assert f"updated: {TODAY}" in desks.text_of(desk, CROPS)
    agree(desk, CROPS)


def test_single_fields_and_the_body_come_back_alone(desk: Desk, ama: Person, eva: Person) -> None:
    old = desks.text_of(desk, CROPS)
    desks.made_public(
        desk, ama, eva, CROPS,
        lambda text: desks.with_fields(text, outcome="scaled", title="T", results=[]) + SAFFRON,
    )  # fmt: skip
    draft = restore(desk, eva, CROPS, revision_of(old), ("outcome", "results"))
    assert "outcome: mixed" in draft.text
    assert "results:" not in draft.text
    assert 'title: "T"' in draft.text
    assert "Saffron" in draft.text
    draft = restore(desk, eva, CROPS, revision_of(old), ("body",))
    assert "Saffron" not in draft.text
    assert 'title: "T"' in draft.text


def test_a_removed_document_comes_back_under_its_name(
    desk: Desk, eva: Person, rosa: Person
) -> None:
    old = desks.text_of(desk, CROPS)
    desks.file_of(desk, CROPS).unlink()
    draft = restore(desk, eva, CROPS, revision_of(old))
    assert (draft.key, draft.text, draft.base) == (CROPS, old, None)
    editing.submit(desk, eva, draft.token)
    editing.approve(desk, rosa, draft.token)
    publish(desk, eva, draft.token)
    assert desks.events(desk, CROPS) == ["created-on-disk", "removed-on-disk", "published"]
    agree(desk, CROPS)


def test_only_texts_of_the_document_come_back(desk: Desk, ama: Person, eva: Person) -> None:
    for name in ("0" * 12, "", revision_of(desks.text_of(desk, CASH))):
        with pytest.raises(NoSuchRevision):
            restore(desk, eva, CROPS, name)
    with pytest.raises(NotAllowed):
        restore(desk, replace(ama, role="reader"), CROPS, revision_of(desks.text_of(desk, CROPS)))
    draft = desks.wrote(desk, ama, CROPS, lambda text: text + SAFFRON)
    assert may(eva, "see-draft", draft)
    assert restore(desk, eva, CROPS, draft.hash).text == draft.text


def test_a_start_with_nothing_to_do_says_nothing(desk: Desk, ama: Person, eva: Person) -> None:
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + SAFFRON)
    before = desks.count(desk)
    assert start(desk).empty
    assert desks.count(desk) == before
