"""`kb serve` as its own process, asked and stopped as by a machine."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.app import ROOT
from kb.settings import SETTINGS

PATIENCE = 90.0  # seconds for whatever a busy machine may need


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """A site that runs: its process, its ports, its log."""

    process: subprocess.Popen[bytes]
    port: int
    metrics_port: int
    log: Path

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """The answer of the site, its body read."""
        return _get(self.port, path, headers)

    def machine(self, path: str) -> tuple[int, str]:
        """Status and text that the address for machines answers."""
        answer = _get(self.metrics_port, path, {})
        return answer.status, answer.text  # type: ignore[attr-defined]

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the log that are JSON, as values."""
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def wait(self) -> int:
        """The exit code, once the process has ended."""
        return self.process.wait(PATIENCE)


def _get(port: int, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
    finally:
        connection.close()
    return answer


def environment(root: Path, **more: str) -> dict[str, str]:
    """What a process of its own needs to serve the library in `root`."""
    own = {name: text for name, text in os.environ.items()
           if name not in {row.name for row in SETTINGS}}  # fmt: skip
    folders = {f"KB_{name.upper()}": str(root / name) for name in ("content", "data", "var")}
    return {**own, **folders, "PYTHONPATH": str(ROOT), **more}


@contextmanager
def served(root: Path, **more: str) -> Iterator[Site]:
    """A site over the library in `root`, with JSON as its log, ready to be asked."""
    port, metrics = free_port(), free_port()
    log = root / "log"
    settings = environment(
        root, PORT=str(port), METRICS_ADDRESS=f"127.0.0.1:{metrics}", LOG_FORMAT="json", **more
    )
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kb.cli", "serve"], env=settings, stdout=out, stderr=out
        )
        site = Site(process, port, metrics, log)
        try:
            until(lambda: _ready(site), site)
            yield site
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _ready(site: Site) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def until(so: Any, site: Site) -> None:
    """Return when it is so; fails when that takes too long, or when the site has ended."""
    deadline = time.monotonic() + PATIENCE
    while not so():
        assert site.process.poll() is None, site.log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, site.log.read_text(encoding="utf-8")
        time.sleep(0.02)
