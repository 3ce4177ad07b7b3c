"""What readers wait for: pages a second and the slow end of waiting, for the pages most asked for.

The very server is asked over loopback: of the library in the content folder, and of a made one.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from indexer.indexing import Progress
from indexer.library import Library
from indexer.query import Query, to_params
from kb.services import bench
from kb.services.bench import making, serving, source
from kb.services.bench.making import Made
from kb.services.bench.timing import Times, times
from kb.settings import Settings

#: Processes of the server, connections at once, seconds of each kind of page.
PROCESSES, CONNECTIONS, SECONDS = 2, 8, 3.0
#: Seconds before that, in which texts are rendered that later pages find rendered.
WARM = 2.0
#: Pages that are asked for one after the other, and different questions altogether.
ALONE, ASKED = 60, 300
#: What the rows and the columns of the matrices are.
MATRICES = (("theme", "region"), ("outcome", "theme"), ("technology", "sdg"))


@dataclass(frozen=True)
class Asked:
    """What pages are made from: questions, and the names of cases."""

    queries: Sequence[Query]
    slugs: Sequence[str]


def _searches(asked: Asked, path: str, **more: str) -> list[str]:
    return [f"{path}?{urlencode([*to_params(one), *more.items()])}" for one in asked.queries]


def _matrices(asked: Asked) -> list[str]:
    third = len(asked.queries) // len(MATRICES)
    return [
        path
        for place, (rows, columns) in enumerate(MATRICES)
        for path in _searches(
            Asked(asked.queries[place * third : (place + 1) * third], ()),
            "/matrix", rows=rows, cols=columns,
        )
    ]  # fmt: skip


#: The kinds of page that are measured, each with the addresses that are asked for in turn.
VISITED: Mapping[str, Callable[[Asked], list[str]]] = {
    "home": lambda asked: ["/"],
    "search": lambda asked: _searches(asked, "/search"),
    "case": lambda asked: [f"/cases/{quote(slug)}" for slug in asked.slugs],
    "map": lambda asked: ["/map", *_searches(asked, "/map")],
    "matrix": lambda asked: ["/matrix", *_matrices(asked)],
}


def run(cases: int, settings: Settings, progress: Progress | None = None) -> dict[str, Any]:
    """Return how fast the server answers for our own library, and for one of `cases` made cases.

    `about` says on what it was measured; `libraries` has a row for each, with `pages`: the kind of
    page, pages a second to eight visitors at once with their median and 95th percentile in
    milliseconds, and those of a visitor alone.
    """
    told = progress or (lambda stage, done, total: None)
    text = source.read(settings.content, bench.DIGITALGOV)
    made = making.make(
        settings.var / "bench" / str(cases), cases, text,
        settings.content / "vocabularies", settings.model, progress=told,
    )  # fmt: skip
    own = Made(settings.content, settings.var / "bench" / "own" / "var", {})
    begin = os.getloadavg()[0]
    libraries = [_measured(one, settings, text, told) for one in (own, made)]
    return {
        "about": {
            "server": f"{PROCESSES} processes, {settings.threads} threads each; {CONNECTIONS}"
            f" visitors at once for {SECONDS:g} s a kind of page, on the same machine; texts are"
            " rendered already",
            "machine": f"{os.cpu_count()} cores, load {begin:.1f} at the beginning",
        },
        "libraries": libraries,
    }


def _measured(
    made: Made, settings: Settings, text: source.Source, told: Progress
) -> dict[str, Any]:
    serving.prepare(made, settings, told)
    library = Library.open(made.content, made.var, settings.model)
    originals = [one for one in library.catalogue() if one.key.kind == "case" and not one.key.lang]
    asked = Asked(
        source.questions(text, library.vocabularies, ASKED),
        [one.key.slug for one in originals if one.public][:ASKED],
    )
    pages = []
    with serving.running(made, settings, PROCESSES) as (process, port):
        serving.first_answer(process, port, "/")
        for place, (name, paths_of) in enumerate(VISITED.items()):
            told("visits", place, len(VISITED))
            pages.append({"page": name, **_visited(port, paths_of(asked))})
    told("visits", len(VISITED), len(VISITED))
    return {"cases": len(originals), "pages": pages}


def _visited(port: int, paths: Sequence[str]) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    alone = [paths[place % len(paths)] for place in range(ALONE)]
    single = times(lambda path: serving.get(connection, path), alone, warm=len(alone))
    connection.close()
    together(port, paths, WARM)
    rate, many = together(port, paths, SECONDS)
    return {
        "rate": round(rate, 1), "p50": many.p50, "p95": many.p95,
        "alone_p50": single.p50, "alone_p95": single.p95,
    }  # fmt: skip


def together(port: int, paths: Sequence[str], seconds: float) -> tuple[float, Times]:
    """Return pages a second to `CONNECTIONS` visitors, and how long each page took.

    Each goes through paths of its own, and comes anew after `serving.VISIT` pages.
    """
    waits: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    begin = time.perf_counter()
    stop = begin + seconds

    def visit(number: int) -> None:
        while time.perf_counter() < stop:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            for _ in range(serving.VISIT):
                at = time.perf_counter()
                place = number + CONNECTIONS * len(waits[number])
                serving.get(connection, paths[place % len(paths)])
                waits[number].append(time.perf_counter() - at)
            connection.close()

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(CONNECTIONS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    took = [wait for own in waits for wait in own]
    return len(took) / (time.perf_counter() - begin), Times.of(took)


def table(result: Mapping[str, Any]) -> str:
    """Return what `run` measured as lines of text."""
    lines = [f"{name}: {value}" for name, value in result["about"].items()]
    head = f"{'page':<10}{'pages a second':>16}{'median':>12}{'p95':>12}{'alone':>12}{'p95':>12}"
    for library in result["libraries"]:
        lines += ["", f"{library['cases']:,} cases", head]
        lines += [
            f"{one['page']:<10}{one['rate']:>13.1f} /s"
            + "".join(f"{one[name]:>9.1f} ms" for name in ("p50", "p95", "alone_p50", "alone_p95"))
            for one in library["pages"]
        ]
    return "\n".join(lines)
