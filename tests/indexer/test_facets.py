"""Counts beside values are what counting by hand gives, in every mode."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facets import (
    WORD,
    Columns,
    FacetTable,
    count,
    facet_counts,
    filtered,
    pack,
    padded,
    unpack,
)

VALUES = {"theme": ["a", "b", "c"], "region": ["north", "south"]}
MODES = ["any", "all", "none"]

document = st.fixed_dictionaries(
    {facet: st.lists(st.sampled_from(values), unique=True) for facet, values in VALUES.items()}
)
segments = st.lists(st.lists(document, min_size=1, max_size=70), min_size=1, max_size=3)


@given(st.lists(st.booleans(), max_size=300))
def test_a_mask_survives_packing(bits: list[bool]) -> None:
    mask = np.zeros(padded(len(bits)), dtype=bool)
    mask[: len(bits)] = bits
    words = pack(mask)
    assert len(words) * WORD == len(mask)
    assert unpack(words).tolist() == mask.tolist()
    assert count(words) == sum(bits)


@given(segments, st.data())
def test_counts_are_those_of_counting_by_hand(
    documents: list[list[dict[str, list[str]]]], data: st.DataObject
) -> None:
    table = FacetTable.join([Columns.of(segment) for segment in documents])
    slots = {}
    base = 0
    for segment in documents:
        slots.update({base + number: one for number, one in enumerate(segment)})
        base += padded(len(segment))
    text = set(data.draw(st.lists(st.sampled_from(sorted(slots)), unique=True)))
    mask = np.zeros(base, dtype=bool)
    mask[list(text)] = True
    chosen = {f: data.draw(st.lists(st.sampled_from([*v, "unknown"]), unique=True, max_size=2))
              for f, v in VALUES.items()}  # fmt: skip
    mode = {facet: data.draw(st.sampled_from(MODES)) for facet in VALUES}
    selections = {f: table.selection(f, chosen[f], mode[f]) for f in VALUES}

    def under(facet: str, values: list[str], how: str) -> set[int]:
        if not values:
            return set(slots)
        tests = {"any": lambda own: own & set(values), "all": lambda own: own >= set(values),
                 "none": lambda own: not own & set(values)}  # fmt: skip
        return {slot for slot, one in slots.items() if tests[how](set(one[facet]))}

    found = filtered(pack(mask), selections)
    assert set(np.flatnonzero(unpack(found)).tolist()) == text & under(
        "theme", chosen["theme"], mode["theme"]
    ) & under("region", chosen["region"], mode["region"])
    for facet, other in (("theme", "region"), ("region", "theme")):
        counts = facet_counts(
            table, facet, mode[facet], pack(mask), selections, chosen=tuple(chosen[facet])
        )
        others = text & under(other, chosen[other], mode[other])
        here = others & under(facet, chosen[facet], mode[facet])
        for value in VALUES[facet]:
            having = {slot for slot, one in slots.items() if value in one[facet]}
            whole = mode[facet] == "any" or (mode[facet] == "none" and value in chosen[facet])
            assert counts.get(value, 0) == len((others if whole else here) & having)


def test_all_counts_what_is_left_after_adding_the_value() -> None:
    table = FacetTable.join([Columns.of([{"t": ["a", "b"]}, {"t": ["a"]}, {"t": ["b"]}])])
    everything = pack(np.arange(64) < 3)
    counts = facet_counts(
        table, "t", "all", everything, {"t": table.selection("t", ["a"], "all")}, chosen=["a"]
    )
    assert counts == {"a": 2, "b": 1}


def test_none_counts_what_the_value_takes_away() -> None:
    table = FacetTable.join([Columns.of([{"t": ["a", "b"]}, {"t": ["a"]}, {"t": ["b"]}])])
    everything = pack(np.arange(64) < 3)
    counts = facet_counts(
        table, "t", "none", everything, {"t": table.selection("t", ["a"], "none")}, chosen=["a"]
    )
    assert counts == {"a": 2, "b": 1}


@pytest.mark.parametrize("columns", [[], [Columns.of([])], [Columns.of([{}])]])
def test_documents_without_values_have_no_counts(columns: list[Columns]) -> None:
    table = FacetTable.join(columns)
    nothing = np.zeros(table.bitmaps.shape[1], dtype=np.uint64)
    assert table.counts("theme", nothing) == {}
    assert not table.having("theme", "a").any()
