"""The pages on which cases are compared and gathered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import Link
from kb.pieces.reading import FoundCase
from kb.pieces.taking import ComparedCase, ComparedField, KeptCase, Undo


@dataclass(frozen=True)
class ComparePage:
    """Some cases side by side, field by field; or what is missing for that."""

    template: ClassVar[str] = "taking/compare.html"
    title: str
    canonical: str
    told: tuple[str, ...]
    cases: tuple[ComparedCase, ...]
    fields: tuple[ComparedField, ...]
    chosen: tuple[ComparedCase, ...]
    offers: tuple[FoundCase, ...]
    slugs: tuple[str, ...]
    take: tuple[Link, ...]


@dataclass(frozen=True)
class ListPage:
    """One's own list of cases, or one that somebody else shared."""

    template: ClassVar[str] = "taking/list.html"
    title: str
    intro: str
    own: bool
    total_label: str
    cases: tuple[KeptCase, ...]
    slugs: tuple[str, ...]
    told: str
    undo: Undo | None
    problems: tuple[str, ...]
    share_url: str
    take: tuple[Link, ...]


@dataclass(frozen=True)
class KeptFragment:
    """The answer to htmx: the button as it is now, and how long the list is."""

    template: ClassVar[str] = "taking/_kept.html"
    slug: str
    title: str
    kept: tuple[str, ...]
    told: str
