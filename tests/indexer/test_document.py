"""Editing single fields: the new values are there, and no other line has moved."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document, Key, dump, edit, parse
from indexer.errors import UnreadableHead
from indexer.fields import FIELDS
from indexer.head import read
from indexer.surgery import blocks
from tests.factories import case_text, document

KEY = Key("case", "a-case")

HAND_WRITTEN = """---
# yaml-language-server: $schema=case.json

title: 'Single quotes'   # the title
lang: en # BCP 47
themes:   # a list
  - digital-payments
  # a comment inside
  - e-health

# what it served
sdgs:
- {goal: 1}
- 8
notes: |
  One
  # no comment

  Two

period: {start: 2007,
   end: null}  # open
"unknown key": &x [NO, on]
---

Body
"""


def front_of(text: str) -> dict[str, Any]:
    return dict(parse(KEY, text).front)


def changed(text: str, **changes: Any) -> tuple[list[str], list[str]]:
    """Give the lines that an edit takes away and those it adds, each with nothing in between."""
    old, new = text.split("\n"), edit(parse(KEY, text), changes).text.split("\n")
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    old, new = old[first:], new[first:]
    while old and new and old[-1] == new[-1]:
        old.pop()
        new.pop()
    return old, new


def test_a_text_is_replaced_on_its_line_and_the_comment_stays() -> None:
    old, new = changed(HAND_WRITTEN, title='New "one"')
    assert old == ["title: 'Single quotes'   # the title"]
    assert new == [r'title: "New \"one\""   # the title']


def test_a_list_over_several_lines_is_replaced_as_a_whole() -> None:
    old, new = changed(HAND_WRITTEN, themes=["digital-payments", "no"])
    assert len(old) == 4
    assert new == ['themes: [digital-payments, "no"]   # a list']


def test_a_list_of_groups_is_written_with_one_item_a_line() -> None:
    _, new = changed(HAND_WRITTEN, sdgs=[{"goal": 2, "why": "It fed people."}, 8])
    assert new == ['  - {goal: 2, why: "It fed people."}', "  - 8"]


def test_the_lines_of_a_block_text_end_where_it_ends() -> None:
    old, new = changed(HAND_WRITTEN, notes="short")
    assert old == ["notes: |", "  One", "  # no comment", "", "  Two"]
    assert new == ['notes: "short"']


def test_the_kept_empty_lines_of_a_block_text_belong_to_it() -> None:
    text = "---\na: |+\n  x\n\n\nb: 1\n---\n"
    assert edit(parse(KEY, text), {"a": "y"}).text == '---\na: "y"\nb: 1\n---\n'


def test_a_quoted_text_over_several_lines_may_look_like_a_comment() -> None:
    text = '---\na: "x\n  # y"\nb: 1\n---\n'
    assert edit(parse(KEY, text), {"a": None}).text == "---\nb: 1\n---\n"


def test_a_field_is_removed_with_its_lines_and_the_comments_around_stay() -> None:
    old, new = changed(HAND_WRITTEN, period=None)
    assert old == ["period: {start: 2007,", "   end: null}  # open"]
    assert new == []


def test_new_fields_stand_in_the_order_of_the_table() -> None:
    text = edit(
        parse(KEY, HAND_WRITTEN),
        {"sources": [{"id": 1}], "summary": "S", "extra": 1, "status": "published"},
    ).text
    names = re.findall(r'^"?([a-z][a-z ]*)"?:', text, re.MULTILINE)
    assert names == [
        "title", "summary", "lang", "status", "themes", "sdgs", "notes", "period", "sources",
        "unknown key", "extra",
    ]  # fmt: skip


def test_a_first_field_stands_below_the_comment_at_the_top() -> None:
    text = "---\n# schema\n\nlang: en\n---\n"
    assert (
        edit(parse(KEY, text), {"title": "x"}).text
        == '---\n# schema\n\ntitle: "x"\nlang: en\n---\n'
    )


def test_what_is_not_different_is_not_touched() -> None:
    same = {"title": "Single quotes", "sdgs": [{"goal": 1}, 8], "summary": None}
    assert edit(parse(KEY, HAND_WRITTEN), same).text == HAND_WRITTEN


def test_one_is_not_true_and_not_a_text() -> None:
    text = "---\na: 1\n---\n"
    assert edit(parse(KEY, text), {"a": True}).text == "---\na: true\n---\n"
    assert edit(parse(KEY, text), {"a": "1"}).text == '---\na: "1"\n---\n'
    assert edit(parse(KEY, text), {"a": 1.0}).text == "---\na: 1.0\n---\n"


def test_a_field_given_twice_is_one_field_after_an_edit() -> None:
    text = "---\ntitle: a\nlang: en\ntitle: b\n---\n"
    assert edit(parse(KEY, text), {"title": "c"}).text == '---\ntitle: "c"\nlang: en\n---\n'


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_new_lines_end_as_the_others_do(newline: str) -> None:
    text = HAND_WRITTEN.replace("\n", newline)
    new = edit(parse(KEY, text), {"title": "x", "summary": "y", "funding": [{"amount": 1}]}).text
    assert set(re.findall(r"\r\n|\r|\n", new)) == {newline}
    assert front_of(new)["funding"] == [{"amount": 1}]


def test_an_indented_head_stays_indented() -> None:
    text = "---\n  title: a\n  lang: en\n---\n"
    new = edit(parse(KEY, text), {"title": "b", "summary": "c", "sdgs": [{"goal": 1}]}).text
    assert new == '---\n  title: "b"\n  summary: "c"\n  lang: en\n  sdgs:\n    - {goal: 1}\n---\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Body", '---\ntitle: "x"\n---\nBody'),
        ("\ufeffBody\r\n", '\ufeff---\r\ntitle: "x"\r\n---\r\nBody\r\n'),
        ("", '---\ntitle: "x"\n---\n'),
        ("---\n---\nBody", '---\ntitle: "x"\n---\nBody'),
        ("---\n# only a comment\n---\nBody", '---\n# only a comment\ntitle: "x"\n---\nBody'),
        ("---\n{lang: en, a: [1]}\n---\n", '---\nlang: en\na: [1]\ntitle: "x"\n---\n'),
    ],
)
def test_a_field_is_added_where_there_was_no_block_of_fields(text: str, expected: str) -> None:
    assert edit(parse(KEY, text), {"title": "x"}).text == expected


def test_an_anchor_used_elsewhere_does_not_lose_its_value() -> None:
    text = "---\na: &x [1]\nb: *x\n---\n"
    assert front_of(edit(parse(KEY, text), {"a": 2}).text) == {"a": 2, "b": [1]}
    assert edit(parse(KEY, text), {"b": 2}).text == "---\na: &x [1]\nb: 2\n---\n"


def test_broken_yaml_is_not_edited() -> None:
    with pytest.raises(UnreadableHead, match="not closed"):
        edit(parse(KEY, "---\na: 'x\n---\n"), {"title": "x"})


@pytest.mark.parametrize("value", [object(), {1: "x"}, {"k" * 501: 1}, "\ud800", {"a": b"x"}])
def test_what_yaml_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"cannot be|half a character"):
        edit(parse(KEY, "---\na: 1\n---\n"), {"a": value})


def test_an_edit_gives_a_document_that_has_been_checked() -> None:
    problems = edit(document(), {"title": "x" * 161}).problems
    assert [problem.field for problem in problems] == ["title"]


def test_a_valid_case_has_no_problem_and_its_text_unchanged() -> None:
    assert document().problems == ()
    assert dump(document()) == case_text()


def test_the_language_is_the_text_s_own_then_the_file_s_then_english() -> None:
    assert document(translation="fr").lang == "en"
    assert parse(Key("page", "a", "fr"), "x").lang == "fr"
    assert parse(Key("page", "a"), "x").lang == "en"


def test_documents_of_one_text_are_equal() -> None:
    assert document() == document()
    assert isinstance(document(), Document)


# Laws of editing, over front matter in many shapes.

field_names = st.sampled_from(["title", "lang", "themes", "period", "zz", "yy", "xx"])
names = st.one_of(
    st.sampled_from([field.name for field in FIELDS["case"]]),
    st.text("abcxyz_-09 :#é", min_size=1, max_size=8),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(),
    st.dates(min_value=date(1000, 1, 1)), st.text(),
    st.sampled_from(["NO", "on", "~", "null", "2026-11-23", "1e3", "-", "- a", "a: b", "# c"]),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
settled = values.filter(lambda value: value is not None)


def plain(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shapes(name: str) -> st.SearchStrategy[list[str]]:
    """Give the lines of one field, as people write them."""
    words = (
        st.text("abc #'", min_size=1, max_size=6)
        .map(str.strip)
        .filter(lambda w: w and w[0] in "abc")
    )
    return st.one_of(
        words.map(lambda word: [f"{name}: {plain(word)}"]),
        words.map(lambda word: [f"{name}: {plain(word)}   # {word}"]),
        st.just([f"{name}:"]),
        st.just([f"{name}: # nothing"]),
        words.map(lambda word: [f"{name}: '{word.replace(chr(39), chr(39) * 2)}", "  more'"]),
        words.map(lambda word: [f"{name}: |", f"  {word}", "  # inside", "", "  end"]),
        words.map(lambda word: [f"{name}: >-", f"  {word}", "", "  end", ""]),
        words.map(lambda word: [f"{name}: [{plain(word)},", "   # between", "   2]  # behind"]),
        words.map(lambda word: [f"{name}:", f"  - {plain(word)}", "  - {a: 1, b: [2]}"]),
        words.map(lambda word: [f"{name}:", f"- {plain(word)}", "# between", "- a:", "    b: 1"]),
        words.map(lambda word: [f"{name}:", "  a:", f"    b: {plain(word)}", "  c:"]),
    )


between = st.sampled_from([[], [], [""], ["# a comment"], ["", " # a comment", ""]])


@st.composite
def written(draw: st.DrawFn) -> dict[str, list[str]]:
    """Give a head as the lines of each field, comments between them under the name ""."""
    fields = draw(st.lists(field_names, unique=True))
    return {name: draw(shapes(name)) for name in fields}


@st.composite
def heads(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[str]]:
    fields = draw(written())
    lines: list[str] = []
    for own in fields.values():
        lines += [*draw(between), *own]
    return fields, [*lines, *draw(between)]


changes = st.dictionaries(
    st.one_of(field_names, names),
    values,
    max_size=4,
)
newlines = st.sampled_from(["\n", "\r\n", "\r"])


def expected(front: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    new = {name: value for name, value in changes.items() if value is not None}
    return {**{name: old for name, old in front.items() if name not in changes}, **new}


def alike(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


@given(heads(), changes, newlines, st.text(max_size=10))
def test_after_an_edit_the_front_is_the_old_one_with_the_changes(
    head: tuple[dict[str, list[str]], list[str]], changes: dict[str, Any], newline: str, body: str
) -> None:
    old = parse(KEY, newline.join(["---", *head[1], "---", body]))
    assert set(old.front) == set(head[0])
    new = edit(old, changes)
    wanted = expected(dict(old.front), changes)
    assert set(new.front) == set(wanted)
    assert all(alike(new.front[name], wanted[name]) for name in wanted)
    assert new.body == old.body


@given(heads(), changes)
def test_after_an_edit_all_other_lines_are_there_in_their_order(
    head: tuple[dict[str, list[str]], list[str]], changes: dict[str, Any]
) -> None:
    old = parse(KEY, "\n".join(["---", *head[1], "---", "Body", ""]))
    new = edit(old, changes)
    touched = {
        name
        for name, value in changes.items()
        if (name in old.front if value is None else not alike(old.front.get(name), value))
    }
    rest = new.text.split("\n")
    for line in lines_beside(head, touched):
        assert line in rest
        rest = rest[rest.index(line) + 1 :]


def lines_beside(head: tuple[dict[str, list[str]], list[str]], touched: set[str]) -> list[str]:
    """Give the lines of a head that an edit may not touch."""
    fields, lines = head
    for name in touched & set(fields):
        own = fields[name]
        while own and not own[-1]:  # the empty lines below a block text are no part of it
            own = own[:-1]
        start = next(n for n in range(len(lines)) if lines[n : n + len(own)] == own)
        lines = lines[:start] + lines[start + len(own) :]
    return ["---", *lines, "---", "Body", ""]


@given(heads(), changes)
def test_an_edit_made_twice_changes_nothing_more(
    head: tuple[dict[str, list[str]], list[str]], changes: dict[str, Any]
) -> None:
    once = edit(parse(KEY, "\n".join(["---", *head[1], "---", ""])), changes)
    assert edit(once, changes).text == once.text


@given(st.dictionaries(names, settled, max_size=5))
def test_any_values_can_be_written_and_read_again(front: dict[str, Any]) -> None:
    new = edit(parse(KEY, ""), front)
    assert set(new.front) == set(front)
    assert all(alike(new.front[name], front[name]) for name in front)


@given(heads(), newlines)
def test_a_head_is_its_fields_with_what_stands_between_them(
    head: tuple[dict[str, list[str]], list[str]], newline: str
) -> None:
    text = "".join(line + newline for line in head[1])
    cut = blocks(read(text))
    assert cut is not None
    assert "".join(above + own for _, above, own in cut) == text
    assert [name for name, _, _ in cut] == [*head[0], ""]
    for name, _, own in cut[:-1]:
        assert read(own).values == {name: read(text).values[name]}


@pytest.mark.parametrize("head", ["{a: 1, b: 2}\n", "a: 1\na: 2\n", "a: 'x\n"])
def test_a_head_whose_fields_cannot_be_told_apart_is_not_cut(head: str) -> None:
    assert blocks(read(head)) is None
