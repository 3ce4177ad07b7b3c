"""The cover of a book as a picture, which readers of e-books show on their shelves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as Tree

from kb.services.drawing_png import TEXT, TITLE, family_for, png, width_of
from kb.services.packing.book import Book

WIDTH, HEIGHT, EDGE = 1200, 1600, 110
PAPER, INK, MUTED, ACCENT = "#faf9f6", "#1b1f23", "#5a6168", "#0b5f6b"
#: Sizes of a title, the largest that has room, and the lines that it may take.
SIZES, MOST = (104, 88, 74, 62), 9
#: What tells a reader of text from right to left where a line begins, and where it ends.
EMBEDDED, ENDED = "\u202b", "\u202c"


@dataclass(frozen=True)
class Pen:
    """How a line is written."""

    size: int
    fill: str
    family: str = TEXT


def cover(book: Book) -> bytes:
    """The cover as PNG: the library, the title, the edition. Letters that we lack are left out."""
    root = Tree.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "height": str(HEIGHT)}
    )
    _add(root, "rect", width=WIDTH, height=HEIGHT, fill=PAPER)
    _add(root, "rect", x=EDGE, y=EDGE, width=WIDTH - 2 * EDGE, height=14, fill=ACCENT)
    turned = book.direction == "rtl"
    _line(root, book.site, 210, Pen(52, ACCENT), turned=turned)
    _line(root, book.words["pack"], 430, Pen(40, MUTED), turned=turned)
    family = family_for(book.title, TITLE)
    if family:
        size, lines = _fitted(book.title, family)
        for number, line in enumerate(lines):
            _line(root, line, 540 + number * size * 1.22, Pen(size, INK, family), turned=turned)
    edition = book.words["trainer" if book.for_trainers else "participants"]
    _line(root, edition, HEIGHT - EDGE - 60, Pen(40, INK), turned=turned)
    _line(root, book.made.strftime("%Y"), HEIGHT - EDGE, Pen(36, MUTED), turned=turned)
    return png(Tree.tostring(root, encoding="unicode"), 800)


def _fitted(title: str, family: str) -> tuple[int, list[str]]:
    """The largest size at which a title has room, and its lines."""
    for size in SIZES:
        lines = list(_lines(title, family, size))
        if len(lines) * size * 1.22 < HEIGHT - 540 - 2 * EDGE - 100:
            return size, lines
    return size, lines[:MOST]


def _lines(text: str, family: str, size: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, family, size) > WIDTH - 2 * EDGE:
            yield line
            longer = word
        line = longer
    yield line


def _line(root: Tree.Element, text: str, y: float, pen: Pen, *, turned: bool) -> None:
    letters = family_for(text, pen.family)
    if not letters:
        return
    told = {"x": WIDTH - EDGE if turned else EDGE, "y": y, "fill": pen.fill, "font-size": pen.size,
            "font-family": letters, "text-anchor": "end" if turned else "start"}  # fmt: skip
    element = Tree.SubElement(root, "text", {name: str(value) for name, value in told.items()})
    element.text = f"{EMBEDDED}{text}{ENDED}" if turned else text


def _add(root: Tree.Element, name: str, **attributes: object) -> None:
    Tree.SubElement(root, name, {key: str(value) for key, value in attributes.items()})
