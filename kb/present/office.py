"""The editors' room: its tabs, and the page on which it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from babel.dates import format_timedelta
from flask_babel import lazy_gettext

from kb.access import Person, may
from kb.pages.office import OfficePage
from kb.pieces.common import Link, Turning
from kb.pieces.office import FailedRow, Heap
from kb.present.history import iso, time_told
from kb.present.links import AROUND
from kb.present.words import Reader
from kb.records.room import FailedJob
from kb.services.room import Room
from kb.translation import gettext as _
from kb.translation import ngettext

#: The tabs of the room: address, label, what one must be allowed to do to open it.
TABS = (
    ("/office", lazy_gettext("Overview"), "see-office"),
    ("/queue", lazy_gettext("Queue"), "see-queue"),
    ("/office/due", lazy_gettext("Due"), "see-office"),
    ("/office/reports", lazy_gettext("Reports"), "answer-reports"),
    ("/office/checklist", lazy_gettext("Checklist"), "set-checklist"),
    ("/office/links", lazy_gettext("Links"), "see-office"),
    ("/office/searches", lazy_gettext("Searches"), "see-office"),
    ("/office/gaps", lazy_gettext("Gaps"), "see-office"),
    ("/people", lazy_gettext("People"), "see-people"),
    ("/office/rights", lazy_gettext("Rights"), "see-office"),
    ("/office/events", lazy_gettext("Events"), "see-events"),
)


def office_tabs(person: Person, here: str) -> tuple[Link, ...]:
    """The tabs that somebody may open, that of the page at `here` marked."""
    return tuple(
        Link(str(label), url, current=url == here)
        for url, label, action in TABS
        if may(person, action)
    )


def overview_page(room: Room, person: Person, reader: Reader) -> OfficePage:
    """What needs somebody now."""
    return OfficePage(
        title=_("Editors’ room"),
        tabs=office_tabs(person, "/office"),
        heaps=_heaps(room, reader),
        failed=tuple(_failed(job, reader) for job in room.failures),
    )


def _heaps(room: Room, reader: Reader) -> tuple[Heap, ...]:
    submitted, approved = room.drafts.get("submitted", 0), room.drafts.get("approved", 0)
    dead, unsure = room.links.get("dead", 0), room.links.get("unsure", 0)

    def heap(number: int, label: str, url: str, told: str = "", urgent: bool = False) -> Heap:
        tone = "good" if not number else "warning" if urgent else "neutral"
        return Heap(reader.number(number), label, url, told, tone)

    return (
        heap(submitted, _("Drafts to be checked"), "/queue",
             ngettext("%(num)s more is approved and to be published.",
                      "%(num)s more are approved and to be published.", approved)
             if approved else ""),
        heap(room.reports, _("Reported problems without an answer"), "/office/reports"),
        heap(room.due["overdue"], _("Cases overdue for another look"), "/office/due",
             _("Their readers are told."), urgent=True),
        heap(room.due["soon"], _("Cases due within 60 days"), "/office/due#soon"),
        heap(dead, _("Dead links"), "/office/links?state=dead",
             ngettext("%(num)s more is unsure.", "%(num)s more are unsure.", unsure)
             if unsure else "", urgent=True),
        heap(room.new_links, _("Links that were never asked"), "/office/links?state=new"),
        heap(room.searches, _("Words searched for in 30 days that led nowhere"),
             "/office/searches"),
        heap(room.letters, _("Letters that no mail server took yet"), "#work",
             " ".join(_letters_told(room))),
        heap(room.failed, _("Pieces of background work that were given up"), "#work",
             urgent=True),
    )  # fmt: skip


def _letters_told(room: Room) -> Iterator[str]:
    if room.no_mail:
        yield _("No server is set: see MAIL_HOST.")
    if room.given_up:
        yield ngettext("%(num)s more was given up.", "%(num)s more were given up.", room.given_up)
    if room.notices:
        yield ngettext("%(num)s notice waits for its digest.",
                       "%(num)s notices wait for their digest.", room.notices)  # fmt: skip


def _failed(job: FailedJob, reader: Reader) -> FailedRow:
    tries = ngettext("after %(num)s try", "after %(num)s tries", job.tries)
    return FailedRow(
        job.task, time_told(job.failed_at, reader), iso(job.failed_at),
        f"{job.key} · {tries}", job.error,
    )  # fmt: skip


def ago(days: int, reader: Reader) -> str:
    """A number of days before or after today, in words."""
    return format_timedelta(days * 86400, add_direction=True, locale=reader.locale)


def page_turning(
    path: str, pairs: Sequence[tuple[str, str]], page: int, pages: int
) -> Turning | None:
    """Links to the other pages of a list; None where there is one only."""
    if pages < 2:
        return None

    def url(number: int) -> str:
        more = [("page", str(number))] if number > 1 else []
        asked = urlencode([*pairs, *more])
        return f"{path}?{asked}" if asked else path

    here = min(max(page, 1), pages)
    near = range(max(1, here - AROUND), min(pages, here + AROUND) + 1)
    return Turning(
        before=url(here - 1) if here > 1 else "",
        after=url(here + 1) if here < pages else "",
        numbers=tuple(Link(str(n), url(n), current=n == here) for n in sorted({1, pages, *near})),
    )
