"""What a reader does to the list: a case put on it, taken off, moved, or all of it emptied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kb.services import keeping
from kb.services.gathering import Slugs

#: By how many places the buttons that move a case move it.
MOVES = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Change:
    """One change of the list: `what` is keep, drop, up, down or clear, done to `slugs`.

    `at` is the place of what is put back. `then` is the page on which the reader was.
    """

    what: str
    slugs: Slugs
    at: int | None
    then: str

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Change:
        """The change that a form sent; one of nothing where it says nothing that is known."""
        known = ("keep", "drop", "clear", *MOVES)
        what = next((name for name in known if name in sent), "")
        slugs = keeping.clean(sent.getlist(what))
        return cls(what, slugs, _place(sent.get("at", "")), sent.get("next", ""))

    def made(self, slugs: Slugs) -> Slugs:
        """The list after the change. Raises ListFull."""
        if self.what == "keep":
            return keeping.with_more(slugs, self.slugs, self.at)
        if self.what == "clear":
            return ()
        for slug in self.slugs:
            if self.what == "drop":
                slugs = keeping.without(slugs, slug)
            else:
                slugs = keeping.moved(slugs, slug, MOVES[self.what])
        return slugs


@dataclass(frozen=True)
class Changed:
    """What the page of the list tells of the change that led to it."""

    dropped: Slugs = ()
    at: int = 0
    moved: str = ""
    by: str = ""
    more: int = 0
    full: bool = False

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> Changed:
        """What an address says was changed."""
        return cls(
            keeping.clean(args.getlist("dropped")),
            _place(args.get("at", "")) or 0,
            args.get("moved", ""),
            args.get("by", ""),
            _place(args.get("more", "")) or 0,
            "full" in args,
        )


def _place(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def named(pairs: Iterable[str]) -> Slugs:
    """The cases that an address names, each once."""
    return tuple(dict.fromkeys(one.strip() for one in pairs if one.strip()))
