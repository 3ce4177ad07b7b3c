"""The forms about one's account, each with what it asks and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from kb.forms.account import KEPT, AddressForm, EmailForm, NewPersonForm, SignInForm
from kb.pages.accounts import FormPage, GoOnPage, ToldPage
from kb.pieces.common import FormField, Hidden, Link, Option
from kb.present.problems import linked, problems_of
from kb.records.people import Account, Ticket
from kb.services.passwords import SHORTEST
from kb.settings import Settings
from kb.translation import gettext as _

Problems = Mapping[str, str]
CANCEL = "/account"


def _page(
    title: str,
    action: str,
    fields: Sequence[FormField],
    submit: str,
    problem: Exception | None = None,
    *,
    intro: Sequence[str] = (),
    hidden: Sequence[Hidden] = (),
    ways: Sequence[Link] = (),
) -> FormPage:
    problems = linked(problems_of(problem), fields)
    return FormPage(
        title=title,
        intro=tuple(intro),
        problems=problems,
        action=action,
        fields=tuple(fields),
        hidden=tuple(hidden),
        submit=submit,
        ways=tuple(ways),
    )


# Fields ------------------------------------------------------------------------------------


def _email_field(value: str, problems: Problems, hint: str = "") -> FormField:
    error = problems.get("email", "")
    return FormField("email", _("Mail address"), "email", value, hint, error, "username")


def name_field(value: str, problems: Problems) -> FormField:
    """The field for the name on one's texts."""
    hint = _("It stands on the texts that you write.")
    error = problems.get("name", "")
    return FormField("name", _("Your name"), "text", value, hint, error, "name")


def sure_field(problems: Problems) -> FormField:
    """The field that asks for the password once more."""
    error = problems.get("password", "")
    return FormField(
        "password", _("Your password"), "password", error=error, autocomplete="current-password"
    )


def _new_password(problems: Problems) -> tuple[FormField, FormField]:
    hint = _(
        "At least %(number)s characters. Several words that go together for you alone are good.",
        number=SHORTEST,
    )
    told = (problems.get("password", ""), problems.get("again", ""))
    return (
        FormField("password", _("New password"), "password", "", hint, told[0], "new-password"),
        FormField("again", _("The same again"), "password", "", "", told[1], "new-password"),
    )


def _carried(form: SignInForm) -> tuple[Hidden, ...]:
    kept = tuple(Hidden(f"{KEPT}{name}", value) for name, value in form.kept)
    return (Hidden("next", form.next), *kept)


# Signing in --------------------------------------------------------------------------------


def sign_in_url(path: str) -> str:
    """The address of the form that leads to `path` afterwards."""
    return f"/account/sign-in?{urlencode({'next': path})}"


def sign_in_page(
    form: SignInForm, settings: Settings, problem: Exception | None = None, reset: bool = False
) -> FormPage:
    """Address and password; what was being sent is kept in the form."""
    problems = problems_of(problem)
    intro = []
    if form.kept:
        intro.append(_("You are no longer signed in. Nothing that you wrote is lost: sign in here,"
                       " and it goes on."))  # fmt: skip
    elif form.next.startswith("/alerts/new") and not problem:
        intro.append(_("What is new in a search is told to people who have an account. Sign in:"
                       " the search that you came from is kept."))  # fmt: skip
    elif form.next and not problem:
        intro.append(_("The page that you asked for is for people who are signed in."))
    if reset:
        intro.append(_("Your new password holds. Sign in with it."))
    password = FormField(
        "password", _("Password"), "password",
        error=problems.get("password", ""), autocomplete="current-password",
    )  # fmt: skip
    stay = FormField(
        "remember", "", "checkbox",
        hint=_("For 30 days. Who decides about the texts of others is asked again each day."),
        options=(Option("remember", "1", _("Stay signed in on this device, which is mine alone"),
                        selected=form.remember),),
    )  # fmt: skip
    ways = [Link(_("I forgot my password"), "/account/forgotten")]
    if settings.registration == "open":
        ways.append(Link(_("Make an account"), "/account/register"))
    else:
        ways.append(Link(note=_("Accounts are made by invitation."), label=""))
    return _page(
        _("Sign in"),
        "/account/sign-in",
        (
            _email_field(form.email, problems),
            password,
            *((stay,) if settings.stay_signed_in else ()),
        ),
        _("Sign in"),
        problem,
        intro=intro,
        hidden=_carried(form),
        ways=ways,
    )


def code_page(form: SignInForm, problem: Exception | None = None) -> FormPage:
    """The code of the second step."""
    field = FormField(
        "code", _("Code"), "code",
        hint=_("Six digits from the app on your telephone, or one of your recovery codes."),
        error=problems_of(problem).get("code", ""), autocomplete="one-time-code",
    )  # fmt: skip
    remember = (Hidden("remember", "1"),) if form.remember else ()
    return _page(
        _("The second step"),
        "/account/second-step",
        (field,),
        _("Go on"),
        problem,
        hidden=(Hidden("ticket", form.ticket), *remember, *_carried(form)),
        ways=(Link(_("Sign in as somebody else"), "/account/sign-in"),),
    )


def go_on_page(action: str, kept: Sequence[tuple[str, str]]) -> GoOnPage:
    """What somebody wrote, ready to be sent where it was meant to go."""
    return GoOnPage(
        title=_("Nothing is lost"),
        text=_("You are signed in. What you wrote before was kept and can be sent now."),
        action=action,
        hidden=tuple(Hidden(name, value) for name, value in kept),
    )


# Making an account, choosing a password ----------------------------------------------------


def register_page(form: EmailForm, problem: Exception | None = None) -> FormPage:
    """The address that a link is sent to."""
    return _page(
        _("Make an account"),
        "/account/register",
        (_email_field(form.email, problems_of(problem)),),
        _("Send me a link"),
        problem,
        intro=[_("A link will be sent to your address; it shows that the address is yours.")],
        ways=(Link(_("I have an account"), "/account/sign-in"),),
    )


def forgotten_page(form: EmailForm, problem: Exception | None = None) -> FormPage:
    """The address of somebody who forgot the password."""
    return _page(
        _("A new password"),
        "/account/forgotten",
        (_email_field(form.email, problems_of(problem)),),
        _("Send me a link"),
        problem,
        intro=[_("A link to choose a new password will be sent to your address.")],
        ways=(Link(_("Back to signing in"), "/account/sign-in"),),
    )


def sent_page(email: str) -> ToldPage:
    """Look at your mail: said of every address alike."""
    return ToldPage(
        title=_("Look at your mail"),
        text=(
            _("If %(email)s can be helped, a letter with a link is on its way there.", email=email),
            _("Nothing after some minutes? Look among the unwanted mail, and check the address."),
        ),
        shown=(),
        ways=(Link(_("Back to signing in"), "/account/sign-in"),),
    )


def welcome_page(
    ticket: Ticket,
    form: NewPersonForm,
    path: str,
    settings: Settings,
    problem: Exception | None = None,
) -> FormPage:
    """Name and password of somebody new; the address too of the first administrator."""
    problems = problems_of(problem)
    site = settings.site_name
    if ticket.email:
        of = {"site": site, "email": ticket.email}
        intro = _("Your account at %(site)s will be that of %(email)s.", **of)
        first = []
    else:
        intro = _("You are the first here: this account manages people, and publishes.")
        first = [_email_field(form.email, problems)]
    return _page(
        _("Welcome to %(site)s", site=site),
        path,
        (*first, name_field(form.name, problems), *_new_password(problems)),
        _("Make the account"),
        problem,
        intro=[intro],
    )


def reset_page(
    ticket: Ticket, path: str, problem: Exception | None = None, outworn: bool = False
) -> FormPage:
    """A new password for somebody who forgot theirs, or whose own is `outworn`."""
    why = _("The password that you have is too short by now, or among those that others try first."
            " Choose another one.")  # fmt: skip
    return _page(
        _("A new password"),
        path,
        _new_password(problems_of(problem)),
        _("Set the password"),
        problem,
        intro=[
            *((why,) if outworn else ()),
            _("For %(email)s. All sessions will be ended.", email=ticket.email),
        ],
    )


def password_page(account: Account, problem: Exception | None = None) -> FormPage:
    """Another password for somebody who is signed in."""
    problems = problems_of(problem)
    old = FormField(
        "old", _("Your password until now"), "password",
        error=problems.get("old", ""), autocomplete="current-password",
    )  # fmt: skip
    return _page(
        _("Change your password"),
        "/account/password",
        (old, *_new_password(problems)),
        _("Change it"),
        problem,
        intro=[_("You stay signed in here; all other sessions will be ended.")],
        ways=(Link(_("Leave it as it is"), CANCEL),),
    )


def address_page(account: Account, form: AddressForm, problem: Exception | None = None) -> FormPage:
    """Another mail address for somebody who is signed in."""
    problems = problems_of(problem)
    error = problems.get("email", "")
    new = FormField("email", _("New mail address"), "email", form.email, "", error, "email")
    return _page(
        _("Change your mail address"),
        "/account/address",
        (new, sure_field(problems)),
        _("Send me a link"),
        problem,
        intro=[
            _("It is %(email)s now, and stays so until you follow the link that is sent to the"
              " new one.", email=account.email)
        ],
        ways=(Link(_("Leave it as it is"), CANCEL),),
    )  # fmt: skip


def address_sent_page(email: str) -> ToldPage:
    """Look at your mail: said of every address alike."""
    return ToldPage(
        title=_("Look at your mail"),
        text=(
            _("If %(email)s can be used, a letter with a link is on its way there.", email=email),
            _("Nothing after some minutes? Look among the unwanted mail, and check the address."),
        ),
        shown=(),
        ways=(Link(_("Back to your account"), CANCEL),),
    )


def confirm_address_page(ticket: Ticket, path: str) -> FormPage:
    """The question whether an address is to be that of the account."""
    return _page(
        _("Your new mail address"),
        path,
        (),
        _("Use this address"),
        intro=[_("From now on you sign in with %(email)s, and letters go there.",
                 email=ticket.email)],
    )  # fmt: skip


def address_changed_page(email: str) -> ToldPage:
    """The address was changed."""
    return ToldPage(
        title=_("Your mail address was changed"),
        text=(_("You sign in with %(email)s now.", email=email),),
        shown=(),
        ways=(Link(_("To your account"), CANCEL),),
    )


# Second step, leaving ----------------------------------------------------------------------


def off_page(problem: Exception | None = None) -> FormPage:
    """Switching the second step off."""
    return _page(
        _("Switch the second step off"),
        "/account/two-step/off",
        (sure_field(problems_of(problem)),),
        _("Switch it off"),
        problem,
        intro=[_("From then on the password alone is enough to sign in.")],
        ways=(Link(_("Leave it on"), CANCEL),),
    )


def new_codes_page(problem: Exception | None = None) -> FormPage:
    """Asking for other recovery codes."""
    return _page(
        _("New recovery codes"),
        "/account/two-step/codes",
        (sure_field(problems_of(problem)),),
        _("Make new codes"),
        problem,
        intro=[_("The codes that you have will not be taken any more.")],
        ways=(Link(_("Keep the ones I have"), CANCEL),),
    )


def codes_page(codes: Sequence[str]) -> ToldPage:
    """The recovery codes, shown this once."""
    return ToldPage(
        title=_("Your recovery codes"),
        text=(
            _("The second step is on. Write these codes down; keep them apart from the telephone."),
            _("Each is taken once in place of a code from the app. They are not shown again."),
        ),
        shown=tuple(codes),
        ways=(Link(_("I have written them down"), "/account"),),
    )


def delete_page(account: Account, stand_in: str, problem: Exception | None = None) -> FormPage:
    """Leaving for good, and what becomes of the name."""
    fate = FormField(
        "name",
        _("What is to become of your name?"),
        "radio",
        options=(
            Option("name-keep", "keep",
                   _("It stays on what I wrote: %(name)s", name=account.name), selected=True),
            Option("name-anonymous", "anonymous",
                   _("It is taken off; “%(name)s” stands there instead", name=stand_in)),
        ),
    )  # fmt: skip
    return _page(
        _("Delete your account"),
        "/account/delete",
        (fate, sure_field(problems_of(problem))),
        _("Delete my account for good"),
        problem,
        intro=[
            _("Your mail address, password and sessions are deleted at once. Texts that are public"
              " stay public, and drafts stay with the editors."),
            _("A name within a published text itself, and copies that others took, stay as they"
              " are; ask the people who run this site about those."),
        ],
        ways=(Link(_("Keep my account"), CANCEL),),
    )  # fmt: skip


def stand_in() -> str:
    """What stands in place of the name of somebody who took it off."""
    return _("A former contributor")


def gone_page() -> ToldPage:
    """The account was deleted."""
    return ToldPage(
        title=_("Your account was deleted"),
        text=(_("Thank you for what you gave."),),
        shown=(),
        ways=(Link(_("To the home page"), "/"),),
    )
