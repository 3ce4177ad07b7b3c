"""A book as PDF, by WeasyPrint, which is an optional capability: see `lacks`.

It is drawn by a process of its own (`kb.services.packing.press`): that takes seconds and memory,
which a site that answers requests meanwhile must not feel.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes.util import find_library
from functools import cache
from typing import IO

from kb.services.drawing_png import FONTS
from kb.services.packing.book import Book
from kb.services.packing.fonts import faces
from kb.services.packing.html import page
from kb.services.packing.writing import ROOT
from kb.settings import bare_environment

#: The libraries of the system that draw: what the loader calls them, and Debian's packages.
LIBRARIES: Mapping[str, str] = {
    "gobject-2.0": "libglib2.0-0",
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz": "libharfbuzz0b",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "libfontconfig1",
}
#: Seconds after which a book is given up.
PATIENCE = 300.0
#: Pages that a case takes, by which it is told how much is done.
PAGES_OF_A_CASE, PAGES_AROUND = 6, 5


class PressFailed(Exception):
    """A book could not be drawn; says why."""


def made(book: Book, report: Callable[[int, int], None]) -> bytes:
    """The book as PDF, with tags for those who do not see it. Raises PressFailed."""
    missing = lacks()
    if missing:
        raise PressFailed(missing)
    html = page(book, "book.css", "book-pages.css")
    html = page(book, "book.css", "book-pages.css", more=faces(frozenset(map(ord, html))))
    return _drawn(html, report, PAGES_AROUND + PAGES_OF_A_CASE * len(book.chapters))


# The process -------------------------------------------------------------------------------


def _drawn(html: str, report: Callable[[int, int], None], pages: int) -> bytes:
    command = [sys.executable, "-m", "kb.services.packing.press", f"{FONTS.as_uri()}/"]
    with subprocess.Popen(  # noqa: S603 - no word of it was typed by a person
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        env=bare_environment(),
    ) as press, _given_up(press):  # fmt: skip
        assert press.stdin and press.stdout and press.stderr
        writing = threading.Thread(target=_write, args=(press.stdin, html.encode()), daemon=True)
        reading = _Reading(press.stdout)
        writing.start()
        reading.start()
        said = list(_listened(press.stderr, report, pages))
        writing.join()
        reading.join()
    if press.returncode or not reading.data.startswith(b"%PDF-"):
        raise PressFailed("".join(said)[-500:].strip() or f"it ended with {press.returncode}")
    report(pages, pages)
    return reading.data


class _Reading(threading.Thread):
    """Takes what a process writes while something else of it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self.data = b""

    def run(self) -> None:
        self.data = self._stream.read()


def _write(stream: IO[bytes], data: bytes) -> None:
    try:
        stream.write(data)
        stream.close()
    except BrokenPipeError:
        pass  # what ended the process is told by its last words


def _listened(stream: IO[bytes], report: Callable[[int, int], None], pages: int) -> Iterator[str]:
    """Pass on how far the process is; yield what else it says."""
    furthest = 0
    for raw in stream:
        line = raw.decode("utf-8", "replace")
        if not line.strip().isdigit():
            yield line
        elif int(line) > furthest:
            furthest = int(line)
            report(min(furthest, pages - 1), pages)


@contextmanager
def _given_up(press: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process that takes too long."""
    timer = threading.Timer(PATIENCE, press.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


# What is missing ---------------------------------------------------------------------------


def lacks() -> str:
    """What this machine lacks for PDF, with the packages that bring it; "" for nothing."""
    if importlib.util.find_spec("weasyprint") is None:
        return "WeasyPrint is missing. Run: pip install 'sankofa[pdf]'"
    packages = [package for name, package in LIBRARIES.items() if not _is_there(name)]
    if packages:
        return f"Libraries are missing. On Debian and Ubuntu: apt-get install {' '.join(packages)}"
    return ""


@cache
def _is_there(name: str) -> bool:
    """Is a library of the system there? Looked for once: that starts other programs."""
    return find_library(name) is not None
