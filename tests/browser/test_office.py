"""The editors' room in a real browser, with script and without."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from indexer.library import Library
from kb.access import Person
from kb.app import create_app
from kb.present.office import TABS
from kb.records import counts, links
from kb.records.counts import Counted
from kb.records.database import now
from kb.records.links import Link
from kb.records.tables import job
from kb.services.desk import Desk, open_database
from kb.services.links import places
from kb.services.office import note
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories
from tests.browser.conftest import LONG, OpenTab
from tests.browser.sites import served
from tests.browser.test_axe import look
from tests.browser.test_layout import outside
from tests.people import add_person, signed_in

pytestmark = pytest.mark.browser

#: The pages of the room, each in the ways in which it can be asked for.
PAGES = (
    "/office", "/office/due", "/office/due?show=none", "/office/links", "/office/links?state=good",
    "/office/links?state=moved&done=again", "/office/links?state=new", "/office/searches",
    "/office/searches?days=365", "/office/gaps", "/office/gaps?by=groups&lack=money",
    "/office/gaps?by=areas&lang=fr", "/office/rights", "/office/events",
    "/office/events?action=published&name=x&words=y&since=2026-01-01&until=2026-12-31", "/people",
)  # fmt: skip
WRONG = "/office/events?since=yesterday&until=2026-02-30"


@dataclass(frozen=True)
class Room:
    address: str
    app: Flask
    desk: Desk
    editor: Person
    keeper: Person

    def enter(self, page: Page, person: Person, path: str = "/office") -> Page:
        """The tab with this person signed in, at a page."""
        client, _ = signed_in(self.app, person)
        cookie = client.get_cookie("session", domain="127.0.0.1")
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page.goto(self.address + path)
        return page


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    root = tmp_path_factory.mktemp("room")
    content = factories.library_folder(root / "content")
    today = date.today()
    for slug, day in (("crop-prices", today - timedelta(9)), ("tahwilat", today + timedelta(9))):
        path = content / "cases" / f"{slug}.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\n---\n", f"\nreview_by: {day}\n---\n", 1), encoding="utf-8")
    (content / "cases" / "long-words.md").write_text(
        factories.case_text(
            title=LONG[:150], contact={"name": LONG},
            sources=[{**one, "url": f"https://example.org/{LONG}/{n}"}
                     for n, one in enumerate(factories.SOURCES)],
        ),
        encoding="utf-8",
    )  # fmt: skip
    settings = Settings(content=content, var=root / "var", data=root / "data",
                        languages=("en", "ar"))  # fmt: skip
    desk = Desk(open_database(settings), Library.open(content, settings.var), settings)
    start(desk)
    editor = add_person(desk.database, "editor", f"Eva {LONG}", "eva@example.org")
    keeper = add_person(desk.database, "administrator", "Kofi", "kofi@example.org")
    _fill(desk, keeper)
    with served(create_app(settings, desk.library)) as address:
        yield Room(address, create_app(settings, desk.library), desk, editor, keeper)
    desk.database.close()


def _fill(desk: Desk, keeper: Person) -> None:
    """Something of everything, all of it as long as it can be."""
    urls = sorted(places(desk.library))
    last = [("dead", 404, ""), ("unsure", None, f"certificate {LONG}"), ("moved", 200, ""),
            ("not-asked", None, "private 10.0.0.1")]  # fmt: skip
    with desk.database.writing() as connection:
        for url, (state, status, detail) in zip(urls, last, strict=False):
            leads = f"https://example.org/{LONG}/new" if state == "moved" else ""
            links.put(connection, Link(url, state, status, detail, leads, now(), now(), 0))
        searched = (LONG, "مدفوعات رقمية", "drones & maize")
        counts.add(connection, [Counted(now().date(), words, 3, 3, 0) for words in searched])
        note(connection, keeper, "published", f"case/{LONG}", LONG)
        note(connection, keeper, "role", "eva@example.org", "reader to editor")
        connection.execute(
            sa.insert(job).values(
                task="mail", key=LONG, payload="{}", due_at=now(), worker="", tries=8,
                error=LONG * 3, failed_at=now(), at=now(),
            )
        )  # fmt: skip


def test_axe_finds_nothing_in_the_room_and_its_pages_fit_every_screen(
    tab: OpenTab, room: Room
) -> None:
    page = room.enter(tab(), room.keeper)
    for path in PAGES:
        assert look(page, room.address + path).status == 200, path
        assert outside(page) == {}, path
    assert look(page, room.address + WRONG).status == 422
    assert outside(page) == {}


def test_the_room_reads_from_right_to_left(tab: OpenTab, room: Room) -> None:
    page = room.enter(tab(), room.keeper)
    for path in ("/office?ui=ar", "/office/links?ui=ar", "/office/gaps?ui=ar&by=areas"):
        assert look(page, room.address + path).status == 200, path
        assert outside(page) == {}, path


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_editor_looks_at_an_overdue_case_again(tab: OpenTab, room: Room, script: bool) -> None:
    page = room.enter(tab(java_script_enabled=script), room.editor)
    expect(page.get_by_role("heading", level=1)).to_have_text("Editors’ room")
    page.get_by_role("link", name="Cases overdue for another look").click()
    row = page.locator("li", has_text="Crop prices by text message")
    row.get_by_role("button", name="Checked again today").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Crop prices by text message")
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    page.goto(f"{room.address}/cases/crop-prices")
    expect(page.locator("main .notice")).to_contain_text("This case was due for another look on")


def test_an_editor_lets_a_link_be_asked_again_and_stays_where_they_were(
    tab: OpenTab, room: Room
) -> None:
    page = room.enter(tab(java_script_enabled=False), room.editor, "/office/links")
    page.get_by_role("navigation", name="Which links").get_by_role("link", name="Dead").click()
    page.get_by_role("button", name="Ask again now").first.click()
    expect(page.get_by_role("status")).to_have_text("It will be asked again in a moment.")
    expect(page.locator('.chosen [aria-current="true"]')).to_contain_text("Dead")
    with room.desk.database.reading() as connection:
        asked = connection.execute(sa.select(job.c.key).where(job.c.task == "ask-link")).all()
    assert len(asked) == 1


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_administrator_narrows_the_events_and_takes_them_away(
    tab: OpenTab, room: Room, script: bool, tmp_path: Path
) -> None:
    page = room.enter(tab(java_script_enabled=script), room.keeper)
    page.get_by_role("link", name="Events", exact=True).click()
    page.locator("#action").select_option("role")
    page.locator("#name").fill("kofi")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".events li")).to_have_count(1)
    expect(page.locator(".events li")).to_contain_text("Kofi gave somebody another role")
    expect(page.locator("#name")).to_have_value("kofi")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take all of these away (CSV)").click()
    taken.value.save_as(tmp_path / "events.csv")
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["name"], row["action"], row["detail"]) == ("Kofi", "role", "reader to editor")


def test_tabs_are_those_that_one_may_open(tab: OpenTab, room: Room) -> None:
    page = room.enter(tab(), room.editor)
    shown = page.locator(".tabs a").all_inner_texts()
    assert "Events" not in shown
    assert "People" not in shown
    assert shown[0] == "Overview"
    page = room.enter(tab(), room.keeper)
    assert len(page.locator(".tabs a").all()) == len(TABS)
