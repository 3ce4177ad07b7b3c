"""Two texts made from one are joined, and nothing that somebody wrote disappears."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document, Key, edit, parse
from kb.services.merging import Merge, NotSettled, gone, merge, settle
from kb.services.merging_lines import MAX_LINES
from tests import factories
from tests.indexer.test_document import between, field_names, shapes

KEY = Key("case", "a-case")
BASE = factories.case_text()
calm = settings(deadline=None)


def with_fields(text: str, **changes: Any) -> str:
    return edit(parse(KEY, text), changes).text


def with_line(text: str, before: str, new: str) -> str:
    assert text.count(before) == 1
    return text.replace(before, new + before)


def front(text: str) -> dict[str, Any]:
    return dict(parse(KEY, text).front)


def joined(theirs: str, mine: str, base: str = BASE) -> str:
    found = merge("case", base, theirs, mine)
    assert not found.conflicts, [conflict.place for conflict in found.conflicts]
    return found.text


def places(theirs: str, mine: str, base: str = BASE) -> list[str]:
    return [conflict.place for conflict in merge("case", base, theirs, mine).conflicts]


# What goes together -------------------------------------------------------------------------


def test_who_changed_nothing_gets_the_text_of_the_other_byte_for_byte() -> None:
    other = with_fields(BASE, title="Another").replace("\n", "\r\n")
    assert merge("case", BASE, other, BASE) == Merge(other)
    assert merge("case", BASE, BASE, other) == Merge(other)
    assert merge("case", BASE, other, other) == Merge(other)


def test_different_fields_and_different_lines_go_together() -> None:
    theirs = with_line(with_fields(BASE, title="Theirs"), "## Results", "They met.\n\n")
    mine = with_line(with_fields(BASE, outcome="failed"), "## Context", "I was there.\n\n")
    text = joined(theirs, mine)
    assert front(text) == front(BASE) | {"title": "Theirs", "outcome": "failed"}
    assert "They met.\n\n## Results" in text
    assert "I was there.\n\n## Context" in text


def test_neighbouring_fields_go_together_though_their_lines_touch() -> None:
    text = joined(with_fields(BASE, title="Theirs"), with_fields(BASE, summary="Mine " * 20))
    assert front(text)["title"] == "Theirs"
    assert front(text)["summary"] == "Mine " * 20


def test_lines_that_nobody_touched_stay_as_they_were_with_their_comments() -> None:
    base = BASE.replace("lang: en\n", "# keep me\nlang:   en   # and me\nodd: {a: 1,\n   b: 2}\n")
    text = joined(with_fields(base, title="T"), with_fields(base, outcome="failed"), base)
    assert text == with_fields(with_fields(base, title="T"), outcome="failed")


def test_comments_that_both_wrote_are_both_kept() -> None:
    theirs = with_line(BASE, "outcome:", "# they ask why\n")
    mine = with_line(BASE, "outcome:", "# I ask how\n")
    assert "# they ask why\n# I ask how\noutcome: scaled\n" in joined(theirs, mine)


def test_a_field_may_be_moved_while_another_is_changed() -> None:
    line = "outcome: scaled\n"
    moved = BASE.replace(line, "").replace("title:", f"{line}title:", 1)
    text = joined(moved, with_fields(BASE, title="Mine"))
    assert text == with_fields(moved, title="Mine")
    assert joined(with_fields(BASE, title="Mine"), moved) == text


def test_a_field_may_be_added_and_one_removed() -> None:
    theirs = with_fields(BASE, funding=None, review_by="2027-01-01")
    mine = with_fields(BASE, regions=["africa"], unknown_to_all="kept")
    kept = front(joined(theirs, mine))
    assert "funding" not in kept
    assert kept["review_by"] == "2027-01-01"
    assert kept["regions"] == ["africa"]
    assert kept["unknown_to_all"] == "kept"


def test_items_put_into_one_list_by_both_are_all_kept() -> None:
    new = {"indicator": "Shops", "value": 3, "unit": "shops", "year": 2009, "source": 1}
    other = new | {"indicator": "Agents"}
    results = front(BASE)["results"]
    theirs = with_fields(BASE, results=[*results, new], themes=["e-health", *front(BASE)["themes"]])
    mine = with_fields(
        BASE, results=[*results, other], evidence=["self-reported", "randomised-trial"]
    )
    kept = front(joined(theirs, mine))
    assert kept["results"] == [*results, new, other]
    assert kept["themes"][0] == "e-health"


def test_one_item_put_in_by_both_is_there_once() -> None:
    more = [*front(BASE)["technologies"], "satellite"]
    theirs = with_fields(BASE, technologies=more, title="T")
    assert front(joined(theirs, with_fields(BASE, technologies=more)))["technologies"] == more


def test_different_parts_of_one_item_go_together() -> None:
    item = front(BASE)["results"][0]
    theirs = with_fields(BASE, results=[item | {"value": 1300}])
    mine = with_fields(BASE, results=[item | {"note": "Counted twice."}])
    assert front(joined(theirs, mine))["results"] == [
        item | {"value": 1300, "note": "Counted twice."}
    ]


def test_the_comment_behind_a_joined_value_stays() -> None:
    base = BASE.replace("technologies: [mobile-sms-ussd]", "technologies: [mobile-sms-ussd] # ask")
    theirs = base.replace("ussd]", "ussd, satellite]")
    mine = base.replace("ussd]", "ussd, radio]")
    assert "technologies: [mobile-sms-ussd, satellite, radio] # ask\n" in joined(theirs, mine, base)


def test_a_text_over_several_lines_is_joined_by_its_lines() -> None:
    base = BASE.replace("outcome:", "note: |\n  One\n\n  Two\n\n  Three\noutcome:")
    theirs, mine = base.replace("One", "One more"), base.replace("Three", "Three less")
    assert front(joined(theirs, mine, base))["note"] == "One more\n\nTwo\n\nThree less\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_endings_stay_as_they_are(newline: str) -> None:
    base = BASE.replace("\n", newline)
    item = front(base)["technologies"]
    theirs = with_fields(base, technologies=[*item, "satellite"])
    mine = with_fields(base, technologies=[*item, "radio"])
    assert set(re.findall("\r\n|\r|\n", joined(theirs, mine, base))) == {newline}


@pytest.mark.parametrize("who", [0, 1])
def test_a_missing_last_line_ending_is_no_change_of_the_last_line(who: int) -> None:
    texts = [BASE.rstrip("\n"), BASE + "\n## Lessons\n\nMore.\n"]
    assert joined(texts[who], texts[1 - who]) == texts[1].rstrip("\n")


def test_the_same_new_paragraph_and_one_more_is_no_conflict() -> None:
    theirs = with_line(BASE, "## Results", "Both say this.\n\nThey alone say this.\n\n")
    mine = with_line(BASE, "## Results", "Both say this.\n\n")
    assert joined(theirs, mine) == theirs


# What does not ------------------------------------------------------------------------------


def test_one_field_changed_by_both_is_a_conflict_with_all_three_texts() -> None:
    found = merge("case", BASE, with_fields(BASE, title="T"), with_fields(BASE, title="M"))
    (conflict,) = found.conflicts
    assert conflict.place == "field title"
    assert conflict.field == "title"
    assert conflict.base == 'title: "Cash by phone in Kenya"\n'
    assert (conflict.theirs, conflict.mine) == ('title: "T"\n', 'title: "M"\n')
    assert found.text.count(conflict.marker) == 1


def test_one_line_changed_by_both_is_a_conflict_that_names_the_lines_of_mine() -> None:
    line = "By 2008 some 1,200 people used it [2].\n"
    mine = BASE.replace(line, "Mine.\nMine too.\n")
    found = merge("case", BASE, BASE.replace(line, "Theirs.\n"), mine)
    (conflict,) = found.conflicts
    number = mine.split("\n").index("Mine.") + 1
    assert conflict.place == f"body lines {number}-{number + 1}"
    assert conflict.lines == (number, number + 1)
    assert (conflict.base, conflict.theirs, conflict.mine) == (
        line,
        "Theirs.\n",
        "Mine.\nMine too.\n",
    )


def test_taking_away_what_the_other_changes_is_a_conflict() -> None:
    line = "By 2008 some 1,200 people used it [2].\n"
    assert places(BASE.replace(line, ""), BASE.replace(line, "Changed.\n")) != []
    assert places(with_fields(BASE, outcome=None), with_fields(BASE, outcome="mixed")) == [
        "field outcome"
    ]


@pytest.mark.parametrize(
    ("theirs", "mine", "place"),
    [
        ({"countries": ["TG", "KE", "TZ"]}, {"countries": ["UG", "KE", "TZ"]}, "field countries"),
        ({"regions": ["africa"]}, {"regions": ["world"]}, "field regions"),
        ({"period": {"start": 2005, "end": None}}, {"period": {"start": 2007, "end": None}},
         "field period"),
        ({"sources": [*factories.SOURCES, {"id": 3, "title": "A"}]},
         {"sources": [*factories.SOURCES, {"id": 3, "title": "B"}]}, "field sources"),
    ],
)  # fmt: skip
def test_what_cannot_both_be_true_is_asked(
    theirs: dict[str, Any], mine: dict[str, Any], place: str
) -> None:
    assert places(with_fields(BASE, **theirs), with_fields(BASE, **mine)) == [place]


def test_two_new_items_of_one_number_are_not_joined_though_their_lines_would_be() -> None:
    base = with_fields(BASE, sources=[{"id": n, "title": str(n)} for n in range(1, 7)])
    theirs = base.replace("  - {id: 2,", '  - {id: 9, title: "T"}\n  - {id: 2,')
    mine = base.replace("  - {id: 6,", '  - {id: 9, title: "M"}\n  - {id: 6,')
    assert places(theirs, mine, base) == ["field sources"]


@pytest.mark.parametrize("broken", ["title: 'x\n", "a: 1\na: 2\n", "{a: 1, b: 2}\n"])
def test_heads_that_cannot_be_told_apart_are_one_conflict(broken: str) -> None:
    theirs = f"---\n{broken}---\nBody\n"
    found = merge("case", BASE, theirs, with_fields(BASE, title="M"))
    assert found.conflicts[0].place == "front matter"
    assert found.conflicts[0].theirs == broken
    assert settle(found, {c.marker: c.theirs for c in found.conflicts}) == theirs


def test_texts_without_a_front_matter_are_joined_by_line() -> None:
    assert joined("0\na\nb\nc\n", "a\nb\nc\nd\n", "a\nb\nc\n") == "0\na\nb\nc\nd\n"
    assert places("x\n", "y\n", "") == ["lines 1-1"]


def test_a_value_that_is_used_elsewhere_is_not_changed_behind_ones_back() -> None:
    base = "---\na: &x [1]\nb: *x\nc: 1\n---\n"
    found = merge("case", base, base.replace("c: 1", "c: 2"), base.replace("&x [1]", "&x [2]"))
    assert front(found.text) == {"a": [2], "b": [2], "c": 2} or found.conflicts


def test_a_document_that_was_removed_is_one_conflict() -> None:
    (conflict,) = gone(BASE, "mine\n").conflicts
    assert (conflict.place, conflict.base, conflict.theirs) == ("document", BASE, "")
    assert settle(gone(BASE, "mine\n"), {conflict.marker: "mine\n"}) == "mine\n"


# Choosing -----------------------------------------------------------------------------------


def test_each_conflict_needs_a_choice() -> None:
    found = merge("case", BASE, with_fields(BASE, title="T"), with_fields(BASE, title="M"))
    for choices in ({}, {"something": "else"}):
        with pytest.raises(NotSettled):
            settle(found, choices)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_text_typed_into_a_form_gets_the_line_endings_of_its_place(newline: str) -> None:
    base, theirs, mine = (f"a{newline}{word}{newline}z{newline}" for word in "btm")
    found = merge("case", base, theirs, mine)
    (conflict,) = found.conflicts
    chosen = settle(found, {conflict.marker: "one\r\ntwo"})
    assert chosen == newline.join(["a", "one", "two", "z", ""])


def test_a_text_that_looks_like_a_marker_is_a_text() -> None:
    found = merge("case", "a\n", "<<<< 0-1 >>>>\n", "<<<< 1-1 >>>>\n")
    (conflict,) = found.conflicts
    assert settle(found, {conflict.marker: conflict.mine}) == "<<<< 1-1 >>>>\n"


# Properties ---------------------------------------------------------------------------------

Edit = tuple[str, int, int]
edits = st.lists(
    st.tuples(st.sampled_from(["insert", "insert", "delete", "replace"]), st.integers(0, 40),
              st.integers(0, 3)),
    max_size=8,
)  # fmt: skip
#: Lines as they are in real texts: many of them alike.
bodies = st.lists(st.sampled_from(["", "", "a", "b", "## C", "- d", "e [1]"]), max_size=25)


def edited(lines: list[str], steps: list[Edit], who: str) -> tuple[list[str], set[str], set[str]]:
    """Give the lines after some edits, the new lines, and the old ones taken away."""
    result, taken = list(lines), set()
    for number, (what, place, length) in enumerate(steps):
        at = place % (len(result) + 1)
        if what != "insert":
            taken |= set(result[at : at + length])
            del result[at : at + length]
        if what != "delete":
            result.insert(at, f"{who} wrote {number}")
    new = {line for line in result if line.startswith(f"{who} wrote")}
    return result, new, taken


def everything(found: Merge) -> list[str]:
    """Give all lines of a joined text and of all sides of its conflicts."""
    sides = [side for c in found.conflicts for side in (c.theirs, c.mine)]
    return [line for text in (found.text, *sides) for line in text.splitlines()]


def in_a_file(lines: list[str], ended: bool, head: str) -> str:
    return head + "\n".join(lines) + ("\n" if ended else "")


@calm
@given(
    bodies, edits, edits, st.tuples(*[st.booleans()] * 3), st.sampled_from(["", "---\na: 1\n---\n"])
)
def test_no_line_that_somebody_put_in_disappears(
    base: list[str], one: list[Edit], two: list[Edit], ended: tuple[bool, ...], head: str
) -> None:
    theirs, their_lines, _ = edited(base, one, "they")
    mine, my_lines, _ = edited(base, two, "I")
    texts = [in_a_file(*pair, head) for pair in zip((base, theirs, mine), ended, strict=True)]
    found = merge("case", *texts)
    assert their_lines | my_lines <= set(everything(found))


@calm
@given(st.integers(0, 25), edits, edits)
def test_no_line_that_nobody_took_away_disappears_and_none_comes_back(
    length: int, one: list[Edit], two: list[Edit]
) -> None:
    base = [f"line {number}" for number in range(length)]
    theirs, _, they_took = edited(base, one, "they")
    mine, _, i_took = edited(base, two, "I")
    found = merge("case", *("".join(f"{x}\n" for x in lines) for lines in (base, theirs, mine)))
    assert set(base) - they_took - i_took <= set(everything(found))
    assert not (they_took & i_took & set(base)) & set(found.text.splitlines())


@calm
@given(bodies, edits, edits)
def test_choosing_one_side_everywhere_keeps_what_that_side_wrote(
    base: list[str], one: list[Edit], two: list[Edit]
) -> None:
    theirs, their_lines, _ = edited(base, one, "they")
    mine, my_lines, _ = edited(base, two, "I")
    found = merge("case", *(in_a_file(lines, True, "") for lines in (base, theirs, mine)))
    chosen = settle(found, {conflict.marker: conflict.mine for conflict in found.conflicts})
    assert my_lines <= set(chosen.splitlines())
    assert "<<<<" not in chosen
    chosen = settle(found, {conflict.marker: conflict.theirs for conflict in found.conflicts})
    assert their_lines <= set(chosen.splitlines())


FIELDS = ("title", "summary", "outcome", "themes", "results", "period", "extra", "sources", "sdgs")
values = st.one_of(
    st.none(), st.text("ab'\"#: \n", max_size=9), st.integers(), st.booleans(),
    st.lists(st.sampled_from(["a", "b", "c", 1]), max_size=4),
    st.lists(st.fixed_dictionaries({}, optional={"id": st.integers(1, 3), "t": st.text("x y")}),
             max_size=3),
    st.dictionaries(st.sampled_from(["start", "end"]), st.integers(), max_size=2),
)  # fmt: skip
changes = st.dictionaries(st.sampled_from(FIELDS), values, max_size=5)


def changed_by(document: Document, wish: dict[str, Any]) -> dict[str, Any]:
    after = dict(edit(document, wish).front)
    names = after.keys() | document.front.keys()
    return {n: after.get(n) for n in names if repr(after.get(n)) != repr(document.front.get(n))}


@calm
@given(changes, changes, changes)
def test_every_field_that_one_side_changed_has_its_new_value(
    start: dict[str, Any], one: dict[str, Any], two: dict[str, Any]
) -> None:
    base = edit(factories.document(), start)
    theirs, mine = edit(base, one), edit(base, two)
    found = merge("case", base.text, theirs.text, mine.text)
    for side, document, other in (("theirs", theirs, two), ("mine", mine, one)):
        text = settle(found, {c.marker: getattr(c, side) for c in found.conflicts})
        kept = front(text)
        clashes = {conflict.field for conflict in found.conflicts}
        wish = one if side == "theirs" else two
        for name, value in changed_by(base, wish).items():
            if name in clashes or name not in changed_by(base, other):
                assert repr(kept.get(name)) == repr(value), name
        for name in base.front.keys() - one.keys() - two.keys():
            assert repr(kept[name]) == repr(base.front[name])
        assert parse(KEY, text).body == document.body


#: A head as people write it: the comments above each field, and its own lines.
Head = dict[str, tuple[list[str], list[str]]]


@st.composite
def three_heads(draw: st.DrawFn) -> tuple[Head, Head, Head]:
    """A head in any shape, and two that somebody made of it with comments of their own."""
    base: Head = {
        name: (draw(between), draw(shapes(name)))
        for name in draw(st.lists(field_names, unique=True))
    }
    return base, draw(rewritten(base, "they")), draw(rewritten(base, "I"))


@st.composite
def rewritten(draw: st.DrawFn, base: Head, who: str) -> Head:
    result: Head = {}
    for name, (above, lines) in base.items():
        what = draw(st.sampled_from(["keep", "keep", "keep", "change", "remove", "comment"]))
        if what == "comment":
            above = [*above, f"# {who} wrote about {name}"]
        if what != "remove":
            result[name] = (above, draw(shapes(name)) if what == "change" else lines)
    if draw(st.booleans()):
        result[f"of-{who}"] = ([f"# {who} wrote about more"], [f"of-{who}: 1"])
    return result


def head_text(head: Head) -> str:
    lines = [line for above, own in head.values() for line in (*above, *own)]
    return "\n".join(["---", *lines, "---", "Body", ""])


@calm
@given(three_heads())
def test_heads_of_any_shape_are_joined_without_losing_a_value_or_a_comment(
    heads: tuple[Head, Head, Head],
) -> None:
    base, theirs, mine = heads
    texts = [head_text(head) for head in heads]
    found = merge("case", *texts)
    wrote = {line for text in texts[1:] for line in text.splitlines() if " wrote " in line}
    assert wrote <= set(everything(found))
    fronts = [front(text) for text in texts]
    for side, head, other in ((1, theirs, mine), (2, mine, theirs)):
        chosen = {c.marker: (c.theirs, c.mine)[side - 1] for c in found.conflicts}
        kept = front(settle(found, chosen))
        for name in {*base, *head} - {c.field for c in found.conflicts}:
            if head.get(name, ([], []))[1] != base.get(name, ([], []))[1]:  # changed by this side
                if other.get(name, ([], []))[1] == base.get(name, ([], []))[1]:
                    assert repr(kept.get(name)) == repr(fronts[side].get(name)), name
            elif name in other:
                assert name in kept


@calm
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_three_texts_can_be_joined(base: str, theirs: str, mine: str) -> None:
    for text in ("", "---\n"):
        found = merge("case", text + base, text + theirs, text + mine)
        assert settle(found, {c.marker: c.mine for c in found.conflicts}) is not None


def test_texts_too_long_to_compare_are_one_conflict() -> None:
    many = "".join(f"{n}\n" for n in range(MAX_LINES + 1))
    (conflict,) = merge("case", f"0\n{many}", f"1\n{many}1\n", f"2\n{many}2\n").conflicts
    assert conflict.theirs == f"1\n{many}1\n"
    (conflict,) = merge("case", many, f"{many}theirs\n", f"{many}mine\n").conflicts
    assert (conflict.theirs, conflict.mine) == ("theirs\n", "mine\n")
