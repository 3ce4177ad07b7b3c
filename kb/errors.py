"""The one table from our errors to an HTTP status and a page, and the handlers that use it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, redirect, request
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

import indexer.errors as library_errors
from kb.access import NotAllowed, SignInNeeded
from kb.records.comments import NoSuchComment
from kb.records.journal import NoSuchDraft, NoSuchRevision
from kb.services.accounts import RegistrationClosed, WrongPassword
from kb.services.alerts import NoSuchAlert, SearchTooLong, TooManyAlerts
from kb.services.attaching import NoSuchMedia
from kb.services.checklist import BadPoint, NoSuchPoint
from kb.services.claiming import AlreadyClaimed
from kb.services.commenting import DraftOver, NothingSaid, TooLong
from kb.services.editing import DraftClosed, NobodyThere, StaleEdit
from kb.services.limits import TooManyTries
from kb.services.links import NoSuchLink
from kb.services.lock import AttachingBusy, PublishingBusy
from kb.services.logs import new_number, request_number
from kb.services.opening import LibraryNotReady
from kb.services.outside import NoSuchSuggestion
from kb.services.packs import NoSuchPack
from kb.services.passwords import WeakPassword
from kb.services.people import AlreadyHere, LastAdministrator, NoSuchPerson, NoSuchRole
from kb.services.pictures import PicturesBusy
from kb.services.places import NoSuchPlace
from kb.services.publishing import NotValid
from kb.services.reading import CaseWithdrawn, Moved, NoSuchCase, NoSuchPage, NoSuchTerm
from kb.services.reports import NoSuchReport
from kb.services.second_step import WrongCode
from kb.services.sharing import NoSuchShare, TooManyShares
from kb.services.states import MoveNotPossible, NoSuchMove
from kb.services.tickets import LinkNotValid
from kb.services.turns import TakingBusy, TooMuchTaken
from kb.services.verdicts import (
    NotReviewed,
    OwnText,
    PointsMissing,
    ReasonNeeded,
    TextChanged,
)

log = logging.getLogger("kb")
security = logging.getLogger("kb.security")


class UnknownHost(Exception):
    """The request names a host that is not this site."""


class CrossSiteRequest(Exception):
    """A request that changes something did not come from a page of this site."""


class FormOutdated(Exception):
    """The page of the form was opened before its sender signed in, or without cookies."""


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
    NoSuchPack: Trouble(404, _("No such pack"), _("There is no pack at this address.")),
    NoSuchShare: Trouble(
        404,
        _("No such pack"),
        _("There is no pack behind this link. Whoever gave it to you may have revoked it."),
    ),
    TooManyShares: Trouble(
        409,
        _("Too many secret links"),
        _("Revoke one of the links to this pack first; it leads nowhere then."),
    ),
    NoSuchPage: NOT_FOUND,
    NoSuchTerm: Trouble(404, _("No such page"), _("The library knows no such name or code.")),
    CaseWithdrawn: Trouble(
        410, _("This case is no longer here"), _("The case was taken out of the library.")
    ),
    NoSuchRevision: Trouble(
        404, _("No such text"), _("The history of this document holds no text of this name.")
    ),
    DraftClosed: Trouble(
        409,
        _("This draft takes no more changes"),
        _("It was handed in, published or given up meanwhile. What you sent is kept beside it."),
    ),
    StaleEdit: Trouble(
        409,
        _("Somebody changed the same place"),
        _("Both texts are kept. Open the draft: its page asks what is to stand there."),
    ),
    NotValid: Trouble(
        422,
        _("It cannot be public yet"),
        _("Something is missing or wrong in the text. The page of the draft says what."),
    ),
    PublishingBusy: Trouble(
        503,
        _("Others are publishing"),
        _("Nothing is lost, and nothing was published. Please try again in a moment."),
    ),
    NoSuchMedia: Trouble(
        404,
        _("No such picture or document"),
        _("There is none at this address, or it belongs to a draft that is not for you."),
    ),
    AttachingBusy: Trouble(
        503,
        _("Others are sending files"),
        _("Nothing is lost. Please try again in a moment."),
    ),
    NobodyThere: Trouble(
        422,
        _("Nobody of this address"),
        _("Nobody who has an account here reads mail at this address."),
    ),
    MoveNotPossible: Trouble(
        409,
        _("That is not possible now"),
        _("The draft is in another state by now; somebody may have been quicker."),
    ),
    NoSuchMove: NOT_FOUND,
    OwnText: Trouble(
        403,
        _("This is your own text"),
        _("Nobody approves what they wrote themselves. Somebody else has to look at it."),
    ),
    NotReviewed: Trouble(
        422,
        _("Somebody else has to approve it first"),
        _("Too few people who did not write it have approved the text as it stands."),
    ),
    PointsMissing: Trouble(
        422,
        _("Something is left to be checked"),
        _("Points of the checklist that must be seen to are not ticked yet."),
    ),
    ReasonNeeded: Trouble(
        422,
        _("A reason is needed"),
        _("Whoever sends a text back, or turns it down, has to say why."),
    ),
    TextChanged: Trouble(
        409,
        _("The text has changed"),
        _("Somebody changed it since you opened it. Look at it again before you decide."),
    ),
    AlreadyClaimed: Trouble(
        409,
        _("Somebody else looks at it"),
        _("They said so before you. You can comment and decide all the same."),
    ),
    DraftOver: Trouble(
        409,
        _("This conversation is over"),
        _("The draft was published or came to an end. What was said is kept."),
    ),
    NothingSaid: Trouble(422, _("Nothing was said"), _("A comment needs words.")),
    TooLong: Trouble(422, _("That is too long"), _("Say it in fewer words.")),
    NoSuchPlace: Trouble(
        422, _("No such place"), _("The text has no such field, or not this passage.")
    ),
    NoSuchComment: Trouble(
        404, _("No such comment"), _("The draft has no comment at this address.")
    ),
    NoSuchPoint: Trouble(
        404,
        _("No such point"),
        _("The checklist has no such point by now; somebody may have changed it."),
    ),
    BadPoint: Trouble(422, _("The point cannot be taken"), _("It needs words, and how it weighs.")),
    NoSuchLink: Trouble(
        404, _("No such link"), _("No public text leads to this address any more.")
    ),
    NoSuchDraft: Trouble(404, _("No such draft"), _("There is no draft at this address.")),
    NoSuchSuggestion: Trouble(
        404,
        _("No such suggestion"),
        _("Nothing that was sent in has this address, or its text was removed for good."),
    ),
    NoSuchReport: Trouble(
        404,
        _("No such report"),
        _("No problem that was reported has this address, or its text was removed for good."),
    ),
    library_errors.NoSuchDocument: NOT_FOUND,
    library_errors.BadSlug: NOT_FOUND,
    LibraryNotReady: NOT_READY,
    library_errors.IndexMissing: NOT_READY,
    library_errors.IndexBusy: NOT_READY,
    PicturesBusy: Trouble(
        503,
        _("Many pictures are being drawn"),
        _("This one has to wait for its turn. Please try again in a moment."),
    ),
    UnknownHost: Trouble(
        400, _("Unknown host"), _("This site does not answer under the name that was asked for.")
    ),
    CrossSiteRequest: Trouble(
        403,
        _("The request was refused"),
        _("It did not come from a page of this site. Go back, load the page again and retry."),
    ),
    FormOutdated: Trouble(
        403,
        _("This page is out of date"),
        _(
            "It was opened before you signed in or out, or the browser keeps no cookies. Go back,"
            " load the page again and retry."
        ),
    ),
    NotAllowed: Trouble(
        403,
        _("This is for others"),
        _("Your role does not include it. An administrator of this site can change that."),
    ),
    SignInNeeded: Trouble(401, _("Sign in first"), _("This is for people who are signed in.")),
    RegistrationClosed: Trouble(
        403,
        _("By invitation only"),
        _("Accounts here are made by invitation. Ask the people who run this site for one."),
    ),
    LinkNotValid: Trouble(
        410,
        _("This link no longer works"),
        _("It was used already, it has ended, or it was taken back. Ask for a new one."),
    ),
    TooManyTries: Trouble(
        429, _("Too many tries"), _("To protect accounts, the next try has to wait a little.")
    ),
    TooMuchTaken: Trouble(
        429,
        _("That was a lot"),
        _(
            "From your network very much was taken away just now. The next list has to wait a"
            " little."
        ),
    ),
    TakingBusy: Trouble(
        503,
        _("Others are taking lists away"),
        _("As many large lists are being made as can be at once. Please try again in a moment."),
    ),
    WrongPassword: Trouble(
        422, _("That did not work"), _("The mail address and the password do not go together.")
    ),
    WrongCode: Trouble(
        422, _("That did not work"), _("The code is not right, or was used before.")
    ),
    WeakPassword: Trouble(422, _("Another password is needed"), _("This one is guessed too soon.")),
    AlreadyHere: Trouble(409, _("Already here"), _("This address has an account.")),
    LastAdministrator: Trouble(
        409,
        _("Somebody must be left"),
        _("Nobody would be left who may manage people. Make somebody else an administrator first."),
    ),
    NoSuchAlert: Trouble(
        404, _("No such search"), _("Nobody saved a search at this address, or it was deleted.")
    ),
    TooManyAlerts: Trouble(
        422, _("Too many searches"), _("You have saved as many searches as one person may.")
    ),
    SearchTooLong: Trouble(
        422, _("The search is too long"), _("It is too long to be saved. Ask with fewer words.")
    ),
    NoSuchPerson: NOT_FOUND,
    NoSuchRole: Trouble(422, _("No such role"), _("There is no role of this name.")),
}

#: What is told in the log by its name: somebody asked for more than they may.
REFUSALS = (NotAllowed, SignInNeeded, CrossSiteRequest, FormOutdated, UnknownHost, LinkNotValid,
            RegistrationClosed)  # fmt: skip

STATUSES: dict[int, Trouble] = {
    400: Trouble(400, _("The request was not understood"), _("Please go back and try again.")),
    403: TROUBLES[CrossSiteRequest],
    404: NOT_FOUND,
    405: Trouble(405, _("Not possible here"), _("This address does not take such a request.")),
    415: Trouble(415, _("Not readable"), _("This site reads what forms send, and nothing else.")),
    413: Trouble(413, _("Too much at once"), _("What was sent is larger than this site accepts.")),
    500: BROKEN,
    503: NOT_READY,
}

Ask = Callable[[], AnyResponse | None]
Show = Callable[[Trouble, str, str], Response]
# (trouble, the reason in the words of whoever withdrew it, the number of the request) -> the page


def status_of(error: Exception) -> int:
    """The HTTP status of an error of the table; 422 for what a form tells at its fields."""
    found = (TROUBLES[kind].status for kind in type(error).__mro__ if kind in TROUBLES)
    return next(found, 422)


def handle_errors(
    app: Flask,
    show: Show,
    ask_to_sign_in: Ask = lambda: None,
    go_on: Ask = lambda: None,
    ask_for_second_step: Ask = lambda: None,
) -> None:
    """Every error becomes a page made by `show`; a failure of ours is logged under its number.

    `ask_to_sign_in` and `go_on` make the pages on which what was written is kept, where they can;
    `ask_for_second_step` that of an administrator who has not switched it on yet.
    """

    def signed_out(error: Exception) -> AnyResponse:
        return ask_to_sign_in() or known(error)

    def not_allowed(error: Exception) -> AnyResponse:
        return ask_for_second_step() or known(error)

    def outdated(error: Exception) -> AnyResponse:
        return go_on() or known(error)

    def known(error: Exception) -> Response:
        trouble = next(TROUBLES[kind] for kind in type(error).__mro__ if kind in TROUBLES)
        if isinstance(error, REFUSALS):
            security.info("refused: %s", type(error).__name__)
        response = show(trouble, getattr(error, "reason", ""), request_number())
        if trouble.status == 503:
            response.headers["Retry-After"] = "5"
        if isinstance(error, TooManyTries):
            response.headers["Retry-After"] = str(error.seconds)
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
        response = show(STATUSES.get(error.code, plain), "", request_number())
        allowed = error.get_response().headers.get("Allow")
        if allowed:
            response.headers["Allow"] = allowed
        return response

    def unexpected(error: Exception) -> Response:
        number = request_number() or new_number()
        where = f"{request.method} {request.endpoint or ''}".strip()
        log.error("error %s at %s", number, where, exc_info=error)
        return show(BROKEN, "", number)

    for kind in TROUBLES:
        app.register_error_handler(kind, known)
    app.register_error_handler(SignInNeeded, signed_out)
    app.register_error_handler(NotAllowed, not_allowed)
    app.register_error_handler(FormOutdated, outdated)
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
