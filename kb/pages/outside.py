"""The pages for people without an account who have something to say of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import Hidden, Link, Mark
from kb.pieces.outside import AnsweredReport, BoxGroup, ReportRow


@dataclass(frozen=True)
class AskPage:
    """A form for strangers; `instead` is a better way for whoever is signed in."""

    template: ClassVar[str] = "outside/form.html"
    title: str
    document: Link
    intro: tuple[str, ...]
    instead: Link | None
    problems: tuple[Link, ...]
    action: str
    groups: tuple[BoxGroup, ...]
    hidden: tuple[Hidden, ...]
    trap: str
    submit: str


@dataclass(frozen=True)
class FollowPage:
    """What became of something that was sent in, for whoever sent it."""

    template: ClassVar[str] = "outside/followed.html"
    title: str
    document: Link
    state: Mark
    sent: str
    text: tuple[str, ...]
    reason: str
    address: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class ReportPage:
    """What became of a problem, with the words of whoever reported it and has the address."""

    template: ClassVar[str] = "outside/report.html"
    title: str
    document: Link
    state: Mark
    sent: str
    text: tuple[str, ...]
    answer: str
    about: str
    place: str
    words: str
    address: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class ReportsPage:
    """The problems of a document that were answered."""

    template: ClassVar[str] = "outside/reports.html"
    title: str
    canonical: str
    document: Link
    waiting: str
    reports: tuple[AnsweredReport, ...]
    report_url: str


@dataclass(frozen=True)
class ReportsDeskPage:
    """The problems that were reported, for those who answer them."""

    template: ClassVar[str] = "office/reports.html"
    title: str
    tabs: tuple[Link, ...]
    done: str
    wrong: str
    filters: tuple[Link, ...]
    reports: tuple[ReportRow, ...]
    older_url: str
