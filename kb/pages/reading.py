"""The pages for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from kb.pieces.case import Behind, CaseText, Fact, Replication
from kb.pieces.common import Link, Option, Turning
from kb.pieces.drawing import SmallMap
from kb.pieces.finding import FacetPanel, Nothing
from kb.pieces.machines import ForMachines
from kb.pieces.reading import (
    Explained,
    FoundCase,
    Goal,
    Part,
    Policy,
    TermRow,
)
from kb.pieces.taking import Citation


@dataclass(frozen=True)
class HomePage:
    """The way in."""

    template: ClassVar[str] = "home/home.html"
    title: str
    canonical: str
    counts: tuple[Link, ...]
    map: SmallMap | None
    newest: tuple[FoundCase, ...]
    packs: tuple[Link, ...]
    themes: tuple[TermRow, ...]
    regions: tuple[TermRow, ...]
    linked_data: Mapping[str, Any]


@dataclass(frozen=True)
class SearchPage:
    """Results, the filters beside them, and a way on when there is nothing."""

    template: ClassVar[str] = "search/results.html"
    title: str
    canonical: str
    text: str
    exact: bool
    read_as: str
    corrected: str
    exact_url: str
    offer: Link | None
    total: int
    total_label: str
    span: str
    apply_label: str
    hits: tuple[FoundCase, ...]
    nearest: tuple[FoundCase, ...]
    facets: tuple[FacetPanel, ...]
    year_from: str
    year_to: str
    chips: tuple[Link, ...]
    clear_url: str
    sorts: tuple[Option, ...]
    views: tuple[Link, ...]
    turning: Turning | None
    take: tuple[Link, ...]
    feed: Link
    alert_url: str
    nothing: Nothing | None


@dataclass(frozen=True)
class SuggestFragment:
    """What is offered while typing."""

    template: ClassVar[str] = "search/_suggestions.html"
    suggestions: tuple[Link, ...]
    told: str


@dataclass(frozen=True)
class CasePage:
    """A case with everything that belongs to it."""

    template: ClassVar[str] = "cases/case.html"
    slug: str
    title: str
    canonical: str
    lang: str
    direction: str
    crumbs: tuple[Link, ...]
    summary: str
    contents: tuple[Link, ...]
    text: CaseText
    facts: tuple[Fact, ...]
    goals: tuple[Goal, ...]
    action_lines: tuple[Goal, ...]
    replications: tuple[Replication, ...]
    map: SmallMap | None
    policies: tuple[Policy, ...]
    similar: tuple[FoundCase, ...]
    elsewhere: tuple[FoundCase, ...]
    citation: Citation
    forms: tuple[Link, ...]
    translations: tuple[Link, ...]
    alternates: tuple[Link, ...]
    offer: Link | None
    behind: Behind | None
    overdue: str
    report_url: str
    history_url: str
    edit_url: str
    compare_url: str
    outside: tuple[Link, ...]
    packs: tuple[Link, ...]
    machines: ForMachines
    linked_data: Mapping[str, Any]


@dataclass(frozen=True)
class IndexPage:
    """All terms of one shelf."""

    template: ClassVar[str] = "browse/index.html"
    title: str
    canonical: str
    intro: str
    map: SmallMap | None
    rows: tuple[TermRow, ...]
    shelves: tuple[Link, ...]


@dataclass(frozen=True)
class GlossaryPage:
    """The words of the field, explained, with what they are called in other languages."""

    template: ClassVar[str] = "browse/glossary.html"
    title: str
    canonical: str
    intro: str
    terms: tuple[Explained, ...]


@dataclass(frozen=True)
class TextPage:
    """A page such as About or Privacy."""

    template: ClassVar[str] = "pages/page.html"
    title: str
    canonical: str
    lang: str
    summary: str
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    updated: str


@dataclass(frozen=True)
class ErrorPage:
    """What went wrong, in plain words, and the ways on.

    `number` is that of the request, in the log; `ours` tells that it is for us to mend.
    """

    template: ClassVar[str] = "errors/error.html"
    title: str
    text: str
    reason: str
    number: str
    ours: bool
    ways: tuple[Link, ...]
    searchable: bool
