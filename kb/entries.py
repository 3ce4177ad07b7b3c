"""The pieces that the editor is made of, each a frozen dataclass; see `kb.pieces`."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kb.pieces.case import Source
from kb.pieces.common import Link, Option
from kb.pieces.reading import Part


@dataclass(frozen=True)
class Offered:
    """What may fit, taken with a click on the button whose value is `action`.

    `field` and `reason` are told beside it; `url` is where it can be read, `action` "" where it
    is taken already.
    """

    action: str
    label: str
    field: str
    reason: str
    url: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Warn:
    """What one should know of a case in a pack: `mark` in a word or two, `text` in a sentence.

    `see` leads to more about it, `action` is the value of the button `label` that deals with it.
    """

    mark: str
    text: str
    see: Link | None = None
    action: str = ""
    label: str = ""


@dataclass(frozen=True)
class EntryRow:
    """One row of a repeating group. `path` names it in buttons, `notes` are open comments on it.

    `facts` are told beside the title, `moved` is the button that has just moved it, up or down.
    """

    id: str
    path: str
    title: str
    origin_name: str
    origin: str
    parts: tuple[Entry, ...]
    errors: tuple[str, ...]
    notes: tuple[Link, ...]
    open: bool
    first: bool
    last: bool
    fresh: bool
    facts: str = ""
    warns: tuple[Warn, ...] = ()
    moved: str = ""


@dataclass(frozen=True)
class Entry:
    """One field of the form. `widget` is a macro of components/fields.html or groups.html.

    `note` tells what the value stands for, `shared` names the list of values offered while
    typing, `parts` are the fields of a group, `rows` those of a repeating one; `found` are the
    terms found for `finding`, `offers` the documents; `notes` are open comments.
    """

    name: str
    id: str
    path: str
    label: str
    help: str
    example: str
    widget: str
    required: bool
    value: str = ""
    note: str = ""
    longest: str = ""
    shared: str = ""
    options: tuple[Option, ...] = ()
    found: tuple[Option, ...] = ()
    offers: tuple[Offered, ...] = ()
    finding: str = ""
    find_url: str = ""
    parts: tuple[Entry, ...] = ()
    rows: tuple[EntryRow, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[Link, ...] = ()


@dataclass(frozen=True)
class EntryGroup:
    """A part of the form under a heading of its own."""

    id: str
    title: str
    entries: tuple[Entry, ...]
    folded: bool = False


@dataclass(frozen=True)
class Fault:
    """One thing to be mended: where it is, and what would be right."""

    label: str
    text: str
    url: str
    warning: bool = False


@dataclass(frozen=True)
class Lack:
    """What a good case has and this one lacks, with the reason."""

    text: str
    reason: str
    url: str


@dataclass(frozen=True)
class WritingHelp:
    """Help in writing: cases that are here already, terms that may fit, cases for a pack."""

    similar: tuple[Link, ...]
    offers: tuple[Offered, ...]
    more: tuple[Offered, ...] = ()


@dataclass(frozen=True)
class Shared:
    """A secret link to a draft: when and by whom it was made, what it is for."""

    id: str
    label: str
    made: str


@dataclass(frozen=True)
class Sharing:
    """Who may read a draft by a secret link; `secret` is one that was made just now, told once."""

    url: str
    secret: str
    links: tuple[Shared, ...]


@dataclass(frozen=True)
class Outlined:
    """A section of a pack: its title, what is told beside it, and its cases."""

    title: str
    facts: str
    cases: tuple[Link, ...]


@dataclass(frozen=True)
class Preview:
    """How the text will look: title, summary and the body as clean HTML; of a pack its outline."""

    title: str
    summary: str
    lang: str
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    sources: tuple[Source, ...]
    outline: tuple[Outlined, ...] = ()
