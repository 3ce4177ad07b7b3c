"""The command `kb`. Each subcommand calls one service or the library, and prints its answer."""

from kb.cli import asking, content, measuring, people, serving, working
from kb.cli.base import main

__all__ = ["asking", "content", "main", "measuring", "people", "serving", "working"]
