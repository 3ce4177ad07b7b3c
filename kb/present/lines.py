"""One thing counted over the years, as a line.

The drawing is as wide as the column and as high as HEIGHT pixels: what lies across is in per
cent, so that letters keep their size on a telephone. Time runs from left to right in every
language, as charts do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kb.pieces.case import Dot, Figure, Level, LineChart, Reference, Stroke
from kb.present.words import Reader
from kb.translation import gettext as _

HEIGHT, CEILING, FLOOR = 200, 36, 164
LEFT, RIGHT = 2.0, 98.0  # per cent of the width
NARROW, LETTER, GAP = 300, 8.5, 10  # pixels: the narrowest drawing, a letter of it, between words


@dataclass(frozen=True)
class Around:
    """What stands around the line; `levels` are heights to compare with: before and aim."""

    title: str
    note: str
    levels: Mapping[str, float | None]
    sources: tuple[Reference, ...]
    rows: tuple[Figure, ...]


def line_chart(results: Sequence[Mapping[str, Any]], around: Around, writer: Reader) -> LineChart:
    """The line through results that have a year each, from the first year to the last."""
    unit = str(results[0].get("unit") or "")
    percent = unit in ("percent", "%")
    years = [int(row["year"]) for row in results]
    values = [float(row["value"]) for row in results]
    known = {how: value for how, value in around.levels.items() if value is not None}
    top = max([*values, *known.values()])
    write = writer.percent if percent else writer.number
    labels = [write(row["value"]) for row in results]
    dots = _dots(years, [_height(value, top) for value in values], labels)
    words = {"before": _("Before"), "aim": _("Aim")}
    return LineChart(
        title=around.title,
        unit="" if percent else unit,
        note=around.note,
        told="; ".join(f"{year}: {label}" for year, label in zip(years, labels, strict=True)),
        height=str(HEIGHT),
        floor=str(FLOOR),
        dots=dots,
        strokes=tuple(Stroke(a.x, a.y, b.x, b.y) for a, b in pairwise(dots)),
        levels=tuple(
            Level(f"{_height(value, top):.0f}", f"{words[how]}: {write(value)}", how)
            for how, value in known.items()
        ),
        sources=around.sources,
        rows=around.rows,
    )


def _dots(years: Sequence[int], heights: Sequence[float], labels: Sequence[str]) -> tuple[Dot, ...]:
    xs = [LEFT + (RIGHT - LEFT) * (year - years[0]) / (years[-1] - years[0]) for year in years]
    longest = [max(label, str(year), key=len) for label, year in zip(labels, years, strict=True)]
    rows = zip(xs, heights, labels, years, fitting(xs, longest), _anchors(len(xs)), strict=True)
    return tuple(
        Dot(f"{x:.1f}", f"{y:.0f}", label if shown else "", str(year) if shown else "", anchor)
        for x, y, label, year, shown, anchor in rows
    )


def _height(value: float, top: float) -> float:
    return FLOOR - (FLOOR - CEILING) * value / top


def _anchors(number: int) -> tuple[str, ...]:
    return ("start", *("middle",) * (number - 2), "end")


def fitting(xs: Sequence[float], labels: Sequence[str]) -> list[bool]:
    """Which labels can be written without touching others; the first and the last always are.

    `xs` are in per cent of the width, ascending.
    """
    room = [len(label) * LETTER + GAP for label in labels]
    at = [x * NARROW / 100 for x in xs]
    shown = [True, *(False for _ in xs[1:])]
    free, end = at[0] + room[0], at[-1] - room[-1]
    for place in range(1, len(xs) - 1):
        if at[place] - room[place] / 2 >= free and at[place] + room[place] / 2 <= end:
            shown[place], free = True, at[place] + room[place] / 2
    shown[-1] = True
    return shown
