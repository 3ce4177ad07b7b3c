"""The command `kb`. Each subcommand calls one service or the library, and prints its answer."""

from kb.cli import asking, content, keeping, links, measuring, packs, people, serving, working
from kb.cli.base import main

__all__ = [
    "asking", "content", "keeping", "links", "main", "measuring", "packs", "people", "serving",
    "working",
]  # fmt: skip
