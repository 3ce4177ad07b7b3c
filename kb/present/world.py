"""Maps of the world: a large one with a shape for each country, small ones with dots."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kb.pieces.drawing import Country, Dot, SmallMap, Step, WorldMap
from kb.present.words import Reader
from kb.translation import gettext as _
from kb.translation import ngettext

FILE = Path(__file__).resolve().parent.parent / "maps" / "world.json"
#: Classes that the eye can keep apart.
MOST_STEPS = 5
#: Numbers at which a class may begin, and the same times ten, a hundred and so on.
BEGINNINGS = (1, 2, 5)
#: Square units of the drawing from which a country has room for a number.
ROOM = 200
#: Units of the drawing that half a number of two digits takes.
HALF = 6.5
#: Radii of the dots of a small map, in units of the drawing.
SMALLEST, LARGEST = 7.0, 22.0
#: Dots that have so much room that the smallest may be larger, and how large.
FEW, LARGER = 20, 11.0
#: Countries that are named in the label of a small map.
NAMED = 5


@cache
def drawing() -> Mapping[str, Any]:
    """The shapes: `width`, `height`, and `countries` by code, as tools/make_map.py made them."""
    made: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return made


def drawn(code: str) -> bool:
    """Whether the maps have a place for a country."""
    return code in drawing()["countries"]


def steps_of(numbers: Collection[int]) -> tuple[int, ...]:
    """Where the classes begin into which `numbers` fall: 1, 2, 5, 10 and so on, at most five.

    The largest number decides how far the ladder goes; rungs are left out evenly where there are
    too many, the first one and the last one staying.
    """
    most = max(numbers, default=0)
    if most <= MOST_STEPS:
        return tuple(range(1, most + 1))
    ladder = [one * 10**power for power in range(len(str(most))) for one in BEGINNINGS]
    ladder = [one for one in ladder if one <= most]
    rungs = min(MOST_STEPS, len(ladder))
    last = len(ladder) - 1
    return tuple(ladder[round(place * last / (rungs - 1))] for place in range(rungs))


def level_of(number: int, begins: Sequence[int]) -> int:
    """The class of a number, 0 for none at all."""
    return sum(number >= begin for begin in begins)


def steps(begins: Sequence[int], most: int, reader: Reader) -> tuple[Step, ...]:
    """The legend of a scale: which numbers belong to each class."""
    after = [*begins[1:], most + 1]
    return tuple(
        Step(level, begin, _span(begin, next_begin - 1, reader))
        for level, (begin, next_begin) in enumerate(zip(begins, after, strict=False), start=1)
    )


def _span(begin: int, end: int, reader: Reader) -> str:
    if begin == end:
        return reader.number(begin)
    return f"{reader.number(begin)}–{reader.number(end)}"


def world_map(
    counts: Mapping[str, int], reader: Reader, url_of: Callable[[str], str], *, title: str
) -> WorldMap:
    """The large map: a country with cases is a way to `url_of` its code, most cases first."""
    shapes = drawing()["countries"]
    held = {code: number for code, number in counts.items() if number and code in shapes}
    begins = steps_of(held.values())
    named = {code: reader.label("countries", code) for code in held}
    order = sorted(held, key=lambda code: (-held[code], named[code].casefold()))
    return WorldMap(
        title=title,
        told=_told(held, reader),
        width=drawing()["width"],
        height=drawing()["height"],
        rest="".join(one.get("path", "") for code, one in shapes.items() if code not in held),
        islands=tuple(
            (one["at"][0], one["at"][1])
            for code, one in shapes.items()
            if one.get("small") and code not in held
        ),
        countries=tuple(_country(code, held[code], url_of(code), begins, reader) for code in order),
        steps=steps(begins, max(held.values(), default=0), reader),
    )


def _country(code: str, number: int, url: str, begins: Sequence[int], reader: Reader) -> Country:
    shape = drawing()["countries"][code]
    dot = bool(shape.get("small"))
    room, x, y = _places()[code]
    return Country(
        label=cases_in(reader.label("countries", code), number, reader),
        url=url,
        path="" if dot else shape["path"],
        x=x,
        y=y,
        dot=dot,
        level=level_of(number, begins),
        number=reader.number(number) if room >= ROOM else "",
    )


def cases_in(name: str, number: int, reader: Reader) -> str:
    """A name with its number of cases."""
    cases = ngettext("%(count)s case", "%(count)s cases", number, count=reader.number(number))
    return f"{name}: {cases}"


def _told(held: Mapping[str, int], reader: Reader) -> str:
    """Where the cases are, in words: how many countries, and those with the most."""
    if not held:
        return _("No country has a case.")
    order = sorted(held, key=lambda code: (-held[code], code))
    named = (f"{reader.label('countries', code)} ({reader.number(held[code])})"
             for code in order[:NAMED])  # fmt: skip
    countries = ngettext(
        "%(count)s country", "%(count)s countries", len(held), count=reader.number(len(held))
    )
    if len(held) <= NAMED:
        return f"{countries}: {reader.listed(named)}."
    return _("%(countries)s, most in %(named)s.", countries=countries, named=reader.listed(named))


@cache
def _places() -> Mapping[str, tuple[float, int, int]]:
    """For each country the area of its largest piece of land, and the middle of that.

    The area is 0 where there is no shape, or no room for a number in the middle of it.
    """
    found = {}
    for code, one in drawing()["countries"].items():
        rings = _rings(one.get("path", ""))
        at_x, at_y = one["at"]
        area, x, y = 0.0, float(at_x), float(at_y)
        if rings and not one.get("small"):
            ring = max(rings, key=lambda ring: _middle(ring)[0])
            area, x, y = _middle(ring)
            area = area if _fits(ring, x, y) else 0.0
        found[code] = area, round(x), round(y)
    return found


def _fits(ring: list[tuple[int, int]], x: float, y: float) -> bool:
    """Whether there is room for two digits on both sides of a point of a piece of land."""
    level, crossings = round(y) + 0.5, []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 < level) != (y2 < level):
            crossings.append(x1 + (level - y1) * (x2 - x1) / (y2 - y1))
    before = [at for at in crossings if at <= x]
    after = [at for at in crossings if at > x]
    within = len(before) % 2 == 1
    return within and min(x - max(before), min(after) - x) >= HALF


def _rings(path: str) -> list[list[tuple[int, int]]]:
    """The pieces of a path of relative steps, as the file has them."""
    rings = []
    for piece in path.split("z")[:-1]:
        numbers = [int(number) for number in re.findall(r"-?\d+", piece)]
        x = y = 0
        ring = []
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            ring.append((x, y))
        rings.append(ring)
    return rings


def _middle(ring: list[tuple[int, int]]) -> tuple[float, float, float]:
    """The area of a piece of land and its centre of gravity."""
    doubled = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        doubled, x, y = doubled + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if not doubled:
        return 0.0, float(ring[0][0]), float(ring[0][1])
    return abs(doubled) / 2, x / (3 * doubled), y / (3 * doubled)


# Small maps ----------------------------------------------------------------------------------


def small_map(
    counts: Mapping[str, int],
    reader: Reader,
    *,
    title: str,
    url: str = "",
    rings: Collection[str] = (),
    key: tuple[str, str] = ("", ""),
) -> SmallMap | None:
    """A dot for each country, its area growing with the number; None where none can be drawn.

    The countries of `rings` are drawn as rings; `key` says what a dot and a ring stand for. The
    whole map leads to `url`.
    """
    held = {code: number for code, number in counts.items() if number and drawn(code)}
    if not held:
        return None
    most = max(held.values())
    return SmallMap(
        label=f"{title}: {_told(held, reader)}",
        url=url,
        width=drawing()["width"],
        height=drawing()["height"],
        dots=tuple(
            _dot(code, held[code], most, code in rings, LARGER if len(held) <= FEW else SMALLEST)
            for code in sorted(held, key=lambda code: (-held[code], code))
        ),
        key=key,
    )


def _dot(code: str, number: int, most: int, ring: bool, least: float) -> Dot:
    _room, x, y = _places()[code]
    radius = least + (LARGEST - least) * math.sqrt((number - 1) / max(most - 1, 9))
    return Dot(x, y, f"{radius:.1f}".removesuffix(".0"), ring)
