"""Packs made in a real browser: put in order with and without script, forked, pinned, warned of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from indexer.library import Library
from kb.app import create_app
from kb.services import editing
from kb.services.desk import Desk
from kb.services.publishing import publish
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import OpenTab
from tests.browser.sites import served
from tests.browser.test_axe import ALL, LOOKS, axe, violations
from tests.browser.test_editor import sign_in
from tests.desks import CASH, made_public, with_fields
from tests.packs import TITLE, item, pack_text, sections
from tests.people import add_person, database_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with a public pack, one case of which has changed since it was pinned."""
    folder = tmp_path_factory.mktemp("packs")
    root = factories.library_folder(folder / "content")
    settings = Settings(content=root, var=folder / "var", data=folder / "data")
    app = create_app(settings, Library.open(settings.content, settings.var))
    people = {
        role: add_person(database_of(app), role, name)
        for role, name in (("contributor", "Ama"), ("editor", "Efua"))
    }
    desk = Desk(database_of(app), app.extensions["sankofa.opening"].library(), settings)
    start(desk)
    writer, editor = people["contributor"], people["editor"]
    pinned = desk.library.get(CASH)
    assert pinned is not None
    text = pack_text(sections=sections(
        ("Beginnings", [item("cash-by-phone", pinned["revision"]), item("crop-prices")]),
        ("Afterwards", [item("women-coders")]),
    ))  # fmt: skip
    draft = editing.begin(desk, writer, None, "pack", text)
    publish(desk, editor, editing.submit(desk, writer, draft.token).token)
    summary = "People in a district sent money by text message until the agents went away."
    made_public(desk, writer, editor, CASH, lambda text: with_fields(text, summary=summary))
    yield app
    database_of(app).close()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


def new_pack(page: Page, address: str, title: str, *cases: str) -> None:
    """Begin a pack with some cases, and go to its form."""
    asked = "&".join(f"case={case}" for case in cases)
    page.goto(f"{address}/packs/new?{asked}")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/edit")


def titles(page: Page, section: int = 0) -> Locator:
    """The headings of the cases in a section of the form."""
    return page.locator(f"#f-sections-{section}-items > ol > li > details > summary > span[dir]")


CASES = ("cash-by-phone", "crop-prices", "women-coders")
CASH_BY_PHONE, CROPS, WOMEN = (
    "Cash by phone in Kenya", "Crop prices by text message in Uganda",
    "A school of programming for women in Estonia",
)  # fmt: skip


@pytest.mark.parametrize("script", [True, False])
def test_a_pack_is_made_from_a_search_to_its_submission(
    tab: OpenTab, address: str, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    sign_in(page, address)
    page.goto(f"{address}/search?q=text+message")
    page.get_by_text("Take away").click()
    page.get_by_role("link", name="A pack for teaching").click()
    page.get_by_label("Title").fill(f"From a search {script}")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/edit")
    page.locator("#f-sections-0-title").fill("Beginnings")
    begun = titles(page).count()
    # found inside the editor, and put at the end with a click
    page.locator("#f-sections-0-items-find").fill("villages warned of a flood")
    if not script:
        page.locator("#f-sections-0-items").get_by_role("button", name="Find").click()
    found = page.locator("#f-sections-0-items-found").get_by_role("button", name="hours before")
    expect(found.or_(page.locator("#f-sections-0-items-found button")).first).to_be_visible()
    page.locator("#f-sections-0-items-found button").first.click()
    expect(titles(page)).to_have_count(begun + 1)
    expect(page.locator("#f-sections-0-title")).to_have_value("Beginnings")
    page.locator(f"#f-sections-0-items-{begun}-minutes").fill("25")
    page.locator(f"#f-sections-0-items-{begun}-note").fill("Ask first.")
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_text("25 minutes").first).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("It waits for somebody to check it")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_cases_are_put_in_order_with_buttons(tab: OpenTab, address: str, script: bool) -> None:
    page = tab(java_script_enabled=script)
    sign_in(page, address)
    new_pack(page, address, f"In order {script}", *CASES)
    expect(titles(page)).to_have_text([CASH_BY_PHONE, CROPS, WOMEN])
    page.get_by_role("button", name=f"Move up: {WOMEN}").click()
    expect(titles(page)).to_have_text([CASH_BY_PHONE, WOMEN, CROPS])
    page.get_by_role("button", name="Add: Sections").click()
    page.locator("#f-sections-1-title").fill("Afterwards")
    # from the end of a section it goes on into the next one
    page.get_by_role("button", name=f"Move down: {CROPS}").click()
    expect(titles(page, 1)).to_have_text([CROPS])
    expect(titles(page)).to_have_text([CASH_BY_PHONE, WOMEN])
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(titles(page, 1)).to_have_text([CROPS])


def test_the_keyboard_stays_on_the_button_that_moved_a_case(tab: OpenTab, address: str) -> None:
    page = tab()
    sign_in(page, address)
    new_pack(page, address, "By keyboard", *CASES)
    button = page.get_by_role("button", name=f"Move up: {WOMEN}")
    button.focus()
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text([CASH_BY_PHONE, WOMEN, CROPS])
    expect(page.get_by_role("button", name=f"Move up: {WOMEN}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text([WOMEN, CASH_BY_PHONE, CROPS])
    expect(page.get_by_role("button", name=f"Move down: {WOMEN}")).to_be_focused()


def test_cases_are_dragged_within_a_section_and_to_another(tab: OpenTab, address: str) -> None:
    page = tab(height=1600)
    sign_in(page, address)
    new_pack(page, address, "Dragged", *CASES)
    rows = page.locator("#f-sections-0-items > ol > li > details > summary")
    rows.nth(2).drag_to(rows.nth(0), target_position={"x": 60, "y": 3})
    expect(titles(page)).to_have_text([WOMEN, CASH_BY_PHONE, CROPS])
    page.get_by_role("button", name="Add: Sections").click()
    page.locator("#f-sections-1-title").fill("Afterwards")
    rows.nth(0).drag_to(page.locator("#f-sections-1-items > legend"))
    expect(titles(page, 1)).to_have_text([WOMEN])
    expect(titles(page)).to_have_text([CASH_BY_PHONE, CROPS])
    with page.expect_response("**/autosave") as saved:
        page.locator("#f-summary").press_sequentially("Dragged")
    assert saved.value.ok
    page.reload()
    expect(titles(page, 1)).to_have_text([WOMEN])


@pytest.mark.parametrize("script", [True, False])
def test_a_pack_is_forked_and_the_fork_warned_of_what_changed_since(
    tab: OpenTab, address: str, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    sign_in(page, address)
    page.goto(f"{address}/packs/money-by-phone-half-a-day/fork")
    page.get_by_label("What it is called").fill(f"{TITLE}, my way {script}")
    page.get_by_role("button", name="Begin a draft").click()
    page.wait_for_url("**/edit")
    looks = page.locator("#looks")
    expect(looks).to_contain_text("1 case to look at")
    expect(looks).to_contain_text("The case has changed once since")
    page.locator("#f-sections-0-items-0-in > summary").click()
    row = page.locator("#f-sections-0-items-0")
    with page.expect_popup() as opened:
        row.get_by_role("link", name="See the difference").click()
    expect(opened.value.get_by_text("until the agents went away").first).to_be_visible()
    row.get_by_role("button", name="Take today’s text").click()
    expect(looks).to_have_count(0)
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(looks).to_have_count(0)


def test_a_case_is_pinned_by_choice(tab: OpenTab, address: str) -> None:
    page = tab(java_script_enabled=False)
    sign_in(page, address)
    new_pack(page, address, "Pinned by choice", "crop-prices")
    page.locator("#f-sections-0-items-0-in > summary").click()
    choice = page.locator("#f-sections-0-items-0-revision")
    expect(choice.locator("option:checked")).to_have_text("Always the latest")
    choice.select_option(index=1)
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.locator("#f-sections-0-items-0-in > summary").click()
    expect(choice.locator("option:checked")).to_contain_text("As of ")


def faults(page: Page) -> list[str]:
    """What is wrong with a page for axe and the layout, all of it unfolded, in every look."""
    page.evaluate(axe.axe_script)
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    page.evaluate("document.querySelector('.save-bar')?.style.setProperty('position', 'static')")
    found = []
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} wide at {width}"] if wide > width else []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            options = ALL if (width, scheme) == (360, "light") else LOOKS
            found += [f"{page.url} {width} {scheme} {one}" for one in violations(page, options)]
    return found


def test_the_pages_on_which_packs_are_made_pass_axe(tab: OpenTab, address: str) -> None:
    page = tab()
    sign_in(page, address)
    page.goto(f"{address}/packs/new?q=text+message")
    found = faults(page)
    page.goto(f"{address}/packs/money-by-phone-half-a-day/fork")
    found += faults(page)
    page.get_by_role("button", name="Begin a draft").click()
    page.wait_for_url("**/edit")
    page.locator("#f-sections-1-items-find").fill("flood")
    expect(page.locator("#f-sections-1-items-found button").first).to_be_visible()
    found += faults(page)
    since = page.get_by_role("link", name="See the difference").first.get_attribute("href")
    page.get_by_role("link", name="About this draft").click()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_text("Here is the link")).to_be_visible()
    found += faults(page)
    page.goto(f"{address}{since}")
    assert found + faults(page) == []
