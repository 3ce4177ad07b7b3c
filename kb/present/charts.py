"""Numbers as charts: pure functions that give what the templates draw, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kb.pieces.charts import (
    Bars,
    ChartRow,
    Column,
    Columns,
    Dots,
    Stacked,
    Stretch,
    Table,
    Tick,
)
from kb.pieces.common import Link, Mark
from kb.present.words import Reader
from kb.translation import gettext as _

NARROWEST = 0.6  # per cent, so that one case among thousands is still seen
MOST_TICKS = 8  # so many years find room below a drawing on a telephone
STEPS = (1, 2, 5, 10, 20, 50)
FULL = 0.8  # of the room of a column is taken by it


@dataclass(frozen=True)
class Datum:
    """A number with its name; `url` leads to exactly so many cases, `page` to what is named."""

    label: str
    number: int
    url: str = ""
    page: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Sum:
    """A row of several numbers: what is named, one number a key, and what stands beside it."""

    label: Link
    parts: tuple[Datum, ...]
    value: Link


@dataclass(frozen=True)
class Share:
    """A part of a whole, with the way to exactly that part."""

    label: Link
    part: int
    whole: int
    url: str = ""


def bars(
    id: str,
    title: str,
    data: Sequence[Datum],
    reader: Reader,
    *,
    heads: tuple[str, str],
    note: str = "",
    total: int = 0,
) -> Bars:
    """Lying bars in the order given; with `total` the table tells shares of it too.

    `heads` are those of the table: what is named, and what is counted.
    """
    most = max((one.number for one in data), default=0)
    rows, cells = [], []
    for one in data:
        label, value = _linked(one, reader)
        rows.append(ChartRow(label, _stretches((one,), most), value))
        share = (Link(_share(one.number, total, reader)),) if total else ()
        cells.append((label, value, *share))
    shares = (_("Share"),) if total else ()
    return Bars(id, title, note, tuple(rows), Table(title, (*heads, *shares), tuple(cells)))


def stacked(
    id: str,
    title: str,
    rows: Sequence[Sum],
    keys: Sequence[Mark],
    reader: Reader,
    *,
    head: str,
    note: str = "",
) -> Stacked:
    """Lying bars of parts; `keys` name the parts in their order, as the columns of the table."""
    most = max((sum(part.number for part in row.parts) for row in rows), default=0)
    return Stacked(
        id,
        title,
        note,
        tuple(keys),
        tuple(ChartRow(row.label, _stretches(row.parts, most), row.value) for row in rows),
        Table(
            title,
            (head, *(key.label for key in keys)),
            tuple(
                (row.label, *(_counted(part.number, part.url, reader) for part in row.parts))
                for row in rows
            ),
        ),
    )


def dots(
    id: str,
    title: str,
    rows: Sequence[Share],
    reader: Reader,
    *,
    heads: tuple[str, str],
    note: str = "",
) -> Dots:
    """Shares as dots between none and all; rows of nothing are left out."""
    drawn, cells = [], []
    for row in rows:
        if not row.whole:
            continue
        at = 100 * row.part / row.whole
        told = _("%(part)s of %(all)s", part=reader.number(row.part), all=reader.number(row.whole))
        value = Link(told, row.url if row.part else "")
        drawn.append(ChartRow(row.label, (Stretch(_percent(at), ""),), value))
        cells.append((row.label, value, Link(_share(row.part, row.whole, reader))))
    table = Table(title, (*heads, _("Share")), tuple(cells))
    return Dots(id, title, note, tuple(drawn), table)


def columns(
    id: str,
    title: str,
    counts: Mapping[int, int],
    url_of: Callable[[int], str],
    reader: Reader,
    *,
    heads: tuple[str, str],
    note: str = "",
) -> Columns:
    """Standing bars, one for each year from the first to the last, empty ones too."""
    years = range(min(counts), max(counts) + 1) if counts else range(0)
    most = max(counts.values(), default=0)
    room = 100 / len(years) if years else 0
    drawn = []
    for place, year in enumerate(years):
        number = counts.get(year, 0)
        height = max(100 * number / most, NARROWEST) if number else 0
        drawn.append(
            Column(
                at=_percent((place + (1 - FULL) / 2) * room),
                top=_percent(100 - height),
                height=_percent(height),
                told=f"{year}: {reader.number(number)}",
            )
        )
    return Columns(
        id=id,
        title=title,
        note=note,
        told=_told(counts, reader),
        width=_percent(FULL * room),
        columns=tuple(drawn),
        ticks=tuple(Tick(_percent((at + 0.5) * room), str(years[at])) for at in _ticks(years)),
        most=reader.number(most),
        table=Table(
            title,
            heads,
            tuple(
                (Link(str(year)), _counted(counts.get(year, 0), url_of(year), reader))
                for year in years
            ),
        ),
    )


def _told(counts: Mapping[int, int], reader: Reader) -> str:
    if not counts:
        return _("Nothing here yet.")
    highest = max(counts, key=lambda year: (counts[year], year))
    first, last = min(counts), max(counts)
    return _(
        "From %(first)s to %(last)s; the most, %(most)s, in %(year)s.",
        first=first, last=last, most=reader.number(counts[highest]), year=highest,
    )  # fmt: skip


def _ticks(years: Sequence[int]) -> list[int]:
    """The places of the years that are named: round ones, as many as find room."""
    for step in STEPS:
        at = [place for place, year in enumerate(years) if year % step == 0]
        if len(at) <= MOST_TICKS:
            return at
    return []


def _stretches(parts: Sequence[Datum], most: int) -> tuple[Stretch, ...]:
    drawn, at = [], 0.0
    for part in parts:
        width = max(100 * part.number / most, NARROWEST) if part.number else 0.0
        if width:
            drawn.append(Stretch(_percent(at), _percent(width), part.tone))
        at += width
    return tuple(drawn)


def _linked(one: Datum, reader: Reader) -> tuple[Link, Link]:
    """The name and the number of a datum; where there is one way only, the name is it."""
    page = one.page or (one.url if one.number else "")
    url = one.url if one.page and one.number else ""
    return Link(one.label, page), Link(reader.number(one.number), url)


def _counted(number: int, url: str, reader: Reader) -> Link:
    return Link(reader.number(number), url if number else "")


def _share(part: int, whole: int, reader: Reader) -> str:
    return reader.percent(round(100 * part / whole)) if whole else ""


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
