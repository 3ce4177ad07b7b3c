"""Walking from the map of the home page to what is missing, in a real browser without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab

pytestmark = pytest.mark.browser


def test_a_reader_walks_from_the_world_to_a_gap_without_script(tab: OpenTab, site: str) -> None:
    page = tab(width=360, height=780, java_script_enabled=False)
    page.goto(site)
    page.locator(".small-world a").click()
    assert page.url.endswith("/map")
    page.goto(f"{site}/insight")
    number = page.locator("#by-theme .lines b a").first
    told = number.inner_text().partition(",")[0]
    number.click()
    expect(page.locator("h2", has_text=f"{told} cases").first).to_be_visible()
    page.goto(f"{site}/insight")
    page.locator("#by-theme .named a").first.click()
    page.get_by_role("link", name="In figures").first.click()
    chart = page.locator("#by-year")
    expect(chart.get_by_role("img")).to_be_visible()
    chart.locator("summary").click()
    expect(chart.get_by_role("row").last.get_by_role("link")).to_be_visible()
    page.locator("#missing .gaps a").first.click()
    assert "/account/sign-in" in page.url
