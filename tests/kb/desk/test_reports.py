"""Reported problems: kept, told to those who answer, answered for all to read."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from indexer.errors import NoSuchDocument
from kb.access import VISITOR, NotAllowed, Person, SignInNeeded
from kb.records import outside as records
from kb.records import tables
from kb.services import reports
from kb.services.desk import Desk
from kb.services.letter import Letter, Words
from kb.services.publishing import set_status
from kb.services.reconcile import start
from kb.services.reports import (
    ANSWERED,
    OPEN,
    PER_PAGE,
    STATES,
    Answer,
    AnsweredMeanwhile,
    NoSuchReport,
    Problem,
    ReasonNeeded,
    Told,
    answered,
    pile,
    read_report,
    seen_as,
)
from tests import desks
from tests.desks import CASH, CROPS, FRENCH, WOMEN
from tests.outsiders import reported, sender
from tests.people import outbox


def letter(found: Told) -> Letter:
    return Letter(found.report.email, "About your report", (Words(f"It is {found.report.state}."),))


def given(desk: Desk, person: Person, token: str, state: str, words: str = "") -> Told:
    """A report after somebody answered it as it stands now."""
    seen = seen_as(read_report(desk, token).report)
    return reports.answer(desk, person, token, Answer(state, words, seen), letter)


def test_a_problem_is_kept_and_told_to_those_who_answer(
    desk: Desk, ama: Person, rosa: Person, eva: Person
) -> None:
    token = reported(desk, CROPS, "It was maize alone.")
    found = read_report(desk, token)
    one = found.report
    assert (one.key, one.about, one.place, one.words) == (
        CROPS, "wrong", "Source 1", "It was maize alone.",
    )  # fmt: skip
    assert (one.state, one.answer, one.name) == ("received", "", "Kwame")
    assert (found.title, found.lang) == ("Crop prices by text message in Uganda", "en")
    assert not found.changed
    with desk.database.reading() as connection:
        rows = connection.execute(sa.select(tables.notice)).mappings().all()
        event = connection.execute(sa.select(tables.event)).mappings().all()[-1]
    assert {row["person_id"] for row in rows} == {rosa.id, eva.id}
    assert {(row["kind"], row["subject"]) for row in rows} == {("report", f"report/{token}")}
    assert json.loads(rows[0]["words"])["message"] == "It was maize alone."
    assert (event["action"], event["subject"]) == ("reported", f"report/{token}")
    assert "maize" not in event["detail"]


def test_the_same_form_counts_once_and_another_token_leads_nowhere(desk: Desk) -> None:
    who = sender(desk)
    assert reported(desk, CROPS, who=who) == reported(desk, CROPS, who=who)
    assert reported(desk, CROPS, "Something else.", who=who) != reported(desk, CROPS, who=who)
    for wrong in ("", "x", reported(desk, CROPS, who=who).swapcase()):
        with pytest.raises(NoSuchReport):
            read_report(desk, wrong)


def test_only_of_what_is_there_a_problem_can_be_reported(desk: Desk, eva: Person) -> None:
    with pytest.raises(NoSuchDocument):
        reported(desk, CROPS._replace(slug="nothing"))
    desks.file_of(desk, CROPS).unlink()
    start(desk)
    with pytest.raises(NoSuchDocument):
        reported(desk, CROPS)
    set_status(desk, eva, WOMEN, "withdrawn", "It does harm.")
    assert reported(desk, WOMEN, "It still stands in the archive.")  # they began before that


def test_a_text_that_changed_since_is_told_so(desk: Desk, ama: Person, eva: Person) -> None:
    token = reported(desk, CROPS)
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + "\nMore.\n")
    assert read_report(desk, token).changed


def test_states_change_and_everybody_is_told_the_answer(desk: Desk, rosa: Person) -> None:
    token = reported(desk, CROPS)
    given(desk, rosa, token, "looked-at")
    assert answered(desk, VISITOR, CROPS) == ((), 1)
    found = given(desk, rosa, token, "mended", "The figure is that of the survey now.")
    assert (found.report.state, found.report.answered_by) == ("mended", "Rosa")
    (one,), waiting = answered(desk, VISITOR, CROPS)
    assert (one.answer, waiting) == ("The figure is that of the survey now.", 0)
    given(desk, rosa, token, "received", "It is open again.")
    assert answered(desk, VISITOR, CROPS) == ((), 1)
    with desk.database.reading() as connection:
        query = sa.select(tables.event.c.detail).where(tables.event.c.action == "answered-report")
        told = list(connection.execute(query).scalars())
    assert told == ["received to looked-at", "looked-at to mended", "mended to received"]


def test_what_is_left_as_it_is_needs_the_reason(desk: Desk, rosa: Person) -> None:
    token = reported(desk, CROPS)
    with pytest.raises(ReasonNeeded):
        given(desk, rosa, token, "left")
    assert read_report(desk, token).report.state == "received"
    assert given(desk, rosa, token, "left", "The source says so.").report.state == "left"
    assert given(desk, rosa, token, "no-such-state", "x").report.state == STATES[0]


def test_two_who_answer_at_once_do_not_cover_each_other(
    desk: Desk, rosa: Person, eva: Person
) -> None:
    token = reported(desk, CROPS)
    seen = seen_as(read_report(desk, token).report)
    reports.answer(desk, rosa, token, Answer("mended", "Done.", seen), letter)
    with pytest.raises(AnsweredMeanwhile):
        reports.answer(desk, eva, token, Answer("left", "No.", seen), letter)
    assert read_report(desk, token).report.answer == "Done."


def test_a_letter_goes_where_an_address_was_left_and_something_changed(
    desk: Desk, rosa: Person
) -> None:
    silent, told = reported(desk, CROPS), reported(desk, WOMEN, who=sender(desk, email="a@b.org"))
    given(desk, rosa, silent, "mended", "Done.")
    given(desk, rosa, told, "received")  # nothing changes
    assert outbox(desk.settings.data) == []
    given(desk, rosa, told, "looked-at")
    given(desk, rosa, told, "mended", "Done.")
    assert [str(one["To"]) for one in outbox(desk.settings.data)] == ["a@b.org", "a@b.org"]


def test_those_who_may_not_answer_see_no_pile(desk: Desk, ama: Person, rosa: Person) -> None:
    token = reported(desk, CROPS)
    for person, error in ((VISITOR, SignInNeeded), (ama, NotAllowed)):
        with pytest.raises(error):
            pile(desk, person)
        with pytest.raises(error):
            reports.answer(desk, person, token, Answer("mended", "", ""), letter)
    assert [one.report.token for one in pile(desk, rosa).reports] == [token]
    assert [one.report.token for one in pile(desk, rosa, only=token).reports] == [token]
    with pytest.raises(NoSuchReport):
        pile(desk, rosa, only="x")
    with pytest.raises(NoSuchReport):
        reports.answer(desk, rosa, "x", Answer("mended", "", ""), letter)


def test_the_pile_is_sorted_by_state_and_turned_page_by_page(desk: Desk, rosa: Person) -> None:
    with desk.database.writing() as connection:
        for number in range(PER_PAGE + 5):
            records.add_report(
                connection, CROPS, token=f"token-{number}", hash="0" * 12, about="wrong", place="",
                words=f"Wrong {number}", name="", email="", ui="en", state=STATES[number % 2],
            )  # fmt: skip
        records.add_report(
            connection, CASH, token="mended", hash="0" * 12, about="wrong", place="", words="x",
            name="", email="", ui="en", state="mended",
        )  # fmt: skip
    first = pile(desk, rosa)
    assert len(first.reports) == PER_PAGE
    assert first.reports[0].report.token == f"token-{PER_PAGE + 4}"
    second = pile(desk, rosa, before=first.older)
    assert [one.report.token for one in second.reports] == [f"token-{n}" for n in (4, 3, 2, 1, 0)]
    assert second.older is None
    assert first.counts == {"received": 28, "looked-at": 27, "mended": 1}
    assert [one.report.token for one in pile(desk, rosa, "mended").reports] == ["mended"]
    assert pile(desk, rosa, "no-such-state").state == ""
    assert {one.report.state for one in pile(desk, rosa, "looked-at").reports} == {"looked-at"}
    assert {*OPEN, *ANSWERED, "set-aside"} == set(STATES)


def test_what_is_set_aside_is_told_to_its_sender_and_to_nobody_else(
    desk: Desk, rosa: Person
) -> None:
    token = reported(desk, CASH)
    given(desk, rosa, token, "set-aside")
    assert answered(desk, VISITOR, CASH) == ((), 0)
    assert read_report(desk, token).report.state == "set-aside"
    assert pile(desk, rosa).reports == ()
    assert len(pile(desk, rosa, "set-aside").reports) == 1


def test_reports_of_a_translation_are_its_own(desk: Desk, rosa: Person) -> None:
    given(desk, rosa, reported(desk, FRENCH), "mended", "Done.")
    assert answered(desk, VISITOR, CASH) == ((), 0)
    assert len(answered(desk, VISITOR, FRENCH)[0]) == 1


def test_words_hold_whatever_was_typed(desk: Desk) -> None:
    words = "<script>alert(1)</script> '); DROP TABLE report; -- \udcff \0 {{ 7 * 7 }}"
    token = reports.report(
        desk, VISITOR, CROPS, Problem("other", words[:50], words), sender(desk, name=words[:40])
    )
    assert "DROP TABLE" in read_report(desk, token).report.words
