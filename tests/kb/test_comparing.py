import time
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from indexer.head import read, split
from indexer.yaml_text import same
from kb.services.comparing import Comparison, FieldChange, compare
from kb.services.comparing_texts import (
    ADDED,
    CHANGED,
    REMOVED,
    SAME,
    align,
    blocks,
    compare_prose,
    compare_words,
)
from tests import factories

TEXT = st.text(
    st.sampled_from("ab é中文งا، .,-'#|*>1`\n\r\t") | st.characters(codec="utf-8"), max_size=80
)
LINES = st.lists(
    st.sampled_from(
        [
            "## Results",
            "",
            "- one",
            "Users paid by phone.",
            "Users paid 1,200 by phone.",
            "| a | b |",
        ]
    ),
    max_size=12,
).map("\n".join)
VALUES: dict[str, Any] = {
    "title": st.sampled_from(["Cash by phone", "Cash by telephone in Togo", "Clinics"]),
    "themes": st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=5),
    "outcome": st.sampled_from(["scaled", "mixed"]),
    "sdgs": st.lists(
        st.integers(1, 17) | st.fixed_dictionaries({"goal": st.integers(1, 17), "why": TEXT}),
        max_size=4,
    ),
    "period": st.fixed_dictionaries({"start": st.none() | st.integers(1990, 2020)}),
    "results": st.lists(
        st.fixed_dictionaries(
            {"indicator": st.sampled_from(["Users", "Shops"])},
            optional={"value": st.integers(0, 9), "note": TEXT},
        ),
        max_size=4,
    ),
    "extra": st.none() | st.booleans() | st.lists(st.integers(), max_size=2),
}
HEADS = st.fixed_dictionaries({}, optional=VALUES)


def written(values: dict[str, Any], body: str) -> str:
    return factories.file_text(values, body)


def field(comparison: Comparison, name: str) -> FieldChange:
    return next(change for change in comparison.fields if change.name == name)


@given(TEXT | LINES, TEXT | LINES)
def test_each_side_put_together_is_its_text(old: str, new: str) -> None:
    rows = compare_prose(old, new)
    assert "".join(row.old for row in rows) == old
    assert "".join(row.new for row in rows) == new
    pieces = compare_words(old, new)
    assert "".join(piece.text for piece in pieces if piece.how != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.how != REMOVED) == new


@given(TEXT | LINES)
def test_blocks_put_together_are_the_text(text: str) -> None:
    assert "".join(blocks(text)) == text
    assert all(blocks(text))


@given(HEADS, HEADS, LINES, LINES)
def test_each_side_of_a_whole_comparison_is_its_file(
    old: dict[str, Any], new: dict[str, Any], body: str, other: str
) -> None:
    before, after = written(old, body), written(new, other)
    compared = compare("case", before, after)
    rows = compared.head + compared.body
    assert "".join(row.old for row in rows) == before
    assert "".join(row.new for row in rows) == after
    assert compared.identical == (before == after)


@given(HEADS, HEADS)
def test_the_fields_told_are_those_that_differ_with_all_their_values(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    before, after = written(old, ""), written(new, "")
    was, now = read(split(before).head).values, read(split(after).head).values
    compared = compare("case", before, after)
    differing = {
        name for name in {*was, *now}
        if not (name in was and name in now and same(was[name], now[name]))
    }  # fmt: skip
    assert {change.name for change in compared.fields} == differing
    for change in compared.fields:
        assert_covers([item.old_number for item in change.items], was.get(change.name), change.how)
        assert_covers([item.new_number for item in change.items], now.get(change.name), change.how)
        for item in change.items:
            for leaf in item.leaves:
                if leaf.pieces:
                    assert "".join(p.text for p in leaf.pieces if p.how != ADDED) == leaf.old
                    assert "".join(p.text for p in leaf.pieces if p.how != REMOVED) == leaf.new


def assert_covers(numbers: list[int | None], value: Any, how: str) -> None:
    there = [number for number in numbers if number is not None]
    length = len(value) if isinstance(value, list) else 1
    if value is not None:
        assert there == list(range(1, length + 1))


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_pairs_keep_the_order_of_both_lists(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert [i for i, _ in pairs if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))


@given(LINES)
def test_a_text_compared_with_itself_is_all_the_same(text: str) -> None:
    rows = compare_prose(text, text)
    assert all(row.how == SAME for row in rows)


def test_a_changed_sentence_stays_readable() -> None:
    pieces = compare_words(
        "By 2008 some 1,200 people used it, most of them in towns.",
        "By 2008 some 3,400 women and men had used it, most of them in towns.",
    )
    told = [(piece.how, piece.text) for piece in pieces]
    assert told[0] == (SAME, "By 2008 some ")
    assert told[-1][1].endswith(" it, most of them in towns.")
    assert len(told) <= 6
    assert all(one.how != other.how for one, other in pairwise(pieces))


def test_scripts_without_blanks_are_compared_by_letters() -> None:
    pieces = compare_words("农民通过手机收到付款。", "农民通过电话收到付款。")
    assert [(p.how, p.text) for p in pieces] == [
        (SAME, "农民通过"), (REMOVED, "手机"), (ADDED, "电话"), (SAME, "收到付款。"),
    ]  # fmt: skip


def test_a_paragraph_that_came_leaves_its_neighbours_alone() -> None:
    old = "## Lessons\n\nPay on time.\n\nTrain the agents.\n"
    rows = compare_prose(old, old.replace("Train", "Ask who is left out.\n\nTrain"))
    assert [row.how for row in rows] == [SAME, SAME, ADDED, SAME]


def test_a_source_that_came_first_does_not_renumber_the_others() -> None:
    more = [{"id": 3, "title": "Another", "url": "https://example.org/3"}, *factories.SOURCES]
    change = field(
        compare("case", factories.case_text(), factories.case_text(sources=more)), "sources"
    )
    assert [(item.how, item.old_number, item.new_number) for item in change.items] == [
        (ADDED, None, 1), (SAME, 1, 2), (SAME, 2, 3),
    ]  # fmt: skip


def test_a_changed_figure_is_told_inside_of_its_result() -> None:
    results = [
        {"indicator": "Users", "value": 1500, "unit": "people", "year": 2008, "source": 2,
         "counted_by": "self-reported"},
    ]  # fmt: skip
    change = field(
        compare("case", factories.case_text(), factories.case_text(results=results)), "results"
    )
    assert change.field is not None
    (item,) = change.items
    changed = [leaf for leaf in item.leaves if leaf.how == CHANGED]
    assert [(leaf.name, leaf.old, leaf.new) for leaf in changed] == [("value", 1200, 1500)]


def test_writing_the_same_value_differently_is_no_change_of_a_field() -> None:
    old = factories.case_text()
    new = old.replace('title: "Cash by phone in Kenya"', "title: Cash by phone in Kenya  # plain")
    compared = compare("case", old, new)
    assert compared.fields == ()
    assert compared.head_differs
    assert not compared.body_differs


def test_words_are_counted() -> None:
    compared = compare(
        "case", factories.case_text("One two three.\n"), factories.case_text("One four.\n")
    )
    assert (compared.words_added, compared.words_removed) == (1, 2)


def test_hostile_texts_are_compared_in_a_few_seconds() -> None:
    began = time.perf_counter()
    for old, new in (
        ("a b " * 30_000, "b a c " * 20_000),
        ("- \n" * 40_000, "- \n* \n" * 30_000),
        ("x\n\n" * 20_000, "y\n\nx\n\n" * 20_000),
        ("word " * 900 + "\n\n", "words word " * 500 + "\n\n"),
    ):
        rows = compare_prose(old, new)
        assert "".join(row.new for row in rows) == new
    assert time.perf_counter() - began < 20
