"""The pages of problems that were reported: for whoever did, for all, for those who answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from indexer.document import Document
from kb.access import Person
from kb.pages.outside import ReportPage, ReportsDeskPage, ReportsPage
from kb.pieces.common import Link, Mark, Option
from kb.pieces.outside import AnsweredReport, ReportRow
from kb.present.history import iso, time_told
from kb.present.links import absolute
from kb.present.office import office_tabs
from kb.present.outside import about_told
from kb.present.words import Reader, sentence
from kb.records.outside import Report
from kb.services.history import path_of
from kb.services.reports import OPEN, STATES, Answer, Piled, ReasonNeeded, Told, seen_as
from kb.translation import gettext as _
from kb.translation import ngettext

DESK = "/office/reports"


def report_page(found: Told, reader: Reader, *, answering: bool) -> ReportPage:
    """What became of a problem; whoever has the address reads the words again."""
    one, path = found.report, path_of(found.report.key)
    ways = [Link(_("Back to the text"), path),
            Link(_("What was reported and answered of this text"), f"{path}/reports")]  # fmt: skip
    if answering:
        ways.append(Link(_("Answer it"), f"{DESK}?report={one.token}"))
    return ReportPage(
        title=_("The problem that you reported"),
        document=Link(found.title, path, lang=found.lang),
        state=state_mark(one.state),
        sent=_("Reported %(when)s", when=time_told(one.at, reader)),
        text=(_state_told(one.state), *_waiting_told(one)),
        answer=one.answer,
        about=about_told(one.about),
        place=one.place,
        words=one.words,
        address=absolute(f"/reports/{one.token}"),
        ways=tuple(ways),
    )


def _waiting_told(one: Report) -> tuple[str, ...]:
    if one.state not in OPEN:
        return ()
    keep = _("Keep the address below: it is yours alone, and tells what becomes of it.")
    mailed = _("You get a letter when something changes. With the address below, which is yours"
               " alone, you can look for yourself.")  # fmt: skip
    return (mailed if one.email else keep,)


def _state_told(state: str) -> str:
    words = {
        "received": _("It arrived. Somebody of the library will look at it."),
        "looked-at": _("Somebody of the library looks at it."),
        "mended": _("It was mended. Thank you."),
        "left": _("It was left as it is, for the reason below."),
        "set-aside": _("It was set aside: it tells of no problem of this text."),
    }
    return words[state]


def state_mark(state: str) -> Mark:
    """The state of a report by word and tone."""
    marks = {
        "received": Mark(_("received")),
        "looked-at": Mark(_("being looked at")),
        "mended": Mark(_("mended"), "good"),
        "left": Mark(_("left as it is"), "warning"),
        "set-aside": Mark(_("set aside, not shown"), "warning"),
    }
    return marks[state]


def reports_page(
    document: Document, found: Sequence[Report], waiting: int, reader: Reader
) -> ReportsPage:
    """The answered problems of a document, without a word of those who reported them."""
    path = path_of(document.key)
    title = str(document.front.get("title") or document.key.slug)
    return ReportsPage(
        title=_("Reported problems"),
        canonical=absolute(f"{path}/reports"),
        document=Link(title, path, lang=document.lang),
        waiting=ngettext(
            "%(num)s more problem was reported and is being looked at.",
            "%(num)s more problems were reported and are being looked at.",
            waiting,
        )
        if waiting
        else "",
        reports=tuple(
            AnsweredReport(
                about=about_told(one.about),
                state=state_mark(one.state),
                answer=one.answer,
                reported=time_told(one.at, reader),
                reported_iso=iso(one.at),
                answered=time_told(one.changed_at, reader),
                answered_iso=iso(one.changed_at),
            )
            for one in found
        ),
        report_url=f"{path}/report",
    )


# For those who answer ------------------------------------------------------------------------


def desk_page(
    pile: Piled, person: Person, reader: Reader, *, done: bool = False
) -> ReportsDeskPage:
    """The problems of a pile, each with the form that answers it."""
    older = {**({"state": pile.state} if pile.state else {}), "before": str(pile.older)}
    return ReportsDeskPage(
        title=_("Reported problems"),
        tabs=office_tabs(person, DESK),
        done=_("Saved.") if done else "",
        wrong="",
        filters=_filters(pile),
        reports=tuple(_row(one, reader) for one in pile.reports),
        older_url=f"{DESK}?{urlencode(older)}" if pile.older else "",
    )


def again_page(
    pile: Piled, given: Answer, problem: Exception, person: Person, reader: Reader
) -> ReportsDeskPage:
    """One problem with an answer that was not taken, which is still in its form."""
    wrong = (
        _("Write why it is left as it is: everybody can read that.")
        if isinstance(problem, ReasonNeeded)
        else _("Somebody else answered it just before. Their answer is above; yours is still below,"
               " and is saved if you press the button again.")
    )  # fmt: skip
    rows = tuple(_row(one, reader, given, wrong) for one in pile.reports)
    return replace(desk_page(pile, person, reader), wrong=wrong, reports=rows)


def _filters(pile: Piled) -> tuple[Link, ...]:
    waiting = sum(pile.counts.get(state, 0) for state in OPEN)
    rows = [("", _("To be answered"), waiting)]
    rows += [
        (state, sentence(state_mark(state).label), pile.counts.get(state, 0)) for state in STATES
    ]
    return tuple(
        Link(label, f"{DESK}?state={state}" if state else DESK, str(number),
             current=state == pile.state)
        for state, label, number in rows
    )  # fmt: skip


def _row(found: Told, reader: Reader, given: Answer | None = None, wrong: str = "") -> ReportRow:
    one = found.report
    state, answer = (given.state, given.words) if given else (one.state, one.answer)
    return ReportRow(
        id=one.token,
        document=Link(found.title, path_of(one.key), lang=found.lang),
        about=about_told(one.about),
        place=one.place,
        words=one.words,
        who=one.name,
        when=time_told(one.at, reader),
        iso=iso(one.at),
        state=state_mark(one.state),
        told=one.answer if given else "",
        answered_by=one.answered_by,
        changed=_("The text has changed since it was reported.") if found.changed else "",
        status_url=f"/reports/{one.token}",
        url=f"{DESK}/{one.token}",
        states=tuple(
            Option("", word, state_mark(word).label, selected=word == state) for word in STATES
        ),
        answer=answer,
        seen=seen_as(one),
        mailed=_("They left a mail address, and get a letter.") if one.email else "",
        wrong=wrong,
    )
