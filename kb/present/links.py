"""The addresses of pages, made in one place from values of the library."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from flask import current_app

from indexer.query import Query, to_params
from indexer.values import Key
from kb.pieces.common import Link, Turning
from kb.services.alerts import lasting
from kb.services.browsing import SHELF_OF_FACET
from kb.translation import gettext as _

AROUND = 2  # page numbers shown on either side of the current one


def case_url(slug: str, lang: str = "") -> str:
    """The path of a case or of its translation."""
    return f"/cases/{quote(slug)}/{quote(lang)}" if lang else f"/cases/{quote(slug)}"


def pack_url(slug: str, lang: str = "") -> str:
    """The path of a pack or of its translation."""
    return f"/packs/{quote(slug)}/{quote(lang)}" if lang else f"/packs/{quote(slug)}"


def oembed_url(url: str, form: str = "json") -> str:
    """The path at which others are told how to frame the page at a public address."""
    return f"/oembed?{urlencode({'url': url, 'format': form})}"


def term_url(facet: str, id_: str) -> str:
    """The path of the page of a term, or of a search for it where it has no page."""
    shelf = SHELF_OF_FACET.get(facet)
    if shelf is None:
        return search_url(Query().with_value(facet, id_))
    return f"/{shelf.path}/{quote(id_)}"


def search_url(query: Query, path: str = "/search", **more: str) -> str:
    """The path of a search, its parameters in their fixed order, `more` after them.

    `path` is that of the page which shows what is found: a list, a map or a matrix.
    """
    pairs = to_params(query) + list(more.items())
    return f"{path}?{urlencode(pairs)}" if pairs else path


def contribute_url(query: Query) -> str:
    """The path of the form of a new case, which begins with what `query` chooses."""
    pairs = to_params(Query(facets=query.facets))
    return f"/cases/new?{urlencode(pairs)}" if pairs else "/cases/new"


def pack_of_url(query: Query) -> str:
    """The path of the form of a new pack, which begins with the cases that `query` finds."""
    pairs = to_params(query.replace(page=1))
    return f"/packs/new?{urlencode(pairs)}" if pairs else "/packs/new"


def map_url(query: Query, suffix: str = "") -> str:
    """The path of the map of what `query` finds, or of the file of it with a suffix (".svg")."""
    return search_url(query.replace(page=1), f"/map{suffix}")


def matrix_url(query: Query, rows: str, columns: str, suffix: str = "", **more: str) -> str:
    """The path of the matrix of what `query` finds by two axes, or of the file of it."""
    return search_url(query.replace(page=1), f"/matrix{suffix}", rows=rows, cols=columns, **more)


def alert_url(query: Query) -> str:
    """The way from a page of results to saving the search."""
    pairs = to_params(lasting(query))
    return f"/alerts/new?{urlencode(pairs)}" if pairs else "/alerts/new"


def ways_outside(key: Key, editable: bool) -> tuple[Link, ...]:
    """What a reader of a case may say of it; whoever may write is led to the editor."""
    path = case_url(key.slug, key.lang)
    return (
        Link(_("Suggest an edit"), f"{path}/{'edit' if editable else 'suggest'}"),
        Link(_("I used this"), f"{path}/used"),
        Link(_("Report a problem"), f"{path}/report"),
    )


def compare_url(path: str, old: str, new: str) -> str:
    """The path of the comparison of two texts of the document at `path`."""
    return f"{path}/compare?{urlencode({'old': old, 'new': new})}"


def absolute(path: str) -> str:
    """The public address of a path of this site."""
    return f"{current_app.config['ORIGIN']}{path}"


def turning(query: Query, pages: int, path: str = "") -> Turning | None:
    """Links to the other pages of results; None when there is one page only.

    `path` is that of the page of a term, whose address holds nothing but the number of the page.
    """

    def url(number: int) -> str:
        if path:
            return path if number == 1 else f"{path}?page={number}"
        return search_url(query.replace(page=number))

    return turned(query.page, pages, url)


def turned(here: int, pages: int, url: Callable[[int], str]) -> Turning | None:
    """Links to the pages around page `here`, whose addresses `url` gives; None for one page."""
    if pages < 2:
        return None
    near = range(max(1, here - AROUND), min(pages, here + AROUND) + 1)
    shown = sorted({1, pages, *near})
    return Turning(
        before=url(here - 1) if 1 < here <= pages else "",
        after=url(here + 1) if here < pages else "",
        numbers=tuple(Link(str(n), url(n), current=n == here) for n in shown),
    )
