"""A pack and its cases as Markdown, byte for byte as the library keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from kb.services.packing.book import Book, Chapter
from kb.services.packing.zipping import File, zipped


def made(book: Book, report: object) -> bytes:
    """The zip: README.md, the text of the pack, those of its cases, and their pictures."""
    return zipped(_files(book), book.made)


def file_of(chapter: Chapter) -> str:
    """Where the text of a case lies."""
    lang = f".{chapter.lang}" if chapter.lang else ""
    return f"cases/{chapter.number:02}-{chapter.slug}{lang}.md"


def _files(book: Book) -> Iterator[File]:
    root = PurePosixPath(book.slug)
    yield f"{root}/README.md", readme(book).encode()
    yield f"{root}/{book.slug}.{book.lang}.md", book.markdown.encode()
    for chapter in book.chapters:
        if chapter.markdown:
            yield f"{root}/{file_of(chapter)}", chapter.markdown.encode()
    for picture in book.pictures:
        yield f"{root}/pictures/{picture.name}", picture.data


def readme(book: Book) -> str:
    """What lies there, of which revision, and under what licence."""
    words = book.words
    lines = [f"# {_plain(book.title)}", "", _plain(book.summary), "", f"<{book.url}>", ""]
    lines += [f"{words['licence']}: {_plain(book.licence.name or book.licence.id)}"
              f" <{book.licence.url}>" if book.licence.url else "", ""]  # fmt: skip
    lines += [_plain(curator.name) for curator in book.curators] + [""] * bool(book.curators)
    for section in book.sections:
        lines += [f"## {_plain(section.title)}", ""]
        for chapter in section.chapters:
            name = _plain(chapter.title)
            link = f"[{name}]({file_of(chapter)})" if chapter.markdown else name
            lines.append(f"{chapter.number}. {link}, `{chapter.revision}`, <{chapter.url}>")
        lines.append("")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A text in one line that Markdown reads as it stands."""
    line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>#" else letter for letter in line)
