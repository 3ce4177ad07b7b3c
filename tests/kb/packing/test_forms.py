"""Books as EPUB, PDF and a page to print, each read again by a program of others."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pikepdf
import pytest
from lxml import etree

from kb.services.packing import epub, fonts, html, pdf
from kb.services.packing.book import Book
from kb.services.packing.forms import FORMS
from kb.services.packing.pdf import PressFailed
from tests.kb.packing.validators import epubcheck, require_pdf

OPF = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
XHTML = {"h": "http://www.w3.org/1999/xhtml"}


def unheard(done: int, all_: int) -> None:
    """Hears of progress."""


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(params=["book", "arabic"])
def each(request: pytest.FixtureRequest) -> Book:
    found: Book = request.getfixturevalue(request.param)
    return found


class TestEpub:
    def test_epubcheck_finds_no_error_and_no_warning(self, each: Book, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"
        path.write_bytes(epub.made(each, unheard))
        assert epubcheck(path) == ""

    def test_the_type_comes_first_and_is_not_packed(self, book: Book) -> None:
        data = epub.made(book, unheard)
        assert data[30:58] == b"mimetypeapplication/epub+zip"
        assert data == epub.made(book, unheard)

    def test_it_tells_its_language_direction_and_ways_in(self, arabic: Book) -> None:
        files = unpacked(epub.made(arabic, unheard))
        package = etree.fromstring(files["EPUB/package.opf"])
        spine = package.find("opf:spine", OPF)
        assert spine is not None and spine.get("page-progression-direction") == "rtl"
        assert [one.text for one in package.iterfind(".//dc:language", OPF)] == ["ar", "en"]
        order = [one.get("idref") for one in spine]
        assert order[:3] == ["cover", "nav", "glance"]
        assert order[3:] == ["part-1", "case-1", "part-2", "case-2", "case-3", "about"]
        clinic = etree.fromstring(files["EPUB/case-2.xhtml"])
        assert clinic.get("dir") == "rtl"
        assert clinic.xpath("//h:h2[@lang='en'][@dir='ltr']", namespaces=XHTML)
        nav = etree.fromstring(files["EPUB/nav.xhtml"])
        kinds = nav.xpath("//h:nav/@*[local-name()='type']", namespaces=XHTML)
        assert kinds == ["toc", "landmarks"]

    def test_every_picture_and_drawing_has_words(self, book: Book) -> None:
        for name, data in unpacked(epub.made(book, unheard)).items():
            if name.endswith(".xhtml"):
                root = etree.fromstring(data)
                for image in root.iterfind(".//h:img", XHTML):
                    assert image.get("alt")
                for drawing in root.iter("{http://www.w3.org/2000/svg}svg"):
                    assert drawing.get("aria-label") or drawing.get("aria-hidden") == "true"

    def test_questions_and_notes_are_in_it(self, book: Book) -> None:
        text = unpacked(epub.made(book, unheard))["EPUB/case-1.xhtml"].decode()
        assert "<p>Ask before anybody reads: who was paid?</p>" in text
        assert "<li>Who was left out, and why?</li>" in text


class TestPageToPrint:
    def test_it_is_complete_and_asks_for_nothing(self, each: Book) -> None:
        text = html.whole(each, unheard).decode()
        document = html5lib.HTMLParser(strict=True).parse(text)
        assert document is not None
        assert not re.search(r'(?:src|srcset|poster)="(?!data:)', text)
        assert not re.search(r"<(?:script|link|iframe)\b|url\(|@import", text)

    def test_its_policy_names_the_style_that_is_in_it(self, book: Book) -> None:
        assert "unsafe" not in html.policy()
        assert "'sha256-" in html.policy()

    def test_ids_are_there_once_and_links_within_lead_somewhere(self, each: Book) -> None:
        text = html.whole(each, unheard).decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


@pytest.fixture(scope="module", params=["book", "arabic"])
def drawn(request: pytest.FixtureRequest) -> Iterator[tuple[Book, pikepdf.Pdf]]:
    require_pdf(pdf.lacks())
    book: Book = request.getfixturevalue(request.param)
    told: list[tuple[int, int]] = []
    data = pdf.made(book, lambda done, all_: told.append((done, all_)))
    assert told == sorted(told) and told[-1][0] == told[-1][1]
    with pikepdf.open(io.BytesIO(data)) as document:
        yield book, document


class TestPdf:
    def test_it_is_a_sound_file_that_tells_what_it_is(self, drawn: Any) -> None:
        book, document = drawn
        assert document.check_pdf_syntax() == []
        assert str(document.docinfo["/Title"]) == book.title
        assert str(document.Root.Lang) == book.lang
        assert document.Root.MarkInfo.Marked
        assert 5 <= len(document.pages) <= 20

    def test_its_letters_are_ours_and_come_along(self, drawn: Any) -> None:
        names = set()
        for one in drawn[1].objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                names.add(str(one.FontName).split("+", 1)[-1])
                assert "/FontFile2" in one or "/FontFile3" in one
        assert names and all(name.startswith("Book-") for name in names)

    def test_contents_and_links_lead_on(self, drawn: Any) -> None:
        book, document = drawn
        addresses, inside = set(), 0
        for page in document.pages:
            for note in page.get("/Annots", []):
                uri = note.get("/A", {}).get("/URI")
                addresses.update([str(uri)] if uri else [])
                inside += uri is None
        assert {one.url for one in book.chapters} <= addresses
        assert inside >= len(book.chapters)
        with document.open_outline() as outline:
            titles = [str(one.title) for one in outline.root[0].children] + [
                str(one.title) for one in outline.root
            ]
        assert any(book.sections[0].title in title for title in titles)

    def test_charts_and_codes_are_drawn_not_photographed(self, drawn: Any) -> None:
        book, document = drawn
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        images = [one for one in streams if one.get("/Subtype") == "/Image"]
        assert len(images) <= len(book.pictures)

    def test_what_is_missing_is_told_with_its_package(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(pdf, "LIBRARIES", {"pango-of-nowhere": "libpango-1.0-0"})
        told = "Libraries are missing. On Debian and Ubuntu: apt-get install libpango-1.0-0"
        if "WeasyPrint" not in pdf.lacks():
            assert pdf.lacks() == told

    def test_a_press_that_fails_says_why(self, book: Book, monkeypatch: Any) -> None:
        require_pdf(pdf.lacks())
        monkeypatch.setattr(pdf, "page", lambda *a, **k: "<style>p{}</style>\udcff"[:18])
        monkeypatch.setattr(pdf, "PATIENCE", 0.01)
        with pytest.raises(PressFailed):
            pdf.made(book, unheard)


class TestFonts:
    def test_our_own_letters_are_never_missing(self) -> None:
        assert fonts.without_font(map(ord, "Ünï, قلم, Ελλάς, Привет, 中文")) == {}

    def test_letters_that_nobody_has_are_named_by_their_script(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(fonts.shutil, "which", lambda name: None)
        assert fonts.without_font(map(ord, "a हि 한")) == {
            "DEVANAGARI": "fonts-noto-core", "HANGUL": "fonts-noto-cjk",
        }  # fmt: skip

    def test_chinese_letters_are_taken_along_where_they_are_needed(self) -> None:
        assert "Book Chinese" not in fonts.faces(frozenset(map(ord, "abc")))
        assert "Book Chinese" in fonts.faces(frozenset(map(ord, "中")))


def test_every_form_says_what_it_is(book: Book) -> None:
    for suffix, form in FORMS.items():
        assert suffix == form.suffix
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", form.type)


def test_a_book_without_any_case_is_still_a_book(book: Book, tmp_path: Path) -> None:
    empty = replace(book, sections=(), curators=(), summary="", pictures=())
    path = tmp_path / "empty.epub"
    path.write_bytes(epub.made(empty, unheard))
    assert etree.fromstring(unpacked(path.read_bytes())["EPUB/nav.xhtml"]) is not None
    html5lib.HTMLParser(strict=True).parse(html.whole(empty, unheard).decode())
