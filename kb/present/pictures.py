"""The pictures that stand for pages where they are shared: SVG, 1200 by 630, in fixed colours.

Nothing in them depends on who asks: words are those of the case's own language. A text in letters
that no font of ours has is left out (see kb/fonts).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as Tree

from flask import current_app

from kb.present.feed import clean
from kb.present.words import Reader, locale_of, outcome_mark
from kb.present.world import drawing
from kb.services.drawing_png import TEXT, TITLE, family_for, width_of
from kb.services.reading import Reading

WIDTH, HEIGHT, EDGE = 1200, 630, 72
#: The colours of light pages (static/sankofa.css); a picture has no dark side.
PAPER, INK, MUTED, LINE, ACCENT, OCHRE = (
    *("#faf9f6", "#1b1f23", "#5a6168", "#dcd9d1", "#0b5f6b", "#9a5b00"),
)
#: The map: its width, and where its top is.
MAP_WIDTH, MAP_TOP = 440, 398
BESIDE_MAP = MAP_WIDTH + 2 * EDGE
#: Where a title begins, and its sizes: the largest that has room.
TITLE_TOP, SIZES = 190, (60, 54, 48, 42)
#: What tells a reader of text from right to left where a line begins, and where it ends.
EMBEDDED, ENDED = "\u202b", "\u202c"
#: Places that are named.
PLACES = 2
Point = tuple[float, float]
#: The mark of the product, static/mark.svg.
HEART = (
    "M16 27.5C7 21 3.4 15.8 3.4 11c0-3.9 2.8-6.5 6.1-6.5 3.6 0 6.5 3 6.5 6.8 0 2.9-1.9 4.7-4.1"
    " 4.7-1.9 0-3.2-1.3-3.2-2.9",
    "M16 27.5C25 21 28.6 15.8 28.6 11c0-3.9-2.8-6.5-6.1-6.5-3.6 0-6.5 3-6.5 6.8 0 2.9 1.9 4.7 4.1"
    " 4.7 1.9 0 3.2-1.3 3.2-2.9",
)


@dataclass(frozen=True)
class Pen:
    """How a text is written."""

    size: float
    fill: str
    family: str = TEXT

    @property
    def step(self) -> float:
        """From one line to the next."""
        return self.size * 1.2


def case_picture(case: Reading, reader: Reader) -> str:
    """The picture of a case: its title, its places on the map, its years, what became of it."""
    own, front = Reader(case.lang, reader.vocabularies), case.front
    canvas = Canvas(locale_of(case.lang).text_direction == "rtl")
    canvas.mark(EDGE, 56, 44)
    canvas.text(current_app.config["SITE_NAME"], (EDGE + 60, 90), Pen(30, ACCENT))
    canvas.title(str(front.get("title") or case.key.slug), TITLE_TOP)
    canvas.world(front.get("countries") or ())
    facts = [_places(front, own), _years(front)]
    canvas.text(own.listed(filter(None, facts)), (EDGE, 506), Pen(30, MUTED), BESIDE_MAP)
    mark = outcome_mark(front, own)
    if mark:
        colour = {"good": ACCENT, "warning": OCHRE}.get(mark.tone, MUTED)
        canvas.shape(mark.tone, EDGE, 551, colour)
        canvas.text(mark.label, (EDGE + 38, 560), Pen(30, colour), BESIDE_MAP)
    return canvas.drawn()


def site_picture(countries: Collection[str], line: str) -> str:
    """The picture of the site: its name, what it is in one line, where its cases took place."""
    canvas = Canvas(turned=False)
    canvas.mark(EDGE, 84, 72)
    canvas.text(current_app.config["SITE_NAME"], (EDGE + 96, 142), Pen(64, INK, TITLE))
    canvas.title(line, 260)
    canvas.world(countries)
    return canvas.drawn()


def _places(front: Any, own: Reader) -> str:
    """The places of a case without a word: two names, and how many more there are."""
    names = [*own.labels("countries", front.get("countries") or ())]
    names += own.labels("regions", front.get("regions") or ())
    more = f" +{len(names) - PLACES}" if len(names) > PLACES else ""
    return own.listed(names[:PLACES]) + more


def _years(front: Any) -> str:
    """The years of a case without a word: 2007–2015, and an open end where it goes on."""
    span = front.get("period") or {}
    start, end = str(span.get("start") or ""), str(span.get("end") or "")
    return start if start == end else f"{start}–{end}"


class Canvas:
    """A drawing that is being made; with `turned` it is seen from right to left."""

    def __init__(self, turned: bool) -> None:
        size = {"width": str(WIDTH), "height": str(HEIGHT)}
        self.root = Tree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size})
        self.turned = turned
        self._add("rect", width=WIDTH, height=HEIGHT, fill=PAPER)
        self._add("rect", width=WIDTH, height=12, fill=ACCENT)

    def drawn(self) -> str:
        """The drawing as SVG."""
        return Tree.tostring(self.root, encoding="unicode")

    def mark(self, x: float, y: float, size: float) -> None:
        """The mark of the product, its side being `size`."""
        left = WIDTH - x - size if self.turned else x
        for path in HEART:
            self._add(
                "path", d=path, fill="none", stroke=ACCENT, stroke_width=2.6,
                stroke_linecap="round", stroke_linejoin="round",
                transform=f"translate({left} {y}) scale({size / 32})",
            )  # fmt: skip

    def text(self, text: str, at: Point, pen: Pen, beside: float = EDGE) -> None:
        """A line that begins at a point from the edge, and ends `beside` from the other edge."""
        family = family_for(text, pen.family)
        if family and text:
            pen = replace(pen, family=family)
            self._line(_shortened(text, pen, WIDTH - at[0] - beside), at, pen)

    def title(self, text: str, y: float) -> None:
        """A title of several lines, as large as there is room for."""
        family = family_for(text, TITLE)
        if family:
            pen, lines = _fitted(text, family, WIDTH - 2 * EDGE)
            for number, line in enumerate(lines):
                self._line(line, (EDGE, y + number * pen.step), pen)

    def world(self, chosen: Collection[str]) -> None:
        """The map of the world in the corner, some countries in colour."""
        world = drawing()
        scale = MAP_WIDTH / world["width"]
        left = EDGE if self.turned else WIDTH - EDGE - MAP_WIDTH
        place = f"translate({left} {MAP_TOP}) scale({scale})"
        land = [one["path"] for one in world["countries"].values() if "path" in one]
        self._add("path", d="".join(land), fill=LINE, transform=place)
        for code in chosen:
            country = world["countries"].get(code, {})
            if "path" in country:
                self._add("path", d=country["path"], fill=ACCENT, transform=place)
            if country.get("at"):  # countries that would hardly be seen have a point as well
                x, y = country["at"]
                self._add("circle", cx=x, cy=y, r=9, fill=ACCENT, transform=place)

    def shape(self, tone: str, x: float, y: float, fill: str) -> None:
        """The mark of an outcome around (x, y): a disc, a rhomb or a ring."""
        middle = WIDTH - x - 12 if self.turned else x + 12
        if tone == "good":
            self._add("circle", cx=middle, cy=y, r=11, fill=fill)
        elif tone == "warning":
            self._add("path", d=f"M{middle} {y - 13}l13 13-13 13-13-13z", fill=fill)
        else:
            self._add("circle", cx=middle, cy=y, r=9, fill="none", stroke=fill, stroke_width=4)

    def _line(self, text: str, at: Point, pen: Pen) -> None:
        x, y = at
        element = self._add(
            "text",
            x=WIDTH - x if self.turned else x,
            y=y,
            fill=pen.fill,
            font_size=pen.size,
            font_family=pen.family,
            text_anchor="end" if self.turned else "start",
        )
        element.text = f"{EMBEDDED}{clean(text)}{ENDED}" if self.turned else clean(text)

    def _add(self, name: str, **attributes: object) -> Tree.Element:
        told = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
        return Tree.SubElement(self.root, name, told)


def _fitted(text: str, family: str, room: float) -> tuple[Pen, Sequence[str]]:
    """The largest size at which the text has room above the map, and its lines; cut where none."""
    for size in SIZES:
        pen = Pen(size, INK, family)
        most = int((MAP_TOP - TITLE_TOP) / pen.step) + 1
        lines = [_shortened(line, pen, room) for line in _lines(text, pen, room)]
        if len(lines) <= most:
            return pen, lines
    rest = " ".join(lines[most - 1 :])
    return pen, [*lines[: most - 1], _shortened(rest, pen, room)]


def _lines(text: str, pen: Pen, room: float) -> Iterator[str]:
    line = ""
    for word in _words(text):
        if line and width_of((line + word).rstrip(), pen.family, pen.size) > room:
            yield line.rstrip()
            line = ""
        line += word
    if line:
        yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """What a line may be broken behind: words with the space after them, Chinese signs alone."""
    word = ""
    for letter in text:
        word += letter
        if letter.isspace() or "\u3000" <= letter <= "\u9fff":
            yield word
            word = ""
    yield word


def _shortened(text: str, pen: Pen, room: float) -> str:
    """The text, cut where it is wider than there is room; a word longer than a line too."""
    if width_of(text, pen.family, pen.size) <= room:
        return text
    while text and width_of(f"{text}…", pen.family, pen.size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"
