"""Each request gets a number, a line in the log and a place in the counts."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request

from kb.services import logs, metering
from kb.settings import Network, Settings

HEADER = "X-Request-ID"
#: Where the number of whoever is signed in stands in the environment of a request.
PERSON = "sankofa.person"
#: Answered all day long, to machines and for the looks of pages.
_QUIET = ("health.",)

#: Where it is said which view was asked for, and by which path.
_ASKED = "sankofa.asked"

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def watch(app: Flask, settings: Settings) -> None:
    """Make all of this file hold for `app`; what is put around its WSGI later is not watched."""
    app.before_request(_note)
    app.wsgi_app = Watched(app.wsgi_app, settings)  # type: ignore[assignment]


def _note() -> None:
    """Keep what Flask takes away with the end of a request."""
    rule = request.url_rule.rule if request.url_rule else None
    path = logs.told_path(request.path, rule, request.view_args or {})
    request.environ[_ASKED] = (request.endpoint or "", path)


class Watched:
    """The application, with each of its answers numbered, logged and counted."""

    def __init__(self, app: Application, settings: Settings) -> None:
        self._app = app
        self._proxies = settings.trusted_proxies
        self._addresses = settings.log_addresses

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer the request; the answer carries its number."""
        number = self._number(environ)
        statuses: list[str] = []

        def numbered(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            statuses.append(status)
            return start(status, [*headers, (HEADER, number)], *rest)

        began = time.perf_counter()
        peer = environ.get("REMOTE_ADDR", "")
        with logs.numbered(number):
            try:
                return self._app(environ, numbered)
            finally:
                status = int(statuses[-1].split(" ", 1)[0]) if statuses else 500
                self._tell(environ, status, time.perf_counter() - began, peer)

    def _number(self, environ: dict[str, Any]) -> str:
        """Give the number that a trusted proxy gave, else a new one."""
        given: str = environ.get("HTTP_X_REQUEST_ID", "")
        if given and logs.is_number(given) and trusted(environ, self._proxies):
            return given
        return logs.new_number()

    def _tell(self, environ: dict[str, Any], status: int, seconds: float, peer: str) -> None:
        endpoint, path = environ.get(_ASKED, ("", ""))
        method: str = environ.get("REQUEST_METHOD", "")
        metering.request(endpoint, method, status, seconds)
        level = logging.DEBUG if endpoint.startswith(_QUIET) else logging.INFO
        if not logs.requests.isEnabledFor(level):
            return
        told = {
            "method": method,
            "endpoint": endpoint or None,
            "path": path,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "person": environ.get(PERSON),
        }
        if self._addresses:
            told["address"] = environ.get("REMOTE_ADDR", peer)
        logs.requests.log(
            level, "%s %s %s", method, path, status,
            extra={"told": {name: value for name, value in told.items() if value is not None}},
        )  # fmt: skip


def trusted(environ: dict[str, Any], networks: tuple[Network, ...]) -> bool:
    """Whether a request comes from a peer in one of these networks."""
    try:
        peer = ipaddress.ip_address(environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in network for network in networks)
