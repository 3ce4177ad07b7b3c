"""What the pages for comparing, keeping and taking away are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.case import Figure, Grant
from kb.pieces.common import Link, Mark
from kb.pieces.reading import FoundCase


@dataclass(frozen=True)
class Citation:
    """How a case is cited: in a bibliography, as BibTeX, and as files that programs read."""

    apa: str
    bibtex: str
    forms: tuple[Link, ...]


@dataclass(frozen=True)
class ComparedCase:
    """A case at the head of its column."""

    slug: str
    title: str
    lang: str
    url: str
    without_url: str


@dataclass(frozen=True)
class ComparedCell:
    """What one case tells of one field; nothing where all of it is empty."""

    values: tuple[Link, ...] = ()
    inline: bool = False
    mark: Mark | None = None
    grants: tuple[Grant, ...] = ()
    figures: tuple[Figure, ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparedField:
    """A field with a cell for each case, in the order of the columns."""

    id: str
    name: str
    cells: tuple[ComparedCell, ...]
    failure: bool = False
    long: bool = False


@dataclass(frozen=True)
class KeptCase:
    """A case on one's list. `focus` is the button ("up" or "down") that was pressed last."""

    slug: str
    case: FoundCase
    number: str
    first: bool
    last: bool
    focus: str = ""


@dataclass(frozen=True)
class Undo:
    """What was taken off the list, with all that puts it back."""

    told: str
    slugs: tuple[str, ...]
    at: str
