#!/usr/bin/env python3
"""Make static/land.svg, the land of the small maps, from kb/maps/world.json.

    python -m tools.make_land

The small maps are a few hundred pixels wide, so what would hardly be seen is left out, and so are
the borders between countries: an edge that two of them share is drawn by neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.make_map import path_of

ROOT = Path(__file__).resolve().parent.parent
#: Islands of less than so many square units of the drawing are left out.
LEAST = 3.0
#: A point is left out that makes a triangle of fewer square units with its neighbours.
BEND = 1.5
_NUMBER = re.compile(r"-?\d+")

Point = tuple[int, int]


def rings_of(path: str) -> Iterator[list[Point]]:
    """The rings of a path of world.json, each point once."""
    for ring in path.split("z"):
        numbers = [int(number) for number in _NUMBER.findall(ring)]
        x = y = 0
        line: list[Point] = []
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            point = x, y
            if not line or line[-1] != point:
                line.append(point)
        if len(line) > 2:
            yield line


def outlines(rings: Iterable[list[Point]]) -> Iterator[list[Point]]:
    """The rings around all land: edges that are run through both ways fall away."""
    edges: dict[Point, list[Point]] = {}
    for ring in rings:
        for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
            if start in edges.get(end, ()):
                edges[end].remove(start)
            elif start != end:
                edges.setdefault(start, []).append(end)
    for first in sorted(edges):
        while edges[first]:
            line, at = [first], edges[first].pop()
            while at != first and edges.get(at):
                line.append(at)
                at = edges[at].pop()
            if area(line) >= LEAST:
                yield simplified(line)


def area(ring: list[Point]) -> float:
    """The area within a ring, in square units (the shoelace formula)."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def simplified(ring: list[Point]) -> list[Point]:
    """The ring without the points that hardly bend it, the least first (Visvalingam's way)."""
    ring = list(ring)
    while len(ring) > 4:
        around = zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
        bends = [area(list(three)) for three in around]
        least = min(bends)
        if least >= BEND:
            break
        del ring[bends.index(least)]
    return ring


def land(world: Path) -> str:
    """The drawing of all land as an SVG file whose colour is that of where it is used."""
    made = json.loads(world.read_text(encoding="utf-8"))
    paths = (one["path"] for one in made["countries"].values() if "path" in one)
    rings = (ring for path in paths for ring in rings_of(path))
    shape = "".join(map(path_of, outlines(rings)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made["width"]} {made["height"]}">\n'
        f"<!-- Made by tools/make_land.py from Natural Earth (public domain); Equal Earth. -->\n"
        f'<path id="land" fill-rule="evenodd" d="{shape}"/>\n</svg>\n'
    )


if __name__ == "__main__":
    (ROOT / "static" / "land.svg").write_text(
        land(ROOT / "kb" / "maps" / "world.json"), encoding="utf-8"
    )
