"""Maps: classes, dots, where numbers fit, and the land of the small ones."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import Store
from kb.app import ROOT
from kb.present.words import Reader
from kb.present.world import drawing, level_of, small_map, steps, steps_of, world_map
from tests import factories
from tools.make_land import land

READER = Reader("en", factories.vocabularies())


@pytest.mark.parametrize(
    ("numbers", "labels"),
    [
        ([], []),
        ([1], ["1"]),
        ([1, 3, 2], ["1", "2", "3"]),
        ([22, 1], ["1", "2–4", "5–9", "10–19", "20–22"]),
        ([9], ["1", "2–4", "5–9"]),
        ([2300], ["1–4", "5–49", "50–499", "500–1,999", "2,000–2,300"]),
    ],
)
def test_classes_have_round_beginnings(numbers: list[int], labels: list[str]) -> None:
    begins = steps_of(numbers)
    assert [step.label for step in steps(begins, max(numbers, default=0), READER)] == labels


@given(st.lists(st.integers(1, 10**6), min_size=1))
def test_every_number_has_a_class_and_there_are_at_most_five(numbers: list[int]) -> None:
    begins = steps_of(numbers)
    assert 1 <= len(begins) <= 5
    assert list(begins) == sorted(set(begins))
    assert {level_of(number, begins) for number in numbers} <= set(range(1, 6))


def test_the_large_map_draws_each_country_once() -> None:
    made = world_map({"KE": 3, "TG": 1, "TV": 2, "AQ": 4}, READER, "/c/{}".format, title="Cases")
    assert [one.label for one in made.countries] == ["Kenya: 3 cases", "TV: 2 cases",
                                                     "Togo: 1 case"]  # fmt: skip
    kenya, tuvalu, _ = made.countries
    assert kenya.path in drawing()["countries"]["KE"]["path"]
    assert (kenya.number, kenya.dot, kenya.level, kenya.url) == ("3", False, 3, "/c/KE")
    assert (tuvalu.path, tuvalu.dot, tuvalu.number) == ("", True, "")
    assert kenya.path not in made.rest
    assert "3 countries" in made.told


def test_every_country_of_the_tree_of_regions_has_its_place_on_the_map() -> None:
    known = set(Store(ROOT / "content").vocabularies().countries) - {"AQ"}
    assert known - set(drawing()["countries"]) <= {"UM", "BV"}


def test_a_small_map_tells_in_words_where_its_dots_are() -> None:
    made = small_map({"KE": 9, "TG": 1}, READER, title="Cases", url="/map", rings={"TG"})
    assert made is not None
    assert made.label == "Cases: 2 countries: Kenya (9), Togo (1)."
    assert [(dot.ring, float(dot.radius) > 12) for dot in made.dots] == [(False, True),
                                                                        (True, False)]  # fmt: skip
    assert small_map({"AQ": 1, "KE": 0}, READER, title="Cases") is None


def test_the_land_of_the_small_maps_is_that_of_the_large_one() -> None:
    text = (ROOT / "static" / "land.svg").read_text(encoding="utf-8")
    assert text == land(ROOT / "kb" / "maps" / "world.json")
    assert ET.fromstring(text)[0].get("id") == "land"
