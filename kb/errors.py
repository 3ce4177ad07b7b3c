"""The one table from our errors to an HTTP status and a page, and the handlers that use it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, redirect, request
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

import indexer.errors as library_errors
from kb.services.opening import LibraryNotReady
from kb.services.reading import CaseWithdrawn, Moved, NoSuchCase, NoSuchPage, NoSuchTerm

log = logging.getLogger("kb")


class UnknownHost(Exception):
    """The request names a host that is not this site."""


class CrossSiteRequest(Exception):
    """A request that changes something did not come from a page of this site."""


@dataclass(frozen=True)
class Trouble:
    """What a reader is told: status, title, what happened, what can be done."""

    status: int
    title: str
    text: str


NOT_FOUND = Trouble(
    404,
    _("Page not found"),
    _("There is nothing at this address. It may have been typed wrongly, or the link is old."),
)
NOT_READY = Trouble(
    503,
    _("The library is being prepared"),
    _("The index is being built or is busy. Nothing is lost. Please try again in a moment."),
)
BROKEN = Trouble(
    500,
    _("Something went wrong on our side"),
    _("The page could not be made. The people who run this site can find out why."),
)

TROUBLES: dict[type[Exception], Trouble] = {
    NoSuchCase: Trouble(404, _("No such case"), _("There is no case at this address.")),
    NoSuchPage: NOT_FOUND,
    NoSuchTerm: Trouble(404, _("No such page"), _("The library knows no such name or code.")),
    CaseWithdrawn: Trouble(
        410, _("This case is no longer here"), _("The case was taken out of the library.")
    ),
    library_errors.NoSuchDocument: NOT_FOUND,
    library_errors.BadSlug: NOT_FOUND,
    LibraryNotReady: NOT_READY,
    library_errors.IndexMissing: NOT_READY,
    library_errors.IndexBusy: NOT_READY,
    UnknownHost: Trouble(
        400, _("Unknown host"), _("This site does not answer under the name that was asked for.")
    ),
    CrossSiteRequest: Trouble(
        403,
        _("The request was refused"),
        _("It did not come from a page of this site. Go back, load the page again and retry."),
    ),
}

STATUSES: dict[int, Trouble] = {
    400: Trouble(400, _("The request was not understood"), _("Please go back and try again.")),
    403: TROUBLES[CrossSiteRequest],
    404: NOT_FOUND,
    405: Trouble(405, _("Not possible here"), _("This address does not take such a request.")),
    413: Trouble(413, _("Too much at once"), _("What was sent is larger than this site accepts.")),
    500: BROKEN,
    503: NOT_READY,
}

Show = Callable[[Trouble, str, str], Response]
# (trouble, the reason in the words of whoever withdrew it, the number to quote) -> the page


def handle_errors(app: Flask, show: Show) -> None:
    """Every error becomes a page made by `show`; a failure of ours is logged under its number."""

    def known(error: Exception) -> Response:
        trouble = next(TROUBLES[kind] for kind in type(error).__mro__ if kind in TROUBLES)
        response = show(trouble, getattr(error, "reason", ""), "")
        if trouble.status == 503:
            response.headers["Retry-After"] = "5"
        return response

    def moved(error: Exception) -> AnyResponse:
        assert isinstance(error, Moved)
        asked = request.query_string.decode("ascii", "ignore")
        return redirect(f"{error.path}?{asked}" if asked else error.path, 301)

    def of_http(error: Exception) -> AnyResponse:
        assert isinstance(error, HTTPException)
        if error.code is None or error.code < 400:
            return error.get_response()
        plain = Trouble(error.code, error.name, error.description or "")
        response = show(STATUSES.get(error.code, plain), "", "")
        allowed = error.get_response().headers.get("Allow")
        if allowed:
            response.headers["Allow"] = allowed
        return response

    def unexpected(error: Exception) -> Response:
        number = secrets.token_hex(4).upper()
        log.error("error %s at %s %s", number, request.method, request.path, exc_info=error)
        return show(BROKEN, "", number)

    for kind in TROUBLES:
        app.register_error_handler(kind, known)
    app.register_error_handler(Moved, moved)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, unexpected)
    app.config["PROPAGATE_EXCEPTIONS"] = False


def errors_reference() -> str:
    """The table of docs/routes.md that tells which error gives which status."""
    rows = [(kind.__name__, trouble) for kind, trouble in TROUBLES.items()]
    rows.append((Moved.__name__, Trouble(301, "Moved", "It has another address.")))
    lines = ["| what happened | status | page |", "|---|---|---|"]
    lines += [f"| `{name}` | {t.status} | {t.title}: {t.text} |" for name, t in rows]
    lines.append(f"| any other failure | 500 | {BROKEN.title}, with a number that is logged |")
    return "\n".join(lines) + "\n"
