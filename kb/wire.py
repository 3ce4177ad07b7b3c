"""What holds for every request and every answer: hosts, origins, caching, headers, numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, request
from flask_compress import Compress
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from kb.errors import CrossSiteRequest, UnknownHost
from kb.records.database import now
from kb.services.opening import Opening
from kb.settings import Network, Settings
from kb.views.signing import SIGNED_VIEWS
from kb.watching import Application, StartResponse, trusted, watch

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
CONTENT_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Kinds of content that are kept as files, not shown as pages of this site, with their endings.
FILES = {"application/json": "json", "text/markdown": "md", "text/csv": "csv"}
#: What is worth compressing: what pages are made of, and the texts that other programs read.
SHOWN = ("text/html", "text/css", "text/plain", "text/javascript", "application/javascript",
         "image/svg+xml", "application/manifest+json", "application/opensearchdescription+xml",
         "application/xml", "text/xml")  # fmt: skip
KEPT = ("application/json", "text/markdown", "text/csv", "application/atom+xml",
        "application/ld+json", "application/x-bibtex", "application/x-research-info-systems",
        "application/vnd.citationstyles.csl+json")  # fmt: skip
#: How browsers send forms; nothing else is read.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: Blueprints whose pages are for everybody; what others show to people signed in nobody keeps.
PUBLIC = frozenset(
    (
        *("home", "search", "atlas", "cases", "browse", "pages", "history", "health"),
        *("machines", "comparing", "keeping", "taking"),
    )
)
#: Blueprints whose pages are made of the library and nothing else.
OF_LIBRARY = frozenset(("home", "search", "atlas", "cases", "browse", "pages", "machines"))
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def guard(app: Flask, settings: Settings) -> None:
    """Makes all of this file hold for `app`."""
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_request_kb * 1024,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIN_SIZE=400,
        COMPRESS_BR_LEVEL=5,  # a twentieth smaller than by 4, for a third of a millisecond
        COMPRESS_MIMETYPES=[*SHOWN, *KEPT],
        HSTS=_https_alone(settings),
        BEGUN=now(),
    )
    Compress(app)  # registered first, so that it runs last: the ETag is that of the plain text
    app.after_request(_remember)
    app.after_request(_protect)
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[assignment]
    watch(app, settings)  # before what may refuse a request, so that this is told as well
    app.before_request(lambda: check_host(request, settings))
    app.before_request(lambda: check_origin(request, settings))
    app.before_request(lambda: check_content(request))


def _https_alone(settings: Settings) -> str:
    """For how long browsers are to ask by https alone; "" where the site has none."""
    below = "; includeSubDomains" if settings.hsts_subdomains else ""
    return f"max-age=31536000{below}" if settings.secure else ""


class TrustedProxies:
    """Believes forwarded headers only of a peer in one of the given networks."""

    def __init__(self, app: Application, networks: tuple[Network, ...]) -> None:
        self.plain = app
        self.forwarded = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self.networks = networks

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answers the request, through ProxyFix when it comes from a trusted peer."""
        believed = trusted(environ, self.networks)
        return (self.forwarded if believed else self.plain)(environ, start)


def check_host(asked: Request, settings: Settings) -> None:
    """Raises UnknownHost unless the request names the site's own host.

    A site on a loopback address answers to every loopback name, at any port, because forwarded
    ports and `localhost` are how people reach a desk on their own machine.
    """
    own = urlsplit(settings.origin)
    try:
        named = urlsplit(f"//{asked.headers.get('Host', '')}")
        host, port = named.hostname, named.port
    except ValueError:
        raise UnknownHost from None
    if own.hostname in LOOPBACK and host in LOOPBACK:
        return
    usual = 443 if settings.secure else 80
    if host != own.hostname or (port or usual) not in (own.port or usual, usual):
        raise UnknownHost


def check_origin(asked: Request, settings: Settings) -> None:
    """Raises CrossSiteRequest when an unsafe request does not come from a page of this site.

    A page for a visitor without cookies holds no token, so that it can be cached; the browser's own
    word about where the request comes from (Sec-Fetch-Site, else Origin) is therefore required, and
    a request with neither is refused. Requests of people who are signed in, and forms about
    accounts, need a token as well: see kb.views.signing. So do SIGNED_VIEWS, in their address, and
    they need nothing else.
    """
    if asked.method in SAFE_METHODS or asked.endpoint in SIGNED_VIEWS:
        return
    site = asked.headers.get("Sec-Fetch-Site")
    origin = asked.headers.get("Origin")
    own = {settings.origin}
    if urlsplit(settings.origin).hostname in LOOPBACK:
        own.add(asked.host_url.rstrip("/"))
    if site is not None and site != "same-origin":
        raise CrossSiteRequest
    if origin is not None and origin not in own:
        raise CrossSiteRequest
    if site is None and origin is None:
        raise CrossSiteRequest


def check_content(asked: Request) -> None:
    """Raises UnsupportedMediaType when something else is sent than a form."""
    if asked.method in SAFE_METHODS or asked.mimetype in FORMS:
        return
    if asked.mimetype or asked.content_length or asked.headers.get("Transfer-Encoding"):
        raise UnsupportedMediaType


def _remember(response: Response) -> Response:
    """Caching: public and short for visitors without cookies, private as soon as one came."""
    if "Cache-Control" in response.headers:
        return response
    response.vary.add("Cookie")
    if len(current_app.config["LANGUAGES"]) > 1:
        response.vary.add("Accept-Language")
    if request.method not in ("GET", "HEAD") or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        return response
    seconds = current_app.config["CACHE_SECONDS"]
    if not request.headers.get("Cookie"):
        scope = f"public, max-age={seconds}"
    else:
        scope = "private, no-cache" if request.blueprint in PUBLIC else "no-store"
    response.headers["Cache-Control"] = scope
    if response.status_code == 200 and not response.is_streamed:
        changed = _last_modified()
        if changed is not None:
            response.last_modified = changed
        # weak, because the compressed forms of a page share it
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:20], weak=True)
        response.make_conditional(request)
    return response


def _last_modified() -> datetime | None:
    """When a page that is made of the library alone was last another one, None for others.

    That is when the library changed, when this process began, or when the day did, for pages tell
    what is overdue today. Pages made with a cookie depend on who asks.
    """
    if request.blueprint not in OF_LIBRARY or request.headers.get("Cookie") or "of_database" in g:
        return None
    opening: Opening = current_app.extensions["sankofa.opening"]
    if not opening.ready:
        return None
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    changed = datetime.fromtimestamp(opening.library().changed(), UTC).replace(tzinfo=None)
    begun: datetime = current_app.config["BEGUN"]
    return max(today, changed, begun)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["HSTS"]:
        response.headers.setdefault("Strict-Transport-Security", current_app.config["HSTS"])
    ending = FILES.get(response.mimetype or "")
    if ending and response.status_code == 200:
        name = request.path.rsplit("/", 1)[-1].removesuffix(f".{ending}")
        name = name if _NAME.fullmatch(name) else "answer"  # never what a stranger typed
        told = f'attachment; filename="{name}.{ending}"'
        response.headers.setdefault("Content-Disposition", told)
    return response
