"""A book as one page of HTML, complete in itself: to be printed, or to be read without a network."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable

from kb.services.packing.book import Book
from kb.services.packing.writing import render, style

#: Where the stylesheets are put; they are our own, so no word in them is escaped.
NO_STYLE = "<style></style>"
_PICTURE = re.compile(r'src="pictures/([^"]+)"')


def whole(book: Book, report: Callable[[int, int], None]) -> bytes:
    """The page to read on a screen and to print from there."""
    return page(book, "book.css", "book-screen.css", on_screen=True).encode()


def page(book: Book, *styles: str, on_screen: bool = False, more: str = "") -> str:
    """The whole book as HTML with its stylesheets and pictures inside; `more` is style as well."""
    text = render("whole.xhtml", book=book, on_screen=on_screen).lstrip()
    text = text.replace(NO_STYLE, f"<style>\n{style(*styles)}{more}</style>", 1)
    data = {one.name: f"data:{one.type};base64,{b64encode(one.data).decode()}"
            for one in book.pictures}  # fmt: skip
    return _PICTURE.sub(lambda found: f'src="{data.get(found[1], "")}"', text)
