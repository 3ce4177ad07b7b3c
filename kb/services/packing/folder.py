"""A pack as a folder of pages that open from a stick with a double click, with no server.

Pages link to one another relatively and fetch nothing. A browser lets no page of a folder read a
file beside it, so the index of the search comes as a script.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.services.packing.book import Book, Chapter, Section
from kb.services.packing.folder_index import script
from kb.services.packing.writing import render, style
from kb.services.packing.zipping import File, zipped


def made(book: Book, report: object) -> bytes:
    """The folder as a zip, all of it in one folder named like the pack."""
    files = ((f"{book.slug}/{name}", content) for name, content in _files(book))
    return zipped(files, book.made)


def _files(book: Book) -> Iterator[File]:
    yield "index.html", render("folder/index.xhtml", book=book).encode()
    for section in book.sections:
        for chapter in section.chapters:
            yield f"{chapter.id}.html", _case(book, section, chapter).encode()
    yield "search.html", render("folder/search.xhtml", book=book).encode()
    yield "files/pack.css", style("book.css", "book-screen.css", "pack-folder.css").encode()
    yield "files/pack.js", style("pack-folder.js").encode()
    yield "files/index.js", script(book).encode()
    for picture in book.pictures:
        yield f"pictures/{picture.name}", picture.data
    yield "READ-ME.txt", _read_me(book).encode("utf-8-sig")


def _case(book: Book, section: Section, chapter: Chapter) -> str:
    place = chapter.number - 1
    chapters = book.chapters
    return render(
        "folder/case.xhtml",
        book=book,
        section=section,
        one=chapter,
        first_of_part=chapter == section.chapters[0],
        before=chapters[place - 1] if place else None,
        after=chapters[place + 1] if chapter.number < len(chapters) else None,
    )


def _read_me(book: Book) -> str:
    """What to do with the folder, for whoever opens a text first; old editors want CR LF."""
    licence = " ".join(filter(None, (book.licence.name, book.licence.url)))
    lines = (book.title, "", book.words["how_to_open"], "", book.version, book.provenance, book.url,
             licence, *(curator.name for curator in book.curators))  # fmt: skip
    return "\r\n".join((*lines, ""))
