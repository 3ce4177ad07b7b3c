"""What the page of a case is made of, beside what it shares with lists and other texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from kb.pieces.common import Link, Mark
from kb.pieces.reading import Explained, Part


@dataclass(frozen=True)
class Reference:
    """A reference to a source from outside of the text; `id` is where it can be pointed at.

    `id` is "" where the same is told a second time.
    """

    source: str
    id: str = ""


@dataclass(frozen=True)
class Grant:
    """A sum of money that was given: how much, in which currency and year, by whom.

    `when_lang` is the language of `when` where that is words of the case, not a year; `note` is
    in the language of the case.
    """

    amount: str
    currency: str
    currency_name: str
    when: str
    when_lang: str
    by: Link
    instrument: str
    note: str
    lang: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True)
class Fact:
    """One row of the fact box: a name and one or more values, each a link where it leads on."""

    name: str
    values: tuple[Link, ...]
    mark: Mark | None = None
    inline: bool = False
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One stated result as words of the case, all but `counted_by`, which are the reader's."""

    indicator: str
    value: str
    when: str
    baseline: str
    target: str
    note: str
    counted_by: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `width` is in per cent of the drawing's width.

    `how` is before, then, now or aim; `lang` is the language of the label where that is not the
    case's.
    """

    label: str
    value: str
    width: str
    how: str
    sources: tuple[Reference, ...] = ()
    lang: str = ""


@dataclass(frozen=True)
class BarChart:
    """Figures that may stand in one chart, and the same as rows for the table behind it."""

    kind: ClassVar[str] = "bars"
    title: str
    note: str
    bars: tuple[Bar, ...]
    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class Dot:
    """A figure on a line: `x` in per cent of the width, `y` from above, in pixels.

    `value` and `year` are "" where there is no room to write them; `anchor` is where the words
    stand by the dot: start, middle or end.
    """

    x: str
    y: str
    value: str
    year: str
    anchor: str


@dataclass(frozen=True)
class Stroke:
    """A straight piece of a line from one dot to the next."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Level:
    """A height to compare with: `how` is before or aim, `label` is the reader's, with the value."""

    y: str
    label: str
    how: str


@dataclass(frozen=True)
class LineChart:
    """One thing counted in three years or more; `told` says in words what is drawn."""

    kind: ClassVar[str] = "line"
    title: str
    unit: str
    note: str
    told: str
    height: str
    floor: str
    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]
    levels: tuple[Level, ...]
    sources: tuple[Reference, ...]
    rows: tuple[Figure, ...]


Chart = BarChart | LineChart


@dataclass(frozen=True)
class Replication:
    """Somebody else who did the same; `when` and `note` are words of the case."""

    place: Link
    when: str
    note: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True)
class Source:
    """A numbered source and the places that refer to it.

    `backs` are their ids in the text, `uses` those outside of it, under the name of the place.
    """

    id: str
    title: str
    url: str
    publisher: str
    year: str
    backs: tuple[str, ...]
    uses: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class CaseText:
    """What is read of a case: its text, figures and sources, and the terms explained in it.

    `figures_apart` tells that no part of the text is the one under which figures stand.
    """

    lang: str
    direction: str
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    charts: tuple[Chart, ...]
    figures: tuple[Figure, ...]
    figures_apart: bool
    sources: tuple[Source, ...]
    terms: tuple[Explained, ...]


@dataclass(frozen=True)
class Behind:
    """A translation that its original has moved on from.

    `told` says how far; `changes_url` shows what changed, "" where the older text is not known.
    """

    told: str
    original_url: str
    changes_url: str = ""
