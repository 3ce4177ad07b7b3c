"""Keeping, comparing and taking away in a real browser, with script and without."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.test_axe import look
from tests.browser.test_layout import outside

pytestmark = pytest.mark.browser

CASH, CLINIC, CROPS, LONG = "cash-by-phone", "clinic-by-satellite", "crop-prices", "long-words"
TOLD = "tahwilat"  # in Arabic
either = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def keep(page: Page, slug: str) -> None:
    page.locator(f"#keep-{slug}").click()
    expect(page.locator(f"#keep-{slug}[name=drop]")).to_be_visible()


def order(page: Page) -> list[str]:
    rows = page.locator(".cases > li[id]").all()
    return [str(row.get_attribute("id")).removeprefix("case-") for row in rows]


@either
def test_cases_are_kept_ordered_shared_and_taken_away(
    tab: OpenTab, odd_site: str, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    page.goto(f"{odd_site}/search?sort=title")
    expect(page.locator("#kept")).to_be_hidden()
    for slug in (CLINIC, CASH, CROPS):
        keep(page, slug)
    assert page.url.startswith(f"{odd_site}/search?sort=title")
    expect(page.locator("#kept")).to_have_text("My list 3")
    page.locator("#kept").click()
    assert order(page) == [CLINIC, CASH, CROPS]
    page.locator(f"#case-{CROPS}").get_by_role("button", name="Up").click()
    page.wait_for_url("**moved=**")
    assert order(page) == [CLINIC, CROPS, CASH]
    expect(page.locator(f"#case-{CROPS} button[name=up]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("is now number 1 of 3")
    page.locator(f"#case-{CLINIC}").get_by_role("button", name="Take off").click()
    page.wait_for_url("**dropped=**")
    assert order(page) == [CROPS, CASH]
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**more=1")
    assert order(page) == [CROPS, CLINIC, CASH]
    address = page.locator(".address a").get_attribute("href")
    assert address is not None
    _take_csv(page, [CROPS, CLINIC, CASH])
    other = tab(java_script_enabled=script)
    other.goto(f"{odd_site}/list?{address.partition('?')[2]}")
    other.get_by_role("button", name="Put all of these on my list").click()
    other.wait_for_url("**more=3")
    assert order(other) == [CROPS, CLINIC, CASH]


def _take_csv(page: Page, slugs: list[str]) -> None:
    page.get_by_text("Take away", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    assert [row["slug"] for row in rows] == slugs
    assert waiting.value.suggested_filename.startswith("list-20")


@either
def test_ticked_cases_stand_side_by_side(tab: OpenTab, odd_site: str, script: bool) -> None:
    page = tab(java_script_enabled=script)
    page.goto(f"{odd_site}/search?sort=title")
    searches: list[str] = []
    page.on("request", lambda request: searches.append(request.url))
    for slug in (CASH, TOLD):
        page.locator(f"input[form=compare][value={slug}]").check()
    assert not any("/search" in url for url in searches)  # to tick a case is no new search
    page.get_by_role("button", name="Compare the ticked cases").click()
    page.wait_for_url(f"**/compare?case={CASH}&case={TOLD}")
    failed = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Context"))
    cells = failed.get_by_role("cell")
    boxes = [cells.nth(number).bounding_box() for number in (0, 1)]
    assert boxes[0] and boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    page.set_viewport_size({"width": 360, "height": 800})
    boxes = [cells.nth(number).bounding_box() for number in (0, 1)]
    assert boxes[0] and boxes[1]
    assert boxes[0]["x"] == boxes[1]["x"]  # one below the other, still a table to those who listen
    assert boxes[0]["y"] < boxes[1]["y"]
    assert cells.nth(1).locator(".of").is_visible()
    page.get_by_role("link", name="Leave out").first.click()
    page.wait_for_url(f"**/compare?case={TOLD}")
    expect(page.get_by_text("One case alone cannot be compared.")).to_be_visible()


def test_with_script_the_page_stays_and_says_what_was_done(tab: OpenTab, odd_site: str) -> None:
    page = tab()
    page.goto(f"{odd_site}/search?sort=title")
    page.locator(f"#keep-{CASH}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#kept-told")).to_contain_text("is on your list")
    expect(page.locator(f"#keep-{CASH}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#kept-told")).to_contain_text("was taken off your list")
    expect(page.locator("#kept")).to_be_hidden()
    page.locator("#sort").select_option("newest")  # results put in place anew can be kept too
    page.wait_for_url("**sort=newest**")
    keep(page, CASH)


def test_feed_readers_find_the_feed_of_a_search(tab: OpenTab, odd_site: str) -> None:
    page = tab()
    page.goto(f"{odd_site}/search?country=KE")
    feed = page.locator("link[rel=alternate][type='application/atom+xml']").first
    address = str(feed.get_attribute("href")).removeprefix(odd_site)
    answer = page.request.get(f"{odd_site}{address}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert CASH in answer.text()


def test_axe_finds_nothing_and_nothing_sticks_out(tab: OpenTab, odd_site: str) -> None:
    page = tab()
    names = "&".join(f"case={slug}" for slug in (LONG, CASH, TOLD, CLINIC))
    for path in (f"/compare?{names}", f"/compare?case={LONG}&case=none", f"/list?{names}"):
        assert look(page, f"{odd_site}{path}&ui=ar").ok
        assert outside(page) == {}, path
    page.goto(f"{odd_site}/search?sort=title")
    for slug in (CASH, TOLD):
        keep(page, slug)
    for path in ("/list", f"/list?dropped={CLINIC}&at=1", "/search?sort=title"):
        assert look(page, f"{odd_site}{path}").ok
        assert outside(page) == {}, path
