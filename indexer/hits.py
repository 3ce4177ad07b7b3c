"""What a search gives back: hits with their reasons, facets with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from indexer.query import Query, ReadAs
from indexer.values import Key


@dataclass(frozen=True)
class Passage:
    """A piece of a text in `lang`; `marks` are the [start, end) of the words that matched."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    lang: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a document is a hit: the words as typed, labels it is filed under, its meaning."""

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    meaning: bool = False


@dataclass(frozen=True)
class Hit:
    """A document that was found; `record` holds its front matter, body and revision."""

    key: Key
    title: str
    summary: str
    score: float
    reason: Reason
    passage: Passage | None
    record: Mapping[str, Any]


class FacetValue(NamedTuple):  # some hundred are made for every search
    """A value of a facet with the count that stands beside it."""

    id: str
    count: int  # type: ignore[assignment]
    selected: bool


@dataclass(frozen=True)
class Suggestion:
    """Something whose name begins like what is being typed; `count` is its number of cases.

    `called` is the name that fits, where it is not the label.
    """

    kind: str
    id: str
    label: str
    count: int
    called: str = ""


class Drop(NamedTuple):
    """Filters that hide every case, as `Query.without` takes them, and the total without them."""

    filters: tuple[tuple[str, str], ...]
    total: int


@dataclass(frozen=True)
class Offer:
    """Another text that may have been meant, with what it finds under the same filters."""

    text: str
    total: int


@dataclass(frozen=True)
class Results:
    """The answer to a query.

    `corrected` is the text that was searched instead of the typed one; `offer` one that was not,
    but finds more; `nearest` are cases offered apart, uncounted, where there are few hits. Where
    nothing was found, `drops` are the fewest filters to do without, and `named` are terms and
    titles with words like those of the text.
    """

    query: Query
    read_as: ReadAs
    corrected: str | None
    total: int
    pages: int
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    offer: Offer | None = None
    drops: tuple[Drop, ...] = ()
    named: tuple[Suggestion, ...] = ()
