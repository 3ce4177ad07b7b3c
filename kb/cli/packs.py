"""Packs: their forms to take along."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from kb.cli.base import (
    WRONG,
    json_option,
    main,
    open_library,
    print_json,
    progress_shown,
    settings_here,
)
from kb.services.packing.book import EDITIONS, PARTICIPANTS

if TYPE_CHECKING:
    from kb.services.packing.shelf import Order


@main.group()
def pack() -> None:
    """Packs of cases: take them along."""


@pack.command()
@click.argument("slug")
@click.option("--format", "suffix", required=True, help="What to make; see kb pack forms.")
@click.option("--lang", default="", help="A translation of the pack, by its language.")
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default=PARTICIPANTS,
    show_default=True,
    help="The trainer's one has the teaching notes.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="The file or folder to write to, - for the standard output.",
)
@json_option
def export(  # noqa: PLR0917 - one of the options each
    slug: str, suffix: str, lang: str, edition: str, out: Path | None, as_json: bool
) -> None:
    """Write a pack in another form, complete with the texts of its cases.

    What was made before of the same texts is taken as it is. No database is needed.
    """
    from kb.access import CONSOLE
    from kb.present.book import book_of
    from kb.services.packing import shelf
    from kb.services.packing.forms import FORMS
    from kb.services.packing.pdf import PressFailed
    from kb.services.packing.shelf import Wish
    from kb.services.packs import NoSuchPack
    from kb.services.reading import CaseWithdrawn, Moved

    if suffix not in FORMS:
        _wrong(f"There is no form {suffix}. There are: {', '.join(FORMS)}")
    settings = settings_here()
    library = open_library(settings)
    try:
        wanted = shelf.order(library, CONSOLE, settings, Wish(slug, lang, suffix, edition))
        began = time.monotonic()
        with progress_shown() as progress:
            data = shelf.made(library, settings, wanted, book_of, partial(progress, "pack"))
        seconds = time.monotonic() - began
    except NoSuchPack:
        _wrong(f"There is no public pack {slug}{f' in {lang}' if lang else ''}.")
    except Moved as moved:
        _wrong(f"The pack is called {moved.path.rsplit('/', 1)[-1]} now.")
    except CaseWithdrawn as gone:
        _wrong(f"The pack was {gone.status}. {gone.reason}".strip())
    except (shelf.FormLacking, PressFailed) as problem:
        _wrong(str(problem))
    _written(wanted, data, out, seconds, as_json)


def _written(wanted: Order, data: bytes, out: Path | None, seconds: float, as_json: bool) -> None:
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return
    path = out or Path()
    path = path / wanted.saved_as if path.is_dir() else path
    path.write_bytes(data)
    if as_json:
        told = {"path": str(path), "bytes": len(data), "seconds": round(seconds, 3)}
        print_json({**told, "edition": wanted.edition, "stamp": wanted.stamp})
    else:
        click.echo(f"{path}: {len(data):,} bytes in {seconds:.1f} s")


@pack.command("forms")
@json_option
def list_forms(as_json: bool) -> None:
    """List the forms of packs, and what is missing here to make them."""
    from kb.services.packing.forms import FORMS

    if as_json:
        print_json(
            [
                {"format": one.suffix, "type": one.type, "editions": one.editions,
                 "missing": one.lacks()}
                for one in FORMS.values()
            ]
        )  # fmt: skip
        return
    for one in FORMS.values():
        click.echo(f"{one.suffix:9} {one.type}")
        if missing := one.lacks():
            click.echo(f"          {missing}")


def _wrong(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(WRONG)
