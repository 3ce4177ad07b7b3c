"""What the pages for readers are made of."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kb.pieces.common import Link, Mark, Segment


@dataclass(frozen=True)
class FoundCase:
    """A case in a list. `reason_*` tell why it was found; empty where nothing was asked.

    The snippet may be of a translation, and so in another language than the title.
    """

    url: str
    title: str
    lang: str
    facts: tuple[str, ...]
    snippet: tuple[Segment, ...]
    snippet_lang: str
    outcome: Mark | None
    evidence: str
    themes: str
    reason_meaning: bool = False
    reason_words: tuple[str, ...] = ()
    reason_names: tuple[str, ...] = ()
    slug: str = ""


@dataclass(frozen=True)
class TermRow:
    """A term in a list of terms, with its number of cases."""

    label: str
    url: str
    count: str
    definition: str = ""
    depth: int = 0
    empty: bool = False


@dataclass(frozen=True)
class Explained:
    """A term of the glossary, its definition in English; `id` is where it can be pointed at."""

    id: str
    label: str
    expansion: str
    definition: str
    others: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Goal:
    """A development goal or line of action that a case serves, and why."""

    number: str
    label: str
    url: str
    why: str


@dataclass(frozen=True)
class Part:
    """A section of a case. `failure` is told in its own frame; `figures` stand under this one."""

    id: str
    heading: Markup
    body: Markup
    failure: bool = False
    figures: bool = False


@dataclass(frozen=True)
class Policy:
    """A law, strategy or standard that made the case possible."""

    title: str
    url: str
    kind: str
    facts: str
