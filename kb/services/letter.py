"""A letter as a value: to whom, about what, and its parts; mail and HTML are made from it alike.

All text is plain. It may wait as JSON in the table of jobs until it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True)
class Heading:
    """What the parts below it are about."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Way:
    """Where the reader is to go: what happens there, and the whole address."""

    kind: ClassVar[str] = "way"
    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """A thing that is told of: its title in the language `lang`, where it is, what happened to it.

    `said` are the words of somebody about it.
    """

    title: str
    url: str = ""
    note: str = ""
    said: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Items:
    """Several things, one below the other."""

    kind: ClassVar[str] = "items"
    rows: tuple[Item, ...]


Part = Words | Heading | Way | Items
_KINDS: Mapping[str, type[Words | Heading | Way | Items]] = {
    part.kind: part for part in (Words, Heading, Way, Items)
}


@dataclass(frozen=True)
class Letter:
    """What is to be told to whom, in the language `lang`.

    `foot` says why it was sent and what can be chosen; `unsubscribe` is the address at which one
    click (RFC 8058) ends letters of this kind, "" for letters that somebody asked for.
    """

    to: str
    subject: str
    parts: tuple[Part, ...]
    lang: str = "en"
    foot: tuple[Part, ...] = ()
    unsubscribe: str = ""

    def as_json(self) -> dict[str, Any]:
        """The letter as values that JSON knows."""
        return {
            **asdict(self),
            "parts": [{"kind": part.kind, **asdict(part)} for part in self.parts],
            "foot": [{"kind": part.kind, **asdict(part)} for part in self.foot],
        }


def from_json(values: Mapping[str, Any]) -> Letter:
    """The letter that was given as JSON."""
    parts, foot = (tuple(map(_part, values[name])) for name in ("parts", "foot"))
    return Letter(**{**values, "parts": parts, "foot": foot})


def _part(values: Mapping[str, Any]) -> Part:
    rest = {name: value for name, value in values.items() if name != "kind"}
    if values["kind"] == Items.kind:
        return Items(tuple(Item(**row) for row in rest["rows"]))
    return _KINDS[values["kind"]](**rest)
