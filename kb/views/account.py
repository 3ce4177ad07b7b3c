"""Coming in, going out, and one's own account."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from kb.access import Person
from kb.forms.account import (
    AddressForm,
    EmailForm,
    NameForm,
    NewPersonForm,
    PasswordForm,
    SignInForm,
    SureForm,
    to_keep,
)
from kb.interface import local_path
from kb.pages.accounts import AccountPage
from kb.present import account_forms as forms
from kb.present import letters
from kb.present.people import account_page, browser_name, second_step_page
from kb.present.problems import PROBLEMS
from kb.services import accounts, address, people, second_step, sessions
from kb.services.letter import Letter
from kb.services.people import LastAdministrator
from kb.views import signing
from kb.views.showing import office, person, reader, settings, show, show_again, wants_fragment

blueprint = Blueprint("account", __name__, url_prefix="/account")
HOME = "/mine"


def caller() -> accounts.Caller:
    """From where the request comes."""
    return accounts.Caller(request.remote_addr or "", request.headers.get("User-Agent", ""))


def onward() -> str:
    """Where the form that was sent leads afterwards; "" for nowhere in particular."""
    path = local_path(request.values.get("next", ""))
    return "" if path == "/" else path


def _sign_in_form() -> SignInForm:
    return SignInForm.of(request.form, request.form.items(multi=True), onward())


# Signing in and out ------------------------------------------------------------------------


@blueprint.get("/sign-in")
def sign_in_form() -> Response:
    """The form to sign in with."""
    reset = request.args.get("done") == "reset"
    return show(forms.sign_in_page(SignInForm(next=onward()), settings(), reset=reset))


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Signs in, or asks for the second step."""
    form = _sign_in_form()
    remember = form.remember and settings().stay_signed_in
    try:
        form.check()
        found = accounts.sign_in(
            office(), form.email, form.password, remember, caller(), _new_place()
        )
    except PROBLEMS as problem:
        return show_again(forms.sign_in_page(form, settings(), problem), problem)
    if isinstance(found, accounts.HalfWay):
        return show(forms.code_page(form.with_ticket(found.token)))
    return _entered(found, form)


def _new_place() -> accounts.Tell:
    return letters.new_place(settings(), browser_name(caller().agent))


@blueprint.post("/second-step")
def second_step_code() -> Response:
    """Signs in with the code of the second step."""
    form = _sign_in_form()
    remember = form.remember and settings().stay_signed_in
    try:
        visit = accounts.sign_in_further(
            office(), form.ticket, form.code, remember, caller(), _new_place(),
            letters.code_reused(settings()),
        )  # fmt: skip
    except PROBLEMS as problem:
        return show_again(forms.code_page(form, problem), problem)
    return _entered(visit, form)


def _entered(visit: sessions.Visit | accounts.Outworn, form: SignInForm) -> Response:
    """Where somebody goes who has just signed in: on with what they wrote, or where they wanted.

    Whose password is outworn chooses another one first.
    """
    if isinstance(visit, accounts.Outworn):
        return redirect(url_for("account.reset_form", token=visit.token, why="outworn"), 303)
    if signing.session_token():
        sessions.sign_out(office(), signing.session_token())
    signing.enter(visit)
    if form.kept:
        return show(forms.go_on_page(form.next or "/", form.kept))
    if not form.next and _needs_second_step(visit.person):
        return redirect(url_for("account.two_step_form"), 303)
    return redirect(form.next or HOME, 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Signs out here."""
    sessions.sign_out(office(), signing.session_token())
    signing.leave()
    response = redirect("/", 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'  # drafts kept in the browser too
    return response


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """Ends all other sessions of whoever asks, and gives the password again."""
    if (refused := _not_sure()) is not None:
        return refused
    sessions.sign_out_everywhere(office(), person(), signing.session_token())
    return redirect("/account?done=sessions", 303)


# Making an account -------------------------------------------------------------------------


@blueprint.get("/register")
def register_form() -> Response:
    """The form to make an account with, where anybody may."""
    accounts.require_registration(office())
    return show(forms.register_page(EmailForm()))


@blueprint.post("/register")
def register() -> Response:
    """Sends a link to the address that was given, and says the same of every address."""
    form = EmailForm.of(request.form)
    new, known = letters.confirmation(settings()), letters.already_here(settings())
    try:
        accounts.require_registration(office())
        form.check()
        accounts.register(office(), form.email, new, known, caller())
    except PROBLEMS as problem:
        return show_again(forms.register_page(form, problem), problem)
    return show(forms.sent_page(form.email))


@blueprint.get("/invitation/<token>", endpoint="invitation_form")
@blueprint.get("/confirm/<token>")
def welcome_form(token: str) -> Response:
    """The form of somebody who comes in by a link."""
    ticket = accounts.way_in(office(), token)
    return show(forms.welcome_page(ticket, NewPersonForm(), request.path, settings()))


@blueprint.post("/invitation/<token>", endpoint="invitation")
@blueprint.post("/confirm/<token>")
def welcome(token: str) -> Response:
    """Makes the account that the link offers, and signs in."""
    ticket = accounts.way_in(office(), token)
    form = NewPersonForm.of(request.form, ticket.email)
    try:
        form.check()
        visit = accounts.accept(
            office(), token, email=form.email, name=form.name, password=form.password,
            caller=caller(),
        )  # fmt: skip
    except PROBLEMS as problem:
        page = forms.welcome_page(ticket, form, request.path, settings(), problem)
        return show_again(page, problem)
    return _entered(visit, SignInForm())


# Passwords ---------------------------------------------------------------------------------


@blueprint.get("/forgotten")
def forgotten_form() -> Response:
    """The form of somebody who forgot the password."""
    return show(forms.forgotten_page(EmailForm()))


@blueprint.post("/forgotten")
def forgotten() -> Response:
    """Sends a link for a new password, and says the same of every address."""
    form = EmailForm.of(request.form)
    try:
        form.check()
        accounts.request_reset(office(), form.email, letters.reset(settings()), caller())
    except PROBLEMS as problem:
        return show_again(forms.forgotten_page(form, problem), problem)
    return show(forms.sent_page(form.email))


@blueprint.get("/reset/<token>")
def reset_form(token: str) -> Response:
    """The form for a new password."""
    outworn = request.args.get("why") == "outworn"
    return show(forms.reset_page(accounts.resetting(office(), token), request.path, None, outworn))


@blueprint.post("/reset/<token>")
def reset(token: str) -> Response:
    """Sets the new password, and ends all sessions."""
    ticket = accounts.resetting(office(), token)
    form = PasswordForm.of(request.form)
    told = letters.password_changed(settings(), ticket.email)
    try:
        form.check()
        accounts.reset(office(), token, form.password, told)
    except PROBLEMS as problem:
        return show_again(forms.reset_page(ticket, request.path, problem), problem)
    return redirect(url_for("account.sign_in_form", done="reset"), 303)


@blueprint.get("/password")
def password_form() -> Response:
    """The form for another password."""
    return show(forms.password_page(accounts.own_account(office(), person())))


@blueprint.post("/password")
def password() -> Response:
    """Changes the password, and ends all other sessions."""
    account = accounts.own_account(office(), person())
    form = PasswordForm.of(request.form)
    told = letters.password_changed(settings(), person().email)
    try:
        form.check()
        visit = accounts.change_password(
            office(), person(), signing.session_token(), old=form.old, new=form.password,
            told=told, caller=caller(),
        )  # fmt: skip
    except PROBLEMS as problem:
        return show_again(forms.password_page(account, problem), problem)
    signing.enter(visit)
    return redirect("/account?done=password", 303)


# One's own account -------------------------------------------------------------------------


@blueprint.get("")
def account() -> Response:
    """One's own name, password, second step and sessions."""
    return show(_account_page(request.args.get("done")))


@blueprint.post("/name")
def name() -> Response:
    """Changes the name that stands on what one writes from now on."""
    form = NameForm.of(request.form)
    try:
        form.check()
        people.rename(office(), person(), form.name)
    except PROBLEMS as problem:
        return show_again(_account_page(problem=problem), problem)
    return redirect("/account?done=name", 303)


@blueprint.post("/sessions/<int:id>")
def end_session(id: int) -> Response:
    """Ends one of one's own sessions."""
    if (refused := _not_sure()) is not None:
        return refused
    sessions.revoke(office(), person(), id)
    return redirect("/account?done=session", 303)


def _not_sure() -> Response | None:
    """The account page again where the password was not given, or not right."""
    form = SureForm.of(request.form)
    try:
        form.check()
        accounts.known(office(), person(), form.password)
    except PROBLEMS as problem:
        return show_again(_account_page(problem=problem), problem)
    return None


def _account_page(word: str | None = None, problem: Exception | None = None) -> AccountPage:
    mine = accounts.own_account(office(), person())
    rows = sessions.sessions_of(office(), person(), signing.session_token())
    left = second_step.codes_left(office(), mine)
    return account_page(mine, rows, left, reader(), word=word, problem=problem)


# Another mail address ----------------------------------------------------------------------


@blueprint.get("/address")
def address_form() -> Response:
    """The form for another mail address."""
    return show(forms.address_page(accounts.own_account(office(), person()), AddressForm()))


@blueprint.post("/address")
def change_address() -> Response:
    """Sends a link to the new address, and tells the one until now."""
    mine = accounts.own_account(office(), person())
    form = AddressForm.of(request.form)
    new, known = letters.new_address(settings()), letters.already_here(settings())
    try:
        form.check()
        told = letters.address_asked(settings(), person().email, form.email)
        address.ask(
            office(), person(), form.password, form.email, write=new, known=known, told=told
        )
    except PROBLEMS as problem:
        return show_again(forms.address_page(mine, form, problem), problem)
    return show(forms.address_sent_page(form.email))


@blueprint.get("/address/<token>")
def confirm_address_form(token: str) -> Response:
    """Asks whether the address is to be that of the account."""
    return show(forms.confirm_address_page(address.asked(office(), token), request.path))


@blueprint.post("/address/<token>")
def confirm_address(token: str) -> Response:
    """Gives the account the address that the link was sent to."""
    return show(forms.address_changed_page(address.confirm(office(), token)))


# The second step ---------------------------------------------------------------------------


def _step_changed(change: str) -> Letter:
    return letters.second_step_changed(settings(), person().email, change)


@blueprint.get("/two-step")
def two_step_form() -> Response:
    """What an app needs to know for the second step."""
    mine = accounts.own_account(office(), person())
    needed = sessions.needs_second_step(office(), mine)
    return show(second_step_page(second_step.prepare(office(), person()), None, needed))


@blueprint.post("/two-step")
def two_step() -> Response:
    """Switches the second step on, and shows the recovery codes this once."""
    accounts.own_account(office(), person())
    form = SureForm.of(request.form)
    try:
        form.check()
        mine = accounts.known(office(), person(), form.password)
        codes = second_step.start(
            office(), mine, person(), form.secret, form.code, _step_changed("on")
        )
        sessions.sign_out_everywhere(office(), person(), signing.session_token())
    except PROBLEMS as problem:
        setup = second_step.prepare(office(), person(), form.secret)
        return show_again(second_step_page(setup, problem), problem)
    return show(forms.codes_page(codes))


@blueprint.get("/two-step/off")
def two_step_off_form() -> Response:
    """The form that switches the second step off."""
    accounts.own_account(office(), person())
    return show(forms.off_page())


@blueprint.post("/two-step/off")
def two_step_off() -> Response:
    """Switches the second step off."""
    accounts.own_account(office(), person())
    form = SureForm.of(request.form)
    try:
        form.check()
        mine = accounts.known(office(), person(), form.password)
        second_step.stop(office(), mine, person(), _step_changed("off"))
        sessions.sign_out_everywhere(office(), person(), signing.session_token())
    except PROBLEMS as problem:
        return show_again(forms.off_page(problem), problem)
    return redirect("/account?done=step-off", 303)


@blueprint.get("/two-step/codes")
def new_codes_form() -> Response:
    """The form that makes other recovery codes."""
    accounts.own_account(office(), person())
    return show(forms.new_codes_page())


@blueprint.post("/two-step/codes")
def new_codes() -> Response:
    """Makes other recovery codes, and shows them this once."""
    accounts.own_account(office(), person())
    form = SureForm.of(request.form)
    try:
        form.check()
        mine = accounts.known(office(), person(), form.password)
        codes = second_step.new_codes(office(), mine, person(), _step_changed("codes"))
    except PROBLEMS as problem:
        return show_again(forms.new_codes_page(problem), problem)
    return show(forms.codes_page(codes))


# Leaving -----------------------------------------------------------------------------------


@blueprint.get("/delete")
def delete_form() -> Response:
    """The form that deletes one's account, and asks what becomes of the name."""
    mine = accounts.own_account(office(), person())
    return show(forms.delete_page(mine, forms.stand_in()))


@blueprint.post("/delete")
def delete() -> Response:
    """Deletes one's account."""
    mine = accounts.own_account(office(), person())
    form = SureForm.of(request.form)
    try:
        form.check()
        people.delete_account(office(), person(), form.password, form.fate, forms.stand_in())
    except (*PROBLEMS, LastAdministrator) as problem:
        return show_again(forms.delete_page(mine, forms.stand_in(), problem), problem)
    signing.leave()
    return show(forms.gone_page())


# When somebody has to sign in first --------------------------------------------------------


def ask_to_sign_in() -> Response | None:
    """The way to sign in for somebody who asked for more than visitors may; None for htmx.

    What they were sending is kept in the form, and goes on from there.
    """
    if wants_fragment():
        return None
    if request.method in signing.SAFE_METHODS:
        here = request.full_path if request.query_string else request.path
        return redirect(forms.sign_in_url(here), 303)
    kept = to_keep(request.form.items(multi=True))
    form = SignInForm(next=request.path, kept=kept)
    return show(forms.sign_in_page(form, settings()), 401)


def ask_for_second_step() -> Response | None:
    """The way to switch it on, for an administrator who may not do what others refuse them yet."""
    safe = request.method in signing.SAFE_METHODS
    if person().is_visitor or wants_fragment() or not safe or not _needs_second_step(person()):
        return None
    return redirect(url_for("account.two_step_form"), 303)


def _needs_second_step(who: Person) -> bool:
    return sessions.needs_second_step(office(), accounts.own_account(office(), who))


def go_on() -> Response | None:
    """What somebody wrote on a page from before they signed in again, ready to be sent.

    None for htmx, and for forms that hold passwords.
    """
    if wants_fragment() or request.blueprint == "account":
        return None
    return show(forms.go_on_page(request.path, to_keep(request.form.items(multi=True))), 403)
