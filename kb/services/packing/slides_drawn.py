"""Slides drawn with python-pptx: native titles, lists, tables, charts and notes.

Titles and texts stand in placeholders, so that screen readers, outlines and other designs find
them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import segno
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from kb.services.packing.book import Book
from kb.services.packing.slides_told import LINES, WIDE, Column, Drawn, Grid, Said, Slide, lines_of
from kb.services.packing.writing import COLOURS
from kb.services.packing.zipping import zipped

ACCENT, INK, MUTED, PAPER = "0B5F6B", "1B1F23", "5A6168", "FFFFFF"
WIDTH, HEIGHT, EDGE = Inches(13.333), Inches(7.5), Inches(0.6)
TOP, ROOM, CODE = Inches(1.95), Inches(5.1), Inches(3.2)
INNER = WIDTH - 2 * EDGE
#: Points: a title, a title that is long, a text, a text where there is room for more.
TITLE, LONG, SMALL, LARGE = Pt(36), Pt(30), Pt(24), Pt(28)
PROPERTY = 255  # letters that a property of a document may have
FONT = "Arial"  # on every system, with Arabic
#: The layouts of python-pptx's own template that are used.
COVER, TEXT, TWO, ONLY = 0, 1, 3, 5
_DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def drawn(book: Book, slides: Iterable[Slide]) -> bytes:
    """The file."""
    deck = Presentation()
    _laid_out(deck, book.direction)
    for slide in slides:
        _draw(deck, slide)
    told = deck.core_properties
    names = ", ".join(curator.name for curator in book.curators)
    told.title, told.subject = book.title[:PROPERTY], book.summary[:PROPERTY]
    told.author, told.language = (names or book.site)[:PROPERTY], book.lang
    told.last_modified_by = book.site[:PROPERTY]
    told.comments = f"{book.version} {book.url}"[:PROPERTY]
    told.created = told.modified = datetime(book.made.year, book.made.month, book.made.day)
    box = io.BytesIO()
    deck.save(box)
    return _steady(box.getvalue(), book.made)


def _steady(data: bytes, made: date) -> bytes:
    """The same file without the times at which its parts were made."""
    day = f"{made.isoformat()}T00:00:00Z".encode()
    files = []
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        for name in box.namelist():
            content = box.read(name)
            if name.endswith(".xlsx"):
                content = _steady(content, made)
            elif name == "docProps/core.xml":
                content = _DATE.sub(day, content)
            files.append((name, content))
    return zipped(files, made)


# The ground --------------------------------------------------------------------------------


def _laid_out(deck: Any, direction: str) -> None:
    """Make the template wide, its titles begin where lines begin, and keep the layouts in use."""
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    layouts = list(deck.slide_layouts)
    for layout in layouts:
        if layout not in [layouts[number] for number in (COVER, TEXT, TWO, ONLY)]:
            deck.slide_layouts.remove(layout)
    half = int((INNER - Inches(0.5)) / 2)
    second = EDGE + half + Inches(0.5)
    left, right = (EDGE, second) if direction == "ltr" else (second, EDGE)
    for layout in (deck.slide_master, *deck.slide_layouts):
        for shape in list(layout.placeholders):
            number = shape.placeholder_format.idx
            if number >= 10 or (layout is deck.slide_master and number > 1):
                shape._element.getparent().remove(shape._element)
            elif number == 0:
                _put(shape, EDGE, Inches(0.4), INNER, Inches(1.45))
            elif layout.name == "Two Content":
                _put(shape, left if number == 1 else right, TOP, half, ROOM)
            else:
                _put(shape, EDGE, TOP, INNER, ROOM)
    cover = deck.slide_layouts[0]
    _put(cover.placeholders[0], EDGE, Inches(1.2), INNER, Inches(2.2))
    _put(cover.placeholders[1], EDGE, Inches(3.6), INNER, Inches(3.4))
    for style, colour in (("p:titleStyle", ACCENT), ("p:bodyStyle", INK)):
        for level in deck.slide_master._element.iter(qn(style)):
            _styled(level, direction, colour)


def _put(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = map(int, (left, top, width, height))


def _styled(style: Any, direction: str, colour: str) -> None:
    """Let all texts of a kind begin where lines begin, in one colour."""
    for level in style:
        if not level.tag.endswith("pPr"):
            continue
        level.set("algn", "l" if direction == "ltr" else "r")
        level.set("rtl", str(int(direction == "rtl")))
        for run in level.iter(qn("a:defRPr")):
            for fill in run.findall(qn("a:solidFill")):
                run.remove(fill)
            solid = run.makeelement(qn("a:solidFill"), {})
            solid.append(solid.makeelement(qn("a:srgbClr"), {"val": colour}))
            run.insert(0, solid)


# Slides ------------------------------------------------------------------------------------


def _draw(deck: Any, told: Slide) -> None:
    by_name = {layout.name: layout for layout in deck.slide_layouts}
    name = ("Title Slide" if told.dark else "Two Content" if len(told.columns) > 1
            else "Title and Content" if told.columns else "Title Only")  # fmt: skip
    slide = deck.slides.add_slide(by_name[name])
    if told.dark:
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _colour(ACCENT)
    _title(slide.shapes.title, told)
    places = [one for one in slide.placeholders if one.placeholder_format.idx > 0]
    for place, column in zip(places, told.columns, strict=False):
        _column(place, column, dark=told.dark, narrow=len(told.columns) > 1)
    if told.code:
        rtl = told.title.direction == "rtl"
        _put(places[0], EDGE + Inches(3.6) * rtl, TOP, INNER - Inches(3.6), ROOM)
        _code(slide, told.code, EDGE if rtl else WIDTH - EDGE - CODE)
    if told.grid:
        _table(slide, told.grid, told.title)
    if told.drawn:
        _chart(slide, told.drawn)
    if any(told.notes):
        slide.notes_slide.notes_text_frame.text = "\n".join(told.notes).strip()


def _title(shape: Any, told: Slide) -> None:
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.BOTTOM
    light = PAPER if told.dark else None
    line = frame.paragraphs[0]
    if told.kicker and told.kicker.text:
        _say(line, told.kicker, SMALL, colour=light or MUTED)
        line = frame.add_paragraph()
    long = lines_of(told.title.text, WIDE * 2 // 3) > (1 if told.kicker else 2)
    _say(line, told.title, LONG if long else TITLE, colour=light or ACCENT, bold=True)


def _column(shape: Any, column: Column, *, dark: bool, narrow: bool) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    width = WIDE // 2 - 3 if narrow else WIDE
    need = sum(lines_of(said.text, width) for said in column.texts)
    size = LARGE if not narrow and need * 3 < LINES * 2 else SMALL
    colour = PAPER if dark else INK
    rows = [(column.heading, True)] if column.heading else []
    rows += [(said, False) for said in column.texts]
    for place, (said, heading) in enumerate(rows):
        line = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        listed = not heading and (column.bullets or column.numbered)
        _mark(line, column.numbered if listed else None)
        _say(line, said, size, colour=ACCENT if heading else colour, bold=heading)
        line.space_after = Pt(8)


def _mark(paragraph: Any, numbered: bool | None) -> None:
    """A number, a bullet, or nothing (None) before a paragraph; marL is where lines begin."""
    props = paragraph._p.get_or_add_pPr()
    if numbered is None:
        props.set("marL", "0")
        props.set("indent", "0")
        props.insert(0, props.makeelement(qn("a:buNone"), {}))
        return
    props.set("marL", str(int(Inches(0.45))))
    props.set("indent", str(-int(Inches(0.45))))
    kind = ("a:buAutoNum", {"type": "arabicPeriod"}) if numbered else ("a:buChar", {"char": "•"})
    props.insert(0, props.makeelement(qn(kind[0]), kind[1]))


def _say(paragraph: Any, said: Said, size: int, *, colour: str = INK, bold: bool = False) -> None:
    """Words in a paragraph, in their language and direction."""
    run = paragraph.add_run()
    run.text = said.text
    run.font.size, run.font.bold, run.font.name = size, bold, FONT
    run.font.color.rgb = _colour(colour)
    props = run._r.get_or_add_rPr()
    props.set("lang", said.lang)
    script = props.makeelement(qn("a:cs"), {"typeface": FONT})
    props.append(script)
    paragraph.alignment = PP_ALIGN.RIGHT if said.direction == "rtl" else PP_ALIGN.LEFT
    paragraph._p.get_or_add_pPr().set("rtl", str(int(said.direction == "rtl")))


def _code(slide: Any, url: str, left: int) -> None:
    """The QR code of an address."""
    box = io.BytesIO()
    segno.make(url, error="m", micro=False).save(box, kind="png", scale=12, border=4)
    box.seek(0)
    _told(slide.shapes.add_picture(box, int(left), int(TOP), int(CODE), int(CODE)), url)


def _colour(hexadecimal: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(hexadecimal.removeprefix("#")))


def _told(shape: Any, text: str) -> None:
    """What a picture, a table or a chart is, for who does not see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


# Tables and charts -------------------------------------------------------------------------


def _table(slide: Any, grid: Grid, title: Said) -> None:
    rtl = title.direction == "rtl"
    count = len(grid.head)
    frame = slide.shapes.add_table(
        len(grid.rows) + 1, count, int(EDGE), int(TOP), int(INNER), int(Inches(0.6))
    )
    _told(frame, title.text)
    table = frame.table
    table._tbl.tblPr.set("rtl", str(int(rtl)))
    shares = (0.76, 0.24) if count == 2 else (0.52, 0.3, 0.18)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(INNER * share)
    for number, row in enumerate((grid.head, *grid.rows)):
        for place, said in enumerate(row):
            _cell(table.cell(number, place), said, head=number == 0)


def _cell(cell: Any, said: Said, *, head: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(ACCENT if head else "F3F6F6")
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _say(cell.text_frame.paragraphs[0], said, SMALL, colour=PAPER if head else INK, bold=head)


def _chart(slide: Any, told: Drawn) -> None:
    """Lying bars, the first at the top; their lengths are shares of the longest."""
    rtl = told.direction == "rtl"
    data = CategoryChartData()
    data.categories = [name for name, *_ in told.bars]
    data.add_series(told.title or "%", [share for _, _, share, _ in told.bars])
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, int(EDGE), int(TOP), int(INNER), int(ROOM), data
    )
    _told(frame, "; ".join(f"{name}: {value}" for name, value, *_ in told.bars))
    chart = frame.chart
    chart.has_legend, chart.font.size, chart.font.name = False, SMALL, FONT
    chart.has_title = bool(told.title)
    if told.title:
        _say(chart.chart_title.text_frame.paragraphs[0],
             Said(told.title, told.lang, told.direction), SMALL, bold=True)  # fmt: skip
    names, lengths = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.format.line.fill.background()
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    lengths.visible = lengths.has_major_gridlines = False
    lengths.minimum_scale, lengths.maximum_scale = 0, 160
    lengths.reverse_order = rtl
    plot = chart.plots[0]
    plot.gap_width = 60
    for number, (_, value, _, how) in enumerate(told.bars):
        point = plot.series[0].points[number]
        point.format.fill.solid()
        colour = COLOURS.get(how, COLOURS["now"])
        point.format.fill.fore_color.rgb = _colour(colour)
        label = point.data_label
        label.position = XL_LABEL_POSITION.OUTSIDE_END
        label.text_frame.word_wrap = False
        line = label.text_frame.paragraphs[0]
        _say(line, Said(value, told.lang, told.direction), SMALL, bold=True)
