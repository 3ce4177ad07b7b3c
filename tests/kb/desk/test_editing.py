"""Drafts: begun, saved, joined, shared, moved; and whatever was sent is in the journal."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import NoSuchDocument
from indexer.values import Key, revision_of
from kb.access import CONSOLE, VISITOR, NotAllowed, Person, SignInNeeded
from kb.present.history import EVENTS
from kb.records import journal, people
from kb.records.database import now
from kb.records.journal import NoSuchDraft
from kb.services import editing, limits
from kb.services.desk import Desk
from kb.services.editing import DraftClosed, NobodyThere, StaleEdit
from kb.services.merging import settle
from kb.services.moving import make_move
from kb.services.publishing import publish
from kb.services.states import MOVES, STATES, MoveNotPossible, NoSuchMove, moves_for
from kb.services.tokens import hash_of
from tests import desks, factories
from tests.desks import CASH, CROPS
from tests.people import add_person

NEW = factories.case_text(title="Radio lessons in Togo")


def kept(desk: Desk, text: str) -> bool:
    return any(row.text == text for row in desks.rows(desk))


# Beginning ----------------------------------------------------------------------------------


def test_a_draft_of_a_public_case_begins_with_its_text(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    assert draft.text == desks.text_of(desk, CASH)
    assert draft.base == draft.hash == revision_of(draft.text)
    assert (draft.state, draft.owner, draft.key) == ("draft", "Ama", CASH)
    assert not draft.outdated


def test_one_person_has_one_open_draft_of_a_document(desk: Desk, ama: Person, ben: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    assert editing.begin(desk, ama, CASH).token == draft.token
    assert editing.begin(desk, ben, CASH).token != draft.token
    editing.discard(desk, ama, draft.token)
    assert editing.begin(desk, ama, CASH).token != draft.token


def test_a_new_document_is_named_by_its_title_for_as_long_as_it_changes(
    desk: Desk, ama: Person
) -> None:
    draft = editing.begin(desk, ama, None)
    assert (draft.slug, draft.head, draft.base, draft.text) == ("", None, None, "")
    draft = editing.save(desk, ama, draft.token, NEW, "")
    assert draft.slug == "radio-lessons-in-togo"
    other = NEW.replace("Radio lessons", "TV lessons")
    assert editing.save(desk, ama, draft.token, other, draft.hash).slug == "tv-lessons-in-togo"


def test_a_name_is_nobody_else_s(desk: Desk, ama: Person, ben: Person) -> None:
    slugs = [editing.begin(desk, who, None, text=NEW).slug for who in (ama, ben, ama)]
    assert slugs == ["radio-lessons-in-togo", "radio-lessons-in-togo-2", "radio-lessons-in-togo-3"]
    taken = editing.begin(desk, ama, None, text=factories.case_text(title="Crop prices"))
    again = editing.save(desk, ama, taken.token, taken.text + "\nMore.\n", taken.hash)
    assert taken.slug == again.slug == "crop-prices-2"
    old = editing.begin(desk, ama, None, text=factories.case_text(title="Old cash"))
    assert old.slug == "old-cash-2"  # an alias of another case leads there
    reserved = editing.begin(desk, ama, None, text=factories.case_text(title="New"))
    assert reserved.slug == "new-1"


def test_long_titles_make_names_that_fit(desk: Desk, ama: Person) -> None:
    text = factories.case_text(title="word " * 30)
    slugs = [editing.begin(desk, ama, None, text=text).slug for _ in range(3)]
    assert len(set(slugs)) == 3
    assert max(map(len, slugs)) <= 80


def test_a_translation_begins_beside_its_original_alone(desk: Desk, ama: Person) -> None:
    text = factories.case_text(lang="es", title="Dinero por teléfono")
    draft = editing.begin(desk, ama, CASH._replace(lang="es"), text=text)
    assert draft.key == Key("case", "cash-by-phone", "es")
    assert draft.base is None
    for key in (Key("case", "nothing"), Key("case", "nothing", "fr"), CROPS._replace(lang="fr")):
        with pytest.raises(NoSuchDocument):
            editing.begin(desk, ama, key, text=text if key.slug == "nothing" else None)
    with pytest.raises(NoSuchDocument):
        editing.begin(desk, ama, None, kind="poem")


def test_a_hand_edit_is_noticed_before_a_draft_begins_from_it(desk: Desk, ama: Person) -> None:
    text = desks.text_of(desk, CASH).replace("market", "feast")
    desks.by_hand(desk, CASH, text)
    draft = editing.begin(desk, ama, CASH)
    assert draft.text == text
    assert desks.events(desk, CASH) == ["created-on-disk", "changed-on-disk"]


def test_a_broken_file_can_be_mended_in_a_draft(desk: Desk, ama: Person) -> None:
    broken = "---\ntitle: 'x\n---\n\udcff\0"
    desks.by_hand(desk, CASH, broken)
    draft = editing.begin(desk, ama, CASH)
    assert draft.text == broken
    assert editing.problems_of(desk, draft)
    assert desks.events(desk, CASH)[-1] == "broken-on-disk"


def test_who_fills_the_desk_has_to_wait_and_may_go_on_writing(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    with desk.database.writing() as connection:
        for _ in range(limits.LIMITS["begin"]["account"].free):
            subject = hash_of(f"account:{ama.id}")
            people.add_try(connection, "begin", subject, now())
    with pytest.raises(limits.TooManyTries):
        editing.begin(desk, ama, CROPS)
    assert editing.begin(desk, ama, CASH).token == draft.token
    assert editing.save(desk, ama, draft.token, draft.text + "More.\n", draft.hash).head


def test_nobody_begins_without_an_account(desk: Desk) -> None:
    with pytest.raises(SignInNeeded):
        editing.begin(desk, VISITOR, CASH)
    with pytest.raises(NotAllowed):
        editing.begin(desk, CONSOLE, CASH)
    with pytest.raises(NotAllowed):
        editing.begin(desk, add_person(desk.database, "reader"), CASH)


# Saving -------------------------------------------------------------------------------------


def test_every_text_is_a_revision_with_who_when_and_why(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    saved = editing.save(desk, ama, draft.token, draft.text + "More.\n", draft.hash, "I know more")
    assert saved.head is not None
    assert (saved.head.author, saved.head.message) == ("Ama", "I know more")
    assert saved.head.base == draft.hash
    assert saved.head.at >= draft.updated_at
    assert desks.draft_now(desk, draft) == saved


def test_the_same_text_is_no_new_revision(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    before = desks.count(desk)
    assert editing.save(desk, ama, draft.token, draft.text, draft.hash).head == draft.head
    assert editing.save(desk, ama, draft.token, draft.text, "0" * 12).head == draft.head
    assert desks.count(desk) == before


def test_words_for_a_text_that_was_saved_by_itself_are_kept(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    saved = editing.save(desk, ama, draft.token, draft.text + "More.\n", draft.hash)
    before = desks.count(desk)
    for _ in range(2):
        told = editing.save(desk, ama, draft.token, saved.text, saved.hash, "I know more")
    assert told.head is not None
    assert (told.text, told.head.message) == (saved.text, "I know more")
    assert desks.count(desk) == before + 1


def test_any_text_comes_back_as_it_was_sent(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture],
              deadline=None)  # fmt: skip
    @given(st.text() | st.text(st.characters(categories=["Cs", "Cc"])) | st.just("\ufdd0base64:x"))
    def comes_back(text: str) -> None:
        now = desks.draft_now(desk, draft)
        saved = editing.save(desk, ama, draft.token, text, now.hash, message=text)
        assert saved.hash == revision_of(text)
        assert revision_of(desks.draft_now(desk, draft).text) == saved.hash

    comes_back()


def test_a_draft_that_nobody_has_cannot_be_saved(desk: Desk, ama: Person, ben: Person) -> None:
    with pytest.raises(NoSuchDraft):
        editing.save(desk, ama, "guessed", "x", "")
    draft = editing.begin(desk, ama, CASH)
    for act in (
        lambda: editing.save(desk, ben, draft.token, "x", draft.hash),
        lambda: editing.open_draft(desk, ben, draft.token),
        lambda: editing.submit(desk, ben, draft.token),
        lambda: editing.conflict(desk, ben, draft.token),
        lambda: editing.catch_up(desk, ben, draft.token),
        lambda: editing.resolve(desk, ben, draft.token, "x", draft.hash),
        lambda: editing.add_co_author(desk, ben, draft.token, "ben@example.org"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert desks.draft_now(desk, draft) == draft


def shared(desk: Desk, owner: Person, other: Person) -> journal.Draft:
    draft = editing.begin(desk, owner, CASH)
    return editing.add_co_author(desk, owner, draft.token, other.email.upper() + " ")


def test_two_who_save_at_different_places_both_succeed(
    desk: Desk, ama: Person, ben: Person
) -> None:
    draft = shared(desk, ama, ben)
    hers, his = desks.with_fields(draft.text, title="New title"), draft.text + "His line.\n"
    editing.save(desk, ama, draft.token, hers, draft.hash)
    joined = editing.save(desk, ben, draft.token, his, draft.hash)
    assert joined.merged_with == "Ama"
    assert joined.text == hers + "His line.\n"
    assert joined.head is not None
    assert joined.head.event == "merged"
    assert kept(desk, hers)
    assert kept(desk, his)
    assert editing.conflict(desk, ben, draft.token) is None


def test_who_goes_on_typing_in_an_old_window_is_joined_again(
    desk: Desk, ama: Person, ben: Person
) -> None:
    draft = shared(desk, ama, ben)
    editing.save(desk, ama, draft.token, desks.with_fields(draft.text, title="New"), draft.hash)
    typed, base = draft.text, draft.hash
    for word in ("One", " two", " three.\n"):
        typed += word
        editing.save(desk, ben, draft.token, typed, base, event="autosaved")
        base = revision_of(typed)
    text = desks.draft_now(desk, draft).text
    assert text.endswith("One two three.\n")
    assert "New" in text


def test_two_who_change_one_place_lose_neither(desk: Desk, ama: Person, ben: Person) -> None:
    draft = shared(desk, ama, ben)
    hers, his = (desks.with_fields(draft.text, title=title) for title in ("Hers", "His"))
    editing.save(desk, ama, draft.token, hers, draft.hash)
    for _ in range(2):  # a second try changes nothing
        with pytest.raises(StaleEdit) as told:
            editing.save(desk, ben, draft.token, his, draft.hash)
    stale = told.value
    assert (stale.base_text, stale.theirs_text, stale.mine_text) == (draft.text, hers, his)
    assert (stale.theirs, stale.public) == ("Ama", False)
    assert desks.draft_now(desk, draft).text == hers
    assert [row.text for row in desks.rows(desk)].count(his) == 1
    waiting = editing.conflict(desk, ben, draft.token)
    assert waiting is not None
    assert waiting.merged == stale.merged
    assert editing.conflict(desk, ama, draft.token) is None
    chosen = settle(stale.merged, {c.marker: c.mine for c in stale.merged.conflicts})
    solved = editing.resolve(desk, ben, draft.token, chosen, stale.base)
    assert solved.text == his
    assert editing.conflict(desk, ben, draft.token) is None
    assert kept(desk, hers)


def test_a_conflict_is_over_when_the_other_s_text_is_chosen(
    desk: Desk, ama: Person, ben: Person
) -> None:
    draft = shared(desk, ama, ben)
    hers, his = (desks.with_fields(draft.text, title=title) for title in ("Hers", "His"))
    editing.save(desk, ama, draft.token, hers, draft.hash)
    with pytest.raises(StaleEdit) as told:
        editing.save(desk, ben, draft.token, his, draft.hash)
    assert editing.resolve(desk, ben, draft.token, hers, told.value.base).text == hers
    assert editing.conflict(desk, ben, draft.token) is None


def test_who_saves_while_another_chooses_is_not_covered(
    desk: Desk, ama: Person, ben: Person
) -> None:
    draft = shared(desk, ama, ben)
    hers, his = (desks.with_fields(draft.text, title=title) for title in ("Hers", "His"))
    hers = editing.save(desk, ama, draft.token, hers, draft.hash).text
    with pytest.raises(StaleEdit) as told:
        editing.save(desk, ben, draft.token, his, draft.hash)
    editing.save(desk, ama, draft.token, hers + "Later.\n", revision_of(hers))
    solved = editing.resolve(desk, ben, draft.token, his, told.value.base)
    assert solved.text == his + "Later.\n"


def test_what_comes_too_late_is_kept_beside_the_draft(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    editing.submit(desk, ama, draft.token)
    late = draft.text + "Too late.\n"
    with pytest.raises(DraftClosed):
        editing.save(desk, ama, draft.token, late, draft.hash, event="autosaved")
    assert kept(desk, late)
    assert desks.draft_now(desk, draft).text == draft.text


def test_a_base_that_nobody_knows_is_joined_as_if_from_nothing(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CASH)
    with pytest.raises(StaleEdit) as told:
        editing.save(desk, ama, draft.token, "---\na: 1\n---\nMine.\n", "f" * 12)
    assert told.value.theirs_text == draft.text
    assert kept(desk, "---\na: 1\n---\nMine.\n")


# What became public meanwhile ---------------------------------------------------------------


def test_a_draft_is_outdated_when_another_text_became_public(
    desk: Desk, ama: Person, ben: Person, eva: Person
) -> None:
    draft = desks.wrote(desk, ama, CASH, lambda text: text + "Hers.\n")
    desks.made_public(desk, ben, eva, CASH, lambda text: desks.with_fields(text, title="His"))
    assert desks.draft_now(desk, draft).outdated
    caught = editing.catch_up(desk, ama, draft.token)
    assert not caught.outdated
    assert caught.base == revision_of(desks.text_of(desk, CASH))
    assert caught.text == desks.text_of(desk, CASH) + "Hers.\n"
    assert editing.catch_up(desk, ama, draft.token) == caught


def test_what_went_apart_from_the_public_text_is_put_to_its_author(
    desk: Desk, ama: Person, ben: Person, eva: Person
) -> None:
    hers = desks.wrote(desk, ama, CASH, lambda text: desks.with_fields(text, title="Hers"))
    desks.made_public(desk, ben, eva, CASH, lambda text: desks.with_fields(text, title="His"))
    with pytest.raises(StaleEdit) as told:
        editing.catch_up(desk, ama, hers.token)
    stale = told.value
    assert (stale.theirs, stale.public) == ("Ben", True)
    assert stale.theirs_text == desks.text_of(desk, CASH)
    waiting = editing.conflict(desk, ama, hers.token)
    assert waiting is not None
    assert (waiting.base, waiting.merged) == (stale.base, stale.merged)
    chosen = settle(stale.merged, {c.marker: c.mine for c in stale.merged.conflicts})
    solved = editing.resolve(desk, ama, hers.token, chosen, stale.base)
    assert not solved.outdated
    assert editing.conflict(desk, ama, hers.token) is None
    assert 'title: "Hers"' in solved.text


# Together and from state to state -----------------------------------------------------------


def test_co_authors_come_and_go(desk: Desk, ama: Person, ben: Person) -> None:
    draft = shared(desk, ama, ben)
    assert draft.co_author_ids == (ben.id,)
    assert editing.add_co_author(desk, ama, draft.token, ben.email).co_author_ids == (ben.id,)
    assert editing.add_co_author(desk, ben, draft.token, ama.email).co_author_ids == (ben.id,)
    with desk.database.reading() as connection:
        assert ben.id is not None
        assert [one.token for one in journal.drafts_of(connection, ben.id)] == [draft.token]
    with pytest.raises(NobodyThere):
        editing.add_co_author(desk, ama, draft.token, "nobody@example.org")
    assert editing.remove_co_author(desk, ama, draft.token, ben.email).co_author_ids == ()
    with pytest.raises(NotAllowed):
        editing.save(desk, ben, draft.token, "x", draft.hash)


def test_the_way_of_a_draft_is_in_the_journal(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    token = editing.begin(desk, ama, None, text=NEW).token
    for act, who, state in (
        (editing.submit, ama, "submitted"),
        (editing.withdraw_submission, ama, "draft"),
        (editing.submit, ama, "submitted"),
        (editing.request_changes, rosa, "changes-requested"),
        (editing.submit, ama, "submitted"),
        (editing.approve, rosa, "approved"),
        (editing.reject, eva, "rejected"),
    ):
        moved = act(desk, who, token, f"because of {state}")
        assert (moved.state, moved.note) == (state, f"because of {state}")
    with desk.database.reading() as connection:
        said = [row.event for row in journal.draft_revisions(connection, moved.id)]
    assert said == ["rejected", "approved", "submitted", "changes-requested", "submitted",
                    "taken-back", "submitted", "saved"]  # fmt: skip


def made(desk: Desk, person: Person, token: str, move: str) -> object:
    if move == "publish":
        return publish(desk, person, token)
    return make_move(desk, person, token, move, "Because")


@pytest.mark.parametrize("state", STATES)
def test_a_move_that_is_not_in_the_table_is_not_possible(
    desk: Desk, ama: Person, otto: Person, state: str
) -> None:
    draft = editing.begin(desk, ama, None, text=NEW)
    for move in sorted({move for _, move in MOVES}):
        with desk.database.writing() as connection:
            journal.change_draft(connection, draft, state=state)
        if (state, move) in MOVES:
            after = MOVES[state, move][0]
            assert move in moves_for(otto, desks.draft_now(desk, draft))
            made(desk, otto, draft.token, move)
            assert desks.draft_now(desk, draft).state == after
        else:
            with pytest.raises(MoveNotPossible):
                made(desk, otto, draft.token, move)
            assert desks.draft_now(desk, draft).state == state
    for move in ("sing", "publish"):
        with pytest.raises(NoSuchMove):
            make_move(desk, otto, draft.token, move)


def test_every_event_of_the_journal_is_told_in_words(desk: Desk) -> None:
    assert set(journal.EVENTS) <= set(EVENTS)
    assert {state for state, _ in MOVES.values()} - {"draft"} <= {*journal.EVENTS, "published"}
    assert max(map(len, journal.EVENTS)) <= 20  # as the column of the table


def test_an_empty_draft_cannot_be_handed_in_but_given_up(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, None)
    with pytest.raises(MoveNotPossible):
        editing.submit(desk, ama, draft.token)
    assert editing.discard(desk, ama, draft.token).state == "discarded"


def test_problems_are_those_of_the_file(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, CROPS)
    assert editing.problems_of(desk, draft) == []
    worse = editing.save(desk, ama, draft.token, draft.text + "[99]\n", draft.hash)
    assert [problem.field for problem in editing.problems_of(desk, worse)] == ["body"]
