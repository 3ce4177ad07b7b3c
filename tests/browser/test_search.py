"""Searching and choosing filters, with and without JavaScript."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.finder import (
    CRISIS,
    choice,
    count_of,
    settled,
    titles,
    total,
    values_of,
)

pytestmark = pytest.mark.browser


def parameters(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def test_a_need_told_in_plain_words_finds_cases(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site)
    page.locator("#q").fill(CRISIS)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/search?q={CRISIS.replace(' ', '+')}")
    assert total(page) >= 3
    first = " ".join(titles(page)[:3])
    assert "Novissi" in first or "Ebola" in first or "Building Blocks" in first
    assert page.locator(".results .reason").first.inner_text()


def test_a_choice_changes_the_results_and_the_address_at_once(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search?q=phone")
    before, theme = total(page), values_of(page, "theme")[0]
    number = count_of(page, "theme", theme)
    assert 0 < number < before
    page.evaluate("window.same = true")
    choice(page, "theme", theme).check()
    settled(page, number)
    assert page.evaluate("window.same"), "the page was loaded anew"
    assert parameters(page) == [("q", "phone"), ("theme", theme)]
    assert count_of(page, "theme", theme) == number
    assert len(titles(page)) == min(number, 20)
    page.go_back()
    settled(page, before)
    expect(choice(page, "theme", theme)).not_to_be_checked()
    assert parameters(page) == [("q", "phone")]
    page.go_forward()
    settled(page, number)
    expect(choice(page, "theme", theme)).to_be_checked()


def test_the_number_of_results_is_announced(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    told = page.locator("#told")
    expect(told).to_have_role("status")
    handle = told.element_handle()
    choice(page, "outcome", "failed").check()
    expect(page.locator(".chips li")).to_have_count(2)
    expect(told).to_have_text(page.locator(".results .bar h2").inner_text())
    assert handle.evaluate("region => region.isConnected"), "a new region is not announced"


def test_without_javascript_the_form_does_the_same(tab: OpenTab, site: str) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/search?q=phone")
    theme = values_of(page, "theme")[0]
    number = count_of(page, "theme", theme)
    choice(page, "theme", theme).check()
    page.get_by_role("button", name="Apply the filters").click()
    settled(page, number)
    asked = [pair for pair in parameters(page) if pair[0] in ("q", "theme")]
    assert asked == [("q", "phone"), ("theme", theme)]
    page.locator("#q").fill("school")
    page.locator(".box button").click()
    assert ("q", "school") in parameters(page)
    expect(choice(page, "theme", theme)).to_be_checked()


@pytest.mark.parametrize("script", [True, False])
def test_any_all_and_none_of_two_themes(tab: OpenTab, site: str, script: bool) -> None:
    page = tab(java_script_enabled=script)
    page.goto(f"{site}/search")
    every = total(page)
    one, other = values_of(page, "theme")[:2]
    found = {}
    for mode in ("any", "all", "none"):
        page.goto(f"{site}/search?theme={one}&theme={other}")
        page.locator("#mode-theme").select_option(mode)
        if script and mode != "any":
            page.wait_for_url(f"**/search?theme={one}&theme={other}&theme.mode={mode}")
        elif not script:
            page.get_by_role("button", name="Apply the filters").click()
        expect(page.locator("#mode-theme")).to_have_value(mode)
        found[mode] = total(page)
    assert found["all"] <= found["any"] < every
    assert found["any"] + found["none"] == every


def test_a_chip_takes_its_filter_away(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search?theme=e-health&region=africa")
    number = total(page)
    page.get_by_role("link", name="Remove Africa").click()
    expect(page).to_have_url(f"{site}/search?theme=e-health")
    assert total(page) >= number
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(f"{site}/search")


def test_results_are_sorted_as_asked(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search?theme=digital-payments")
    page.get_by_label("Sort by").select_option("title")
    page.wait_for_url(f"{site}/search?theme=digital-payments&sort=title")
    expect(page.locator("#sort")).to_have_value("title")
    found = titles(page)
    assert found == sorted(found, key=str.casefold)


def test_a_place_is_found_in_the_tree_without_choosing_what_is_around_it(
    tab: OpenTab, site: str
) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/search?q=phone")
    page.locator("#in-africa > summary").click()
    page.locator("#in-sub-saharan-africa > summary").click()
    number = count_of(page, "region", "western-africa")
    choice(page, "region", "western-africa").check()
    page.get_by_role("button", name="Apply the filters").click()
    settled(page, number)
    expect(choice(page, "region", "western-africa")).to_be_visible()
    expect(choice(page, "region", "africa")).not_to_be_checked()


def test_what_was_unfolded_stays_so_and_groups_combine_with_areas(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    page.locator("#in-africa > summary").click()
    choice(page, "region", "ldc").check()
    expect(page.locator(".chips li")).to_have_count(2)
    expect(choice(page, "region", "sub-saharan-africa")).to_be_visible()
    page.locator("#mode-region").select_option("all")
    page.wait_for_url("**region.mode=all")
    number = count_of(page, "region", "africa")
    choice(page, "region", "africa").check()
    settled(page, number)


def test_further_results_are_on_further_pages(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    every, first = total(page), titles(page)
    assert len(first) == 20
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{site}/search?page=2")
    assert not set(first) & set(titles(page))
    assert len(first) + len(titles(page)) == min(every, 40)
    page.get_by_role("link", name="Previous").click()
    expect(page).to_have_url(f"{site}/search")


def test_years_narrow_and_leave_no_empty_parameter(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    before = total(page)
    page.locator("#year-from").fill("2020")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?year.from=2020")
    expect(page.get_by_role("link", name="Remove 2020")).to_be_visible()
    assert 0 < total(page) < before


def test_a_misspelt_name_is_corrected_and_can_be_insisted_on(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search?q=M-Pessa")
    assert "M-Pesa" in titles(page)[0]
    page.get_by_role("link", name="Search instead for").click()
    expect(page.locator("#q")).to_have_value("M-Pessa")
    expect(page.locator(".corrected")).to_contain_text("Did you mean M-Pesa?")
    page.locator("#sort").select_option("title")
    page.wait_for_url(f"{site}/search?q=M-Pessa&sort=title&exact=1")
    page.locator("#q").fill("helth")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=helth&sort=title")
    expect(page.locator(".corrected")).to_contain_text("Showing results for health")


def test_nothing_found_leads_on(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search?q=best+pizza+recipe")
    settled(page, 0)
    expect(page.get_by_text("No case matches")).to_be_visible()
    page.goto(f"{site}/search?theme=e-health&country=KG")
    settled(page, 0)
    way = page.locator(".nothing li").first
    number = int("".join(filter(str.isdigit, way.locator(".count").inner_text())))
    way.get_by_role("link").click()
    settled(page, number)


def test_on_a_phone_the_filters_wait_in_a_drawer(tab: OpenTab, site: str) -> None:
    page = tab(width=360)
    page.goto(f"{site}/search")
    theme = values_of(page, "theme")[0]
    expect(choice(page, "theme", theme)).to_be_hidden()
    page.get_by_text("Filters", exact=True).locator("visible=true").click()
    number = count_of(page, "theme", theme)
    choice(page, "theme", theme).check()
    settled(page, number)
    expect(choice(page, "theme", theme)).to_be_visible()
    expect(page.locator("#drawer summary")).to_have_text("Filters (1)")
    page.get_by_role("button", name=f"Show {number} case").click()
    expect(choice(page, "theme", theme)).to_be_hidden()
    expect(page.locator("#results")).to_be_focused()
    expect(page.locator(".results h3").first).to_be_in_viewport()


def test_typing_offers_names_that_begin_so(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(site)
    page.locator("#q").press_sequentially("digital pay", delay=20)
    offered = page.locator("#suggestions a", has_text="Digital payments")
    expect(offered.first).to_be_visible()
    offered.first.click()
    expect(page).to_have_url(f"{site}/themes/digital-payments")


def test_late_suggestions_do_not_cover_the_results(tab: OpenTab, site: str) -> None:
    page = tab()
    page.goto(f"{site}/search")
    page.locator("#q").press_sequentially("school")
    with page.expect_response("**/suggest?q=school"):
        page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=school")
    expect(page.locator("#suggestions a")).to_have_count(0)
