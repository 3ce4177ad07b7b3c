"""The real server on a free port, over a copy of the real content and a database of its own."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.app import ROOT
from kb.settings import SETTINGS, Settings

STOP = 30.0  # seconds for a stop
PATIENCE = 300.0  # seconds for a start on a busy machine, the index being built


@dataclass(frozen=True)
class Site:
    """A site that runs: its address, its settings, where it writes, and its first link."""

    address: str
    settings: Settings
    environment: dict[str, str]
    log: Path
    first: str  # path of the link that makes the first administrator
    process: subprocess.Popen[bytes]

    def kb(self, *words: str, **more: str) -> str:
        """What the command `kb` says, "" where all is well; `more` are other settings."""
        done = subprocess.run(
            [sys.executable, "-m", "kb.cli", *words],
            cwd=ROOT, env=self.environment | more, capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = f"{done.stdout}{done.stderr}".strip()
        return (
            f"kb {' '.join(words)} ended with {done.returncode}: {told}" if done.returncode else ""
        )


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(root: Path, content: Path, database: str = "", **more: str) -> Iterator[Site]:
    """A site in `root` with a copy of `content`; `more` are settings by the names of variables."""
    own = root / "content"
    if not own.exists():
        shutil.copytree(content, own)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    mine = {
        "KB_CONTENT": str(own), "KB_VAR": str(root / "var"), "KB_DATA": str(root / "data"),
        "DATABASE_URL": database, "HOST": "127.0.0.1", "PORT": str(port), "PYTHONPATH": str(ROOT),
        **more,
    }  # fmt: skip
    names = {row.name for row in SETTINGS}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    settings = Settings(
        content=own, data=root / "data", var=root / "var", database_url=database, port=port
    )
    log = root / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kb.cli", "serve"],
            cwd=ROOT, env=kept | mine, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(f"{address}/readyz", process, log)
            found = re.search(rf"{address}(/account/invitation/\S+)", log.read_text())
            yield Site(address, settings, kept | mine, log, found[1] if found else "", process)
        finally:
            process.terminate()
            try:
                process.wait(STOP)
            finally:
                process.kill()
                process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"kb serve stopped:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"kb serve is not ready:\n{log.read_text()}")


# PostgreSQL ---------------------------------------------------------------------------------


def postgresql_here() -> Path | None:
    """The folder of PostgreSQL's programs, None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    return found[-1].parent if found else None


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of its own on loopback, gone afterwards; it writes as usual."""
    programs = postgresql_here()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="load-"))
    root = os.getuid() == 0
    if root:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)

    def run(program: str, *words: str) -> None:
        command: Sequence[str] = (str(programs / program), *words)
        if root:
            command = ("runuser", "-u", "postgres", "--", *command)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    port = free_port()
    try:
        run("initdb", "-D", f"{folder}/db", "-U", "desk", "-A", "trust", "-E", "UTF8",
            "--locale=C")  # fmt: skip
        run("pg_ctl", "-D", f"{folder}/db", "-w", "-l", f"{folder}/log", "start", "-o",
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
            " -c max_connections=200")  # fmt: skip
        try:
            yield f"postgresql+psycopg://desk@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", f"{folder}/db", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
