"""Writing in a real browser, with and without JavaScript: typed, saved, joined, restored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from indexer.library import Library
from kb.app import create_app
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import OpenTab, Trouble
from tests.browser.sites import served
from tests.browser.test_axe import ALL, LOOKS, axe, violations
from tests.people import PASSWORD, add_person, database_of

pytestmark = pytest.mark.browser
#: So many countries that they are searched for, not all shown.
MORE = """
- {id: asia, broader: world, labels: {en: Asia}, countries: [AF, BD, BT, CN, ID, IN, IR, JP, KH, KR,
   LA, LK, MM, MN, MV, MY, NP, PH, PK, SG, TH, TL, VN]}
"""
TITLE = "Paying people by telephone in a crisis"


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    root = factories.library_folder(tmp_path_factory.mktemp("writing"))
    regions = root / "vocabularies" / "regions.yaml"
    regions.write_text(regions.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    folder = tmp_path_factory.mktemp("writing-data")
    settings = Settings(content=root, var=folder / "var", data=folder / "data")
    app = create_app(settings, Library.open(settings.content, settings.var))
    for role, name in (("contributor", "Ama"), ("editor", "Efua")):
        add_person(database_of(app), role, name)
    yield app
    database_of(app).close()


@pytest.fixture(scope="module")
def address(desk: Flask) -> Iterator[str]:
    with served(desk) as found:
        yield found


def sign_in(page: Page, address: str, role: str = "contributor") -> None:
    page.goto(f"{address}/account/sign-in")
    page.locator("[name=email]").fill(f"{role}@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def new_case(page: Page, address: str, title: str = TITLE) -> str:
    """Begin a case and give the address of its form."""
    page.goto(f"{address}/cases/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin").click()
    sure = page.get_by_role("button", name="Mine is another one")
    expect(page.locator("#f-title").or_(sure).first).to_be_visible()
    if sure.count():
        sure.click()
    page.wait_for_url("**/edit")
    return page.url


def fill(page: Page) -> None:
    """Write a whole case that can be published, adding rows as one goes."""
    page.locator("#f-summary").fill(
        "People in a district were paid by text message, 1,200 of them."
    )
    page.get_by_label("Digital payments").check()
    page.get_by_label("First year").fill("2020")
    page.locator("#f-countries-find").fill("togo")
    page.locator("#f-countries").get_by_role("button", name="Find").click()
    page.locator("#f-countries").get_by_label("Togo").check()
    page.get_by_role("button", name="Add: Sources").click()
    row = page.locator("#f-sources-0")
    row.locator("#f-sources-0-title").fill("A report")
    row.locator("#f-sources-0-url").fill("https://example.org/report")
    page.get_by_role("button", name="Context", exact=True).click()
    body = page.locator("#f-body")
    expect(body).to_have_value("## Context\n\n")
    body.fill("## Context\n\nIt was needed [1].\n")


@pytest.mark.parametrize("script", [True, False])
def test_a_case_is_written_from_an_empty_form(tab: OpenTab, address: str, script: bool) -> None:
    page = tab(java_script_enabled=script)
    sign_in(page, address)
    new_case(page, address, f"{TITLE} {script}")
    fill(page)
    expect(page.locator("#f-countries").get_by_label("Togo")).to_be_checked()
    expect(page.locator("#f-sources-0-title")).to_have_value("A report")
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.locator("#faults")).to_have_count(0)
    expect(page.locator("#f-sources-0-title")).to_have_value("A report")
    page.get_by_role("button", name="Save and close").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("It waits for somebody to check it")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_rows_are_added_moved_and_removed(tab: OpenTab, address: str, script: bool) -> None:
    page = tab(java_script_enabled=script)
    sign_in(page, address)
    new_case(page, address, f"{TITLE} in rows {script}")
    for number, name in enumerate(("One", "Two", "Three")):
        page.get_by_role("button", name="Add: Organisations").click()
        page.locator(f"#f-organisations-{number}-name").fill(name)
    rows = page.locator("#f-organisations li")
    rows.nth(2).get_by_role("button", name="Move up").click()
    expect(page.locator("#f-organisations-1-name")).to_have_value("Three")
    rows.nth(0).get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(2)
    expect(page.locator("#f-organisations-0-name")).to_have_value("Three")
    expect(page.locator("#f-title")).to_have_value(f"{TITLE} in rows {script}")


def test_what_is_typed_is_saved_by_itself(tab: OpenTab, address: str) -> None:
    page = tab()
    sign_in(page, address)
    url = new_case(page, address, f"{TITLE} by itself")
    with page.expect_response("**/autosave") as saved:
        page.locator("#f-summary").press_sequentially("Typed without pressing anything", delay=5)
    assert saved.value.ok
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.goto(url)
    expect(page.locator("#f-summary")).to_have_value("Typed without pressing anything")
    expect(page.locator("#unsaved")).to_be_hidden()


def test_while_the_line_is_down_the_browser_keeps_the_text(
    tab: OpenTab, trouble: Trouble, address: str
) -> None:
    page = tab()
    sign_in(page, address)
    url = new_case(page, address, f"{TITLE} without a line")
    page.get_by_role("button", name="Add: Organisations").click()
    page.locator("#f-organisations-0-name").fill("A club")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page).to_have_url(url)
    page.route("**/autosave", lambda route: route.abort("internetdisconnected"))
    page.locator("#f-summary").fill("Typed on a train")
    page.locator("#f-organisations-0 summary").click()
    page.locator("#f-organisations-0-name").fill("A society")
    expect(page.locator("#saved")).to_contain_text("The line is down", timeout=15_000)
    page.unroute("**/autosave")
    trouble.seen[:] = [one for one in trouble.seen if "ERR_INTERNET_DISCONNECTED" not in one]
    page.reload()
    expect(page.locator("#f-summary")).to_have_value("")
    expect(page.locator("#f-organisations-0-name")).to_have_value("A club")
    bar = page.locator("#unsaved")
    expect(bar).to_be_visible()
    expect(bar.locator("b")).to_contain_text("202")
    with page.expect_response("**/autosave"):
        bar.get_by_role("button", name="Take it back").click()
    expect(page.locator("#f-summary")).to_have_value("Typed on a train")
    expect(page.locator("#f-organisations-0-name")).to_have_value("A society")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.goto(url)
    expect(page.locator("#f-summary")).to_have_value("Typed on a train")
    expect(page.locator("#unsaved")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
def test_a_session_that_ends_loses_nothing(
    tab: OpenTab, trouble: Trouble, address: str, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    sign_in(page, address)
    new_case(page, address, f"{TITLE} signed out {script}")
    page.locator("#f-summary").fill("Written for an hour before the session ended")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.locator("[name=email]").fill("contributor@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("main form button").last.click()
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.locator("#f-summary")).to_have_value("Written for an hour before the session ended")
    # help that was asked for after the session had ended is refused, which htmx writes down
    trouble.seen[:] = [one for one in trouble.seen if "Error Code 401" not in one]


def test_two_people_write_at_once_and_both_stay(tab: OpenTab, address: str) -> None:
    ama, efua = tab(), tab()
    sign_in(ama, address)
    sign_in(efua, address, "editor")
    url = new_case(ama, address, f"{TITLE} together")
    efua.goto(url)
    efua.locator("#f-outcome").select_option("mixed")
    efua.get_by_role("button", name="Save", exact=True).last.click()
    expect(efua.locator("[data-done]")).to_be_visible()
    ama.locator("#f-summary").fill("From Ama")
    expect(ama.locator("#saved")).to_contain_text("joined with what Efua wrote", timeout=15_000)
    ama.locator("#f-summary").fill("From Ama, again")
    ama.get_by_role("button", name="Save", exact=True).last.click()
    expect(ama.locator("[data-done]")).to_be_visible()
    expect(ama.locator("#f-summary")).to_have_value("From Ama, again")
    expect(ama.locator("#f-outcome")).to_have_value("mixed")
    efua.locator("#f-summary").fill("From Efua")
    efua.get_by_role("button", name="Save", exact=True).last.click()
    efua.wait_for_url("**/conflict")
    expect(efua.get_by_text("From Ama, again").first).to_be_visible()


def test_marks_references_preview_and_suggestions(tab: OpenTab, address: str) -> None:
    page = tab()
    sign_in(page, address)
    new_case(page, address, "Clinics in Togo linked by satellite")
    page.locator("#f-summary").fill("Nurses in Togo asked doctors far away by satellite.")
    page.locator("#f-summary").blur()
    offer = page.locator("#help button", has_text="Togo")
    offer.click()
    expect(page.locator("#f-countries").get_by_label("Togo")).to_be_checked()
    page.get_by_role("button", name="Add: Sources").click()
    page.locator("#f-sources-0-title").fill("The survey")
    body = page.locator("#f-body")
    body.fill("word")
    body.select_text()
    page.get_by_role("button", name="Bold").click()
    expect(body).to_have_value("**word**")
    page.get_by_label("Refer to a source").focus()
    page.get_by_label("Refer to a source").select_option("1")
    expect(body).to_have_value("**word**[1]")
    page.get_by_text("How it will look").click()
    expect(page.locator("#preview strong")).to_have_text("word")
    body.press_sequentially(" and more")
    expect(page.locator("#preview")).to_contain_text("and more")
    page.locator("#f-countries-find").press_sequentially("nep")
    expect(page.locator("#f-countries-found").get_by_label("Nepal")).to_be_visible()


def test_axe_finds_nothing_in_the_editor(tab: OpenTab, address: str) -> None:
    page = tab()
    sign_in(page, address)
    url = new_case(page, address, f"{TITLE} for axe")
    page.get_by_role("button", name="Add: Results").click()
    page.locator("#f-results-0-value").fill("many")
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("[data-done]")).to_be_visible()
    token = url.removesuffix("/edit")
    found = []
    for path in ("", f"{token}/edit?checked=1", f"{token}/raw", token, f"{address}/cases/new"):
        if path:
            page.goto(path)
        page.evaluate(axe.axe_script)
        page.evaluate(
            "for (const one of document.querySelectorAll('main details')) one.open = true"
        )
        # the bar that stays in view covers by chance what scrolls beneath it
        page.evaluate(
            "document.querySelector('.save-bar')?.style.setProperty('position', 'static')"
        )
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide at {width}"
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                options = ALL if (width, scheme) == (360, "light") else LOOKS
                found += [f"{path} {width} {scheme} {one}" for one in violations(page, options)]
    assert found == []
