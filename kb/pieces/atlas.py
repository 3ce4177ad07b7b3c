"""What the pages of the map and the matrix are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Hidden, Link


@dataclass(frozen=True)
class Asked:
    """What was asked for: the text, what else narrows it, and the ways to see it otherwise.

    `kept` is what a form for another text sends along; `filters_url` leads to the filters.
    """

    text: str
    read_as: str
    corrected: str
    exact_url: str
    kept: tuple[Hidden, ...]
    chips: tuple[Link, ...]
    clear_url: str
    filters_url: str
    views: tuple[Link, ...]


@dataclass(frozen=True)
class ColumnHead:
    """A column: its name, which orders the rows by it, and the way into its parts, if any."""

    label: str
    sort_url: str
    sorted: bool
    parts_url: str


@dataclass(frozen=True)
class MatrixCell:
    """One crossing: the number and its search; "" with the way to write the first case."""

    number: str
    url: str
    about: str
    level: int


@dataclass(frozen=True)
class MatrixRow:
    """A row: its name, the way into its parts, all of it, and each crossing."""

    label: str
    parts_url: str
    total: MatrixCell
    cells: tuple[MatrixCell, ...]
