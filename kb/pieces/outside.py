"""What the forms for strangers, and the pages about what they sent, are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link, Mark, Option


@dataclass(frozen=True)
class Box:
    """One question of a form for strangers.

    `kind` is line, lines, select, choice (one of some that are all seen), or the type of an input.
    `rows` are the lines that a box shows, `longest` the characters that it takes; `lang` is the
    language of its text and `named_in` that of its label, where those are not the reader's.
    """

    name: str
    id: str
    label: str
    kind: str = "line"
    value: str = ""
    hint: str = ""
    error: str = ""
    rows: int = 1
    longest: str = ""
    lang: str = ""
    autocomplete: str = "off"
    named_in: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class BoxGroup:
    """Questions that belong together, under a heading."""

    title: str
    told: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class AnsweredReport:
    """A problem that was answered, as everybody may read of it."""

    about: str
    state: Mark
    answer: str
    reported: str
    reported_iso: str
    answered: str
    answered_iso: str


@dataclass(frozen=True)
class ReportRow:
    """A reported problem with the form that answers it.

    `id` names it on the page, `seen` tells which state of it the form was made of; `wrong` is what
    is to be mended in the answer, `told` what was answered meanwhile.
    """

    id: str
    document: Link
    about: str
    place: str
    words: str
    who: str
    when: str
    iso: str
    state: Mark
    told: str
    answered_by: str
    changed: str
    status_url: str
    url: str
    states: tuple[Option, ...]
    answer: str
    seen: str
    mailed: str
    wrong: str
