"""A book as EPUB 3: a page for each case, a table of contents that readers of e-books show."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.services.packing.book import Book, Chapter, Section
from kb.services.packing.cover import cover
from kb.services.packing.writing import render, style

TYPE = "application/epub+zip"
FOLDER = "EPUB"
CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    f'<rootfile full-path="{FOLDER}/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)


@dataclass(frozen=True)
class Page:
    """A file of the book: `kind` is what its template shows, `of` the part or case it is of.

    `type` is the word of EPUB for it; `drawn` tells that a drawing stands in it.
    """

    id: str
    title: str
    kind: str
    type: str
    drawn: bool = False
    of: Section | Chapter | None = None


def made(book: Book, report: Callable[[int, int], None]) -> bytes:
    """The e-book as a file."""
    pages = tuple(_pages(book))
    values = {
        "book": book,
        "pages": pages,
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{book.url}#{book.stamp}')}",
        "others": sorted({one.lang for one in book.chapters} - {book.lang}),
        "start": f"{book.chapters[0].id if book.chapters else 'glance'}.xhtml",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(entry("mimetype", book, zipfile.ZIP_STORED), TYPE)
        file.writestr(entry("META-INF/container.xml", book), CONTAINER)
        for name in ("package.opf", "nav.xhtml", "toc.ncx"):
            file.writestr(entry(f"{FOLDER}/{name}", book), written(f"epub/{name}", **values))
        file.writestr(entry(f"{FOLDER}/book.css", book), style("book.css"))
        file.writestr(entry(f"{FOLDER}/cover.png", book, zipfile.ZIP_STORED), cover(book))
        for number, page in enumerate(pages, 1):
            text = written("epub/page.xhtml", book=book, page=page)
            file.writestr(entry(f"{FOLDER}/{page.id}.xhtml", book), text)
            report(number, len(pages))
        for one in book.pictures:
            name = f"{FOLDER}/pictures/{one.name}"
            file.writestr(entry(name, book, zipfile.ZIP_STORED), one.data)
    return out.getvalue()


def written(template: str, **values: object) -> str:
    """A template whose first line must stand at the very beginning."""
    return render(template, **values).lstrip()


def entry(name: str, book: Book, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """A file of a zip that carries the day of the book, so that the same book is the same zip."""
    day = book.made
    info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    info.compress_type = how
    info.external_attr = 0o644 << 16
    return info


def _pages(book: Book) -> Iterator[Page]:
    yield Page("cover", book.words["cover"], "cover", "cover", drawn=True)
    yield Page("glance", book.words["glance"], "glance", "frontmatter")
    for section in book.sections:
        yield Page(section.id, section.title, "part", "bodymatter", of=section)
        for one in section.chapters:
            yield Page(one.id, one.title, "chapter", "bodymatter", drawn=True, of=one)
    yield Page("about", book.words["about"], "about", "backmatter")
