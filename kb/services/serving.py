"""Serving a WSGI application with gunicorn: threads in one process, or in several."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from kb.services.connections import Worker
from kb.settings import Settings

#: Seconds that a request may still take when the site is stopped.
GRACE = 20
#: Seconds that a connection is kept for another request. Long enough for a page and its files;
#: kept for longer, all of them may have been taken by one of several processes.
KEPT = 5
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

    def __init__(self, application: Callable[..., Any], options: dict[str, Any]) -> None:
        self._application = application
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return self._application


#: Seconds of it that work beside the requests may take to come to an end.
REST = 15.0

Beside = Callable[[threading.Event], None]


def serve(
    application: Callable[..., Any], settings: Settings, beside: Beside | None = None
) -> None:
    """Answer requests until stopped; a stop lets running requests finish.

    `beside` runs in a thread of each process, and is to end once its event is set.
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    options = {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": Worker,
        "preload_app": True,
        "keepalive": KEPT,
        "graceful_timeout": GRACE,
        "forwarded_allow_ips": "",
        "limit_request_line": LINE,
        "limit_request_fields": FIELDS,
        "limit_request_field_size": LINE,
        "loglevel": "warning",
        "control_socket_disable": True,
        **(_hooks(beside) if beside else {}),
    }
    sys.setswitchinterval(TURN)
    _Server(application, options).run()


def _hooks(beside: Beside) -> dict[str, Any]:
    """What gunicorn does at the beginning and the end of each process, after it was forked."""
    stop = threading.Event()
    thread = threading.Thread(target=beside, args=(stop,), name="kb work", daemon=True)

    def begin(_worker: Any) -> None:
        thread.start()

    def end(_arbiter: Any, _worker: Any) -> None:
        if thread.is_alive():
            stop.set()
            thread.join(REST)

    return {"post_worker_init": begin, "worker_exit": end}
