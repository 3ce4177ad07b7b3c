"""The figures of a run, as data and as a table of Markdown."""

from __future__ import annotations

from typing import Any

from tests.load.running import Outcome
from tests.load.visitor import Taken

#: How many of the slowest requests the data names.
SLOWEST = 40
#: What is told in the table, in this order; the rest stands in the data.
ROWS = ("search", "suggest", "case", "browse", "home", "begin", "autosave", "preview", "save",
        "submit", "my work", "queue", "compare", "review", "publish")  # fmt: skip


def figures(outcome: Outcome) -> dict[str, Any]:
    """Everything that was measured, times in milliseconds."""
    until = outcome.begin + outcome.load.seconds
    during = [one for one in outcome.notes.taken if outcome.begin <= one.at <= until]
    kinds = sorted({one.what for one in during})
    load, seconds = outcome.load, outcome.load.seconds
    return {
        "writers": load.writers,
        "readers": load.readers,
        "editors": load.editors,
        "seconds": round(seconds, 1),
        "think": load.think,
        "workers": load.workers,
        "database": "PostgreSQL" if load.database else "SQLite",
        "machine": outcome.machine,
        "processor_seconds": {
            "server": [round(one, 1) for one in outcome.server],
            "load": round(outcome.client, 1),
            "waited": round(outcome.waited, 1),
        },
        "requests": len(during),
        "requests_a_second": round(len(during) / seconds, 1),
        "texts_sent": outcome.sent,
        "published": outcome.published,
        "joined_by_an_editor": outcome.joined,
        "wrong": outcome.wrong,
        "slowest": [
            f"{one.at - outcome.begin:.1f} s: {one.what} {one.seconds * 1000:.0f} ms {one.path}"
            for one in sorted(during, key=lambda one: -one.seconds)[:SLOWEST]
        ],
        "times": {kind: _times([one for one in during if one.what == kind]) for kind in kinds},
    }


def _times(taken: list[Taken]) -> dict[str, float]:
    spans = sorted(one.seconds * 1000 for one in taken)
    return {
        "number": len(spans),
        "median": round(at(spans, 0.5), 1),
        "p95": round(at(spans, 0.95), 1),
        "p99": round(at(spans, 0.99), 1),
        "longest": round(spans[-1], 1),
    }


def at(spans: list[float], share: float) -> float:
    """The time below which this share of the sorted times lies (nearest rank)."""
    return spans[max(0, min(len(spans) - 1, round(share * len(spans) + 0.5) - 1))]


def table(found: dict[str, Any]) -> str:
    """The figures as a table of Markdown."""
    lines = [
        f"{found['database']}: {found['writers']} writers, {found['editors']} editors,"
        f" {found['readers']} readers for {found['seconds']:.0f} s, {found['workers']} processes,"
        f" {found['machine']}. {found['requests']} requests"
        f" ({found['requests_a_second']:.0f} a second), {found['texts_sent']} texts sent,"
        f" {found['published']} published ({found['joined_by_an_editor']} times joined by an"
        f" editor), {len(found['wrong'])} things wrong. Processor time: the site"
        f" {' + '.join(f'{one:.0f}' for one in found['processor_seconds']['server'])} s, the load"
        f" itself {found['processor_seconds']['load']:.0f} s; threads of the site that were ready"
        f" waited for a processor for {found['processor_seconds']['waited']:.0f} s.",
        "",
        "| milliseconds | number | median | p95 | p99 | longest |",
        "|---|---|---|---|---|---|",
    ]
    for kind in ROWS:
        row = found["times"].get(kind)
        if row:
            cells = [f"{row[name]:.0f}" for name in ("number", "median", "p95", "p99", "longest")]
            lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
