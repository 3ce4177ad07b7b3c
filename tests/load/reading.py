"""Somebody who looks for something: asks, opens what was found, follows what is there."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from tests.load.visitor import Notes, Visitor

JUDGMENTS = Path(__file__).resolve().parents[1] / "judgments"
CASE = re.compile(r'href="(/cases/[a-z0-9-]+)"')
TERM = re.compile(r'href="(/(?:themes|technologies|countries|regions|organisations)/[\w-]+)"')
FACET = re.compile(r'href="(/search\?[^"#]+)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
#: Letters between two suggestions that somebody who types is given.
LETTERS = 4


@cache
def questions() -> tuple[str, ...]:
    """The questions of the judgments, as people in the field type them."""
    found = []
    for name in ("plain", "keywords"):
        lines = (JUDGMENTS / name / "queries.jsonl").read_text(encoding="utf-8").splitlines()
        found += [str(json.loads(line)["text"]) for line in lines if line]
    return tuple(found)


class Reader:
    """One reader, who waits about `think` seconds between two pages."""

    def __init__(self, name: str, address: str, notes: Notes, think: float) -> None:
        self.chance = random.Random(name)
        self.visitor = Visitor(address, notes)
        self.think = think

    def run(self, until: float, wait: Callable[[float], None]) -> None:
        """Reads until a time of the clock; `wait` waits so many seconds."""
        wait(self.chance.uniform(0, self.think))
        home = self.visitor.get("home", "/")
        for path in dict.fromkeys(ASSET.findall(home.text)):
            self.visitor.get("file", path)
        while time.monotonic() < until:
            self._pause(wait)
            self._look_for_something(until, wait)
        self.visitor.close()

    def _look_for_something(self, until: float, wait: Callable[[float], None]) -> None:
        text = self.chance.choice(questions())
        for letters in range(LETTERS, min(len(text), 3 * LETTERS + 1), LETTERS):
            self.visitor.get("suggest", f"/suggest?{urlencode({'q': text[:letters]})}")
        page = self.visitor.get("search", f"/search?{urlencode({'q': text})}").text
        for what, pattern in (("case", CASE), ("case", CASE), ("browse", TERM), ("facet", FACET)):
            ways = pattern.findall(page)
            if not ways or time.monotonic() >= until or self.chance.random() < 0.25:
                continue
            self._pause(wait)
            way = self.chance.choice(ways).replace("&amp;", "&")
            shown = self.visitor.get("search" if what == "facet" else what, way, (200, 410)).text
            page = shown if what == "browse" else page

    def _pause(self, wait: Callable[[float], None]) -> None:
        wait(self.think * self.chance.uniform(0.5, 1.5))
