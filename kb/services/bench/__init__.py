"""How fast the library is: made cases in any number, measured beside the figures to reach."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from indexer.indexing import Progress
from indexer.library import Library
from indexer.store import Store
from kb.services.bench import inside, making, peers, serving, source
from kb.services.bench.figures import rows, table
from kb.services.bench.making import MOVED, Made
from kb.services.bench.timing import Times
from kb.settings import Settings

__all__ = ["run", "table"]

#: The collection lies beside the repository where it is developed.
DIGITALGOV = Path(__file__).resolve().parents[4] / "shared" / "eval" / "digitalgov"
#: Questions timed inside the process, and those put to the server.
ASKED, SERVED = 220, 1400
#: From this number of cases on, edits are timed after five hundred others too.
MANY = 10_000


def run(
    cases: int,
    settings: Settings,
    *,
    peers: bool = True,
    http: bool = True,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the figures of a library of `cases` made cases, kept in var/bench between runs.

    The result holds `about` (what was measured, on what), `figures` (see `figures.rows`), and the
    times of the stages of a search and of the peers. `peers` and `http` leave those out if False.
    """
    told = progress or (lambda stage, done, total: None)
    text = source.read(settings.content, DIGITALGOV)
    made = making.make(
        settings.var / "bench" / str(cases), cases, text,
        settings.content / "vocabularies", settings.model, progress=told,
    )  # fmt: skip
    vocabularies = Store(made.content).vocabularies()
    asked = source.questions(text, vocabularies, SERVED)
    served = _served(made, settings, asked, told) if http else {}
    library = Library.open(made.content, made.var, settings.model)
    texts = [query.text for query in asked[:ASKED]]
    stages = inside.search(library, asked[:ASKED])
    rivals = _rivals(library, made, texts, told) if peers else {}
    rate, query_times = inside.embedding(library, text, texts[:60])
    count, scan = inside.vectors(library)
    edits = inside.edits(made, settings.model, many=cases >= MANY, progress=told)
    values = {
        "search_p50": stages["search"].p50,
        "search_p95": stages["search"].p95,
        **served,
        **_ratios(rivals),
        **{f"{_EDITS[name]}_{p}": getattr(found, p) for name, found in edits.items() for p in _P},
        "passages": rate,
        "query_p50": query_times.p50,
        "scan_p50": scan.p50,
        "index": making.size(made.var / "index") / 1e6,
        "build": made.about["build_seconds"],
    }
    return {
        "about": _about(cases, made, count),
        "figures": rows(values, cases),
        "where the time of a search goes": inside.told(stages),
        "peers, ten best by words": inside.told(rivals),
    }


_P = ("p50", "p95")
_EDITS = {"edit": "edit", "edit after many": "late_edit"}


def _served(made: Made, settings: Settings, asked: list[Any], told: Progress) -> dict[str, float]:
    found: dict[str, float] = {}
    serving.prepare(made, settings, told)
    for workers in (1, 2):
        told("serve", workers - 1, 2)
        served = serving.measure(made, settings, asked, workers)
        found[f"rate_{workers}"] = served.rate
        found[f"memory_{workers}"] = served.memory
        if workers == 1:
            found["html_p50"], found["html_p95"] = served.pages.p50, served.pages.p95
            found["start"] = served.start
    told("serve", 2, 2)
    return found


def _rivals(library: Library, made: Made, texts: list[str], told: Progress) -> dict[str, Times]:
    """Return the times of words alone, ours first; peers get the questions without stop words."""
    ours = inside.words(library, texts)
    plain = [text for text in inside.plain_words(texts) if text]
    return {"ours": ours, **peers.measure(made.content, plain, told)}


def _ratios(rivals: dict[str, Times]) -> dict[str, float]:
    if not rivals:
        return {}
    ours = rivals["ours"].p50
    found = {"words_p50": ours}
    for name, figure in (("tantivy", "to_tantivy"), ("SQLite FTS5", "to_fts5")):
        if name in rivals:
            found[figure] = ours / rivals[name].p50
    if "Whoosh" in rivals:
        found["whoosh_to"] = rivals["Whoosh"].p50 / ours
    return found


def _about(cases: int, made: Made, vectors: int) -> dict[str, str]:
    """Return what was measured, honestly: the text, the vectors, the machine."""
    load = os.getloadavg()[0]
    return {
        "cases": f"{cases:,}, {made.about['words']:.0f} words each, {vectors:,} passages",
        "text": f"recombined paragraphs of {made.about['source']}",
        "vectors": f"each source paragraph embedded once; a passage has the mean of its own, moved"
        f" by {MOVED:g} in a random direction; questions and edits are embedded truly",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python"
        f" {platform.python_version()}, load {load:.1f} at the end",
    }
