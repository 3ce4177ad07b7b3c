"""What maps and other drawings are made of: numbers and words, which templates make SVG of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link


@dataclass(frozen=True)
class Step:
    """One class of a scale: its level, 1 for the fewest, and which numbers it stands for."""

    level: int
    least: int
    label: str


@dataclass(frozen=True)
class Country:
    """A country with cases: a shape, or a dot at `x`, `y` where it is too small to be seen.

    `label` tells its name and number; `number` is written on the shape where there is room.
    """

    label: str
    url: str
    path: str
    x: int
    y: int
    dot: bool
    level: int
    number: str


@dataclass(frozen=True)
class WorldMap:
    """The countries of the world by their number of cases.

    `rest` is the path of all countries without a case, `islands` where the small ones of them lie.
    """

    title: str
    told: str
    width: int
    height: int
    rest: str
    islands: tuple[tuple[int, int], ...]
    countries: tuple[Country, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Dot:
    """A mark on a small map, its area by the number; a ring where it stands for something else."""

    x: int
    y: int
    radius: str
    ring: bool


@dataclass(frozen=True)
class SmallMap:
    """Dots over the land of the world, all of it one way on where `url` is given.

    `label` says in words where the dots are; `key` what a dot and a ring stand for.
    """

    label: str
    url: str
    width: int
    height: int
    dots: tuple[Dot, ...]
    key: tuple[str, str]


@dataclass(frozen=True)
class CountryRow:
    """A country in the list beside the map."""

    country: Link
    level: int


# Drawings that are taken away: everything has its place and its colour, nothing is left to a page


@dataclass(frozen=True)
class Lettering:
    """A line of text at its place; `anchor` is start, middle or end, as SVG has it."""

    text: str
    x: float
    y: float
    size: float
    family: str
    fill: str
    anchor: str = "start"


@dataclass(frozen=True)
class Box:
    """A rectangle; no line around it where `stroke` is ""."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""


@dataclass(frozen=True)
class Shape:
    """A country in its colour: a path, or a dot where `radius` is not 0."""

    path: str
    x: int
    y: int
    radius: int
    fill: str
    stroke: str


@dataclass(frozen=True)
class Sheet:
    """A drawing on paper of its own: boxes, then the shapes of a map from `top` on, then letters.

    `title` and `told` are for whoever does not see it.
    """

    width: int
    height: int
    lang: str
    title: str
    told: str
    paper: str
    left: int
    top: int
    boxes: tuple[Box, ...]
    shapes: tuple[Shape, ...]
    letters: tuple[Lettering, ...]
