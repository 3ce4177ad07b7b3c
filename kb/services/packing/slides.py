"""A pack as slides: a file of PowerPoint, which LibreOffice and Keynote open as well."""

from __future__ import annotations

from kb.services.packing.book import Book
from kb.services.packing.slides_told import slides_of

TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def made(book: Book, report: object) -> bytes:
    """The file (.pptx)."""
    from kb.services.packing.slides_drawn import drawn  # python-pptx is heavy

    return drawn(book, slides_of(book))
