"""The command `kb` itself, and what its subcommands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from kb.settings import BadSetting, Settings, load_settings

if TYPE_CHECKING:
    from indexer.library import Library
    from indexer.values import Key
    from kb.services.desk import Desk
    from kb.services.office import SmallOffice
    from kb.services.reconcile import Report as Journal

#: Exit codes, documented in docs/commands.md.
OK, WRONG, USAGE, BUSY = 0, 1, 2, 3

#: How many documents are named one by one.
FEW = 20

#: What the stages of long work are called beside their bars.
TITLES = {
    "index": "Indexing",
    "embed": "Reading for meaning",
    "journal": "Writing the journal",
    "rows": "Rows of the database",
    "content": "Content",
    "backup": "Reading the backup",
    "files": "Reading every file",
    "links": "Asking",
    "pack": "Making the pack",
}

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sankofa", prog_name="kb")
def main() -> None:
    """Sankofa: a library of best practices, and of failures, in ICT for development.

    Exit codes: 0 done, 1 something is wrong (told on the error stream), 2 a wrong command line or
    setting, 3 somebody else is writing to the index.
    """


def settings_here() -> Settings:
    """The settings of the environment; a bad one ends the command with a message."""
    try:
        return load_settings()
    except BadSetting as problem:
        click.echo(f"Setting {problem}", err=True)
        sys.exit(USAGE)


@contextmanager
def telling() -> Iterator[None]:
    """Turn the library's foreseen errors into a message and an exit code."""
    from indexer.errors import IndexBusy, LibraryError

    try:
        yield
    except IndexBusy as busy:
        click.echo(str(busy), err=True)
        sys.exit(BUSY)
    except LibraryError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(WRONG)


class Progress:
    """Progress bars on the error stream: one a stage, shown only for work that takes a while."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""
        self._done = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of `stage` are done."""
        if stage != self._stage:
            self.close()
            self._stage, self._done = stage, 0
            label = TITLES.get(stage, stage.capitalize())
            self._bar = click.progressbar(length=total, label=label, file=sys.stderr)
            self._bar.__enter__()
        self._bar.length = total
        self._bar.update(done - self._done)
        self._done = done

    def close(self) -> None:
        """End the bar that is shown, if any."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Give what shows progress, and end its bar."""
    shown = Progress()
    try:
        yield shown
    finally:
        shown.close()


def open_library(settings: Settings) -> Library:
    """Open the library with its index brought up to date."""
    from indexer.library import Library

    with progress_shown() as progress:
        return Library.open(settings.content, settings.var, settings.model, progress)


@contextmanager
def at_desk(told: Callable[[Any], None] = lambda report: None) -> Iterator[tuple[Desk, Progress]]:
    """Open the whole desk for one piece of work; `told` is given what the index had to learn."""
    from sqlalchemy.exc import SQLAlchemyError

    from indexer.library import Library
    from kb.services.desk import Desk, RestoreCutShort, open_database
    from kb.services.lock import PublishingBusy
    from kb.services.versioning import GitRefused, require_repository

    settings = settings_here()
    try:
        if settings.git_commits:
            require_repository(settings)
        with telling(), progress_shown() as progress:
            library = Library(settings.content, settings.var, settings.model)
            told(library.make_ready(progress))
            database = open_database(settings)
            try:
                yield Desk(database, library, settings), progress
            finally:
                database.close()
    except SQLAlchemyError as problem:
        why = str(getattr(problem, "orig", problem)).splitlines()[0]
        click.echo(f"The database cannot be used: {why}", err=True)
        sys.exit(WRONG)
    except PublishingBusy:
        click.echo("Somebody is publishing just now; try again in a minute.", err=True)
        sys.exit(BUSY)
    except GitRefused as reason:
        click.echo(f"GIT_COMMITS cannot be: {reason}", err=True)
        sys.exit(USAGE)
    except RestoreCutShort as reason:
        click.echo(str(reason), err=True)
        sys.exit(WRONG)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def at_office() -> Iterator[SmallOffice]:
    """Open the database for one piece of work, and tell what cannot be done."""
    from kb.services.desk import RestoreCutShort, open_database
    from kb.services.office import SmallOffice
    from kb.services.people import AlreadyHere, LastAdministrator, NoSuchPerson

    told = {
        AlreadyHere: "This address has an account already; see: kb person list",
        NoSuchPerson: "Nobody here has this address; see: kb person list",
        LastAdministrator: "Nobody would be left who may manage people; nothing was changed.",
    }
    settings = settings_here()
    try:
        database = open_database(settings)
    except RestoreCutShort as reason:
        click.echo(str(reason), err=True)
        sys.exit(WRONG)
    try:
        yield SmallOffice(database, settings)
    except tuple(told) as problem:
        click.echo(told[type(problem)], err=True)
        sys.exit(WRONG)
    finally:
        database.close()


def tell_journal(report: Journal) -> None:
    """Say what was done by hand, and what a person is asked."""
    if report.first:
        click.echo(f"The journal begins with {len(report.created)} documents.")
    for keys, what in (
        (() if report.first else report.created, "added by hand"),
        (report.changed, "changed by hand"),
        (report.removed, "removed by hand"),
        (report.apart, "a draft of it can no longer be joined by itself; its authors are asked"),
    ):
        for key in keys[:FEW]:
            click.echo(f"{name_of(key)}: {what}")
        if len(keys) > FEW:
            click.echo(f"and {len(keys) - FEW} more: {what}")
    for old, new in report.renamed:
        click.echo(
            f"{name_of(old)}: renamed by hand to {new.slug}; write aliases: [{old.slug}] there"
        )
    for line in report.told:
        click.echo(line)


def tell_index(report: Any) -> None:
    """Say what the index had to learn, and which files are not valid."""
    for key, problems in report.broken.items():
        for problem in problems:
            click.echo(f"{key.kind}/{key.slug}: {problem}", err=True)
    click.echo(
        f"{len(report.indexed)} indexed, {len(report.removed)} removed,"
        f" {len(report.broken)} left out as not valid."
    )


def name_of(key: Key) -> str:
    """The name of a document on a line of output."""
    return "/".join(part for part in key if part)
