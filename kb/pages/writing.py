"""The pages on which cases are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.entries import EntryGroup, Fault, Lack, Offered, Preview, Sharing, WritingHelp
from kb.pieces.accounts import Pile
from kb.pieces.common import Hidden, Link, Mark, Option
from kb.pieces.history import Difference, Move, Stretch
from kb.pieces.review import Thread


@dataclass(frozen=True)
class MinePage:
    """One's own work, in piles by what is to be done."""

    template: ClassVar[str] = "account/mine.html"
    title: str
    piles: tuple[Pile, ...]
    ways: tuple[Link, ...]
    told: str


@dataclass(frozen=True)
class NewPage:
    """The start of a new document: its title, and what is here already."""

    template: ClassVar[str] = "edit/new.html"
    title: str
    url: str
    value: str
    wrong: str
    languages: tuple[Option, ...]
    similar: tuple[Link, ...]
    about: str
    hidden: tuple[Hidden, ...]
    example: str
    cases: tuple[Option, ...]


@dataclass(frozen=True)
class BeginPage:
    """The question whether to begin a draft of what is public; `named` is what it is to be called.

    None where it keeps its title.
    """

    template: ClassVar[str] = "edit/begin.html"
    title: str
    url: str
    document: Link
    explained: str
    named: str | None = None


@dataclass(frozen=True)
class SincePage:
    """What happened to a case since the text of it that a pack shows."""

    template: ClassVar[str] = "edit/since.html"
    title: str
    draft: Link
    case: Link
    lang: str
    told: str
    fields: tuple[Difference, ...]
    body: tuple[Stretch, ...]
    url: str


@dataclass(frozen=True)
class DraftPage:
    """A draft: where it stands, what is wrong in it, who writes it, what one may do with it."""

    template: ClassVar[str] = "edit/draft.html"
    title: str
    lang: str
    state: Mark
    explained: str
    note: str
    saved: str
    outdated: str
    waiting: Link | None
    ways: tuple[Link, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    looks: tuple[Fault, ...]
    sharing: Sharing | None
    lacks: tuple[Lack, ...]
    review: Link | None
    standing: tuple[str, ...]
    errors: str
    threads_told: str
    threads: tuple[Thread, ...]
    moves: tuple[Move, ...]
    authors: tuple[str, ...]
    co_authors: tuple[Option, ...]
    co_authors_url: str
    may_invite: bool
    wrong: str
    told: str
    storage: str
    preview: Preview


@dataclass(frozen=True)
class EditPage:
    """The editor: a form made from the table of fields, with help in writing."""

    template: ClassVar[str] = "edit/edit.html"
    title: str
    url: str
    draft: Link
    raw_url: str
    lang: str
    storage: str
    opened: str
    base: str
    groups: tuple[EntryGroup, ...]
    body: str
    headings: tuple[str, ...]
    sources: tuple[Option, ...]
    lists: tuple[tuple[str, tuple[Option, ...]], ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    body_needed: bool
    body_errors: tuple[str, ...]
    body_warnings: tuple[str, ...]
    body_notes: tuple[Link, ...]
    notes: tuple[Link, ...]
    looks: tuple[Fault, ...]
    all_of_today: str
    helped: str
    help: WritingHelp
    lacks: tuple[Lack, ...]
    preview: Preview | None
    saved: str
    told: str
    message: str


@dataclass(frozen=True)
class RawPage:
    """The whole file as text, for those who prefer it."""

    template: ClassVar[str] = "edit/raw.html"
    title: str
    url: str
    draft: Link
    form_url: str
    lang: str
    storage: str
    text: str
    base: str
    rows: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    saved: str
    told: str


@dataclass(frozen=True)
class PreviewFragment:
    """How the text will look."""

    template: ClassVar[str] = "edit/_preview.html"
    preview: Preview


@dataclass(frozen=True)
class HelpFragment:
    """Help in writing, anew for what is typed now."""

    template: ClassVar[str] = "edit/_help.html"
    help: WritingHelp


@dataclass(frozen=True)
class CasesFragment:
    """The cases that answer what is being typed in a picker."""

    template: ClassVar[str] = "edit/_cases.html"
    offers: tuple[Offered, ...]
    finding: str


@dataclass(frozen=True)
class TermsFragment:
    """The terms of a picker that are called something like what is being typed."""

    template: ClassVar[str] = "edit/_found.html"
    name: str
    found: tuple[Option, ...]
    finding: str
