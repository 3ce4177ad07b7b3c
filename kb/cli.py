"""The command `kb`. Each subcommand calls one service or the library, and prints its answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.access import CONSOLE, NEWCOMER, ROLES
from kb.settings import BadSetting, Settings, load_settings

if TYPE_CHECKING:
    from indexer.hits import Hit, Results
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
TITLES = {"index": "Indexing", "embed": "Reading for meaning", "journal": "Writing the journal"}

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sankofa", prog_name="kb")
def main() -> None:
    """Sankofa: a library of best practices, and of failures, in ICT for development.

    Exit codes: 0 done, 1 something is wrong (told on the error stream), 2 a wrong command line or
    setting, 3 somebody else is writing to the index.
    """


def _settings() -> Settings:
    try:
        return load_settings()
    except BadSetting as problem:
        click.echo(f"Setting {problem}", err=True)
        sys.exit(USAGE)


@contextmanager
def _telling() -> Iterator[None]:
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
def _progress() -> Iterator[Progress]:
    shown = Progress()
    try:
        yield shown
    finally:
        shown.close()


def _open(settings: Settings) -> Library:
    from indexer.library import Library

    with _progress() as progress:
        return Library.open(settings.content, settings.var, settings.model, progress)


@contextmanager
def _desk(told: Callable[[Any], None] = lambda report: None) -> Iterator[tuple[Desk, Progress]]:
    """Open the whole desk for one piece of work; `told` is given what the index had to learn."""
    from sqlalchemy.exc import SQLAlchemyError

    from indexer.library import Library
    from kb.services.desk import Desk, open_database
    from kb.services.lock import PublishingBusy
    from kb.services.versioning import GitRefused, require_repository

    settings = _settings()
    try:
        if settings.git_commits:
            require_repository(settings)
        with _telling(), _progress() as progress:
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


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


# Serving -----------------------------------------------------------------------------------


@main.command()
def serve() -> None:
    """Serve the site: index what is new, print the address, and answer until stopped.

    HOST, PORT, WORKERS, THREADS and the other settings come from the environment; see
    docs/settings.md.
    """
    from kb.app import create_app
    from kb.services.accounts import first_token
    from kb.services.reconcile import start
    from kb.services.serving import PortTaken, require_port
    from kb.services.serving import serve as run

    settings = _settings()
    try:
        require_port(settings)
    except PortTaken as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    with _desk() as (desk, progress):  # closed again before the server makes its processes
        _tell(start(desk, progress))
        library = desk.library
    library.encoder.rest()  # each process of the server starts its own session
    application = create_app(settings, library)
    click.echo(f"{settings.site_name} is at {settings.origin} (stop with Ctrl+C)")
    with _office() as office:  # closed again before the server makes its processes
        token = first_token(office)
    if token:
        click.echo("Nobody manages this site yet. This link makes the first administrator, once:")
        click.echo(f"  {settings.origin}/account/invitation/{token}")
    sys.stdout.flush()
    run(application, settings)


# The content and its index -----------------------------------------------------------------


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
        counts = count_content(_settings().content)
        _print(counts) if as_json else _count(counts)
        return
    found = list(examine(paths or (_settings().content,)))
    if as_json:
        _print(
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

    _print(json_schema(kind, Store(_settings().content).vocabularies()))


@main.command()
@click.option("--rebuild", is_flag=True, help="Build it anew beside the one in use, then switch.")
@click.option("--optimize", is_flag=True, help="Merge its segments into one.")
def index(rebuild: bool, optimize: bool) -> None:
    """Build the index, or bring it up to date."""
    from indexer.library import Library

    settings = _settings()
    with _telling(), _progress() as progress:
        library = Library(settings.content, settings.var, settings.model)
        report = library.rebuild(progress) if rebuild else library.make_ready(progress)
        if optimize:
            library.optimize()
    _report(report)


@main.command()
def sync() -> None:
    """Compare the files with the index and with the journal, and repair every difference.

    What was done to the files by hand becomes a revision of its own; what a crash cut short is
    finished. The files stay as they are.
    """
    from kb.services.reconcile import start

    with _desk(_report) as (desk, progress):
        _tell(start(desk, progress))


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

    with _desk() as (desk, _):
        gone = remove(desk, CONSOLE, slug, kind, reason)
    click.echo(f"{gone.files} files and {gone.revisions} revisions are gone.")
    if gone.in_git:
        click.echo("The Git repository of the content still has it: see docs/publishing.md.")


def _tell(report: Journal) -> None:
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
            click.echo(f"{_name(key)}: {what}")
        if len(keys) > FEW:
            click.echo(f"and {len(keys) - FEW} more: {what}")
    for old, new in report.renamed:
        click.echo(
            f"{_name(old)}: renamed by hand to {new.slug}; write aliases: [{old.slug}] there"
        )
    for line in report.told:
        click.echo(line)


def _name(key: Key) -> str:
    return "/".join(part for part in key if part)


def _report(report: Any) -> None:
    for key, problems in report.broken.items():
        for problem in problems:
            click.echo(f"{key.kind}/{key.slug}: {problem}", err=True)
    click.echo(
        f"{len(report.indexed)} indexed, {len(report.removed)} removed,"
        f" {len(report.broken)} left out as not valid."
    )


# Asking ------------------------------------------------------------------------------------


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
    with _telling():
        library = _open(_settings())
        asked = from_params([("q", " ".join(query)), *pairs])  # type: ignore[list-item]
        results = library.search(asked, per_page=limit)
    if as_json:
        _print(_as_json(results))
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
    with _telling():
        hits = _open(_settings()).similar(slug, limit, elsewhere)
    if as_json:
        _print([_hit(hit) for hit in hits])
    else:
        _list(hits)


# People ------------------------------------------------------------------------------------


@contextmanager
def _office() -> Iterator[SmallOffice]:
    """Open the database for one piece of work, and tell what cannot be done."""
    from kb.services.desk import open_database
    from kb.services.office import SmallOffice
    from kb.services.people import AlreadyHere, LastAdministrator, NoSuchPerson

    told = {
        AlreadyHere: "This address has an account already; see: kb person list",
        NoSuchPerson: "Nobody here has this address; see: kb person list",
        LastAdministrator: "Nobody would be left who may manage people; nothing was changed.",
    }
    settings = _settings()
    database = open_database(settings)
    try:
        yield SmallOffice(database, settings)
    except tuple(told) as problem:
        click.echo(told[type(problem)], err=True)
        sys.exit(WRONG)
    finally:
        database.close()


@main.group()
def person() -> None:
    """Look after the people who have an account."""


@person.command(name="add")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default=NEWCOMER, show_default=True)
def person_add(email: str, role: str) -> None:
    """Invite EMAIL and print the link that makes the account; no letter is sent."""
    from kb.services.people import invite

    with _office() as office:
        made = invite(office, CONSOLE, _email(email), role, None)
        click.echo(f"{office.settings.origin}/account/invitation/{made.token}")


@person.command(name="list")
@json_option
def person_list(as_json: bool) -> None:
    """List all who have an account."""
    from kb.services.people import people

    with _office() as office:
        found = people(office, CONSOLE)
    if as_json:
        _print([{**vars(one), "created_at": f"{one.created_at.isoformat()}Z"} for one in found])
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

    with _office() as office:
        set_role(office, CONSOLE, find(office, CONSOLE, _email(email)).id, role)
    click.echo(f"{email} is {role} now.")


@person.command(name="disable")
@click.argument("email")
@click.option("--again", is_flag=True, help="Let the person in again.")
def person_disable(email: str, again: bool) -> None:
    """Keep the person with the address EMAIL out, ending all sessions at once."""
    from kb.services.people import disable, find

    with _office() as office:
        disable(office, CONSOLE, find(office, CONSOLE, _email(email)).id, closed=not again)
    click.echo(f"{email} may sign in again." if again else f"{email} is kept out.")


@person.command(name="reset")
@click.argument("email")
@click.option("--second-step", is_flag=True, help="Take the second step away, for a lost phone.")
def person_reset(email: str, second_step: bool) -> None:
    """Print a link by which the person with the address EMAIL chooses a new password."""
    from kb.services.people import find, reset_link

    with _office() as office:
        found = find(office, CONSOLE, _email(email))
        token = reset_link(office, CONSOLE, found.id, second_step)
        click.echo(f"{office.settings.origin}/account/reset/{token}")


def _email(text: str) -> str:
    from kb.forms.account import email_of, is_email

    if not is_email(email_of(text)):
        raise click.BadParameter(f"{text!r} is no mail address.", param_hint="EMAIL")
    return email_of(text)


# Measuring ---------------------------------------------------------------------------------


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

    settings = _settings()
    try:
        with _telling(), _progress() as progress:
            figures = evaluate_collection(
                folder, settings.content, settings.var, settings.model,
                mode=mode, queries=queries, qrels=qrels, progress=progress,
            )  # fmt: skip
    except NoCollection as problem:
        click.echo(str(problem), err=True)
        sys.exit(WRONG)
    if as_json:
        _print(figures)
    else:
        for name, figure in figures.items():
            click.echo(f"{name:>16}  {figure}")


@main.command()
@click.option("--cases", default=10_000, type=click.IntRange(10, 1_000_000), show_default=True)
@click.option("--peers/--no-peers", default=None, help="Beside tantivy, SQLite FTS5 and Whoosh.")
@json_option
def bench(cases: int, peers: bool | None, as_json: bool) -> None:
    """Make CASES cases from real text and print the figures of speed, size and memory."""
    from kb.services.bench import run, table

    with _telling(), _progress() as progress:
        result = run(cases, _settings(), peers=cases <= 10_000 if peers is None else peers,
                     progress=progress)  # fmt: skip
    if as_json:
        _print(result)
    else:
        click.echo(table(result))


@main.command()
@json_option
def doctor(as_json: bool) -> None:
    """Examine versions, content, index, model, disk and permissions; say what mends each fault."""
    from kb.services.doctor import examine

    findings = examine(_settings())
    if as_json:
        _print([vars(finding) for finding in findings])
    else:
        for finding in findings:
            mark = {True: "ok  ", False: "BAD ", None: "note"}[finding.ok]
            click.echo(f"{mark} {finding.what}: {finding.detail}")
            if finding.mend:
                click.echo(f"     mend: {finding.mend}")
    if any(finding.ok is False for finding in findings):
        sys.exit(WRONG)


if __name__ == "__main__":
    main()
