"""Everything without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.finder import choice, count_of, settled, values_of

pytestmark = pytest.mark.browser

# Notes each element that takes the focus, how it is outlined and whether it can be seen.
NOTE = """
window.walked = [];
document.addEventListener("focusin", ({target}) => {
  const style = getComputedStyle(target), box = target.getBoundingClientRect();
  const first = !window.walked.some(step => step.target === target);
  window.walked.push({
    target, first, name: target.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  });
});
"""
FOCUSABLE = """
[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
  .filter(element => element.checkVisibility()).length
"""


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id || document.activeElement.className")
    return found


def test_the_first_stop_leads_past_the_head(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site)
    page.keyboard.press("Tab")
    assert focused(page) == "skip"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "q"


@pytest.mark.parametrize("path", ["/", "/search?q=school&theme=e-education",
                                  "/cases/momconnect-south-africa", "/regions"])  # fmt: skip
@pytest.mark.parametrize("width", [360, 1280])
def test_tab_walks_through_all_of_a_page_in_sight(
    tab: OpenTab, site: str, path: str, width: int
) -> None:
    page = tab(width=width)
    page.goto(site + path)
    page.evaluate(NOTE)
    stops = page.evaluate(FOCUSABLE)
    for _ in range(stops):
        page.keyboard.press("Tab")
    walked = page.evaluate("window.walked.map(({name, first, outlined, seen}) =>"
                           " ({name, first, outlined, seen}))")  # fmt: skip
    assert len(walked) == stops, "a stop was left out, or the way ended early"
    for step in walked:
        assert step["first"], f"the way goes in a circle at {step['name']}"
        assert step["outlined"], f"the focus cannot be seen on {step['name']}"
        assert step["seen"], f"the focus is out of sight on {step['name']}"


def test_suggestions_are_walked_with_the_arrow_keys(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site)
    box = page.locator("#q")
    expect(box).to_have_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.focus()
    page.keyboard.type("ken", delay=20)
    offered = page.locator("#suggestions a")
    expect(offered.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-controls", "offered")
    expect(page.locator("#suggested")).to_have_text(f"{offered.count()} suggestions")
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-activedescendant", "offered-1")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
    page.keyboard.press("ArrowUp")
    expect(offered.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    address = offered.first.get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}{address}")


def test_escape_closes_suggestions_and_menus(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site)
    page.locator("#q").focus()
    page.keyboard.type("ken", delay=20)
    offered = page.locator("#suggestions a")
    expect(offered.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("ken")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#suggested")).to_be_empty()
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Dark")
    expect(button).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(button).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()


def test_a_filter_is_chosen_with_space_and_keeps_the_focus(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    theme = values_of(page, "theme")[1]
    number = count_of(page, "theme", theme)
    choice(page, "theme", theme).focus()
    page.keyboard.press("Space")
    settled(page, number)
    expect(choice(page, "theme", theme)).to_be_checked()
    expect(choice(page, "theme", theme)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".chips")).to_have_count(0)
    expect(choice(page, "theme", theme)).to_be_focused()


def test_a_search_begins_with_enter_alone(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    page.locator("#q").focus()
    page.keyboard.type("solar")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=solar")
    expect(page.locator("#q")).to_be_focused()
