"""Choosing how one is told, and ending letters, in a real browser; and the letters as they look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from indexer.library import Library
from kb.access import CONSOLE
from kb.app import create_app
from kb.services.desk import Desk
from kb.services.notices import notify
from kb.services.unsubscribing import address
from kb.services.work import do_all
from kb.settings import Settings
from kb.tasks import TASKS
from tests import factories
from tests.browser.conftest import LONG, OpenTab
from tests.browser.sites import served
from tests.browser.test_accounts import KOFI, Site, sign_in
from tests.browser.test_axe import ALL, axe, look, violations
from tests.browser.test_layout import outside
from tests.people import add_person, database_of, outbox

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    content = factories.content_folder(tmp_path / "content", {"cash": factories.case_text()})
    settings = Settings(content=content, data=tmp_path / "data", var=tmp_path / "var",
                        languages=("en", "fr", "ar"))  # fmt: skip
    app = create_app(settings, Library.open(content, settings.var))
    with served(app) as address:
        yield Site(address, app, settings.data)
    database_of(app).close()


def desk_of(app: Flask) -> Desk:
    opening = app.extensions["sankofa.opening"]
    return Desk(database_of(app), opening.library(), app.extensions["sankofa.settings"])


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_somebody_chooses_how_to_be_told_and_then_ends_it_from_a_letter(
    tab: OpenTab, desk: Site, script: bool
) -> None:
    kofi = add_person(database_of(desk.app), "reviewer", "Kofi", KOFI)
    page = tab(java_script_enabled=script)
    sign_in(page, desk)
    page.goto(f"{desk.address}/account")
    page.get_by_role("link", name="Choose what you are told").click()
    page.get_by_label("Texts that were handed in").select_option(label="Once a week")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("status")).to_have_text("Your choice was kept.")
    expect(page.get_by_label("Texts that were handed in")).to_have_value("week")

    letter = address(desk.office.settings, kofi.id or 0, "submitted")
    other = tab(java_script_enabled=script)  # where nobody is signed in
    other.goto(desk.address + letter.removeprefix(desk.office.settings.origin))
    other.get_by_role("button", name="Yes, no more of them").click()
    expect(other.get_by_role("heading", level=1)).to_have_text(
        "You will get no more of these letters"
    )
    page.reload()
    expect(page.get_by_label("Texts that were handed in")).to_have_value("never")


def test_axe_finds_nothing_on_pages_about_notices_and_they_fit_every_screen(
    tab: OpenTab, desk: Site
) -> None:
    kofi = add_person(database_of(desk.app), "administrator", f"Kofi {LONG}", KOFI)
    link = address(desk.office.settings, kofi.id or 0, "comment", "report")
    path = link.removeprefix(desk.office.settings.origin)
    page = tab()
    sign_in(page, desk)
    for one in ("/account/notices?done=notices", "/account/notices?ui=ar", path):
        assert look(page, desk.address + one).status == 200
        assert outside(page) == {}, one
    page.locator("button.main").click()
    page.evaluate(axe.axe_script)
    assert violations(page, ALL) == []


def test_axe_finds_nothing_in_a_letter_and_it_fits_every_screen(tab: OpenTab, desk: Site) -> None:
    kofi = add_person(database_of(desk.app), "administrator", "Kofi", KOFI)
    with database_of(desk.app).writing() as connection:
        for message in ("Who counted them?\n\nAnd when?", LONG):
            notify(connection, CONSOLE, "published", [kofi.id or 0], "case/cash", name="Ama",
                   title=f"Cash by phone in Kenya {LONG}", message=message)  # fmt: skip
    assert [done.error for done in do_all(desk_of(desk.app), TASKS) if done.error] == []
    (letter,) = outbox(desk.data)
    html = letter.get_body(("html",))
    assert html is not None
    page = tab()
    for width in (360, 768):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_content(str(html.get_content()))
            page.evaluate(axe.axe_script)
            assert violations(page, ALL) == []
            assert outside(page) == {}
