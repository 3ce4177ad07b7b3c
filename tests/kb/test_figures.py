from typing import Any

import pytest
from flask import Flask

from kb.present.figures import split_figures
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
    assert [(bar.label, bar.value) for bar in charts[0].bars] == [
        ("2008", "10 people"),
        ("2010", "40 people"),
    ]
    widths = [float(bar.width) for bar in charts[0].bars]
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.01)
    assert [bar.latest for bar in charts[0].bars] == [False, True]
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
    assert figures[0].value == "10 to 20 people"
    assert figures[0].compared == "before: 2 people; aim: 50 people"
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
    _, figures = split_figures([result(value=96, unit="percent")], reader)
    assert figures[0].value == "96%"
