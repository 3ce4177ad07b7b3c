"""Review: what is said stays at its place, and nobody's text becomes public on their word alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from indexer.values import Key, revision_of
from kb.access import NotAllowed, Person, SignInNeeded
from kb.records import comments, journal, people, tables, verdicts
from kb.records.comments import NoSuchComment
from kb.records.journal import Draft, NoSuchRevision
from kb.services import claiming, commenting, editing
from kb.services.anchoring import Passage
from kb.services.claiming import HELD, AlreadyClaimed
from kb.services.commenting import DraftOver, NothingSaid, Remark, Thread, TooLong
from kb.services.desk import Desk
from kb.services.doctor import examine
from kb.services.editing import StaleEdit
from kb.services.places import CHANGED, GONE, SAME, NoSuchPlace
from kb.services.publishing import publish, purge
from kb.services.queue import Wish, queue
from kb.services.reviewing import Review, review
from kb.services.states import MoveNotPossible
from kb.services.verdicts import (
    Look,
    NotReviewed,
    OwnText,
    PointsMissing,
    ReasonNeeded,
    TextChanged,
    standing_of,
)
from kb.services.working import my_work
from tests import desks, factories
from tests.desks import CASH, CROPS, MUST
from tests.people import add_person

BODY = (
    "\n## Context\n\nFew people in the district had a **bank account** in 2006 [1]. A road was"
    " built.\n\n## Results\n\nBy 2008 some 1,200 people used it [2].\n\n"
    "## What went wrong\n\nAgents ran out of cash on market days [1].\n"
)
TEXT = factories.case_text(BODY, title="Radio lessons in Togo")


def submitted(desk: Desk, ama: Person, text: str = TEXT) -> Draft:
    return editing.submit(desk, ama, editing.begin(desk, ama, None, text=text).token)


def seen(desk: Desk, person: Person, draft: Draft) -> Review:
    return review(desk, person, draft.token)


def threads(desk: Desk, person: Person, draft: Draft) -> tuple[Thread, ...]:
    return seen(desk, person, draft).threads


def saved(desk: Desk, person: Person, draft: Draft, old: str, new: str) -> Draft:
    """The draft after somebody replaced some words of it."""
    now = desks.draft_now(desk, draft)
    assert old in now.text
    return editing.save(desk, person, draft.token, now.text.replace(old, new), now.hash)


def told(desk: Desk, kind: str) -> set[str]:
    """The names of those who are to be told of something of a kind."""
    query = (
        sa.select(tables.person.c.name)
        .join(tables.notice, tables.notice.c.person_id == tables.person.c.id)
        .where(tables.notice.c.kind == kind)
    )
    with desk.database.reading() as connection:
        return set(connection.execute(query).scalars())


def with_reviews(desk: Desk, number: int) -> Desk:
    return desks.with_settings(desk, reviews=number)


# Comments -----------------------------------------------------------------------------------


def test_a_thread_holds_what_was_said_by_whom_of_which_text(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    draft = submitted(desk, ama)
    number = commenting.say(desk, rosa, draft.token, Remark(" Which year? ", field="results.1"))
    later = saved(desk, ama, editing.withdraw_submission(desk, ama, draft.token), "A road", "Road")
    commenting.answer(desk, ama, draft.token, number, "2008")
    editing.submit(desk, ama, draft.token)
    (thread,) = threads(desk, rosa, draft)
    said = [(one.name, one.words, one.hash) for one in (thread.first, *thread.answers)]
    assert said == [("Rosa", "Which year?", draft.hash), ("Ama", "2008", later.hash)]
    assert (thread.number, thread.place.field, thread.place.how) == (1, "results.1", SAME)
    assert thread.open


def test_a_passage_is_told_from_the_same_words_elsewhere_by_what_stands_around_it(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    body = "\n## Context\n\nThe north had one radio. The south had one radio.\n"
    draft = submitted(desk, ama, factories.case_text(body, title="Radios"))
    passage = Passage("one radio", "The south had ", ".")
    commenting.say(desk, rosa, draft.token, Remark("Which make?", passage=passage))
    (thread,) = threads(desk, rosa, draft)
    assert thread.place.passage is not None
    assert thread.place.passage.before.endswith("The south had ")


@pytest.mark.parametrize("pasted", [
    "bank account in 2006",
    "**bank account** in 2006 [1]",
    "had a bank account\nin 20061. A road was built",
    "bank   account in 2006",
])  # fmt: skip
def test_a_passage_is_pasted_from_the_page_as_well_as_from_the_markdown(
    desk: Desk, ama: Person, rosa: Person, pasted: str
) -> None:
    draft = submitted(desk, ama)
    commenting.say(desk, rosa, draft.token, Remark("Says who?", passage=Passage(pasted)))
    (thread,) = threads(desk, rosa, draft)
    assert "bank account in 2006" in thread.first.quote
    assert thread.place.how == SAME


def test_a_passage_that_is_not_in_the_text_is_refused(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    draft = submitted(desk, ama)
    for words in ("a thousand camels crossed the river", "title", "xyzzy"):
        with pytest.raises(NoSuchPlace):
            commenting.say(desk, rosa, draft.token, Remark("?", passage=Passage(words)))
    with pytest.raises(TooLong):
        commenting.say(desk, rosa, draft.token, Remark("?", passage=Passage("x" * 2001)))
    for field in ("results.2", "results.x", "nothing", "themes.1", "results.", "results.0"):
        with pytest.raises(NoSuchPlace):
            commenting.say(desk, rosa, draft.token, Remark("?", field=field))
    with pytest.raises(NoSuchRevision):
        commenting.say(desk, rosa, draft.token, Remark("?", text="0" * 12))
    for words in ("", " \n "):
        with pytest.raises(NothingSaid):
            commenting.say(desk, rosa, draft.token, Remark(words))
    with pytest.raises(TooLong):
        commenting.say(desk, rosa, draft.token, Remark("x" * 10_001))
    assert threads(desk, rosa, draft) == ()
    assert told(desk, "comment") == set()


def test_what_was_said_survives_edits(desk: Desk, ama: Person, rosa: Person) -> None:
    draft = submitted(desk, ama)
    for remark in (
        Remark("a", passage=Passage("Agents ran out of cash")),
        Remark("b", passage=Passage("some 1,200 people used it")),
        Remark("c", passage=Passage("A road was built.")),
        Remark("d", field="sources.2"),
        Remark("e", field="results.1"),
        Remark("f", field="summary"),
        Remark("g"),
    ):
        commenting.say(desk, rosa, draft.token, remark)
    editing.request_changes(desk, rosa, draft.token)
    saved(desk, ama, draft, "some 1,200 people used it", "2,300 people had used it")
    saved(desk, ama, draft, " A road was built.", "")
    saved(desk, ama, draft, "## Context\n", "## Context\n\nA whole new paragraph stands here.\n")
    now = desks.draft_now(desk, draft)
    more = [{"id": 3, "title": "New", "url": "https://example.org/n", "publisher": "N"},
            factories.SOURCES[1]]  # fmt: skip
    text = desks.with_fields(now.text, sources=more, results=None, summary="Another. " * 8)
    editing.save(desk, ama, draft.token, text, now.hash)
    places = {one.first.words: one.place for one in threads(desk, ama, draft)}
    hows = {words: (place.field, place.how) for words, place in places.items()}
    assert hows == {
        "a": ("body", SAME), "b": ("body", CHANGED), "c": ("body", GONE),
        "d": ("sources.2", SAME), "e": ("results", GONE), "f": ("summary", CHANGED),
        "g": ("", SAME),
    }  # fmt: skip
    assert places["b"].passage is not None
    assert "2,300 people had used it" in places["b"].passage.quote


def test_an_entry_is_found_where_it_was_moved_to(desk: Desk, ama: Person, rosa: Person) -> None:
    draft = submitted(desk, ama)
    commenting.say(desk, rosa, draft.token, Remark("Look", field="sources.2"))
    editing.request_changes(desk, rosa, draft.token)
    now = desks.draft_now(desk, draft)
    text = desks.with_fields(now.text, sources=list(reversed(factories.SOURCES)))
    editing.save(desk, ama, draft.token, text, now.hash)
    (thread,) = threads(desk, ama, draft)
    assert (thread.place.field, thread.place.how) == ("sources.1", SAME)


def test_a_thread_is_resolved_and_taken_up_again_and_all_of_it_is_kept(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    draft = submitted(desk, ama)
    number = commenting.say(desk, rosa, draft.token, Remark("Mend this"))
    commenting.resolve(desk, ama, draft.token, number, "Done")
    commenting.resolve(desk, ama, draft.token, number)  # somebody was quicker: nothing happens
    (thread,) = threads(desk, rosa, draft)
    assert thread.settled is not None
    assert (thread.settled.name, thread.settled.words) == ("Ama", "Done")
    commenting.take_up(desk, rosa, draft.token, number, "Not quite")
    (thread,) = threads(desk, rosa, draft)
    assert thread.open
    assert [one.act for one in thread.answers] == ["resolved", "reopened"]


def test_only_those_talk_who_may_and_only_while_the_draft_is_open(
    desk: Desk, ama: Person, ben: Person, rosa: Person, eva: Person
) -> None:
    draft = editing.begin(desk, ama, None, text=TEXT)
    for who in (ben, rosa):
        with pytest.raises(NotAllowed):
            commenting.say(desk, who, draft.token, Remark("?"))
    commenting.say(desk, eva, draft.token, Remark("An editor may"))
    number = commenting.say(desk, ama, draft.token, Remark("A note to myself"))
    editing.submit(desk, ama, draft.token)
    other = submitted(desk, ben, TEXT.replace("Togo", "Benin"))
    for act in (commenting.resolve, commenting.take_up):
        with pytest.raises(NoSuchComment):
            act(desk, rosa, other.token, number)
    with pytest.raises(NoSuchComment):
        commenting.answer(desk, rosa, other.token, number, "Hello")
    publish(desk, eva, draft.token)
    with pytest.raises(DraftOver):
        commenting.answer(desk, ama, draft.token, number, "Too late")
    assert len(threads(desk, ama, draft)) == 2
    with pytest.raises(NotAllowed):
        seen(desk, rosa, draft)
    assert len(threads(desk, eva, draft)) == 2


def test_people_are_told_of_what_concerns_them_and_not_of_what_they_did(
    desk: Desk, ama: Person, ben: Person, rosa: Person, eva: Person
) -> None:
    draft = editing.begin(desk, ama, None, text=TEXT)
    editing.add_co_author(desk, ama, draft.token, ben.email)
    carla = add_person(desk.database, "reviewer", "Carla", "carla@example.org")
    editing.submit(desk, ama, draft.token, "Please look")
    assert told(desk, "submitted") == {"Rosa", "Eva", "Carla"}
    number = commenting.say(desk, rosa, draft.token, Remark("Which year?"))
    assert told(desk, "comment") == {"Ama", "Ben"}
    commenting.answer(desk, ama, draft.token, number, "2008")
    assert told(desk, "comment") == {"Ama", "Ben", "Rosa"}
    editing.request_changes(desk, carla, draft.token, "Mend it")
    assert told(desk, "changes-requested") == {"Ama", "Ben"}
    editing.submit(desk, ama, draft.token)
    editing.approve(desk, rosa, draft.token)
    assert told(desk, "approved") == {"Ama", "Ben"}
    publish(desk, eva, draft.token, "Well done")
    assert told(desk, "published") == {"Ama", "Ben"}
    with desk.database.reading() as connection:
        notices = list(connection.execute(sa.select(tables.notice)).mappings())
    last = json.loads(notices[-1]["words"])
    assert notices[-1]["subject"] == "case/radio-lessons-in-togo"
    assert last == {"title": "Radio lessons in Togo", "name": "Eva", "message": "Well done"}


# Verdicts -----------------------------------------------------------------------------------


def test_nobody_decides_of_what_they_wrote_themselves(
    desk: Desk, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, eva)
    shared = editing.add_co_author(desk, eva, draft.token, rosa.email)
    for who in (eva, rosa):
        for move in (editing.approve, editing.request_changes):
            with pytest.raises(OwnText):
                move(desk, who, draft.token, "Because")
        assert set(seen(desk, who, shared).decisions) == set()
    with pytest.raises(OwnText):
        editing.reject(desk, eva, draft.token, "Because")
    with pytest.raises(OwnText):
        claiming.claim(desk, eva, draft.token)
    with pytest.raises(NotReviewed) as refused:
        publish(desk, eva, draft.token)
    assert (refused.value.missing, refused.value.could) == (1, ())


def test_editors_publish_their_own_where_the_setting_lets_them(desk: Desk, eva: Person) -> None:
    draft = submitted(desk, eva)
    assert publish(with_reviews(desk, 0), eva, draft.token).author == "Eva"


def test_whoever_publishes_what_others_wrote_has_checked_it(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = submitted(desk, ama)
    publish(desk, eva, draft.token)
    with desk.database.reading() as connection:
        (row,) = verdicts.of_draft(connection, draft.id)
    assert (row.name, row.verdict, row.hash) == ("Eva", "published", draft.hash)


def test_two_have_to_approve_where_two_are_asked_for(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    desk = with_reviews(desk, 2)
    draft = submitted(desk, ama)
    with pytest.raises(NotReviewed) as refused:
        publish(desk, eva, draft.token)
    assert (refused.value.missing, refused.value.could) == (1, ("Rosa",))
    assert "publish" not in seen(desk, eva, draft).decisions
    assert editing.approve(desk, rosa, draft.token).state == "submitted"
    assert "publish" in seen(desk, eva, draft).decisions, "who publishes is the second"
    assert seen(desk, rosa, draft).decisions == ("request-changes",)
    assert editing.approve(desk, rosa, draft.token).state == "submitted", "twice is once"
    standing = seen(desk, eva, draft).standing
    assert (standing.missing, [one.name for one in standing.could]) == (1, ["Eva"])
    assert editing.approve(desk, eva, draft.token).state == "approved"
    assert publish(desk, eva, draft.token).slug == "radio-lessons-in-togo"


def test_the_second_of_two_may_be_whoever_publishes(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    desk = with_reviews(desk, 2)
    draft = submitted(desk, ama)
    editing.approve(desk, rosa, draft.token)
    publish(desk, eva, draft.token)
    assert desks.draft_now(desk, draft).state == "published"


def test_authors_publish_what_enough_others_have_approved(
    desk: Desk, rosa: Person, eva: Person, otto: Person
) -> None:
    draft = submitted(desk, eva)
    editing.approve(desk, rosa, draft.token)
    assert "publish" in seen(desk, eva, draft).decisions
    with pytest.raises(NotReviewed):
        publish(with_reviews(desk, 2), eva, draft.token)
    publish(desk, eva, draft.token)


def test_an_approval_lapses_with_an_edit(
    desk: Desk, ama: Person, rosa: Person, eva: Person, otto: Person
) -> None:
    desk = with_reviews(desk, 2)
    draft = submitted(desk, ama)
    editing.approve(desk, rosa, draft.token)
    editing.approve(desk, otto, draft.token)
    changed = saved(desk, eva, draft, "A road", "The road")
    assert changed.state == "submitted", "what was approved is another text"
    standing = seen(desk, eva, draft).standing
    assert standing.approvals == ()
    assert [one.name for one in standing.lapsed] == ["Rosa", "Otto"]
    with pytest.raises(NotReviewed):
        publish(desk, eva, draft.token)
    saved(desk, eva, draft, "The road", "A road")
    assert len(seen(desk, eva, draft).standing.approvals) == 2, "the very text that they approved"
    publish(desk, eva, draft.token)


def test_what_became_public_meanwhile_is_no_text_that_was_approved(
    desk: Desk, ama: Person, ben: Person, rosa: Person, eva: Person, otto: Person
) -> None:
    draft = desks.submitted(desk, eva, CROPS, lambda text: text + "\nSaffron [1].\n")
    editing.approve(desk, rosa, draft.token)
    desks.made_public(
        desk, ben, otto, CROPS, lambda text: desks.with_fields(text, outcome="scaled")
    )
    with pytest.raises(NotReviewed) as refused:
        publish(desk, eva, draft.token)
    assert refused.value.joined
    editing.catch_up(desk, eva, draft.token)
    editing.approve(desk, rosa, draft.token)
    publish(desk, eva, draft.token)
    assert "outcome: scaled" in desks.text_of(desk, CROPS)


def test_the_last_word_of_somebody_on_a_text_counts(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, ama)
    editing.approve(desk, rosa, draft.token)
    editing.request_changes(desk, rosa, draft.token, "I saw it too late")
    editing.submit(desk, ama, draft.token)
    with desk.database.reading() as connection:
        standing = standing_of(connection, desks.draft_now(desk, draft), 1)
    assert (standing.approvals, standing.lapsed) == ((), ())


def test_somebody_who_became_an_author_has_approved_nothing(
    desk: Desk, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, eva)
    editing.approve(desk, rosa, draft.token)
    editing.add_co_author(desk, eva, draft.token, rosa.email)
    with pytest.raises(NotReviewed):
        publish(desk, eva, draft.token)


def test_nobody_leaves_the_authors_to_approve_what_they_wrote(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = editing.begin(desk, ama, None, text=TEXT)
    editing.add_co_author(desk, ama, draft.token, rosa.email)
    saved(desk, rosa, draft, "A road", "Her road")
    editing.remove_co_author(desk, ama, draft.token, rosa.email)
    editing.submit(desk, ama, draft.token)
    assert seen(desk, rosa, draft).decisions == ()
    with pytest.raises(OwnText):
        editing.approve(desk, rosa, draft.token)
    saved(desk, eva, draft, "Her road", "The road")
    editing.approve(desk, eva, draft.token)  # whoever may publish it may also mend it


def test_a_verdict_needs_a_reason_the_points_and_the_text_that_was_looked_at(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, ama)
    with pytest.raises(ReasonNeeded):
        editing.request_changes(desk, rosa, draft.token, " ")
    with pytest.raises(ReasonNeeded):
        editing.reject(desk, eva, draft.token)
    with pytest.raises(PointsMissing) as refused:
        editing.approve(desk, rosa, draft.token, look=Look(draft.hash, ("sources", "failure")))
    assert [one.key for one in refused.value.points] == ["consent", "own-words"]
    with pytest.raises(PointsMissing):
        publish(desk, eva, draft.token, look=Look(draft.hash, ()))
    changed = saved(desk, eva, draft, "A road", "The road")
    for act in (editing.approve, publish):
        with pytest.raises(TextChanged):
            act(desk, eva, draft.token, look=Look(draft.hash, tuple(MUST)))
    editing.approve(desk, rosa, draft.token, "Good", look=Look(changed.hash, (*MUST, "repeat")))
    with desk.database.reading() as connection:
        (row,) = verdicts.of_draft(connection, draft.id)
    assert {one.words for one in row.points if one.ticked and one.severity == "may"} == {
        "Somebody else could repeat it."
    }
    publish(desk, eva, draft.token, look=Look(changed.hash, ()))  # enough others have looked


def test_changes_are_requested_by_a_comment_alone(desk: Desk, ama: Person, rosa: Person) -> None:
    draft = submitted(desk, ama)
    number = commenting.say(desk, rosa, draft.token, Remark("The title is too long", field="title"))
    assert editing.request_changes(desk, rosa, draft.token).state == "changes-requested"
    commenting.resolve(desk, ama, draft.token, number)
    editing.submit(desk, ama, draft.token)
    with pytest.raises(ReasonNeeded):
        editing.request_changes(desk, rosa, draft.token)


def test_the_conversation_is_one_line_of_time_and_stays_after_the_end(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, ama)
    commenting.say(desk, rosa, draft.token, Remark("Which road?", passage=Passage("A road")))
    editing.request_changes(desk, rosa, draft.token, "Almost")
    saved(desk, ama, draft, "A road", "The road")
    saved(desk, ama, draft, "The road", "The old road")
    editing.submit(desk, ama, draft.token, "Mended")
    editing.approve(desk, rosa, draft.token)
    publish(desk, eva, draft.token, "Thank you")
    found = [
        (one.said.words if one.said else one.row.event if one.row else "",
         one.said.name if one.said else one.verdict.name if one.verdict else one.row.author
         if one.row else "")
        for one in seen(desk, eva, draft).conversation
    ]  # fmt: skip
    assert found == [
        ("saved", "Ama"), ("submitted", "Ama"), ("Which road?", "Rosa"),
        ("changes-requested", "Rosa"), ("saved", "Ama"), ("submitted", "Ama"),
        ("approved", "Rosa"), ("published", "Eva"),
    ]  # fmt: skip
    then = review(desk, eva, draft.token, draft.hash)
    assert (then.newest, then.decisions) == (False, ())
    assert "A road was built" in then.writing.document.body
    assert then.threads[0].place.how == SAME
    with pytest.raises(NoSuchRevision):
        review(desk, eva, draft.token, "0" * 12)


def test_a_name_that_is_taken_away_is_gone_from_the_conversation_too(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    draft = submitted(desk, ama)
    commenting.say(desk, rosa, draft.token, Remark("Hello"))
    editing.approve(desk, rosa, draft.token)
    with desk.database.writing() as connection:
        people.rename_everywhere(connection, rosa.id or 0, "Somebody")
    found = seen(desk, ama, draft)
    assert found.threads[0].first.name == "Somebody"
    assert found.standing.approvals[0].name == "Somebody"


def test_what_is_purged_takes_what_was_said_of_it_along(
    desk: Desk, ama: Person, rosa: Person, otto: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, CASH, lambda text: text + "\nQuetzalcoatl [1].\n")
    claiming.claim(desk, rosa, draft.token)
    number = commenting.say(
        desk, rosa, draft.token, Remark("Who?", passage=Passage("Quetzalcoatl"))
    )
    commenting.answer(desk, ama, draft.token, number, "Me")
    editing.approve(desk, rosa, draft.token)
    other = submitted(desk, ama)
    commenting.say(desk, rosa, other.token, Remark("Kept"))
    publish(desk, eva, draft.token)
    purge(desk, otto, "cash-by-phone")
    assert [one.first.words for one in threads(desk, rosa, other)] == ["Kept"]
    assert desks.count(desk, tables.comment) == 1
    assert desks.count(desk, tables.verdict) == desks.count(desk, tables.claim) == 0
    with desk.database.reading() as connection:
        subjects = set(connection.execute(sa.select(tables.notice.c.subject)).scalars())
    assert f"draft/{draft.token}" not in subjects


# Claims and the queue -----------------------------------------------------------------------


def test_one_takes_a_draft_on_and_others_see_it(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, ama)
    claiming.claim(desk, rosa, draft.token)
    claim = seen(desk, eva, draft).claim
    assert claim is not None
    assert claim.name == "Rosa"
    with pytest.raises(AlreadyClaimed) as refused:
        claiming.claim(desk, eva, draft.token)
    assert refused.value.claim.name == "Rosa"
    claiming.give_back(desk, eva, draft.token)
    assert seen(desk, eva, draft).claim is not None, "it is not theirs to give back"
    claiming.give_back(desk, rosa, draft.token)
    claiming.claim(desk, eva, draft.token)
    for who, error in ((ama, NotAllowed), (Person(None, "", "", "reader"), SignInNeeded)):
        with pytest.raises(error):
            claiming.claim(desk, who, draft.token)


def test_what_was_taken_on_lapses_after_a_week_and_ends_with_the_verdict(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = submitted(desk, ama)
    claiming.claim(desk, rosa, draft.token)
    with desk.database.writing() as connection:
        old = sa.select(tables.claim.c.at).scalar_subquery()
        at = connection.execute(sa.select(old)).scalar_one()
        connection.execute(sa.update(tables.claim).values(at=at - HELD - timedelta(minutes=1)))
    assert seen(desk, eva, draft).claim is None
    claiming.claim(desk, eva, draft.token)
    editing.request_changes(desk, eva, draft.token, "Mend it")
    assert seen(desk, rosa, draft).claim is not None, "it comes back to whoever asked"
    editing.submit(desk, ama, draft.token)
    editing.approve(desk, eva, draft.token)
    assert seen(desk, rosa, draft).claim is None
    editing.withdraw_submission(desk, ama, draft.token)
    with pytest.raises(MoveNotPossible):
        claiming.claim(desk, rosa, draft.token)


def test_the_queue_is_narrowed_and_sorted(
    desk: Desk, ama: Person, ben: Person, rosa: Person, eva: Person
) -> None:
    first = submitted(desk, ama)
    french = submitted(desk, ben, factories.case_text(BODY, title="La radio au Togo", lang="fr"))
    page = editing.begin(desk, ama, None, "page", "---\ntitle: How we work\n---\n\nSo.\n")
    editing.submit(desk, ama, page.token)
    claiming.claim(desk, rosa, french.token)
    editing.approve(desk, eva, first.token)
    outside = submitted(desk, ama, TEXT.replace("Togo", "Mali"))
    with desk.database.writing() as connection:
        journal.change_draft(connection, outside, outsider="A reader in Bamako")

    def found(**wish: object) -> list[str]:
        some = queue(desk, rosa, Wish(**wish)).waiting  # type: ignore[arg-type]
        return [one.draft.token for one in some]

    assert found() == [french.token, page.token, outside.token, first.token]
    assert found(sort="newest") == [outside.token, page.token, french.token, first.token]
    assert found(state="approved") == [first.token]
    assert found(kind="page") == [page.token]
    assert found(lang="fr") == [french.token]
    assert found(claimed="mine") == [french.token]
    assert found(claimed="nobody") == [page.token, outside.token, first.token]
    assert found(origin="outside") == [outside.token]
    assert found(kind="page", lang="fr") == []
    assert found(page=2) == []
    whole = queue(desk, rosa)
    assert whole.states == (("submitted", 3), ("approved", 1))
    assert whole.kinds == (("case", 3), ("page", 1))
    assert whole.langs == (("en", 3), ("fr", 1))
    assert (whole.mine, whole.unclaimed, whole.outside) == (1, 3, 1)


def test_the_queue_tells_since_when_and_what_is_left_to_do(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    draft = submitted(desk, ama, TEXT.replace("themes:", "odd:"))
    (waiting,) = queue(desk, rosa).waiting
    at = waiting.since
    commenting.say(desk, rosa, draft.token, Remark("No themes"))
    claiming.claim(desk, rosa, draft.token)
    (waiting,) = queue(desk, rosa).waiting
    assert waiting.since == at, "a comment does not begin the wait anew"
    assert (waiting.comments, waiting.own) == (1, False)
    assert waiting.errors == len(seen(desk, rosa, draft).writing.document.errors) > 0
    assert waiting.claim is not None


def test_what_one_has_approved_is_not_asked_of_one_again(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    desk = with_reviews(desk, 2)
    draft = submitted(desk, ama)
    assert [one.draft.token for one in my_work(desk, rosa).to_check] == [draft.token]
    editing.approve(desk, rosa, draft.token)
    assert my_work(desk, rosa).to_check == ()


def test_the_doctor_notes_where_more_are_asked_for_than_there_are(desk: Desk, eva: Person) -> None:
    def finding(number: int) -> tuple[bool | None, str]:
        found = examine(with_reviews(desk, number).settings)
        return next((one.ok, one.detail) for one in found if one.what == "REVIEWS")

    assert finding(0)[0] is True
    assert finding(1) == (
        None, "asks for 1 person who did not write a text, and one person may approve",
    )  # fmt: skip
    add_person(desk.database, "reviewer")
    assert finding(1)[0] is True
    assert finding(2) == (
        None, "asks for 2 people who did not write a text, and 2 may approve",
    )  # fmt: skip


# Small things -------------------------------------------------------------------------------


def test_two_windows_of_one_person_are_told_apart_from_two_people(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft = editing.begin(desk, ama, None, text=TEXT)
    saved(desk, ama, draft, "A road", "My road")
    other = draft.text.replace("A road", "Our road")
    with pytest.raises(StaleEdit) as told_apart:
        editing.save(desk, ama, draft.token, other, draft.hash)
    assert told_apart.value.own
    conflict = editing.conflict(desk, ama, draft.token)
    assert conflict is not None
    assert conflict.own
    with pytest.raises(StaleEdit) as of_others:
        editing.save(desk, eva, draft.token, other.replace("Our", "Her"), draft.hash)
    assert not of_others.value.own


def test_a_verdict_is_no_text_of_whoever_decided(desk: Desk, ama: Person, rosa: Person) -> None:
    draft = submitted(desk, ama)
    editing.request_changes(desk, rosa, draft.token, "Mend it")
    now = desks.draft_now(desk, draft)
    assert now.head is not None
    assert (now.head.author, now.hash) == ("Ama", revision_of(draft.text))


def test_a_draft_without_a_text_can_be_looked_at(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, None)
    found = seen(desk, ama, draft)
    assert (found.threads, found.conversation) == ((), ())
    commenting.say(desk, ama, draft.token, Remark("To be written"))
    with desk.database.reading() as connection:
        (row,) = comments.of_draft(connection, draft.id)
    assert row.hash == ""


def test_a_translation_is_checked_like_any_other_text(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    draft = desks.submitted(desk, ama, desks.FRENCH, lambda text: text + "\nLe safran.\n")
    commenting.say(desk, rosa, draft.token, Remark("Bien", passage=Passage("Le safran")))
    publish(desk, eva, draft.token)
    with desk.database.reading() as connection:
        subjects = connection.execute(sa.select(tables.notice.c.subject)).scalars().all()
    assert "case/cash-by-phone/fr" in subjects
    assert Key("case", "cash-by-phone", "fr") == desks.draft_now(desk, draft).key
