"""The table of forms in which a pack is taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.services.packing import epub, html, pdf
from kb.services.packing.book import Book

#: Told while a form is made: how much is done, and how much there is.
Report = Callable[[int, int], None]


def nothing_missing() -> str:
    """What a form lacks that needs nothing."""
    return ""


@dataclass(frozen=True)
class Form:
    """A form: what its address ends in, its media type, and how it is made of a book.

    The same book gives the same bytes. Without `editions` notes are in no edition of it. One that
    is `slow` is made as background work; one that is `shown` is a page, others are saved as files.
    `lacks` says what is missing on this machine, and which package brings it; "" for nothing.
    """

    suffix: str
    type: str
    make: Callable[[Book, Report], bytes]
    editions: bool = True
    slow: bool = False
    shown: bool = False
    lacks: Callable[[], str] = nothing_missing


FORMS: Mapping[str, Form] = {
    form.suffix: form
    for form in (
        Form("html", "text/html", html.whole, shown=True),
        Form("pdf", "application/pdf", pdf.made, slow=True, lacks=pdf.lacks),
        Form("epub", "application/epub+zip", epub.made),
    )
}
