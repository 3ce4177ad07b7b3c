"""The page of searches that led nowhere, and the same to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.query import Query
from kb.access import Person
from kb.forms.office import SPANS
from kb.pages.office import SearchesPage
from kb.pieces.common import Link
from kb.pieces.office import SearchRow
from kb.present.links import search_url
from kb.present.office import office_tabs
from kb.present.words import Reader
from kb.records.counts import AskedFor, Day
from kb.services.cells import csv_lines
from kb.translation import gettext as _
from kb.translation import ngettext

PATH = "/office/searches"
HEAD = ("words", "asked", "found_nothing", "followed", "last")


def searches_page(
    words: Sequence[AskedFor],
    days: Sequence[Day],
    person: Person,
    reader: Reader,
    *,
    span: int,
    counted: bool,
) -> SearchesPage:
    """Words that found nothing, or that nobody followed to a case, most asked first."""
    nothing = _("Every search of these days led somebody to a case.")
    return SearchesPage(
        title=_("Searches that led nowhere"),
        tabs=office_tabs(person, PATH),
        told=_told(days, reader),
        spans=tuple(
            Link(
                ngettext("%(num)s day", "%(num)s days", number),
                PATH if number == SPANS[0] else f"{PATH}?days={number}",
                current=number == span,
            )
            for number in SPANS
        ),
        rows=tuple(_row(one, reader) for one in words),
        nothing=(nothing if days else _("Nobody searched in these days."))
        if counted
        else _("Searches are not counted here: the setting SEARCHES_KEPT_DAYS is 0."),
        export_url=f"{PATH}.csv?days={span}" if words else "",
    )


def searches_csv(words: Sequence[AskedFor]) -> Iterator[str]:
    """The same words as the lines of a CSV file."""
    rows = ((one.words, one.asked, one.empty, one.followed, one.last) for one in words)
    return csv_lines(HEAD, rows)


def _told(days: Sequence[Day], reader: Reader) -> str:
    """How many searches there were, and how many of them found nothing."""
    asked, empty = sum(day.asked for day in days), sum(day.empty for day in days)
    counted = _("Counted by day and words alone: nobody can tell who searched.")
    if not asked:
        return counted
    total = ngettext("%(num)s search", "%(num)s searches", asked)
    share = reader.percent(round(100 * empty / asked))
    return _(
        "%(total)s, of which %(share)s found nothing. %(counted)s",
        total=total, share=share, counted=counted,
    )  # fmt: skip


def _row(one: AskedFor, reader: Reader) -> SearchRow:
    return SearchRow(
        words=one.words,
        url=search_url(Query(text=one.words)),
        asked=reader.number(one.asked),
        empty=reader.number(one.empty),
        followed=reader.number(one.followed),
        last=reader.date(one.last.isoformat()),
    )
