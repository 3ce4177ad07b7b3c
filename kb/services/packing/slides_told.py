"""A pack as slides: what is on each, as plain values; `slides_drawn` draws them.

One for the pack, what it is for, its plan; for each part one; for each case what it is, its results
as a chart or a table, what went wrong beside what was learned, and its questions. Whole texts,
sources and teaching notes are in the notes below the slides. Nothing is smaller than 24 points, so
texts are cut by whole sentences to what there is room for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from kb.services.packing.book import Bars, Book, Chapter, Chart, Figure, Section

#: Letters of 24 points that stand in a line of a slide and of one of its halves, and the lines.
WIDE, HALF, LINES = 78, 33, 11
#: Letters of a line above a title, of a cell and of the name of a bar.
KICKER, CELL, BAR = 74, 60, 58
#: Lines that are left empty between two texts.
BETWEEN = 0.3
#: Rows of a table and bars of a chart at most.
ROWS, BARS = 4, 4
_SENTENCES = re.compile(r"(?<=[.!?؟。！？])\s+|(?<=[。！？])")


@dataclass(frozen=True)
class Said:
    """Some words, in their language and direction."""

    text: str
    lang: str
    direction: str


@dataclass(frozen=True)
class Column:
    """Texts below one another, with a heading or none; `numbered` from 1 or `bullets`, or plain."""

    texts: tuple[Said, ...]
    heading: Said | None = None
    numbered: bool = False
    bullets: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its head and its rows."""

    head: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True)
class Drawn:
    """A chart of lying bars: name, value in words, length in per cent, what it is."""

    title: str
    bars: tuple[tuple[str, str, float, str], ...]
    lang: str
    direction: str


@dataclass(frozen=True)
class Slide:
    """One slide: a line above the title, the title, and one or two columns, a table or a chart."""

    title: Said
    kicker: Said | None = None
    columns: tuple[Column, ...] = ()
    grid: Grid | None = None
    drawn: Drawn | None = None
    code: str = ""
    notes: tuple[str, ...] = field(default=())
    dark: bool = False


def slides_of(book: Book) -> Iterator[Slide]:
    """All slides of a pack in their order."""
    yield _cover(book)
    for title, texts in ((book.words["objectives"], book.objectives),
                         (book.words["prerequisites"], book.prerequisites)):  # fmt: skip
        for page in _pages([_in_book(book, text) for text in texts], WIDE, LINES):
            yield Slide(_in_book(book, title), columns=(Column(page, bullets=True),))
    yield _plan(book)
    for section in book.sections:
        if len(book.sections) > 1:
            yield _part(book, section)
        for chapter in section.chapters:
            yield from _of_chapter(book, chapter)
    yield _ending(book)


# Around the cases --------------------------------------------------------------------------


def _in_book(book: Book, text: str) -> Said:
    return Said(" ".join(text.split()), book.lang, book.direction)


def _cover(book: Book) -> Slide:
    edition = book.words["trainer" if book.for_trainers else "participants"]
    lines = (cut(book.summary, WIDE * 5), " · ".join(filter(None, (book.site, edition))))
    return Slide(
        _in_book(book, book.title),
        columns=(Column(tuple(_in_book(book, text) for text in lines)),),
        notes=(book.summary, *book.introduction.text),
        dark=True,
    )


def _plan(book: Book) -> Slide:
    words = book.words
    if len(book.sections) > 1:
        rows = [(_in_book(book, cut(one.title or one.label, CELL)), _in_book(book, one.time))
                for one in book.sections]  # fmt: skip
    else:
        rows = [(_of(one, cut(one.title, CELL)), _in_book(book, one.time))
                for one in book.chapters]  # fmt: skip
    rows.append((_in_book(book, words["together"]), _in_book(book, book.duration)))
    head = (_in_book(book, words["contents"]), _in_book(book, words["time"]))
    notes = tuple(f"{one.number}. {one.title} {one.time}".strip() for one in book.chapters)
    return Slide(_in_book(book, words["plan"]), grid=Grid(head, tuple(rows)), notes=notes)


def _part(book: Book, section: Section) -> Slide:
    kicker = " · ".join(filter(None, (section.label, section.time)))
    intro = cut(section.intro, WIDE * 8)
    return Slide(
        _in_book(book, section.title or section.label),
        _in_book(book, kicker),
        (Column((_in_book(book, intro),) if intro else ()),),
        notes=(section.intro,),
        dark=True,
    )


def _ending(book: Book) -> Slide:
    names = ", ".join(curator.name for curator in book.curators)
    texts = (book.url, f"{book.licence.name}", names, book.version)
    said = tuple(_in_book(book, text) for text in texts if text)
    return Slide(
        _in_book(book, book.words["ending"]),
        columns=(Column(said),),
        code=book.url,
        notes=(book.provenance, book.licence.url, book.words["free"]),
    )


# A case ------------------------------------------------------------------------------------


def _of(chapter: Chapter, text: str) -> Said:
    return Said(" ".join(text.split()), chapter.lang, chapter.direction)


def _of_chapter(book: Book, chapter: Chapter) -> Iterator[Slide]:
    yield _what(book, chapter)
    yield from _results(book, chapter)
    yield from _learned(book, chapter)
    kicker = _of(chapter, cut(chapter.title, KICKER))
    questions = [_in_book(book, text) for text in chapter.questions]
    for page in _pages(questions, WIDE, LINES):
        title = _in_book(book, f"{chapter.label}: {book.words['questions']}")
        yield Slide(title, kicker, (Column(page, numbered=len(questions) > 1),))


def _what(book: Book, chapter: Chapter) -> Slide:
    """What the case is: its summary, where, when and how it went."""
    facts = [f"{fact.name}: {', '.join(fact.values)}" for fact in chapter.facts[:3]]
    texts = (chapter.summary, *(cut(fact, WIDE) for fact in facts))
    notices = tuple(_in_book(book, notice) for notice in chapter.notices[:1])
    note = (f"{book.words['note']}:", chapter.note, "") if chapter.note else ()
    cited = (f"[{one.id}] {', '.join(filter(None, (one.title, one.publisher, one.year)))} {one.url}"
             for one in chapter.sources)  # fmt: skip
    return Slide(
        _of(chapter, chapter.title),
        _in_book(book, " · ".join(filter(None, (chapter.label, chapter.time)))),
        (Column((*(_of(chapter, text) for text in texts if text), *notices)),),
        notes=(*note, *chapter.lead.text, chapter.citation, chapter.licence.name, "",
               f"{book.words['sources']}:", *cited),
    )  # fmt: skip


def _results(book: Book, chapter: Chapter) -> Iterator[Slide]:
    """What was achieved: a chart where figures can be compared, else a table, else words."""
    passage = chapter.passage("results")
    title = _in_book(book, f"{chapter.label}: {book.words['figures']}")
    kicker = _of(chapter, cut(chapter.title, KICKER))
    told = passage.prose.text if passage else ()
    notes = (*told, "", *(_in_words(row) for row in chapter.stated)) if chapter.stated else told
    if chapter.charts:
        yield Slide(title, kicker, drawn=_chart(chapter, chapter.charts[0]), notes=notes)
    elif chapter.figures:
        yield Slide(title, kicker, grid=_table(book, chapter), notes=notes)
    elif passage and passage.prose.text:
        texts = tuple(_fitting([_of(chapter, text) for text in told], WIDE, LINES))
        title = _of(chapter, passage.title)
        yield Slide(title, kicker, (Column(texts, bullets=True),), notes=notes)


def _in_words(figure: Figure) -> str:
    when = f" ({figure.when})" if figure.when else ""
    return f"{figure.indicator}: {figure.value}{when}"


def _chart(chapter: Chapter, chart: Chart) -> Drawn:
    if isinstance(chart, Bars):
        bars = [(bar.label, bar.value, bar.share, bar.how) for bar in chart.bars]
    else:
        bars = [(row.when, row.value, max(0.0, chart.floor - point.y), "now")
                for row, point in zip(chart.rows, chart.points, strict=False)]  # fmt: skip
    longest = max((share for _, _, share, _ in bars), default=0) or 1
    told = tuple((cut(name, BAR), value, round(share * 100 / longest, 2), how)
                 for name, value, share, how in bars[-BARS:])  # fmt: skip
    return Drawn(cut(chart.title, WIDE), told, chapter.lang, chapter.direction)


def _table(book: Book, chapter: Chapter) -> Grid:
    words = book.words
    head = tuple(_in_book(book, words[name]) for name in ("counted", "result", "when"))
    rows = [(_of(chapter, cut(row.indicator, CELL * 2)), _of(chapter, cut(row.value, CELL)),
             _of(chapter, cut(row.when, CELL))) for row in chapter.figures[:ROWS]]  # fmt: skip
    return Grid(head, tuple(rows))


def _learned(book: Book, chapter: Chapter) -> Iterator[Slide]:
    """What went wrong beside what was learned."""
    passages = [one for role in ("failure", "lessons") if (one := chapter.passage(role))]
    told = [one for one in passages if one.prose.text]
    if not told:
        return
    width = HALF if len(told) > 1 else WIDE
    columns = tuple(
        Column(
            tuple(_fitting([_of(chapter, text) for text in one.prose.text], width, LINES - 1)),
            _of(chapter, one.title),
            bullets=True,
        )
        for one in told
    )
    notes = [text for one in told for text in (f"{one.title}:", *one.prose.text, "")]
    title = _of(chapter, " · ".join(one.title for one in told))
    kicker = _of(chapter, cut(chapter.title, KICKER))
    yield Slide(title, kicker, columns, notes=tuple(notes))


# Room --------------------------------------------------------------------------------------


def width_of(text: str) -> int:
    """How wide a text is, in letters: those of Chinese and Japanese are two wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def lines_of(text: str, width: int) -> int:
    """The lines that a text needs, a little more than it would if words had no ends."""
    return max(1, -(-width_of(text) * 21 // (20 * width)))


def cut(text: str, room: int) -> str:
    """As many whole sentences as there is room for; where that is next to nothing, a begin."""
    line = " ".join(text.split())
    if width_of(line) <= room:
        return line
    told = ""
    for sentence in _SENTENCES.split(line):
        longer = f"{told} {sentence}".strip()
        if width_of(longer) > room:
            break
        told = longer
    return told if width_of(told) * 3 > room else _begin(line, room)


def _begin(line: str, room: int) -> str:
    while width_of(line) >= room:
        shorter = line.rpartition(" ")[0]
        line = shorter or line[:-1]
    return f"{line.rstrip(',;:،؛')}…"


def _fitting(texts: Iterable[Said], width: int, lines: float) -> Iterator[Said]:
    """The first texts, each cut to three lines or so, as many as there is room for."""
    for said in texts:
        short = Said(cut(said.text, width * 3), said.lang, said.direction)
        lines -= lines_of(short.text, width) + BETWEEN
        if lines < 0:
            return
        yield short


def _pages(texts: Sequence[Said], width: int, lines: int) -> Iterator[tuple[Said, ...]]:
    """All texts, a slide full each."""
    page: list[Said] = []
    room = lines
    for said in texts:
        need = lines_of(said.text, width)
        if page and need > room:
            yield tuple(page)
            page, room = [], lines
        page.append(said)
        room -= need
    if page:
        yield tuple(page)
