"""The offline folder of a pack in Chromium: from file://, the network off, with script and without.

The folder is opened as somebody would who got it on a stick.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.services.packing.book import Book
from kb.services.packing.folder import made
from tests.browser.test_axe import ALL, axe, violations
from tests.carried import a_book, an_arabic_book

pytestmark = pytest.mark.browser


def unpacked(book: Book, root: Path) -> Path:
    """Where the first page of a folder lies that was unpacked."""
    with zipfile.ZipFile(io.BytesIO(made(book, lambda done, all_: None))) as box:
        box.extractall(root)
    return root / book.slug / "index.html"


@contextmanager
def offline(browser: Browser, **options: Any) -> Iterator[Page]:
    """A tab without a network; whatever it asks for, or says, beside files is a failure."""
    context = browser.new_context(offline=True, **options)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.on("pageerror", lambda error: asked.append(str(error)))
    yield page
    assert all(one.startswith("file://") for one in asked), asked
    context.close()


def test_a_folder_is_read_from_first_to_last_page(browser: Browser, tmp_path: Path) -> None:
    book = a_book()
    with offline(browser, java_script_enabled=False) as page:
        page.goto(unpacked(book, tmp_path).as_uri())
        expect(page.locator("h1")).to_have_text(book.title)
        expect(page.locator(".seek")).to_be_hidden()
        page.get_by_role("link", name=book.chapters[0].title).click()
        for chapter in book.chapters:
            expect(page.get_by_role("heading", name=chapter.title, exact=True)).to_be_visible()
            if chapter is not book.chapters[-1]:
                page.locator("a[rel=next]").click()
        page.locator(".ways a").last.click()
        expect(page.locator("#contents-title")).to_be_in_viewport()


@pytest.mark.parametrize("make", [a_book, an_arabic_book])
def test_a_folder_is_searched_without_a_server(
    browser: Browser, tmp_path: Path, make: Callable[[], Book]
) -> None:
    book = make()
    chapter = book.chapters[0]
    with offline(browser) as page:
        page.goto(unpacked(book, tmp_path).as_uri())
        page.locator("#q").fill(chapter.title)
        page.keyboard.press("Enter")
        first = page.locator("#hits a").first
        expect(first).to_contain_text(chapter.title)
        first.click()
        expect(page.get_by_role("heading", name=chapter.title, exact=True)).to_be_visible()
        page.locator("#q").fill("<b>zzxq</b>")
        page.get_by_role("button", name=book.words["search"]).click()
        told = book.words["nothing"].replace("{}", "<b>zzxq</b>")
        expect(page.locator("#count")).to_have_text(told)


def test_search_forgives_endings_accents_and_a_wrong_letter(
    browser: Browser, tmp_path: Path
) -> None:
    book = a_book(summary="Vendors of vegetables in Curaçao keep ledgers by telephone.")
    with offline(browser) as page:
        start = unpacked(book, tmp_path).as_uri()
        for asked in ("vendor", "curacao", "TELEPHONES", "vegetibles", "ledg the"):
            page.goto(start.replace("index.html", f"search.html?q={asked}"))
            expect(page.locator("#hits mark").first).to_be_visible()
            expect(page.locator("#hits")).to_contain_text("Curaçao")


@pytest.mark.parametrize("make", [a_book, an_arabic_book])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    browser: Browser, tmp_path: Path, make: Callable[[], Book]
) -> None:
    start = unpacked(make(), tmp_path).as_uri()
    for scheme in ("light", "dark"):
        viewport = {"width": 360, "height": 740}
        with offline(browser, color_scheme=scheme, viewport=viewport) as page:
            for name in ("index.html", "case-1.html", "search.html?q=a"):
                page.goto(start.replace("index.html", name))
                page.evaluate(axe.axe_script)
                assert violations(page, ALL) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= 360
