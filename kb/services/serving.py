"""Serving a WSGI application with gunicorn: threads in one process, or in several.

A stop lets running requests finish, while new connections are refused and readiness says no.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from kb.services import metering
from kb.services.connections import Worker
from kb.services.lifetime import Lifetime
from kb.settings import Settings

#: Seconds that a request may still take when the site is stopped.
GRACE = 20
#: Seconds that what is then written down may take, work beside the requests with it.
LAST = 15
#: Seconds of it that work beside the requests may take to come to an end.
REST = 12.0
#: Seconds that a connection is kept for another request. Long enough for a page and its files;
#: kept for longer, most of them may sit with one of several processes.
KEPT = 2
#: The longest first line of a request, and the longest header, in bytes; the most headers.
LINE, FIELDS = 8190, 100
#: Seconds after which a thread that computes lets another one go on. Python's own 5 ms make a
#: search that gives way twenty times wait for 100 ms beside one publication.
TURN = 0.0005


class PortTaken(Exception):
    """Another program listens where the site should, or the address is not this machine's."""


def require_port(settings: Settings) -> None:
    """Return if the site can listen at its address; raises PortTaken, saying what to do."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise PortTaken(
                f"Nothing can listen at {host}:{port} ({problem.strerror}). Choose another port:"
                f" make run PORT={port + 1 if port < 65535 else 8001}"
            ) from problem


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around an application that exists already, so that its workers share it."""

    def __init__(
        self, application: Callable[..., Any], lifetime: Lifetime, options: dict[str, Any]
    ) -> None:
        self._application = application
        self._options = options
        self.lifetime = lifetime
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return self._application


class _Worker(Worker):
    """A process of the server, whose stop loses nothing that was begun."""

    def run(self) -> None:
        self.cfg.set("graceful_timeout", GRACE)  # gunicorn's own part waits for LAST as well
        lifetime: Lifetime = self.app.lifetime
        lifetime.begin()
        try:
            super().run()
        finally:
            lifetime.end()

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.app.lifetime.stop()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        self.app.lifetime.stop()
        super().handle_quit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self._close_the_door()

    def _close_the_door(self) -> None:
        """Take those who are waiting at the door, and let nobody else come and wait in vain."""
        doors: list[Any] = self.sockets
        self.sockets: list[Any] = []
        for listener in doors:
            before = -1
            while before != self.nr_conns:  # it stays the same when nobody is left
                before = self.nr_conns
                self.accept(listener)
            listener.close()


class _Log(Logger):  # type: ignore[misc]
    """What gunicorn has to say goes where all other lines of the log go."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


#: Runs in a thread of each process, and is to end once its event is set: after the last request.
Beside = Callable[[threading.Event], None]


def serve(
    application: Callable[..., Any], settings: Settings, lifetime: Lifetime, *beside: Beside
) -> None:
    """Answer requests until stopped, with work `beside` them."""
    if beside:
        _run_beside(lifetime, beside)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    options = {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": _Worker,
        "logger_class": _Log,
        "preload_app": True,
        "keepalive": KEPT,
        "graceful_timeout": GRACE + LAST,
        "forwarded_allow_ips": "",
        "limit_request_line": LINE,
        "limit_request_fields": FIELDS,
        "limit_request_field_size": LINE,
        "loglevel": "warning",
        "control_socket_disable": True,
        "child_exit": lambda _server, worker: metering.ended(worker.pid),
    }
    sys.setswitchinterval(TURN)
    _Server(application, lifetime, options).run()


def _run_beside(lifetime: Lifetime, beside: Sequence[Beside]) -> None:
    """Begin and end threads with each process of the server."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def begin() -> None:
        for one in beside:  # made here, for a fork marks all that it finds as ended
            thread = threading.Thread(target=one, args=(stop,), name="kb beside", daemon=True)
            threads.append(thread)
            thread.start()

    def end() -> None:
        stop.set()
        deadline = time.monotonic() + REST
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    lifetime.at_start("work beside the requests", begin)
    lifetime.at_stop("work beside the requests", end)
