"""Coming in: signing in, the second step, invitation, registration, a forgotten password."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from kb.access import KEEPER, NEWCOMER, Person, require
from kb.records import people as records
from kb.records.database import now
from kb.records.people import Account, Ticket
from kb.services import limits, passwords, second_step, sessions, tickets
from kb.services.letter import Letter
from kb.services.mail import send_later
from kb.services.office import Office, note
from kb.services.sessions import Visit, person_of

log = logging.getLogger("kb.security")

#: Makes a letter to an address.
Tell = Callable[[str], Letter]
#: Makes a letter to an address about a link's token.
Write = Callable[[str, str], Letter]


class WrongPassword(Exception):
    """Address and password do not go together; or there is no such account, or it was closed."""


class RegistrationClosed(Exception):
    """People come in by invitation only."""


@dataclass(frozen=True)
class Caller:
    """From where somebody asks: the address on the network, and the browser as it names itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Outworn:
    """The password was right, but is one that others try first; `token` leads to another one."""

    token: str


@dataclass(frozen=True)
class HalfWay:
    """The password was right; `token` is to come back with the code of the second step."""

    token: str


# Signing in --------------------------------------------------------------------------------


def sign_in(  # noqa: PLR0917 - one of the parts of a form
    office: Office,
    email: str,
    password: str,
    remember: bool,
    caller: Caller,
    told: Tell | None = None,
) -> Visit | HalfWay | Outworn:
    """Begins a session, or asks for the second step, or for a password that is not outworn.

    It takes as long for an address that nobody has: the hash is computed in any case. `told` makes
    the letter about a sign-in from a browser not seen before. Raises WrongPassword, TooManyTries.
    """
    limits.count(office, "sign-in", email, caller.address)
    account = _checked(office, email, password)
    strong = passwords.is_strong(password, account.name, email, office.settings.site_name)
    with office.database.writing() as connection:
        limits.succeed(connection, "sign-in", email, caller.address)
        if passwords.outdated(account.password or ""):
            records.change_account(connection, account.id, password=passwords.hashed(password))
        if account.totp_secret:
            purpose = tickets.SECOND_STEP if strong else tickets.THEN_PASSWORD
            return HalfWay(tickets.make(connection, purpose, email, account.id))
        if not strong:
            return Outworn(tickets.make(connection, tickets.RESET, email, account.id))
        return _entered(office, connection, account, remember, caller, told)


def _entered(  # noqa: PLR0917
    office: Office,
    connection: sa.Connection,
    account: Account,
    remember: bool,
    caller: Caller,
    told: Tell | None,
) -> Visit:
    """Begins a session; a letter tells of a browser that is new."""
    if told and account.email and sessions.is_new_place(connection, account, caller.agent):
        send_later(office.settings, told(account.email))
    visit = sessions.begin(connection, account, remember, caller.agent)
    return replace(visit, person=sessions.lowered(office, account))


def _checked(office: Office, email: str, password: str) -> Account:
    with office.database.reading() as connection:
        account = records.account_of(connection, email)
    right = passwords.matches(account.password if account else None, password)
    if account is None or not right or account.disabled_at or not account.confirmed_at:
        log.warning("password refused: %s", f"person {account.id}" if account else "unknown")
        raise WrongPassword
    return account


def sign_in_further(  # noqa: PLR0917
    office: Office,
    token: str,
    code: str,
    remember: bool,
    caller: Caller,
    told: Tell | None = None,
    reused: Tell | None = None,
) -> Visit | Outworn:
    """Begins a session by the second step, as `sign_in` does.

    `reused` makes the letter about a code that was used before, which nobody but a thief would
    send. Raises WrongCode, TooManyTries, LinkNotValid.
    """
    ticket = tickets.read(office, token, *tickets.HALF_WAY)
    assert ticket.person_id is not None
    subject = str(ticket.person_id)
    limits.count(office, "second-step", subject)
    try:
        with office.database.writing() as connection:
            account = _able(connection, ticket.person_id)
            second_step.check(connection, account, code)
            tickets.use(connection, ticket)
            limits.succeed(connection, "second-step", subject)
            if ticket.purpose == tickets.THEN_PASSWORD:
                return Outworn(tickets.make(connection, tickets.RESET, ticket.email, account.id))
            return _entered(office, connection, account, remember, caller, told)
    except second_step.WrongCode as wrong:
        log.warning("code refused: person %s", subject)
        if wrong.reused:
            _tell_reused(office, ticket, reused)
        raise


def _tell_reused(office: Office, ticket: Ticket, reused: Tell | None) -> None:
    assert ticket.person_id is not None
    with office.database.writing() as connection:
        account = _able(connection, ticket.person_id)
        note(connection, person_of(account), "code-reused", ticket.email)
    send_later(office.settings, reused(ticket.email) if reused else None)


def _able(connection: sa.Connection, id: int) -> Account:
    account = records.account(connection, id)
    if account is None or account.disabled_at or account.email is None:
        raise tickets.LinkNotValid
    return account


# Making an account -------------------------------------------------------------------------


def register(office: Office, email: str, new: Write, known: Write, caller: Caller) -> None:
    """Sends a link that confirms the address; or, to one that has an account, a word that it has.

    The answer is the same. Raises RegistrationClosed, TooManyTries.
    """
    require_registration(office)
    limits.count(office, "register", email, caller.address)
    with office.database.writing() as connection:
        account = records.account_of(connection, email)
        token = tickets.make(connection, tickets.REGISTRATION, email, role=NEWCOMER)
    send_later(office.settings, (known if account else new)(email, token))


def require_registration(office: Office) -> None:
    """Return if anybody may make an account. Raises RegistrationClosed."""
    if office.settings.registration != "open":
        raise RegistrationClosed


def way_in(office: Office, token: str) -> Ticket:
    """The link by which an account can be made. Raises LinkNotValid."""
    ticket = tickets.read(office, token, *tickets.WAYS_IN)
    if ticket.purpose == tickets.REGISTRATION and office.settings.registration != "open":
        raise tickets.LinkNotValid
    return ticket


def accept(
    office: Office, token: str, *, email: str, name: str, password: str, caller: Caller
) -> Visit:
    """Makes the account that a link offers, and signs in. Raises LinkNotValid, WeakPassword.

    `email` counts for the first administrator alone: the other links were sent to an address.
    """
    ticket = way_in(office, token)
    address = ticket.email or email
    passwords.require_strong(password, name, address, office.settings.site_name)
    kept = passwords.hashed(password)
    with office.database.writing() as connection:
        tickets.use(connection, ticket)
        if records.account_of(connection, address) or not _still_open(connection, ticket):
            raise tickets.LinkNotValid
        number = add(connection, address, name, ticket.role, kept)
        records.drop_tickets_for(connection, address, tickets.INVITATION)
        account = _able(connection, number)
        note(connection, person_of(account), "joined", address, f"{ticket.purpose}, {ticket.role}")
        return sessions.begin(connection, account, False, caller.agent)


def _still_open(connection: sa.Connection, ticket: Ticket) -> bool:
    return ticket.purpose != tickets.FIRST or not records.active_with(connection, KEEPER)


def add(connection: sa.Connection, email: str, name: str, role: str, password: str | None) -> int:
    """Adds an account whose address was confirmed, and returns its number."""
    at = now()
    return records.add_account(
        connection,
        email=email,
        name=name,
        role=role,
        password=password,
        created_at=at,
        confirmed_at=at,
    )


def first_token(office: Office) -> str:
    """The token of a link that makes the first administrator; "" where there is one.

    Those made before are taken back.
    """
    with office.database.writing() as connection:
        if records.active_with(connection, KEEPER):
            return ""
        records.drop_tickets_for(connection, "", tickets.FIRST)
        return tickets.make(connection, tickets.FIRST, "", role=KEEPER)


# Passwords ---------------------------------------------------------------------------------


def request_reset(office: Office, email: str, write: Write, caller: Caller) -> None:
    """Sends a link for a new password, if the address has an account. Raises TooManyTries.

    The answer is the same where it has none, and the same work is done.
    """
    limits.count(office, "reset", email, caller.address)
    with office.database.writing() as connection:
        account = records.account_of(connection, email)
        able = account is not None and not account.disabled_at
        number = account.id if account and able else None
        letter = write(email, tickets.make(connection, tickets.RESET, email, number))
    send_later(office.settings, letter if able else None)


def resetting(office: Office, token: str) -> Ticket:
    """The link by which a new password can be chosen. Raises LinkNotValid."""
    ticket = tickets.read(office, token, tickets.RESET)
    if ticket.person_id is None:
        raise tickets.LinkNotValid
    return ticket


def reset(office: Office, token: str, password: str, told: Letter) -> None:
    """Sets a new password, ends all sessions and sends `told`, the letter that tells of it.

    Raises LinkNotValid, WeakPassword.
    """
    ticket = resetting(office, token)
    assert ticket.person_id is not None
    passwords.require_strong(password, ticket.email, office.settings.site_name)
    kept = passwords.hashed(password)
    with office.database.writing() as connection:
        account = _able(connection, ticket.person_id)
        tickets.use(connection, ticket)
        records.drop_tickets_of(connection, account.id)
        records.change_account(connection, account.id, password=kept)
        records.revoke_sessions(connection, account.id, now())
        limits.succeed(connection, "sign-in", ticket.email)
        note(connection, person_of(account), "reset-password", ticket.email)
    send_later(office.settings, told)


def change_password(
    office: Office,
    person: Person,
    token: str,
    *,
    old: str,
    new: str,
    told: Letter,
    caller: Caller,
) -> Visit:
    """Changes one's own password, ends all sessions, and begins another in place of this one.

    `told` is the letter that tells of it.

    Raises WrongPassword, WeakPassword, TooManyTries.
    """
    account = known(office, person, old)
    passwords.require_strong(new, account.name, person.email, office.settings.site_name)
    kept = passwords.hashed(new)
    with office.database.writing() as connection:
        records.change_account(connection, account.id, password=kept)
        records.drop_tickets_of(connection, account.id)
        note(connection, person, "changed-password", person.email)
        visit = sessions.renew(connection, account, token, caller.agent)
    send_later(office.settings, told)
    return replace(visit, person=sessions.lowered(office, account))


def known(office: Office, person: Person, password: str) -> Account:
    """One's own account, once the password was given again. Raises WrongPassword, TooManyTries."""
    require(person, "keep-account")
    limits.count(office, "sign-in", person.email)
    account = _checked(office, person.email, password)
    with office.database.writing() as connection:
        limits.succeed(connection, "sign-in", person.email)
    return account


def own_account(office: Office, person: Person) -> Account:
    """One's own account. Raises SignInNeeded."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.reading() as connection:
        return _able(connection, person.id)
