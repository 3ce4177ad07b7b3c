"""What the pages of terms and the page of figures are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.charts import Sides
from kb.pieces.common import Link, Mark
from kb.pieces.drawing import SmallMap


@dataclass(frozen=True)
class Told:
    """A case that did not go well: what went wrong in its own words, and a lesson drawn from it."""

    title: str
    url: str
    lang: str
    facts: tuple[str, ...]
    outcome: Mark | None
    wrong: str
    lesson: str


@dataclass(frozen=True)
class Failing:
    """Cases that did not go well; `all` leads to every one of them."""

    told: str
    cases: tuple[Told, ...]
    all: Link


@dataclass(frozen=True)
class Gap:
    """Something that there is no case of; each of `ways` begins a case that would fill it."""

    told: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class PartnerRow:
    """An organisation that took part in the same cases, the cases of both, what it did in them."""

    organisation: Link
    cases: Link
    roles: str


@dataclass(frozen=True)
class Deal:
    """The terms of one case: what the organisation did, how they worked together, amounts."""

    case: Link
    role: str
    modality: str
    money: tuple[str, ...]


@dataclass(frozen=True)
class Partnership:
    """With whom an organisation worked and on what terms; `told` says how many others there are."""

    told: str
    partners: tuple[PartnerRow, ...]
    deals: tuple[Deal, ...]
    deals_told: str


@dataclass(frozen=True)
class Section:
    """A part of the library in figures."""

    id: str
    title: str
    told: str
    charts: Sides
    map: SmallMap | None = None
    failing: Failing | None = None
    gaps: tuple[Gap, ...] = ()
    ways: tuple[Link, ...] = ()
