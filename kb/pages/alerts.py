"""The pages about saved searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.alerts import AlertRow
from kb.pieces.common import FormField, Link


@dataclass(frozen=True)
class AlertsPage:
    """The searches of which one hears what is new."""

    template: ClassVar[str] = "alerts/alerts.html"
    title: str
    intro: str
    done: str
    rows: tuple[AlertRow, ...]
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class AlertPage:
    """One of them: its title and pace, and the address of its feed, to be changed."""

    template: ClassVar[str] = "alerts/alert.html"
    title: str
    done: str
    problems: tuple[Link, ...]
    search: Link
    action: str
    fields: tuple[FormField, ...]
    feed: str
    feed_url: str
    delete_url: str
