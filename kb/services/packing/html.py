"""A book as one page of HTML, complete in itself: to print, or to read without a network."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

from kb.services.packing.book import Book
from kb.services.packing.writing import render, style

#: Where the stylesheets are put; they are our own, so no word in them is escaped.
NO_STYLE = "<style></style>"
_PICTURE = re.compile(r'src="pictures/([^"]+)"')


#: The stylesheets of the page that is shown and printed by browsers.
SCREEN = ("book.css", "book-screen.css")


def whole(book: Book, report: Callable[[int, int], None]) -> bytes:
    """The page to read on a screen and to print from there."""
    return page(book, *SCREEN, on_screen=True).encode()


def policy() -> str:
    """What a browser may do with the page: show it with the style that is in it, and its pictures.

    A Content-Security-Policy; the style is named by its hash, so that no other one counts.
    """
    own = b64encode(sha256(_style(*SCREEN).encode()).digest()).decode()
    return "; ".join(
        (
            *("default-src 'none'", f"style-src 'sha256-{own}'", "img-src data:"),
            *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
        )
    )


def _style(*names: str, more: str = "") -> str:
    return f"\n{style(*names)}{more}"


def page(book: Book, *styles: str, on_screen: bool = False, more: str = "") -> str:
    """The whole book as HTML with its stylesheets and pictures inside; `more` is style as well."""
    text = render("whole.xhtml", book=book, on_screen=on_screen).lstrip()
    text = text.replace(NO_STYLE, f"<style>{_style(*styles, more=more)}</style>", 1)
    data = {one.name: f"data:{one.type};base64,{b64encode(one.data).decode()}"
            for one in book.pictures}  # fmt: skip
    return _PICTURE.sub(lambda found: f'src="{data.get(found[1], "")}"', text)
