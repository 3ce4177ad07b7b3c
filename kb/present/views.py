"""The ways to look at the same cases: list, map, matrix."""

from __future__ import annotations

from indexer.query import Query
from kb.pieces.common import Link
from kb.present.links import search_url
from kb.translation import lazy_gettext

VIEWS = {
    "list": ("/search", lazy_gettext("List")),
    "map": ("/map", lazy_gettext("Map")),
    "matrix": ("/matrix", lazy_gettext("Matrix")),
}


def views(query: Query, here: str, **more: str) -> tuple[Link, ...]:
    """A link to each way to look at what `query` finds, `here` being the one that is shown.

    `more` are parameters of the view that is shown, such as the rows of a matrix.
    """
    first = query.replace(page=1)
    return tuple(
        Link(
            str(label),
            search_url(first, path, **(more if name == here else {})),
            current=name == here,
        )
        for name, (path, label) in VIEWS.items()
    )
