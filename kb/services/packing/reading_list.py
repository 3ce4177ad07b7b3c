"""What to read for a pack, as a table that opens in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from kb.services.cells import csv_lines
from kb.services.packing.book import Book

#: Always the same: they are not in the reader's language.
COLUMNS = ("case", "part", "kind", "title", "publisher", "year", "url", "minutes", "language",
           "revision", "updated", "licence", "citation")  # fmt: skip
CASE, SOURCE = "case", "source"


def made(book: Book, report: object) -> bytes:
    """A row for each case, with its sources below it; `case` is the number of the case."""
    return "".join(csv_lines(COLUMNS, _rows(book))).encode()


def _rows(book: Book) -> Iterator[list[object]]:
    for section in book.sections:
        for chapter in section.chapters:
            yield [chapter.number, section.title, CASE, chapter.title, book.site,
                   chapter.updated.year if chapter.updated else None, chapter.url,
                   chapter.minutes or None, chapter.lang, chapter.revision,
                   chapter.updated.isoformat() if chapter.updated else None,
                   chapter.licence.id, chapter.citation]  # fmt: skip
            for source in chapter.sources:
                yield [chapter.number, section.title, SOURCE, source.title, source.publisher,
                       source.year, source.url, None, None, None, None, None, None]  # fmt: skip
