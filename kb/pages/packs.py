"""The pages on which packs are found, read, presented, used in class and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from kb.pieces.case import CaseText
from kb.pieces.common import Link, Turning
from kb.pieces.finding import FacetPanel
from kb.pieces.packs import (
    AskedOf,
    Curator,
    FoundPack,
    PlanItem,
    PlanSection,
    Screen,
    Square,
    Told,
)
from kb.pieces.reading import Part


@dataclass(frozen=True)
class PacksPage:
    """The packs there are, narrowed by words, by their cases, by level and by length."""

    template: ClassVar[str] = "packs/packs.html"
    title: str
    canonical: str
    indexed: bool
    text: str
    audience: str
    corrected: str
    exact_url: str
    total_label: str
    packs: tuple[FoundPack, ...]
    nearest: tuple[FoundPack, ...]
    facets: tuple[FacetPanel, ...]
    chips: tuple[Link, ...]
    clear_url: str
    turning: Turning | None


@dataclass(frozen=True)
class PackPage:
    """A pack: what one learns, the plan, and each case with what to look for."""

    template: ClassVar[str] = "packs/pack.html"
    title: str
    canonical: str
    lang: str
    direction: str
    summary: str
    told: tuple[Told, ...]
    audience: str
    level: str
    lasts: str
    prerequisites: tuple[str, ...]
    objectives: tuple[str, ...]
    lead: Markup
    parts: tuple[Part, ...]
    sections: tuple[PlanSection, ...]
    notes: str
    curators: tuple[Curator, ...]
    origin: Link | None
    licence: Link
    updated: str
    present_url: str
    class_url: str
    join_url: str
    take: tuple[Link, ...]
    take_trainer: tuple[Link, ...]
    ways: tuple[Link, ...]
    translations: tuple[Link, ...]
    alternates: tuple[Link, ...]
    oembed_url: str
    secret: bool
    linked_data: Mapping[str, Any]


@dataclass(frozen=True)
class PackItemPage:
    """A case within a pack, in the text that the pack names, with the ways on and back.

    `text` is None where there is none to read.
    """

    template: ClassVar[str] = "packs/item.html"
    title: str
    canonical: str
    pack: Link
    pack_direction: str
    section: str
    place: str
    item: PlanItem
    text: CaseText | None
    cited: str
    before: Link | None
    after: Link | None
    secret: bool


@dataclass(frozen=True)
class PresentPage:
    """One screen of a presentation."""

    template: ClassVar[str] = "packs/present.html"
    title: str
    screen: Screen
    place: str
    first: str
    before: str
    after: str
    last: str
    leave: str
    contents: tuple[Link, ...]
    join_url: str


@dataclass(frozen=True)
class JoinPage:
    """How people in the room come to the pack: a QR code and a short address."""

    template: ClassVar[str] = "packs/join.html"
    title: str
    lang: str
    direction: str
    address: str
    url: str
    square: Square
    present_url: str
    leave: str


@dataclass(frozen=True)
class ClassPage:
    """The questions of a pack, answered for oneself. `name` is that of the answers in a browser."""

    template: ClassVar[str] = "packs/class.html"
    title: str
    summary: str
    lang: str
    direction: str
    pack_url: str
    name: str
    asked: tuple[AskedOf, ...]


@dataclass(frozen=True)
class SharePage:
    """What others need to show the pack on their own pages."""

    template: ClassVar[str] = "packs/share.html"
    title: str
    lang: str
    direction: str
    pack: Link
    address: str
    short: str
    frame: str
    links: tuple[Link, ...]
    plain: str


@dataclass(frozen=True)
class EmbedPage:
    """A pack in a frame of another site's page."""

    template: ClassVar[str] = "packs/embed.html"
    title: str
    url: str
    lang: str
    direction: str
    facts: tuple[str, ...]
    summary: str
    sections: tuple[PlanSection, ...]
    class_url: str
