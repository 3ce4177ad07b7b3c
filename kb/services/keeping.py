"""A reader's own list of cases, kept by the reader: in a signed cookie, and nowhere else.

The cookie holds the names of the cases in their order. It says nothing of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from itsdangerous import BadSignature

from kb.services.gathering import Slugs, is_name
from kb.services.tokens import signer

#: Cases on a list, and characters of their names: browsers keep 4,096 bytes of a cookie.
MOST, LONGEST = 100, 3_500
_SALT, _BETWEEN = b"kb.list", "~"


class ListFull(Exception):
    """The list holds as many cases as there is room for; nothing was put on it."""


def signed(folder: Path, slugs: Sequence[str]) -> str:
    """The list as the cookie holds it, signed with the secret of the desk in `folder`."""
    return signer(folder, _SALT).sign(_BETWEEN.join(slugs)).decode("ascii")


def read(folder: Path, cookie: str) -> Slugs:
    """The list that a cookie holds; an empty one where it is none of ours."""
    try:
        text = signer(folder, _SALT).unsign(cookie.encode("ascii", "replace")).decode("ascii")
    except BadSignature:
        return ()
    return clean(text.split(_BETWEEN))


def clean(slugs: Iterable[str]) -> Slugs:
    """Those that can be names of cases, each once, as many as a list holds."""
    return tuple(dict.fromkeys(filter(is_name, slugs)))[:MOST]


def with_more(slugs: Slugs, more: Iterable[str], at: int | None = None) -> Slugs:
    """The list with `more` cases on it, at its end or at a place of it. Raises ListFull."""
    new = tuple(slug for slug in clean(more) if slug not in slugs)
    place = len(slugs) if at is None else max(0, at)
    longer = (*slugs[:place], *new, *slugs[place:])
    if len(longer) > MOST or len(_BETWEEN.join(longer)) > LONGEST:
        raise ListFull
    return longer


def without(slugs: Slugs, slug: str) -> Slugs:
    """The list without a case."""
    return tuple(one for one in slugs if one != slug)


def moved(slugs: Slugs, slug: str, by: int) -> Slugs:
    """The list with a case moved by so many places, as far as there are any."""
    if slug not in slugs:
        return slugs
    rest = without(slugs, slug)
    place = min(max(0, slugs.index(slug) + by), len(rest))
    return (*rest[:place], slug, *rest[place:])
