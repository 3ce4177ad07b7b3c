"""The pages of those who check drafts: what is shown, what is sent, what is kept when refused."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import Library
from kb.access import Person
from kb.app import create_app
from kb.forms.review import wish_of
from kb.records import people as records
from kb.records.database import now
from kb.records.journal import Draft
from kb.services import commenting, editing
from kb.services.anchoring import Passage
from kb.services.commenting import Remark
from kb.services.desk import Desk, open_database
from kb.services.limits import LIMITS
from kb.services.queue import Wish
from kb.services.tokens import hash_of
from kb.settings import Settings
from tests import factories
from tests.desks import MUST
from tests.kb.test_views import text_of
from tests.people import Browser, add_person, browser, database_of, signed_in

EVIL = '"><script>alert(1)</script> {{ 7 * 7 }} %(x)s \u202e'
TITLE = "Radio lessons in Togo"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, data=tmp_path / "data", languages=("en",))


@pytest.fixture
def desk(settings: Settings, library: Library) -> Iterator[Desk]:
    database = open_database(settings)
    yield Desk(database, library, settings)
    database.close()


@pytest.fixture
def app(settings: Settings, library: Library, desk: Desk) -> Iterator[Flask]:
    made = create_app(settings, library)
    yield made
    database_of(made).close()


@pytest.fixture
def people(desk: Desk) -> dict[str, Person]:
    names = (("Ama", "contributor"), ("Rosa", "reviewer"), ("Eva", "editor"))
    return {
        name: add_person(desk.database, role, name, f"{name.lower()}@example.org")
        for name, role in names
    }


@pytest.fixture
def draft(desk: Desk, people: dict[str, Person]) -> Draft:
    text = factories.case_text(title=TITLE)
    begun = editing.begin(desk, people["Ama"], None, text=text)
    return editing.submit(desk, people["Ama"], begun.token)


class Office:
    """A draft under review, and the browsers of people who are at it."""

    def __init__(self, app: Flask, desk: Desk, people: dict[str, Person], draft: Draft) -> None:
        self.desk, self.people, self.draft = desk, people, draft
        self.path = f"/drafts/{draft.token}"
        self._browsers = {name: signed_in(app, one) for name, one in people.items()}

    def page(self, name: str, rest: str = "/review") -> str:
        answer = self.browser(name).get(self.path + rest)
        assert answer.status_code == 200, answer.status_code
        html5lib.HTMLParser(strict=True).parse(answer.text)
        return html.unescape(answer.text)

    def browser(self, name: str) -> Browser:
        return self._browsers[name][0]

    def send(self, name: str, rest: str, **form: Any) -> Any:
        browser, token = self._browsers[name]
        return browser.post(self.path + rest, data={"csrf_token": token, **form})

    def say(self, name: str, words: str, **where: str) -> int:
        remark = Remark(
            words, field=where.get("field", ""), passage=Passage(where.get("quote", ""))
        )
        return commenting.say(self.desk, self.people[name], self.draft.token, remark)


@pytest.fixture
def office(app: Flask, desk: Desk, people: dict[str, Person], draft: Draft) -> Office:
    return Office(app, desk, people, draft)


# Comments -----------------------------------------------------------------------------------


def test_a_comment_at_a_field_stands_there_for_everybody(office: Office) -> None:
    page = office.page("Rosa")
    assert 'value="at:results.1"' in page
    answer = office.send("Rosa", "/comments", place="at:results.1", field="results.1",
                         text=office.draft.hash, words="Which survey?\r\n\r\nPage 12?")  # fmt: skip
    assert answer.status_code == 303
    assert re.fullmatch(rf"{office.path}/review#thread-\d+", answer.headers["Location"])
    review = office.page("Rosa")
    at_field = review.partition('id="field-results-1"')[2].partition("</li>")[0]
    assert "Which survey?\n\nPage 12?" in at_field
    office.send("Ama", "/moves/withdraw-submission")
    mine = office.page("Ama", "")
    assert "1 open comment" in mine
    assert f'href="{office.path}/edit#f-results-0"' in mine
    editor = office.page("Ama", "/edit")
    row = editor.partition('id="f-results-0-in"')[2].partition("</details>")[0]
    assert "Rosa: Which survey? Page 12?" in row
    assert f'href="{office.path}#thread-' in row


def test_comments_on_the_text_and_on_all_of_it_stand_in_the_editor_too(office: Office) -> None:
    office.say("Rosa", "Says who?", quote="some 1,200 people used it")
    office.say("Rosa", "A title that tells more", field="title")
    office.say("Rosa", "Good on the whole")
    office.send("Rosa", "/moves/request-changes", message="See the comments")
    editor = office.page("Ama", "/edit")
    body = editor.partition('for="f-body"')[2].partition("<textarea")[0]
    assert "Says who?" in body
    assert "some 1,200 people used it" in body
    title = editor.partition('for="f-title"')[2].partition("<input")[0]
    assert "A title that tells more" in title
    assert "Good on the whole" in editor.partition('class="groups"')[0]
    sent = office.browser("Ama").post(
        f"{office.path}/edit",
        data={"csrf_token": office.browser("Ama").token(f"{office.path}/edit"), "do": "preview",
              "opened": office.draft.hash, "base": office.draft.hash, "body": "x"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "Says who?" in sent.text, "the notes stay when a button changes the form"


def test_a_passage_is_marked_in_the_text_and_leads_to_its_thread_and_back(office: Office) -> None:
    form = {"place": "passage", "quote": "some 1,200\r\npeople used it", "before": "By 2008 ",
            "after": ".", "words": "Says who?", "text": office.draft.hash}  # fmt: skip
    number = office.send("Rosa", "/comments", **form).headers["Location"].rpartition("-")[2]
    for name, rest in (("Eva", "/review"), ("Ama", "")):
        page = office.page(name, rest)
        assert '<mark class="said">some 1,200 people used it</mark>' in page
        assert f'id="passage-{number}" href="#thread-{number}"' in page
        assert f'id="thread-{number}"' in page
        assert f'href="#passage-{number}"' in page


def test_a_passage_that_was_rewritten_is_told_with_the_ways_to_both_texts(office: Office) -> None:
    office.say("Rosa", "Says who?", quote="some 1,200 people used it")
    office.say("Rosa", "Which days?", quote="on market days")
    office.send("Rosa", "/moves/request-changes")
    text = office.draft.text.replace("some 1,200 people", "nearly 1,300 women")
    text = text.replace("on market days", "")
    ama = office.people["Ama"]
    editing.save(office.desk, ama, office.draft.token, text, office.draft.hash)
    editing.submit(office.desk, ama, office.draft.token)
    page = office.page("Rosa")
    assert "The passage is another one by now" in page
    assert "The passage is gone from the text" in page
    assert "nearly 1,300 women used it</mark>" in page
    then = office.page("Rosa", f"/review?text={office.draft.hash}")
    assert "This is an earlier text of the draft" in then
    assert "some 1,200 people used it</mark>" in then
    assert "/moves/" not in then
    changed = office.page("Rosa", f"/compare?old={office.draft.hash}")
    assert "What changed in the draft" in changed
    assert f'href="{office.path}/review?text={office.draft.hash}"' in changed
    for wrong in ("review?text", "compare?old", "compare?new"):
        assert office.browser("Rosa").get(f"{office.path}/{wrong}={'0' * 12}").status_code == 404


@pytest.mark.parametrize(("form", "told"), [
    ({"place": "passage", "quote": "nowhere in the text at all", "words": "Kept"},
     "This passage does not stand in the text"),
    ({"place": "at:title", "field": "title", "words": "  "}, "Write what you want to say."),
    ({"place": "other", "field": "results.99", "words": "Kept"}, "The text has no such field"),
    ({"place": "other", "field": "funding", "words": "x" * 10_001}, "at most 10000 characters"),
    ({"place": "passage", "quote": "y" * 2_001, "words": "Kept"}, "at most 2000 characters"),
])  # fmt: skip
def test_what_is_wrong_is_told_and_everything_typed_is_kept(
    office: Office, form: dict[str, str], told: str
) -> None:
    answer = office.send("Rosa", "/comments", text=office.draft.hash, **form)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert page.count(told) == 2, "above, and at the form"
    for name in ("words", "quote"):
        assert form.get(name, "").strip() in page
    if form["place"] == "other":
        selected = f'value="{form["field"]}" selected'
        assert (selected in page) == (form["field"] == "funding")
    assert " open>" in page


def test_an_answer_that_was_refused_is_told_where_it_was_written(office: Office) -> None:
    number = office.say("Rosa", "Says who?")
    for page, rest in (("draft", ""), ("review", "/review")):
        path = f"/comments/{number}/answers"
        answer = office.send("Ama", path, words=" ", **{"from": page})
        assert answer.status_code == 422
        assert "Write what you want to say." in answer.text
        kept = office.send("Ama", path, words="x" * 10_001, **{"from": page})
        assert "x" * 10_001 in kept.text
        done = office.send("Ama", path, words="The ministry", **{"from": page})
        assert done.headers["Location"] == f"{office.path}{rest}#thread-{number}"
    assert office.send("Ama", "/comments/999/answers", words="?").status_code == 404


def test_who_says_too_much_on_a_day_waits_and_loses_nothing(office: Office, desk: Desk) -> None:
    subject = hash_of(f"account:{office.people['Rosa'].id}")
    with desk.database.writing() as connection:
        for _ in range(LIMITS["comment"]["account"].free - 2):
            records.add_try(connection, "comment", subject, now())
    form = {"place": "at:title", "field": "title", "words": "Once more"}
    assert [office.send("Rosa", "/comments", **form).status_code for _ in range(3)] == [
        303, 303, 429,
    ]  # fmt: skip
    answer = office.send("Rosa", "/comments", **form)
    assert "That was a lot for one day" in answer.text
    assert ">\nOnce more</textarea>" in answer.text


def test_threads_are_resolved_and_taken_up_again(office: Office) -> None:
    number = office.say("Rosa", "Says who?")
    assert office.send("Ama", f"/comments/{number}/resolve", words="Done").status_code == 303
    page = office.page("Rosa")
    assert "Resolved by Ama" in page
    assert f'<details class="thread settled" id="thread-{number}">' in page
    assert "open comment" not in office.page("Ama", "")
    office.send("Rosa", f"/comments/{number}/reopen")
    assert "took it up again" in office.page("Rosa")
    assert "1 open comment" in office.page("Ama", "")
    assert office.send("Rosa", "/comments/999/resolve").status_code == 404


def test_hostile_words_stay_words(office: Office) -> None:
    number = office.say("Rosa", EVIL)
    commenting.answer(office.desk, office.people["Ama"], office.draft.token, number, EVIL)
    office.say("Rosa", EVIL, quote="some 1,200 people used it")
    office.say("Rosa", EVIL, field="title")
    office.send("Rosa", "/moves/request-changes", message=EVIL)
    for name, rest in (("Eva", "/review"), ("Ama", ""), ("Ama", "/edit"), ("Eva", "/compare")):
        answer = office.browser(name).get(office.path + rest)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "49" not in text_of(answer.text).partition("{{ 7 * 7 }}")[0][-40:]
    for form in (
        {"place": EVIL, "field": EVIL, "quote": EVIL, "words": EVIL, "from": EVIL},
        {"place": "passage", "quote": EVIL, "before": "\0" * 9, "words": "\0\ud7ff"},
    ):
        answer = office.send("Rosa", "/comments", **form)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text


# Verdicts -----------------------------------------------------------------------------------


def test_what_must_be_seen_to_keeps_a_text_from_being_approved(office: Office) -> None:
    form = {"from": "review", "text": office.draft.hash, "point": MUST[:2], "message": "Nearly"}
    answer = office.send("Rosa", "/moves/approve", **form)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert "These points must be seen to before it is approved: Nobody is named" in page
    assert re.findall(r'name="point" value="([\w-]+)" checked', page) == list(MUST[:2])
    assert page.count('class="wrong"') == 2
    assert ">\nNearly</textarea>" in page
    done = office.send("Rosa", "/moves/approve", **{**form, "point": MUST})
    assert done.headers["Location"] == f"{office.path}/review"
    page = office.page("Rosa")
    assert "Approved as it stands by you." in page
    told = page.partition('id="conversation"')[2]
    assert "The checklist as it was answered" in told
    assert told.count("✓") == 4


def test_whoever_publishes_what_others_wrote_ticks_the_points_too(office: Office) -> None:
    form = {"from": "review", "text": office.draft.hash}
    assert office.send("Eva", "/moves/publish", **form).status_code == 422
    office.send("Rosa", "/moves/approve", **form, point=MUST)
    # enough others have looked: nothing more is asked of whoever publishes
    assert "/moves/publish" in office.page("Eva")


def test_a_reason_is_asked_for(office: Office) -> None:
    form = {"from": "review", "text": office.draft.hash}
    answer = office.send("Rosa", "/moves/request-changes", **form)
    assert (answer.status_code, "Say what is to be changed" in answer.text) == (422, True)
    answer = office.send("Eva", "/moves/reject", **form)
    assert (answer.status_code, "Say why it is turned down" in answer.text) == (422, True)
    office.say("Rosa", "Mend the title", field="title")
    assert office.send("Rosa", "/moves/request-changes", **form).status_code == 303
    assert "Mend it, answer what was said" in office.page("Ama", "")


def test_a_text_that_changed_under_ones_eyes_is_looked_at_again(office: Office) -> None:
    text = office.draft.text.replace("ran out of cash", "fell short of cash")
    editing.save(office.desk, office.people["Eva"], office.draft.token, text, office.draft.hash)
    form = {"from": "review", "text": office.draft.hash, "point": MUST, "message": "Kept words"}
    answer = office.send("Rosa", "/moves/approve", **form)
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert "The text has changed since you opened it" in page
    assert "fell short of cash" in page
    assert "Kept words" in page
    assert len(re.findall(r'name="point" value="[\w-]+" checked', page)) == 4


def test_ones_own_text_is_for_others(app: Flask, desk: Desk, people: dict[str, Person]) -> None:
    eva = people["Eva"]
    begun = editing.begin(desk, eva, None, text=factories.case_text(title="By an editor"))
    own = Office(app, desk, people, editing.submit(desk, eva, begun.token))
    page = own.page("Eva")
    assert "You wrote it: somebody else has to check it." in page
    assert "1 person who did not write it has to approve it" in page
    assert "These may: Rosa." in page
    assert "/moves/" not in page
    refused = own.send("Eva", "/moves/approve", point=MUST)
    assert (refused.status_code, "This is your own text" in refused.text) == (403, True)
    refused = own.send("Eva", "/moves/publish", point=MUST)
    assert refused.status_code == 422
    assert "These may: Rosa." in html.unescape(refused.text)
    assert "/moves/publish" not in own.page("Eva", "")
    own.send("Rosa", "/moves/approve", **{"from": "review", "text": own.draft.hash, "point": MUST})
    mine = own.page("Eva", "")
    assert "Approved as it stands by Rosa." in mine
    assert "/moves/publish" in mine


def test_it_says_whose_approval_lapsed_and_that_too_few_are_there(
    app: Flask, office: Office, desk: Desk
) -> None:
    app.extensions["sankofa.settings"] = replace(desk.settings, reviews=2)
    form = {"from": "review", "text": office.draft.hash, "point": MUST}
    office.send("Rosa", "/moves/approve", **form)
    text = office.draft.text.replace("ran out of cash", "fell short of cash")
    editing.save(desk, office.people["Eva"], office.draft.token, text, office.draft.hash)
    page = office.page("Rosa")
    assert "you approved an earlier text. It was changed since" in page
    assert "2 people who did not write it have to approve it" in page
    assert "These may: Eva, Rosa." in page


def test_errors_are_told_to_whoever_submits_and_to_whoever_checks(
    office: Office, desk: Desk, app: Flask
) -> None:
    office.send("Ama", "/moves/withdraw-submission")
    text = office.draft.text.replace("themes:", "odd:").replace("[1]", "[9]")
    editing.save(desk, office.people["Ama"], office.draft.token, text, office.draft.hash)
    mine = office.page("Ama", "")
    assert "3 things in it have to be mended before it can be published." in mine
    assert "It can be submitted all the same." in mine
    office.send("Ama", "/moves/submit")
    assert "3 things in it have to be mended" in office.page("Ama", "")
    review = office.page("Rosa")
    assert "3 things in it have to be mended" in review
    assert "leads to no source" in review
    assert "3 things in it have to be mended" in office.browser("Rosa").get("/queue").text
    form = {"from": "review", "point": MUST}
    refused = office.send("Eva", "/moves/publish", **form)
    assert (refused.status_code, "It cannot be published yet" in refused.text) == (422, True)


def test_after_publication_the_conversation_is_there_and_nothing_can_be_added(
    office: Office, desk: Desk
) -> None:
    # publishing writes into the shared library, so that the draft is closed by hand here
    office.say("Rosa", "Says who?")
    editing.reject(desk, office.people["Eva"], office.draft.token, "Not for us")
    page = office.page("Ama")
    assert "Says who?" in page
    assert "Not for us" in page
    assert "/comments" not in page
    assert "There is nothing to decide now." in page
    assert office.send("Ama", "/comments", words="More").status_code == 409
    assert office.browser("Rosa").get(f"{office.path}/review").status_code == 403


# Queue and claims ---------------------------------------------------------------------------


def test_the_queue_shows_who_took_what_on(office: Office) -> None:
    queue = office.browser("Rosa").get("/queue").text
    assert f'href="{office.path}/review"' in queue
    assert "Nobody has taken it on yet." in queue
    answer = office.send("Rosa", "/claim", do="claim", **{"from": "queue"})
    assert answer.headers["Location"] == "/queue"
    assert "You took it on" in office.browser("Rosa").get("/queue?claimed=mine").text
    assert "Rosa took it on" in office.page("Eva")
    refused = office.send("Eva", "/claim", do="claim")
    assert (refused.status_code, "Somebody else looks at it" in refused.text) == (409, True)
    back = office.send("Rosa", "/claim", do="give-back")
    assert back.headers["Location"] == f"{office.path}/review"
    assert office.send("Eva", "/claim", do="claim").status_code == 303
    empty = office.browser("Rosa").get("/queue?claimed=mine&lang=fr").text
    assert "Nothing of what waits is like that." in empty
    assert 'href="/queue"' in empty


def test_the_filters_of_the_queue_are_links_in_a_fixed_order(office: Office, desk: Desk) -> None:
    ama = office.people["Ama"]
    page = editing.begin(desk, ama, None, "page", "---\ntitle: How\nlang: fr\n---\n\nSo.\n")
    editing.submit(desk, ama, page.token)
    queue = html.unescape(office.browser("Rosa").get("/queue?sort=newest&kind=case").text)
    assert "1 of 2 drafts that wait." in queue
    assert 'href="/queue?kind=case&lang=fr&sort=newest"' in queue
    assert 'href="/queue?kind=page&sort=newest"' in queue
    assert 'href="/queue?kind=case"' in queue
    for wish in ("?page=99", "?page=x&kind=y&state=z&lang=<b>&claimed=q&from=r&sort=s"):
        assert office.browser("Rosa").get(f"/queue{wish}").status_code == 200


ARGUMENTS = st.sampled_from(["state", "kind", "lang", "claimed", "from", "sort", "page"])


@given(st.dictionaries(ARGUMENTS, st.text(max_size=30)))
def test_a_wish_that_makes_no_sense_is_none(args: dict[str, str]) -> None:
    wish = wish_of(args)
    assert wish.sort in ("waited", "newest")
    assert wish.page >= 1
    assert wish.state in ("", "submitted", "approved", "changes-requested")
    assert wish_of({}) == Wish()


# The checklist ------------------------------------------------------------------------------


class Checklist:
    def __init__(self, browser: Browser, token: str) -> None:
        self.browser, self.token, self.at = browser, token, "/office/checklist"

    def page(self) -> str:
        return html.unescape(self.browser.get(self.at).text)

    def points(self) -> list[str]:
        shown = self.page().partition('<ol class="points">')[2].partition("</ol>")[0]
        return re.findall(r"<b>(.*?)</b>", shown)

    def key(self, words: str) -> str:
        found = re.search(
            rf'id="point-([\w-]+)">\s*<p dir="auto"><b>{re.escape(words)}', self.page()
        )
        assert found, words
        return found[1]

    def do(self, what: str, key: str = "", **form: str) -> Any:
        data = {"csrf_token": self.token, "kind": "case", "do": what, "point": key, **form}
        answer = self.browser.post("/office/checklist", data=data)
        if answer.status_code == 303:
            self.at = answer.headers["Location"]
        return answer

    def undo(self) -> None:
        found = re.search(
            r'name="point" value="([^"]+)"><button class="quiet" name="do" value="([\w-]+)">Undo',
            self.page(),
        )
        assert found, "there is nothing to undo"
        assert self.do(found[2], found[1]).status_code == 303


@pytest.fixture
def checklist(app: Flask, people: dict[str, Person]) -> Checklist:
    return Checklist(*signed_in(app, people["Eva"]))


def test_there_is_a_checklist_before_anybody_made_one(checklist: Checklist) -> None:
    before = checklist.points()
    assert 8 <= len(before) <= 10
    for kind in ("pack", "page"):
        assert checklist.browser.get(f"/office/checklist?kind={kind}").status_code == 200
    assert checklist.browser.get("/office/checklist?kind=poem").status_code == 404


def test_points_are_added_changed_moved_retired_and_all_of_it_is_undone(
    checklist: Checklist,
) -> None:
    first, second, *rest = before = checklist.points()
    new = {"words": "  The map   is right. ", "help": "Look at it.", "severity": "may"}
    checklist.do("add", **new)
    assert checklist.points() == [*before, "The map is right."]
    checklist.undo()
    assert checklist.points() == before
    checklist.undo()
    assert checklist.points() == [*before, "The map is right."]
    checklist.do("down", checklist.key(first))
    assert checklist.points()[:2] == [second, first]
    checklist.undo()
    assert checklist.points()[:2] == [first, second]
    checklist.do("change", checklist.key(second), words="Failure is told.", severity="should")
    assert checklist.points()[:2] == [first, "Failure is told."]
    checklist.undo()
    assert checklist.points()[:2] == [first, second]
    checklist.undo()
    assert checklist.points()[:2] == [first, "Failure is told."]
    checklist.do("retire", checklist.key(first))
    assert checklist.points()[0] == "Failure is told."
    assert "Retired" in checklist.page()
    checklist.undo()
    assert checklist.points() == [first, "Failure is told.", *rest, "The map is right."]


def test_the_last_point_moves_no_further_and_what_is_gone_is_told(checklist: Checklist) -> None:
    first, *_rest = checklist.points()
    assert checklist.do("up", checklist.key(first)).status_code == 404
    for what, key in (
        ("up", "999"),
        ("retire", "x"),
        ("back", "1"),
        ("nothing", ""),
        ("change", ""),
    ):
        assert checklist.do(what, key, words="x", severity="may").status_code == 404, what


@pytest.mark.parametrize(("form", "told"), [
    ({"words": " ", "help": "Kept help", "severity": "may"}, "Write what to look for"),
    ({"words": "w" * 201, "help": "Kept help", "severity": "may"}, "at most 200 characters"),
    ({"words": "Kept", "help": "h" * 601, "severity": "may"}, "at most 600 characters"),
    ({"words": "Kept", "help": "Kept help", "severity": "perhaps"}, "Choose how much"),
])  # fmt: skip
def test_a_point_that_cannot_be_taken_is_shown_again_with_the_reason(
    checklist: Checklist, form: dict[str, str], told: str
) -> None:
    first, *_rest = before = checklist.points()
    for what, key in (("add", ""), ("change", checklist.key(first))):
        answer = checklist.do(what, key, **form)
        assert answer.status_code == 422
        assert told in answer.text
        for text in (form["words"].strip(), form["help"]):
            assert text in answer.text
    assert checklist.points() == before


def test_what_was_ticked_keeps_the_words_that_the_point_had(
    office: Office, checklist: Checklist
) -> None:
    first, *_rest = checklist.points()
    office.send("Rosa", "/moves/approve", **{"from": "review", "point": MUST})
    checklist.do("change", checklist.key(first), words="Other words by now", severity="must")
    page = office.page("Eva")
    assert first in page.partition('id="conversation"')[2]
    assert "Other words by now" in page.partition('id="conversation"')[0]


def test_a_list_has_an_end(checklist: Checklist) -> None:
    for number in range(31):
        checklist.do("add", words=f"Point {number}", severity="may")
    answer = checklist.do("add", words="One too many", severity="may")
    assert (answer.status_code, "A list has at most 40 points" in answer.text) == (422, True)


# Two windows --------------------------------------------------------------------------------


def test_two_windows_of_one_person_are_called_so(office: Office, desk: Desk) -> None:
    office.send("Ama", "/moves/withdraw-submission")
    ama, draft = office.people["Ama"], office.draft
    editing.save(desk, ama, draft.token, draft.text.replace("ran out", "fell short"), draft.hash)
    with pytest.raises(editing.StaleEdit):
        editing.save(desk, ama, draft.token, draft.text.replace("ran out", "ran dry"), draft.hash)
    page = office.page("Ama", "/conflict")
    assert "You saved in another window while you were writing here" in page
    assert "Your other window" in page
    assert "Theirs" not in page


def test_a_published_draft_leads_to_its_case(app: Flask, library: Library, tmp_path: Path) -> None:
    content = factories.content_folder(tmp_path / "content")
    settings = Settings(content=content, data=tmp_path / "d", var=tmp_path / "v")
    own = Library.open(content, tmp_path / "v")
    made = create_app(settings, own)
    database = database_of(made)
    people = {name: add_person(database, role, name, f"{name}@example.org")
              for name, role in (("Ama", "contributor"), ("Eva", "editor"))}  # fmt: skip
    desk = Desk(database, own, settings)
    begun = editing.begin(desk, people["Ama"], None, text=factories.case_text(title=TITLE))
    office = Office(made, desk, people, editing.submit(desk, people["Ama"], begun.token))
    form = {"from": "review", "text": office.draft.hash, "point": MUST, "message": "Thank you"}
    answer = office.send("Eva", "/moves/publish", **form)
    assert answer.headers["Location"] == "/cases/radio-lessons-in-togo"
    page = office.page("Ama")
    assert "Thank you" in page.partition('id="conversation"')[2]
    assert "did not write it" not in page
    assert "approved an earlier text" not in office.page("Eva", "")
    history = "/cases/radio-lessons-in-togo/history"
    for name in ("Ama", "Eva"):
        assert f'href="{office.path}/review"' in office.browser(name).get(history).text
    assert office.path not in browser(made).get(history).text
    database.close()
