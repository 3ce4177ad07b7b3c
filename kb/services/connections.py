"""Connections that must keep moving, so that a few slow ones do not hold the site up.

Gunicorn's threads wait for whoever sends half a request, for as long as they like, and five
seconds for a connection on which nothing is sent at all. Here such a connection waits without a
thread; and one that sends or takes less than a slow line can is treated as if it had gone.
"""

from __future__ import annotations

import errno
import socket
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

#: Seconds in which the head of a request must have come, and the first bytes of a body.
HEAD = 20.0
#: Bytes a second that a longer request must come with: a tenth of an old modem.
RATE = 500.0
#: Seconds in which a piece of an answer must have been taken.
ANSWER = 60.0


class Connection(socket.socket):
    """A connection that counts as closed by the other side when that is too slow."""

    began = 0.0
    received = 0
    gone = False

    def begin(self) -> None:
        """Lets the time of a new request begin."""
        self.began, self.received = time.monotonic(), 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """What has come; nothing, as after a goodbye, when the time is over."""
        left = self.began + HEAD + self.received / RATE - time.monotonic()
        if self.gone or left <= 0:
            return self._leave()
        self.settimeout(left)
        try:
            found = super().recv(bufsize, flags)
        except TimeoutError:
            return self._leave()
        self.received += len(found)
        return found

    def _leave(self) -> bytes:
        """Nothing, for good: the rest of a body that comes later must not be read as a request."""
        self.gone = True
        with suppress(OSError):
            self.shutdown(socket.SHUT_RD)  # so that it is closed at once
        return b""

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Sends all; raises BrokenPipeError, as after a goodbye, when that takes too long."""
        self.settimeout(ANSWER)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the other side is too slow") from None


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, which gives none of them to a connection that says nothing.

    It takes nobody new while all its threads are at work: another process may have one free.
    Written for gunicorn 27; tests/kb/test_serving.py tells when another version works otherwise.
    """

    #: Requests that were given to a thread and did not end.
    begun = 0

    def accept(self, listener: socket.socket) -> None:
        """Takes a new connection, and waits for its first bytes where the kept ones wait."""
        try:
            plain, address = listener.accept()
        except OSError as problem:
            if problem.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        taken = Connection(plain.family, plain.type, plain.proto, plain.detach())
        self.nr_conns += 1
        connection = TConn(self.cfg, taken, address, listener.getsockname())
        connection.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(connection)
        self.poller.register(
            taken, EVENT_READ, partial(self.on_pending_socket_readable, connection)
        )

    def enqueue_req(self, conn: Any) -> None:
        """Gives a request to a thread; while all of them have one, others may take new visitors."""
        self.begun += 1
        super().enqueue_req(conn)
        if self.begun >= self.cfg.threads:
            ThreadWorker.set_accept_enabled(self, False)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Ends a request."""
        self.begun -= 1
        super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Takes new visitors, if a thread is free, or no more."""
        super().set_accept_enabled(enabled and self.begun < self.cfg.threads)

    def handle(self, conn: Any) -> Any:
        """Answers one request."""
        conn.sock.begin()
        return super().handle(conn)
