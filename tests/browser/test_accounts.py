"""Coming in and looking after people, in a real browser, with script and without."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from indexer.library import Library
from kb.access import KEEPER
from kb.app import create_app
from kb.services import accounts
from kb.services.office import SmallOffice
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import LONG, OpenTab
from tests.browser.sites import kb_serve, served
from tests.browser.test_axe import look
from tests.browser.test_layout import outside
from tests.people import PASSWORD, add_person, database_of, link_in, outbox

pytestmark = pytest.mark.browser

KOFI = "kofi@example.org"
FORMS = ("/account/sign-in?next=/mine", "/account/register", "/account/forgotten")
OWN = ("/mine", "/account?done=name", "/account/password", "/account/two-step",
       "/account/delete", "/people")  # fmt: skip


@dataclass(frozen=True)
class Site:
    address: str
    app: Flask
    data: Path

    @property
    def office(self) -> SmallOffice:
        return SmallOffice(database_of(self.app), self.app.extensions["sankofa.settings"])

    def path_of(self, letter: int) -> str:
        """The address that a letter leads to, on the port of this site."""
        return self.address + link_in(outbox(self.data)[letter])


@contextmanager
def site_in(root: Path, **changes: Any) -> Iterator[Site]:
    """A site with one case, on which anybody may make an account."""
    content = factories.content_folder(root / "content", {"cash-by-phone": factories.case_text()})
    settings = Settings(
        content=content, data=root / "data", var=root / "var", registration="open", **changes
    )
    app = create_app(settings, Library.open(content, settings.var))
    with served(app) as address:
        yield Site(address, app, settings.data)
    database_of(app).close()


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path, admin_second_step=False) as site:
        yield site


def fill(page: Page, **values: str) -> None:
    """Fills a form in and sends it."""
    for name, value in values.items():
        page.locator(f"#{name}").fill(value)
    page.locator("button.main").click()


def sign_in(page: Page, desk: Site, password: str = PASSWORD) -> None:
    page.goto(f"{desk.address}/account/sign-in")
    fill(page, email=KOFI, password=password)


def test_the_first_start_prints_the_link_that_makes_the_first_administrator(
    tmp_path: Path,
) -> None:
    content = factories.content_folder(
        tmp_path / "content", {"cash-by-phone": factories.case_text()}
    )
    (tmp_path / "var").mkdir()
    with kb_serve(content, tmp_path / "var") as address:
        printed = (tmp_path / "var" / "serve.log").read_text(encoding="utf-8")
        found = re.search(rf"{address}(/account/invitation/[\w-]+)", printed)
        assert found, printed
        with urllib.request.urlopen(address + found[1], timeout=10) as answer:
            assert b"You are the first here" in answer.read()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_first_administrator_invites_somebody_who_comes_and_leaves(
    tab: OpenTab, desk: Site, script: bool
) -> None:
    page = tab(java_script_enabled=script)
    token = accounts.first_token(desk.office)
    page.goto(f"{desk.address}/account/invitation/{token}")
    fill(page, email=KOFI, name="Kofi", password=PASSWORD, again=PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    page.locator("details.own summary").click()
    page.get_by_role("link", name="People").click()
    page.locator("#role").select_option("reviewer")
    fill(page, email="ama@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invited")

    other = tab(java_script_enabled=script)
    other.goto(desk.path_of(0))
    fill(other, name="Ama", password="short", again="short")
    expect(other.get_by_role("alert")).to_contain_text("at least 12 characters")
    expect(other.locator("#name")).to_have_value("Ama")
    fill(other, password=PASSWORD, again=PASSWORD)
    other.goto(f"{desk.address}/account")
    expect(other.locator("main")).to_contain_text("Reviewer")
    other.locator("details.own summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()
    other.go_back()
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_administrator_is_led_to_the_second_step_and_then_to_people(
    tab: OpenTab, browser: Browser, tmp_path: Path
) -> None:
    with site_in(tmp_path) as site:
        page = tab(java_script_enabled=False)
        page.goto(f"{site.address}/account/invitation/{accounts.first_token(site.office)}")
        fill(page, email=KOFI, name="Kofi", password=PASSWORD, again=PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Set up the second step")
        expect(page.locator("main")).to_contain_text("Administrators need it")
        page.goto(f"{site.address}/people")
        page.wait_for_url("**/account/two-step")
        secret = page.locator("code.secret").inner_text().replace(" ", "")
        fill(page, code=pyotp.TOTP(secret).now(), password=PASSWORD)
        page.goto(f"{site.address}/people")
        expect(page.get_by_role("heading", level=1)).to_have_text("People")


def test_a_password_can_be_looked_at_and_is_measured_while_it_is_typed(
    tab: OpenTab, desk: Site
) -> None:
    page = tab()
    page.goto(f"{desk.address}/account/invitation/{accounts.first_token(desk.office)}")
    box = page.locator("#password")
    meter = page.get_by_role("meter", name="How hard it is to guess")
    words = page.locator(".asked:has(#password) [role=status]")
    for typed, told, level in (("abc", "Too short", "1"), ("aaaaaaaaaaaaaaaa", "Weak", "2"),
                               ("waterfalls99", "Fair", "3"), (PASSWORD, "Good", "4")):  # fmt: skip
        box.fill(typed)
        expect(words).to_have_text(told)
        assert meter.evaluate("meter => String(meter.value)") == level
    show = page.locator(".asked:has(#password)").get_by_role("button", name="Show it")
    expect(box).to_have_attribute("type", "password")
    show.click()
    expect(box).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    fill(page, email=KOFI, name="Kofi", again=PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")


def test_the_second_step_is_set_up_from_the_picture_and_asked_for(tab: OpenTab, desk: Site) -> None:
    add_person(database_of(desk.app), KEEPER, "Kofi", KOFI, second_step=False)
    page = tab(java_script_enabled=False)
    sign_in(page, desk)
    page.goto(f"{desk.address}/account/two-step")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    expect(page.locator("svg.qr")).to_be_visible()
    fill(page, code=pyotp.TOTP(secret).now(), password=PASSWORD)
    codes = page.locator(".shown code").all_inner_texts()
    assert len(codes) == 10

    other = tab(java_script_enabled=False)
    other.goto(f"{desk.address}/people")
    fill(other, email=KOFI, password=PASSWORD)
    expect(other.get_by_role("heading", level=1)).to_have_text("The second step")
    fill(other, code=codes[3].upper())
    expect(other.get_by_role("heading", level=1)).to_have_text("People")


def test_axe_finds_nothing_on_pages_about_accounts_and_they_fit_every_screen(
    tab: OpenTab, desk: Site
) -> None:
    add_person(database_of(desk.app), KEEPER, f"Kofi {LONG}", KOFI, second_step=False)
    page = tab()
    for path in FORMS:
        assert look(page, desk.address + path).status == 200
        assert outside(page) == {}, path
    assert look(page, f"{desk.address}/account/reset/no-link").status == 410
    sign_in(page, desk, "wrong")
    assert outside(page) == {}
    sign_in(page, desk)
    page.goto(f"{desk.address}/people")
    fill(page, email=f"{'x' * 60}@{'y' * 60}.example.org")
    assert outside(page) == {}
    for path in OWN:
        assert look(page, desk.address + path).status == 200
        assert outside(page) == {}, path
