"""Serving a WSGI application with gunicorn: threads in one process, or in several."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from gunicorn.app.base import BaseApplication

from kb.settings import Settings

#: Seconds that a request may still take when the site is stopped.
GRACE = 20


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


def serve(application: Callable[..., Any], settings: Settings, *beside: Beside) -> None:
    """Answer requests until stopped; a stop lets running requests finish.

    Each of `beside` runs in a thread of each process, and is to end once its event is set.
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    options = {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": "gthread",
        "preload_app": True,
        "keepalive": 30,
        "graceful_timeout": GRACE,
        "forwarded_allow_ips": "",
        "limit_request_line": 0,  # questions may be long; MAX_REQUEST_KB bounds bodies
        "loglevel": "warning",
        "control_socket_disable": True,
        **_hooks(beside),
    }
    _Server(application, options).run()


def _hooks(beside: Sequence[Beside]) -> dict[str, Any]:
    """What gunicorn does at the beginning and the end of each process, after it was forked."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def begin(_worker: Any) -> None:
        for one in beside:  # made here, for a fork marks all that it finds as ended
            thread = threading.Thread(target=one, args=(stop,), name="kb beside", daemon=True)
            threads.append(thread)
            thread.start()

    def end(_arbiter: Any, _worker: Any) -> None:
        if threads:  # not in the process that started the others
            stop.set()
        for thread in threads:
            thread.join(REST)

    return {"post_worker_init": begin, "worker_exit": end}
