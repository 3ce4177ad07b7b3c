"""Measuring and examining."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.base import WRONG, json_option, main, print_json, progress_shown, settings_here, telling

if TYPE_CHECKING:
    pass


@main.command(name="eval")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--mode", type=click.Choice(["words", "meaning", "hybrid"]), default="hybrid")
@click.option("--queries", type=click.Path(path_type=Path), help="Default: FOLDER/queries.jsonl.")
@click.option("--qrels", type=click.Path(path_type=Path), help="Default: FOLDER/qrels.tsv.")
@json_option
def evaluate(
    folder: Path, mode: str, queries: Path | None, qrels: Path | None, as_json: bool
) -> None:
    """Measure the ranking over a judged collection in FOLDER.

    The collection is corpus.jsonl, queries.jsonl (gzip or not) and qrels.tsv. Without a corpus
    the questions are asked of the library itself, judged by slug.
    """
    from kb.services.evaluating import NoCollection, evaluate_collection

    settings = settings_here()
    try:
        with telling(), progress_shown() as progress:
            figures = evaluate_collection(
                folder, settings.content, settings.var, settings.model,
                mode=mode, queries=queries, qrels=qrels, progress=progress,
            )  # fmt: skip
    except NoCollection as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    if as_json:
        print_json(figures)
    else:
        for name, figure in figures.items():
            click.echo(f"{name:>16}  {figure}")


@main.command()
@click.option("--cases", default=10_000, type=click.IntRange(10, 1_000_000), show_default=True)
@click.option("--peers/--no-peers", default=None, help="Beside tantivy, SQLite FTS5 and Whoosh.")
@click.option(
    "--http", is_flag=True, help="Only the server: pages a second, and how long readers wait."
)
@json_option
def bench(cases: int, peers: bool | None, http: bool, as_json: bool) -> None:
    """Make CASES cases from real text and print the figures of speed, size and memory.

    With --http the server alone is measured, by the pages that are asked for most: with the
    library of the content folder, and with the cases that are made.
    """
    from kb.services.bench import run, table, visits

    settings = settings_here()
    with telling(), progress_shown() as progress:
        if http:
            result = visits.run(cases, settings, progress)
        else:
            result = run(cases, settings, peers=cases <= 10_000 if peers is None else peers,
                         progress=progress)  # fmt: skip
    if as_json:
        print_json(result)
    else:
        click.echo(visits.table(result) if http else table(result))


@main.command()
@json_option
def doctor(as_json: bool) -> None:
    """Examine versions, content, index, model, disk and permissions; say what mends each fault."""
    from kb.services.doctor import examine

    findings = examine(settings_here())
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            mark = {True: "ok  ", False: "BAD ", None: "note"}[finding.ok]
            click.echo(f"{mark} {finding.what}: {finding.detail}")
            if finding.mend:
                click.echo(f"     mend: {finding.mend}")
    if any(finding.ok is False for finding in findings):
        sys.exit(WRONG)
