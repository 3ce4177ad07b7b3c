"""What the heads of pages tell machines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tag:
    """A <meta> element: what is told, under which name."""

    name: str
    content: str


@dataclass(frozen=True)
class Picture:
    """A picture that stands for a page where it is shared: its public address, what it shows."""

    url: str
    alt: str


@dataclass(frozen=True)
class ForMachines:
    """What the page of a document tells besides its text.

    `schemas` are the vocabularies of the `tags`: the name of each and its address.
    """

    schemas: tuple[Tag, ...]
    tags: tuple[Tag, ...]
    picture: Picture
