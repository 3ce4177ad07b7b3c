"""What is counted for Prometheus: requests, searches, publishing, waits, jobs, letters.

Nothing is counted before `begin`, and calls cost next to nothing then. No label names a path, a
person or what was searched for.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

#: Bounds in seconds, from a page out of a cache to one that somebody gave up on.
LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WAITS = (0.001, 0.01, 0.1, 0.5, 1.0, 5.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Where prometheus-client looks for the folder that the processes share.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True)
class _Meters:
    """Everything that is counted, in files that all processes of the server write."""

    requests: Counter
    seconds: Histogram
    searches: Counter
    published: Counter
    waited: Histogram
    refused: Counter
    jobs: Counter
    letters: Counter


_meters: _Meters | None = None
#: Endpoint, method and status -> what counts such requests; asking the library costs more.
_known: dict[tuple[str, str, int], tuple[Any, Any]] = {}


def begin(folder: Path) -> None:
    """Count from now on, in files in `folder`, which is emptied: before processes are made."""
    global _meters  # noqa: PLW0603 - a process counts or it does not
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink(missing_ok=True)
    os.environ[VARIABLE] = str(folder.absolute())  # read once, when the package is imported
    from prometheus_client import CollectorRegistry, Counter, Histogram

    own = CollectorRegistry()
    _known.clear()
    _meters = _Meters(
        Counter("sankofa_requests", "Requests that were answered.",
                ("endpoint", "method", "status"), registry=own),
        Histogram("sankofa_request_seconds", "Seconds until an answer was made.",
                  ("endpoint",), buckets=LATENCIES, registry=own),
        Counter("sankofa_searches", "Searches, by whether anything was found.",
                ("found",), registry=own),
        Counter("sankofa_published", "Changes of what is public.", ("event",), registry=own),
        Histogram("sankofa_lock_wait_seconds", "Seconds that somebody waited for those before.",
                  ("lock",), buckets=WAITS, registry=own),
        Counter("sankofa_lock_refused", "Times that somebody waited in vain.",
                ("lock",), registry=own),
        Counter("sankofa_jobs_done", "Background work, by what came of it.",
                ("task", "outcome"), registry=own),
        Counter("sankofa_letters", "Letters, by what became of them.", ("outcome",), registry=own),
    )  # fmt: skip


def counted() -> CollectorRegistry:
    """What all processes counted together, to be asked for by a scrape."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def ended(pid: int) -> None:
    """Say that a process of the server has ended; what it counted stays counted."""
    if _meters is not None:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def build() -> dict[str, str]:
    """What is running, as labels."""
    return {"version": version("sankofa"), "python": platform.python_version()}


# What happened -------------------------------------------------------------------------------


def request(endpoint: str, method: str, status: int, seconds: float) -> None:
    """A request was answered; `endpoint` is the name of its view, "" for an unknown address."""
    if _meters is None:
        return
    key = (endpoint or "none", method if method in METHODS else "other", status)
    if key not in _known:
        name, known, _ = key
        requests = _meters.requests.labels(name, known, str(status))
        _known[key] = (requests, _meters.seconds.labels(name))
    requests, times = _known[key]
    requests.inc()
    times.observe(seconds)


def search(found: int) -> None:
    """Somebody searched, and so many cases were found."""
    if _meters is not None:
        _meters.searches.labels("yes" if found else "no").inc()


def published(event: str) -> None:
    """What is public was changed; `event` is that of the journal."""
    if _meters is not None:
        _meters.published.labels(event).inc()


def waited(lock: str, seconds: float) -> None:
    """Somebody waited so long for those before, to publish or to give a file."""
    if _meters is not None:
        _meters.waited.labels(lock).observe(seconds)


def refused(lock: str) -> None:
    """Somebody waited for those before, and gave up."""
    if _meters is not None:
        _meters.refused.labels(lock).inc()


def job(task: str, outcome: str) -> None:
    """A piece of background work ended: "done", "again" (it is tried again) or "failed"."""
    if _meters is not None:
        _meters.jobs.labels(task, outcome).inc()


def letter(outcome: str) -> None:
    """A letter was "sent", "refused" by the server, or "laid-down" in the outbox."""
    if _meters is not None:
        _meters.letters.labels(outcome).inc()
