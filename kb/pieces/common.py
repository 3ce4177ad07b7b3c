"""What many pages share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A way to another page; `note` is said beside it, `current` when one is already there."""

    label: str
    url: str = ""
    note: str = ""
    current: bool = False
    lang: str = ""


@dataclass(frozen=True)
class Mark:
    """A judgement told by word, colour and shape: `tone` is good, neutral or warning."""

    label: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Segment:
    """A run of text, marked when it holds the words that matched."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Option:
    """One value that can be ticked or chosen in a form; `id` is unique on the page."""

    id: str
    value: str
    label: str
    count: str = ""
    selected: bool = False
    muted: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Turning:
    """The way through several pages of results."""

    before: str
    after: str
    numbers: tuple[Link, ...]


@dataclass(frozen=True)
class Hidden:
    """What a form sends without asking."""

    name: str
    value: str


@dataclass(frozen=True)
class FormField:
    """One question of a form. `kind` is the type of its input, or radio, select or checkbox."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    autocomplete: str = "off"
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Site:
    """What stands around every page: names, ways, and the choices of the visitor.

    `picture` is the public address of the picture that stands for pages without one of their own.
    `person` is the name of whoever is signed in, "" for visitors; `own` are their ways; `token` is
    what the forms of the page must carry. `kept` are the cases on the reader's list.
    """

    name: str
    logo: str
    picture: str
    lang: str
    direction: str
    theme: str
    themes: tuple[Option, ...]
    languages: tuple[Link, ...]
    nav: tuple[Link, ...]
    foot: tuple[Link, ...]
    here: str
    person: str
    own: tuple[Link, ...]
    token: str
    kept: tuple[str, ...] = ()
