"""The page of cases that are due for another look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kb.access import Person
from kb.pages.office import DuePage
from kb.pieces.common import Link
from kb.pieces.office import DueGroup, DueRow
from kb.present.links import case_url
from kb.present.office import ago, office_tabs, page_turning
from kb.present.words import Reader
from kb.services.due import STANDINGS, Due
from kb.translation import gettext as _

PATH = "/office/due"
#: Cases of a group that are shown beside the others, and on a page of its own.
BESIDE, PER_PAGE = 25, 50
GROUPS = tuple(word for word in STANDINGS if word != "later")


def due_page(
    cases: Sequence[Due], person: Person, reader: Reader, *, today: date, show: str, page: int
) -> DuePage:
    """The cases by standing, the first of each; or all of the group `show`, a page of them."""
    titles = {
        "overdue": (_("Overdue"), _("The pages of these cases say so to their readers.")),
        "soon": (_("Due within 60 days"), _("Their authors were reminded.")),
        "none": (_("Without a day for another look"),
                 _("Nobody is reminded of these. The one looked at longest ago comes first.")),
    }  # fmt: skip
    groups, turning = [], None
    for name in GROUPS:
        own = [one for one in cases if one.standing == name]
        if not own or show not in ("", name):
            continue
        rows, more = own[:BESIDE], Link("")
        if show:
            pages = -(-len(own) // PER_PAGE)
            first = (min(page, pages) - 1) * PER_PAGE
            rows = own[first : first + PER_PAGE]
            turning = page_turning(PATH, [("show", show)], page, pages)
        elif len(own) > BESIDE:
            more = Link(_("All %(number)s", number=reader.number(len(own))), f"{PATH}?show={name}")
        title, told = titles[name]
        groups.append(
            DueGroup(
                name,
                f"{title} ({reader.number(len(own))})",
                told,
                tuple(_row(one, reader, today) for one in rows),
                more,
            )
        )
    return DuePage(
        title=_("Due for another look"),
        tabs=office_tabs(person, PATH),
        intro=_(
            "Whoever compares a case with its sources again says so here: a draft is made with"
            " today’s day and the next one a year from now, and it is public once it is published."
        ),
        groups=tuple(groups),
        turning=turning,
    )


def show_of(text: str | None) -> str:
    """The group that is asked for, "" for all."""
    return text if text in GROUPS else ""


def _row(one: Due, reader: Reader, today: date) -> DueRow:
    case, wrote = one.case, one.wrote
    day, path = case.review_by, case_url(case.key.slug)
    facts = []
    if case.checked:
        facts.append(_("checked on %(day)s", day=reader.date(case.checked.isoformat())))
    if wrote is not None:
        by_hand = _("changed last in the files")
        facts.append(_("written last by %(name)s", name=wrote.name) if wrote.name else by_hand)
    if case.contact:
        facts.append(_("to ask: %(name)s", name=case.contact))
    when = f"{reader.date(day.isoformat())}, {ago((day - today).days, reader)}" if day else ""
    return DueRow(
        title=case.title,
        url=path,
        lang=case.lang,
        when=when,
        iso=day.isoformat() if day else "",
        facts=tuple(facts),
        edit_url=f"{path}/edit",
        again_url=f"{PATH}/{case.key.slug}",
    )
