"""The server itself, on loopback: slow, silent and boastful visitors do not hold others up."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from kb.app import ROOT
from tests.load.site import free_port

#: A site that tells how long the body of a request is; it has little patience, so that tests are
#: short.
SITE = """
from kb.services import connections, serving
from kb.services.lifetime import Lifetime
from kb.settings import Settings

connections.HEAD, connections.RATE, connections.ANSWER = 0.6, 2000.0, 0.6
serving.KEPT = 2

def site(environ, start):
    length = len(environ["wsgi.input"].read())
    answer = b"x" * 30_000_000 if environ["PATH_INFO"] == "/long" else str(length).encode()
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]

serving.serve(site, Settings(port={port}, threads=2), Lifetime())
"""
SOON = 5.0  # seconds


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    found = free_port()
    code = textwrap.dedent(SITE.replace("{port}", str(found)))
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as process:
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                with closing(socket.socket()) as probe:
                    if probe.connect_ex(("127.0.0.1", found)) == 0:
                        break
            yield found
        finally:
            process.terminate()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", port), SOON)) as line:
        yield line


def ask(port: int, body: bytes = b"", path: str = "/", **headers: str) -> tuple[int, str]:
    """The status and the text of an answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    line.request("POST", path, body=body, headers=headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def let_go(line: socket.socket, send: Callable[[socket.socket], None]) -> float:
    """How many seconds it takes the server to close a connection on which `send` sends slowly."""
    begin = time.monotonic()
    line.settimeout(0.05)
    while time.monotonic() - begin < SOON:
        try:
            send(line)
            if line.recv(1000) == b"":
                return time.monotonic() - begin
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - begin
    raise AssertionError("the connection is still open")


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
SLOW = {
    "half a head": (HEAD, b""),
    "a head letter by letter": (HEAD, b"X"),
    "a head line by line": (HEAD, b"X-A: b\r\n"),
    "half a body": (HEAD + b"Content-Length: 100000\r\n\r\nabc", b""),
    "a body letter by letter": (HEAD + b"Content-Length: 100000\r\n\r\n", b"a"),
    "a chunked body letter by letter": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
}  # fmt: skip


@pytest.mark.parametrize(("first", "more"), SLOW.values(), ids=SLOW)
def test_who_sends_too_slowly_is_let_go(port: int, first: bytes, more: bytes) -> None:
    with connected(port) as line:
        line.sendall(first)
        assert let_go(line, lambda to: to.sendall(more) if more else None) < 2.5


def test_the_rest_of_a_body_that_comes_too_late_is_no_request(port: int) -> None:
    with connected(port) as line:
        line.sendall(HEAD + b"Content-Length: 100\r\n\r\n")
        time_passes(1.0)
        with suppress(OSError):
            line.sendall(b"POST /smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        told = b""
        with suppress(OSError):
            while piece := line.recv(1000):
                told += piece
        assert told.count(b"HTTP/1.1 ") <= 1


def test_who_says_nothing_takes_no_thread_and_is_let_go(port: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", port), SOON) for _ in range(40)]
    begin = time.monotonic()
    assert ask(port, b"abc") == (200, "3")
    assert time.monotonic() - begin < 1.5
    for line in lines:
        assert let_go(line, lambda to: None) < SOON
        line.close()


def test_who_takes_too_slowly_is_let_go_and_others_are_answered(port: int) -> None:
    with connected(port) as one, connected(port) as two:
        for line in (one, two):  # as many as there are threads
            line.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        assert ask(port, b"abc") == (200, "3")


def test_a_long_body_on_a_slow_line_comes_through(port: int) -> None:
    with connected(port) as line:
        line.sendall(HEAD + b"Content-Length: 8000\r\nConnection: close\r\n\r\n")
        for _ in range(16):  # two seconds, which is more than the head may take
            line.sendall(b"a" * 500)
            time_passes(0.12)
        assert line.recv(1000).startswith(b"HTTP/1.1 200")


def time_passes(seconds: float) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(seconds)
        with pytest.raises(TimeoutError):
            silent.recv(1)


def test_a_kept_connection_answers_again_and_a_body_may_be_large(port: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    for size in (0, 1, 250_000, 3):
        line.request("POST", "/", body=b"a" * size)
        assert line.getresponse().read() == str(size).encode()
    line.close()


BOASTFUL = {
    "a long address": ({"path": "/" + "a" * 9000}, {}),
    "a long header": ({}, {"X-A": "b" * 9000}),
    "many headers": ({}, {f"X-{number}": "b" for number in range(120)}),
    "a header of two lines": ({}, {"X-A": "a\r\n b"}),
}


@pytest.mark.parametrize(("how", "headers"), BOASTFUL.values(), ids=BOASTFUL)
def test_a_head_beyond_the_limits_is_refused(
    port: int, how: dict[str, str], headers: dict[str, str]
) -> None:
    status, text = ask(port, path=how.get("path", "/"), **headers)
    assert 400 <= status < 500
    assert "Traceback" not in text


MALFORMED = (
    HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    HEAD + b"Content-Length: -1\r\n\r\n",
    HEAD + b"Content-Length: 3abc\r\n\r\nabc",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET  / HTTP/1.1\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)


@pytest.mark.parametrize("request_", MALFORMED)
def test_a_malformed_head_is_refused_and_the_connection_closed(port: int, request_: bytes) -> None:
    with connected(port) as line:
        line.sendall(request_)
        told = b""
        while piece := line.recv(1000):
            told += piece
        assert told == b"" or told.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
        assert told.count(b"HTTP/1.1 ") <= 1
        assert b"200 OK" not in told
