"""The letters about accounts, in the language of the page on which somebody asked for them."""

from __future__ import annotations

from functools import partial

from kb.access import Person
from kb.present.links import absolute
from kb.services.accounts import Tell, Write
from kb.services.letter import Letter, Part, Way, Words
from kb.settings import Settings
from kb.translation import gettext as _
from kb.translation import language


def invitation(settings: Settings, person: Person) -> Write:
    """A letter that invites somebody in the name of `person`."""
    return partial(_invitation, settings.site_name, person.name)


def _invitation(site: str, by: str, to: str, token: str) -> Letter:
    return _letter(
        to,
        _("Invitation to %(site)s", site=site),
        Words(_("%(name)s invites you to write for %(site)s.", name=by, site=site)),
        Words(_("This link makes your account. It holds for 14 days and works once:")),
        Way(_("Make my account"), absolute(f"/account/invitation/{token}")),
        Words(_("If you did not expect this, you need do nothing.")),
    )


def confirmation(settings: Settings) -> Write:
    """A letter that asks whether an address is that of whoever registered."""
    return partial(_confirmation, settings.site_name)


def _confirmation(site: str, to: str, token: str) -> Letter:
    return _letter(
        to,
        _("Your account at %(site)s", site=site),
        Words(_("Somebody, probably you, wants an account at %(site)s.", site=site)),
        Words(_("This link makes it. It holds for a day and works once:")),
        Way(_("Make my account"), absolute(f"/account/confirm/{token}")),
        Words(_("If it was not you, you need do nothing: without the link there is no account.")),
    )


def already_here(settings: Settings) -> Write:
    """A letter to somebody who registers and has an account."""
    return partial(_already_here, settings.site_name)


def _already_here(site: str, to: str, token: str) -> Letter:
    return _letter(
        to,
        _("You have an account at %(site)s", site=site),
        Words(_("Somebody, probably you, wants an account at %(site)s.", site=site)),
        Words(_("You have one already. Sign in here:")),
        Way(_("Sign in"), absolute("/account/sign-in")),
        Words(_("If you forgot your password, choose a new one here:")),
        Way(_("Choose a new password"), absolute("/account/forgotten")),
    )


def reset(settings: Settings) -> Write:
    """A letter with the link for a new password."""
    return partial(_reset, settings.site_name)


def _reset(site: str, to: str, token: str) -> Letter:
    return _letter(
        to,
        _("A new password for %(site)s", site=site),
        Words(_("Somebody, probably you, forgot the password for %(site)s.", site=site)),
        Words(_("Choose a new one here. The link holds for two hours and works once:")),
        Way(_("Choose a new password"), absolute(f"/account/reset/{token}")),
        Words(_("If it was not you, you need do nothing: your password stays as it is.")),
    )


def password_changed(settings: Settings, to: str) -> Letter:
    """A letter that tells of a new password, so that nobody changes it unseen."""
    site = settings.site_name
    return _letter(
        to,
        _("Your password at %(site)s was changed", site=site),
        Words(_("The password of your account at %(site)s was changed just now.", site=site)),
        Words(_("If it was not you, choose a new one here, and tell the people who run the site:")),
        Way(_("Choose a new password"), absolute("/account/forgotten")),
    )


def new_place(settings: Settings, browser: str) -> Tell:
    """A letter that tells of signing in with a browser that was not seen before."""
    return partial(_new_place, settings.site_name, browser)


def _new_place(site: str, browser: str, to: str) -> Letter:
    return _letter(
        to,
        _("Somebody signed in to your account at %(site)s", site=site),
        Words(_("Your account was used with a browser not seen before: %(it)s.", it=browser)),
        Words(_("If it was you, you need do nothing.")),
        *_if_it_was_not_you(),
    )


def second_step_changed(settings: Settings, to: str, change: str) -> Letter:
    """A letter that tells of the second step switched "on" or "off", or of new "codes" for it."""
    site = settings.site_name
    told = {
        "on": _("The second step of your account at %(site)s was switched on.", site=site),
        "off": _("The second step of your account at %(site)s was switched off.", site=site),
        "codes": _("Your account at %(site)s has new recovery codes.", site=site),
    }
    subject = _("The second step of your account at %(site)s", site=site)
    return _letter(to, subject, Words(told[change]), *_if_it_was_not_you())


def code_reused(settings: Settings) -> Tell:
    """A letter that tells of a code of the second step that came a second time."""
    return partial(_code_reused, settings.site_name)


def _code_reused(site: str, to: str) -> Letter:
    return _letter(
        to,
        _("A code was sent twice to %(site)s", site=site),
        Words(_("Somebody who knows your password sent a code that had been used before. It was"
                " refused.")),
        Words(_("You may have pressed a button twice: then you need do nothing.")),
        *_if_it_was_not_you(),
    )  # fmt: skip


def reset_link_made(settings: Settings, person: Person, without_second_step: bool) -> Tell:
    """A letter that tells of a link for a new password that an administrator made."""
    return partial(_reset_link_made, settings.site_name, person.name, without_second_step)


def _reset_link_made(site: str, by: str, without_second_step: bool, to: str) -> Letter:
    told = _("%(name)s made a link by which the password of your account can be changed.", name=by)
    off = _("Your second step was switched off as well.")
    return _letter(
        to,
        _("A link for your account at %(site)s", site=site),
        Words(told),
        *((Words(off),) if without_second_step else ()),
        Words(_("If you did not ask for it, ask them, or the people who run the site.")),
    )


def _if_it_was_not_you() -> tuple[Part, ...]:
    return (
        Words(_("If it was not you, choose a new password here, and tell the people who run the"
                " site:")),
        Way(_("Choose a new password"), absolute("/account/forgotten")),
    )  # fmt: skip


def new_address(settings: Settings) -> Write:
    """A letter that asks whether a new address is that of whoever wants to have it."""
    return partial(_new_address, settings.site_name)


def _new_address(site: str, to: str, token: str) -> Letter:
    return _letter(
        to,
        _("Your new mail address at %(site)s", site=site),
        Words(_("Somebody, probably you, wants to use this address at %(site)s.", site=site)),
        Words(_("This link confirms it. It holds for a day and works once:")),
        Way(_("Use this address"), absolute(f"/account/address/{token}")),
        Words(_("If it was not you, you need do nothing.")),
    )


def address_asked(settings: Settings, to: str, email: str) -> Letter:
    """A letter to the address until now, so that nobody changes it unseen."""
    site = settings.site_name
    return _letter(
        to,
        _("Your mail address at %(site)s is to change", site=site),
        Words(
            _(
                "Somebody, probably you, wants your account at %(site)s to have the address"
                " %(email)s. It will, once a link that was sent there is followed.",
                site=site,
                email=email,
            )
        ),
        Words(_("If it was not you, choose another password now: that takes the link back.")),
        Way(_("Choose a new password"), absolute("/account/forgotten")),
    )


def _letter(to: str, subject: str, *parts: Part) -> Letter:
    return Letter(to, subject, parts, language())
