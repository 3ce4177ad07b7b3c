"""The way of a text through review in a real browser, with script and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from indexer.library import Library
from indexer.values import Key
from kb.access import Person
from kb.app import create_app
from kb.services import commenting, editing
from kb.services.anchoring import Passage
from kb.services.commenting import Remark
from kb.services.desk import Desk, open_database
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import LONG, OpenTab
from tests.browser.sites import served
from tests.browser.test_axe import look
from tests.browser.test_outside import press
from tests.outsiders import drafts
from tests.people import add_person, signed_in

pytestmark = pytest.mark.browser

TITLE = "Radio lessons in the dry season"
CLAIM = "By 2008 some 1,200 people used it"
MENDED = "By 2008 some 1,300 people, most of them women, used it"
CASH = "Agents ran out of cash on market days"
NEW = "Nobody had counted the listeners before."
PEOPLE = (("Ama", "contributor"), ("Rosa", "reviewer"), ("Ben", "reviewer"), ("Eva", "editor"))


@dataclass(frozen=True)
class Office:
    """A small site on which two people have to approve a text."""

    address: str
    app: Flask
    desk: Desk
    people: dict[str, Person]

    def enter(self, page: Page, name: str) -> Page:
        """The tab, with this person signed in."""
        client, _ = signed_in(self.app, self.people[name])
        cookie = client.get_cookie("session", domain="127.0.0.1")
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return page

    def begun(self, title: str) -> str:
        """The path of a new draft of Ama's."""
        ama = self.people["Ama"]
        draft = editing.begin(self.desk, ama, None, text=factories.case_text(title=title))
        return f"/drafts/{draft.token}"


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    root = tmp_path_factory.mktemp("review")
    content = factories.library_folder(root / "content")
    settings = Settings(content=content, var=root / "var", data=root / "data", reviews=2,
                        languages=("en", "ar"))  # fmt: skip
    library = Library.open(content, settings.var)
    database = open_database(settings)
    desk = Desk(database, library, settings)
    start(desk)
    people = {
        name: add_person(database, role, name, f"{name.lower()}@example.org")
        for name, role in PEOPLE
    }
    app = create_app(settings, library)
    with served(app) as address:
        yield Office(address, app, desk, people)
    database.close()


@dataclass(frozen=True)
class Walk:
    """A text on its way, and the tabs of those who have to do with it."""

    office: Office
    path: str
    tabs: dict[str, Page]
    script: bool

    def go(self, name: str, rest: str = "/review") -> Page:
        page = self.tabs[name]
        page.goto(self.office.address + self.path + rest)
        return page


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_text_goes_from_submission_to_its_readers(
    tab: OpenTab, office: Office, script: bool
) -> None:
    title = f"{TITLE}, {'with' if script else 'without'} script"
    tabs = {name: office.enter(tab(java_script_enabled=script), name) for name, _role in PEOPLE}
    walk = Walk(office, office.begun(title), tabs, script)
    submit(walk, "A first case")
    take_on(walk, title)
    comment_at_places(walk)
    ask_for_changes(walk)
    answer_and_mend(walk)
    submit(walk, "Mended")
    the_passage_is_found_again(walk)
    approve_without_a_look(walk)
    approve(walk, "Rosa")
    nothing_is_published_yet(walk)
    approve(walk, "Ben")
    an_edit_lapses_it(walk)
    approve(walk, "Rosa")
    publish(walk, title)
    all_of_it_is_kept(walk)


def submit(walk: Walk, words: str) -> None:
    page = walk.go("Ama", "")
    page.get_by_label("A word to those who write and check it").fill(words)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("It waits for somebody to check it")).to_be_visible()
    expect(page.get_by_text("2 people who did not write it have to approve it")).to_be_visible()


def take_on(walk: Walk, title: str) -> None:
    """Rosa takes it on from the queue, and Ben sees that she did."""
    rosa, ben = walk.tabs["Rosa"], walk.tabs["Ben"]
    rosa.goto(f"{walk.office.address}/queue?sort=newest")
    row = rosa.locator(".waiting li", has_text=title)
    row.get_by_role("button", name="Take it on").click()
    rosa.goto(f"{walk.office.address}/queue?claimed=mine")
    expect(rosa.locator(".waiting li", has_text=title)).to_contain_text("You took it on")
    ben.goto(f"{walk.office.address}/queue")
    expect(ben.locator(".waiting li", has_text=title)).to_contain_text("Rosa took it on")
    rosa.locator(".waiting li", has_text=title).get_by_role("link", name=title, exact=True).click()
    rosa.wait_for_url("**/review")


def comment_at_places(walk: Walk) -> None:
    page = walk.go("Rosa")
    comment_on_passage(walk, page, CLAIM, "Who counted them?")
    comment_on_passage(walk, page, CASH, "In which year?")
    page.get_by_text("Comment: Summary").click()
    page.get_by_label("What you want to say: Summary", exact=True).fill("Too general")
    page.locator("#field-summary").get_by_role("button", name="Comment").click()
    expect(page.locator("#field-summary .thread")).to_contain_text("Too general")
    page.get_by_text("Comment on something else").click()
    page.get_by_label("About", exact=True).select_option("contact")
    page.get_by_label("What you want to say: All of it").fill("Whom can one ask?")
    page.locator(".elsewhere").get_by_role("button", name="Comment").click()
    expect(page.locator(".elsewhere .thread")).to_contain_text("Contact")


def comment_on_passage(walk: Walk, page: Page, passage: str, words: str) -> None:
    if walk.script:
        mark(page, passage)
        page.get_by_role("button", name="Comment on this passage").click()
        expect(page.locator("#quote")).to_have_value(passage)
        expect(page.locator("#words-passage")).to_be_focused()
    else:
        page.get_by_text("Comment on a passage").click()
        page.locator("#quote").fill("A passage that stands nowhere in the text")
        page.locator("#words-passage").fill(words)
        page.locator("#passage").get_by_role("button", name="Comment").click()
        told = page.locator("#passage .fault")
        expect(told).to_contain_text("does not stand in the text")
        expect(page.locator("#words-passage")).to_have_value(words)
        page.locator("#quote").fill(passage)
    page.locator("#words-passage").fill(words)
    page.locator("#passage").get_by_role("button", name="Comment").click()
    expect(page.locator("mark.said", has_text=passage)).to_be_visible()
    expect(thread(page, words)).to_be_visible()


def mark(page: Page, passage: str) -> None:
    """Select some words of the text, as a mouse does."""
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(
            document.querySelector("[data-passages]"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return;
          }
          throw new Error("not in the text");
        }""",
        passage,
    )  # fmt: skip


def thread(page: Page, words: str) -> Locator:
    return page.locator(".thread", has_text=words)


def ask_for_changes(walk: Walk) -> None:
    """A comment says enough: no message is needed."""
    page = walk.go("Rosa")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator("h1 + .facts")).to_contain_text("changes requested")


def answer_and_mend(walk: Walk) -> None:
    """Ama finds what was said at the field in question, mends it and answers."""
    page = walk.go("Ama", "/edit")
    expect(page.locator(".entry:has(> #f-summary) .notes")).to_contain_text("Rosa: Too general")
    notes = page.locator(".entry.body .notes")
    expect(notes).to_contain_text("Who counted them?")
    expect(notes).to_contain_text(CLAIM)
    body = page.locator("#f-body")
    text = body.input_value()
    body.fill(text.replace(CLAIM, MENDED).replace("## Context\n", f"## Context\n\n{NEW}\n"))
    page.get_by_label("What you changed, in a few words").fill("Counted anew")
    page.locator(".save-bar").get_by_role("button", name="Save and close").click()
    expect(page.locator("#said")).to_have_text("4 open comments")
    answer(page, "Who counted them?", "The ministry did", "Answer")
    expect(thread(page, "Who counted them?")).to_contain_text("The ministry did")
    answer(page, "Too general", "It is short on purpose", "Resolve")
    expect(page.locator("#said")).to_have_text("3 open comments")


def answer(page: Page, at: str, words: str, button: str) -> None:
    one = thread(page, at)
    one.get_by_text("Answer or resolve").click()
    one.get_by_role("textbox").fill(words)
    one.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**#thread-*")


def the_passage_is_found_again(walk: Walk) -> None:
    page = walk.go("Rosa")
    expect(page.locator("mark.said", has_text=CASH)).to_be_visible()
    changed = thread(page, "Who counted them?")
    expect(changed).to_contain_text("The passage is another one by now")
    expect(page.locator("mark.said", has_text="1,300 people, most of them women")).to_be_visible()
    changed.get_by_role("link", name="A passage of the text").click()
    expect(page.locator(".said-way:target")).to_be_visible()
    changed.get_by_role("link", name="what changed since").first.click()
    expect(page.locator("h1")).to_contain_text("What changed in the draft")
    expect(page.locator("ins").first).to_be_visible()
    page.go_back()
    thread(page, "Who counted them?").get_by_role("link", name="the text then").first.click()
    expect(page.locator("mark.said", has_text=CLAIM)).to_be_visible()
    expect(page.get_by_text("This is an earlier text of the draft")).to_be_visible()


def approve_without_a_look(walk: Walk) -> None:
    """What must be seen to is asked for, and nothing typed is lost."""
    page = walk.go("Rosa")
    page.get_by_label("Every figure and claim").check()
    page.get_by_label("What you want to tell its authors").fill("Good now")
    page.get_by_role("button", name="Approve").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("These points must be seen to")
    expect(page.get_by_label("Every figure and claim")).to_be_checked()
    expect(page.get_by_label("What you want to tell its authors")).to_have_value("Good now")


def approve(walk: Walk, name: str) -> None:
    page = walk.go(name)
    for point in page.locator(".checks li", has_text="must").all():
        point.get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".standing")).to_contain_text(re.compile(r"Approved as it stands by .*you"))


def nothing_is_published_yet(walk: Walk) -> None:
    page = walk.go("Ama", "")
    expect(page.locator(".standing")).to_contain_text("Approved as it stands by Rosa.")
    expect(page.locator(".standing")).to_contain_text("1 more person who did not write it")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    expect(walk.go("Ama").get_by_role("button", name="Approve")).to_have_count(0)


def an_edit_lapses_it(walk: Walk) -> None:
    page = walk.go("Eva", "")
    expect(page.locator(".what")).to_have_text("approved")
    walk.go("Eva", "/edit")
    body = page.locator("#f-body")
    body.fill(body.input_value().replace(NEW, f"{NEW} Now they are counted each year."))
    page.locator(".save-bar").get_by_role("button", name="Save and close").click()
    expect(page.locator(".what")).to_have_text("submitted")
    told = walk.go("Ben").locator(".standing")
    expect(told).to_contain_text("you approved an earlier text")
    expect(told).to_contain_text("Rosa approved an earlier text")


def publish(walk: Walk, title: str) -> None:
    """The editor who publishes is the second who has looked at it."""
    page = walk.go("Eva")
    for point in page.locator(".checks li", has_text="must").all():
        point.get_by_role("checkbox").check()
    page.get_by_label("What you want to tell its authors").fill("Welcome to the library")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/cases/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main")).to_contain_text(MENDED)
    expect(page.locator("mark.said")).to_have_count(0)


def all_of_it_is_kept(walk: Walk) -> None:
    page = walk.go("Ama")
    told = page.locator(".events > li:not(.quiet)")
    expect(told.first).to_contain_text("submitted")
    expect(told.last).to_contain_text("published")
    expect(told.last).to_contain_text("Eva")
    for words in ("Who counted them?", "The ministry did", "It is short on purpose", "Mended",
                  "Welcome to the library"):  # fmt: skip
        expect(page.locator(".events")).to_contain_text(words)
    expect(page.get_by_role("button", name="Comment")).to_have_count(0)
    expect(page.get_by_text("There is nothing to decide now.")).to_be_visible()


#: With script and without: the case that a stranger mends, and which words of it.
STRANGE = {True: ("crop-prices", "every morning", "each morning"),
           False: ("flood-warning", "the low ground", "all low ground")}  # fmt: skip


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_a_stranger_suggests_is_approved_by_two_and_published(
    tab: OpenTab, office: Office, script: bool
) -> None:
    slug, old, new = STRANGE[script]
    stranger = tab(java_script_enabled=script)
    stranger.goto(f"{office.address}/cases/{slug}")
    stranger.get_by_role("link", name="Suggest an edit").click()
    box = stranger.get_by_label("Context")
    box.fill(box.input_value().replace(old, new))
    stranger.get_by_label("What you changed, and why").fill("I live there.")
    press(stranger, "/suggestions/")
    own = stranger.url
    (draft,) = drafts(office.desk, Key("case", slug))
    names = ("Rosa", "Ben", "Eva")
    tabs = {name: office.enter(tab(java_script_enabled=script), name) for name in names}
    walk = Walk(office, f"/drafts/{draft.token}", tabs, script)
    rosa = walk.tabs["Rosa"]
    rosa.goto(f"{office.address}/queue?from=outside")
    expect(rosa.locator(".waiting li")).to_have_count(1)
    expect(rosa.locator(".waiting li")).to_contain_text("I live there.")
    approve(walk, "Rosa")
    expect(walk.go("Eva").get_by_role("button", name="Publish")).to_be_visible()
    approve(walk, "Ben")
    walk.go("Eva").get_by_role("button", name="Publish").click()
    tabs["Eva"].wait_for_url("**/cases/**")
    expect(tabs["Eva"].locator("article")).to_contain_text(new)
    stranger.goto(own)
    expect(stranger.locator("main")).to_contain_text("It is part of the text now.")


# The checklist ------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_editors_change_the_checklist_and_take_it_back(
    tab: OpenTab, office: Office, script: bool
) -> None:
    page = office.enter(tab(java_script_enabled=script), "Eva")
    page.goto(f"{office.address}/office/checklist?kind=pack")
    points = page.locator(".points").first.locator("> li")
    count = points.count()
    new = page.locator("section", has=page.get_by_role("heading", name="Add a point"))
    new.get_by_role("button", name="Add the point").click()
    expect(new.get_by_role("alert")).to_contain_text("Write what to look for")
    new.get_by_label("What to look for").fill("The room has power")
    new.get_by_role("button", name="Add the point").click()
    expect(points).to_have_count(count + 1)
    points.last.get_by_role("button", name="Up").click()
    expect(points.nth(count - 1)).to_contain_text("The room has power")
    page.get_by_role("button", name="Undo").click()
    expect(points.last).to_contain_text("The room has power")
    points.last.get_by_role("button", name="Retire").click()
    expect(points).to_have_count(count)
    page.get_by_role("button", name="Undo").click()
    expect(points).to_have_count(count + 1)
    points.last.get_by_role("button", name="Retire").click()


# Looks --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full(office: Office) -> list[tuple[str, str]]:
    """Pages with long words, many comments and errors, and who looks at them."""
    ama, rosa, desk = office.people["Ama"], office.people["Rosa"], office.desk
    text = factories.case_text(
        f"{factories.BODY}\n## Lessons\n\n{LONG} {LONG} [9]\n\nSee [{LONG}](https://example.org).\n",
        title=f"Long {LONG[:100]}", summary=f"{LONG} and more words than a telephone has room for.",
    )  # fmt: skip
    token = editing.submit(desk, ama, editing.begin(desk, ama, None, text=text).token, LONG).token
    numbers = [
        commenting.say(desk, rosa, token, remark)
        for remark in (
            Remark(f"{LONG} ?", passage=Passage(f"See {LONG}")),
            Remark("Who?", passage=Passage("Few people in the district")),
            Remark("What?", passage=Passage("people in the district had a bank account")),
            Remark(LONG, field="results.1"),
            Remark("Title", field="title"),
            Remark(f"{LONG}\n\n{LONG}"),
        )
    ]
    commenting.answer(desk, ama, token, numbers[0], LONG)
    commenting.resolve(desk, ama, token, numbers[4], "Done")
    editing.request_changes(desk, rosa, token, LONG)
    draft = editing.open_draft(desk, ama, token)
    changed = draft.text.replace("Few people in the district", "Hardly anybody of the district")
    editing.save(desk, ama, token, changed, draft.hash)
    edited = f"/drafts/{token}"
    waiting = editing.begin(desk, ama, None, text=text.replace("Long ", "Wide "))
    editing.submit(desk, ama, waiting.token, LONG)
    editing.approve(desk, rosa, waiting.token, LONG)
    return [
        (edited, "Ama"), (f"{edited}/edit", "Ama"), (f"{edited}/review", "Ama"),
        (f"{edited}/review?text={draft.hash}", "Eva"),
        (f"{edited}/compare?old={draft.hash}", "Eva"),
        (f"/drafts/{waiting.token}/review", "Eva"), ("/queue", "Eva"),
        ("/office/checklist", "Eva"),
    ]  # fmt: skip


def test_axe_finds_nothing(tab: OpenTab, office: Office, full: list[tuple[str, str]]) -> None:
    pages = {name: office.enter(tab(), name) for name in ("Ama", "Eva")}
    for path, name in full:
        assert look(pages[name], office.address + path).status == 200, path


def test_nothing_scrolls_sideways(
    tab: OpenTab, office: Office, full: list[tuple[str, str]]
) -> None:
    for width in (320, 768, 1440):
        pages = {name: office.enter(tab(width=width), name) for name in ("Ama", "Eva")}
        for path, name in full:
            for ui in ("en", "ar"):
                page = pages[name]
                page.goto(f"{office.address}{path}{'&' if '?' in path else '?'}ui={ui}")
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, f"{path} {width} {ui}"


def test_a_passage_is_chosen_with_the_keyboard(tab: OpenTab, office: Office) -> None:
    path = office.begun("Chosen by keyboard")
    editing.submit(office.desk, office.people["Ama"], path.rpartition("/")[2])
    page = office.enter(tab(), "Ben")
    page.goto(f"{office.address}{path}/review")
    mark(page, "Agents ran out of cash")
    offer = page.get_by_role("button", name="Comment on this passage")
    expect(offer).to_be_visible()
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#words-passage")).to_be_focused()
    page.keyboard.type("In which year?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("mark.said", has_text="Agents ran out of cash")).to_be_visible()
