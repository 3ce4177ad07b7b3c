"""What the pages of the editors' room are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link, Mark


@dataclass(frozen=True)
class Heap:
    """Something that waits: how much of it, what it is, where it is dealt with."""

    number: str
    label: str
    url: str
    told: str
    tone: str  # warning, neutral or good


@dataclass(frozen=True)
class FailedRow:
    """A piece of background work that was given up."""

    task: str
    when: str
    iso: str
    told: str
    error: str


@dataclass(frozen=True)
class DueRow:
    """A case that is due for another look; the form at `again_url` says that it was looked at."""

    title: str
    url: str
    lang: str
    when: str
    iso: str
    facts: tuple[str, ...]
    edit_url: str
    again_url: str


@dataclass(frozen=True)
class DueGroup:
    """Cases of one standing; `more` leads to all of them where some are left out."""

    id: str
    title: str
    told: str
    rows: tuple[DueRow, ...]
    more: Link


@dataclass(frozen=True)
class PlaceRow:
    """A document that leads to an address, the field in which it does, the way to mend it."""

    document: Link
    place: str
    edit_url: str


@dataclass(frozen=True)
class LinkRow:
    """An address with what became of it; `url` is "" where it is no address to be followed."""

    address: str
    url: str
    state: Mark
    told: str
    facts: tuple[str, ...]
    leads_to: Link
    places: tuple[PlaceRow, ...]
    again_url: str


@dataclass(frozen=True)
class SearchRow:
    """Words that were searched for, and how often that led nowhere."""

    words: str
    url: str
    asked: str
    empty: str
    followed: str
    last: str


@dataclass(frozen=True)
class Cell:
    """How many cases a crossing holds; `level` is none, little or some."""

    number: str
    url: str
    about: str
    level: str


@dataclass(frozen=True)
class CrossRow:
    """A row of a crossing: its term and a cell for each column."""

    term: Link
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RightRow:
    """Something that can be done, and how far each role may do it."""

    label: str
    cells: tuple[Mark, ...]


@dataclass(frozen=True)
class EventRow:
    """Something that happened."""

    when: str
    iso: str
    who: str
    what: str
    subject: Link
    detail: str
