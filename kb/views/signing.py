"""Who asks, by the session cookie; and the token that every change by them must carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import (
    AnonymousUserMixin,
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from kb.access import VISITOR, Person, may
from kb.errors import FormOutdated
from kb.interface import cookie_name
from kb.services import sessions
from kb.services.office import SmallOffice
from kb.services.tokens import signing_key
from kb.settings import Settings
from kb.watching import PERSON

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

#: Views that take more than other forms hold, from those who may do what stands beside them.
LARGE: Mapping[str, str] = {"attachments.upload": "attach"}
#: Views that change something for visitors, whose pages are cached and so hold no token.
OPEN_VIEWS = ("choices.choose", "keeping.change_list")
#: Views whose address holds a signed token, which is all they ask for: the programs in which people
#: read mail send neither a cookie nor an origin (RFC 8058).
SIGNED_VIEWS = ("notices.unsubscribe",)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
#: Bytes for the words that come with a file.
ROOM = 64 * 1024


class SignedIn(UserMixin):  # type: ignore[misc]
    """Somebody who is signed in, as flask-login wants it; its id is the token of the session."""

    def __init__(self, person: Person, token: str) -> None:
        self.person = person
        self.token = token

    def get_id(self) -> str:
        """The token of the session, so that a session can be ended, not only a person."""
        return self.token


class NotSignedIn(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor, as flask-login wants it."""

    person = VISITOR
    token = ""


class Door(LoginManager):  # type: ignore[misc]
    """flask-login without its cookie to remember people: the session itself is remembered."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response  # else the session is looked at, and files vary by cookie

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return  # whoever sends one made it up


class LateSecret(SecureCookieSessionInterface):
    """Signed cookies whose key is read, or made, when the first cookie needs it."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookies of `app`."""
        if not app.secret_key:
            app.secret_key = signing_key(app.extensions["sankofa.settings"].data)
        return super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; without a cookie an empty one, and no key is needed."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def sign_people(app: Flask, settings: Settings) -> None:
    """Makes `app` know who asks, and refuse changes without the token of their pages."""
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name("session", settings.secure),
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,
        REMEMBER_COOKIE_NAME=cookie_name("remember", settings.secure),  # is never set
        MAX_UPLOAD=settings.max_upload_kb * 1024 + ROOM,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # it holds as long as the session: people write for hours
        WTF_CSRF_SSL_STRICT=False,  # kb.wire asks for the origin of every change already
    )
    app.session_interface = LateSecret()
    manager = Door(app)
    manager.session_protection = None  # telephones change their address all day
    manager.anonymous_user = NotSignedIn
    manager.user_loader(_load)
    protection = CSRFProtect(app)
    app.before_request(lambda: _check_token(protection))


def _load(token: str) -> SignedIn | None:
    settings: Settings = current_app.extensions["sankofa.settings"]
    database = current_app.extensions["sankofa.database"].database()
    found = sessions.current(SmallOffice(database, settings), token)
    if found.is_visitor:
        return None
    request.environ[PERSON] = found.id
    return SignedIn(found, token)


def _check_token(protection: CSRFProtect) -> None:
    """Raises FormOutdated for a change without a token, by people signed in and on account forms.

    What visitors send elsewhere is refused by the service, which asks them to sign in and keeps
    what they wrote.
    """
    if request.method in SAFE_METHODS or request.endpoint in (None, *OPEN_VIEWS, *SIGNED_VIEWS):
        return
    if request.endpoint in LARGE and may(person(), LARGE[request.endpoint]):
        request.max_content_length = current_app.config["MAX_UPLOAD"]
    if signed_in() or request.blueprint == "account":
        try:
            protection.protect()
        except CSRFError:
            raise FormOutdated from None


def person() -> Person:
    """Who asks; VISITOR where nobody is signed in."""
    return cast(Person, current_user.person)


def signed_in() -> bool:
    """Whether somebody is."""
    return not person().is_visitor


def session_token() -> str:
    """The token of the session that asks, "" for visitors."""
    return cast(str, current_user.token)


def form_token() -> str:
    """The token that the forms of this page carry; the session cookie keeps what it belongs to."""
    if not current_app.secret_key:
        current_app.secret_key = signing_key(current_app.extensions["sankofa.settings"].data)
    return cast(str, generate_csrf())


def enter(visit: sessions.Visit) -> None:
    """Gives the browser the token of a session that has just begun, and forgets the one before."""
    session.clear()
    session.permanent = visit.remember
    login_user(SignedIn(visit.person, visit.token))
    form_token()


def leave() -> None:
    """Takes everything that the session cookie holds away."""
    logout_user()
    session.clear()
