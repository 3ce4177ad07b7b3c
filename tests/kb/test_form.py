"""A document through the form and back: nothing is lost, and only what was edited changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Key, edit, parse
from indexer.fields import FIELDS
from indexer.head import split
from kb.app import ROOT
from kb.forms.acting import acted, missing_headings, with_heading
from kb.forms.editing import Form, Row, form_of, read_form, written
from kb.forms.widgets import sent_lines
from tests import factories

KEY = Key("case", "cash-by-phone")
CASES = sorted((ROOT / "content" / "cases").glob("*.md"))


def pairs_of(typed: dict[str, Any], prefix: str = "f.") -> list[tuple[str, str]]:
    """What a browser sends of a form that shows this."""
    pairs: list[tuple[str, str]] = []
    for name, value in typed.items():
        if isinstance(value, str):
            pairs.append((f"{prefix}{name}", value.replace("\n", "\r\n")))
            continue
        pairs.append((f"{prefix}{name}", ""))
        if isinstance(value, dict):
            pairs += pairs_of(value, f"{prefix}{name}.")
        elif value and isinstance(value[0], Row):
            for number, row in enumerate(value):
                here = f"{prefix}{name}.{number}."
                origin = "" if row.origin is None else str(row.origin)
                pairs += [(f"{here}@", origin), *pairs_of(row.values, here)]
        else:
            pairs += [(f"{prefix}{name}", text) for text in value]
    return pairs


def sent(form: Form) -> Form:
    """The form after the way through a browser."""
    rest = [("body", form.body.replace("\n", "\r\n")), ("opened", form.opened)]
    return read_form("case", [*pairs_of(form.typed), *rest, ("base", form.base)])


def through(text: str) -> str:
    document = parse(KEY, text, factories.vocabularies())
    return written(document, sent(form_of(document)), factories.vocabularies())


def changed(text: str, **typed: Any) -> str:
    document = parse(KEY, text)
    form = form_of(document)
    return written(document, sent(form.replace(typed={**form.typed, **typed})),
                   factories.vocabularies())  # fmt: skip


def differing(old: str, new: str) -> list[str]:
    return [line for line in new.splitlines() if line not in old.splitlines()]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_of_the_library_comes_back_byte_for_byte(path: Any) -> None:
    text = path.read_bytes().decode()
    assert through(text) == text


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-9999, 99999), st.floats(allow_nan=False), st.dates(),
    st.text(max_size=20), st.sampled_from(["KE", "NO", "e-health", "1", "2007", " x ", "a\nb"]),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["goal", "why", "id", "title", "start", "end", "org", "odd"]), inner,
        max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip
NAMES = [field.name for field in FIELDS["case"]]


@given(
    st.dictionaries(st.sampled_from([*NAMES, "unknown", "x-y"]), values, max_size=5),
    st.text(max_size=60) | st.sampled_from(["", "\r\n\r\nA\nB\rC", "\n\n# T\n\n", "a", "\r"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_stands_in_a_file_comes_back_byte_for_byte(
    front: dict[str, Any], body: str, newline: str
) -> None:
    base = parse(KEY, f"---{newline}# kept{newline}---{newline}{body}")
    try:
        document = edit(base, {name: value for name, value in front.items() if value is not None})
    except ValueError:
        return
    if not document.front:
        return
    assert through(document.text) == document.text


@given(st.integers(0, 99999), st.text("abc äß", min_size=1, max_size=20))
def test_the_edit_of_one_field_leaves_every_other_line(value: int, title: str) -> None:
    text = factories.case_text(results=None).replace(
        "\nsdgs:", "\n# a comment\nodd: {kept: yes}   # and this\nsdgs:"
    )
    new = changed(text, title=title)
    assert differing(text, new) in ([], [f'title: "{title.strip()}"'])
    new = changed(text, results=[Row({"indicator": "Users", "value": str(value)})])
    assert differing(text, new) == [
        "results:", f'  - {{indicator: "Users", value: {value}}}'
    ]  # fmt: skip


def test_unknown_keys_inside_of_a_row_are_kept_when_it_moves_and_changes() -> None:
    rows = [{"goal": 1, "why": "A", "extra": [1]}, 8, {"goal": 5}]
    text = factories.case_text(sdgs=rows)
    form = form_of(parse(KEY, text))
    form = acted("case", sent(form), "up:sdgs.1")
    form.typed["sdgs"][1].values["why"] = "B"
    front = parse(KEY, written(parse(KEY, text), sent(form))).front
    assert front["sdgs"] == [8, {"goal": 1, "why": "B", "extra": [1]}, {"goal": 5}]


def test_values_get_the_type_that_the_field_asks_for() -> None:
    text = changed(
        factories.case_text(),
        period={"start": "2001", "end": "", "start_note": "", "end_note": ""},
        countries=["NO", "Togo"],
        funding=[Row({"amount": "1.5", "currency": "EUR", "year": "2001", "by": "Safaricom"})],
        review_by="2030-01-02",
        sdgs=[Row({"goal": "5", "why": ""})],
        summary="One\nline.",
    )
    front = parse(KEY, text).front
    assert front["period"] == {"start": 2001, "end": None}
    assert front["countries"] == ["NO", "TG"]
    assert front["funding"] == [{"amount": 1.5, "currency": "EUR", "year": 2001, "by": "safaricom"}]
    assert front["review_by"] == date(2030, 1, 2)
    assert front["sdgs"] == [5]
    assert front["summary"] == "One line."


def test_what_cannot_be_read_is_kept_as_it_was_typed_and_named() -> None:
    rows = [Row({"amount": "a lot", "currency": "EUR", "year": "2001"})]
    text = changed(factories.case_text(), review_by="next year", funding=rows)
    document = parse(KEY, text, factories.vocabularies())
    assert document.front["review_by"] == "next year"
    assert {"review_by", "funding[1].amount"} <= {problem.field for problem in document.errors}


def test_an_emptied_field_goes_and_an_emptied_row_too() -> None:
    text = factories.case_text()
    new = changed(text, outcome="", themes=[], results=[Row({"indicator": "", "value": ""})])
    assert not {"outcome", "themes", "results"} & set(parse(KEY, new).front)
    assert differing(text, new) == []


def test_a_field_that_was_not_sent_is_left_alone() -> None:
    document = parse(KEY, factories.case_text())
    form = read_form("case", [("f.title", "New"), ("body", form_of(document).body)])
    new = parse(KEY, written(document, form))
    assert {**new.front, "title": ""} == {**document.front, "title": ""}


@given(st.text("ab\n# ", max_size=80), st.text("ab\n# ", max_size=80))
def test_the_body_becomes_what_was_typed(old: str, new: str) -> None:
    text = factories.case_text(body=f"\n{old}")
    document = parse(KEY, text)
    body = split(written(document, form_of(document).replace(body=new))).body
    assert sent_lines(body).strip("\n") == new.strip("\n") or not new.strip()


def test_lines_of_the_body_that_were_not_edited_keep_their_endings() -> None:
    document = parse(KEY, factories.case_text(body="\r\nOne\r\nTwo\nThree\r\n"))
    form = form_of(document)
    new = written(document, sent(form.replace(body=form.body.replace("Two", "2"))))
    assert split(new).body == "\r\nOne\r\n2\r\nThree\r\n"


def test_rows_are_added_removed_and_moved() -> None:
    form = form_of(parse(KEY, factories.case_text()))
    form = acted("case", form, "add:sources")
    assert [row.values["id"] for row in form.typed["sources"]] == ["1", "2", "3"]
    form = acted("case", form, "up:sources.2")
    assert [row.values["id"] for row in form.typed["sources"]] == ["1", "3", "2"]
    form = acted("case", form, "down:sources.0")
    form = acted("case", form, "remove:sources.1")
    assert [row.values["id"] for row in form.typed["sources"]] == ["3", "2"]
    for action in ("up:sources.0", "remove:sources.9", "add:title", "up:none.1", "x:y", "add:"):
        assert acted("case", form, action) == form


def test_terms_are_taken_and_ordered() -> None:
    form = form_of(parse(KEY, factories.case_text()))
    form = acted("case", form, "take:themes.e-health")
    form = acted("case", form, "up:themes.e-health")
    assert form.typed["themes"] == ["digital-payments", "e-health", "gender-inclusion"]
    form = acted("case", acted("case", form, "take:sdgs.5"), "take:sdgs.5")
    assert [row.values["goal"] for row in form.typed["sdgs"]] == ["1", "8", "5"]


def test_an_organisation_without_an_id_is_kept_by_its_name() -> None:
    rows = [Row({"org": "Machakos Farmers", "role": "partner"}), Row({"org": "Safaricom"})]
    text = changed(factories.case_text(organisations=None), organisations=rows)
    first, second = parse(KEY, text).front["organisations"]
    assert first == {"name": "Machakos Farmers", "role": "partner"}
    assert second == {"org": "safaricom"}


def test_a_heading_goes_to_its_place() -> None:
    body = "## Context\n\nA\n\n## Results\n\nB\n"
    assert missing_headings(body, "en")[:2] == ("What was done", "What went wrong")
    assert missing_headings("## Contexte\n", "fr")[0] == "Ce qui a été fait"
    new = with_heading(body, "What was done")
    assert new == "## Context\n\nA\n\n## What was done\n\n\n\n## Results\n\nB\n"
    assert with_heading(new, "What was done") == new
    assert with_heading("", "Lessons") == "## Lessons\n\n"
    assert with_heading("A\n", "Lessons") == "A\n\n## Lessons\n\n"


def test_groups_of_any_depth_pass_through_the_form() -> None:
    text = factories.file_text(
        {"title": "A pack", "objectives": ["One", "Two"],
         "sections": [{"title": "S", "items": [{"case": "a", "questions": ["Q?", "R?"]}]}]},
        "\nHello\n", "pack",
    )  # fmt: skip
    document = parse(Key("pack", "a-pack"), text)
    form = acted("pack", form_of(document), "add:sections.0.items")
    form.typed["sections"][0].values["items"][1].values["case"] = "b"
    back = read_form("pack", [*pairs_of(form.typed), ("body", form.body)])
    new = parse(document.key, written(document, back)).front["sections"][0]
    assert new == {"title": "S", "items": [{"case": "a", "questions": ["Q?", "R?"]}, "b"]}
    untouched = read_form("pack", [*pairs_of(form_of(document).typed), ("body", "Hello\n")])
    assert written(document, untouched) == text
