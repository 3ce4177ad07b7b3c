"""The letters that the site sends, in the language of whoever asked for them."""

from __future__ import annotations

from functools import partial

from kb.access import Person
from kb.present.links import absolute
from kb.services.accounts import Write
from kb.services.mail import Letter
from kb.settings import Settings
from kb.translation import gettext as _


def invitation(settings: Settings, person: Person) -> Write:
    """A letter that invites somebody in the name of `person`."""
    return partial(_invitation, settings.site_name, person.name)


def _invitation(site: str, by: str, to: str, token: str) -> Letter:
    return Letter(
        to,
        _("Invitation to %(site)s", site=site),
        _paragraphs(
            _("%(name)s invites you to write for %(site)s.", name=by, site=site),
            _("This link makes your account. It holds for 14 days and works once:"),
            absolute(f"/account/invitation/{token}"),
            _("If you did not expect this, you need do nothing."),
        ),
    )


def confirmation(settings: Settings) -> Write:
    """A letter that asks whether an address is that of whoever registered."""
    return partial(_confirmation, settings.site_name)


def _confirmation(site: str, to: str, token: str) -> Letter:
    return Letter(
        to,
        _("Your account at %(site)s", site=site),
        _paragraphs(
            _("Somebody, probably you, wants an account at %(site)s.", site=site),
            _("This link makes it. It holds for a day and works once:"),
            absolute(f"/account/confirm/{token}"),
            _("If it was not you, you need do nothing: without the link there is no account."),
        ),
    )


def already_here(settings: Settings) -> Write:
    """A letter to somebody who registers and has an account."""
    return partial(_already_here, settings.site_name)


def _already_here(site: str, to: str, token: str) -> Letter:
    return Letter(
        to,
        _("You have an account at %(site)s", site=site),
        _paragraphs(
            _("Somebody, probably you, wants an account at %(site)s.", site=site),
            _("You have one already. Sign in here:"),
            absolute("/account/sign-in"),
            _("If you forgot your password, choose a new one here:"),
            absolute("/account/forgotten"),
        ),
    )


def reset(settings: Settings) -> Write:
    """A letter with the link for a new password."""
    return partial(_reset, settings.site_name)


def _reset(site: str, to: str, token: str) -> Letter:
    return Letter(
        to,
        _("A new password for %(site)s", site=site),
        _paragraphs(
            _("Somebody, probably you, forgot the password for %(site)s.", site=site),
            _("Choose a new one here. The link holds for two hours and works once:"),
            absolute(f"/account/reset/{token}"),
            _("If it was not you, you need do nothing: your password stays as it is."),
        ),
    )


def password_changed(settings: Settings, to: str) -> Letter:
    """A letter that tells of a new password, so that nobody changes it unseen."""
    site = settings.site_name
    return Letter(
        to,
        _("Your password at %(site)s was changed", site=site),
        _paragraphs(
            _("The password of your account at %(site)s was changed just now.", site=site),
            _("If it was not you, choose a new one here, and tell the people who run the site:"),
            absolute("/account/forgotten"),
        ),
    )


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"
