"""A web server on loopback for the check of links: it answers what a test says, and keeps count."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

#: status, headers; or what is done with the handler itself.
Said = tuple[int, dict[str, str]] | Callable[[Any], None]


@dataclass
class Site:
    """What a server answers, by path, or by method and path; everything else is 404."""

    says: dict[str, Said] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def redirect(self, path: str, location: str, status: int = 301) -> str:
        """Let a path lead elsewhere, and give its address."""
        self.says[path] = (status, {"Location": location})
        return self.at(path)

    def answer(self, path: str, status: int, head: int | None = None) -> str:
        """Let a path answer with a status, HEAD with another one; give its address."""
        self.says[path] = (status, {})
        if head is not None:
            self.says[f"HEAD {path}"] = (head, {})
        return self.at(path)


@contextmanager
def served(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site in threads of this process, until the test is over."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            site.asked.append(f"{self.command} {self.path}")
            site.heads.append(dict(self.headers.items()))
            said = site.says.get(f"{self.command} {self.path}") or site.says.get(self.path)
            if callable(said):
                said(self)
                return
            status, headers = said or (404, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked hung up, which is the point of some tests."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        site.scheme = "https"
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a server called `name`, and of somebody who trusts it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", cert, "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))
