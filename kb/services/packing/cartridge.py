"""A pack as a Common Cartridge 1.1, which learning platforms take in as a course.

Its modules are the parts of the pack, its lessons web pages; the questions of a case are an
assessment of essays after it (QTI 1.2). What the format asks for is told in docs/packs.md, with
what the importer of Moodle needs beyond that; the tests read every cartridge by rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import shorten

from kb.services.packing.book import Book, Chapter, Prose
from kb.services.packing.writing import render, style
from kb.services.packing.zipping import File, zipped

FOLDER = "pack"
STYLE = f"{FOLDER}/style.css"
#: Letters that the name of a question has at most: platforms keep 255.
LONGEST_NAME = 120
#: What Moodle puts into XML as it stands, so that it must not hold these.
_UNSAFE = str.maketrans({"&": "＆", "<": "‹", ">": "›"})


@dataclass(frozen=True)
class Lesson:
    """An entry of a module: a page, with the files that it needs, or an assessment."""

    id: str
    title: str
    href: str
    text: str
    needs: tuple[str, ...] = ()
    for_trainers: bool = False
    assessment: bool = False


@dataclass(frozen=True)
class Module:
    """A part of the course."""

    id: str
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Question:
    """A question as HTML of ASCII alone, and what it is called in a list."""

    name: str
    html: str


def made(book: Book, report: object) -> bytes:
    """The cartridge (.imscc)."""
    return zipped(_files(book), book.made)


def _files(book: Book) -> Iterator[File]:
    modules = tuple(_modules(book))
    pictures = {f"{FOLDER}/pictures/{picture.name}": picture.data for picture in book.pictures}
    files = [STYLE, *pictures]
    rights = " ".join(filter(None, (book.licence.name, book.licence.url)))
    manifest = render(
        "cartridge/manifest.xml", book=book, modules=modules, files=files, rights=rights
    )
    yield "imsmanifest.xml", manifest.encode()
    for module in modules:
        for lesson in module.lessons:
            yield lesson.href, lesson.text.encode()
    yield STYLE, style("pack-cartridge.css").encode()
    yield from pictures.items()


def _modules(book: Book) -> Iterator[Module]:
    about = [
        _page("about", book.title, render("cartridge/about.xhtml", book=book),
              _pictures(book, (book.introduction,))),
    ]  # fmt: skip
    if any(chapter.note for chapter in book.chapters):
        notes = render("cartridge/notes.xhtml", book=book)
        about.append(_page("notes", book.words["teaching"], notes, for_trainers=True))
    yield Module("start", _title(book.words["start"]), tuple(about))
    for section in book.sections:
        lessons = []
        if section.intro:
            text = render("cartridge/part.xhtml", book=book, section=section)
            lessons.append(_page(section.id, section.title or section.label, text))
        for chapter in section.chapters:
            lessons += _lessons(book, chapter)
        if lessons:
            title = _title(section.title or section.label)
            yield Module(f"module-{section.number}", title, tuple(lessons))


def _lessons(book: Book, chapter: Chapter) -> Iterator[Lesson]:
    prose = (chapter.lead, *(passage.prose for passage in chapter.passages))
    text = render("cartridge/case.xhtml", book=book, chapter=chapter, figures=chapter.stated)
    yield _page(chapter.id, chapter.title, text, _pictures(book, prose))
    if chapter.questions:
        yield _assessment(book, chapter)


def _page(
    id_: str, title: str, text: str, pictures: Sequence[str] = (), *, for_trainers: bool = False
) -> Lesson:
    href, needs = f"{FOLDER}/{id_}.html", (STYLE, *pictures)
    return Lesson(id_, title, href, text, needs, for_trainers)


def _assessment(book: Book, chapter: Chapter) -> Lesson:
    id_ = f"{chapter.id}-questions"
    title = f"{book.words['questions']}: {chapter.title}"
    questions = [_question(book, text) for text in chapter.questions]
    text = render("cartridge/assessment.xml", book=book, id=id_, title=title, questions=questions)
    return Lesson(id_, title, f"assessments/{id_}.xml", text, assessment=True)


def _question(book: Book, text: str) -> Question:
    """A question, its letters beyond ASCII as numbers: Moodle reads its bytes as Latin 1."""
    html = f'<p lang="{book.lang}" dir="{book.direction}">{escape(text, quote=False)}</p>'
    name = shorten(text, LONGEST_NAME, placeholder=" …")
    return Question(name, html.encode("ascii", "xmlcharrefreplace").decode())


def _pictures(book: Book, texts: Sequence[Prose]) -> tuple[str, ...]:
    """The files of the pictures that stand in some texts."""
    names = (picture.name for picture in book.pictures)
    return tuple(
        f"{FOLDER}/pictures/{name}"
        for name in names
        if any(f'"pictures/{name}"' in text.html for text in texts)
    )


def _title(title: str) -> str:
    return title.translate(_UNSAFE)
