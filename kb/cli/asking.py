"""Asking the library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kb.cli.base import json_option, main, open_library, print_json, settings_here, telling

if TYPE_CHECKING:
    from indexer.hits import Hit, Results


@main.command()
@click.argument("query", nargs=-1, required=True)
@json_option
@click.option(
    "--facet", "facets", multiple=True, metavar="NAME=VALUE", help="Such as theme=e-health."
)
@click.option("--limit", default=10, type=click.IntRange(1, 1000), show_default=True)
def search(query: tuple[str, ...], as_json: bool, facets: tuple[str, ...], limit: int) -> None:
    """Search the library as the site does."""
    from indexer.query import FACETS, from_params

    pairs = [tuple(facet.split("=", 1)) for facet in facets]
    for pair in pairs:
        if len(pair) != 2 or pair[0].partition(".")[0] not in (*FACETS, "year", "sort"):
            raise click.BadParameter(
                f"{'='.join(pair)!r}: a facet is written NAME=VALUE, the name being one of"
                f" {', '.join(FACETS)}, year.from, year.to.",
                param_hint="--facet",
            )
    with telling():
        library = open_library(settings_here())
        asked = from_params([("q", " ".join(query)), *pairs])  # type: ignore[list-item]
        results = library.search(asked, per_page=limit)
    if as_json:
        print_json(_as_json(results))
    else:
        _show(results)


def _as_json(results: Results) -> dict[str, Any]:
    from indexer.query import explain

    return {
        "query": results.query.text,
        "read_as": explain(results.read_as),
        "corrected": results.corrected,
        "total": results.total,
        "hits": [_hit(hit) for hit in results.hits],
        "nearest": [_hit(hit) for hit in results.nearest],
        "facets": {
            facet: {value.id: value.count for value in values}
            for facet, values in results.facets.items()
        },
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "slug": hit.key.slug,
        "title": hit.title,
        "score": hit.score,
        "reason": _reason(hit),
        "passage": hit.passage.text if hit.passage else None,
    }


def _reason(hit: Hit) -> str:
    matches = ", ".join((*hit.reason.words, *hit.reason.names))
    close = "close in meaning" if hit.reason.meaning else ""
    return "; ".join(part for part in (f"matches {matches}" if matches else "", close) if part)


def _show(results: Results) -> None:
    from indexer.query import explain

    click.echo(f"Read as: {explain(results.read_as)}")
    if results.corrected:
        click.echo(f"Showing results for: {results.corrected} (typed: {results.query.text})")
    click.echo(f"{results.total} cases" if results.total else "Nothing matches well.")
    _list(results.hits)
    if results.nearest:
        click.echo("Nearest in meaning:")
        _list(results.nearest)


def _list(hits: tuple[Hit, ...]) -> None:
    for hit in hits:
        click.echo(f"  {hit.score:5.2f}  {hit.key.slug}\n         {hit.title}")
        if _reason(hit):
            click.echo(f"         ({_reason(hit)})")


@main.command()
@click.argument("slug")
@json_option
@click.option("--elsewhere", is_flag=True, help="The same problem, in other regions alone.")
@click.option("--limit", default=5, type=click.IntRange(1, 100), show_default=True)
def similar(slug: str, as_json: bool, elsewhere: bool, limit: int) -> None:
    """List the cases nearest in meaning to the case SLUG."""
    with telling():
        hits = open_library(settings_here()).similar(slug, limit, elsewhere)
    if as_json:
        print_json([_hit(hit) for hit in hits])
    else:
        _list(hits)
