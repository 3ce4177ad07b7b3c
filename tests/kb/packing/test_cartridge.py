"""Packs as Common Cartridges, read again by a reader that was written from the specification."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from markupsafe import escape

from kb.services.packing.book import Book
from kb.services.packing.cartridge import made
from tests.carried import a_book, a_plain_book, an_arabic_book
from tests.cartridge import ASSESSMENT, WEB, Cartridge, Entry, read
from tests.moodle import NotImported, imported

Change = Callable[[str], str]
ROUGH = 'A & B <i>"C"</i> ]]> &amp; \u2019 \u0645'


def done(book: Book) -> bytes:
    return made(book, lambda done, all_: None)


def rough_book() -> Book:
    """A book whose texts hold what XML, HTML and importers stumble over."""
    book = a_book()
    sections = tuple(
        replace(
            section,
            title=ROUGH,
            intro=ROUGH,
            chapters=tuple(
                replace(one, title=ROUGH, summary=ROUGH, note=ROUGH, questions=(ROUGH * 12,))
                for one in section.chapters
            ),
        )
        for section in book.sections
    )
    return replace(book, title=ROUGH, summary=ROUGH, objectives=(ROUGH,), sections=sections)


def lessons(cartridge: Cartridge) -> list[Entry]:
    return [lesson for module in cartridge.entries for lesson in module.entries]


@pytest.mark.parametrize("make", [a_book, an_arabic_book, rough_book])
def test_a_cartridge_is_one_by_the_rules_of_the_specification(make: Callable[[], Book]) -> None:
    book = make()
    found = read(done(book))
    assert found.problems == []
    assert found.title == book.title
    assert found.language == book.lang
    assert book.licence.name in found.rights


def test_modules_are_the_parts_of_the_pack_and_lessons_its_cases_in_order() -> None:
    book = a_book()
    found = read(done(book))
    assert [module.title for module in found.entries[1:]] == [one.title for one in book.sections]
    titles = [chapter.title for chapter in book.chapters]
    assert [one.title for one in lessons(found) if one.title in titles] == titles
    for one in lessons(found):
        assert one.resource is not None
        assert one.resource.kind in (WEB, ASSESSMENT)


def test_pages_hold_texts_figures_sources_and_licence() -> None:
    book = a_book()
    found = read(done(book))
    for chapter in book.chapters:
        page = found.files[f"pack/{chapter.id}.html"].decode()
        for passage in chapter.passages:
            assert passage.prose.html in page
        for figure in chapter.stated:
            assert escape(figure.value) in page
        for source in chapter.sources:
            assert escape(source.title) in page
        assert chapter.licence.name in page
        assert chapter.url in page


@pytest.mark.parametrize("make", [a_book, an_arabic_book, rough_book])
def test_moodle_gets_every_page_and_every_question_letter_for_letter(
    make: Callable[[], Book],
) -> None:
    book = make()
    sections = imported(done(book))
    assert len(sections) == 1 + len(book.sections)
    quizzes = [one for _, activities in sections for one in activities if one.kind == "quiz"]
    asked = [one.questions for one in book.chapters if one.questions]
    assert [quiz.texts for quiz in quizzes] == asked
    pages = [one for _, activities in sections for one in activities if one.kind == "page"]
    assert {one.title for one in book.chapters} <= {page.name for page in pages}
    assert f'dir="{book.direction}"' in pages[0].texts[0]


def test_teaching_notes_are_for_instructors_alone() -> None:
    book = a_book()
    note = next(chapter.note for chapter in book.chapters if chapter.note)
    first = note.split("\n\n")[0]
    for _, activities in imported(done(book)):
        for one in activities:
            assert one.visible != any(first in text for text in one.texts)
    plain = done(a_plain_book())
    with zipfile.ZipFile(io.BytesIO(plain)) as box:
        assert not any(first.encode() in box.read(name) for name in box.namelist())
    assert all(one.visible for _, activities in imported(plain) for one in activities)


def test_the_same_book_gives_the_same_bytes() -> None:
    assert done(a_book()) == done(a_book())


# The readers are strict: each of these is no cartridge any more. -------------------------------

MANIFEST, QUIZ, PAGE = "imsmanifest.xml", "assessments/case-1-questions.xml", "pack/case-1.html"
SPOILT: list[tuple[str, Change]] = [
    (MANIFEST, lambda text: text.replace("1.1.0", "1.1")),
    (MANIFEST, lambda text: text.replace("IMS Common Cartridge</schema>", "IMS Content</schema>")),
    (MANIFEST, lambda text: text.replace(' structure="rooted-hierarchy"', "")),
    (MANIFEST, lambda text: text.replace("imscc_xmlv1p1/assessment", "imscc_xmlv1p0/assessment")),
    (MANIFEST, lambda text: text.replace('"I_case-1"', '"I_about"')),
    (MANIFEST, lambda text: text.replace('identifierref="R_case-1"', 'identifierref="R_none"')),
    (MANIFEST, lambda text: text.replace('identifier="I_case-1"', 'identifier="1 case"')),
    (MANIFEST, lambda text: text.replace('<file href="pack/case-1.html"/>', "")),
    (MANIFEST, lambda text: text.replace("pack/case-1.html", "pack/case-0.html")),
    (MANIFEST, lambda text: text.replace('<item identifier="I_root">',
                                         '<item identifier="I_root"><title>All</title>')),
    (MANIFEST, lambda text: text.replace("<metadata>", "<metadata><note/>", 1)),
    (MANIFEST, lambda text: text.replace(">training<", ">learning<")),
    (MANIFEST, lambda text: text.replace('"webcontent" href', '"webcontent" title="x" href')),
    (QUIZ, lambda text: text.replace("cc.essay.v0p1", "cc.essay.v1")),
    (QUIZ, lambda text: text.replace("cc.exam.v0p1", "cc.quiz.v0p1")),
    (QUIZ, lambda text: text.replace(">No<", ">Yes<")),
    (QUIZ, lambda text: text.replace("<itemmetadata>", "<duration/><itemmetadata>")),
    (QUIZ, lambda text: text.replace(' title="', ' label="', 1)),
    (QUIZ, lambda text: text.replace('varname="SCORE"', 'varname="POINTS"')),
    (QUIZ, lambda text: text.replace("<other/>", "<varequal/>")),
    (PAGE, lambda text: text.replace("<h1>", '<img src="pictures/none.png" alt=""/><h1>')),
    (PAGE, lambda text: text.replace("<h1>", '<img src="https://x.example/y.png" alt=""/><h1>')),
    (PAGE, lambda text: text.replace("<h1>", '<script src="x.js"></script><h1>')),
    (PAGE, lambda text: text.replace("<h1>", '<a href="#nowhere">x</a><h1>')),
]  # fmt: skip


def changed(data: bytes, name: str, change: Change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as box, zipfile.ZipFile(out, "w") as copy:
        for one in box.namelist():
            text = box.read(one)
            if one == name:
                before, text = text, change(text.decode()).encode()
                assert text != before, "nothing was changed"
            copy.writestr(one, text)
    return out.getvalue()


@pytest.fixture(scope="module")
def whole() -> bytes:
    return done(a_book())


@pytest.mark.parametrize(("name", "change"), SPOILT)
def test_the_reader_finds_what_is_wrong(whole: bytes, name: str, change: Change) -> None:
    assert read(changed(whole, name, change)).problems


REFUSED: list[tuple[str, Change]] = [
    (MANIFEST, lambda text: text.replace("<manifest", f"<!--{'x' * 500}--><manifest")),
    (MANIFEST, lambda text: text.replace("</title>", " &amp; more</title>")),
    (MANIFEST, lambda text: text.replace('identifierref="R_case-1"', "")),
    (QUIZ, lambda text: text.replace("cc.essay.v0p1", "cc.essay")),
    (QUIZ, lambda text: text.replace('_1" title=', '_1" label=')),
    (PAGE, lambda text: text.replace("<h1>", "<svg></svg><h1>")),
]


@pytest.mark.parametrize(("name", "change"), REFUSED)
def test_moodle_would_refuse(whole: bytes, name: str, change: Change) -> None:
    with pytest.raises(NotImported):
        imported(changed(whole, name, change))
