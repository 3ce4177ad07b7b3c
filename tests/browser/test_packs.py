"""Packs in a real browser: read through, presented by keyboard, answered in class, framed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Trouble
from tests.browser.sites import served

pytestmark = pytest.mark.browser

PACK = "/packs/early-warning"


def test_a_pack_is_found_and_read_to_its_end(site: str, tab: OpenTab) -> None:
    page = tab(width=360, height=780)
    page.goto(f"{site}/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Packs").click()
    page.get_by_label("Search the packs").fill("warning people before a storm comes")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=3).filter(has_text="Early warning").get_by_role(
        "link"
    ).click()
    expect(page).to_have_url(f"{site}{PACK}")
    page.get_by_role("article").get_by_role("heading", level=3).first.get_by_role("link").click()
    read = 1
    while (on := page.get_by_role("navigation", name="Through the pack").get_by_role(
        "link", name="Next")).count():  # fmt: skip
        on.click()
        read += 1
        expect(page).to_have_url(f"{site}{PACK}/{read}")
    assert read == 7
    page.get_by_role("link", name="Back to the pack").click()
    expect(page).to_have_url(f"{site}{PACK}")


def test_filters_narrow_the_packs_without_a_new_page(site: str, tab: OpenTab) -> None:
    page = tab(width=1280)
    page.goto(f"{site}/packs")
    page.get_by_label("Introductory").check()
    expect(page).to_have_url(f"{site}/packs?level=introductory")
    expect(page.get_by_role("heading", name="2 packs")).to_be_visible()
    page.get_by_label("Audience").fill("disaster")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 pack", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="2 packs")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_presentation_is_led_by_the_keyboard(site: str, tab: OpenTab, script: bool) -> None:
    page = tab(java_script_enabled=script)
    page.goto(f"{site}{PACK}/present")

    def at(number: int) -> None:
        expect(page.get_by_text(f"{number} of ")).to_be_visible()

    at(1)
    page.keyboard.press("Enter")  # the way on has the focus, with script or without
    at(2)
    if script:
        for key, number in (("ArrowRight", 3), ("PageDown", 4), (" ", 5), ("ArrowLeft", 4),
                            ("PageUp", 3), ("Home", 1)):  # fmt: skip
            page.keyboard.press(key)
            at(number)
        page.keyboard.press("End")
        expect(page.get_by_role("link", name="Next")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page).to_have_url(f"{site}{PACK}")
    else:
        page.keyboard.press("Shift+Tab")  # the way back stands before it
        page.keyboard.press("Enter")
        at(1)


def test_every_screen_of_a_presentation_fits_on_the_wall(site: str, tab: OpenTab) -> None:
    page = tab(width=1280, height=720)
    page.goto(f"{site}{PACK}/present")
    while (on := page.get_by_role("link", name="Next")).count():
        high = page.evaluate("document.documentElement.scrollHeight - innerHeight")
        assert high <= 0, page.url
        on.click()
        page.wait_for_load_state()


def test_answers_of_the_class_stay_in_the_browser_and_can_be_taken_along(
    site: str, tab: OpenTab, tmp_path: Path
) -> None:
    page = tab()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method + request.url))
    page.goto(f"{site}{PACK}/class")
    sent.clear()
    first = page.get_by_role("textbox").first
    first.fill("We drop, cover and hold on.\n<b>Really</b>")
    expect(page.get_by_text("Kept in this browser.")).to_be_visible()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Save my answers as a file").click()
    waited.value.save_as(tmp_path / "answers.md")
    told = (tmp_path / "answers.md").read_text(encoding="utf-8")
    assert told.startswith("# Early warning")
    assert "We drop, cover and hold on.\n<b>Really</b>" in told
    assert waited.value.suggested_filename == "early-warning-answers.md"
    assert [one for one in sent if "blob:" not in one and "/static/" not in one] == []
    assert page.context.cookies() == []
    page.reload()
    expect(first).to_have_value("We drop, cover and hold on.\n<b>Really</b>")
    page.get_by_role("button", name="Delete my answers here").click()
    page.get_by_role("button", name="Press again to delete them").click()
    expect(first).to_have_value("")
    page.reload()
    expect(first).to_have_value("")


def test_without_script_the_class_is_told_that_nothing_is_kept(site: str, tab: OpenTab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}{PACK}/class")
    expect(page.get_by_text("this browser keeps nothing of what you write")).to_be_visible()
    page.get_by_role("textbox").first.fill("On paper, then.")
    expect(page.get_by_role("button", name="Save my answers")).to_be_hidden()
    expect(page.get_by_role("link", name="Read the pack")).to_be_visible()


def test_a_pack_stands_in_a_frame_of_another_site_and_other_pages_do_not(
    site: str, tab: OpenTab, trouble: Trouble
) -> None:
    other = Flask("other")
    other.add_url_rule(
        "/<path:framed>",
        view_func=lambda framed: (
            f'<!doctype html><title>x</title><link rel="icon" href="data:,">'
            f'<iframe src="{site}/{framed}" title="a pack"></iframe>'
        ),
    )
    with served(other) as address:
        address = address.replace("127.0.0.1", "localhost")  # another origin, and another site
        page = tab()
        page.goto(f"{address}/embed{PACK}")
        inside = page.frame_locator("iframe")
        expect(inside.get_by_role("heading", level=1)).to_contain_text("Early warning")
        with page.context.expect_page() as opened:
            inside.get_by_role("link", name="Cyclone warnings").click()
        expect(opened.value).to_have_url(f"{site}{PACK}/3")
        assert trouble.seen == []
        page.goto(f"{address}{PACK}")
        refused: Page = page
        expect(refused.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
    assert all("frame-ancestors" in told or "X-Frame-Options" in told for told in trouble.seen)
    trouble.seen.clear()
