"""Writes docs/weights.md: what a first visit to each kind of page costs, as Chromium counts it.

    python -m tests.browser.weights

It serves the library that comes with the product, and asks for every page without a cache.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.app import ROOT
from tests.browser.chromium import HOW, executable, launched
from tests.browser.sites import kb_serve
from tests.browser.weight import LATE, REQUESTS, SLOW, Scales, Weight, read_over_2g
from tests.kinds import CRISIS, PAGE_KINDS

FILE = ROOT / "docs" / "weights.md"
HEAD = """# What pages weigh

A first visit to each kind of page with nothing in the cache: requests, and kilobytes on the wire
(1,000 bytes, heads and bodies as they were sent, compressed by brotli) of all of it and of the page
itself, which is what a second page costs. Measured in Chromium against `kb serve` with the library
that comes with the product, and written by `python -m tests.browser.weights`; the bounds are held
in `tests/browser/test_wire.py`, the kinds of page stand in `tests/kinds.py`.

| page | for example | requests | all, KB | bound | the page, KB |
|---|---|---|---|---|---|
"""


def lines(weights: list[Weight]) -> Iterator[str]:
    """A row a kind of page."""
    for kind, weight in zip(PAGE_KINDS, weights, strict=True):
        path = kind.path if len(kind.path) < 50 else f"{kind.path[:47]}…"
        yield (
            f"| {kind.name} | `{path}` | {len(weight.asked)} of {REQUESTS}"
            f" | {weight.total / 1000:.1f} | {kind.budget // 1000} | {weight.page / 1000:.1f} |"
        )


def main() -> None:
    """Weigh all kinds of page and write the table."""
    path = executable()
    if path is None:
        sys.exit(HOW)
    with (
        TemporaryDirectory() as folder,
        kb_serve(ROOT / "content", Path(folder)) as site,
        launched(path) as browser,
    ):
        scales = Scales(browser.new_page(locale="en-GB"))
        weights = [scales.weigh(site + kind.path) for kind in PAGE_KINDS]
        phone = browser.new_page(locale="en-GB", viewport={"width": 360, "height": 800})
        read = read_over_2g(phone, f"{site}/search?q={CRISIS}")
    told = (
        f"\nOver a slow network ({SLOW // 1000} kbit/s, {LATE} ms until an answer begins, on a"
        f" phone), the page of results shows its first words after {read['first'] / 1000:.1f} s"
        f" and can be read after {read['largest'] / 1000:.1f} s; the bound is 4 s.\n"
    )
    FILE.write_text(HEAD + "\n".join(lines(weights)) + "\n" + told, encoding="utf-8")


if __name__ == "__main__":
    main()
