"""The pages of the editors' room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import FormField, Link, Turning
from kb.pieces.office import (
    CrossRow,
    DueGroup,
    EventRow,
    FailedRow,
    Heap,
    LinkRow,
    RightRow,
    SearchRow,
)


@dataclass(frozen=True)
class OfficePage:
    """What needs somebody now."""

    template: ClassVar[str] = "office/overview.html"
    title: str
    tabs: tuple[Link, ...]
    heaps: tuple[Heap, ...]
    failed: tuple[FailedRow, ...]


@dataclass(frozen=True)
class DuePage:
    """Cases that are due for another look."""

    template: ClassVar[str] = "office/due.html"
    title: str
    tabs: tuple[Link, ...]
    intro: str
    groups: tuple[DueGroup, ...]
    turning: Turning | None


@dataclass(frozen=True)
class LinksPage:
    """Addresses in the library that somebody should look at."""

    template: ClassVar[str] = "office/links.html"
    title: str
    tabs: tuple[Link, ...]
    done: str
    told: str
    shown: tuple[Link, ...]
    rows: tuple[LinkRow, ...]
    nothing: str
    turning: Turning | None
    export_url: str
    here: str


@dataclass(frozen=True)
class SearchesPage:
    """What people looked for and did not find."""

    template: ClassVar[str] = "office/searches.html"
    title: str
    tabs: tuple[Link, ...]
    told: str
    spans: tuple[Link, ...]
    rows: tuple[SearchRow, ...]
    nothing: str
    export_url: str


@dataclass(frozen=True)
class GapsPage:
    """Where the library has little or nothing."""

    template: ClassVar[str] = "office/gaps.html"
    title: str
    tabs: tuple[Link, ...]
    choices: tuple[Link, ...]
    columns: tuple[Link, ...]
    rows: tuple[CrossRow, ...]
    untold_told: str
    untold: tuple[Link, ...]
    lacking: tuple[Link, ...]
    missing: tuple[Link, ...]
    shown_title: str
    shown: tuple[Link, ...]
    turning: Turning | None


@dataclass(frozen=True)
class RightsPage:
    """Who may do what."""

    template: ClassVar[str] = "office/rights.html"
    title: str
    tabs: tuple[Link, ...]
    roles: tuple[Link, ...]
    rows: tuple[RightRow, ...]
    note: str


@dataclass(frozen=True)
class EventsPage:
    """Who did what to what."""

    template: ClassVar[str] = "office/events.html"
    title: str
    tabs: tuple[Link, ...]
    problems: tuple[Link, ...]
    fields: tuple[FormField, ...]
    events: tuple[EventRow, ...]
    nothing: str
    older_url: str
    exports: tuple[Link, ...]
