"""The map and the matrix: where the cases are, and where any two facets meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.atlas import Asked, ColumnHead, MatrixRow
from kb.pieces.common import Link, Option
from kb.pieces.drawing import CountryRow, Step, WorldMap


@dataclass(frozen=True)
class MapPage:
    """The cases by country: a drawing, and the same as a list; `empty` are where there is none."""

    template: ClassVar[str] = "atlas/map.html"
    title: str
    canonical: str
    asked: Asked
    total: int
    told: str
    map: WorldMap
    rows: tuple[CountryRow, ...]
    more: tuple[CountryRow, ...]
    empty: tuple[Link, ...]
    files: tuple[Link, ...]


@dataclass(frozen=True)
class MatrixPage:
    """The cases by two facets, as a table; `left_out` tells of rows and columns not shown."""

    template: ClassVar[str] = "atlas/matrix.html"
    title: str
    canonical: str
    asked: Asked
    total: int
    told: str
    caption: str
    row_choices: tuple[Option, ...]
    column_choices: tuple[Option, ...]
    turned_url: str
    orders: tuple[Link, ...]
    columns: tuple[ColumnHead, ...]
    all: MatrixRow
    rows: tuple[MatrixRow, ...]
    steps: tuple[Step, ...]
    left_out: str
    files: tuple[Link, ...]
