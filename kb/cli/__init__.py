"""The command `kb`. Each subcommand calls one service or the library, and prints its answer."""

from kb.cli import asking, content, keeping, measuring, people, serving, working
from kb.cli.base import main

__all__ = ["asking", "content", "keeping", "main", "measuring", "people", "serving", "working"]
