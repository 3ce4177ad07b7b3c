"""A reader's list of cases as its page shows it, and what is told of a change."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from kb.forms.keeping import Change, Changed
from kb.pages.taking import KeptFragment, ListPage
from kb.pieces.taking import KeptCase, Undo
from kb.present.hits import cases_label, found
from kb.present.links import absolute
from kb.present.taking import LIST, list_forms, list_url, named, pack_way
from kb.present.words import Reader
from kb.services.gathering import Gathered, Slugs
from kb.translation import gettext as _
from kb.translation import ngettext


def list_page(
    list_: Gathered, dropped: Gathered, changed: Changed, reader: Reader, own: bool
) -> ListPage:
    """One's own list, or one that was shared; `dropped` was taken off just now."""
    cases, slugs = found(list_.cases, reader), list_.slugs
    return ListPage(
        title=_("My list") if own else _("A list that was shared"),
        intro=_intro(own),
        own=own,
        total_label=cases_label(len(slugs)),
        cases=tuple(
            KeptCase(
                case.slug,
                case,
                reader.number(place),
                place == 1,
                place == len(cases),
                focus=_focus(changed, case.slug, place, len(cases)),
            )
            for place, case in enumerate(cases, 1)
        ),
        slugs=slugs,
        told=_told(list_, changed) if own else "",
        undo=_undo(dropped, changed, reader) if own else None,
        problems=_problems(list_, changed),
        share_url=absolute(list_url(*slugs)) if own and slugs else "",
        take=(*list_forms(list_url(*slugs)), pack_way(named("/packs/new", slugs))) if slugs else (),
    )


def _intro(own: bool) -> str:
    if own:
        return _("Your browser keeps this list, and nobody else: there is no account, and nothing"
                 " is told to anyone. It lasts a year on this device.")  # fmt: skip
    return _("The address holds the list. Put the cases on your own to add to them and to order"
             " them.")  # fmt: skip


def _focus(changed: Changed, slug: str, place: int, last: int) -> str:
    """The button on which the keyboard stays when a case was moved."""
    if changed.moved != slug:
        return ""
    if changed.by == "up":
        return "up" if place > 1 else "down"
    return "down" if place < last else "up"


def _told(list_: Gathered, changed: Changed) -> str:
    for place, hit in enumerate(list_.cases, 1):
        if hit.key.slug == changed.moved:
            return _("“%(title)s” is now number %(place)s of %(all)s.", title=hit.title,
                     place=place, all=len(list_.cases))  # fmt: skip
    if changed.more:
        return ngettext("%(num)s case was put on your list.",
                        "%(num)s cases were put on your list.", changed.more)  # fmt: skip
    return ""


def _undo(dropped: Gathered, changed: Changed, reader: Reader) -> Undo | None:
    if not dropped.cases:
        return None
    told = (
        _("“%(title)s” was taken off your list.", title=dropped.cases[0].title)
        if len(dropped.cases) == 1
        else _("%(cases)s were taken off your list.", cases=cases_label(len(dropped.cases)))
    )
    return Undo(told, dropped.slugs, str(changed.at))


def _problems(list_: Gathered, changed: Changed) -> tuple[str, ...]:
    problems = []
    if changed.full:
        problems.append(_("Your list is full. Take a case off it, or take the list away and begin"
                          " anew."))  # fmt: skip
    away = len(list_.gone) + len(list_.missing)
    if away:
        problems.append(
            ngettext("%(num)s case of this list is no longer here.",
                     "%(num)s cases of this list are no longer here.", away)
        )  # fmt: skip
    return tuple(problems)


def kept_fragment(change: Change, slugs: Slugs, cases: Gathered, full: bool) -> KeptFragment:
    """The button of a case after it was put on the list or taken off."""
    slug = change.slugs[0] if change.slugs else ""
    title = cases.cases[0].title if cases.cases else slug
    if full:
        told = _("Your list is full.")
    elif slug in slugs:
        told = _("“%(title)s” is on your list.", title=title)
    else:
        told = _("“%(title)s” was taken off your list.", title=title)
    return KeptFragment(slug, title, slugs, told)


def after(change: Change, before: Slugs, full: bool, then: str) -> str:
    """Where a change leads: back to the page `then`, or to the list, which tells what was done."""
    if full:
        return f"{LIST}?full=1"
    if then:
        return f"{then}#keep-{change.slugs[0]}" if len(change.slugs) == 1 else then
    return _after_on_list(change, before)


def _after_on_list(change: Change, before: Slugs) -> str:
    off: Sequence[str] = before if change.what == "clear" else change.slugs
    if change.what in ("drop", "clear"):
        there = [slug for slug in off if slug in before]
        at = before.index(there[0]) if there else 0
        pairs = [*(("dropped", slug) for slug in there), ("at", str(at))]
        return f"{LIST}?{urlencode(pairs)}" if there else LIST
    if change.what in ("up", "down") and change.slugs:
        # no fragment: browsers that have one to go to leave autofocus alone
        return f"{LIST}?moved={change.slugs[0]}&by={change.what}"
    more = sum(slug not in before for slug in change.slugs)
    return f"{LIST}?more={more}" if more else LIST
