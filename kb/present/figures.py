"""The stated results of a case as charts and as a table.

Numbers and units are written as in the language of the case, for a unit is a word of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kb.pieces.case import Bar, BarChart, Chart, Figure, Reference
from kb.present.lines import Around, line_chart
from kb.present.words import Reader
from kb.translation import gettext as _

Result = Mapping[str, Any]
Numbered = tuple[int, Result]  # a result and its place in the list, from 1
WIDEST = 62.0  # per cent of the row for the largest value; its number stands beside it
NARROWEST = 0.5  # so that a small value is still seen
POINTS = 3  # years from which a line tells more than bars


def split_figures(
    results: Sequence[Result], reader: Reader, lang: str = ""
) -> tuple[tuple[Chart, ...], tuple[Figure, ...]]:
    """Charts of what can be drawn, and the other figures as rows of a table.

    Figures that share a series make a chart when they have numbers of one unit, none below zero;
    a single figure does when it has a baseline or a target to be compared with. `lang` is the
    language of the case.
    """
    writer = Reader(lang or reader.lang, reader.vocabularies)
    series: dict[str, list[Numbered]] = {}
    for place, result in enumerate(results, 1):
        series.setdefault(str(result.get("series") or f"#{place}"), []).append((place, result))
    drawn = {name: rows for name, rows in series.items() if _drawable([row for _, row in rows])}
    charts = tuple(_chart(rows, reader, writer) for rows in drawn.values())
    rest = sorted(one for name, rows in series.items() if name not in drawn for one in rows)
    return charts, tuple(figure(result, reader, writer, place) for place, result in rest)


def _drawable(rows: Sequence[Result]) -> bool:
    values = [row.get("value") for row in rows]
    compared = [*given(rows, "baseline"), *given(rows, "target")]
    numbers = [value for value in values if isinstance(value, int | float)]
    one_unit = len({row.get("unit") for row in rows}) == 1
    enough = len(rows) > 1 or bool(compared)
    whole = len(numbers) == len(rows) and min([*numbers, *compared]) >= 0
    return enough and one_unit and whole and max([*numbers, *compared]) > 0


def given(rows: Iterable[Result], name: str) -> list[float]:
    """The numbers that some of the results have in this field."""
    return [row[name] for row in rows if isinstance(row.get(name), int | float)]


def common(rows: Iterable[Result], name: str) -> float | None:
    """The number that all results share that have one in this field, None where they differ."""
    values = set(given(rows, name))
    return values.pop() if len(values) == 1 else None


def _chart(rows: Sequence[Numbered], reader: Reader, writer: Reader) -> Chart:
    rows = sorted(rows, key=lambda one: one[1].get("year") or 0)
    results = [row for _, row in rows]
    years = [row.get("year") for row in results]
    same = len({row.get("indicator") for row in results}) == 1
    by_year = same and all(years) and len(set(years)) == len(rows)
    title = str(results[0].get("indicator", "")) if same else ""
    counted = {str(row["counted_by"]) for row in results if row.get("counted_by")}
    note = reader.listed(reader.labels("counted_by", sorted(counted)))
    table = tuple(figure(row, reader, writer) for row in results)
    if by_year and len(rows) >= POINTS:
        levels = {"before": common(results, "baseline"), "aim": common(results, "target")}
        sources = _once(ref for place, row in rows for ref in references(row, place))
        return line_chart(results, Around(title, note, levels, sources, table), writer)
    return BarChart(title, note, _bars(rows, by_year, same, reader, writer), table)


def _once(cited: Iterable[Reference]) -> tuple[Reference, ...]:
    """Each source once, where it is first referred to."""
    first: dict[str, Reference] = {}
    for one in cited:
        first.setdefault(one.source, one)
    return tuple(first.values())


def _bars(
    rows: Sequence[Numbered], by_year: bool, same: bool, reader: Reader, writer: Reader
) -> tuple[Bar, ...]:
    results = [row for _, row in rows]
    before, aim = common(results, "baseline"), common(results, "target")
    unit = results[0].get("unit")
    largest = max(value for value in (*given(results, "value"), before, aim) if value is not None)

    def width(value: float) -> str:
        return f"{max(NARROWEST, WIDEST * value / largest):.1f}"

    def beside(value: float | None, label: str, how: str) -> list[Bar]:
        if value is None:
            return []
        return [Bar(label, amount(value, unit, writer), width(value), how, lang=reader.lang)]

    bars = []
    for place, row in rows:
        label = str(row["year"]) if by_year else _bar_label(row, same, writer)
        how = "now" if row is results[-1] else "then"
        told = amount(row["value"], unit, writer)
        own = "" if label else reader.lang
        cited = references(row, place)
        bars.append(Bar(label or _("Result"), told, width(row["value"]), how, cited, own))
    return (*beside(before, _("Before"), "before"), *bars, *beside(aim, _("Aim"), "aim"))


def _bar_label(row: Result, same: bool, writer: Reader) -> str:
    told = ("" if same else str(row.get("indicator", "")), _when(row))
    return writer.listed(part for part in told if part)


def figure(row: Result, reader: Reader, writer: Reader, place: int = 0) -> Figure:
    """One result as a row of a table; its references can be pointed at when `place` is given."""
    unit = row.get("unit")
    if row.get("value") is not None:
        value = amount(row["value"], unit, writer)
    else:
        value = _range(row.get("min"), row.get("max"), unit, writer)
    before, aim = (
        amount(row[name], unit, writer) if row.get(name) is not None else ""
        for name in ("baseline", "target")
    )
    return Figure(
        indicator=str(row.get("indicator", "")),
        value=value,
        when=_when(row),
        baseline=before,
        target=aim,
        note=str(row.get("note") or ""),
        counted_by=reader.label("counted_by", row["counted_by"]) if row.get("counted_by") else "",
        sources=references(row, place),
    )


def references(row: Result, place: int, kind: str = "result") -> tuple[Reference, ...]:
    """The references of a row of a field to its sources; without ids where `place` is 0."""
    sources = row.get("source")
    many = sources if isinstance(sources, list) else [sources]
    return tuple(
        Reference(str(one), f"{kind}-{place}-{one}" if place else "")
        for one in many
        if one is not None
    )


def _range(least: Any, most: Any, unit: Any, writer: Reader) -> str:
    """A range in signs that every language has."""
    if least is None and most is None:
        return ""
    if most is None:
        return f"≥ {amount(least, unit, writer)}"
    if least is None:
        return f"≤ {amount(most, unit, writer)}"
    return f"{amount(least, '', writer)}–{amount(most, unit, writer)}"


def amount(value: Any, unit: Any, writer: Reader) -> str:
    """A number with what it counts."""
    if unit in ("percent", "%") and isinstance(value, int | float):
        return writer.percent(value)
    number = writer.number(value) if isinstance(value, int | float) else str(value)
    return f"{number} {unit}" if unit else number


def _when(row: Result) -> str:
    return str(row.get("year") or row.get("year_note") or "")
