"""The forms for people without an account in a real browser, with script and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from indexer.library import Library
from indexer.values import Key
from kb.access import VISITOR, Person
from kb.app import create_app
from kb.services.desk import Desk, open_database
from kb.services.outside import Offer, open_public, send_in
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import LONG, OpenTab, Trouble
from tests.browser.sites import served
from tests.browser.test_axe import ALL, axe, look, violations
from tests.browser.test_hostile import LOADED, SHARED, TRAP, in_one_line
from tests.browser.test_layout import outside
from tests.outsiders import drafts, reported, sender, suggested
from tests.people import add_person, signed_in

pytestmark = pytest.mark.browser

CASH, CROPS, FLOODS, WOMEN, TOGO, CLINIC, LONG_WORDS = (
    Key("case", slug)
    for slug in ("cash-by-phone", "crop-prices", "flood-warning", "women-coders", "wallets-in-togo",
                 "clinic-by-satellite", "long-words")
)  # fmt: skip
#: With script and without: the case that is touched, and which words of it; the one that was used.
TOUCHED = {True: (CROPS, "every morning", "each morning"),
           False: (FLOODS, "the low ground", "all low ground")}  # fmt: skip
USED = {True: WOMEN, False: TOGO}
either = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
FORMS = ("suggest", "used", "report")
#: So often at most somebody presses the button who is quicker than people are taken to be.
PATIENCE = 40


@dataclass(frozen=True)
class Site:
    """A small site with people who answer."""

    address: str
    app: Flask
    desk: Desk
    rosa: Person
    eva: Person

    def enter(self, page: Page, person: Person) -> Page:
        """The tab, with this person signed in."""
        client, _ = signed_in(self.app, person)
        cookie = client.get_cookie("session", domain="127.0.0.1")
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return page

    def page_of(self, key: Key, rest: str) -> str:
        """The address of a page below a case."""
        return f"{self.address}/cases/{key.slug}/{rest}"


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("outside")
    content = factories.library_folder(root / "content")
    long = factories.case_text(
        f"\n{LONG}\n\n## Context\n\n{LONG} [1]\n\n## {LONG}\n\n{LONG}\n",
        title=LONG[:150], summary=f"{LONG} is a word that no telephone has room for.",
    )  # fmt: skip
    (content / "cases" / "long-words.md").write_text(long, encoding="utf-8")
    settings = Settings(content=content, var=root / "var", data=root / "data",
                        languages=("en", "ar"))  # fmt: skip
    library = Library.open(content, settings.var)
    database = open_database(settings)
    made = Desk(database, library, settings)
    start(made)
    rosa = add_person(database, "reviewer", "Rosa", "rosa@example.org")
    eva = add_person(database, "editor", "Eva", "eva@example.org")
    app = create_app(settings, library)
    with served(app) as address:
        yield Site(address, app, made, rosa, eva)
    database.close()


def press(page: Page, arrived: str) -> None:
    """Send the form; somebody who was too quick for a person is asked to, and does so again."""
    for _ in range(PATIENCE):
        page.locator("button.main").click()
        if arrived in page.url:
            return
        expect(page.locator(".problems li")).to_have_count(1)
        expect(page.locator(".problems")).to_contain_text("press the button once more")
    raise AssertionError(f"nothing arrived at {arrived}: {page.url}")


@either
def test_a_stranger_suggests_and_an_editor_publishes(
    tab: OpenTab, desk: Site, script: bool
) -> None:
    key, old, new = TOUCHED[script]
    page = tab(width=360, java_script_enabled=script)
    page.goto(f"{desk.address}/cases/{key.slug}")
    page.get_by_role("link", name="Suggest an edit").click()
    box = page.get_by_label("Context")
    typed = box.input_value().replace(old, new)
    box.fill(typed)
    page.get_by_label("Your mail address").fill("nobody")
    page.locator("button.main").click()
    expect(page.locator(".problems")).to_contain_text("Say in a few words what you changed")
    page.get_by_role("link", name="Enter a mail address").click()
    assert page.url.endswith("#email")
    expect(box).to_have_value(typed)
    page.get_by_label("Your mail address").fill("")
    page.get_by_label("What you changed, and why").fill("The survey says so.")
    page.get_by_label("Your name").fill("Kwame")
    press(page, "/suggestions/")
    expect(page.locator("main")).to_contain_text("It arrived.")
    own = page.url
    assert page.context.cookies() == []

    (draft,) = drafts(desk.desk, key)
    editor = desk.enter(tab(java_script_enabled=script), desk.eva)
    editor.goto(f"{desk.address}/queue")
    expect(editor.locator("main")).to_contain_text("Kwame (from outside)")
    editor.goto(f"{desk.address}/drafts/{draft.token}/compare")
    expect(editor.locator(".change.changed")).to_have_count(1)
    expect(editor.locator(".change ins").first).to_contain_text(new.split()[0])
    assert editor.locator(".field-change").count() == 0
    editor.goto(f"{desk.address}/drafts/{draft.token}/review")
    for point in editor.locator(".checks li", has_text="must").all():
        point.get_by_role("checkbox").check()
    editor.get_by_role("button", name="Publish").click()
    editor.wait_for_url("**/cases/**")
    expect(editor.locator("article")).to_contain_text(new)
    page.goto(own)
    expect(page.locator("main")).to_contain_text("It is part of the text now.")


@either
def test_a_stranger_tells_of_their_own_use(tab: OpenTab, desk: Site, script: bool) -> None:
    key = USED[script]
    page = tab(width=360, java_script_enabled=script)
    page.goto(f"{desk.address}/cases/{key.slug}")
    page.get_by_role("link", name="I used this").click()
    page.get_by_label("Country").select_option(label="Tanzania")
    page.get_by_label("Year", exact=True).fill("2019")
    page.get_by_label("Who did it").fill("A farmers' union")
    page.get_by_label("What you did differently").fill("By radio.\nIt reached more women.")
    page.get_by_label("A web address").fill("https://example.org/radio")
    press(page, "/suggestions/")
    expect(page.locator("main")).to_contain_text("It arrived.")
    (draft,) = drafts(desk.desk, key)
    assert 'note: "A farmers\' union: By radio. It reached more women."' in draft.text


@either
def test_a_stranger_reports_a_problem_and_a_reviewer_answers(
    tab: OpenTab, desk: Site, script: bool
) -> None:
    key = TOUCHED[script][0]
    page = tab(width=360, java_script_enabled=script)
    page.goto(f"{desk.address}/cases/{key.slug}")
    page.get_by_role("link", name="Report a problem").click()
    page.get_by_label("A link is dead").check()
    page.get_by_label("Where").fill("Source 2")
    page.get_by_label("In your words").fill("It leads nowhere.")
    press(page, "/reports/")
    expect(page.locator("main")).to_contain_text("It arrived.")

    reviewer = desk.enter(tab(java_script_enabled=script), desk.rosa)
    reviewer.goto(page.url)
    reviewer.get_by_role("link", name="Answer it").click()
    reviewer.get_by_label("It is").select_option(label="left as it is")
    reviewer.get_by_role("button", name="Save").click()
    expect(reviewer.locator("[role=alert]")).to_contain_text("Write why")
    reviewer.get_by_label("What everybody is told").fill("The archive has a copy.")
    reviewer.get_by_role("button", name="Save").click()
    expect(reviewer.locator(".done")).to_have_text("Saved.")
    page.reload()
    expect(page.locator("main")).to_contain_text("The archive has a copy.")
    page.get_by_role("link", name="What was reported and answered").click()
    expect(page.locator("main")).to_contain_text("The archive has a copy.")
    expect(page.locator("main")).not_to_contain_text("It leads nowhere.")


def test_going_back_brings_what_was_typed(tab: OpenTab, desk: Site) -> None:
    page = tab()
    page.goto(desk.page_of(CLINIC, "suggest"))
    page.get_by_label("What you changed, and why").fill("A long reason.")
    page.get_by_role("link", name="Licence").click()
    page.go_back()
    expect(page.get_by_label("What you changed, and why")).to_have_value("A long reason.")


def test_nobody_meets_the_trap_by_keyboard_or_by_eye(tab: OpenTab, desk: Site) -> None:
    page = tab()
    for rest in FORMS:
        page.goto(desk.page_of(CLINIC, rest))
        box = page.locator(".trap").bounding_box()
        assert box is not None
        assert box["width"] <= 1
        page.locator("h1").click()
        names = []
        for _ in range(40):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.name || ''"))
        assert "website" not in names
        assert {"suggest": "why", "used": "told", "report": "words"}[rest] in names


def test_axe_finds_nothing_on_any_of_them(tab: OpenTab, desk: Site) -> None:
    page = tab()
    own = suggested(desk.desk, CLINIC, "The dish", "A dish")
    report = reported(desk.desk, CLINIC, who=sender(desk.desk, email="ann@example.org"))
    for rest in FORMS:
        look(page, desk.page_of(CLINIC, rest))
        look(page, f"{desk.page_of(CLINIC, rest)}?ui=ar")
    for path in (f"/suggestions/{own}", f"/reports/{report}", "/cases/crop-prices/reports"):
        look(page, desk.address + path)
    reviewer = desk.enter(tab(), desk.rosa)
    look(reviewer, f"{desk.address}/office/reports")
    look(reviewer, f"{desk.address}/office/reports?state=looked-at")
    look(reviewer, desk.page_of(CLINIC, "suggest"))
    reviewer.goto(f"{desk.address}/office/reports?report={report}")
    reviewer.get_by_label("It is").select_option(label="left as it is")
    reviewer.get_by_role("button", name="Save").click()
    refused(reviewer, "[role=alert]")


def test_axe_finds_nothing_on_a_form_that_was_refused(tab: OpenTab, desk: Site) -> None:
    page = tab()
    for rest in FORMS:
        page.goto(desk.page_of(CLINIC, rest))
        page.locator("button.main").click()
        refused(page, ".problems")


def refused(page: Page, told: str) -> None:
    """Look at the page of a form that was not taken."""
    page.locator(told).wait_for()
    page.evaluate(axe.axe_script)
    assert violations(page, ALL) == []


def test_long_words_stay_inside_of_the_window(tab: OpenTab, desk: Site) -> None:
    page = tab()
    own = suggested(desk.desk, LONG_WORDS, LONG[:20], "Short", who=sender(desk.desk, LONG[:100]))
    report = reported(desk.desk, LONG_WORDS, LONG * 3, who=sender(desk.desk, LONG[:100]))
    for rest in FORMS:
        page.goto(desk.page_of(LONG_WORDS, rest))
        assert outside(page) == {}, rest
    for path in (f"/suggestions/{own}", f"/reports/{report}", "/cases/long-words/reports"):
        page.goto(desk.address + path)
        assert outside(page) == {}, path
    reviewer = desk.enter(tab(), desk.rosa)
    reviewer.goto(f"{desk.address}/office/reports")
    assert outside(reviewer) == {}


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/xss is not here")
def test_no_payload_runs_wherever_it_is_shown(tab: OpenTab, desk: Site, trouble: Trouble) -> None:
    found = [str(one["payload"]) for one in json.loads(SHARED.read_text(encoding="utf-8"))]
    text = "\n\n".join(in_one_line(one) for one in found)
    who = sender(desk.desk, found[0][:90])
    base = open_public(desk.desk, VISITOR, CASH)
    own = send_in(desk.desk, VISITOR, Offer(base, f"{base.text}\n{text}\n", text), who)
    report = reported(desk.desk, CLINIC, text, who=sender(desk.desk, found[1][:90]))
    (draft,) = drafts(desk.desk, CASH)
    page = tab(bypass_csp=True)
    page.context.expose_function("ran", lambda said: trouble.seen.append(f"ran: {said}"))
    page.context.add_init_script(TRAP)
    desk.enter(page, desk.eva)
    for path in (
        "/queue",
        f"/drafts/{draft.token}",
        f"/drafts/{draft.token}/compare",
        f"/drafts/{draft.token}/edit",
        f"/suggestions/{own}",
        f"/reports/{report}",
        "/office/reports",
    ):
        answer = page.goto(desk.address + path)
        assert answer is not None
        assert answer.ok, path
        assert page.evaluate(LOADED) == [], path
