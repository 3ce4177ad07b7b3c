"""Sites on free ports of this machine, for a browser to visit."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from kb.app import ROOT

STOP = 15.0  # seconds for a stop while a browser is still connected
PATIENCE = 180.0  # seconds for a start on a busy machine, the index being built


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def kb_serve(content: Path, var: Path, **more: str) -> Iterator[str]:
    """The address of a site that `kb serve` runs, the way people run it, under `more` settings."""
    port = free_port()
    mine = {
        "KB_CONTENT": str(content),
        "KB_VAR": str(var),
        "KB_DATA": str(var / "data"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "BASE_URL": "",
        "LANGUAGES": "en",
        "SITE_NAME": "Sankofa",
        "ADMIN_SECOND_STEP": "no",  # else each walk would begin with setting up a telephone
        **more,
    }
    log = var / "serve.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "kb.cli", "serve"]
        serving = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | mine, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(f"{address}/readyz", serving, log)
            yield address
        finally:
            serving.terminate()
            try:
                serving.wait(STOP)
            finally:
                serving.kill()
                serving.wait()
    assert serving.returncode == 0, log.read_text()
    assert "SIGABRT" not in log.read_text(), log.read_text()


def _wait_until_ready(address: str, serving: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert serving.poll() is None, f"kb serve stopped:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"kb serve is not ready after {PATIENCE:.0f} s:\n{log.read_text()}")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of a site that answers from threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
