"""What the search page is made of, beside the cases themselves."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link, Option


@dataclass(frozen=True)
class Branch:
    """A place of the tree of places, and the smaller ones in it, `told` in words."""

    option: Option
    told: str = ""
    branches: tuple[Branch, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class FacetPanel:
    """A facet: the options seen at once, those behind "more", and how values combine.

    Places have a `tree` above their options, which then are groups of countries, under a `heading`.
    `rest` leads to all values, where there are more than a page can hold.
    """

    name: str
    title: str
    options: tuple[Option, ...]
    more: tuple[Option, ...]
    modes: tuple[Option, ...]
    folded: bool
    tree: tuple[Branch, ...] = ()
    heading: str = ""
    rest: Link | None = None


@dataclass(frozen=True)
class Nothing:
    """A search without a case: what was sought, and the ways on.

    `drops` are filters to do without, `named` terms and titles with words like those sought, `ways`
    themes to look into; each but the last with the number of cases it leads to.
    """

    told: str
    drops: tuple[Link, ...]
    named: tuple[Link, ...]
    ways: tuple[Link, ...]
