"""What strangers type becomes a text where nothing else differs; bad input is told at its field."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document, parse
from indexer.values import Key
from kb.forms.account import FormIncomplete
from kb.forms.outside import (
    GROWTH,
    LINKS,
    TRAP,
    ReportForm,
    Sending,
    SuggestForm,
    UsedForm,
    answer_of,
)
from kb.forms.sections import sections_of, with_sections
from kb.forms.widgets import sent_lines
from kb.services.reports import ABOUT
from tests import factories

VOCABULARIES = factories.vocabularies()
KEY = Key("case", "cash-by-phone")
LINE = st.sampled_from(
    ["", "## Context", "## What was done", "### Under it", "Some words [1].", "  indented", "\ttab",
     "Underlined", "----", "====", "- item", "```", "    code", "# Top", "Ünï \u200c çode", "   "]
)  # fmt: skip
BODIES = st.builds(
    lambda lines, breaks: "".join(a + b for a, b in zip(lines, breaks, strict=False)),
    st.lists(LINE, max_size=12),
    st.lists(st.sampled_from(["\n", "\r\n", "\n\n", "\r"]), min_size=12, max_size=12),
)


def case(**changes: object) -> Document:
    return parse(KEY, factories.case_text(**changes), VOCABULARIES)  # type: ignore[arg-type]


def sent(document: Document, **changes: str) -> dict[str, str]:
    """The form as a browser sends it back, with some fields changed."""
    form = SuggestForm.made_of(document)
    fields = {**form.typed, **{f"part.{n}": text for n, text in form.parts.items()}}
    fields = {name: text.replace("\n", "\r\n") for name, text in fields.items()}
    return {**fields, "base": form.base, "why": "It was wrong.", **changes}


def changed_lines(old: str, new: str) -> list[str]:
    found = difflib.unified_diff(old.splitlines(True), new.splitlines(True), n=0)
    return [line for line in found if line[0] in "+-" and line[:3] not in ("+++", "---")]


def told(document: Document, **changes: str) -> dict[str, str]:
    with pytest.raises(FormIncomplete) as raised:
        SuggestForm.of(sent(document, **changes)).text(document)
    return dict(raised.value.problems)


# Parts of a body -----------------------------------------------------------------------------


@given(BODIES)
def test_the_parts_of_a_body_are_the_body(body: str) -> None:
    parts = sections_of(body)
    assert "".join(one.above + one.text + one.below for one in parts) == body
    as_shown = {place: one.shown for place, one in enumerate(parts)}
    assert with_sections(body, as_shown) == body
    as_sent = {n: sent_lines(text.replace("\n", "\r\n")) for n, text in as_shown.items()}
    assert with_sections(body, as_sent) == body


@given(BODIES, st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=40))
def test_a_part_that_is_changed_leaves_the_others_as_they_are(body: str, typed: str) -> None:
    parts = sections_of(body)
    for place, one in enumerate(parts):
        new = with_sections(body, {place: typed})
        before = "".join(p.above + p.text + p.below for p in parts[:place]) + one.above
        after = "".join(p.above + p.text + p.below for p in parts[place + 1 :])
        assert new.startswith(before)
        assert new.endswith(after)
        middle = new[len(before) : len(new) - len(after)]
        assert sent_lines(middle).strip("\n") == sent_lines(typed).strip("\n")


def test_headings_are_known_as_readers_know_them() -> None:
    body = "\nLead.\n\n## Context\n\nText.\n\nUnder\n-----\n\nMore.\n\n    ## code\n\n## Empty\n"
    assert [(one.heading, one.text) for one in sections_of(body)] == [
        ("", "Lead."), ("Context", "Text."), ("Under", "More.\n\n    ## code"), ("Empty", ""),
    ]  # fmt: skip


def test_a_text_in_an_empty_part_is_set_apart_by_empty_lines() -> None:
    body = "## Context\n## Results\n\nMore.\n"
    assert with_sections(body, {0: "New."}) == "## Context\n\nNew.\n\n## Results\n\nMore.\n"


# A changed text ------------------------------------------------------------------------------


def test_a_form_that_comes_back_as_it_was_is_the_text_byte_for_byte() -> None:
    for newline in ("\n", "\r\n"):
        text = factories.case_text().replace("\n", newline).replace("themes", "# why\nthemes")
        document = parse(KEY, text, VOCABULARIES)
        assert SuggestForm.of(sent(document)).text(document) == text


def test_the_difference_is_what_was_touched_and_nothing_else() -> None:
    document = case()
    part = SuggestForm.made_of(document).parts[2].replace("1,200", "1,300")
    form = SuggestForm.of(sent(document, **{"part.2": part, "title": "Cash by telephone in Kenya"}))
    assert changed_lines(document.text, form.text(document)) == [
        '-title: "Cash by phone in Kenya"\n', '+title: "Cash by telephone in Kenya"\n',
        "-By 2008 some 1,200 people used it [2].\n", "+By 2008 some 1,300 people used it [2].\n",
    ]  # fmt: skip


def test_bytes_that_are_no_text_stay_where_nobody_changed_the_line() -> None:
    body = b"\n## Context\n\nCaf\xe9 [1].\n\n## Results\n\nGood [2].\n"
    odd = factories.case_text(body.decode("utf-8", "surrogateescape"))
    document = parse(KEY, odd, VOCABULARIES)
    form = SuggestForm.of(sent(document, **{"part.1": "Better [2]."}))
    assert form.text(document) == odd.replace("Good", "Better")


def test_where_the_front_matter_is_broken_the_text_can_still_be_mended() -> None:
    text = "---\ntitle: [never closed\n---\n\n## Context\n\nWrong.\n"
    document = parse(KEY, text, VOCABULARIES)
    assert SuggestForm.made_of(document).typed == {}
    form = SuggestForm.of(sent(document, **{"part.0": "Right."}))
    assert form.text(document) == text.replace("Wrong", "Right")


def test_a_part_or_field_that_was_not_sent_stays() -> None:
    document = case()
    form = SuggestForm.of(
        {"base": document.revision, "why": "x", "part.9": "nothing", "part.x": ""}
    )
    assert form.text(document) == document.text


def test_what_is_missing_or_too_long_is_told_at_its_field() -> None:
    document = case()
    assert "what you changed" in told(document, why=" ")["why"]
    assert told(document, title=" ")["title"] == "Do not leave it empty."
    assert "40" in told(document, summary="Too short.")["summary"]
    assert "160" in told(document, title="x" * 200)["title"]
    most = len(SuggestForm.made_of(document).parts[0]) + GROWTH
    assert f"{most}" in told(document, **{"part.0": "x" * (most + 1)})["part.0"]
    assert "2000" in told(document, why="x" * 2001)["why"]
    assert "100" in told(document, name="x" * 101)["name"]
    assert "name@example.org" in told(document, email="nobody")["email"]


def test_a_summary_that_was_bad_before_keeps_nobody_from_mending_something_else() -> None:
    document = case(summary="Too short.")
    form = SuggestForm.of(sent(document, **{"part.0": "Better."}))
    assert "Better." in form.text(document)


def test_more_web_addresses_than_people_bring_are_refused() -> None:
    document = case()
    links = " ".join(f"https://spam.example/{n}" for n in range(LINKS + 1))
    found = told(document, **{"part.0": links})
    assert f"at most {LINKS}" in found[""]
    assert "part.0" not in found
    assert "why" in told(document, why=links)
    form = SuggestForm.of(sent(document, **{"part.0": links.rpartition(" ")[0]}))
    assert "spam.example/4" in form.text(document)


def test_what_fills_in_the_field_that_nobody_sees_is_asked_again() -> None:
    document = case()
    assert "once more" in told(document, **{TRAP: "https://spam.example"})[""]


def test_names_and_words_hold_nothing_that_cannot_be_seen() -> None:
    form = SuggestForm.of(
        {"name": "Eva\u202e\0\n Lind", "why": "one\u202e two \r\n\u0645\u06cc\u200c\u062e\u0648"}
    )
    assert form.sending.name == "Eva Lind"
    assert form.why == "one two\n\u0645\u06cc\u200c\u062e\u0648"


# "I used this" -------------------------------------------------------------------------------

USED = {"country": "TZ", "year": "2019", "told": "With radio.\r\nIt failed."}


def used(document: Document, **changes: str) -> str:
    return UsedForm.of({**USED, **changes}).text(document, VOCABULARIES, 2026)


def used_told(document: Document, **changes: str) -> dict[str, str]:
    with pytest.raises(FormIncomplete) as raised:
        used(document, **changes)
    return dict(raised.value.problems)


def test_a_use_becomes_a_row_and_its_evidence_a_source() -> None:
    document = case()
    text = used(document, who="Radio Ministry", url="https://example.org/radio", url_title="Radio")
    note, url = "Radio Ministry: With radio. It failed.", "https://example.org/radio"
    assert changed_lines(document.text, text) == [
        "+replications:\n",
        f'+  - {{country: TZ, year: 2019, note: "{note}", source: 3}}\n',
        f'+  - {{id: 3, title: "Radio", url: "{url}", publisher: "Radio Ministry"}}\n',
    ]
    assert parse(KEY, text, VOCABULARIES).errors == ()


def test_a_use_is_added_to_those_that_are_there_and_may_have_no_source() -> None:
    document = case(replications=[{"country": "UG", "year": 2009, "note": "Done.", "source": 2}])
    assert changed_lines(document.text, used(document)) == [
        '+  - {country: TZ, year: 2019, note: "With radio. It failed."}\n'
    ]


def test_a_source_that_is_there_already_is_pointed_at() -> None:
    text = used(case(), url="https://example.org/survey")
    assert "source: 2}" in text
    assert "{id: 3" not in text
    assert 'title: "example.org"' in used(case(), url="https://example.org/other")


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "XX"), ("country", ""), ("country", "<b>"), ("year", "19"), ("year", "2099"),
     ("year", "0000"), ("year", "٢٠١٩"), ("told", " "), ("told", "x" * 401), ("told", "x" * 2001),
     ("who", "x" * 101), ("url", "javascript:alert(1)"), ("url", "example.org"),
     ("url", "http://[::1"), ("url", "https://"), ("url", "https://exa mple.org/"),
     ("email", "x")],
)  # fmt: skip
def test_a_use_that_cannot_be_told_is_told_at_its_field(field: str, value: str) -> None:
    found = used_told(case(), **{field: value})
    assert set(found) == {field}
    assert all(
        text[:1].isupper() and text.rstrip().endswith((".", "org")) for text in found.values()
    )


def test_the_name_counts_for_the_length_of_the_note() -> None:
    assert "413" in used_told(case(), who="Somebody Else", told="x" * 398)["told"]


def test_a_title_without_an_address_asks_for_the_address() -> None:
    assert "url" in used_told(case(), url_title="A title")
    long = used_told(case(), url="https://example.org/", url_title="x" * 301)
    assert set(long) == {"url_title"}


def test_a_front_matter_that_cannot_be_changed_leads_to_a_report() -> None:
    text = "---\ntitle: [never closed\n---\n\nText.\n"
    found = used_told(parse(KEY, text, VOCABULARIES))
    assert "report" in found[""]
    assert "report" in used_told(case(replications="none"))[""]


# A problem -----------------------------------------------------------------------------------


def test_a_problem_needs_a_kind_and_words() -> None:
    with pytest.raises(FormIncomplete) as raised:
        ReportForm.of({"about": "<script>", "place": "x" * 301}).problem()
    assert set(raised.value.problems) == {"about", "place", "words"}
    for about in ABOUT:
        form = ReportForm.of({"about": about, "words": "It is wrong.", "place": "Source 3"})
        assert (form.problem().about, form.problem().place) == (about, "Source 3")


def test_an_answer_is_taken_as_it_was_typed() -> None:
    given = answer_of({"state": "left", "answer": " one\r\ntwo ", "seen": "x"})
    assert (given.state, given.words, given.seen) == ("left", "one\ntwo", "x")


def test_a_sending_without_anything_is_fine() -> None:
    assert Sending.of({}).problems() == {}
