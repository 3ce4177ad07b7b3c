#!/usr/bin/env python3
"""Make kb/maps/world.json, the shapes of countries for the maps that the server draws.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_map.py package/countries-110m.json package/countries-50m.json

The shapes are those of Natural Earth (public domain), as the npm package `world-atlas` (ISC)
carries them in TopoJSON. They are projected by Equal Earth, which shows areas in their true
proportion (Šavrič, Patterson and Jenny 2018, doi:10.1080/13658816.2018.1504949), and written in
whole units of a drawing 1000 units wide. Countries too small to be seen at that size get a point.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.core import get_global

WIDTH = 1000.0
#: Degrees of latitude that are shown; Antarctica is left out.
SOUTH, NORTH = -56.0, 84.0
#: The meridian at which the drawing is cut, between Alaska and its islands in the Bering Strait.
CUT = -168.4
#: Shapes of Natural Earth without a code of ISO 3166, under the code by which they are listed.
NAMED = {"Somaliland": "SO", "N. Cyprus": "CY", "Kosovo": "XK"}
#: Places that Natural Earth has within another country, or not at all: longitude and latitude.
POINTS: dict[str, Point] = {
    "BQ": (-68.3, 12.2), "CC": (96.8, -12.2), "CX": (105.6, -10.5), "GF": (-53.1, 3.9),
    "GI": (-5.3, 36.1), "GP": (-61.6, 16.3), "MQ": (-61.0, 14.6), "RE": (55.5, -21.1),
    "SJ": (16.0, 78.6), "TK": (-171.8, -9.2), "TV": (179.2, -8.5), "YT": (45.2, -12.8),
}  # fmt: skip
#: Shapes with less than so many square units of the drawing get a point to be seen by.
SMALL = 9.0
#: A point is left out that makes a triangle of fewer square units with those beside it.
BEND = 1.6
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

Point = tuple[float, float]


def equal_earth(longitude: float, latitude: float) -> Point:
    """The place of a point on the plane, in radii of the earth."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    turned = math.radians((longitude - CUT) % 360 + CUT - (CUT + 180))
    x = 2 * math.sqrt(3) * turned * math.cos(theta) / (3 * slope)
    return x, theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


LEFT, RIGHT = (equal_earth(CUT + step, 0)[0] for step in (0.0001, 359.9999))
TOP, BOTTOM = equal_earth(0, NORTH)[1], equal_earth(0, SOUTH)[1]
SCALE = WIDTH / (RIGHT - LEFT)
HEIGHT = (TOP - BOTTOM) * SCALE


def placed(longitude: float, latitude: float) -> Point:
    """The place of a point in the drawing, in its units, from the top left."""
    x, y = equal_earth(longitude, latitude)
    return (x - LEFT) * SCALE, (TOP - y) * SCALE


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs of a TopoJSON file as longitudes and latitudes."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * kx + dx, y * ky + dy))
        found.append(line)
    return found


def rings_of(shape: dict[str, Any], arcs: list[list[Point]]) -> Iterator[list[Point]]:
    """The rings of a shape, holes among them."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
    for polygon in polygons:
        for ring in polygon:
            line: list[Point] = []
            for number in ring:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                line.extend(arc[1:] if line else arc)
            yield line


def shapes_of(path: Path) -> Iterator[tuple[str, list[list[Point]]]]:
    """Each shape of a file: the code of its country, and its rings as longitudes and latitudes."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    codes = get_global("territory_aliases")
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        numeric = str(shape.get("id", ""))
        code = NAMED.get(name) or next(iter(codes.get(numeric, [])), "")
        if code and code != "AQ":
            yield code, list(rings_of(shape, arcs))


def drawn(ring: Iterable[Point]) -> list[Point]:
    """A ring in whole units of the drawing, a point once; empty where it has no area."""
    line: list[Point] = []
    for longitude, latitude in ring:
        x, y = placed(longitude, max(latitude, SOUTH))
        point = round(x), round(y)
        if not line or line[-1] != point:
            line.append(point)
    if line and line[0] == line[-1]:
        line.pop()
    return line if len(line) > 2 else []


def area(ring: list[Point]) -> float:
    """The area within a ring, in square units of the drawing (the shoelace formula)."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def middle(ring: list[Point]) -> Point:
    """The mean of the points of a ring, in the drawing."""
    points = [placed(*point) for point in ring]
    return (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))


def path_of(ring: list[Point]) -> str:
    """A ring as a path of SVG in relative steps, which are shorter."""
    (x, y), *rest = ring
    steps = []
    for to_x, to_y in rest:
        steps.append(f"{to_x - x} {to_y - y}")
        x, y = to_x, to_y
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def generalised(rings: Iterable[list[Point]]) -> Iterator[list[Point]]:
    """Rings without the points that hardly bend them; borders stay the same on both sides.

    A border ends where a third line meets it, and such points stay.
    """
    rings = list(rings)
    beside: dict[Point, set[Point]] = {}
    for ring in rings:
        for here, after in zip(ring, ring[1:] + ring[:1], strict=True):
            beside.setdefault(here, set()).add(after)
            beside.setdefault(after, set()).add(here)
    for ring in rings:
        ends = [place for place, point in enumerate(ring) if len(beside[point]) != 2]
        first = ends[0] if ends else ring.index(min(ring))
        turned = ring[first:] + ring[:first]
        stops = [place - first for place in ends] or [0]
        kept: list[Point] = []
        for start, stop in zip(stops, [*stops[1:], len(ring)], strict=True):
            kept += smoothed([*turned[start:stop], turned[stop % len(ring)]])[:-1]
        yield kept if len(kept) > 2 else ring


def smoothed(line: list[Point]) -> list[Point]:
    """A line without its least bends (Visvalingam's way), the same one from either end."""
    back = line[-1] < line[0] or (line[-1] == line[0] and line[-2] < line[1])
    line = line[::-1] if back else list(line)
    least = 5 if line[0] == line[-1] else 2
    while len(line) > least:
        bends = [area(list(three)) for three in zip(line, line[1:], line[2:], strict=False)]
        if min(bends) >= BEND:
            break
        del line[bends.index(min(bends)) + 1]
    return line[::-1] if back else line


def world(coarse: Path, fine: Path) -> dict[str, Any]:
    """All countries: a path for each that can be seen, a point for each that is small."""
    countries: dict[str, dict[str, Any]] = {}
    lines = [(code, line) for code, rings in shapes_of(coarse) for line in map(drawn, rings)
             if line and area(line) >= 1]  # fmt: skip
    for (code, whole), line in zip(lines, generalised(one for _, one in lines), strict=True):
        found = countries.setdefault(code, {"path": "", "area": 0.0})
        found["path"] += path_of(line)
        found["area"] += area(whole)
    for code, rings in shapes_of(fine):
        largest = max(
            rings, key=lambda ring: area([(round(x * 100), round(y * 100)) for x, y in ring])
        )
        found = countries.setdefault(code, {"path": "", "area": 0.0})
        found.setdefault("at", [round(value) for value in middle(largest)])
    for code, place in POINTS.items():
        at = [round(value) for value in placed(*place)]
        countries.setdefault(code, {"path": "", "area": 0.0, "at": at})
    kept = {}
    for code, found in sorted(countries.items()):
        one: dict[str, Any] = {"at": found["at"]}
        if found["path"]:
            one["path"] = found["path"]
        if found["area"] < SMALL:
            one["small"] = True
        kept[code] = one
    return {
        "note": "Made by tools/make_map.py from Natural Earth (public domain); Equal Earth.",
        "width": round(WIDTH),
        "height": round(HEIGHT),
        "countries": kept,
    }


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("coarse", type=Path)
    parser.add_argument("fine", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=Path("kb/maps/world.json"))
    given = parser.parse_args()
    made = world(given.coarse, given.fine)
    given.out.parent.mkdir(exist_ok=True)
    rows = [
        f'"{code}":{json.dumps(one, separators=(",", ":"))}'
        for code, one in made.pop("countries").items()
    ]
    head = json.dumps(made, ensure_ascii=False)[:-1]
    given.out.write_text(head + ',"countries":{\n' + ",\n".join(rows) + "\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
