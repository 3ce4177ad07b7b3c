"""The pages of terms, and the library in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.browsing import Failing, Gap, Partnership, Section
from kb.pieces.charts import Sides
from kb.pieces.common import Link, Turning
from kb.pieces.drawing import SmallMap
from kb.pieces.reading import FoundCase, TermRow


@dataclass(frozen=True)
class TermPage:
    """One term: what it means, its cases, what they say together, and what is missing.

    All but the cases is told on the first page alone; `ways` lead to the parts of the page.
    """

    template: ClassVar[str] = "browse/term.html"
    title: str
    canonical: str
    kind: str
    crumbs: tuple[Link, ...]
    definition: str
    facts: str
    total_label: str
    ways: tuple[Link, ...]
    below: tuple[TermRow, ...]
    together: tuple[tuple[str, tuple[TermRow, ...]], ...]
    hits: tuple[FoundCase, ...]
    turning: Turning | None
    search_url: str
    contribute_url: str
    take: tuple[Link, ...]
    feed: Link
    map: SmallMap | None
    charts: Sides
    failing: Failing | None
    partnership: Partnership | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class InsightPage:
    """The library in figures."""

    template: ClassVar[str] = "browse/insight.html"
    title: str
    canonical: str
    intro: str
    counts: tuple[Link, ...]
    sections: tuple[Section, ...]
