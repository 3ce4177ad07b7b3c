"""A process that wants a file of a pack: `python -m tests.kb.packing.makers ROOT`.

It says when it is ready, waits for a line, and tells how often the file was made here.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from indexer.library import Library
from kb.access import CONSOLE
from kb.present.book import book_of
from kb.services.packing import shelf
from kb.services.packing.book import Book
from kb.services.packing.forms import FORMS, Report
from tests import books


def main() -> None:
    """Makes the e-book of a pack once, if nobody else does."""
    root = Path(sys.argv[1])
    library = Library.open(root / "content", root / f"var-of-{sys.argv[2]}")
    settings = books.settings_of(library)
    made = []

    def counted(book: Book, report: Report) -> bytes:
        made.append(book.stamp)
        return FORMS["epub"].make(book, report)

    wish = shelf.Wish("learning-to-pay", "", "epub", "trainer")
    wanted = shelf.order(library, CONSOLE, settings, wish)
    wanted = replace(wanted, form=replace(wanted.form, make=counted))
    print("ready", flush=True)
    sys.stdin.readline()
    data = shelf.made(library, settings, wanted, book_of)
    print(len(made), len(data), flush=True)


if __name__ == "__main__":
    main()
