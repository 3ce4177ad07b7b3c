"""Pages about accounts and people: what is asked, what was done, what may be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kb.access import ROLES, Person
from kb.pages.accounts import AccountPage, PeoplePage, SecondStepPage, ToldPage
from kb.pieces.accounts import InvitationRow, PersonRow, SessionRow
from kb.pieces.case import Fact
from kb.pieces.common import FormField, Hidden, Link, Option
from kb.present.account_forms import name_field, sure_field
from kb.present.office import office_tabs
from kb.present.problems import PROBLEMS, linked, problems_of
from kb.present.words import Reader
from kb.records.people import Account
from kb.services.people import AlreadyHere, Invitation, Known, LastAdministrator, NoSuchRole
from kb.services.second_step import Setup
from kb.services.sessions import OwnSession
from kb.translation import gettext as _
from kb.translation import ngettext

#: What a browser calls itself -> what people call it; the first that fits counts.
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
#: What the page of all people tells of.
PEOPLE_PROBLEMS = (*PROBLEMS, AlreadyHere, LastAdministrator, NoSuchRole)
#: What was done, by the word in the address that one is sent to afterwards.
DONE: Mapping[str, Callable[[], str]] = {
    "name": lambda: _("Your name was changed."),
    "password": lambda: _("Your password was changed, and all other sessions were ended."),
    "session": lambda: _("The session was ended."),
    "sessions": lambda: _("All other sessions were ended."),
    "step-off": lambda: _("The second step was switched off."),
    "role": lambda: _("The role was changed."),
    "door": lambda: _("The account was changed."),
    "invitation": lambda: _("The invitation was taken back."),
}


def done(word: str | None) -> str:
    """What was done, "" where nothing was."""
    told = DONE.get(word or "")
    return told() if told else ""


def role_name(role: str) -> str:
    """What a role is called."""
    names = (_("Reader"), _("Contributor"), _("Reviewer"), _("Editor"), _("Administrator"))
    return dict(zip(ROLES, names, strict=True)).get(role, role)


def role_told(role: str) -> str:
    """What somebody with a role may do."""
    told = (
        _("reads, and keeps an account"),
        _("writes cases and hands them in"),
        _("looks at what was handed in, and asks for changes"),
        _("publishes, withdraws and restores"),
        _("manages people as well"),
    )
    return dict(zip(ROLES, told, strict=True)).get(role, "")


def browser_name(agent: str) -> str:
    """The browser and the system in words that people use."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or agent[:60] or _("A browser that does not say its name")


def moment(at: datetime, reader: Reader) -> str:
    """A day and a time."""
    return _("%(day)s, %(time)s UTC", day=reader.date(at.isoformat()), time=f"{at:%H:%M}")


# One's own account -------------------------------------------------------------------------


def account_page(
    account: Account,
    sessions: Sequence[OwnSession],
    codes_left: int,
    reader: Reader,
    *,
    word: str | None = None,
    problem: Exception | None = None,
) -> AccountPage:
    """One's own account; `word` names what was just done."""
    on = account.totp_secret is not None
    problems = problems_of(problem)
    sure = replace(sure_field(problems), hint=_("It is needed to end one of the sessions above."))
    fields = (name_field(account.name, problems), sure)
    left = ngettext(
        "%(num)s recovery code is left.", "%(num)s recovery codes are left.", codes_left
    )
    ways = (
        (Link(_("New recovery codes"), "/account/two-step/codes"),
         Link(_("Switch it off"), "/account/two-step/off"))
        if on
        else (Link(_("Set up the second step"), "/account/two-step"),)
    )  # fmt: skip
    off = _("Off. With it, signing in also asks for a code from your telephone.")
    return AccountPage(
        title=_("Your account"),
        done=done(word),
        problems=linked(problems, fields),
        facts=(
            Fact(_("Mail address"), (Link(account.email or ""),)),
            Fact(_("Role"), (Link(role_name(account.role), note=role_told(account.role)),)),
            Fact(_("Here since"), (Link(reader.date(account.created_at.isoformat())),)),
        ),
        name_field=fields[0],
        sure_field=fields[1],
        second_step=_("On. %(left)s", left=left) if on else off,
        second_step_ways=ways,
        sessions=tuple(_session(row, reader) for row in sessions),
    )


def _session(row: OwnSession, reader: Reader) -> SessionRow:
    facts = [
        _("since %(when)s", when=moment(row.created_at, reader)),
        _("last used %(when)s", when=moment(row.seen_at, reader)),
    ]
    if row.remember:
        facts.append(_("remembered on this device"))
    end = f"/account/sessions/{row.id}"
    return SessionRow(browser_name(row.agent), " · ".join(facts), row.current, end)


def second_step_page(
    setup: Setup, problem: Exception | None = None, needed: bool = False
) -> SecondStepPage:
    """What an app needs, and the form that says it has it; `needed` for an administrator."""
    problems = problems_of(problem)
    border = 4  # squares of white around the code, as its standard asks
    path = "".join(
        f"M{x + border} {y + border}h1v1h-1z"
        for y, row in enumerate(setup.squares)
        for x, dark in enumerate(row)
        if dark
    )
    code = FormField(
        "code",
        _("The code that the app shows"),
        "code",
        error=problems.get("code", ""),
        autocomplete="one-time-code",
    )
    fields = (code, sure_field(problems))
    secret = " ".join(setup.secret[i : i + 4] for i in range(0, len(setup.secret), 4))
    return SecondStepPage(
        title=_("Set up the second step"),
        needed=_("Administrators need it: until it is on, you have the rights of an editor.")
        if needed
        else "",
        problems=linked(problems, fields),
        secret=secret,
        qr_size=len(setup.squares) + 2 * border,
        qr_path=path,
        fields=fields,
        hidden=(Hidden("secret", setup.secret),),
    )


# People ------------------------------------------------------------------------------------


def people_page(
    people: Sequence[Known],
    invitations: Sequence[Invitation],
    person: Person,
    reader: Reader,
    *,
    word: str | None = None,
    problem: Exception | None = None,
    email: str = "",
    role: str = "",
) -> PeoplePage:
    """All who have an account, who was invited, and the form that invites others."""
    problems = problems_of(problem)
    fields = (
        FormField("email", _("Mail address"), "email", email, error=problems.get("email", "")),
        FormField(
            "role",
            _("Role"),
            "select",
            error=problems.get("role", ""),
            options=_roles("invite", role or ROLES[1], told=True),
        ),
    )
    loose = {name: text for name, text in problems.items() if name not in ("email", "role")}
    return PeoplePage(
        title=_("People"),
        tabs=office_tabs(person, "/people"),
        done=done(word),
        problems=linked(problems, fields) if not loose else linked(loose, ()),
        fields=fields,
        people=tuple(_person(row, person, reader) for row in people),
        invitations=tuple(_invitation(row, reader) for row in invitations),
    )


def _person(row: Known, person: Person, reader: Reader) -> PersonRow:
    facts = [_("here since %(day)s", day=reader.date(row.created_at.isoformat()))]
    if row.second_step:
        facts.append(_("second step"))
    if row.disabled:
        facts.append(_("kept out"))
    return PersonRow(
        name=row.name,
        email=row.email,
        facts=" · ".join(facts),
        disabled=row.disabled,
        second_step=row.second_step,
        own=row.id == person.id,
        roles=_roles(str(row.id), row.role),
        url=f"/people/{row.id}",
    )


def _invitation(row: Invitation, reader: Reader) -> InvitationRow:
    until = _("until %(day)s", day=reader.date(row.expires_at.isoformat()))
    return InvitationRow(
        row.email, f"{role_name(row.role)} · {until}", f"/people/invitations/{row.id}"
    )


def _roles(form: str, chosen: str, told: bool = False) -> tuple[Option, ...]:
    return tuple(
        Option(
            f"role-{form}-{role}",
            role,
            f"{role_name(role)}: {role_told(role)}" if told else role_name(role),
            selected=role == chosen,
        )
        for role in ROLES
    )


# Links that are handed over -----------------------------------------------------------------


def invited_page(email: str, url: str, sent: bool) -> ToldPage:
    """Somebody was invited; the link, in case that no letter arrives."""
    if sent:
        told = _("A letter with this link is on its way to %(email)s.", email=email)
    else:
        told = _("No mail server took a letter. Hand this link to %(email)s yourself.", email=email)
    held = _("It holds for 14 days and works once.")
    return _link_page(_("Invited"), (told, held), url)


def reset_link_page(url: str) -> ToldPage:
    """The link for a new password."""
    told = _("Hand this link over, by a way that you trust. It holds for two hours and works once.")
    return _link_page(_("A new password"), (told,), url)


def _link_page(title: str, text: tuple[str, ...], url: str) -> ToldPage:
    return ToldPage(title, text, (url,), (Link(_("Back to the people"), "/people"),))
