"""docs/security.md tells of every point of the standard, and of places that are there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from kb.app import ROOT
from tests.laws.asvs import LEVELS

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE)
STATES = ("met", "does not apply", "**not met**")
#: A path of the repository, and a name in that file.
PLACE = re.compile(
    r"`((?:kb|indexer|tests|templates|static|tools|docs|deploy|content|\.ci)/[\w./-]+"
    r"|[A-Za-z]+(?:\.md|\.cfg|\.txt)|Dockerfile|Makefile)(?::(\w+))?`"
)


def test_every_number_is_there_once_with_its_level() -> None:
    assert [number for number, times in Counter(row[0] for row in ROWS).items() if times > 1] == []
    assert {number: int(level) for number, level, *_ in ROWS} == LEVELS
    assert len(LEVELS) == 260


def test_every_state_is_one_and_says_where_or_why() -> None:
    for number, _, _, state, why in ROWS:
        assert state in STATES, number
        assert len(why) > 3, number


def test_the_sum_of_it_is_told_at_its_head() -> None:
    count = Counter(state for *_, state, _ in ROWS)
    met, out, bad = (count[state] for state in STATES)
    open_ones = ", ".join(number for number, _, _, state, _ in ROWS if state == STATES[2])
    told = f"{met} points are met, {out} do not apply, {bad} are not met: {open_ones}."
    assert told in PAGE


PLACES = sorted(set(PLACE.findall(PAGE + (ROOT / "SECURITY.md").read_text(encoding="utf-8"))))


def test_many_places_are_named() -> None:
    assert len(PLACES) > 150
    met = [(number, why) for number, _, _, state, why in ROWS if state == "met"]
    assert sum(1 for _, why in met if PLACE.search(why)) > len(met) / 2


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_a_place_that_is_named_exists(path: str, name: str) -> None:
    file = ROOT / path
    assert file.exists(), path
    if name:
        source = file.read_text(encoding="utf-8")
        defined = rf"(?m)^\s*(?:def|class)\s+{name}\b|^[\w, ]*\b{name}\b[\w, ]*(?::[^=\n]+)?="
        assert re.search(defined, source), f"{path} has no {name}"
