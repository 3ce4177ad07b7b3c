"""gettext with types: what a reader is told, in the language of the interface."""

from __future__ import annotations

from typing import Any

import flask_babel


def gettext(text: str, /, **values: Any) -> str:
    """The text in the reader's language, with `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, num: int, /, **values: Any) -> str:
    """The form of the text that goes with the number, which is `%(num)s` in it."""
    return str(flask_babel.ngettext(singular, plural, num, **values))
