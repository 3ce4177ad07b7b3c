"""The people who have an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.access import CONSOLE, NEWCOMER, ROLES
from kb.cli.base import at_office, json_option, main, print_json

if TYPE_CHECKING:
    pass


@main.group()
def person() -> None:
    """Look after the people who have an account."""


@person.command(name="add")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default=NEWCOMER, show_default=True)
def person_add(email: str, role: str) -> None:
    """Invite EMAIL and print the link that makes the account; no letter is sent."""
    from kb.services.people import invite

    with at_office() as office:
        made = invite(office, CONSOLE, _email(email), role, None)
        click.echo(f"{office.settings.origin}/account/invitation/{made.token}")


@person.command(name="list")
@json_option
def person_list(as_json: bool) -> None:
    """List all who have an account."""
    from kb.services.people import people

    with at_office() as office:
        found = people(office, CONSOLE)
    if as_json:
        print_json([{**vars(one), "created_at": f"{one.created_at.isoformat()}Z"} for one in found])
        return
    for one in found:
        row = [f"{one.role:<13}", one.email, one.name]
        row += ["kept out"] if one.disabled else []
        row += ["second step"] if one.second_step else []
        click.echo("  ".join(row))
    if not found:
        click.echo("Nobody has an account yet. kb serve prints the link for the first one.")


@person.command(name="role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
def person_role(email: str, role: str) -> None:
    """Give the person with the address EMAIL another ROLE."""
    from kb.services.people import find, set_role

    with at_office() as office:
        set_role(office, CONSOLE, find(office, CONSOLE, _email(email)).id, role)
    click.echo(f"{email} is {role} now.")


@person.command(name="disable")
@click.argument("email")
@click.option("--again", is_flag=True, help="Let the person in again.")
def person_disable(email: str, again: bool) -> None:
    """Keep the person with the address EMAIL out, ending all sessions at once."""
    from kb.services.people import disable, find

    with at_office() as office:
        disable(office, CONSOLE, find(office, CONSOLE, _email(email)).id, closed=not again)
    click.echo(f"{email} may sign in again." if again else f"{email} is kept out.")


@person.command(name="reset")
@click.argument("email")
@click.option("--second-step", is_flag=True, help="Take the second step away, for a lost phone.")
def person_reset(email: str, second_step: bool) -> None:
    """Print a link by which the person with the address EMAIL chooses a new password."""
    from kb.services.people import find, reset_link

    with at_office() as office:
        found = find(office, CONSOLE, _email(email))
        token = reset_link(office, CONSOLE, found.id, second_step)
        click.echo(f"{office.settings.origin}/account/reset/{token}")


def _email(text: str) -> str:
    from kb.forms.account import email_of, is_email

    if not is_email(email_of(text)):
        raise click.BadParameter(f"{text!r} is no mail address.", param_hint="EMAIL")
    return email_of(text)
