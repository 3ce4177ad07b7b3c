"""A pack through the form: rows within rows, moved within their list and to another, pinned."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document, Key, parse
from indexer.pack import pack_of
from kb.app import ROOT
from kb.forms.acting import acted
from kb.forms.editing import Form, form_of, read_form, written
from tests.kb.test_form import pairs_of
from tests.packs import item, pack_text, sections

KEY = Key("pack", "money-by-phone")
PACKS = sorted((ROOT / "content" / "packs").glob("*.md"))
ODD = pack_text(sections=sections(
    ("One", [item("a", odd="kept"), item("b", "0123456789ab")]),
    ("Two", [item("c")]),
    ("Three", []),
))  # fmt: skip


def sent(form: Form) -> Form:
    """The form after the way through a browser."""
    rest = [("body", form.body.replace("\n", "\r\n")), ("opened", form.opened)]
    return read_form("pack", [*pairs_of(form.typed), *rest, ("base", form.base)])


def after(text: str, *actions: str) -> Document:
    """The text after buttons were pressed, each with a way through the browser."""
    document = parse(KEY, text)
    form = form_of(document)
    for action in actions:
        form = acted("pack", sent(form), action)
    return parse(KEY, written(document, sent(form)))


def order(document: Document) -> list[list[str]]:
    """The names of the cases, section by section."""
    return [[one.case for one in part.items] for part in pack_of(document.front).sections]


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_pack_of_the_library_comes_back_byte_for_byte(path: Path) -> None:
    text = path.read_bytes().decode()
    assert after(text).text == text


@pytest.mark.parametrize(("actions", "expected"), [
    (["down:sections.0.items.0"], [["b", "a"], ["c"], []]),
    (["up:sections.0.items.1"], [["b", "a"], ["c"], []]),
    (["up:sections.1.items.0"], [["a", "b", "c"], [], []]),
    (["down:sections.0.items.1"], [["a"], ["b", "c"], []]),
    (["down:sections.1.items.0"], [["a", "b"], [], ["c"]]),
    (["up:sections.0.items.0"], [["a", "b"], ["c"], []]),
    (["down:sections.2.items.0"], [["a", "b"], ["c"], []]),
    (["up:sections.1"], [["c"], ["a", "b"], []]),
    (["move:sections.0.items.0:sections.0.items.2"], [["b", "a"], ["c"], []]),
    (["move:sections.0.items.0:sections.2.items.0"], [["b"], ["c"], ["a"]]),
    (["move:sections.1.items.0:sections.0.items.1"], [["a", "c", "b"], [], []]),
    (["move:sections.0:sections.3"], [["c"], [], ["a", "b"]]),
    (["take:sections.2.items.d"], [["a", "b"], ["c"], ["d"]]),
    (["remove:sections.0.items.0"], [["b"], ["c"], []]),
])  # fmt: skip
def test_buttons_put_cases_in_order(actions: list[str], expected: list[list[str]]) -> None:
    found = order(after(ODD, *actions))
    assert [part for part in found if part] == [part for part in expected if part]


@pytest.mark.parametrize("action", [
    "move:sections.0.items.0:sections.9.items.0", "move:sections.0.items.9:sections.1.items.0",
    "move:sections.0:sections.0.items.0", "move:sections.0.items.0:sections.0", "move:x:y",
    "move:title:summary", "move::", "up:sections.9.items.0", "up:title", "down:objectives.0",
    "set:sections.0.items.0.note.0123456789ab", "set:sections.0.items.0.revision.soon",
    "set:title.latest", "move:sections.0.items.x:sections.1.items.y", "up:.", "up:sections.0.0",
    "move:sections.0.items.0:sections.0.items.0", "add:title", "remove:title.T", "take:title.T",
])  # fmt: skip
def test_buttons_that_make_no_sense_change_nothing(action: str) -> None:
    assert after(ODD, action).text == ODD


def test_what_the_form_does_not_know_goes_along_into_another_section() -> None:
    moved = after(ODD, "move:sections.0.items.0:sections.1.items.0", "up:sections.1")
    assert moved.front["sections"][0]["items"][0]["odd"] == "kept"
    assert moved.front["sections"][1]["items"] == [item("b", "0123456789ab")]
    home = after(ODD, "move:sections.0.items.0:sections.1.items.0",
                 "move:sections.1.items.0:sections.0.items.0")  # fmt: skip
    assert home.front == parse(KEY, ODD).front


PLACES = st.sampled_from(
    ["0.items.0", "0.items.1", "1.items.0", "1.items.1", "2.items.0", "0", "1"]
)


@given(st.lists(st.tuples(PLACES, PLACES), max_size=5))
def test_however_rows_are_moved_none_is_lost(moves: list[tuple[str, str]]) -> None:
    document = after(ODD, *(f"move:sections.{a}:sections.{b}" for a, b in moves))
    cases = [one for part in document.front["sections"] for one in part.get("items", [])]
    assert sorted(one["case"] for one in cases) == ["a", "b", "c"]
    assert {one["case"]: one for one in cases} == {
        "a": item("a", odd="kept"), "b": item("b", "0123456789ab"), "c": item("c")
    }  # fmt: skip


def test_a_case_is_pinned_and_set_free() -> None:
    pinned = after(ODD, "set:sections.1.items.0.revision.abcdef012345")
    assert pinned.front["sections"][1]["items"][0]["revision"] == "abcdef012345"
    assert after(ODD, "set:sections.0.items.1.revision.latest").text.count("latest") == 3
    both = after(ODD, "set:sections.0.items.0.revision.abcdef012345,"
                      "sections.1.items.0.revision.0123456789ab")  # fmt: skip
    assert pack_of(both.front).pins == (
        ("a", "abcdef012345"), ("b", "0123456789ab"), ("c", "0123456789ab")
    )  # fmt: skip
