"""Packs as values: what front matter says, and front matter that says it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import edit, parse
from indexer.pack import (
    LATEST,
    LEVELS,
    NOTES_FOR,
    Item,
    Origin,
    Pack,
    Section,
    pack_of,
    pack_of_text,
    pins_in,
    sections_front,
)
from indexer.values import Key
from tests import factories

PACKS = Path(__file__).resolve().parents[2] / "content" / "packs"
KEY = Key("pack", "learning-to-pay")

slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
revisions = st.one_of(st.just(LATEST), st.from_regex(r"[0-9a-f]{12}", fullmatch=True))
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
)
items = st.builds(
    Item,
    case=slugs,
    revision=revisions,
    minutes=st.none() | st.integers(1, 10_000),
    note=words | st.just(""),
    questions=st.lists(words, max_size=3).map(tuple),
)
sections = st.builds(
    Section, title=words, intro=words | st.just(""), items=st.lists(items, max_size=4).map(tuple)
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["case", "items", "title", "minutes", "revision", "questions", "slug"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(sections, max_size=4))
def test_sections_come_back_as_they_were_written(some: list[Section]) -> None:
    front = sections_front(some)
    assert pack_of({"sections": front}).sections == tuple(some)
    assert pack_of({"sections": json.loads(json.dumps(front))}).sections == tuple(some)


@given(st.lists(sections.filter(lambda one: one.items), min_size=1, max_size=3))
def test_sections_come_back_through_a_file(some: list[Section]) -> None:
    document = parse(KEY, factories.pack_text("cash-by-phone"))
    changed = edit(document, {"sections": sections_front(some)})
    assert changed.errors == ()
    assert pack_of_text(changed.text).sections == tuple(some)


@given(st.dictionaries(st.sampled_from(sorted(vars(Pack("")))), anything))
def test_front_matter_of_any_kind_gives_a_pack(front: dict[str, Any]) -> None:
    pack = pack_of(front)
    assert all(item.case for item in pack.items)
    assert all(item.minutes is None or item.minutes > 0 for item in pack.items)
    assert pack.level in ("", *LEVELS)
    assert pack.notes_for in NOTES_FOR


@given(st.lists(sections, max_size=4))
def test_minutes_are_summed_and_each_case_and_pin_is_told_once(some: list[Section]) -> None:
    pack = Pack("", sections=tuple(some))
    assert pack.minutes == sum(one.minutes for one in some)
    assert pack.minutes == sum(item.minutes or 0 for item in pack.items)
    assert len(set(pack.cases)) == len(pack.cases)
    assert set(pack.cases) == {item.case for item in pack.items}
    assert set(pack.pins) == {(i.case, i.revision) for i in pack.items if i.pinned}


@pytest.mark.parametrize(
    ("minutes", "length"),
    [(None, ""), (1, "hour"), (60, "hour"), (61, "half-day"), (240, "half-day"),
     (241, "day"), (480, "day"), (481, "longer")],
)  # fmt: skip
def test_the_length_follows_from_the_minutes(minutes: int | None, length: str) -> None:
    assert Pack("", sections=(Section("", items=(Item("a", minutes=minutes),)),)).length == length


def test_a_pack_says_what_its_front_matter_says() -> None:
    pinned = {"case": "crop-prices", "revision": "3f9a0c12b7de", "minutes": 20, "note": "Ask."}
    text = factories.pack_text(
        "cash-by-phone", pinned, notes_for="everyone", prerequisites=["A phone"],
        curators=[{"name": "Ama", "role": "Trainer"}], duration="An hour",
        origin={"slug": "early-warning", "revision": "3f9a0c12b7de"},
    )  # fmt: skip
    assert parse(KEY, text, factories.vocabularies()).problems == ()
    pack = pack_of_text(text)
    assert pack.everyone
    assert pack.origin == Origin("early-warning", "3f9a0c12b7de")
    assert pack.curators[0].role == "Trainer"
    assert (pack.duration, pack.minutes, pack.length) == ("An hour", 20, "hour")
    assert pack.cases == ("cash-by-phone", "crop-prices")
    assert pins_in(text) == {("crop-prices", "3f9a0c12b7de")}
    assert pack.body == "\nBegin here.\n"


def test_notes_are_for_teachers_where_nothing_else_is_said() -> None:
    assert not pack_of({}).everyone
    assert not pack_of({"notes_for": "anybody"}).everyone


def test_the_packs_of_this_repository_have_what_a_trainer_needs() -> None:
    for path in PACKS.glob("*.md"):
        pack = pack_of_text(path.read_text(encoding="utf-8"))
        assert 5 <= len(pack.cases) <= 9, path.name
        assert pack.objectives and pack.level and pack.curators and pack.body, path.name
        assert all(one.note and one.questions and one.minutes for one in pack.items), path.name
