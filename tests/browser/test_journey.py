"""The whole way of a case through the desk, walked by three people in a real browser.

From the first administrator's link to a field brought back from the history, against the server
that people run, with script and without. A visitor looks in after each step and sees no draft.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import factories
from tests.browser.conftest import OpenTab
from tests.browser.sites import kb_serve
from tests.browser.test_editor import MORE
from tests.people import PASSWORD, link_in, outbox

pytestmark = pytest.mark.browser

PATIENCE = 20.0  # seconds for a letter on a busy machine
ATOM = "{http://www.w3.org/2005/Atom}"
SLUG = "boats-that-bring-the-clinic-to-the-lagoon"
CASE = f"/cases/{SLUG}"
FILE = f"{SLUG}.md"

TITLE = "Boats that bring the clinic to the lagoon"
SUMMARY = "Nurses on three boats reach 14 villages of the lagoon, with a doctor on the telephone."
CORRECTED = "Nurses on four boats reach 14 villages of the lagoon, with a doctor on the telephone."
OF_AMA = "Nurses on four boats visit 14 villages each month, with a doctor on the telephone."
OF_EFUA = "Nurses on four boats reach 14 villages; a doctor in town helps by telephone."
OF_BOTH = "Nurses on four boats visit 14 villages each month; a doctor in town helps by telephone."
CONTEXT = "The lagoon has no road, and the nearest doctor is a day away [1]."
RESULT = "In 2021 the boats saw 2,300 people, two thirds of them women [2]."
LESSON = "Fuel is what stops a boat: buy it for the whole season."
ADDED_BY_AMA = "Ama adds that the boats rest from June to August."
ADDED_BY_EFUA = "Efua adds that a fifth boat is being built."
#: Where something of a draft might show.
PLACES = ("/", "/search?q=boats+clinic+lagoon+nurses", "/search?sort=newest", "/changes", CASE,
          f"{CASE}/history", "/themes/e-health", "/countries/TG", "/queue", "/mine")  # fmt: skip
FILES = ("/changes.atom", f"/suggest?q={TITLE[:5]}", f"{CASE}.md", f"{CASE}.json")


@dataclass
class Walk:
    """A site, its tabs, and where the case stands."""

    address: str
    root: Path
    log: Path
    open_tab: OpenTab
    script: bool
    token: str = ""
    typed: list[str] = field(default_factory=list)

    def tab(self) -> Page:
        """A tab of a browser of its own."""
        return self.open_tab(java_script_enabled=self.script)

    def go(self, page: Page, path: str) -> None:
        page.goto(self.address + path)

    def draft(self, page: Page, rest: str = "") -> None:
        """Open the draft that is being walked with."""
        self.go(page, f"/drafts/{self.token}{rest}")

    def file(self) -> str:
        """The published text, as it lies in content/."""
        return (self.root / "content" / "cases" / FILE).read_text(encoding="utf-8")

    def journal(self) -> list[str]:
        """Every text that the journal holds."""
        path = self.root / "var" / "data" / "sankofa.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as rows:
            return [text for (text,) in rows.execute("SELECT text FROM revision")]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def walk(
    browser: Browser, tab: OpenTab, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Walk]:
    content = factories.library_folder(tmp_path / "content")
    regions = content / "vocabularies" / "regions.yaml"
    regions.write_text(regions.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    (tmp_path / "var").mkdir()
    with kb_serve(content, tmp_path / "var") as address:
        yield Walk(address, tmp_path, tmp_path / "var" / "serve.log", tab, request.param)


def test_a_case_goes_from_an_empty_form_to_a_field_brought_back(walk: Walk) -> None:
    kofi, ama, efua = walk.tab(), walk.tab(), walk.tab()
    become_the_first_administrator(walk, kofi)
    for page, name, role in ((ama, "Ama", "contributor"), (efua, "Efua", "editor")):
        invite(walk, kofi, page, name, role)
    write_the_case(walk, ama)
    nothing_is_seen_of(walk, TITLE, SUMMARY, CONTEXT)
    publish_from_the_queue(walk, efua, TITLE)
    it_is_found(walk, "clinic lagoon boats", SUMMARY)
    correct(walk, efua, kofi)
    it_is_found(walk, "clinic lagoon boats", CORRECTED)
    write_at_the_same_place(walk, ama, efua)
    nothing_is_seen_of(walk, OF_AMA, OF_EFUA, ADDED_BY_AMA, ADDED_BY_EFUA)
    keep_both(walk, efua)
    nothing_is_seen_of(walk, OF_BOTH, ADDED_BY_AMA, ADDED_BY_EFUA)
    submit(walk, ama, "The boats rest in summer")
    publish_from_the_queue(walk, efua, TITLE)
    for text in (OF_BOTH, ADDED_BY_AMA, ADDED_BY_EFUA, CONTEXT, RESULT, LESSON):
        assert text in walk.file()
    compare_old_and_new(walk, efua)
    bring_one_field_back(walk, efua)
    nothing_is_seen_of(walk, "It was right at first")
    publish_from_the_queue(walk, kofi, TITLE)
    for text in (SUMMARY, ADDED_BY_AMA, ADDED_BY_EFUA, CONTEXT, RESULT, LESSON):
        assert text in walk.file()
    assert OF_BOTH not in walk.file()
    the_changes_are_told(walk)
    everything_typed_is_in_the_journal(walk)


# People --------------------------------------------------------------------------------------


def become_the_first_administrator(walk: Walk, page: Page) -> None:
    printed = walk.log.read_text(encoding="utf-8")
    found = re.search(rf"{walk.address}(/account/invitation/[\w-]+)", printed)
    assert found, printed
    walk.go(page, found[1])
    come_in(page, "Kofi", "kofi@example.org")
    stranger = walk.tab()
    walk.go(stranger, found[1])
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def invite(walk: Walk, keeper: Page, page: Page, name: str, role: str) -> None:
    """The administrator invites somebody, who comes in by the link in the letter."""
    mail = f"{name.lower()}@example.org"
    walk.go(keeper, "/people")
    keeper.locator("#email").fill(mail)
    keeper.locator("#role").select_option(role)
    keeper.locator("main form button.main").click()
    expect(keeper.get_by_role("heading", level=1)).to_have_text("Invited")
    walk.go(page, link_to(walk, mail))
    come_in(page, name)
    walk.go(page, "/account")
    expect(page.locator("main")).to_contain_text(role.capitalize())


def come_in(page: Page, name: str, mail: str = "") -> None:
    if mail:
        page.locator("#email").fill(mail)
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("button.main").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")


def link_to(walk: Walk, mail: str) -> str:
    """The path of the link in the letter to somebody, once it lies in the outbox."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for letter in outbox(walk.root / "var" / "data"):
            if letter["To"] and mail in str(letter["To"]):
                return link_in(letter)
        time.sleep(0.05)
    raise AssertionError(f"no letter to {mail}")


# Writing -------------------------------------------------------------------------------------


def write_the_case(walk: Walk, page: Page) -> None:
    """From an empty form to a draft that waits."""
    walk.go(page, "/cases/new")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#title-told")).to_have_text("Write a title first.")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Begin").click()
    begin_though_others_are_like_it(page)
    walk.token = page.url.split("/")[-2]
    hand_in_too_early(walk, page)
    fill_in(page)
    page.get_by_role("button", name="Save and check").click()
    page.wait_for_url("**checked=1*")
    expect(page.locator("#faults")).to_have_count(0)
    what_was_typed_stands_there(page)
    page.get_by_role("button", name="Save and close").click()
    submit(walk, page, "A first case")
    walk.typed += [SUMMARY, CONTEXT, RESULT, LESSON]
    assert not (walk.root / "content" / "cases" / FILE).exists()


def begin_though_others_are_like_it(page: Page) -> None:
    sure = page.get_by_role("button", name="Mine is another one")
    expect(page.locator("#f-title").or_(sure).first).to_be_visible()
    if sure.count():
        sure.click()
    page.wait_for_url("**/edit")


def hand_in_too_early(walk: Walk, page: Page) -> None:
    """All that is missing is told at once, beside what was typed."""
    page.locator("#f-body").fill("## Context\n\nA first line.\n")
    page.get_by_role("button", name="Save and check").click()
    page.wait_for_url("**checked=1*")
    told = page.locator("#faults")
    for name in ("Summary", "Themes", "Period", "Sources"):
        expect(told).to_contain_text(name)
    expect(page.locator("#f-body")).to_have_value("## Context\n\nA first line.\n")
    expect(page.locator("#f-title")).to_have_value(TITLE)


def fill_in(page: Page) -> None:
    page.locator("#f-summary").fill(SUMMARY)
    page.get_by_label("E health").check()
    page.locator("#f-countries-find").fill("togo")
    page.locator("#f-countries").get_by_role("button", name="Find").click()
    page.locator("#f-countries").get_by_label("Togo").check()
    page.get_by_label("First year").fill("2019")
    for number, (title, url) in enumerate((("The survey", "survey"), ("The log", "log"))):
        page.get_by_role("button", name="Add: Sources").click()
        page.locator(f"#f-sources-{number}-title").fill(title)
        page.locator(f"#f-sources-{number}-url").fill(f"https://example.org/{url}")
    page.get_by_role("button", name="Add: Results").click()
    for name, text in (("indicator", "People seen"), ("value", "2300"), ("unit", "people"),
                       ("year", "2021")):  # fmt: skip
        page.locator(f"#f-results-0-{name}").fill(text)
    page.locator("#f-results-0-source").select_option("2")
    page.locator("#f-body").fill(
        f"## Context\n\n{CONTEXT}\n\n## Results\n\n{RESULT}\n\n## Lessons\n\n{LESSON}\n"
    )


def what_was_typed_stands_there(page: Page) -> None:
    expect(page.locator("#f-summary")).to_have_value(SUMMARY)
    expect(page.get_by_label("E health")).to_be_checked()
    expect(page.locator("#f-countries").get_by_label("Togo")).to_be_checked()
    expect(page.locator("#f-sources-1-title")).to_have_value("The log")
    expect(page.locator("#f-results-0-value")).to_have_value("2300")
    expect(page.locator("#f-body")).to_have_value(re.compile(re.escape(RESULT)))


def submit(walk: Walk, page: Page, why: str) -> None:
    walk.draft(page)
    page.get_by_label("A word to those who write and check it").fill(why)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("It waits for somebody to check it")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)


def publish_from_the_queue(walk: Walk, page: Page, title: str) -> None:
    """Somebody else than its author reads what differs, looks through it, and publishes."""
    walk.go(page, "/queue")
    waiting = page.locator(".waiting li", has_text=title)
    expect(waiting).to_have_count(1)
    waiting.get_by_role("link", name="See the difference").click()
    page.wait_for_url("**/compare")
    expect(page.locator("ins, .change.added").first).to_be_visible()
    page.get_by_role("link", name="Review it").click()
    tick_what_must_be(page)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(f"**{CASE}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    walk.go(page, "/queue")
    expect(page.locator(".waiting li", has_text=title)).to_have_count(0)


def tick_what_must_be(page: Page) -> None:
    page.wait_for_url("**/review")
    for point in page.locator(".checks li", has_text="must").all():
        point.get_by_role("checkbox").check()


# What everybody sees -------------------------------------------------------------------------


def nothing_is_seen_of(walk: Walk, *texts: str) -> None:
    """A visitor finds none of these texts, nor the draft by its address."""
    page = walk.tab()
    for path in PLACES:
        walk.go(page, path)
        read = page.content()
        assert not [text for text in (*texts, walk.token) if text in read], path
    for path in FILES:
        read = page.request.get(walk.address + path).text()
        assert not [text for text in (*texts, walk.token) if text in read], path
    for rest in ("", "/edit", "/raw", "/compare"):
        walk.draft(page, rest)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert not [text for text in texts if text in page.content()], rest
    page.context.close()


def it_is_found(walk: Walk, words: str, text: str) -> None:
    page = walk.tab()
    walk.go(page, f"/search?q={words.replace(' ', '+')}")
    page.locator(".cases h3 a", has_text=TITLE).click()
    page.wait_for_url(f"**{CASE}**")
    expect(page.locator("main")).to_contain_text(text)
    page.context.close()


# A second person, and two at once ------------------------------------------------------------


def begin_a_draft(walk: Walk, page: Page) -> None:
    walk.go(page, f"{CASE}/edit")
    page.get_by_role("button", name="Begin a draft").click()
    page.wait_for_url("**/edit")
    walk.token = page.url.split("/")[-2]


def save(page: Page) -> None:
    page.locator(".save-bar").get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def correct(walk: Walk, page: Page, other: Page) -> None:
    """Somebody else mends a number; what is public stays until that is published."""
    begin_a_draft(walk, page)
    if walk.script:
        with page.expect_response("**/autosave"):
            page.locator("#f-summary").fill(CORRECTED)
    page.locator("#f-summary").fill(CORRECTED)
    page.get_by_label("What you changed, in a few words").fill("There are four boats")
    page.locator(".save-bar").get_by_role("button", name="Save and close").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    walk.draft(page, "/compare")
    expect(page.locator(".moment q")).to_have_text("There are four boats")
    nothing_is_seen_of(walk, CORRECTED, "There are four boats")
    before = walk.file()
    submit_and_publish(walk, page, other)
    after = before.replace(SUMMARY, CORRECTED)
    assert re.sub(r"^updated: .*\n", "", walk.file(), flags=re.MULTILINE) == after
    walk.typed.append(CORRECTED)


def submit_and_publish(walk: Walk, page: Page, other: Page) -> None:
    """An editor hands in a draft of their own, and publishes it once somebody else approved it."""
    walk.draft(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("1 person who did not write it has to approve it")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    walk.draft(other, "/review")
    tick_what_must_be(other)
    other.get_by_role("button", name="Approve").click()
    expect(other.locator(".standing")).to_contain_text("Approved as it stands by you")
    walk.draft(page)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(f"**{CASE}")


def write_at_the_same_place(walk: Walk, ama: Page, efua: Page) -> None:
    """Two people open the same draft; the second to save is shown both texts."""
    begin_a_draft(walk, ama)
    walk.draft(efua, "/edit")
    for page, summary, more in ((ama, OF_AMA, ADDED_BY_AMA), (efua, OF_EFUA, ADDED_BY_EFUA)):
        expect(page.locator("#f-summary")).to_have_value(CORRECTED)
        body = page.locator("#f-body").input_value()
        page.locator("#f-summary").fill(summary)
        page.locator("#f-body").fill(f"{body.rstrip()}\n\n{more}\n")
        save(page)
    efua.wait_for_url("**/conflict")
    walk.typed += [OF_AMA, OF_EFUA, ADDED_BY_AMA, ADDED_BY_EFUA]


def place(page: Page, name: str) -> Locator:
    return page.locator(".place", has=page.locator("legend", has_text=name))


def keep_both(walk: Walk, page: Page) -> None:
    """For each place base, theirs and mine; what is chosen keeps both."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts at the same place")
    summary, body = place(page, "Summary"), place(page, "Text, line")
    expect(summary.locator(".half").first).to_have_text(CORRECTED)
    for where, texts in ((summary, ("visit", "in town helps")),
                         (body, (ADDED_BY_AMA, ADDED_BY_EFUA))):  # fmt: skip
        for half, text in zip(where.locator(".half").all()[1:], texts, strict=True):
            expect(half).to_contain_text(text)
    body.get_by_label("Both, theirs first").check()
    page.get_by_role("button", name="Save the joined text").click()
    expect(page.get_by_role("alert")).to_contain_text("still to be decided")
    expect(body.get_by_label("Both, theirs first")).to_be_checked()
    summary.get_by_label("Another text, which I write").check()
    summary.get_by_role("textbox").fill(OF_BOTH)
    page.get_by_role("button", name="Save the joined text").click()
    page.wait_for_url(f"**/drafts/{walk.token}")
    walk.draft(page, "/raw")
    raw = page.locator("#f-raw").input_value()
    assert OF_BOTH in raw
    assert raw.index(ADDED_BY_AMA) < raw.index(ADDED_BY_EFUA)
    walk.typed.append(OF_BOTH)


# What was ------------------------------------------------------------------------------------


def compare_old_and_new(walk: Walk, page: Page) -> None:
    """The first text beside the one that is public, as anybody chooses them on the history page."""
    visitor = walk.tab()
    walk.go(visitor, f"{CASE}/history")
    moments = visitor.locator(".moments > li")
    expect(moments).to_have_count(3)
    moments.last.locator("input[name=old]").check()
    moments.first.locator("input[name=new]").check()
    visitor.get_by_role("button", name="Compare them").click()
    visitor.wait_for_url("**/compare?*")
    expect(visitor.locator(".restore")).to_have_count(0)
    page.goto(visitor.url)
    for one in (visitor, page):
        fields = one.locator(".field-change", has=one.get_by_role("heading", name="Summary"))
        expect(fields).to_contain_text("visit")
        expect(one.locator("main")).to_contain_text(ADDED_BY_EFUA)
    visitor.context.close()


def bring_one_field_back(walk: Walk, page: Page) -> None:
    """The summary as it was at first becomes a draft; all else stays."""
    page.locator(".restore").get_by_label("Summary").check()
    page.locator(".restore").get_by_label("Why").fill("It was right at first")
    page.get_by_role("button", name="Bring it back as a draft").click()
    page.wait_for_url("**/drafts/*")
    walk.token = page.url.split("/drafts/")[1].split("/")[0].split("?")[0]
    assert OF_BOTH in walk.file()
    walk.draft(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("It waits for somebody to check it")).to_be_visible()


def the_changes_are_told(walk: Walk) -> None:
    """Everybody can read who changed what, on a page and in a feed."""
    page = walk.tab()
    walk.go(page, "/changes")
    rows = page.locator(".rows li", has_text=TITLE)
    expect(rows).to_have_count(4)
    rows.first.get_by_role("link", name="What changed").click()
    page.wait_for_url("**/compare*")
    expect(page.locator("del, ins").first).to_be_attached()
    answer = page.request.get(f"{walk.address}/changes.atom")
    assert "atom+xml" in answer.headers["content-type"]
    told = ElementTree.fromstring(answer.text())
    entries = [one for one in told.iter(f"{ATOM}entry") if TITLE in "".join(one.itertext())]
    assert len(entries) == 4
    names = {name.text for one in entries for name in one.iter(f"{ATOM}name")}
    assert "Efua" in " ".join(name or "" for name in names)


def everything_typed_is_in_the_journal(walk: Walk) -> None:
    texts = walk.journal()
    for typed in walk.typed:
        assert any(typed in text for text in texts), typed
