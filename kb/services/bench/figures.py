"""The figures to reach, beside those that were measured, as a table of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reach:
    """A figure to reach: `at` gives the bound up to each number of cases."""

    what: str
    unit: str
    at: tuple[tuple[int, float], ...]
    least: bool = False  # a bound from below, as of pages a second

    def bound(self, cases: int) -> float | None:
        """Return the bound for a library of `cases`, None where there is none."""
        return next((bound for most, bound in self.at if cases <= most), None)

    def met(self, value: float, cases: int) -> bool | None:
        """Tell whether `value` is good enough; None where nothing is asked."""
        bound = self.bound(cases)
        if bound is None:
            return None
        return value >= bound if self.least else value <= bound


_ANY = 10**9
#: From docs/performance.md, in the order of the output.
REACHES: Mapping[str, Reach] = {
    "search_p50": Reach("search with facets, median", "ms", ((10_000, 5), (100_000, 15))),
    "search_p95": Reach("search with facets, 95th percentile", "ms", ((10_000, 12), (100_000, 40))),
    "words_p50": Reach("words alone, ten best, median", "ms", ()),
    "to_tantivy": Reach("words alone, times that of tantivy", "x", ((_ANY, 3),)),
    "to_fts5": Reach("words alone, times that of SQLite FTS5", "x", ()),
    "whoosh_to": Reach("Whoosh's own scorer, times ours", "x", ((_ANY, 50),), least=True),
    "html_p50": Reach("page over HTTP, one connection, median", "ms", ()),
    "html_p95": Reach("page over HTTP, one connection, 95th percentile", "ms", ((10_000, 25),)),
    "rate_1": Reach("pages a second, one process", "/s", ()),
    "rate_2": Reach("pages a second, two processes", "/s", ((10_000, 150),), least=True),
    "memory_1": Reach(
        "memory, one process (PSS)", "MB", ((1000, 350), (10_000, 450), (100_000, 2000))
    ),
    "memory_2": Reach("memory, two processes (PSS)", "MB", ()),
    "start": Reach("start to first answer, warm cache", "s", ((100_000, 2),)),
    "edit_p50": Reach("an edit becomes searchable, median", "ms", ((100_000, 300),)),
    "edit_p95": Reach("an edit becomes searchable, 95th percentile", "ms", ((100_000, 300),)),
    "late_edit_p50": Reach("the same after 500 edits, median", "ms", ((100_000, 300),)),
    "late_edit_p95": Reach("the same after 500 edits, 95th percentile", "ms", ((100_000, 300),)),
    "passages": Reach("passages of 128 tokens embedded", "/s", ((_ANY, 120),), least=True),
    "query_p50": Reach("question embedded, median", "ms", ()),
    "scan_p50": Reach("scan of all vectors, median", "ms", ()),
    "index": Reach("index on disk", "MB", ()),
    "build": Reach("index built", "s", ()),
}


def rows(values: Mapping[str, float], cases: int) -> list[dict[str, Any]]:
    """Return the measured figures in order, each with its bound and whether it is met."""
    found = []
    for name, reach in REACHES.items():
        if name in values:
            value = float(values[name])
            found.append(
                {
                    "name": name,
                    "what": reach.what,
                    "value": _rounded(value),
                    "unit": reach.unit,
                    "reach": reach.bound(cases),
                    "met": reach.met(value, cases),
                }
            )
    return found


def _rounded(value: float) -> float:
    digits = 3 - math.ceil(math.log10(abs(value))) if value else 0
    return round(value, max(digits, 0))


def table(result: Mapping[str, Any]) -> str:
    """Return what `run` measured as lines of text."""
    return "\n".join(_lines(result))


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in result["about"].items())
    yield ""
    yield f"{'figure':<52}{'measured':>12}  {'reach':>10}  met"
    for row in result["figures"]:
        least = REACHES[row["name"]].least
        bound = "" if row["reach"] is None else f"{'>=' if least else '<='} {row['reach']:g}"
        met = {True: "yes", False: "NO", None: ""}[row["met"]]
        measured = f"{row['value']:g} {row['unit']}"
        yield f"{row['what']:<52}{measured:>12}  {bound:>10}  {met}".rstrip()
    for title in ("where the time of a search goes", "peers, ten best by words"):
        if result[title]:
            yield ""
            yield f"{title:<52}{'median':>9}{'p95':>10}"
        for name, found in result[title].items():
            yield f"{name:<52}{found['p50']:>6.2f} ms{found['p95']:>7.2f} ms"
