"""The pages for people without an account: nothing typed is lost, nothing private is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from indexer.library import Library
from kb.access import Person
from kb.app import create_app
from kb.forms.outside import TRAP
from kb.records import journal
from kb.records.journal import Draft
from kb.services import moving
from kb.services.desk import Desk
from kb.services.limits import LIMITS
from kb.services.publishing import set_status
from kb.services.reconcile import start
from tests import desks, factories
from tests.desks import CASH, MUST
from tests.outsiders import old_stamp
from tests.people import Browser, add_person, browser, database_of, outbox, signed_in, text_of

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7 * 7 }} [x](javascript:y)"
PAGE = "/cases/cash-by-phone"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder with its index, to be copied for each test."""
    root = tmp_path_factory.mktemp("home")
    again = {"country": "UG", "year": 2009, "note": "Done again.", "source": 2}
    cases = {
        "cash-by-phone": factories.case_text(replications=[again]),
        "cash-by-phone.fr": factories.case_text(
            lang="fr", translation_of={"slug": "cash-by-phone", "revision": "0" * 12}
        ),
    }
    content = factories.content_folder(root / "content", cases)
    about = factories.file_text({"title": "About us", "lang": "en"}, "\nWe collect.\n", "page")
    (content / "pages" / "about.md").write_text(about, encoding="utf-8")
    Library.open(content, root / "var", threads=1).encoder.rest()
    return root


@pytest.fixture
def app(home: Path, tmp_path: Path) -> Iterator[Flask]:
    settings = desks.copy_home(home, tmp_path / "desk")
    made = create_app(settings, Library.open(settings.content, settings.var, threads=1))
    start(desk_of(made))
    yield made
    database_of(made).close()
    desks.drop_schema(settings)


def desk_of(app: Flask) -> Desk:
    library = app.extensions["sankofa.opening"].library()
    return Desk(database_of(app), library, app.extensions["sankofa.settings"])


@pytest.fixture
def client(app: Flask) -> Browser:
    return browser(app)


@pytest.fixture
def rosa(app: Flask) -> Person:
    return add_person(database_of(app), "reviewer", "Rosa", "rosa@example.org")


@pytest.fixture
def eva(app: Flask) -> Person:
    return add_person(database_of(app), "editor", "Eva", "eva@example.org")


class Fields(HTMLParser):
    """Reads the fields of the form for strangers, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.inside = False
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.inside = self.inside or (tag == "form" and told.get("class") == "asking")
        if self.inside and tag == "textarea":
            self.area = told["name"]
            self.found[self.area] = ""
        elif self.inside and tag == "input" and told.get("type") != "radio":
            self.found[told["name"]] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            text = self.found[self.area].removeprefix("\n")
            self.found[self.area] = text.replace("\n", "\r\n")
            self.area = ""
        self.inside = self.inside and tag != "form"


def fields(page: str) -> dict[str, str]:
    """What a page holds in the fields of its form, as a browser would send it."""
    reading = Fields()
    reading.feed(page)
    return reading.found


def send(client: Browser, path: str, *, quick: bool = False, **typed: str) -> TestResponse:
    """Fill a form in and send it; not as quick as machines are, unless it is said so."""
    page = client.get(path)
    assert page.status_code == 200
    form = fields(page.text)
    if not quick:
        form["stamp"] = old_stamp(client.application.extensions["sankofa.settings"].data)
    answer: TestResponse = client.post(path, data={**form, **typed})
    return answer


def changed(client: Browser, **typed: str) -> dict[str, str]:
    part = fields(client.get(f"{PAGE}/suggest").text)["part.2"]
    return {"part.2": part.replace("1,200", "1,300"), "why": "The survey says so.", **typed}


def drafts(app: Flask) -> tuple[Draft, ...]:
    with database_of(app).reading() as connection:
        return journal.drafts_in(connection, journal.OPEN)


# The way there -------------------------------------------------------------------------------


def test_the_foot_of_a_case_leads_there_and_writers_to_the_editor(app: Flask) -> None:
    client = browser(app)
    for path, prefix in ((PAGE, PAGE), (f"{PAGE}/fr", f"{PAGE}/fr")):
        page = client.get(path).text
        for rest in ("suggest", "used", "report"):
            assert f'href="{prefix}/{rest}"' in page
    writer, _ = signed_in(app, add_person(database_of(app)))
    assert f'href="{PAGE}/suggest"' not in writer.get(PAGE).text
    assert f'href="{PAGE}/edit"' in writer.get(PAGE).text
    assert "Open the editor" in writer.get(f"{PAGE}/suggest").text


@pytest.mark.parametrize("rest", ["suggest", "used", "report"])
def test_a_form_sets_no_cookie_is_kept_by_no_cache_and_says_what_it_is(
    client: Browser, rest: str
) -> None:
    answer = client.get(f"{PAGE}/{rest}")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in answer.headers  # the stamp of an older page would come back
    assert "Set-Cookie" not in answer.headers
    assert 'name="robots" content="noindex"' in answer.text
    assert f'action="{PAGE}/{rest}"' in answer.text
    trap = re.search(rf'<div class="trap" aria-hidden="true">.*?name="{TRAP}"[^>]*>', answer.text,
                     re.DOTALL)  # fmt: skip
    assert trap
    assert 'tabindex="-1" autocomplete="off"' in trap[0]
    assert "Leave this empty" in trap[0]


def test_the_form_shows_the_real_text_in_boxes_and_no_yaml(client: Browser) -> None:
    page = client.get(f"{PAGE}/suggest").text
    form = fields(page)
    assert form["title"] == "Cash by phone in Kenya"
    assert form["part.2"] == "By 2008 some 1,200 people used it [2]."
    for heading in ("Context", "What was done", "Results", "What went wrong"):
        assert f">{heading}</label>" in page
    assert "themes:" not in page
    assert "outcome: " not in page


def test_pages_and_translations_have_the_forms_too(client: Browser) -> None:
    assert fields(client.get("/pages/about/suggest").text)["part.0"] == "We collect."
    assert 'lang="fr"' in client.get(f"{PAGE}/fr/suggest").text
    assert client.get("/pages/about/report").status_code == 200
    assert client.get("/pages/about/used").status_code == 404
    assert client.get("/cases/nothing/suggest").status_code == 404
    assert client.get("/cases/..%2Fx/report").status_code == 404


def test_what_was_withdrawn_takes_no_more_words(app: Flask, client: Browser, eva: Person) -> None:
    set_status(desk_of(app), eva, CASH, "withdrawn", "The figures could not be confirmed.")
    for rest in ("suggest", "used", "report", "reports"):
        answer = client.get(f"{PAGE}/{rest}")
        assert answer.status_code == 410
        assert "could not be confirmed" in answer.text


# A suggestion --------------------------------------------------------------------------------


def test_a_suggestion_goes_into_the_queue_and_its_sender_gets_an_address(
    app: Flask, client: Browser, rosa: Person
) -> None:
    answer = send(client, f"{PAGE}/suggest", **changed(client, name="Kwame <b>Mensah</b>"))
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    place = answer.headers["Location"]
    assert place.startswith("/suggestions/")
    page = client.get(place)
    assert page.headers["Cache-Control"] == "no-store"
    assert "It arrived." in page.text
    assert f"http://127.0.0.1:8000{place}" in page.text
    (draft,) = drafts(app)
    assert draft.token not in page.text
    assert "1,300" not in page.text
    reviewer, _ = signed_in(app, rosa)
    for path in ("/queue", f"/drafts/{draft.token}", f"/drafts/{draft.token}/compare"):
        shown = reviewer.get(path).text
        assert "Kwame &lt;b&gt;Mensah&lt;/b&gt;" in shown, path
        assert "<b>Mensah" not in shown
    assert "from outside" in reviewer.get("/queue").text
    assert "somebody without an account" in reviewer.get(f"/drafts/{draft.token}").text
    assert "1,300" in reviewer.get(f"/drafts/{draft.token}/compare").text


def test_whoever_gave_no_name_is_a_visitor(app: Flask, client: Browser, rosa: Person) -> None:
    send(client, f"{PAGE}/suggest", **changed(client))
    (draft,) = drafts(app)
    assert draft.owner == "A visitor"
    reviewer, _ = signed_in(app, rosa)
    assert "A visitor" in reviewer.get("/queue").text


def test_the_address_for_an_answer_is_shown_to_nobody(
    app: Flask, client: Browser, rosa: Person, eva: Person
) -> None:
    mail = "kwame.mensah@example.org"
    place = send(client, f"{PAGE}/suggest", **changed(client, email=mail)).headers["Location"]
    report = send(client, f"{PAGE}/report", about="wrong", words="Wrong.", email=mail)
    (draft,) = drafts(app)
    for person in (rosa, eva):
        reader, _ = signed_in(app, person)
        for path in ("/queue", f"/drafts/{draft.token}", f"/drafts/{draft.token}/compare", place,
                     "/office/reports", report.headers["Location"]):  # fmt: skip
            assert mail not in reader.get(path).text, path
    assert mail not in client.get(place).text


def test_publishing_it_writes_to_its_sender_and_history_tells_where_it_came_from(
    app: Flask, client: Browser, eva: Person
) -> None:
    typed = changed(client, name="Kwame", email="kwame@example.org")
    place = send(client, f"{PAGE}/suggest", **typed).headers["Location"]
    (draft,) = drafts(app)
    editor, token = signed_in(app, eva)
    form = {"csrf_token": token, "text": draft.hash, "point": MUST}
    moved = editor.post(f"/drafts/{draft.token}/moves/publish", data=form)
    assert moved.status_code == 303
    assert "1,300" in client.get(PAGE).text
    assert "Kwame (from outside)" in client.get(f"{PAGE}/history").text
    assert "The survey says so." in client.get(f"{PAGE}/history").text
    assert "It is part of the text now" in client.get(place).text
    (letter,) = outbox(desk_of(app).settings.data)
    assert letter["To"] == "kwame@example.org"
    assert "http://127.0.0.1:8000/cases/cash-by-phone" in text_of(letter)


def test_turning_it_down_tells_the_reason(app: Flask, client: Browser, eva: Person) -> None:
    typed = changed(client, email="kwame@example.org")
    place = send(client, f"{PAGE}/suggest", **typed).headers["Location"]
    (draft,) = drafts(app)
    editor, token = signed_in(app, eva)
    said = {"csrf_token": token, "message": "The <i>source</i> says otherwise."}
    editor.post(f"/drafts/{draft.token}/moves/reject", data=said)
    page = client.get(place).text
    assert "was not taken" in page
    assert "The &lt;i&gt;source&lt;/i&gt; says otherwise." in page
    (letter,) = outbox(desk_of(app).settings.data)
    assert "says otherwise" in text_of(letter)
    assert place in text_of(letter)


def test_nothing_typed_is_lost_whatever_is_wrong(app: Flask, client: Browser) -> None:
    part = f"Typed by hand.\r\n\r\n{HOSTILE}"
    typed = {"part.1": part, "why": HOSTILE, "name": "Kwame", "email": "nobody"}
    answer = send(client, f"{PAGE}/suggest", **typed)
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
    kept = fields(answer.text)
    assert kept["part.1"] == part
    assert kept["why"] == HOSTILE
    assert (kept["name"], kept["email"]) == ("Kwame", "nobody")
    assert "<script>alert" not in answer.text
    assert 'href="#email"' in answer.text
    assert "<title>Error: " in answer.text
    again = client.post(f"{PAGE}/suggest", data={**kept, "email": ""})
    assert again.status_code == 303
    assert drafts(app)[0].text.count("Typed by hand.") == 1


def test_an_unchanged_text_is_told_so(app: Flask, client: Browser) -> None:
    answer = send(client, f"{PAGE}/suggest", why="I do not know.")
    assert answer.status_code == 422
    assert "Nothing was changed yet" in answer.text
    assert drafts(app) == ()


def test_what_was_sent_too_soon_or_a_day_late_goes_through_the_next_time(
    app: Flask, client: Browser
) -> None:
    typed = changed(client)
    answer = send(client, f"{PAGE}/suggest", quick=True, **typed)
    assert answer.status_code == 422
    assert "press the button once more" in answer.text
    kept = fields(answer.text)
    assert "1,300" in kept["part.2"]
    folder = desk_of(app).settings.data
    late = {**kept, "stamp": old_stamp(folder, timedelta(days=2))}
    answer = client.post(f"{PAGE}/suggest", data=late)
    assert answer.status_code == 422
    assert "more than a day ago" in answer.text
    kept = fields(answer.text)
    assert kept["stamp"] != late["stamp"]
    assert "1,300" in kept["part.2"]
    assert (
        client.post(f"{PAGE}/suggest", data={**kept, "stamp": old_stamp(folder)}).status_code == 303
    )
    assert len(drafts(app)) == 1


def test_whatever_fills_in_the_trap_sees_it_empty_again(app: Flask, client: Browser) -> None:
    answer = send(client, f"{PAGE}/suggest", **changed(client, **{TRAP: "https://spam.example"}))
    assert answer.status_code == 422
    assert "spam.example" not in answer.text
    assert fields(answer.text)[TRAP] == ""
    assert drafts(app) == ()


def test_one_address_has_to_wait_in_the_end_and_loses_nothing(app: Flask, client: Browser) -> None:
    for number in range(LIMITS["suggest"]["address"].free):
        assert send(client, f"{PAGE}/suggest", **changed(client, why=f"Why {number}"))
    answer = send(client, f"{PAGE}/suggest", **changed(client, why="Once more"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Please send this again in" in answer.text
    assert "1,300" in fields(answer.text)["part.2"]


def test_a_form_made_of_no_text_of_ours_is_refused(client: Browser) -> None:
    assert send(client, f"{PAGE}/suggest", base="0" * 12).status_code == 404
    assert send(client, f"{PAGE}/suggest", base="").status_code == 404


def test_a_form_of_another_site_is_refused(client: Browser) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        for rest in ("suggest", "used", "report"):
            assert client.post(f"{PAGE}/{rest}", data={}, headers=headers).status_code == 403


def test_somebody_signed_in_suggests_in_their_own_name(app: Flask) -> None:
    mia = add_person(database_of(app), "reader", "Mia", "mia@example.org")
    client, token = signed_in(app, mia)
    page = client.get(f"{PAGE}/suggest").text
    assert "in your name, Mia" in page
    assert 'name="email"' not in page
    typed = changed(client, csrf_token=token, name="Somebody else")
    answer = send(client, f"{PAGE}/suggest", **typed)
    assert answer.status_code == 303
    (draft,) = drafts(app)
    assert (draft.owner, draft.owner_id) == ("Mia", mia.id)
    assert client.get(f"/drafts/{draft.token}").status_code == 200
    assert browser(app).get(f"/drafts/{draft.token}").status_code != 200


# "I used this" -------------------------------------------------------------------------------


def test_a_use_is_checked_like_any_text_and_stands_in_the_case_at_last(
    app: Flask, client: Browser, eva: Person
) -> None:
    form = client.get(f"{PAGE}/used").text
    assert '<option value="TZ">Tanzania</option>' in form
    typed = {"country": "TZ", "year": "2019", "who": "Radio <b>Ministry</b>",
             "told": f"With radio.\r\n{HOSTILE}", "url": "https://example.org/radio"}  # fmt: skip
    answer = send(client, f"{PAGE}/used", **typed)
    assert answer.status_code == 303
    assert "Your account of how you used it" in client.get(answer.headers["Location"]).text
    (draft,) = drafts(app)
    editor, token = signed_in(app, eva)
    shown = editor.get(f"/drafts/{draft.token}/compare").text
    assert "Radio &lt;b&gt;Ministry" in shown
    assert "<script>alert" not in shown
    form = {"csrf_token": token, "text": draft.hash, "point": MUST}
    editor.post(f"/drafts/{draft.token}/moves/publish", data=form)
    page = client.get(PAGE).text
    assert "Radio &lt;b&gt;Ministry&lt;/b&gt;: With radio." in page
    assert "<script>alert" not in page
    assert 'href="https://example.org/radio"' in page


def test_what_is_wrong_with_a_use_is_told_at_its_field(app: Flask, client: Browser) -> None:
    typed = {"country": "XX", "year": "19", "told": "", "url": "javascript:alert(1)"}
    answer = send(client, f"{PAGE}/used", **typed)
    assert answer.status_code == 422
    for name in ("country", "year", "told", "url"):
        assert f'id="{name}-error"' in answer.text
        assert f'href="#{name}"' in answer.text
    assert 'href="javascript' not in answer.text
    assert fields(answer.text)["url"] == "javascript:alert(1)"
    assert drafts(app) == ()


# A problem -----------------------------------------------------------------------------------


def test_a_problem_is_reported_answered_and_told_to_all(
    app: Flask, client: Browser, rosa: Person
) -> None:
    typed = {"about": "dead-link", "place": "Source <1>", "words": f"Dead.\r\n{HOSTILE}",
             "name": "Ann <b>", "email": "ann@example.org"}  # fmt: skip
    answer = send(client, f"{PAGE}/report", **typed)
    assert answer.status_code == 303
    place = answer.headers["Location"]
    own = client.get(place)
    assert own.headers["Cache-Control"] == "no-store"
    assert "A link is dead" in own.text
    assert "Dead.\n&lt;script&gt;" in own.text
    assert "<script>alert" not in own.text
    assert "You get a letter" in own.text
    assert "1 more problem was reported" in client.get(f"{PAGE}/reports").text

    reviewer, token = signed_in(app, rosa)
    page = reviewer.get("/office/reports").text
    assert "Ann &lt;b&gt;" in page
    assert "Source &lt;1&gt;" in page
    assert "<script>alert" not in page
    assert f"/office/reports?report={place.rpartition('/')[2]}" in reviewer.get(place).text
    form = {**fields(page), "csrf_token": token, "state": "left"}
    url = f"/office{place}"
    refused = reviewer.post(url, data=form)
    assert refused.status_code == 422
    assert "Write why" in refused.text
    done = reviewer.post(url, data={**form, "state": "mended", "answer": "Done <i>now</i>."})
    assert done.status_code == 303
    assert "Saved." in reviewer.get(done.headers["Location"]).text

    public = client.get(f"{PAGE}/reports")
    assert public.headers["Cache-Control"].startswith("public")
    assert "Done &lt;i&gt;now&lt;/i&gt;." in public.text
    for private in ("Dead.", "Ann", "ann@", "Source &lt;", "Rosa"):
        assert private not in public.text
    assert "Done &lt;i&gt;now&lt;/i&gt;." in client.get(place).text
    (letter,) = outbox(desk_of(app).settings.data)
    assert letter["To"] == "ann@example.org"
    assert place in text_of(letter)
    assert "mended" in text_of(letter)


def test_who_answers_second_sees_what_the_first_one_said(
    app: Flask, client: Browser, rosa: Person, eva: Person
) -> None:
    place = send(client, f"{PAGE}/report", about="wrong", words="Wrong.").headers["Location"]
    (first, token), (second, other) = signed_in(app, rosa), signed_in(app, eva)
    form = fields(first.get("/office/reports").text)
    first.post(f"/office{place}", data={**form, "csrf_token": token, "state": "mended",
                                        "answer": "Mended today."})  # fmt: skip
    late = {**form, "csrf_token": other, "state": "left", "answer": "It is right."}
    answer = second.post(f"/office{place}", data=late)
    assert answer.status_code == 422
    assert "Mended today." in answer.text
    kept = fields(answer.text)
    assert kept["answer"] == "It is right."
    assert (
        second.post(f"/office{place}", data={**late, **kept, "csrf_token": other}).status_code
        == 303
    )
    assert "It is right." in client.get(place).text


def test_a_report_that_lacks_something_keeps_what_is_there(client: Browser) -> None:
    answer = send(client, f"{PAGE}/report", words="The figure.", place="Results")
    assert answer.status_code == 422
    assert 'href="#about"' in answer.text
    kept = fields(answer.text)
    assert (kept["words"], kept["place"]) == ("The figure.", "Results")
    answer = send(client, f"{PAGE}/report", about="harmful", words="")
    assert 'value="harmful" checked' in answer.text


def test_a_report_of_what_was_withdrawn_meanwhile_arrives(
    app: Flask, client: Browser, eva: Person
) -> None:
    form = fields(client.get(f"{PAGE}/report").text)
    form["stamp"] = old_stamp(desk_of(app).settings.data)
    set_status(desk_of(app), eva, CASH, "withdrawn", "It does harm.")
    lacking = client.post(f"{PAGE}/report", data={**form, "words": "My name stands there."})
    assert lacking.status_code == 422
    assert "My name stands there." in lacking.text
    typed = {**form, "about": "harmful", "words": "My name stands there."}
    assert client.post(f"{PAGE}/report", data=typed).status_code == 303


def test_a_report_by_somebody_signed_in_bears_their_name(app: Flask, rosa: Person) -> None:
    mia = add_person(database_of(app), "reader", "Mia", "mia@example.org")
    client, token = signed_in(app, mia)
    answer = send(client, f"{PAGE}/report", about="wrong", words="Wrong.", csrf_token=token)
    assert answer.status_code == 303
    reviewer, _ = signed_in(app, rosa)
    assert "Mia" in reviewer.get("/office/reports").text


def test_addresses_that_nobody_was_given_lead_nowhere(client: Browser) -> None:
    for path in ("/suggestions/nothing", "/reports/nothing", "/suggestions/%00", "/reports/.."):
        assert client.get(path).status_code == 404


def test_the_pile_is_for_those_who_answer(app: Flask, client: Browser, rosa: Person) -> None:
    assert client.get("/office/reports").headers["Location"].startswith("/account/sign-in")
    writer, _ = signed_in(app, add_person(database_of(app)))
    assert writer.get("/office/reports").status_code == 403
    reviewer, _ = signed_in(app, rosa)
    assert "Nothing here" in reviewer.get("/office/reports").text
    assert '<a href="/office/reports"' in reviewer.get("/").text
    for asked in ("?state=mended", "?state=<b>", "?before=x", "?before=5&state=left"):
        assert reviewer.get(f"/office/reports{asked}").status_code == 200
    assert reviewer.get("/office/reports?report=x").status_code == 404


def test_crawlers_are_asked_to_leave_the_forms_alone(client: Browser) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /*/suggest$", "Disallow: /*/used$", "Disallow: /*/report$"} <= set(lines)


# Hostile and odd -----------------------------------------------------------------------------


ODD = (
    {"stamp": "\x00"}, {"stamp": "a.b.c.d" * 1000}, {"base": "\udcff"}, {"base": "\x00"},
    {"part.0": "x" * 60_000}, {"part.99999999999999999999": "x"}, {"part.٣": "x"},
    {"about": "\x00"}, {"country": "\u202e"}, {"year": "9" * 4000}, {"url": "http://[" * 50},
    {"name": "\u202e\x00" * 50}, {"email": "a@b.org\nBcc: c@d.org"}, {"words": "\x1b[31m" * 100},
    {"title": HOSTILE * 20}, {"why": "\ud800"}, {"csrf_token": "x" * 5000},
)  # fmt: skip


@pytest.mark.parametrize("rest", ["suggest", "used", "report"])
def test_odd_input_is_never_our_failure(app: Flask, client: Browser, rest: str) -> None:
    form = fields(client.get(f"{PAGE}/{rest}").text)
    form["stamp"] = old_stamp(desk_of(app).settings.data)
    form |= {"why": "Why", "words": "Words", "about": "wrong"}
    for odd in ODD:
        body: dict[str, Any] = {
            name: text.encode("utf-8", "surrogatepass") for name, text in {**form, **odd}.items()
        }
        answer = client.post(f"{PAGE}/{rest}", data=body)
        assert answer.status_code in (303, 404, 422), odd
        assert "<script>alert" not in answer.text, odd
    assert outbox(desk_of(app).settings.data) == []


def test_more_than_a_request_may_hold_is_told(app: Flask) -> None:
    small = create_app(
        replace(desk_of(app).settings, max_request_kb=8),
        app.extensions["sankofa.opening"].library(),
    )
    answer = browser(small).post(f"{PAGE}/suggest", data={"part.0": "x" * 10_000})
    assert answer.status_code == 413
    database_of(small).close()


def test_a_suggestion_tells_visitors_of_no_draft(app: Flask, client: Browser, eva: Person) -> None:
    place = send(client, f"{PAGE}/suggest", **changed(client)).headers["Location"]
    (draft,) = drafts(app)
    for path in (PAGE, f"{PAGE}/history", f"{PAGE}/reports", place, "/changes"):
        page = client.get(path).text
        assert "1,300" not in page, path
        assert draft.token not in page
    assert client.get(f"/drafts/{draft.token}").status_code == 303
    moving.reject(desk_of(app), eva, draft.token, "It is not so.")
    assert "1,300" not in client.get(place).text
