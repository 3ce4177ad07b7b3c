"""Background work and its mail."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from kb.cli.base import WRONG, at_desk, json_option, main, print_json, settings_here

if TYPE_CHECKING:
    from kb.services.lifetime import Lifetime
    from kb.services.work import Done


@main.command()
@click.option("--once", is_flag=True, help="Do everything that is due and end; for cron.")
@json_option
def work(once: bool, as_json: bool) -> None:
    """Do the background work: mail, digests, alerts, checks; until stopped.

    `kb serve` does it by itself unless WORK=no. Several may run at once: one works, the others
    wait until it ends; with --once nobody waits, and no piece of work is done twice. With --json
    each piece is printed as JSON; with --once as one list.
    """
    from kb.services.work import do_all
    from kb.services.work import work as go_on
    from kb.tasks import TASKS

    with at_desk() as (desk, _):
        if not once:
            stop = _stop_by_signal()
            go_on(lambda: desk, desk.settings, TASKS, stop, _line if as_json else _tell)
            return
        done = []
        for one in do_all(desk, TASKS):
            done.append(one)
            if not as_json:
                _tell(one)
    if as_json:
        print_json([vars(one) for one in done])
    elif not any(one.told or one.error for one in done):
        click.echo("Nothing was due.")
    if any(one.error for one in done):
        sys.exit(WRONG)


@main.command()
@click.option("--again", is_flag=True, help="Let those that were given up be tried anew.")
@json_option
def outbox(again: bool, as_json: bool) -> None:
    """List the letters that no mail server took, and why those that were given up were."""
    from kb.services.outbox import lying, put_back

    folder = settings_here().data
    if again:
        back = put_back(folder)
        click.echo(f"{back} letters wait again; kb work --once sends what is due.", err=as_json)
    rows = [vars(one) for one in lying(folder)]
    if as_json:
        print_json([{**row, "path": str(row["path"]), "since": f"{row['since'].isoformat()}Z"}
                    for row in rows])  # fmt: skip
        return
    for row in rows:
        _letter(row)
    if not rows:
        click.echo("No letter lies in the outbox.")


def _letter(row: dict[str, Any]) -> None:
    click.echo(f"{row['since']:%Y-%m-%d %H:%M}  {row['to']}  {row['subject']}")
    click.echo(f"    {row['path']}")
    if row["reason"]:
        click.echo(f"    given up: {row['reason']}")


def _tell(done: Done) -> None:
    if done.error:
        click.echo(f"{done.key}: {done.error}", err=True)
    elif done.told:
        click.echo(f"{done.task}: {done.told}")


def _line(done: Done) -> None:
    import json

    click.echo(json.dumps(vars(done), ensure_ascii=False))


def _stop_by_signal() -> Lifetime:
    """The life of this process, which ends when it is asked to."""
    from kb.services.lifetime import Lifetime

    lifetime = Lifetime()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: lifetime.stop())
    return lifetime
