"""gettext with types: what a reader is told, in the language of the interface.

Flask-Babel finds the catalogue anew for every text, which took a third of the time of a search
page; here it is found once a request. Letters are written in the language of whoever gets them,
with no request at hand: see `speaking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from flask import g, has_app_context
from flask_babel import LazyString

#: Where the catalogues lie, a folder for each language.
FOLDER = Path(__file__).resolve().parent / "translations"
NOTHING = NullTranslations()
_SPOKEN: ContextVar[tuple[str, NullTranslations] | None] = ContextVar("spoken", default=None)


class Said(NullTranslations):  # type: ignore[misc, unused-ignore]
    """A few texts by what they are in English, before those of a catalogue."""

    def __init__(self, words: Mapping[str, str], rest: NullTranslations) -> None:
        super().__init__()
        self._words = words
        self.add_fallback(rest)

    def gettext(self, message: str) -> str:
        """The text in its language."""
        return self._words.get(message) or str(super().gettext(message))

    ugettext = gettext


@contextmanager
def speaking(lang: str, words: Mapping[str, str] | None = None) -> Iterator[None]:
    """Let every text be in the language of this code, whatever the request at hand asks for.

    `words` are what some texts are in that language, by the English ones; they come first.
    """
    found = _of(lang, FOLDER)
    before = _SPOKEN.set((lang, Said(words, found) if words else found))
    try:
        yield
    finally:
        _SPOKEN.reset(before)


@lru_cache(maxsize=64)
def _of(lang: str, folder: Path) -> NullTranslations:
    try:
        found = Translations.load(str(folder), [Locale.parse(lang, sep="-")])
    except (UnknownLocaleError, ValueError):
        return NOTHING
    return found if isinstance(found, NullTranslations) else NOTHING


def catalogue() -> NullTranslations:
    """The translations that `speaking` names, else those of the request at hand, else none."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken[1]
    if not has_app_context():
        return NOTHING
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_translations()
    return found


def language() -> str:
    """The code of the language in which texts are given just now."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken[0]
    return str(flask_babel.get_locale() or "en").replace("_", "-")


def gettext(text: str, /, **values: Any) -> str:
    """The text in the reader's language, with `%(name)s` filled in."""
    told = str(catalogue().ugettext(text))
    return told % values if values else told


def ngettext(singular: str, plural: str, num: int, /, **values: Any) -> str:
    """The form of the text that goes with the number, which is `%(num)s` in it."""
    return str(catalogue().ungettext(singular, plural, num)) % {"num": num, **values}


def lazy_gettext(text: str) -> LazyString:
    """A text that is given in the language of whoever it is shown to, by `str`, when it is."""
    return LazyString(gettext, text)
