"""Charts: places in per cent, every number in the table, links to exactly so many cases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from indexer.vocabulary import Vocabularies
from kb.pieces.charts import Bars, Columns
from kb.pieces.common import Link, Mark
from kb.present.charts import Datum, Share, Sum, bars, columns, dots, stacked, two_sides
from kb.present.words import Reader

READER = Reader("en", Vocabularies({}))
HEADS = ("Theme", "Cases")


@pytest.fixture(autouse=True)
def words(app: Flask) -> Any:
    with app.test_request_context("/"):
        yield


def test_bars_are_as_long_as_their_numbers_and_say_them_again_in_a_table() -> None:
    data = [Datum("Health", 8, "/search?theme=h", "/themes/h"), Datum("Skills", 2, "/s"),
            Datum("Money", 0, "/m")]  # fmt: skip
    chart = bars("b", "By theme", data, READER, heads=HEADS, total=16)
    assert [[part.width for part in row.stretches] for row in chart.rows] == [["100"], ["25"], []]
    assert chart.rows[0].label == Link("Health", "/themes/h")
    assert chart.rows[0].value == Link("8", "/search?theme=h", note="Health")
    assert chart.rows[2].value.url == "", "nothing leads nowhere"
    assert chart.table.heads == ("Theme", "Cases", "Share")
    assert [[cell.label for cell in row] for row in chart.table.rows] == [
        ["Health", "8", "50%"], ["Skills", "2", "12%"], ["Money", "0", "0%"],
    ]  # fmt: skip


def test_one_among_thousands_is_still_seen() -> None:
    chart = bars("b", "B", [Datum("a", 10_000), Datum("b", 1)], READER, heads=HEADS)
    assert float(chart.rows[1].stretches[0].width) > 0.5


def test_stacked_parts_stand_side_by_side_and_keep_their_tone() -> None:
    parts = (Datum("Good", 3, "/g", tone="good"), Datum("Pilot", 0, "/p", tone="neutral"),
             Datum("Bad", 1, "/w", tone="warning"))  # fmt: skip
    keys = [Mark(part.label, part.tone) for part in parts]
    row = Sum(Link("Health", "/themes/h"), parts, Link("4", "/search"))
    chart = stacked("s", "S", [row], keys, READER, head="Theme")
    drawn = [(part.at, part.width, part.tone) for part in chart.rows[0].stretches]
    assert drawn == [("0", "75", "good"), ("75", "25", "warning")]
    assert chart.table.heads == ("Theme", "Good", "Pilot", "Bad")
    assert [cell.url for cell in chart.table.rows[0]] == ["/themes/h", "/g", "", "/w"]


def test_dots_stand_at_their_share() -> None:
    rows = [Share(Link("a"), 3, 4, "/a"), Share(Link("b"), 0, 4, "/b"), Share(Link("c"), 0, 0)]
    chart = dots("d", "D", rows, READER, heads=HEADS)
    assert [row.stretches[0].at for row in chart.rows] == ["75", "0"]
    assert [(row.value.label, row.value.url) for row in chart.rows] == [
        ("3 of 4", "/a"), ("0 of 4", ""),
    ]  # fmt: skip
    assert [row[2].label for row in chart.table.rows] == ["75%", "0%"]


def over(counts: dict[int, int]) -> Columns:
    return columns("y", "Y", counts, lambda year: f"/search?y={year}", READER, heads=HEADS)


def test_columns_have_a_place_for_every_year_with_or_without_cases() -> None:
    chart = over({2000: 2, 2003: 4})
    assert [column.height for column in chart.columns] == ["50", "0", "0", "100"]
    assert [row[0].label for row in chart.table.rows] == ["2000", "2001", "2002", "2003"]
    assert [row[1].url for row in chart.table.rows][1:3] == ["", ""]
    assert chart.told == "From 2000 to 2003; the most, 4, in 2003."
    assert over({}).columns == ()


@given(st.dictionaries(st.integers(1900, 2199), st.integers(0, 9999), min_size=1, max_size=40))
def test_columns_stay_inside_the_drawing_and_few_years_are_named(counts: dict[int, int]) -> None:
    chart = over(counts)
    assert len(chart.columns) == max(counts) - min(counts) + 1 == len(chart.table.rows)
    for column in chart.columns:
        assert 0 <= float(column.at) <= float(column.at) + float(chart.width) <= 100.1
        assert float(column.top) + float(column.height) == pytest.approx(100, abs=0.02)
    assert len(chart.ticks) <= 8
    assert len(chart.columns) < 10 or chart.ticks


@given(st.lists(st.integers(0, 30), max_size=8))
def test_charts_side_by_side_keep_their_order(sizes: list[int]) -> None:
    made: list[Bars] = [
        bars(str(at), "T", [Datum("a", 1)] * size, READER, heads=HEADS)
        for at, size in enumerate(sizes)
    ]
    sides = two_sides(made)
    assert [one.id for side in sides for one in side] == [one.id for one in made]
    assert len(sides) <= 2
