"""The stated results of a case as charts and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.pieces.reading import Bar, Chart, Figure
from kb.present.words import Reader
from kb.translation import gettext as _

Result = Mapping[str, Any]
WIDEST = 62.0  # per cent of the row for the largest value; its number stands beside it
NARROWEST = 0.5  # so that a small value is still seen


def split_figures(
    results: Sequence[Result], reader: Reader
) -> tuple[tuple[Chart, ...], tuple[Figure, ...]]:
    """Charts of the figures that share a series, and the other figures as rows of a table.

    A series makes a chart when it has at least two numbers of one unit, none below zero.
    """
    series: dict[str, list[Result]] = {}
    for result in results:
        if result.get("series"):
            series.setdefault(str(result["series"]), []).append(result)
    drawn = {name: rows for name, rows in series.items() if _drawable(rows)}
    charts = tuple(_chart(rows, reader) for rows in drawn.values())
    rest = [result for result in results if str(result.get("series")) not in drawn]
    return charts, tuple(_figure(result, reader) for result in rest)


def _drawable(rows: Sequence[Result]) -> bool:
    values = [row.get("value") for row in rows]
    numbers = [value for value in values if isinstance(value, int | float) and value >= 0]
    units = {row.get("unit") for row in rows}
    return len(rows) > 1 and len(numbers) == len(rows) and len(units) == 1 and max(numbers) > 0


def _chart(rows: Sequence[Result], reader: Reader) -> Chart:
    rows = sorted(rows, key=lambda row: row.get("year") or 0)
    largest = max(row["value"] for row in rows)
    same = len({row.get("indicator") for row in rows}) == 1
    years = [row.get("year") for row in rows]
    by_year = same and all(years) and len(set(years)) == len(rows)
    bars = tuple(
        Bar(
            label=str(row["year"]) if by_year else _bar_label(row, same),
            value=_amount(row["value"], row.get("unit"), reader),
            width=f"{max(NARROWEST, WIDEST * row['value'] / largest):.1f}",
            latest=row is rows[-1],
            sources=_sources(row),
        )
        for row in rows
    )
    counted = {str(row["counted_by"]) for row in rows if row.get("counted_by")}
    return Chart(
        title=str(rows[0].get("indicator", "")) if same else "",
        note=reader.listed(reader.labels("counted_by", sorted(counted))),
        bars=bars,
        rows=tuple(_figure(row, reader) for row in rows),
    )


def _bar_label(row: Result, same: bool) -> str:
    when = _when(row)
    if same:
        return when
    return f"{row.get('indicator', '')}, {when}" if when else str(row.get("indicator", ""))


def _figure(row: Result, reader: Reader) -> Figure:
    unit = row.get("unit")
    if row.get("value") is not None:
        value = _amount(row["value"], unit, reader)
    else:
        value = _range(row.get("min"), row.get("max"), unit, reader)
    compared = []
    if row.get("baseline") is not None:
        compared.append(_("before: %(value)s", value=_amount(row["baseline"], unit, reader)))
    if row.get("target") is not None:
        compared.append(_("aim: %(value)s", value=_amount(row["target"], unit, reader)))
    return Figure(
        indicator=str(row.get("indicator", "")),
        value=value,
        when=_when(row),
        compared="; ".join(compared),
        counted_by=reader.label("counted_by", row["counted_by"]) if row.get("counted_by") else "",
        sources=_sources(row),
    )


def _range(least: Any, most: Any, unit: Any, reader: Reader) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return _("at least %(value)s", value=_amount(least, unit, reader))
    if least is None:
        return _("at most %(value)s", value=_amount(most, unit, reader))
    return _("%(least)s to %(most)s", least=_amount(least, "", reader),
             most=_amount(most, unit, reader))  # fmt: skip


def _amount(value: Any, unit: Any, reader: Reader) -> str:
    if unit in ("percent", "%") and isinstance(value, int | float):
        return reader.percent(value)
    number = reader.number(value) if isinstance(value, int | float) else str(value)
    return f"{number} {unit}" if unit else number


def _when(row: Result) -> str:
    return str(row.get("year") or row.get("year_note") or "")


def _sources(row: Result) -> tuple[str, ...]:
    given = row.get("source")
    many = given if isinstance(given, list) else [given]
    return tuple(str(one) for one in many if one is not None)
