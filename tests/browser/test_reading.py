"""Reading a case, choosing how pages look, and pages on paper."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.finder import CRISIS, titles

pytestmark = pytest.mark.browser

CHARTED = "/cases/momconnect-south-africa"
PAPER = {"light": "rgb(250, 249, 246)", "dark": "rgb(20, 23, 26)"}


def ground(page: Page) -> str:
    found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return found


def test_a_result_leads_to_its_case(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search?q={CRISIS}")
    title = titles(page)[0]
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for name in ("Sources", "What went wrong"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_behind_a_chart_stands_a_table_of_the_same_numbers(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site + CHARTED)
    chart = page.locator("figure.chart").first
    table = chart.locator("table")
    expect(table).to_be_hidden()
    chart.get_by_text("Table", exact=True).click()
    expect(table).to_be_visible()
    drawn = [re.sub(r"\s*\d*$", "", text) for text in chart.locator(".bar-row b").all_inner_texts()]
    told = " ".join(table.locator("td b").all_inner_texts())
    assert drawn
    assert all(value.split()[0] in told for value in drawn)


def test_references_and_sources_lead_to_each_other(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site + CHARTED)
    reference = page.locator(".prose .source-ref a").first
    number = reference.inner_text()
    reference.click()
    source = page.locator(f"#source-{number}")
    expect(source).to_be_in_viewport()
    assert urlsplit(page.url).fragment == f"source-{number}"
    back = source.locator("[role=doc-backlink]").last
    back.click()
    here = page.locator(f"#{urlsplit(page.url).fragment}")
    expect(here).to_be_in_viewport()
    assert here.inner_text() == number


def test_the_contents_lead_to_every_part_and_stay_in_sight(tab: OpenTab, site: str) -> None:
    page = tab(width=1440, height=900, java_script_enabled=False)
    page.goto(f"{site}/cases/kixp-ixpn-local-traffic")
    contents = page.get_by_role("navigation", name="On this page")
    for name in contents.get_by_role("link").all_inner_texts():
        contents.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()
    page.get_by_role("heading", name="Lessons").scroll_into_view_if_needed()
    expect(contents).to_be_in_viewport()


def test_a_figure_and_its_source_lead_to_each_other(tab: OpenTab, site: str) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/cases/kixp-ixpn-local-traffic")
    row = page.locator(".bar-row", has_text="70%")
    row.locator(".source-ref a").click()
    source = page.locator("#source-1")
    expect(source).to_be_in_viewport()
    source.get_by_label("Back to source 1: Figures").first.click()
    expect(row).to_be_in_viewport()


def test_bars_and_lists_of_an_arabic_case_begin_at_the_right(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/cases/m-pesa-kenya?ui=ar")
    expect(page.locator(".offer a")).to_have_attribute("href", "/cases/m-pesa-kenya/ar")
    page.locator(".offer a").click()
    expect(page.locator(".prose")).to_have_attribute("dir", "rtl")
    bar, row = page.locator("svg.amount.now").first, page.locator(".bar-row").last
    drawn, around = bar.bounding_box(), row.bounding_box()
    assert drawn and around
    assert drawn["x"] + drawn["width"] == pytest.approx(around["x"] + around["width"], abs=3)
    box = page.locator(".factbox").bounding_box()
    text = page.locator(".prose").bounding_box()
    assert box and text and box["x"] > text["x"], "the page itself runs from left to right"


@pytest.mark.parametrize("script", [True, False])
def test_the_colours_chosen_stay_on_every_page(tab: OpenTab, site: str, script: bool) -> None:
    page = tab(java_script_enabled=script)
    page.goto(site)
    assert ground(page) == PAPER["light"]
    for choice, other in (("Dark", "dark"), ("Light", "light")):
        page.emulate_media(color_scheme="light" if other == "dark" else "dark")
        page.get_by_text("Display").click()
        page.get_by_role("button", name=choice).click()
        page.wait_for_load_state()
        for path in ("/search", CHARTED):
            page.goto(site + path)
            assert ground(page) == PAPER[other]
    page.get_by_text("Display").click()
    page.get_by_role("button", name="As the system").click()
    page.wait_for_load_state()
    assert urlsplit(page.url).path == CHARTED
    assert ground(page) == PAPER["dark"]


def test_the_language_chosen_turns_the_page_around(tab: OpenTab, odd_site: str) -> None:
    page = tab()
    page.goto(odd_site)
    page.get_by_text("Display").click()
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.goto(f"{odd_site}/search")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    field, button = page.locator("#q").bounding_box(), page.locator(".box button").bounding_box()
    assert field and button and button["x"] < field["x"]
    panel, results = page.locator(".panel").bounding_box(), page.locator(".results").bounding_box()
    assert panel and results and panel["x"] > results["x"]


def test_who_wants_no_motion_gets_none(tab: OpenTab, site: str) -> None:
    page = tab(reduced_motion="reduce")
    page.goto(f"{site}/search")
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].filter(element => {
            const style = getComputedStyle(element);
            return style.transitionDuration !== "0s" || style.animationName !== "none"
                || style.scrollBehavior === "smooth";
        }).map(element => element.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_a_printed_case_keeps_what_matters_and_leaves_the_rest(tab: OpenTab, site: str) -> None:
    page = tab(width=800, color_scheme="dark")
    page.goto(site + CHARTED)
    page.emulate_media(media="print")
    for way in (".top nav", ".menu", ".foot nav", ".ways", ".skip"):
        for one in page.locator(way).all():
            expect(one).to_be_hidden()
    expect(page.locator(".contents")).to_be_hidden()
    for part in ("h1", ".lead", ".factbox", ".failure", "figure.chart", ".figures", ".sources",
                 ".cite > p", "#why li"):  # fmt: skip
        for piece in page.locator(part).all():
            expect(piece).to_be_visible()
    assert ground(page) == "rgb(255, 255, 255)"
    address = page.locator(".sources a.external").first
    after = address.evaluate("link => getComputedStyle(link, '::after').content")
    assert address.get_attribute("href") in after
    inks = page.evaluate(
        """[...document.querySelectorAll("main :is(p, h1, h2, h3, td, th, dd, dt, li, pre, a)")]
            .map(e => Math.max(...getComputedStyle(e).color.match(/\\d+/g).slice(0, 3)))"""
    )
    assert max(inks) <= 0x44, "ink too pale for paper"
