"""The pages of those who check drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.entries import Fault, Preview
from kb.pieces.common import Link, Mark, Option
from kb.pieces.history import Move
from kb.pieces.review import Box, Check, Choices, Event, Pile, PointRow, Spot, Thread


@dataclass(frozen=True)
class QueuePage:
    """The drafts that wait for somebody, by state, and the ways to see fewer of them."""

    template: ClassVar[str] = "queue/queue.html"
    title: str
    tabs: tuple[Link, ...]
    total: str
    choices: tuple[Choices, ...]
    clear_url: str
    piles: tuple[Pile, ...]
    nothing: str
    older_url: str
    newer_url: str


@dataclass(frozen=True)
class ReviewPage:
    """A draft as those see it who check it: text, fields, what was said, and the decision."""

    template: ClassVar[str] = "review/review.html"
    title: str
    lang: str
    state: Mark
    facts: tuple[str, ...]
    old: Link | None
    claim: str
    claim_move: Move | None
    standing: tuple[str, ...]
    errors: str
    faults: tuple[Fault, ...]
    ways: tuple[Link, ...]
    wrong: str
    preview: Preview
    text_threads: tuple[Thread, ...]
    passage: Box | None
    quote: str
    spots: tuple[Spot, ...]
    threads: tuple[Thread, ...]
    other: Box | None
    places: tuple[Option, ...]
    comments_url: str
    text: str
    checks: tuple[Check, ...]
    checklist_url: str
    message: str
    decisions: tuple[Move, ...]
    decision_told: str
    conversation: tuple[Event, ...]


@dataclass(frozen=True)
class ChecklistPage:
    """The points that reviewers look for, to be changed by editors."""

    template: ClassVar[str] = "review/checklist.html"
    title: str
    tabs: tuple[Link, ...]
    intro: str
    kinds: tuple[Link, ...]
    url: str
    kind: str
    done: str
    undo: tuple[Option, ...]
    points: tuple[PointRow, ...]
    new: PointRow
    retired: tuple[PointRow, ...]
