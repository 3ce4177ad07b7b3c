"""What the pages for readers are made of."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kb.pieces.common import Link, Mark, Segment


@dataclass(frozen=True)
class FoundCase:
    """A case in a list. `reason_*` tell why it was found; empty where nothing was asked.

    The snippet may be of a translation, and so in another language than the title.
    """

    url: str
    title: str
    lang: str
    facts: tuple[str, ...]
    snippet: tuple[Segment, ...]
    snippet_lang: str
    outcome: Mark | None
    evidence: str
    themes: str
    reason_meaning: bool = False
    reason_words: tuple[str, ...] = ()
    reason_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermRow:
    """A term in a list of terms, with its number of cases."""

    label: str
    url: str
    count: str
    definition: str = ""
    depth: int = 0
    empty: bool = False


@dataclass(frozen=True)
class Explained:
    """A term of the glossary, its definition in English; `id` is where it can be pointed at."""

    id: str
    label: str
    expansion: str
    definition: str
    others: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One row of the fact box: a name and one or more values, each a link where it leads on."""

    name: str
    values: tuple[Link, ...]
    mark: Mark | None = None
    inline: bool = False


@dataclass(frozen=True)
class Goal:
    """A development goal or line of action that a case serves, and why."""

    number: str
    label: str
    url: str
    why: str


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `width` is in per cent of the drawing's width."""

    label: str
    value: str
    width: str
    latest: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One stated result as words."""

    indicator: str
    value: str
    when: str
    compared: str
    counted_by: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Figures that may stand in one chart, and the same as rows for the table behind it."""

    title: str
    note: str
    bars: tuple[Bar, ...]
    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class Part:
    """A section of a case. `failure` is told in its own frame; `figures` stand under this one."""

    id: str
    heading: Markup
    body: Markup
    failure: bool = False
    figures: bool = False


@dataclass(frozen=True)
class Replication:
    """Somebody else who did the same."""

    place: Link
    when: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A law, strategy or standard that made the case possible."""

    title: str
    url: str
    kind: str
    facts: str


@dataclass(frozen=True)
class Source:
    """A numbered source; `backs` are the ids of the places in the text that refer to it."""

    id: str
    title: str
    url: str
    publisher: str
    backs: tuple[str, ...]
