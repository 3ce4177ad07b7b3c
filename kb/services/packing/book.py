"""A pack as a book: everything that any form of it tells, as plain values.

It is made once from a pack with the texts of its cases (`kb.present.book`) and is complete: texts,
figures as numbers, pictures, sources, attribution, licence. All forms are made from it alone.

Text is plain unless it is called `html`, `heading` or `footnotes`: those are made by `kb.markup`
(Markup, which templates let stand), clean and well-formed XHTML, which stands in HTML as well.
Their ids begin with the id of the chapter, their pictures are `pictures/<name>`, and all other
links have whole addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from indexer.pack import Curator

#: Whom an edition is for: the participants' one has no teaching notes.
TRAINER, PARTICIPANTS = "trainer", "participants"
EDITIONS = (PARTICIPANTS, TRAINER)


@dataclass(frozen=True)
class Prose:
    """A text, and its paragraphs as plain text without the numbers of sources."""

    html: str = ""
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A heading of a case and what stands below it.

    `role` says what it tells: context, done, results, failure, lessons, repeat or lasting, "" where
    the heading is one of the author's own. `heading` is the title with what is marked in it.
    """

    id: str
    title: str
    heading: str
    prose: Prose
    role: str = ""


@dataclass(frozen=True)
class Fact:
    """A name and what is to be told under it."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One stated result in words; `sources` are the numbers of its sources."""

    indicator: str
    value: str
    when: str
    baseline: str = ""
    target: str = ""
    note: str = ""
    counted_by: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    """A bar, `share` per cent of the drawing long; `how` is before, then, now or aim."""

    label: str
    value: str
    share: float
    how: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bars:
    """Figures that are compared as lying bars; `rows` are the same in words."""

    kind: ClassVar[str] = "bars"
    title: str
    note: str
    bars: tuple[Bar, ...]
    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class Point:
    """A point of a line in per cent of the drawing, `y` from above.

    `value` and `year` are "" where there is no room to write them beside it; `anchor` is where the
    words stand: start, middle or end.
    """

    x: float
    y: float
    value: str
    year: str
    anchor: str


@dataclass(frozen=True)
class Level:
    """A height to compare with, in per cent from above; `how` is before or aim."""

    y: float
    label: str
    how: str


@dataclass(frozen=True)
class Line:
    """One thing counted over the years; `told` is the drawing in words, `floor` where zero is."""

    kind: ClassVar[str] = "line"
    title: str
    unit: str
    note: str
    told: str
    floor: float
    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    sources: tuple[str, ...]
    rows: tuple[Figure, ...]


Chart = Bars | Line


@dataclass(frozen=True)
class Row:
    """One thing in a list behind the text: its name, some words beside it, what is told of it."""

    name: str
    beside: str = ""
    text: str = ""
    url: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """A list behind the text of a case, such as who did the same elsewhere."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Source:
    """A numbered source of a case."""

    id: str
    title: str
    url: str
    publisher: str
    year: str


@dataclass(frozen=True)
class Licence:
    """Under what a text may be passed on: its id, its name, the address of its words."""

    id: str = ""
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Chapter:
    """A case as the pack uses it.

    `label` ("Case 3"), `time` ("40 min"), `version`, `note`, `questions` and `notices` are in the
    language of the book, all else in that of the case, `lang`. `revision` names the text, `pinned`
    tells that the pack asks for that very one; `url` is where it can be read. `item` is the case as
    a CSL item, `citation` how it is cited. `figures` are the stated results that no chart draws. A
    case whose text nobody may read any more has no passages, and a notice that says so.
    """

    id: str
    number: int
    slug: str
    lang: str
    direction: str
    title: str
    summary: str
    url: str
    revision: str
    pinned: bool
    updated: date | None
    minutes: int
    label: str
    time: str
    version: str
    note: str
    questions: tuple[str, ...]
    notices: tuple[str, ...]
    facts: tuple[Fact, ...]
    lead: Prose
    passages: tuple[Passage, ...]
    footnotes: str
    charts: tuple[Chart, ...]
    figures: tuple[Figure, ...]
    lists: tuple[Listing, ...]
    sources: tuple[Source, ...]
    licence: Licence
    citation: str
    item: Mapping[str, Any]
    markdown: str

    @property
    def figures_apart(self) -> bool:
        """Whether its figures stand behind the text, which has no heading for results."""
        return bool(self.charts or self.figures) and self.passage("results") is None

    @property
    def stated(self) -> tuple[Figure, ...]:
        """All stated results: those of the charts, then the others."""
        return (*(row for chart in self.charts for row in chart.rows), *self.figures)

    def passage(self, role: str) -> Passage | None:
        """The passage of a role, None where the case has none."""
        return next((one for one in self.passages if one.role == role), None)


@dataclass(frozen=True)
class Section:
    """A part of the pack; `label` ("Part 1") and `time` are in words."""

    id: str
    number: int
    title: str
    intro: str
    minutes: int
    label: str
    time: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Picture:
    """A picture of a text, as a file that every reader of books can show."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True)
class Book:
    """A pack with all that belongs to it.

    `stamp` names everything it was made from, so that two books of one stamp are alike. `made` is
    the day of its last change, the only date that a file of it carries. `version` and `provenance`
    tell which text of the pack it is and where it comes from. `words` are the fixed words in its
    language, by their names in `kb.present.book_words`.
    """

    slug: str
    lang: str
    direction: str
    title: str
    summary: str
    url: str
    site: str
    home: str
    edition: str
    revision: str
    stamp: str
    made: date
    audience: str
    level: str
    duration: str
    minutes: int
    version: str
    provenance: str
    prerequisites: tuple[str, ...]
    objectives: tuple[str, ...]
    curators: tuple[Curator, ...]
    licence: Licence
    forked_from: Row | None
    introduction: Prose
    sections: tuple[Section, ...]
    markdown: str
    words: Mapping[str, str]
    pictures: tuple[Picture, ...] = field(default=())

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The cases in their order."""
        return tuple(one for section in self.sections for one in section.chapters)

    @property
    def authors(self) -> str:
        """Who put it together, else the library that it comes from."""
        return ", ".join(one.name for one in self.curators) or self.site

    @property
    def for_trainers(self) -> bool:
        """Whether the teaching notes are in it."""
        return self.edition == TRAINER
