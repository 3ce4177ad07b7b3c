"""Another mail address for an account: asked for with the password, confirmed from there."""

from __future__ import annotations

from kb.access import Person
from kb.records import people as records
from kb.records.people import Ticket
from kb.services import accounts, limits, tickets
from kb.services.accounts import Write
from kb.services.letter import Letter
from kb.services.mail import send_later
from kb.services.office import Office, note
from kb.services.sessions import person_of
from kb.services.tickets import LinkNotValid


def ask(
    office: Office,
    person: Person,
    password: str,
    email: str,
    *,
    write: Write,
    known: Write,
    told: Letter,
) -> None:
    """Sends a link to the new address, and `told` to the one until now, so that nobody is robbed.

    Where the new address has an account, `known` goes there instead, and the answer is the same.
    Until the link is used nothing changes; another password takes it back. Raises WrongPassword,
    TooManyTries.
    """
    account = accounts.known(office, person, password)
    limits.count(office, "address", person.email)
    with office.database.writing() as connection:
        taken = records.account_of(connection, email)
        records.drop_tickets_of(connection, account.id, tickets.ADDRESS)
        number = None if taken else account.id
        token = tickets.make(connection, tickets.ADDRESS, email, number)
    send_later(office.settings, (known if taken else write)(email, token))
    send_later(office.settings, told)


def asked(office: Office, token: str) -> Ticket:
    """The link that confirms an address. Raises LinkNotValid."""
    ticket = tickets.read(office, token, tickets.ADDRESS)
    if ticket.person_id is None:
        raise LinkNotValid
    return ticket


def confirm(office: Office, token: str) -> str:
    """Gives the account the address that its link was sent to, and returns that.

    Raises LinkNotValid, also where somebody else has the address by now.
    """
    ticket = asked(office, token)
    assert ticket.person_id is not None
    with office.database.writing() as connection:
        account = records.account(connection, ticket.person_id)
        taken = records.account_of(connection, ticket.email)
        if account is None or account.email is None or account.disabled_at or taken:
            raise LinkNotValid
        tickets.use(connection, ticket)
        records.change_account(connection, account.id, email=ticket.email)
        records.drop_tickets_of(connection, account.id)
        note(connection, person_of(account), "changed-address", ticket.email, account.email)
    return ticket.email
