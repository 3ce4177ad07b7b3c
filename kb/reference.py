"""The pages of docs/ that are made from the code; a test fails when they are out of date.

`python -m kb.reference` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path

import click

from indexer.fields import reference_page
from kb.app import create_app
from kb.cli import main
from kb.errors import errors_reference
from kb.settings import Settings, settings_reference

DOCS = Path(__file__).resolve().parent.parent / "docs"


def routes_reference() -> str:
    """The page docs/routes.md: every address with what it answers, and every error."""
    app = create_app(Settings())
    rows = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        told = (view.__doc__ or "").strip().splitlines()[0]
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        address = re.sub(
            r"<any\(([^)]*)\):\w+>", lambda m: "{" + m[1].replace('"', "") + "}", rule.rule
        )
        rows.append(f"| `{methods}` | `{address}` | {told} |")
    lines = [
        "# Addresses",
        "",
        "Every address of the site and the status of every error. Made from the code.",
        "",
        "| method | address | answer |",
        "|---|---|---|",
        *sorted(rows, key=lambda row: row.split("|")[2]),
        "",
        "## Errors",
        "",
    ]
    return "\n".join(lines) + "\n" + errors_reference()


def commands_reference() -> str:
    """The page docs/commands.md: every command of `kb` with its arguments and options."""
    lines = ["# Commands", "", cleandoc(main.help or ""), ""]
    kb = click.Context(main, info_name="kb", max_content_width=96, **main.context_settings)
    for name, command in _commands(main, ""):
        with click.Context(command, parent=kb, info_name=name) as context:
            told = command.get_help(context)
        lines += [f"## kb {name}", "", "```text", told, "```", ""]
    return "\n".join(lines)


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    """All commands by name, those of a group after it."""
    for name, command in sorted(group.commands.items()):
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")


REFERENCES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_reference,
    "routes.md": routes_reference,
    "commands.md": commands_reference,
    "fields.md": reference_page,
}


def write_references(folder: Path = DOCS) -> None:
    """Write all pages anew."""
    for name, made in REFERENCES.items():
        (folder / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    write_references()
