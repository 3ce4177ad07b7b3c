"""What the pages of packs are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link, Mark, Segment


@dataclass(frozen=True)
class FoundPack:
    """A pack in a list. `reason_*` tell why it was found; empty where nothing was asked."""

    url: str
    title: str
    lang: str
    facts: tuple[str, ...]
    snippet: tuple[Segment, ...]
    snippet_lang: str
    audience: str
    reason_meaning: bool = False
    reason_words: tuple[str, ...] = ()
    reason_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curator:
    """Who put the pack together: a name, a role, and where to find them."""

    name: str
    role: str
    url: str


@dataclass(frozen=True)
class Told:
    """What is to be known of the text of an item: that it is pinned, has moved on, or is gone."""

    text: str
    links: tuple[Link, ...] = ()
    warning: bool = False


@dataclass(frozen=True)
class PlanItem:
    """A case in its place in the pack.

    `url` leads to it within the pack, "" where there is no text to read; `begins` is the time
    since the beginning, `minutes` how long it takes. `note` is "" for whoever may not see it.
    """

    id: str
    number: str
    title: str
    url: str
    lang: str
    direction: str
    begins: str
    minutes: str
    summary: str
    facts: tuple[str, ...]
    outcome: Mark | None
    told: tuple[Told, ...]
    questions: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class PlanSection:
    """A part of the pack with its cases in order; `first` is the number of the first of them."""

    id: str
    title: str
    intro: str
    minutes: str
    count: str
    first: str
    items: tuple[PlanItem, ...]


@dataclass(frozen=True)
class Square:
    """A QR code: how many squares it is wide, quiet zone and all, and the path of the dark ones."""

    size: int
    path: str
    label: str


@dataclass(frozen=True)
class Screen:
    """One screen of a presentation, with one thing to say.

    `kind` is opening, section, case, figure, lesson, question or end; `over` says what it is part
    of, `text` is the point and `more` what may be said of it. Words are in `lang`.
    """

    kind: str
    over: str
    text: str
    more: str
    lang: str
    direction: str
    over_lang: str = ""


@dataclass(frozen=True)
class Asked:
    """A question of the class; `id` names it and its answer, whatever moves around it."""

    id: str
    text: str


@dataclass(frozen=True)
class AskedOf:
    """The questions about one case."""

    title: str
    url: str
    lang: str
    direction: str
    questions: tuple[Asked, ...]
