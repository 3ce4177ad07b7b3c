"""The pages of histories, comparisons and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from kb.pieces.common import Link, Option
from kb.pieces.history import Difference, Moment, Place, Section, Stretch, Value
from kb.pieces.reading import Part


@dataclass(frozen=True)
class HistoryPage:
    """All that happened to a document."""

    template: ClassVar[str] = "history/history.html"
    title: str
    canonical: str
    document: Link
    moments: tuple[Moment, ...]
    compare_url: str
    older_url: str
    status_url: str
    statuses: tuple[Option, ...]
    reason: str
    wrong: str


@dataclass(frozen=True)
class RevisionPage:
    """One text of a document as it was."""

    template: ClassVar[str] = "history/revision.html"
    title: str
    document: Link
    lang: str
    moment: Moment
    values: tuple[Value, ...]
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    ways: tuple[Link, ...]
    restore_url: str


@dataclass(frozen=True)
class ComparePage:
    """Two texts side by side."""

    template: ClassVar[str] = "history/compare.html"
    title: str
    document: Link
    lang: str
    old: Moment | None
    new: Moment
    told: str
    fields: tuple[Difference, ...]
    head: tuple[Stretch, ...]
    body: tuple[Stretch, ...]
    ways: tuple[Link, ...]
    restore_url: str
    restorable: tuple[Option, ...]
    note: str


@dataclass(frozen=True)
class ChangesPage:
    """What changed lately, by day."""

    template: ClassVar[str] = "history/changes.html"
    title: str
    canonical: str
    feed_url: str
    days: tuple[Section, ...]
    older_url: str


@dataclass(frozen=True)
class GonePage:
    """What is said in the place of a document that was withdrawn or archived."""

    template: ClassVar[str] = "history/gone.html"
    title: str
    subject: str
    text: str
    reason: str
    when: str
    history_url: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class ConflictPage:
    """The places that two people changed, to be settled one by one."""

    template: ClassVar[str] = "history/conflict.html"
    title: str
    draft: Link
    lang: str
    who: str
    theirs: str
    mine: str
    both: str
    action: str
    places: tuple[Place, ...]
    wrong: str
