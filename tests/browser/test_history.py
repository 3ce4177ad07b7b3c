"""History, comparison, queue and conflicts in a real browser, with script and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from indexer.library import Library
from indexer.values import Key
from kb.access import Person
from kb.app import create_app
from kb.records import journal
from kb.services import editing
from kb.services.desk import Desk, open_database
from kb.services.history import revisions_of
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import LONG, OpenTab
from tests.browser.sites import served
from tests.browser.test_axe import look
from tests.people import add_person, signed_in

pytestmark = pytest.mark.browser

CASH = Key("case", "cash-by-phone")


@dataclass(frozen=True)
class Office:
    """A small site with people, a history and a queue."""

    address: str
    app: Flask
    desk: Desk
    ama: Person
    kofi: Person
    editor: Person

    def enter(self, page: Page, person: Person) -> Page:
        """The tab, with this person signed in."""
        client, _ = signed_in(self.app, person)
        cookie = client.get_cookie("session", domain="127.0.0.1")
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return page

    def shared_draft(self) -> str:
        """The token of a new draft that Ama and Kofi may write."""
        draft = editing.begin(self.desk, self.ama, None, text=factories.case_text())
        editing.add_co_author(self.desk, self.ama, draft.token, self.kofi.email)
        return draft.token


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    root = tmp_path_factory.mktemp("office")
    content = factories.library_folder(root / "content")
    settings = Settings(content=content, var=root / "var", data=root / "data",
                        languages=("en", "ar"))  # fmt: skip
    library = Library.open(content, settings.var)
    database = open_database(settings)
    desk = Desk(database, library, settings)
    ama = add_person(database, "contributor", "Ama", "ama@example.org")
    kofi = add_person(database, "contributor", "Kofi", "kofi@example.org")
    editor = add_person(database, "editor")
    _fill(desk, ama)
    app = create_app(settings, library)
    with served(app) as address:
        yield Office(address, app, desk, ama, kofi, editor)
    database.close()


def _fill(desk: Desk, ama: Person) -> None:
    now = desk.library.store.read(CASH)
    before = now.replace("village shops", "shops of the towns").replace("themes: [", "themes: [x, ")
    before = before.replace("\n## Context\n", f"\n## Context\n\n{LONG} {LONG}\n")
    with desk.database.writing() as connection:
        old = journal.append(
            connection, CASH, before, "published", author=f"Ama {LONG}", message=f"Why {LONG}"
        )
        journal.append(connection, CASH, now, "changed-on-disk", base=old.hash)
    draft = editing.begin(desk, ama, CASH)
    text = draft.text.replace("Cash by phone", f"Cash {LONG[:90]}").replace("cash", "money")
    draft = editing.save(desk, ama, draft.token, text, draft.hash)
    editing.submit(desk, ama, draft.token, f"Please look {LONG}")


def addresses(office: Office) -> list[str]:
    names = [row.hash for row in revisions_of(office.desk, office.editor, CASH)]
    with office.desk.database.reading() as connection:
        (draft, *_) = journal.drafts_in(connection, ("submitted",))
    return [
        "/cases/cash-by-phone/history",
        f"/cases/cash-by-phone/history/{names[-1]}",
        f"/cases/cash-by-phone/compare?old={names[-1]}",
        "/cases/taken-back",
        "/changes",
        "/queue",
        f"/drafts/{draft.token}/compare",
    ]


def quarrel(office: Office) -> str:
    token = office.shared_draft()
    draft = editing.open_draft(office.desk, office.ama, token)
    theirs = draft.text.replace("Cash by phone", "Cash by telephone").replace(
        "ran out", "fell short"
    )
    mine = draft.text.replace("Cash by phone", f"Cash {LONG[:80]}").replace("ran out", "ran short")
    editing.save(office.desk, office.ama, token, theirs, draft.hash)
    with pytest.raises(editing.StaleEdit):
        editing.save(office.desk, office.kofi, token, mine, draft.hash)
    return f"/drafts/{token}/conflict"


def test_axe_finds_nothing(tab: OpenTab, office: Office) -> None:
    page = office.enter(tab(), office.editor)
    for path in addresses(office):
        assert look(page, office.address + path).status in (200, 410), path
    page = office.enter(tab(), office.kofi)
    assert look(page, office.address + quarrel(office)).status == 200


def test_nothing_scrolls_sideways_on_a_small_screen(tab: OpenTab, office: Office) -> None:
    conflict = quarrel(office)
    for person, paths in ((office.editor, addresses(office)), (office.kofi, [conflict])):
        for width in (320, 768):
            page = office.enter(tab(width=width), person)
            for path in paths:
                for ui in ("en", "ar"):
                    page.goto(f"{office.address}{path}{'&' if '?' in path else '?'}ui={ui}")
                    page.evaluate(
                        "document.querySelectorAll('details').forEach(d => d.open = true)"
                    )
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    assert wide <= 0, f"{path} {width} {ui}"


def test_a_change_is_told_inline_on_a_phone_and_side_by_side_on_a_screen(
    tab: OpenTab, office: Office
) -> None:
    page = office.enter(tab(width=360), office.editor)
    page.goto(office.address + addresses(office)[2])
    row = page.locator(".change.changed", has_text="village shops").first
    expect(row.locator(".old")).to_be_hidden()
    expect(row.locator(".new del").first).to_be_visible()
    expect(row.locator(".new ins").first).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(row.locator(".old")).to_be_visible()
    expect(row.locator(".new del").first).to_be_hidden()
    old, new = row.locator(".old").bounding_box(), row.locator(".new").bounding_box()
    assert old
    assert new
    assert old["y"] == new["y"]
    assert old["x"] + old["width"] <= new["x"]


@pytest.mark.parametrize("script", [True, False])
def test_two_people_save_the_same_place_and_both_texts_are_there_to_choose(
    tab: OpenTab, office: Office, script: bool
) -> None:
    raw = f"{office.address}/drafts/{office.shared_draft()}/raw"
    ama = office.enter(tab(java_script_enabled=script), office.ama)
    kofi = office.enter(tab(java_script_enabled=script), office.kofi)
    for page in (ama, kofi):
        page.goto(raw)
    for page, title, town in ((ama, "Cash in hand", "Ama"), (kofi, "Cash on the line", "Kofi")):
        text = page.locator("#f-raw").input_value()
        text = text.replace("Cash by phone in Kenya", title)
        page.locator("#f-raw").fill(text.rstrip("\n") + f"\n\n{town} adds a paragraph.\n")
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_load_state()
    expect(kofi.locator("h1")).to_have_text("Two texts at the same place")
    title, body = kofi.locator(".place").all()
    expect(title).to_contain_text("in hand")
    expect(title).to_contain_text("on the line")
    kofi.get_by_role("button", name="Save the joined text").click()
    expect(kofi.get_by_text("Choose what is to stand here.")).to_have_count(2)
    title, body = kofi.locator(".place").all()
    title.get_by_label("Another text, which I write").check()
    title.get_by_role("textbox").fill("Cash in hand, on the line")
    body.get_by_label("Both, theirs first").check()
    kofi.get_by_role("button", name="Save the joined text").click()
    kofi.wait_for_load_state()
    kofi.goto(raw)
    done = kofi.locator("#f-raw").input_value()
    assert 'title: "Cash in hand, on the line"' in done
    assert done.index("Ama adds a paragraph.") < done.index("Kofi adds a paragraph.")


def test_two_texts_are_chosen_with_the_keyboard_and_compared(tab: OpenTab, office: Office) -> None:
    page = tab()
    page.goto(f"{office.address}/cases/cash-by-phone/history")
    page.locator("input[name=new]:checked").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?*")
    expect(page.locator("ins").first).to_be_visible()
    page.get_by_role("link", name="The other way round").click()
    expect(page.locator("h1")).to_contain_text("Compare")
