"""Where the system's Chromium is, and how tests and screenshots start it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser")
HOW = (
    "There is no Chromium. On Debian and Ubuntu: apt-get install chromium"
    " (or name an executable in CHROMIUM)."
)
#: A browser that draws without a graphics card and asks nobody on the network for anything.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def executable() -> str | None:
    """The path of Chromium: what CHROMIUM names, else the first on PATH; None without one."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return named if Path(named).is_file() else shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """The Chromium at `path`, closed at the end. No browser is downloaded."""
    with sync_playwright() as playwright:
        browser = _launch(playwright, path)
        yield browser
        browser.close()


def _launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
