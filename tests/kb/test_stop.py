"""A stop finishes what was begun, lets nobody else in, and writes down what has to be."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from indexer.library import Library
from kb.app import create_app
from kb.services.lifetime import Lifetime
from kb.settings import Settings
from tests.kb.conftest import visitor
from tests.kb.serving import PATIENCE, environment, free_port, served, until
from tests.kb.test_metrics import small_library

#: A server whose one page is finished when somebody says so.
SLOW = """
import os, sys
from kb.services.lifetime import Lifetime
from kb.services.serving import serve
from kb.settings import load_settings

def say(word):
    os.write(1, word.encode() + b"\\n")

def slow(environ, start):
    say("begun")
    sys.stdin.readline()
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "8")])
    return [b"finished"]

lifetime = Lifetime()
lifetime.at_start("hello", lambda: say("open"))
lifetime.at_stop("first", lambda: say("ended"))
lifetime.at_stop("broken", lambda: 1 / 0)
serve(slow, load_settings(), lifetime)
"""


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except (ConnectionResetError, TimeoutError):
        pass  # it was closing just now
    return False


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_slow_request_is_finished_while_new_ones_are_refused(
    tmp_path: Path, workers: str
) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environment(tmp_path, PORT=str(port), WORKERS=workers),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for _ in range(int(workers)):
            assert process.stdout.readline() == b"open\n"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/")
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while not refuses(port):
            assert time.monotonic() < deadline
        assert process.poll() is None
        process.stdin.write(b"go on\n")
        process.stdin.flush()
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"finished")
        connection.close()
        rest, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        assert rest.count(b"ended\n") == int(workers)
        assert b"broken could not be ended in order" in errors
    finally:
        process.kill()
        process.communicate()


def test_kb_serve_answers_what_was_being_sent_and_says_that_it_stops(tmp_path: Path) -> None:
    small_library(tmp_path)
    with served(tmp_path) as site:
        body = b"theme=dark&next=%2F"
        sending = socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE)
        sending.sendall(
            b"POST /choices HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body) + body[:5]
        )
        assert site.machine("/readyz") == (200, "ready\n")
        site.process.terminate()
        until(lambda: refuses(site.port), site)
        assert site.machine("/readyz") == (503, "stopping\n")
        assert site.machine("/healthz") == (200, "ok\n")
        sending.sendall(body[5:])
        with sending.makefile("rb") as answer:
            assert answer.readline().split()[1] == b"303"
            answer.read()
        sending.close()
        assert site.wait() == 0
        lines = site.lines()
        assert any(line.get("endpoint") == "choices.choose" for line in lines)
        assert not [line for line in lines if line["level"] in ("error", "critical")]


def test_ctrl_c_ends_it_in_order_too(tmp_path: Path) -> None:
    small_library(tmp_path)
    with served(tmp_path) as site:
        site.process.send_signal(signal.SIGINT)
        assert site.wait() == 0
        assert "Traceback" not in site.log.read_text(encoding="utf-8")


def test_readiness_says_no_as_soon_as_a_stop_begins(settings: Settings, library: Library) -> None:
    app: Flask = create_app(settings, library)
    assert visitor(app).get("/readyz").status_code == 200
    app.extensions["sankofa.lifetime"].stop()
    assert visitor(app).get("/readyz").status_code == 503
    assert visitor(app).get("/healthz").status_code == 200
    assert visitor(app).get("/").status_code == 200


def test_what_is_to_be_done_last_is_done_once_and_in_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lifetime = Lifetime()
    done: list[str] = []
    lifetime.at_start("work", lambda: done.append("begun"))
    lifetime.at_stop("first in", lambda: done.append("last out"))
    lifetime.at_stop("broken", lambda: 1 // 0)
    lifetime.at_stop("last in", lambda: done.append("first out"))
    lifetime.begin()
    assert not lifetime.stopping
    lifetime.end()
    lifetime.end()
    assert done == ["begun", "first out", "last out"]
    assert "broken could not be ended in order" in caplog.text
    assert lifetime.stopping


def test_those_who_wait_are_woken_by_a_stop() -> None:
    lifetime = Lifetime()
    assert not lifetime.wait(0.001)
    woken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: woken.append(lifetime.wait(PATIENCE))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    lifetime.stop()
    for thread in threads:
        thread.join(PATIENCE)
    assert woken == [True] * 3
    assert lifetime.wait(PATIENCE)
