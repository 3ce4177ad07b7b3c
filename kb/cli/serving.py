"""Serving the site."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kb.cli.base import WRONG, at_desk, at_office, main, settings_here, tell_journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from flask import Flask

    from indexer.sync import Report
    from kb.settings import Settings


@main.command()
def serve() -> None:
    """Serve the site: index what is new, print the address, and answer until stopped.

    HOST, PORT, WORKERS, THREADS and the other settings come from the environment; see
    docs/settings.md.
    """
    from kb.app import create_app
    from kb.services.accounts import first_token
    from kb.services.logs import write_logs
    from kb.services.monitoring import answer_machines
    from kb.services.reconcile import start
    from kb.services.serving import PortTaken, require_port
    from kb.services.serving import serve as run

    settings = settings_here()
    write_logs(settings)
    try:
        require_port(settings)
    except PortTaken as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    found: list[Report] = []
    with at_desk(found.append) as (desk, progress):  # closed again before there are processes
        tell_journal(start(desk, progress, found[0].files))
        library = desk.library
    library.encoder.rest()  # each process of the server starts its own session
    application = create_app(settings, library)
    try:
        answer_machines(application.extensions, settings)
    except PortTaken as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    click.echo(f"{settings.site_name} is at {settings.origin} (stop with Ctrl+C)")
    with at_office() as office:  # closed again before the server makes its processes
        token = first_token(office)
    if token:
        click.echo("Nobody manages this site yet. This link makes the first administrator, once:")
        click.echo(f"  {settings.origin}/account/invitation/{token}")
    sys.stdout.flush()
    lifetime = application.extensions["sankofa.lifetime"]
    # else the first who asks each process waits for it
    lifetime.at_start("the model", lambda: library.encoder.encode(["a question"]))
    beside = [_counting_of(application, settings)]
    if settings.work:
        beside.append(_work_of(application, settings))
    run(application, settings, lifetime, *beside)


def _counting_of(application: Flask, settings: Settings) -> Callable[[Event], None]:
    """What writes down, once a minute, how often words were searched for in a process."""
    from kb.services.office import SmallOffice
    from kb.services.searches import write_counts

    tally, records = (
        application.extensions[f"sankofa.{name}"] for name in ("searches", "database")
    )

    def office() -> SmallOffice:
        return SmallOffice(records.database(), settings)

    return lambda stop: write_counts(tally, office, stop)


def _work_of(application: Flask, settings: Settings) -> Callable[[Event], None]:
    """The background work of a process that serves, at its own desk."""
    from kb.services.desk import Desk
    from kb.services.work import work
    from kb.tasks import TASKS

    opening, records = (
        application.extensions[f"sankofa.{name}"] for name in ("opening", "database")
    )

    def desk() -> Desk:
        return Desk(records.database(), opening.library(), settings)

    return lambda stop: work(desk, settings, TASKS, stop)
