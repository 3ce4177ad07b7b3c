"""Measured from outside: the very server, started on a free port with a made library."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from indexer.indexing import Progress
from indexer.library import Library
from indexer.query import Query, to_params
from kb.services.bench.making import Made
from kb.services.bench.timing import Times, times
from kb.services.desk import Desk, open_database
from kb.services.reconcile import start as put_in_order
from kb.settings import SETTINGS, Settings

ROOT = Path(__file__).resolve().parents[3]
#: Connections at once, and seconds, of the measure of requests a second.
CONNECTIONS, SECONDS = 8, 5.0
#: Pages that one visitor asks for.
VISIT = 10
#: Seconds that a server may take to answer its first search.
PATIENCE = 120.0
#: What browsers send.
HEADERS = {"Accept-Encoding": "gzip, deflate, br", "Accept": "text/html"}
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Served:
    """Seconds until the first answer, page times, pages a second, megabytes of all processes."""

    start: float
    pages: Times
    kilobytes: float
    rate: float
    memory: float


def prepare(made: Made, settings: Settings, progress: Progress) -> None:
    """Write the journal of a made library, as its first start does, so that the next is warm."""
    own = _own(made, settings)
    library = Library.open(own.content, own.var, own.model)
    database = open_database(own)
    try:
        put_in_order(Desk(database, library, own), progress)
    finally:
        database.close()


def measure(made: Made, settings: Settings, queries: Sequence[Query], workers: int) -> Served:
    """Start the server with `workers` processes, put `queries` to it, and stop it again."""
    paths = [f"/search?{urlencode(to_params(query))}" for query in queries]
    first, single, many = paths[0], paths[1:201], paths[201:] or paths
    with running(made, settings, workers) as (process, port):
        start = first_answer(process, port, first)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        sizes: list[int] = []
        pages = times(lambda path: sizes.append(get(connection, path)), single, warm=5)
        connection.close()
        rate = _rate(port, many)
        memory = sum(_pss(pid) for pid in _family(process.pid)) / 1000
    return Served(start, pages, sum(sizes) / len(sizes) / 1000, rate, memory)


@contextmanager
def running(
    made: Made, settings: Settings, workers: int
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The server of a made library on a free port: its process, and the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = replace(_own(made, settings), port=port, workers=workers)
    process = subprocess.Popen(
        [sys.executable, "-m", "kb.cli", "serve"],
        cwd=ROOT, env=_environment(own), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _own(made: Made, settings: Settings) -> Settings:
    """Return the settings of a server of a made library: its own folders, on loopback."""
    return replace(
        settings, content=made.content, var=made.var, data=made.var.parent / "data",
        database_url="", host="127.0.0.1", base_url="",
    )  # fmt: skip


def _environment(settings: Settings) -> dict[str, str]:
    """Return the variables that make a process have these settings."""
    found = {"PYTHONPATH": ":".join(path for path in sys.path if path), "PYTHONUTF8": "1"}
    for row in SETTINGS:
        value = getattr(settings, row.field)
        if isinstance(value, Path):
            value = value.absolute()
        if isinstance(value, tuple):
            value = ",".join(map(str, value))
        if value not in (None, ""):
            found[row.name] = str(value)
    return found


def first_answer(process: subprocess.Popen[bytes], port: int, path: str) -> float:
    """Return the seconds from now, the start of the process, to its first page of results."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped with code {process.returncode}.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            get(connection, path)
            return time.perf_counter() - begin
        except (OSError, http.client.HTTPException, NotAnswered):
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError(f"The server gave no answer in {PATIENCE:.0f} seconds.")


class NotAnswered(Exception):
    """The server answers with another status than 200."""


def get(connection: http.client.HTTPConnection, path: str) -> int:
    """Return the size on the wire of a page; raises NotAnswered for another status than 200."""
    connection.request("GET", path, headers=HEADERS)
    response = connection.getresponse()
    size = len(response.read())
    if response.status != http.HTTPStatus.OK:
        raise NotAnswered(response.status)
    return size


def _rate(port: int, paths: Sequence[str]) -> float:
    """Return pages a second over `CONNECTIONS`, each going through its own paths.

    Visitors come and go: a connection asks for `VISIT` pages. Kept for good, all might have been
    taken by one of two processes at the start, and stay there.
    """
    counts = [0] * CONNECTIONS
    stop = time.perf_counter() + SECONDS

    def visit(number: int) -> None:
        own = paths[number::CONNECTIONS]
        while time.perf_counter() < stop:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            for _ in range(VISIT):
                get(connection, own[counts[number] % len(own)])
                counts[number] += 1
            connection.close()

    begin = time.perf_counter()
    visitors = [threading.Thread(target=visit, args=(n,)) for n in range(CONNECTIONS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return sum(counts) / (time.perf_counter() - begin)


def _family(pid: int) -> list[int]:
    """Return the number of a process and of all its children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def _pss(pid: int) -> int:
    """Return the proportional memory of a process in kilobytes."""
    match = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(match[1]) if match else 0
