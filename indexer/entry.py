"""What the index keeps of one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.values import Key


@dataclass(frozen=True)
class Entry:
    """One document as the index takes it: texts to search, columns to count, a record to show."""

    key: Key
    lang: str  # BCP 47
    title: str
    summary: str
    names: Mapping[str, str]  # language -> labels and synonyms of its terms and places, one a line
    body: str  # plain text; paragraphs separated by a blank line
    facets: Mapping[str, tuple[str, ...]]  # facet -> ids; empty for pages
    start: int | None  # first year
    end: int | None  # last year, None where it goes on
    published: str  # ISO date, or ""
    record: Mapping[str, Any]  # {"front": as JSON, "body": Markdown, "revision": 12 hex digits}
