"""Packs as slides, read again by python-pptx: what is on them, how large, in which direction."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from kb.services.packing.book import Bars, Book
from kb.services.packing.slides import made
from kb.services.packing.slides_told import WIDE, cut, lines_of, slides_of, width_of
from tests.carried import a_book, an_arabic_book

BOOKS = [a_book, an_arabic_book]


def deck_of(book: Book) -> Any:
    return Presentation(io.BytesIO(made(book, lambda done, all_: None)))


def runs_of(slide: Any) -> list[Any]:
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    frames += [
        cell.text_frame
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    return [(line, run) for frame in frames for line in frame.paragraphs for run in line.runs]


@pytest.mark.parametrize("make", BOOKS)
def test_every_case_has_slides_of_its_own_with_its_questions_and_notes(make: type) -> None:
    book = make()
    slides = list(deck_of(book).slides)
    titles = [slide.shapes.title.text for slide in slides]
    assert len(set(titles)) == len(titles), "two slides of one title"
    assert book.title in titles[0]
    for chapter in book.chapters:
        of_case = [one for one in titles if chapter.title in one]
        assert of_case
        first = slides[titles.index(of_case[0])]
        notes = first.notes_slide.notes_text_frame.text
        assert chapter.citation in notes
        assert (chapter.note in notes) if book.for_trainers else (chapter.note == "")
    said = "\n".join(run.text for slide in slides for _, run in runs_of(slide))
    for text in (
        *book.objectives,
        *(one for chapter in book.chapters for one in chapter.questions),
    ):
        assert " ".join(text.split()) in said


@pytest.mark.parametrize("make", BOOKS)
def test_everything_can_be_read_from_the_last_row_and_runs_in_its_direction(make: type) -> None:
    book = make()
    for slide in deck_of(book).slides:
        for line, run in runs_of(slide):
            assert run.font.size >= Pt(24)
            rtl = line._p.pPr.get("rtl")
            lang = run._r.rPr.get("lang")
            assert rtl == ("1" if lang in ("ar", "fa", "he", "ur") else "0"), run.text


@pytest.mark.parametrize("make", BOOKS)
def test_nothing_stands_beyond_a_slide_and_drawings_are_told_in_words(make: type) -> None:
    deck = deck_of(make())
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_results_are_native_charts_and_tables_with_the_words_of_the_case() -> None:
    book = a_book()
    slides = list(deck_of(book).slides)
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    drawn = [one.charts[0] for one in book.chapters if one.charts]
    assert len(charts) == len(drawn)
    for chart, meant in zip(charts, drawn, strict=True):
        plot = chart.plots[0]
        labels = [point.data_label.text_frame.text for point in plot.series[0].points][
            : len(plot.categories)
        ]
        if isinstance(meant, Bars):
            assert labels == [bar.value for bar in meant.bars[-4:]]
        assert max(plot.series[0].values) == 100
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    assert len(tables) == 1 + sum(1 for one in book.chapters if one.figures and not one.charts)


def test_texts_fill_no_more_than_a_slide() -> None:
    for slide in slides_of(a_book()):
        for column in slide.columns:
            width = WIDE // 2 - 3 if len(slide.columns) > 1 else WIDE
            assert sum(lines_of(said.text, width) for said in column.texts) <= 12


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("One. Two.", 20, "One. Two."),
        ("One is here. Two is there.", 15, "One is here."),
        ("Jobs. The company cut many posts in 2023.", 24, "Jobs. The company cut…"),
        ("移动支付。乡村。", 12, "移动支付。"),
        ("Onewordthatneverends", 8, "Oneword…"),
    ],
)
def test_long_texts_are_cut_by_sentences(text: str, room: int, kept: str) -> None:
    assert cut(text, room) == kept
    assert width_of(kept) <= room + 1


def test_the_same_book_gives_the_same_bytes() -> None:
    nobody = lambda done, all_: None  # noqa: E731
    assert made(a_book(), nobody) == made(a_book(), nobody)
