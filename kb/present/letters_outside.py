"""The letters to people without an account, about what they sent in."""

from __future__ import annotations

from collections.abc import Callable

from kb.present.links import absolute
from kb.present.reports import state_mark
from kb.records.journal import Draft
from kb.records.outside import Suggestion
from kb.services.history import path_of, title_of
from kb.services.mail import Letter
from kb.services.reports import Told
from kb.settings import Settings
from kb.translation import gettext as _


def suggestion_answered(settings: Settings) -> Callable[[Suggestion, Draft], Letter]:
    """A letter that tells what became of a suggestion."""

    def write(one: Suggestion, draft: Draft) -> Letter:
        title = title_of(draft.text)[0] or draft.slug
        taken = draft.state == "published"
        found = (
            _("What you sent in about “%(title)s” is part of the text now. Thank you.", title=title)
            if taken
            else _("What you sent in about “%(title)s” was not taken into the text.", title=title)
        )
        reason = draft.note if draft.state == "rejected" else ""
        return Letter(
            one.email,
            _("Your suggestion to %(site)s", site=settings.site_name),
            _paragraphs(
                found,
                _("The reason that was given: %(reason)s", reason=reason) if reason else "",
                absolute(path_of(draft.key)) if taken else absolute(f"/suggestions/{one.token}"),
                _no_more(settings),
            ),
        )

    return write


def report_changed(settings: Settings) -> Callable[[Told], Letter]:
    """A letter that tells what became of a problem that somebody reported."""

    def write(found: Told) -> Letter:
        one = found.report
        return Letter(
            one.email,
            _("The problem that you reported to %(site)s", site=settings.site_name),
            _paragraphs(
                _("You reported a problem of “%(title)s”.", title=found.title),
                _("Where it stands now: %(state)s.", state=state_mark(one.state).label),
                one.answer,
                absolute(f"/reports/{one.token}"),
                _no_more(settings),
            ),
        )

    return write


def _no_more(settings: Settings) -> str:
    return _(
        "You get this because this address was given to %(site)s for an answer. It is used for"
        " nothing else. If it was not you, you need do nothing.",
        site=settings.site_name,
    )


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
