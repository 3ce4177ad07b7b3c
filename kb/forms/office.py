"""What is asked of the pages of the editors' room, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kb.forms.account import FormIncomplete
from kb.records.events import Wanted
from kb.services.links import STATES
from kb.translation import gettext as _

#: Spans of the page of searches, in days.
SPANS = (30, 90, 365)
#: The states of addresses that somebody should look at.
TO_DO = STATES[:-1]
NEW = "new"


@dataclass(frozen=True)
class EventsAsked:
    """Which events are wanted, as it was typed."""

    action: str = ""
    name: str = ""
    words: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> EventsAsked:
        """What an address asks for."""
        return cls(**{name: args.get(name, "").strip() for name in cls.__dataclass_fields__})

    def wanted(self) -> Wanted:
        """The same as values; raises FormIncomplete for days that are none."""
        problems: dict[str, str] = {}
        since, until = _day(self.since, "since", problems), _day(self.until, "until", problems)
        if since and until and since > until:
            problems["until"] = _("The last day is before the first. Exchange the two.")
        if problems:
            raise FormIncomplete(problems)
        return Wanted(self.action, self.name, self.words, since, until)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, those left out that say nothing."""
        return [(name, value) for name, value in vars(self).items() if value]


def day_of(text: str) -> date | None:
    """The day that was typed, None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    day = day_of(text)
    if text and day is None:
        problems[name] = _("Write a day as year, month and day, such as 2026-11-23.")
    return day


def state_of(text: str | None) -> str:
    """The state of addresses that is asked for, "" for all that somebody should look at."""
    return text if text in (*STATES, NEW) else ""


def span_of(text: str | None) -> int:
    """The span of days that is asked for."""
    return next((days for days in SPANS if str(days) == text), SPANS[0])
