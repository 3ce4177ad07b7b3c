"""The map and the matrix as drawings to take away: fixed light colours, title, legend, source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from flask import current_app

from indexer.crossing import Tally
from kb.pieces.drawing import Box, Lettering, Shape, Sheet, Step
from kb.present.atlas import described, searched, shaded, told
from kb.present.filters import value_label
from kb.present.links import absolute, map_url, matrix_url
from kb.present.matrix import axis_title, left_out, ordered, title_of
from kb.present.words import Reader
from kb.present.world import level_of, steps, steps_of
from kb.services.crossing import Matrix
from kb.services.drawing_png import TEXT, TITLE, family_for, width_of
from kb.translation import gettext as _

PAPER, INK, MUTED, LINE, EDGE = "#ffffff", "#1b1f23", "#5a6168", "#dcd9d1", "#85898c"
#: What is drawn on each level of the map, and of the matrix; none at all comes first.
LEVELS = (PAPER, "#66969e", "#3d7984", "#1f6470", "#0a4853", "#062b33")
SHADES = (PAPER, "#e3ebec", "#c8d9dc", "#a2c0c5", "#1f6470", "#0a4853")
#: From which level on letters are light.
LIGHT_ON_MAP, LIGHT_ON_SHADES = 2, 4
MARGIN = 40
#: Sizes of letters, and how far apart lines are.
BIG, MIDDLE, SMALL, APART = 26, 15, 12, 1.35
#: Rows and columns of the matrix.
HEAD, COLUMN, ROW = 220, 84, 28
#: What makes a line run from right to left, whatever letters it begins with.
FROM_RIGHT, ENDED = "\u202b", "\u202c"
#: Pixels of a PNG for each unit of its drawing, and how many there are at most: nothing else is
#: answered by a process while it draws, which takes some 0.15 seconds a million.
SHARP, MOST_PIXELS = 2.0, 1_600_000


class _Pen:
    """Writes lines from the side where the reader's language begins, and keeps what it wrote."""

    def __init__(self, width: int, rtl: bool) -> None:
        self.width, self.rtl, self.y = width, rtl, float(MARGIN)
        self.letters: list[Lettering] = []

    def x(self, x: float) -> float:
        """The place of what is `x` units from where lines begin."""
        return round(self.width - x if self.rtl else x, 1)

    def write(self, text: str, size: float, fill: str = INK, family: str = TEXT) -> None:
        """Writes a text below what is there, in as many lines as it takes."""
        for line in lines_of(text, size, self.width - 2 * MARGIN, family):
            self.y += size * APART
            self.put(line, MARGIN, self.y, size, fill=fill, family=family)

    def put(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        fill: str = INK,
        family: str = TEXT,
        middle: bool = False,
    ) -> None:
        """Writes one line at a place."""
        anchor = "middle" if middle else "end" if self.rtl else "start"
        known = family_for(text, family) or family
        if self.rtl:
            text = f"{FROM_RIGHT}{text}{ENDED}"
        self.letters.append(Lettering(text, self.x(x), round(y, 1), size, known, fill, anchor))


def lines_of(
    text: str, size: float, width: float, family: str = TEXT, most: int = 6
) -> Sequence[str]:
    """A text in lines no wider than `width`, `most` of them; what is left out shows as "…"."""
    known = family_for(text, family) or family
    lines: list[str] = []
    for word in _pieces(text, known, size, width):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, known, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip()[:-1]}…"]
    return lines


def _pieces(text: str, family: str, size: float, width: float) -> Iterator[str]:
    """The words of a text; one that is wider than a line is broken where it must be."""
    for word in text.split():
        whole = width_of(word, family, size)
        fits = max(1, int(len(word) * width / whole)) if whole > width else len(word)
        yield from (word[at : at + fits] for at in range(0, len(word), fits))


def map_sheet(tally: Tally, reader: Reader, today: date) -> Sheet:
    """The map as a drawing of its own."""
    world = shaded(tally, reader)
    pen = _pen(world.width + 2 * MARGIN, reader)
    title = _head(pen, world.title, tally, told(tally, len(world.countries), reader), reader)
    top = round(pen.y + 20)
    pen.y = top + world.height + 16
    shapes = [Shape(world.rest, 0, 0, 0, PAPER, EDGE)]
    shapes += [Shape("", x, y, 2, PAPER, EDGE) for x, y in world.islands]
    shapes += [
        Shape(one.path, one.x, one.y, 5 if one.dot else 0, LEVELS[one.level], PAPER)
        for one in world.countries
    ]
    numbers = [
        Lettering(one.number, one.x + MARGIN, one.y + top + 3.5, 10, TEXT,
                  PAPER if one.level >= LIGHT_ON_MAP else INK, "middle")
        for one in world.countries if one.number
    ]  # fmt: skip
    boxes = _legend(pen, world.steps, LEVELS)
    note = _("Shapes: Natural Earth, equal areas (Equal Earth); borders are no opinion on the "
             "status of any territory.")  # fmt: skip
    _foot(pen, (_("A case counts in each of its countries."), note), map_url(tally.query), today,
          reader)  # fmt: skip
    return Sheet(
        width=pen.width,
        height=round(pen.y + MARGIN),
        lang=reader.lang,
        title=title,
        told=world.told,
        paper=PAPER,
        left=MARGIN,
        top=top,
        boxes=tuple(boxes),
        shapes=tuple(shapes),
        letters=(*pen.letters, *numbers),
    )


def matrix_sheet(matrix: Matrix, reader: Reader, today: date) -> Sheet:
    """The matrix as a drawing of its own."""
    matrix = ordered(matrix, reader)
    rows, columns, tally = matrix.rows, matrix.columns, matrix.tally
    wide = HEAD + COLUMN * (1 + len(columns.values)) + 2 * MARGIN
    pen = _pen(max(760, wide), reader)
    title = _head(pen, title_of(matrix, reader), tally, "", reader)
    begins = steps_of(tally.cells.values())
    heads = [_("All"), *(value_label(columns.facet, one, reader) for one in columns.values)]
    split = [lines_of(head, SMALL, COLUMN - 10, most=5) for head in heads]
    pen.y += 12 + SMALL * APART * max(map(len, split))
    for place, lines in enumerate(split):
        first = pen.y - SMALL * APART * (len(lines) - 1)
        for at, line in enumerate(lines):
            x = MARGIN + HEAD + COLUMN * (place + 0.5)
            pen.put(line, x, first + at * SMALL * APART, SMALL, middle=True)
    pen.y += 10
    boxes = list(_grid(pen, matrix, begins, reader))
    pen.y += 8
    scale = steps(begins, max(tally.cells.values(), default=0), reader)
    boxes += _legend(pen, scale, SHADES, none=False)
    notes = (_("A case counts in each of its values, so totals are no sums."), left_out(matrix))
    url = matrix_url(tally.query, rows.name, columns.name)
    _foot(pen, notes, url, today, reader)
    return Sheet(
        width=pen.width,
        height=round(pen.y + MARGIN),
        lang=reader.lang,
        title=title,
        told=f"{axis_title(rows, reader)} × {axis_title(columns, reader)}",
        paper=PAPER,
        left=0,
        top=0,
        boxes=tuple(boxes),
        shapes=(),
        letters=tuple(pen.letters),
    )


def _grid(pen: _Pen, matrix: Matrix, begins: Sequence[int], reader: Reader) -> Iterator[Box]:
    """Draws the rows of a matrix, that of all cases first."""
    rows, columns, counts = matrix.rows, matrix.columns, matrix.tally.counts
    all_of = [counts[columns.facet].get(one, 0) for one in columns.values]
    yield from _line(pen, _("All"), [matrix.tally.total, *all_of], [], reader)
    for row in rows.values:
        label = value_label(rows.facet, row, reader)
        numbers = [matrix.count(row, column) for column in columns.values]
        total = counts[rows.facet].get(row, 0)
        yield from _line(pen, label, [total, *numbers], begins, reader)


def _line(
    pen: _Pen, label: str, numbers: Sequence[int], begins: Sequence[int], reader: Reader
) -> Iterator[Box]:
    """Draws one row: its name, its total without a shade, the numbers with theirs."""
    lines = lines_of(label, SMALL + 1, HEAD - 12, most=2)
    height = ROW if len(lines) < 2 else ROW + 14
    for at, line in enumerate(lines):
        y = pen.y + height / 2 + 4 + (at - (len(lines) - 1) / 2) * 16
        pen.put(line, MARGIN, y, SMALL + 1)
    for place, number in enumerate(numbers):
        level = level_of(number, begins) if place else 0
        left = MARGIN + HEAD + COLUMN * place
        x = pen.x(left + COLUMN) if pen.rtl else left
        yield Box(x, round(pen.y, 1), COLUMN, height, SHADES[level], LINE)
        told = reader.number(number) if number else "–"
        fill = PAPER if level >= LIGHT_ON_SHADES else INK if number else MUTED
        pen.put(told, left + COLUMN / 2, pen.y + height / 2 + 5, SMALL + 2, fill=fill, middle=True)
    pen.y += height


def _pen(width: int, reader: Reader) -> _Pen:
    return _Pen(width, reader.locale.text_direction == "rtl")


def _head(pen: _Pen, title: str, tally: Tally, line: str, reader: Reader) -> str:
    """Writes the title and what was asked for; gives both as one line."""
    about = described(searched(tally), reader)
    pen.y -= 8
    pen.write(title, BIG, INK, TITLE)
    for text in filter(None, (about, line)):
        pen.y += 4
        pen.write(text, MIDDLE, MUTED)
    return f"{title}: {about}" if about else title


def _legend(pen: _Pen, scale: Sequence[Step], fills: Sequence[str], none: bool = True) -> list[Box]:
    """Draws what each colour stands for, side by side."""
    pen.y += MIDDLE * APART
    x, boxes = float(MARGIN), []
    label = _("Cases")
    pen.put(label, x, pen.y, MIDDLE)
    x += width_of(label, family_for(label) or TEXT, MIDDLE) + 20
    known = [(fills[step.level], step.label) for step in scale]
    for fill, text in chain(known, [(PAPER, _("none"))] if none else []):
        at = pen.x(x + 15) if pen.rtl else x
        boxes.append(Box(round(at, 1), round(pen.y - 13, 1), 15, 15, fill, EDGE))
        pen.put(text, x + 22, pen.y, MIDDLE)
        x += 22 + width_of(text, family_for(text) or TEXT, MIDDLE) + 20
    pen.y += 10
    return boxes


def _foot(pen: _Pen, notes: Sequence[str], url: str, today: date, reader: Reader) -> None:
    """Writes where it comes from, and when it was made."""
    for note in filter(None, notes):
        pen.write(note, SMALL, MUTED)
    site = current_app.config["SITE_NAME"]
    pen.y += 4
    pen.write(f"{site} · {reader.date(today)} · {absolute(url)}", SMALL, MUTED)


def pixels_of(sheet: Sheet) -> int:
    """How wide a picture of a drawing is: sharp, but not so large that it takes seconds."""
    most = math.sqrt(MOST_PIXELS / (sheet.width * sheet.height))
    return round(sheet.width * min(SHARP, most))
