"""The addresses in the library, asked whether they are still there."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from kb.cli.base import WRONG, at_desk, json_option, main, name_of, print_json

if TYPE_CHECKING:
    from kb.services.link_checks import Checked
    from kb.services.links import Known


@main.command()
@json_option
@click.option("--only-dead", is_flag=True, help="Print the dead addresses alone.")
@click.option(
    "--host-delay",
    default=1.0,
    type=click.FloatRange(0, 3600),
    show_default=True,
    help="Seconds between two questions to one host.",
)
def links(as_json: bool, only_dead: bool, host_delay: float) -> None:
    """Ask the addresses in public texts that are due, and list what is wrong with any.

    HEAD, else GET, and no more than a few hosts at a time. What was good is asked again after 30
    days, what failed after 1, 3 and 7; an address is dead after three tries over three days or
    more. May be broken off, and goes on where it was. Addresses in private networks are never
    asked but for those in LINK_CHECK_ALLOW. Exits 1 where an address is dead, and where no host
    answers at all.
    """
    from kb.services.link_checks import Offline, asker_for, check_all
    from kb.services.links import all_links

    with at_desk() as (desk, progress):
        try:
            checked = check_all(
                desk,
                asker_for(desk.settings),
                host_delay,
                lambda done, total: progress("links", done, total),
            )
        except Offline:
            progress.close()
            click.echo("No host answered. Is this machine connected to the web?", err=True)
            sys.exit(WRONG)
        progress.close()
        found = all_links(desk)
    wanted = ("dead",) if only_dead else ("dead", "unsure", "moved", "not-asked")
    shown = [one for one in found if one.link is not None and one.link.state in wanted]
    print_json([_as_json(one) for one in shown]) if as_json else _tell(shown, checked)
    if checked.counts.get("dead"):
        sys.exit(WRONG)


def _tell(shown: Iterable[Known], checked: Checked) -> None:
    for one in shown:
        assert one.link is not None
        why = one.link.detail or one.link.status or ""
        leads = f" -> {one.link.leads_to}" if one.link.leads_to else ""
        click.echo(f"{one.link.state:<9} {why}  {one.url}{leads}")
        for name in dict.fromkeys(name_of(place.key) for place in one.places):
            click.echo(f"          in {name}")
    counts = ", ".join(f"{number} {state}" for state, number in sorted(checked.counts.items()))
    click.echo(f"{checked.asked} asked; {counts or 'no address'}.", err=True)


def _as_json(one: Known) -> dict[str, Any]:
    link = one.link
    assert link is not None
    return {
        "url": one.url,
        "state": link.state,
        "status": link.status,
        "detail": link.detail,
        "leads_to": link.leads_to,
        "asked": f"{link.at.isoformat()}Z",
        "failing_since": f"{link.failing_since.isoformat()}Z" if link.failing_since else None,
        "tries": link.tries,
        "in": [{"document": name_of(place.key), "place": place.place} for place in one.places],
    }
