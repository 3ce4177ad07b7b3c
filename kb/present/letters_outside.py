"""The letters to people without an account, about what they sent in, in the language they read."""

from __future__ import annotations

from collections.abc import Callable

from kb.present.links import absolute
from kb.present.reports import state_mark
from kb.records.journal import Draft
from kb.records.outside import Suggestion
from kb.services.history import path_of, title_of
from kb.services.letter import Letter, Part, Way, Words
from kb.services.reports import Told
from kb.settings import Settings
from kb.translation import gettext as _
from kb.translation import language, speaking


def suggestion_answered(settings: Settings) -> Callable[[Suggestion, Draft], Letter]:
    """A letter that tells what became of a suggestion."""

    def write(one: Suggestion, draft: Draft) -> Letter:
        with speaking(one.ui or settings.languages[0]):
            return _suggestion_answered(settings, one, draft)

    return write


def _suggestion_answered(settings: Settings, one: Suggestion, draft: Draft) -> Letter:
    title = title_of(draft.text)[0] or draft.slug
    taken = draft.state == "published"
    found = (
        _("What you sent in about “%(title)s” is part of the text now. Thank you.", title=title)
        if taken
        else _("What you sent in about “%(title)s” was not taken into the text.", title=title)
    )
    reason = draft.note if draft.state == "rejected" else ""
    told = _("The reason that was given: %(reason)s", reason=reason)
    way = (
        Way(_("Read it"), absolute(path_of(draft.key)))
        if taken
        else Way(_("See where it stands"), absolute(f"/suggestions/{one.token}"))
    )
    return _letter(
        settings,
        one.email,
        _("Your suggestion to %(site)s", site=settings.site_name),
        Words(found),
        *([Words(told)] if reason else []),
        way,
    )


def report_changed(settings: Settings) -> Callable[[Told], Letter]:
    """A letter that tells what became of a problem that somebody reported."""

    def write(found: Told) -> Letter:
        with speaking(found.report.ui or settings.languages[0]):
            return _report_changed(settings, found)

    return write


def _report_changed(settings: Settings, found: Told) -> Letter:
    one = found.report
    state = state_mark(one.state).label
    return _letter(
        settings,
        one.email,
        _("The problem that you reported to %(site)s", site=settings.site_name),
        Words(_("You reported a problem of “%(title)s”.", title=found.title)),
        Words(_("Where it stands now: %(state)s.", state=state)),
        *([Words(one.answer)] if one.answer else []),
        Way(_("See where it stands"), absolute(f"/reports/{one.token}")),
    )


def _letter(settings: Settings, to: str, subject: str, *parts: Part) -> Letter:
    foot = _(
        "You get this because this address was given to %(site)s for an answer. It is used for"
        " nothing else. If it was not you, you need do nothing.",
        site=settings.site_name,
    )
    return Letter(to, subject, parts, lang=language(), foot=(Words(foot),))
