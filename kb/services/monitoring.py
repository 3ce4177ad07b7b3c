"""What machines ask beside the site: /metrics, /healthz and /readyz at an address of their own.

The socket is made before the server makes its processes; each of them answers there, for all.
"""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from sqlalchemy.exc import SQLAlchemyError

from indexer.errors import IndexMissing
from kb.records import waiting
from kb.services import metering
from kb.services.backing_up import last_backup
from kb.services.desk import DatabaseOpening
from kb.services.lifetime import Lifetime
from kb.services.opening import LibraryNotReady, Opening
from kb.services.serving import PortTaken
from kb.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

#: Seconds that a machine may take to say what it wants.
PATIENCE = 5


def answer_machines(parts: Mapping[str, Any], settings: Settings) -> None:
    """Have each process of the server answer at METRICS_ADDRESS, where one is set.

    `parts` are the extensions of the application. To be called before there are processes; raises
    PortTaken.
    """
    if not settings.metrics_address:
        return
    metering.begin(settings.var / "metrics")
    lifetime: Lifetime = parts["sankofa.lifetime"]
    state = State(settings, parts["sankofa.opening"], parts["sankofa.database"])
    monitor = Monitor(settings, state, lifetime)
    lifetime.at_start("monitor", monitor.begin)
    lifetime.at_stop("monitor", monitor.end)


class Monitor:
    """Answers machines at METRICS_ADDRESS, in a thread of each process of the server."""

    def __init__(self, settings: Settings, state: State, lifetime: Lifetime) -> None:
        """Take the address; raises PortTaken."""
        host, _, port = settings.metrics_address.rpartition(":")
        self._server = _Server((host.strip("[]"), int(port)))
        self._server.set_app(_answers(state, lifetime))

    @property
    def port(self) -> int:
        """The port that was taken."""
        return int(self._server.server_address[1])

    def begin(self) -> None:
        """Answer from now on, in this process."""
        threading.Thread(target=self._server.serve_forever, name="monitor", daemon=True).start()

    def end(self) -> None:
        """Answer no more in this process."""
        self._server.shutdown()


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """wsgiref's server, at a socket that several processes share."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(self, address: tuple[str, int]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        try:
            super().__init__(address, _Handler)
        except OSError as problem:
            raise PortTaken(
                f"Nothing can answer machines at METRICS_ADDRESS {address[0]}:{address[1]}"
                f" ({problem.strerror}). Choose another, or leave it empty."
            ) from problem
        # all processes are woken by one caller, and those who come too late must not wait
        self.socket.setblocking(False)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer would ask DNS for a name
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: machines ask all the time."""


def _answers(state: State, lifetime: Lifetime) -> Any:
    """The WSGI application of the address."""
    from prometheus_client import make_wsgi_app

    registry = metering.counted()
    registry.register(state)
    metrics = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            told: Iterable[bytes] = metrics(environ, start)
            return told
        status, words = "404 Not Found", "ask /metrics, /healthz or /readyz"
        if path == "/healthz":
            status, words = "200 OK", "ok"
        elif path == "/readyz":
            status, words = "503 Service Unavailable", "not ready"
            if lifetime.stopping:
                words = "stopping"
            elif state.ready:
                status, words = "200 OK", "ready"
        start(status, [("Content-Type", "text/plain; charset=utf-8"),
                       ("Cache-Control", "no-store")])  # fmt: skip
        return [f"{words}\n".encode()]

    return answer


class State:
    """What can be looked up at any time: the library, the work that waits, the letters."""

    def __init__(self, settings: Settings, opening: Opening, database: DatabaseOpening) -> None:
        self._settings = settings
        self._opening = opening
        self._database = database

    @property
    def ready(self) -> bool:
        """Whether pages can be answered."""
        return self._opening.ready

    def collect(self) -> Iterator[Metric]:
        """Give all of it, as prometheus-client asks for it at each scrape."""
        yield _gauge("build_info", "What is running.", {(): 1}, metering.build())
        yield _gauge("library_ready", "Whether pages can be answered.", {(): int(self.ready)})
        yield from self._of_index()
        yield from self._of_database()
        if (last := last_backup(self._settings)) is not None:
            told = "When the last backup was made, in seconds since 1970."
            yield _gauge("last_backup_timestamp_seconds", told, {(): last.timestamp()})
        letters = list((self._settings.data / "outbox").glob("*.eml"))
        yield _gauge("outbox_letters", "Letters that lie in KB_DATA/outbox.", {(): len(letters)})

    def _of_index(self) -> Iterator[Metric]:
        try:
            documents, segments = self._opening.library(patience=0).size
        except (LibraryNotReady, IndexMissing):
            return
        size = _bytes_below(self._settings.var / "index")
        yield _gauge("index_documents", "Documents in the index.", {(): documents})
        yield _gauge("index_segments", "Segments of the index.", {(): segments})
        yield _gauge("index_bytes", "Bytes of the index on disk.", {(): size})

    def _of_database(self) -> Iterator[Metric]:
        try:
            with self._database.database().reading() as connection:
                jobs = waiting.jobs_by_state(connection)
                notices = waiting.notices_waiting(connection)
        except SQLAlchemyError:
            yield _gauge("database_up", "Whether the database answers.", {(): 0})
            return
        yield _gauge("database_up", "Whether the database answers.", {(): 1})
        states = {(state,): number for state, number in jobs.items()}
        yield _gauge("jobs", "Background work, by its state.", states, names=("state",))
        yield _gauge("notices_waiting", "Notices that nobody was told yet.", {(): notices})


def _gauge(
    name: str,
    told: str,
    values: Mapping[Any, float],
    labels: Mapping[str, str] | None = None,
    names: tuple[str, ...] = (),
) -> Metric:
    """A gauge: `values` by the values of its labels `names`; `labels` are the same for all."""
    from prometheus_client.core import GaugeMetricFamily

    same = labels or {}
    gauge = GaugeMetricFamily(f"sankofa_{name}", told, labels=(*names, *same))
    for own, value in values.items():
        gauge.add_metric((*own, *same.values()), value)
    return gauge


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue  # a commit removed it meanwhile
    return total
