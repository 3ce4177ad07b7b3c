"""Books for tests of what is taken along: those of `tests.books`, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kb.services.packing.book import Book
from tests import books


@cache
def _made() -> Mapping[str, Book]:
    with TemporaryDirectory() as root:
        library = books.library_of_packs(Path(root))
        made = {"en": books.a_book(library), "ar": books.a_book(library, lang="ar"),
                "plain": books.for_participants(library)}  # fmt: skip
        library.encoder.rest()
    return made


def a_book(**changes: Any) -> Book:
    """The trainer's edition of a pack in English, some of its fields others."""
    return replace(_made()["en"], **changes)


def an_arabic_book() -> Book:
    """The trainer's edition of the same in Arabic, one of its cases untranslated."""
    return _made()["ar"]


def a_plain_book() -> Book:
    """The participants' edition of the pack in English."""
    return _made()["plain"]
