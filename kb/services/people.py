"""The people of a desk: invited, given a role, kept out; and leaving, with a name or without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb.access import KEEPER, ROLES, Person, require
from kb.records import notices, saved
from kb.records import people as records
from kb.records.database import now
from kb.records.people import Account
from kb.services import accounts, second_step, tickets
from kb.services.mail import send, send_later
from kb.services.office import Office, note


class NoSuchPerson(LookupError):
    """Nobody here has this number or address."""


class NoSuchRole(ValueError):
    """There is no role of this name."""


class AlreadyHere(Exception):
    """The address has an account already."""


class LastAdministrator(Exception):
    """Nobody would be left who may manage people."""


@dataclass(frozen=True)
class Known:
    """Somebody who has an account, as administrators see it."""

    id: int
    name: str
    email: str
    role: str
    created_at: datetime
    disabled: bool
    second_step: bool


@dataclass(frozen=True)
class Invitation:
    """An invitation that was not taken yet."""

    id: int
    email: str
    role: str
    expires_at: datetime


@dataclass(frozen=True)
class Invited:
    """A new invitation: the token of its link, and whether a mail server took the letter."""

    token: str
    sent: bool


def people(office: Office, person: Person) -> tuple[Known, ...]:
    """All who have an account, by name."""
    require(person, "see-people")
    with office.database.reading() as connection:
        return tuple(_known(account) for account in records.accounts(connection))


def invitations(office: Office, person: Person) -> tuple[Invitation, ...]:
    """The invitations that were not taken yet, the newest first."""
    require(person, "see-people")
    with office.database.reading() as connection:
        rows = records.open_tickets(connection, tickets.INVITATION, now())
    return tuple(Invitation(row.id, row.email, row.role, row.expires_at) for row in rows)


def _known(account: Account) -> Known:
    return Known(
        id=account.id,
        name=account.name,
        email=account.email or "",
        role=account.role,
        created_at=account.created_at,
        disabled=account.disabled_at is not None,
        second_step=account.totp_secret is not None,
    )


# Coming ------------------------------------------------------------------------------------


def invite(
    office: Office, person: Person, email: str, role: str, write: accounts.Write | None
) -> Invited:
    """Invites whoever reads mail at `email`, in place of an earlier invitation.

    Without `write` no letter is sent. Raises AlreadyHere, NoSuchRole.
    """
    require(person, "manage-people")
    _require_role(role)
    with office.database.writing() as connection:
        if records.account_of(connection, email):
            raise AlreadyHere
        records.drop_tickets_for(connection, email, tickets.INVITATION)
        token = tickets.make(connection, tickets.INVITATION, email, role=role)
        note(connection, person, "invited", email, role)
    return Invited(token, write is not None and send(office.settings, write(email, token)))


def take_back(office: Office, person: Person, ticket_id: int) -> None:
    """Takes an invitation back."""
    require(person, "manage-people")
    with office.database.writing() as connection:
        records.drop_ticket(connection, ticket_id, tickets.INVITATION)
        note(connection, person, "took-back-invitation", str(ticket_id))


# Roles and doors ---------------------------------------------------------------------------


def find(office: Office, person: Person, email: str) -> Known:
    """Who has this address. Raises NoSuchPerson."""
    require(person, "see-people")
    with office.database.reading() as connection:
        account = records.account_of(connection, email)
    if account is None:
        raise NoSuchPerson
    return _known(account)


def set_role(office: Office, person: Person, id: int, role: str) -> None:
    """Gives somebody another role. Raises NoSuchPerson, NoSuchRole, LastAdministrator."""
    require(person, "manage-people")
    _require_role(role)
    with office.database.writing() as connection:
        account = _account(connection, id)
        records.change_account(connection, id, role=role)
        _require_keeper(connection)
        note(connection, person, "role", account.email or "", f"{account.role} to {role}")


def disable(office: Office, person: Person, id: int, closed: bool = True) -> None:
    """Keeps somebody out, everywhere and at once, or lets them in again.

    Raises NoSuchPerson, LastAdministrator.
    """
    require(person, "manage-people")
    with office.database.writing() as connection:
        account = _account(connection, id)
        records.change_account(connection, id, disabled_at=now() if closed else None)
        records.revoke_sessions(connection, id, now())
        records.drop_tickets_of(connection, id)
        _require_keeper(connection)
        note(connection, person, "disabled" if closed else "enabled", account.email or "")


def reset_link(
    office: Office,
    person: Person,
    id: int,
    without_second_step: bool = False,
    told: accounts.Tell | None = None,
) -> str:
    """The token of a link for a new password, to be handed over; all earlier ones end.

    `without_second_step` also takes that away, for somebody who lost the telephone and the codes.
    `told` makes the letter that tells them of it. Raises NoSuchPerson.
    """
    require(person, "manage-people")
    with office.database.writing() as connection:
        account = _account(connection, id)
        if without_second_step:
            second_step.forget(connection, id)
        records.drop_tickets_of(connection, id, tickets.RESET)
        detail = "without second step" if without_second_step else ""
        note(connection, person, "made-reset-link", account.email or "", detail)
        token = tickets.make(connection, tickets.RESET, account.email or "", id)
    if told and account.email:
        send_later(office.settings, told(account.email))
    return token


def _account(connection: sa.Connection, id: int) -> Account:
    account = records.account(connection, id)
    if account is None or account.email is None:
        raise NoSuchPerson
    return account


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise NoSuchRole


def _require_keeper(connection: sa.Connection) -> None:
    if not records.active_with(connection, KEEPER):
        raise LastAdministrator


# One's own ---------------------------------------------------------------------------------


def rename(office: Office, person: Person, name: str) -> None:
    """Changes the name that new texts of a person bear."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.writing() as connection:
        records.change_account(connection, person.id, name=name)
        note(connection, person, "renamed", person.email, name)


def delete_account(
    office: Office, person: Person, password: str, what_becomes_of_name: str, stand_in: str
) -> None:
    """Deletes one's own account: address, password, sessions and links; the texts stay.

    The name on them stays ("keep") or becomes `stand_in` ("anonymous"), in drafts and history.
    Raises WrongPassword, TooManyTries, LastAdministrator.
    """
    account = accounts.known(office, person, password)
    with office.database.writing() as connection:
        second_step.forget(connection, account.id)
        records.change_account(
            connection, account.id, email=None, password=None, disabled_at=now(), confirmed_at=None
        )
        if account.role == KEEPER:
            _require_keeper(connection)
        records.revoke_sessions(connection, account.id, now())
        records.drop_tickets_of(connection, account.id)
        records.forget_address(connection, person.email)
        notices.forget(connection, account.id)
        saved.remove_of(connection, account.id)
        note(connection, person, "deleted-account", "", what_becomes_of_name)
        if what_becomes_of_name == "anonymous":
            records.rename_everywhere(connection, account.id, stand_in)
