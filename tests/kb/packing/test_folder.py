"""Packs as folders to open without a server: complete, linked within, and with an index."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from kb.services.packing.book import Book
from kb.services.packing.folder import made
from kb.services.packing.folder_index import Entry, entries_of, script, words_of
from tests.carried import a_book, a_plain_book, an_arabic_book

BOOKS = [a_book, an_arabic_book]


def files_of(book: Book) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made(book, lambda done, all_: None))) as box:
        assert box.testzip() is None
        return {name: box.read(name) for name in box.namelist()}


def pages_of(files: dict[str, bytes]) -> dict[str, ET.Element]:
    return {
        name: ET.fromstring(content.decode().removeprefix("<!DOCTYPE html>"))
        for name, content in files.items()
        if name.endswith(".html")
    }


@pytest.mark.parametrize("make", BOOKS)
def test_links_lead_within_the_folder_and_nothing_is_fetched_from_elsewhere(make: type) -> None:
    files = files_of(make())
    pages = pages_of(files)
    ids = {name: {one.get("id") for one in page.iter()} for name, page in pages.items()}
    for name, page in pages.items():
        for one in page.iter():
            tag = one.tag.rpartition("}")[2]
            for reference in filter(None, (one.get("src"), one.get("href"), one.get("action"))):
                parts = urlsplit(reference)
                if parts.scheme:
                    assert tag == "a", f"{name}: {reference}"
                    continue
                path = str(PurePosixPath(name).parent / parts.path) if parts.path else name
                assert path in files, f"{name}: {reference}"
                assert not parts.fragment or parts.fragment in ids[path], f"{name}: {reference}"


@pytest.mark.parametrize("make", BOOKS)
def test_all_is_in_one_folder_and_every_text_is_there_without_script(make: type) -> None:
    book = make()
    files = files_of(book)
    assert {name.partition("/")[0] for name in files} == {book.slug}
    for chapter in book.chapters:
        page = files[f"{book.slug}/{chapter.id}.html"].decode()
        assert page.count("<script") == 2
        for passage in chapter.passages:
            assert passage.prose.html in page
    for name, page in pages_of(files).items():
        assert page.get("lang") == book.lang, name
        assert page.get("dir") == book.direction, name
    assert book.words["how_to_open"] in files[f"{book.slug}/READ-ME.txt"].decode("utf-8-sig")


def test_a_participants_folder_has_no_teaching_note() -> None:
    book = a_book()
    note = next(one.note for one in book.chapters if one.note)
    start = " ".join(note.split()[:6]).encode()
    assert any(start in content for content in files_of(book).values())
    plain = files_of(a_plain_book())
    assert not any(start in content for content in plain.values())


def test_the_same_book_gives_the_same_bytes() -> None:
    nobody = lambda done, all_: None  # noqa: E731
    assert made(a_book(), nobody) == made(a_book(), nobody)


# The index ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café, 5G & M-Pesa’s", ["cafe", "5g", "m", "pesa", "s"]),
        ("وَكِيل الوكلاء والهاتف", ["وكيل", "وكلاء", "والهاتف"]),
        ("移动支付 2019", ["移", "动", "支", "付", "2019"]),
        ("Straße_ÉTÉ", ["straße", "ete"]),
        ("", []),
    ],
)
def test_texts_are_parted_into_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_every_word_leads_to_where_it_stands() -> None:
    book = a_book()
    told = json.loads(script(book).removeprefix("var PACK = ").removesuffix(";\n"))
    entries = [Entry(*one) for one in told["entries"]]
    assert entries == list(entries_of(book))
    for number, entry in enumerate(entries):
        for word in {*words_of(entry.text), *words_of(entry.title), *words_of(entry.heading)}:
            assert number in told["words"][word][::2]


def test_the_index_cannot_end_its_script() -> None:
    hard = "</script><script>alert(1)</script> \u2028"
    book = a_book(summary=hard)
    assert "</script" not in script(book)
    assert json.loads(script(book)[11:-2])["entries"][0][3].startswith("</script>")
