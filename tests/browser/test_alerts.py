"""Saving a search and hearing of it, and counting searches, in a real browser."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from indexer.library import Library
from indexer.values import Key
from kb.access import ROLES
from kb.app import create_app
from kb.records import saved as records
from kb.records.database import now
from kb.services.searches import Tally
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import LONG, OpenTab
from tests.browser.finder import choice
from tests.browser.sites import served
from tests.browser.test_accounts import fill
from tests.browser.test_axe import look
from tests.browser.test_layout import outside
from tests.people import PASSWORD, add_person, database_of

pytestmark = pytest.mark.browser

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
TELL = "Tell me what is new here"


@dataclass(frozen=True)
class Site:
    address: str
    app: Flask

    def counted(self) -> list[tuple[str, int, int, int]]:
        """What was counted since it was asked for last: words, asked, empty, followed."""
        tally: Tally = self.app.extensions["sankofa.searches"]
        return [(one.words, one.asked, one.empty, one.followed) for one in tally.take()]


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    settings = Settings(
        content=factories.library_folder(tmp_path / "content"),
        data=tmp_path / "data",
        var=tmp_path / "var",
    )
    app = create_app(settings, Library.open(settings.content, settings.var))
    add_person(database_of(app), ROLES[0], f"Ama {LONG}", "ama@example.org")
    with served(app) as address:
        yield Site(address, app)
    database_of(app).close()


def save(page: Page, site: Site, path: str) -> None:
    """Saves the search of a page of results, signing in where that is asked for."""
    page.goto(site.address + path)
    page.get_by_role("link", name=TELL).click()
    page.wait_for_url(re.compile("/alerts/new|/account/sign-in"))
    if page.locator("#password").count():
        fill(page, email="ama@example.org", password=PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text(TELL)
    page.locator("button.main").click()


def ask(page: Page, words: str, script: bool) -> None:
    """Types a question and sends it, after what is offered meanwhile has come."""
    box = page.locator("#q")
    if script:
        with page.expect_response("**/suggest?**"):
            box.press_sequentially(words, delay=20)
    else:
        box.fill(words)
    box.press("Enter")


@SCRIPT
def test_a_visitor_saves_a_search_changes_it_and_deletes_it(
    tab: OpenTab, site: Site, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    page.goto(f"{site.address}/search?q=cash+by+phone&theme=digital-payments")
    page.get_by_role("link", name=TELL).click()
    expect(page.locator("main")).to_contain_text("the search that you came from is kept")
    fill(page, email="ama@example.org", password=PASSWORD)
    expect(page.locator("#title")).to_have_value("cash by phone · Digital payments")
    expect(page.locator("main")).to_contain_text("Theme: Digital payments")
    page.locator("#title").fill("")
    page.get_by_label("Once a week").check()
    page.locator("button.main").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a title")
    page.locator("#title").fill("Money by phone")
    page.locator("button.main").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator(".alerts li").first).to_contain_text("at most once a week")

    page.get_by_role("link", name=re.compile("^Change.*Money")).click()
    old = page.locator("code").inner_text()
    page.get_by_role("button", name="Make a new address").click()
    expect(page.get_by_role("status")).to_contain_text("a new address")
    assert page.locator("code").inner_text() != old
    new = page.locator("code").inner_text().replace("http://127.0.0.1:8000", site.address)
    with urllib.request.urlopen(new, timeout=10) as feed:
        assert b"Nothing is new yet" in feed.read()
    page.get_by_label("No mail").check()
    page.locator("button.main").click()
    expect(page.locator(".alerts li").first).to_contain_text("the feed alone")

    page.get_by_role("link", name="Money by phone", exact=True).click()
    expect(page.locator("#q")).to_have_value("cash by phone")
    page.get_by_role("link", name=TELL).click()
    expect(page.locator("main")).to_contain_text("You have saved 1 search of at most 50.")
    page.locator("button.main").click()
    expect(page.get_by_role("status")).to_contain_text("You had saved this search before")

    page.get_by_role("link", name=re.compile("^Delete.*Money")).click()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name=re.compile("^Delete.*Money")).click()
    page.locator("button.main").click()
    expect(page.locator("main")).to_contain_text("You have saved no search yet")


def test_the_way_there_follows_the_filters(tab: OpenTab, site: Site) -> None:
    page = tab()
    page.goto(f"{site.address}/search?q=cash")
    choice(page, "theme", "digital-payments").check()
    tell = page.get_by_role("link", name=TELL)
    expect(tell).to_have_attribute("href", "/alerts/new?q=cash&theme=digital-payments")


def test_axe_finds_nothing_and_all_fits(tab: OpenTab, site: Site) -> None:
    page = tab()
    save(page, site, f"/search?q={LONG}")
    save(page, site, "/search?theme=e-health&country=UG")
    save(page, site, "/search")
    with database_of(site.app).writing() as connection:
        every = records.of_active(connection)
        why = {"title": LONG, "lang": "en", "words": ["cash"], "names": [], "meaning": True}
        row = (Key("case", "cash-by-phone"), "0" * 12, "new", why)
        records.add_found(connection, every[0].id, now(), [row])
        records.change(connection, every[0].id, told_at=now())
    token = every[0].token
    for path in (
        "/alerts?done=saved",
        "/alerts/new?q=cash&theme=e-health",
        f"/alerts/new?q={LONG}",
        f"/alerts/{token}?done=feed",
        f"/alerts/{token}/delete",
        f"/search?q={LONG}",
    ):
        assert look(page, site.address + path).status == 200, path
        assert outside(page) == {}, path
    page.goto(f"{site.address}/alerts/{token}")
    page.locator("#title").fill("")
    page.locator("button.main").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a title")
    assert outside(page) == {}


@SCRIPT
def test_a_search_counts_once_and_so_does_what_is_read_of_it(
    tab: OpenTab, site: Site, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    page.goto(site.address)
    ask(page, "cash by phone", script)
    page.wait_for_url("**/search?q=cash*")
    if script:
        choice(page, "theme", "digital-payments").check()
        expect(page.locator(".chips")).to_contain_text("Digital payments")
    page.locator("#sort").select_option("newest")
    if not script:
        page.get_by_role("button", name="Apply the filters").click()
    page.wait_for_url("**sort=newest*")
    expect(page.locator("#sort")).to_have_value("newest")
    assert site.counted() == [("cash by phone", 1, 0, 0)]
    page.locator(".results .cases a").first.click()
    page.wait_for_url("**/cases/*")
    assert site.counted() == [("cash by phone", 0, 0, 1)]
    page.goto(f"{site.address}/search")
    ask(page, "zzxq fnord", script)
    expect(page.locator(".nothing")).to_be_visible()
    assert site.counted() == [("zzxq fnord", 1, 1, 0)]
