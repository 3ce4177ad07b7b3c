"""The content, its index and its journal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.access import CONSOLE
from kb.cli.base import (
    WRONG,
    at_desk,
    json_option,
    main,
    print_json,
    progress_shown,
    settings_here,
    tell_index,
    tell_journal,
    telling,
)

if TYPE_CHECKING:
    pass


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--empty", is_flag=True, help="Leave out the cases that come with the product.")
def init(folder: Path, empty: bool) -> None:
    """Start a library of your own in FOLDER, as its own Git repository."""
    from kb.services.starting import FolderInUse, start_library

    try:
        for line in start_library(folder, empty):
            click.echo(f"  {line}")
    except FolderInUse as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    click.echo(f"{folder} is ready. Serve it with: KB_CONTENT={folder} kb serve")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--stats", is_flag=True, help="Count cases by theme, region, outcome and so on.")
@json_option
def check(paths: tuple[Path, ...], stats: bool, as_json: bool) -> None:
    """Check content files and report every problem as path:line: field: message.

    Without PATHS everything in the content folder is checked. Exits 1 when there is an error;
    warnings alone do not fail. With --stats nothing is checked: the content folder is counted.
    """
    from indexer.checking import check as examine
    from kb.services.counting import count_content

    if stats:
        counts = count_content(settings_here().content)
        print_json(counts) if as_json else _count(counts)
        return
    found = list(examine(paths or (settings_here().content,)))
    if as_json:
        print_json(
            [
                {"path": str(path), "line": p.line, "field": p.field, "message": p.message,
                 "warning": p.warning}
                for path, p in found
            ]
        )  # fmt: skip
    else:
        for path, problem in found:
            click.echo(f"{path}:{problem}")
        errors = sum(not problem.warning for _, problem in found)
        click.echo(f"{errors} errors, {len(found) - errors} warnings.", err=True)
    if any(not problem.warning for _, problem in found):
        sys.exit(WRONG)


def _count(counts: Mapping[str, Mapping[str, int]]) -> None:
    for facet, counted in counts.items():
        click.echo(facet)
        for value, number in counted.items():
            click.echo(f"  {number:>5}  {value}")


@main.command()
@click.argument("kind", type=click.Choice(["case", "pack", "page"]), default="case")
def schema(kind: str) -> None:
    """Print the JSON Schema of the front matter of KIND, for editors such as VS Code."""
    from indexer.fields import json_schema
    from indexer.store import Store

    print_json(json_schema(kind, Store(settings_here().content).vocabularies()))


@main.command()
@click.option("--rebuild", is_flag=True, help="Build it anew beside the one in use, then switch.")
@click.option("--optimize", is_flag=True, help="Merge its segments into one.")
def index(rebuild: bool, optimize: bool) -> None:
    """Build the index, or bring it up to date."""
    from indexer.library import Library

    settings = settings_here()
    with telling(), progress_shown() as progress:
        library = Library(settings.content, settings.var, settings.model)
        report = library.rebuild(progress) if rebuild else library.make_ready(progress)
        if optimize:
            library.optimize()
    tell_index(report)


@main.command()
def sync() -> None:
    """Compare the files with the index and with the journal, and repair every difference.

    What was done to the files by hand becomes a revision of its own; what a crash cut short is
    finished. The files stay as they are.
    """
    from kb.services.reconcile import start

    with at_desk(tell_index) as (desk, progress):
        tell_journal(start(desk, progress))


@main.command()
@click.argument("slug")
@click.option("--kind", type=click.Choice(["case", "pack", "page"]), default="case")
@click.option("--reason", default="", help="Why; it is kept beside the tombstone.")
@click.confirmation_option(prompt="Its text, history, drafts and translations go for good. Go on?")
def purge(slug: str, kind: str, reason: str) -> None:
    """Remove the document SLUG from journal, files, index and caches, for good.

    For what may not be kept by law. A tombstone stays, by which a backup that is put back is
    purged again. What should only leave the public pages is withdrawn or archived instead.
    """
    from kb.services.purging import purge as remove

    with at_desk() as (desk, _):
        gone = remove(desk, CONSOLE, slug, kind, reason)
    click.echo(f"{gone.files} files and {gone.revisions} revisions are gone.")
    if gone.in_git:
        click.echo("The Git repository of the content still has it: see docs/publishing.md.")
