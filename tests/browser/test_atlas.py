"""From a list to a map and a matrix and back, with every number kept."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_goes_from_the_list_to_the_map_to_a_country(
    tab: OpenTab, site: str, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    page.goto(f"{site}/search?theme=e-health")
    page.locator(".views").get_by_text("Map").click()
    page.wait_for_url(f"{site}/map?theme=e-health")
    shape = page.locator(".world a[aria-label^='India']")
    told = re.search(r"(\d+) cases", shape.get_attribute("aria-label") or "")
    assert told
    row = page.locator(".by-country li", has_text="India")
    expect(row.locator(".count")).to_have_text(told[1])
    shape.click()
    page.wait_for_url(f"{site}/search?theme=e-health&country=IN")
    expect(page.locator(".bar h2")).to_have_text(f"{told[1]} cases")


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_crosses_two_facets_and_opens_a_crossing(
    tab: OpenTab, site: str, script: bool
) -> None:
    page = tab(java_script_enabled=script, width=360)
    page.goto(f"{site}/matrix?year.from=2010")
    page.get_by_label("Rows").select_option("outcome")
    page.get_by_label("Columns").select_option(label="Place: Groups of countries")
    page.get_by_text("Show", exact=True).click()
    page.wait_for_url(f"{site}/matrix?year.from=2010&rows=outcome&cols=region.groups")
    cell = page.locator("tbody tr:not(.all) td:not(.total) a[href^='/search']").first
    number = re.match(r"\d+", cell.inner_text())
    assert number
    cell.click()
    cases = "1 case" if number[0] == "1" else f"{number[0]} cases"
    expect(page.locator(".bar h2")).to_have_text(re.compile(f"^({cases}|One case)$"))
    assert "year.from=2010" in page.url


def test_the_map_can_be_walked_through_and_passed_by_with_the_keyboard(
    tab: OpenTab, site: str
) -> None:
    page = tab(width=1440)
    page.goto(f"{site}/map")
    page.get_by_text("Skip the map").focus()
    page.keyboard.press("Tab")
    first = page.locator(".world a").first
    expect(first).to_be_focused()
    before = first.locator("path").evaluate("path => getComputedStyle(path).strokeWidth")
    page.keyboard.press("Tab")
    after = first.locator("path").evaluate("path => getComputedStyle(path).strokeWidth")
    assert float(before.removesuffix("px")) > 3 > float(after.removesuffix("px"))
    page.get_by_text("Skip the map").press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".by-country a").first).to_be_focused()


def test_the_heads_of_a_matrix_stay_in_sight(tab: OpenTab, site: str) -> None:
    page = tab(width=360)
    page.goto(f"{site}/matrix?rows=technology&cols=region.areas")
    held = page.locator(".crossed")
    held.evaluate("held => held.scrollTo(400, 400)")
    box, head = held.bounding_box(), page.locator("thead th").last.bounding_box()
    name = page.locator("tbody th").last.bounding_box()
    assert box and head and name
    assert abs(head["y"] - box["y"]) < 3
    assert abs(name["x"] - box["x"]) < 3
