"""What every view needs: the open library, the reader, and the page on its way out."""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template, request

from indexer.library import Library
from kb.errors import Trouble
from kb.interface import language_of, site_of
from kb.pages import ErrorPage, Page
from kb.pieces import Link
from kb.present.links import case_url
from kb.present.words import Reader
from kb.services.opening import LibraryNotReady, Opening
from kb.services.search import suggest
from kb.settings import Settings


def settings() -> Settings:
    """The settings of this desk."""
    found: Settings = current_app.extensions["sankofa.settings"]
    return found


def opening() -> Opening:
    """The way to the library of this process."""
    found: Opening = current_app.extensions["sankofa.opening"]
    return found


def library() -> Library:
    """The open library. Raises LibraryNotReady."""
    return opening().library()


def language() -> str:
    """The language of the interface for this request."""
    return language_of(request, settings())


def reader() -> Reader:
    """For whom the page is made."""
    return Reader(language(), library().vocabularies)


def show(page: Page, status: int = 200, template: str = "") -> Response:
    """The page as a response, through its own template unless another one is named."""
    html = render_template(template or page.template, page=page, site=site_of(request, settings()))
    return make_response(html, status)


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page; never when it restores a page of its history."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def show_trouble(trouble: Trouble, reason: str, number: str) -> Response:
    """The page of an error, with cases whose names are like the address that was asked."""
    page = ErrorPage(
        title=str(trouble.title),
        text=str(trouble.text),
        reason=reason,
        number=number,
        ways=_near_misses() if trouble.status in (404, 410) else (),
        searchable=trouble.status in (404, 410),
    )
    return show(page, trouble.status)


def _near_misses() -> tuple[Link, ...]:
    words = request.path.rsplit("/", 1)[-1].replace("-", " ").strip()
    try:
        found = suggest(opening().library(patience=0), words, language())
    except LibraryNotReady:
        return ()
    return tuple(Link(s.label, case_url(s.id)) for s in found if s.kind == "case")[:3]
