"""What went wrong with a form, in words, at the field where it can be mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kb.errors import TROUBLES
from kb.forms.account import FormIncomplete
from kb.pieces.common import FormField, Link
from kb.services.accounts import WrongPassword
from kb.services.limits import TooManyTries
from kb.services.passwords import LONGEST, SHORTEST, WeakPassword
from kb.services.people import AlreadyHere, NoSuchRole
from kb.services.second_step import WrongCode
from kb.translation import gettext as _
from kb.translation import ngettext

WEAK: Mapping[str, Callable[[], str]] = {
    "short": lambda: _("Choose at least %(number)s characters.", number=SHORTEST),
    "long": lambda: _("Choose no more than %(number)s characters.", number=LONGEST),
    "common": lambda: _("This password is among the first that are tried. Choose another one."),
    "name": lambda: _("This password is a name that others know. Choose another one."),
}
#: The field at which an error is told; "" stands for the form as a whole.
PLACES: Mapping[type[Exception], str] = {
    WeakPassword: "password",
    WrongCode: "code",
    AlreadyHere: "email",
    NoSuchRole: "role",
}


def problems_of(problem: Exception | None) -> dict[str, str]:
    """Field -> what is to be done; "" is the name of the form as a whole."""
    if problem is None:
        return {}
    if isinstance(problem, FormIncomplete):
        return dict(problem.problems)
    return {PLACES.get(type(problem), ""): _told(problem)}


def _told(problem: Exception) -> str:
    if isinstance(problem, WeakPassword):
        return WEAK[problem.why]()
    if isinstance(problem, TooManyTries):
        return waiting(problem.seconds)
    return str(TROUBLES[type(problem)].text)


def waiting(seconds: int) -> str:
    """How long the next try has to wait."""
    return _("There were too many tries. Try again in %(time)s.", time=span(seconds))


def span(seconds: int) -> str:
    """So many seconds in words, in minutes where they are many."""
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60))


def linked(problems: Mapping[str, str], fields: Sequence[FormField]) -> tuple[Link, ...]:
    """The problems as a list, each a way to its field where it has one."""
    names = {field.name for field in fields}
    return tuple(Link(text, f"#{name}" if name in names else "") for name, text in problems.items())


#: What a form can be shown again for.
PROBLEMS = (FormIncomplete, WrongPassword, WeakPassword, WrongCode, TooManyTries)
