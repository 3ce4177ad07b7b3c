"""What every view needs: the open library, the reader, and the page on its way out."""

from __future__ import annotations

from flask import Response, current_app, g, make_response, render_template, request

from indexer.library import Library
from kb.access import VISITOR, Person
from kb.errors import BROKEN, Trouble, status_of
from kb.interface import language_of, site_of
from kb.pages import Page
from kb.pages.reading import ErrorPage
from kb.pieces.common import Link
from kb.present.links import case_url
from kb.present.words import Reader
from kb.records.database import Database
from kb.services.desk import DatabaseOpening, Desk
from kb.services.lifetime import Lifetime
from kb.services.limits import TooManyTries
from kb.services.office import SmallOffice
from kb.services.opening import LibraryNotReady, Opening
from kb.services.search import suggest
from kb.settings import Settings
from kb.views import signing


def settings() -> Settings:
    """The settings of this desk."""
    found: Settings = current_app.extensions["sankofa.settings"]
    return found


def opening() -> Opening:
    """The way to the library of this process."""
    found: Opening = current_app.extensions["sankofa.opening"]
    return found


def lifetime() -> Lifetime:
    """The life of this process."""
    found: Lifetime = current_app.extensions["sankofa.lifetime"]
    return found


def library() -> Library:
    """The open library. Raises LibraryNotReady."""
    return opening().library()


def desk() -> Desk:
    """What services of the writing desk are given first. Raises LibraryNotReady."""
    return Desk(database(), library(), settings())


def database() -> Database:
    """The database of this process, opened when it is first asked for."""
    found: DatabaseOpening = current_app.extensions["sankofa.database"]
    g.of_database = True  # what is made of it changes when the library does not: kb.wire
    return found.database()


def office() -> SmallOffice:
    """What services about people are given first; it needs no library."""
    return SmallOffice(database(), settings())


def person() -> Person:
    """Who asks; VISITOR where nobody is signed in. The database is asked once a request."""
    return signing.person()


def language() -> str:
    """The language of the interface for this request."""
    return language_of(request, settings())


def reader() -> Reader:
    """For whom the page is made."""
    return Reader(language(), library().vocabularies)


def show(page: Page, status: int = 200, template: str = "", who: Person | None = None) -> Response:
    """The page as a response, through its own template unless another one is named.

    It is made for `who`, whoever asks when None. Nobody keeps a page about an account.
    """
    who = who or person()
    private = page.template.startswith("account/")
    token = signing.form_token() if private or not who.is_visitor else ""
    site = site_of(request, settings(), who, token)
    response = make_response(
        render_template(template or page.template, page=page, site=site), status
    )
    if private:
        response.headers["Cache-Control"] = "no-store"
    return response


def show_again(page: Page, problem: Exception) -> Response:
    """The page of a form that was refused, with the status that goes with the reason."""
    response = show(page, status_of(problem))
    if isinstance(problem, TooManyTries):
        response.headers["Retry-After"] = str(problem.seconds)
    return response


def told_address(response: Response, address: str) -> None:
    """Tell htmx the address of what it is given.

    One that the browser shows already is not put into its history again, as when Enter in a field
    sends both its change and the form.
    """
    shown = request.headers.get("HX-Current-URL", "")
    response.headers["HX-Push-Url"] = "false" if shown.endswith(address) else address
    response.vary.add("HX-Current-URL")


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
        ours=trouble is BROKEN,
        ways=_near_misses() if trouble.status in (404, 410) else (),
        searchable=trouble.status in (404, 410),
    )
    # a page about a failure of ours must not ask the database, which may be what failed
    return show(page, trouble.status, who=VISITOR if trouble is BROKEN else None)


def _near_misses() -> tuple[Link, ...]:
    words = request.path.rsplit("/", 1)[-1].replace("-", " ").strip()
    try:
        found = suggest(opening().library(patience=0), words, language())
    except LibraryNotReady:
        return ()
    return tuple(Link(s.label, case_url(s.id)) for s in found if s.kind == "case")[:3]
