"""A real Chromium, real sites, and tabs that report whatever goes wrong in them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from indexer.library import Library
from kb.app import ROOT, create_app
from kb.services.opening import Opening
from kb.settings import Settings
from tests import factories
from tests.browser.chromium import HOW, executable, launched
from tests.browser.sites import kb_serve, served

OpenTab = Callable[..., Page]
OWN = ("127.0.0.1", "localhost")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützen" * 3
#: What Chromium itself says about a page that answers with an error, which is no fault of the page.
EXPECTED = "Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1, but: {HOW}")
        pytest.skip(HOW)
    expect.set_options(timeout=20_000)
    with launched(path) as browser:
        yield browser


@pytest.fixture(scope="package")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real content, served by `kb serve`."""
    with kb_serve(ROOT / "content", tmp_path_factory.mktemp("var")) as address:
        yield address


@pytest.fixture(scope="package")
def odd_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small site of rare things.

    It has cases in many languages, a translation, a case that was withdrawn, words longer than a
    screen, an interface in Arabic, and a page that fails at /broken.
    """
    root = factories.library_folder(tmp_path_factory.mktemp("odd"))
    (root / "cases" / "long-words.md").write_text(_case_of_long_words(), encoding="utf-8")
    var = tmp_path_factory.mktemp("odd-var")
    settings = Settings(content=root, data=var / "data", var=var)
    with served(_app_that_breaks(settings, Library.open(settings.content, settings.var))) as found:
        yield found


@pytest.fixture(scope="package")
def closed_site(browser: Browser) -> Iterator[str]:
    """The address of a site whose library cannot be opened."""

    def fail() -> Library:
        raise OSError("no room left on the disk")

    app = create_app(Settings())
    app.extensions["sankofa.opening"] = Opening(fail)
    log = logging.getLogger("kb")
    log.disabled = True  # the failure is meant, and told at every request
    with served(app) as address:
        yield address
    log.disabled = False


def _app_that_breaks(settings: Settings, library: Library) -> Flask:
    app = create_app(replace(settings, languages=("en", "ar", "fr")), library)

    def broken() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/broken", view_func=broken)
    return app


def _case_of_long_words() -> str:
    return factories.case_text(
        f"\n## Context\n\n{LONG} [1]\n\n| a | b | c | d |\n|---|---|---|---|\n"
        f"| {LONG} | {LONG} | {LONG} | {LONG} |\n\n    {LONG}{LONG}\n\n"
        f"## What went wrong\n\nSee [{LONG}](https://example.org/{LONG}), which tells more [2].\n",
        title=LONG[:150],
        summary=f"{LONG} is a word that no telephone has room for.",
        review_by=date(2026, 5, 3),
        organisations=[{"name": LONG, "role": "implementer"}],
        results=[
            {"indicator": LONG, "value": 10**12, "unit": LONG[:26], "year": year, "source": 1,
             "series": "s"} for year in (2008, 2009)
        ] + [{"indicator": LONG, "value": 1, "unit": LONG[:26], "year": 2009, "source": 2}],
        sources=[{**one, "title": LONG, "publisher": LONG} for one in factories.SOURCES],
    )  # fmt: skip


@dataclass
class Trouble:
    """What went wrong in the tabs of a test, in the order it was seen."""

    seen: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note complaints, uncaught errors, dialogs and requests to other hosts."""
        context.on("console", lambda message: self._said(message.type, message.text))
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))
        context.on("request", lambda request: self._asked(request.url))
        context.on("dialog", self._dialog)

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(EXPECTED):
            self.seen.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        own = parts.hostname in OWN or (parts.hostname or "").endswith(".localhost")
        if parts.scheme not in ("data", "blob", "about") and not own:
            self.seen.append(f"request to another host: {url}")

    def _dialog(self, dialog: Any) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def tab(browser: Browser, trouble: Trouble) -> Iterator[OpenTab]:
    """A function that opens a tab in a browser without cookies.

    After the test, nothing may have been complained about, asked of another host or popped up.
    """
    contexts = []

    def open_tab(width: int = 1280, height: int = 800, **options: Any) -> Page:
        size = ViewportSize(width=width, height=height)
        context = browser.new_context(viewport=size, locale="en-GB", **options)
        context.set_default_timeout(30_000)
        trouble.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()
    assert trouble.seen == []


@pytest.fixture(scope="session")
def cases() -> tuple[str, ...]:
    """The addresses of all cases of the real content, as paths."""
    found = sorted((Path(ROOT) / "content" / "cases").glob("*.md"))
    return tuple(f"/cases/{path.stem}" for path in found if "." not in path.stem)
