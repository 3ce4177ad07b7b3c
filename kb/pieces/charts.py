"""Charts as they are drawn: numbers as texts, places in per cent, and the table behind each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import Link, Mark


@dataclass(frozen=True)
class Table:
    """The figures of a chart; the first cell of a row is its head, and a link leads to a search."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Link, ...], ...]


@dataclass(frozen=True)
class Stretch:
    """A part of a row, in per cent of its drawing: where it begins and how long it is."""

    at: str
    width: str
    tone: str = ""


@dataclass(frozen=True)
class ChartRow:
    """A row of a chart: its name, what is drawn, and the number that stands beside it."""

    label: Link
    stretches: tuple[Stretch, ...]
    value: Link


@dataclass(frozen=True)
class Bars:
    """Lying bars, one a row."""

    kind: ClassVar[str] = "bars"
    id: str
    title: str
    note: str
    rows: tuple[ChartRow, ...]
    table: Table


@dataclass(frozen=True)
class Stacked:
    """Lying bars of several parts; `keys` tell what each tone stands for."""

    kind: ClassVar[str] = "stacked"
    id: str
    title: str
    note: str
    keys: tuple[Mark, ...]
    rows: tuple[ChartRow, ...]
    table: Table


@dataclass(frozen=True)
class Dots:
    """Dots on lines from nothing to all, one a row."""

    kind: ClassVar[str] = "dots"
    id: str
    title: str
    note: str
    rows: tuple[ChartRow, ...]
    table: Table


@dataclass(frozen=True)
class Column:
    """One standing bar of a drawing, all in per cent of it."""

    at: str
    top: str
    height: str
    told: str


@dataclass(frozen=True)
class Tick:
    """A name on the axis below, at its place."""

    at: str
    label: str


@dataclass(frozen=True)
class Columns:
    """Standing bars over the years; `told` says in one sentence what they show.

    `ticks` are the years named below; `most` is the number of the highest column.
    """

    kind: ClassVar[str] = "columns"
    id: str
    title: str
    note: str
    told: str
    width: str
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    most: str
    table: Table


AnyChart = Bars | Stacked | Dots | Columns
