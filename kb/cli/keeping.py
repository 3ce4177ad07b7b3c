"""Keeping it: backups, bringing them back, and whether everything agrees."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from kb.cli.base import BUSY, WRONG, json_option, main, print_json, progress_shown, settings_here


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
@json_option
def backup(file: Path | None, force: bool, as_json: bool) -> None:
    """Write everything that cannot be made again into FILE, while the site may run.

    That is the database, the content folder without its Git history, attachments, letters that
    were not sent, and the settings without what is secret. FILE may be a folder, this one by
    default; the name is then sankofa-DATE-TIME.tar.gz. Not in it: sessions, one-time links, and
    the secret that signs cookies.
    """
    from kb.records.database import Database
    from kb.services.backing_up import back_up
    from kb.services.office import SmallOffice

    settings = settings_here()
    path = file or Path()
    if path.is_dir():
        path /= f"sankofa-{datetime.now():%Y%m%d-%H%M%S}.tar.gz"
    database = Database(settings.database)
    with _told("No backup was made"):
        try:
            with progress_shown() as progress:
                made = back_up(SmallOffice(database, settings), path, replace=force,
                               progress=progress)  # fmt: skip
        finally:
            database.close()
    if as_json:
        print_json({"file": str(path), **vars(made)})
        return
    for line in made.told:
        click.echo(line, err=True)
    click.echo(
        f"{path}: {made.documents} documents, {made.files} other files, {made.rows} rows;"
        f" {made.size / 1e6:.1f} MB in {made.seconds:.1f} s."
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--tombstones",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The tombstones.jsonl of today, so that what was purged since stays purged.",
)
@click.option("--check", "only_check", is_flag=True, help="Read FILE to its end; restore nothing.")
def restore(file: Path, tombstones: Path | None, only_check: bool) -> None:
    """Bring the backup FILE back into the places that the settings name, which must be empty.

    Everything is verified before it counts as done: each file by its hash, each table by reading
    it back, files against the journal. Where anything is wrong nothing is restored.
    """
    from kb.services.restoring import check
    from kb.services.restoring import restore as bring_back

    settings = settings_here()
    with _told("Nothing was restored"), progress_shown() as progress:
        if only_check:
            manifest = check(file, progress)
            progress.close()
            click.echo(
                f"{file} is whole: made {manifest['made_at']}, {len(manifest['files'])} files."
            )
            return
        done = bring_back(settings, file, tombstones, progress)
    click.echo(
        f"Restored from {done.made_at} (Sankofa {done.version}): {done.documents} documents,"
        f" {done.files} files, {done.rows} rows. All of it was verified."
    )
    if done.purged:
        click.echo(f"{done.purged} files and rows that had been purged were left out.")
    for line in done.told:
        click.echo(line)


@main.command()
@json_option
def verify(as_json: bool) -> None:
    """Compare journal, files, attachments, index and permissions; print what does not agree.

    Every file is read. Each difference comes with the command that mends it; nothing is changed.
    Exits 1 when there is one.
    """
    from kb.services.verifying import verify as look

    settings = settings_here()
    with _told("It could not be verified"), progress_shown() as progress:
        found = look(settings, progress)
    if as_json:
        print_json({
            "looked_at": found.looked_at,
            "differences": [vars(one) for one in found.differences],
            "notes": found.notes,
        })  # fmt: skip
    else:
        for one in found.differences:
            click.echo(f"{one.part}: {one.name}: {one.detail}")
            click.echo(f"     mend: {one.mend}")
        for note in found.notes:
            click.echo(note)
        counted = ", ".join(f"{number} in {part}" for part, number in found.looked_at.items())
        click.echo(f"{len(found.differences)} differences; looked at {counted or 'nothing'}.")
    if found.differences:
        sys.exit(WRONG)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn foreseen failures into a message and an exit code."""
    from sqlalchemy.exc import SQLAlchemyError

    from kb.services.archive import DamagedBackup, FileInTheWay
    from kb.services.backing_up import NotToBeCopied
    from kb.services.lock import PublishingBusy
    from kb.services.restoring import NotEmpty

    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(WRONG))  # leaving nothing behind
    try:
        yield
    except PublishingBusy:
        click.echo(f"{what}: somebody is publishing just now; try again in a minute.", err=True)
        sys.exit(BUSY)
    except FileInTheWay as problem:
        click.echo(f"{what}: {problem} Name another, or say --force.", err=True)
        sys.exit(WRONG)
    except DamagedBackup as problem:
        click.echo(f"{what}: {problem}. Take another backup.", err=True)
        sys.exit(WRONG)
    except (NotToBeCopied, NotEmpty, OSError) as problem:
        click.echo(f"{what}: {problem}", err=True)
        sys.exit(WRONG)
    except SQLAlchemyError as problem:
        why = str(getattr(problem, "orig", problem)).splitlines()[0]
        click.echo(f"{what}: the database cannot be used: {why}", err=True)
        sys.exit(WRONG)
    finally:
        signal.signal(signal.SIGTERM, before)
