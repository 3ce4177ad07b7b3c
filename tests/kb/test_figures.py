from typing import Any

import pytest
from flask import Flask

from kb.pieces.case import BarChart, LineChart
from kb.present.figures import split_figures
from kb.present.lines import FLOOR, fitting
from kb.present.words import Reader
from tests import factories


def result(**changes: Any) -> dict[str, Any]:
    return {
        "indicator": "Users",
        "value": 10,
        "unit": "people",
        "year": 2008,
        "source": 1,
        **changes,
    }


@pytest.fixture
def reader(app: Flask) -> Any:
    with app.test_request_context():
        yield Reader("en", factories.vocabularies())


def test_figures_of_one_series_become_a_chart_in_order_of_years(reader: Reader) -> None:
    rows = [result(series="a", year=2010, value=40), result(series="a"), result(indicator="Shops")]
    charts, figures = split_figures(rows, reader)
    assert isinstance(charts[0], BarChart)
    assert [(bar.label, bar.value) for bar in charts[0].bars] == [
        ("2008", "10 people"),
        ("2010", "40 people"),
    ]
    widths = [float(bar.width) for bar in charts[0].bars]
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.01)
    assert [bar.how for bar in charts[0].bars] == ["then", "now"]
    assert [figure.indicator for figure in figures] == ["Shops"]


@pytest.mark.parametrize(
    "other",
    [result(series="a", unit="shops"), result(series="a", value=None, min=1), result(series="b")],
)
def test_figures_that_cannot_be_compared_stay_in_the_table(
    other: dict[str, Any], reader: Reader
) -> None:
    charts, figures = split_figures([result(series="a"), other], reader)
    assert charts == ()
    assert len(figures) == 2


def test_ranges_baselines_and_aims_are_told(reader: Reader) -> None:
    _, figures = split_figures(
        [result(value=None, min=10, max=20, baseline=2, target=50, year=None, year_note="by 2010")],
        reader,
    )
    assert figures[0].value == "10–20 people"
    assert (figures[0].baseline, figures[0].target) == ("2 people", "50 people")
    assert figures[0].when == "by 2010"


def test_large_round_numbers_are_told_in_words_and_others_exactly(reader: Reader) -> None:
    values = [1_600_000, 194_000, 1_234_567, 0.5]
    _, figures = split_figures([result(value=value) for value in values], reader)
    assert [figure.value for figure in figures] == [
        "1.6 million people",
        "194,000 people",
        "1,234,567 people",
        "0.5 people",
    ]
    for share, told in ((96, "96%"), (70.7, "70.7%"), (0.29, "0.29%")):
        _, figures = split_figures([result(value=share, unit="percent")], reader)
        assert figures[0].value == told


def test_a_figure_with_a_baseline_and_a_target_stands_between_them(reader: Reader) -> None:
    charts, figures = split_figures([result(baseline=5, target=20)], reader)
    assert not figures
    assert isinstance(charts[0], BarChart)
    assert [(bar.how, bar.label, bar.value) for bar in charts[0].bars] == [
        ("before", "Before", "5 people"),
        ("now", "2008", "10 people"),
        ("aim", "Aim", "20 people"),
    ]
    widths = [float(bar.width) for bar in charts[0].bars]
    assert widths == pytest.approx([widths[2] / 4, widths[2] / 2, widths[2]], rel=0.01)
    assert charts[0].rows[0].target == "20 people"


def test_targets_that_differ_are_told_in_the_table_alone(reader: Reader) -> None:
    rows = [result(series="a", target=50), result(series="a", year=2009, target=60)]
    charts, _ = split_figures(rows, reader)
    assert isinstance(charts[0], BarChart)
    assert [bar.how for bar in charts[0].bars] == ["then", "now"]
    assert [row.target for row in charts[0].rows] == ["50 people", "60 people"]


def test_three_years_of_one_thing_become_a_line_in_true_distances(reader: Reader) -> None:
    rows = [
        result(series="a", year=year, value=value, source=source, target=100)
        for year, value, source in ((2020, 50, 2), (2000, 0, 1), (2005, 25, 1))
    ]
    charts, _ = split_figures(rows, reader)
    line = charts[0]
    assert isinstance(line, LineChart)
    xs = [float(dot.x) for dot in line.dots]
    assert xs[1] - xs[0] == pytest.approx((xs[2] - xs[0]) / 4, rel=0.01)
    heights = [FLOOR - int(dot.y) for dot in line.dots]
    assert heights == [0, heights[2] // 2, heights[2]]
    assert (FLOOR - int(line.levels[0].y), line.levels[0].label) == (2 * heights[2], "Aim: 100")
    assert line.told == "2000: 0; 2005: 25; 2020: 50"
    assert [(one.source, one.id) for one in line.sources] == [
        ("1", "result-2-1"),
        ("2", "result-1-2"),
    ]
    assert len(line.strokes) == 2


def test_words_on_a_line_leave_each_other_room() -> None:
    assert fitting([2, 50, 98], ["1,000"] * 3) == [True, True, True]
    assert fitting([2, 5, 60, 62, 98], ["1,000"] * 5) == [True, False, True, False, True]
    assert fitting([2, 98], ["1,000,000,000"] * 2) == [True, True]


def test_amounts_are_written_in_the_language_of_the_case(reader: Reader) -> None:
    charts, figures = split_figures(
        [result(value=1_600_000, unit="personnes"), result(value=0.5, unit="km", baseline=1.5)],
        reader,
        "fr",
    )
    assert figures[0].value == "1,6 million personnes"
    assert isinstance(charts[0], BarChart)
    assert [(bar.label, bar.value, bar.lang) for bar in charts[0].bars] == [
        ("Before", "1,5 km", "en"),
        ("2008", "0,5 km", ""),
    ]
