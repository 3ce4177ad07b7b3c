"""A pack as a book: complete, in its own language, and safe to stand in XHTML."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import Library
from kb import markup
from kb.house_xhtml import Surroundings, rewritten
from kb.present.book_words import LANGUAGES, TABLE, words_in
from kb.services.packing.book import Bars, Book, Line
from kb.services.packing.writing import paragraphs, qr, shown
from tests import books


def plain(value: Any) -> Any:
    """All texts of a value, however deep."""
    if is_dataclass(value):
        return [plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple | list):
        return list(map(plain, value))
    return value


class TestABookIsComplete:
    def test_it_holds_what_the_pack_says(self, book: Book) -> None:
        assert (book.title, book.level, book.duration) == (
            "Learning to pay", "introductory", "1 hr 35 mins",
        )  # fmt: skip
        assert [(one.label, one.title, one.time) for one in book.sections] == [
            ("Part 1", "How it began", "40 mins"), ("Part 2", "How it went on", "55 mins"),
        ]  # fmt: skip
        assert book.introduction.text == ("Begin here.", "For half a day", "Take one case.")
        assert book.curators[0].name == "Ama Mensah"
        assert book.forked_from and book.forked_from.name == "Open to all"
        assert book.licence.url == "https://creativecommons.org/licenses/by/4.0/"
        assert book.version.endswith("of 25 November 2026")

    def test_each_case_is_in_it_with_the_text_that_the_pack_asks_for(self, book: Book) -> None:
        first, second, third = book.chapters
        assert [one.number for one in book.chapters] == [1, 2, 3]
        assert third.title == "Cash by phone, as it was"
        assert third.markdown == books.OLD
        assert (third.pinned, first.pinned) == (True, False)
        assert third.notices == ("The case has changed since this text was taken.",)
        assert first.markdown == books.CASES["cash-by-phone"]
        assert first.notices == second.notices == ()

    def test_a_chapter_has_roles_figures_sources_and_attribution(self, book: Book) -> None:
        one = book.chapters[0]
        assert [part.role for part in one.passages] == ["context", "results", "failure", "lessons"]
        assert one.lead.text == ("Before the first heading & more <not markup>.",)
        line, bars = one.charts
        assert isinstance(line, Line) and isinstance(bars, Bars)
        assert [point.year for point in line.points] == ["2008", "2009", "2010"]
        assert [(bar.how, bar.value) for bar in bars.bars] == [("before", "20%"), ("now", "40%")]
        assert max(bar.share for bar in bars.bars) == 100
        assert [figure.value for figure in one.figures] == ["10–20 shops"]
        assert [source.id for source in one.sources] == ["1", "2"]
        assert one.item["URL"] == one.url == "http://127.0.0.1:8000/cases/cash-by-phone"
        assert one.revision in one.citation
        assert [(listing.title, listing.rows[0].name) for listing in one.lists] == [
            ("Done again elsewhere", "Uganda"),
            ("Laws and policies behind it", "Payments Act"),
        ]
        facts = {fact.name: fact.values for fact in one.facts}
        assert facts["Where"] == ("Kenya, Tanzania",)
        assert facts["Funding"][0].startswith("1 million GBP (2006)")

    def test_figures_stand_apart_where_no_heading_is_theirs(self, arabic: Book) -> None:
        assert arabic.chapters[0].figures_apart
        assert not arabic.chapters[2].figures_apart

    def test_pictures_come_along_as_what_every_reader_shows(self, book: Book) -> None:
        (picture,) = book.pictures
        assert picture.type in ("image/jpeg", "image/png")
        assert picture.data[:4] in (b"\xff\xd8\xff\xe0", b"\x89PNG")
        html = book.chapters[0].passages[1].prose.html
        assert f'src="pictures/{picture.name}"' in html
        assert "/media/" not in html

    def test_the_same_pack_makes_the_same_book(self, packs: Library, book: Book) -> None:
        assert books.a_book(packs) == book


class TestEditions:
    def test_participants_are_not_given_a_word_of_the_notes(self, packs: Library) -> None:
        trainers, theirs = books.a_book(packs), books.for_participants(packs)
        assert trainers.for_trainers and not theirs.for_trainers
        assert trainers.chapters[0].note == books.NOTE
        assert "who was paid" in trainers.markdown
        assert "who was paid" not in repr(plain(theirs))
        assert theirs.chapters[0].questions == trainers.chapters[0].questions
        assert theirs.stamp != trainers.stamp

    def test_the_pack_s_own_text_is_there_to_the_byte(self, packs: Library, book: Book) -> None:
        assert book.markdown == books.PACKS["learning-to-pay"]
        assert books.for_participants(packs).markdown.startswith('---\ntitle: "Learning to pay"')


class TestItsLanguage:
    def test_a_book_speaks_the_language_of_its_pack(self, arabic: Book) -> None:
        assert (arabic.lang, arabic.direction) == ("ar", "rtl")
        assert arabic.words["contents"] == "المحتويات"
        assert arabic.chapters[0].label == "الحالة 1"
        assert (arabic.chapters[0].lang, arabic.chapters[0].title) == (
            "ar", "النقود عبر الهاتف في كينيا",
        )  # fmt: skip
        assert {fact.name for fact in arabic.chapters[0].facts} >= {"أين", "متى", "التمويل"}

    def test_a_case_that_is_not_translated_says_so_and_keeps_its_own(self, arabic: Book) -> None:
        clinic = arabic.chapters[1]
        assert (clinic.lang, clinic.direction) == ("en", "ltr")
        assert clinic.notices == ("لم يُترجم هذا النص، وهو وارد بلغته الأصلية.",)
        assert {fact.name for fact in clinic.facts} >= {"Where", "When"}

    @pytest.mark.parametrize("text", TABLE)
    def test_each_word_is_told_in_every_language_with_its_places(self, text: str) -> None:
        assert len(TABLE[text]) == len(LANGUAGES)
        for told in TABLE[text]:
            assert told.strip()
            assert sorted(re.findall(r"%\(\w+\)s|{}", told)) == sorted(
                re.findall(r"%\(\w+\)s|{}", text)
            )

    def test_a_language_that_is_not_in_the_table_is_told_in_english(self) -> None:
        assert words_in("sw") == {}
        assert words_in("pt-BR") == {}
        assert words_in("fr-CA")["Sources"] == "Sources"


class TestXhtml:
    def test_ids_are_those_of_the_chapter_and_links_lead_to_them(self, book: Book) -> None:
        for one in book.chapters:
            texts = [one.lead.html, *(part.prose.html for part in one.passages), one.footnotes]
            root = Tree.fromstring(f"<div>{''.join(texts)}</div>")
            ids = [node.get("id") for node in root.iter() if node.get("id")]
            assert len(ids) == len(set(ids))
            assert all(re.fullmatch(rf"{one.id}-[a-z0-9-]+", str(name)) for name in ids)
            inside = [str(a.get("href")) for a in root.iter("a") if str(a.get("href"))[0] == "#"]
            known = {f"#{name}" for name in ids} | {
                f"#{one.id}-source-{source.id}" for source in one.sources
            }
            assert set(inside) <= known

    @given(st.text(max_size=200))
    def test_whatever_is_written_becomes_well_formed(self, text: str) -> None:
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
        html = str(markup.render(text).whole)
        made, _ = rewritten(html, Surroundings("case-1", "https://example.org", {}))
        Tree.fromstring(f"<div>{made}</div>")

    def test_what_leads_to_this_site_has_its_whole_address(self) -> None:
        around = Surroundings("case-1", "https://example.org", {})
        text = "[a](/cases/x) [b](#s-a) ![c](media/none.png)\n\n## A\n\ntext [1]\n"
        made, told = rewritten(str(markup.render(text, ("1",)).whole), around)
        assert 'href="https://example.org/cases/x"' in made
        assert "<img" not in made
        assert told == ("a b c", "A", "text")


class TestWriting:
    def test_an_address_is_shown_as_one_types_it(self) -> None:
        assert shown("https://example.org/a_b") == "example.org/a_b"
        assert shown("https://example.org/%D8%B3") == "example.org/س"
        assert shown("https://example.org/a%20b") == "example.org/a%20b"
        assert shown("http://example.org/") == "http://example.org/"

    def test_a_text_is_parted_by_empty_lines(self) -> None:
        assert paragraphs("a\nb\n\n\n c ") == ["a b", "c"]

    def test_a_code_has_its_quiet_zone(self) -> None:
        code = qr("https://example.org/cases/cash-by-phone")
        assert code.size >= 21 + 8
        assert code.path.startswith("M4 4h7v1h-7z")
