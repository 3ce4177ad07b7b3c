"""What is wrong in a document is said at its line, all of it, with what would be right."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.document import Document, Key, Problem, parse
from tests.factories import BODY, SOURCES, case_text, document, file_text, front, vocabularies


def said(document: Document) -> dict[str, str]:
    """Give the message of each field that has a problem."""
    return {problem.field: problem.message for problem in document.problems}


def errors(**changes: Any) -> dict[str, str]:
    return {problem.field: problem.message for problem in document(**changes).errors}


def warnings(**changes: Any) -> dict[str, str]:
    problems = document(**changes).problems
    return {problem.field: problem.message for problem in problems if problem.warning}


def test_a_problem_reads_as_line_field_and_message() -> None:
    assert str(Problem(3, "title", "is empty")) == "3: title: is empty"
    assert str(Problem(3, "x", "is odd", warning=True)) == "3: x: warning: is odd"


@pytest.mark.parametrize("name", ["title", "summary", "themes", "period", "sources"])
def test_what_a_case_must_have_is_asked_for(name: str) -> None:
    body = BODY.replace("[1]", "").replace("[2]", "")
    changes: dict[str, Any] = {name: None, "body": body, "funding": None, "results": None}
    assert list(errors(**changes)) == [name]
    assert errors(**changes)[name].startswith("is missing: ")


def test_a_case_needs_a_country_or_a_region() -> None:
    assert list(errors(countries=None)) == ["countries"]
    assert errors(countries=None, regions=["africa"]) == {}
    assert list(errors(countries=[], regions=None)) == ["countries"]


def test_a_case_and_a_page_need_a_text_and_a_pack_does_not() -> None:
    assert "body" in errors(body=" \n")
    text = "---\ntitle: x\n---\n"
    assert "body" in said(parse(Key("page", "a"), text))
    assert "body" not in said(parse(Key("pack", "a"), text))


def test_every_problem_has_the_line_of_its_value() -> None:
    text = """---
title: 5
summary: "too short"
themes: [digital-payments,
         e-helth]
countries: [KE]
colour: red
period:
  start: 2010
  end: 2007
results:
  - {indicator: "Users", value: "many", year: 2008,
     source: 7}
  - {indicator: "Users", year: 2008, source: 1}
sources:
  - {id: 1, title: "x", url: "javascript:alert(1)"}
---

## Results

See [3].
"""
    found = [(p.line, p.field) for p in parse(Key("case", "a"), text, vocabularies()).problems]
    assert found == [
        (2, "title"),
        (3, "summary"),
        (5, "themes[2]"),
        (7, "colour"),
        (10, "period.end"),
        (12, "results[1].value"),
        (13, "results[1].source"),
        (14, "results[2].value"),
        (16, "sources[1].url"),
        (21, "body"),
    ]


def test_problems_come_in_the_order_of_lines() -> None:
    lines = [problem.line for problem in document(title=1, license=2, outcome=3, sdgs=4).problems]
    assert lines == sorted(lines)
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("digital-payment", "digital-payments"),
        ("Digital Payments", "digital-payments"),
        ("Digital payments (fr)", "digital-payments"),
        ("E-HEALTH", "e-health"),
    ],
)
def test_an_unknown_term_is_answered_with_the_nearest(typed: str, meant: str) -> None:
    message = errors(themes=[typed])["themes[1]"]
    assert f"did you mean {meant}?" in message
    assert "vocabularies/themes.yaml" in message


def test_a_country_may_be_told_by_its_name() -> None:
    assert "did you mean KE?" in errors(countries=["Kenya"])["countries[1]"]
    assert "did you mean NO?" in errors(countries=["no"])["countries[1]"]
    assert errors(countries=["NO"]) == {}


def test_a_term_that_resembles_none_is_answered_without_a_guess() -> None:
    assert "did you mean" not in errors(themes=["zzzzzz"])["themes[1]"]


def test_terms_are_not_looked_up_without_vocabularies() -> None:
    assert parse(Key("case", "a"), case_text(themes=["whatever"])).problems == ()


def test_unknown_fields_are_warnings_with_a_guess_and_are_kept() -> None:
    checked = document(sumary="x")
    assert checked.errors == ()
    assert "did you mean summary?" in said(checked)["sumary"]
    assert checked.front["sumary"] == "x"


def test_unknown_fields_inside_of_groups_are_warnings_too() -> None:
    found = warnings(period={"start": 2000, "ende": 2001})
    assert "did you mean end?" in found["period.ende"]


def test_a_free_organisation_is_a_warning_and_two_names_are_an_error() -> None:
    free = {"name": "Somebody", "role": "funder"}
    assert "organisations.yaml" in warnings(organisations=[free])["organisations[1].name"]
    assert errors(organisations=[free]) == {}
    assert "organisations[1].name" in errors(organisations=[{**free, "org": "safaricom"}])
    assert "organisations[1].org" in errors(organisations=[{"role": "funder"}])
    assert "organisations[1].role" in errors(organisations=["safaricom"])


def test_a_bare_value_may_stand_for_a_group() -> None:
    assert errors(sdgs=[1, {"goal": 5}]) == {}
    assert "sdgs[1].goal" in errors(sdgs=[18])
    assert "sdgs[2].goal" in errors(sdgs=[{"goal": 1, "why": "x"}, {"goal": 1}])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period": {"start": None, "end": None}}, "period.start"),
        ({"period": {"end": 2007}}, "period.start"),
        ({"period": {"start": 2008, "end": 2007}}, "period.end"),
        ({"period": {"start": "2008"}}, "period.start"),
        ({"period": {"start": 208}}, "period.start"),
        ({"period": 2008}, "period"),
        ({"period": [2008]}, "period"),
        ({"status": "withdrawn"}, "status"),
        ({"status": "archived"}, "status"),
        ({"status": "Published"}, "status"),
        ({"title": "x" * 161}, "title"),
        ({"title": " "}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": ["x"]}, "title"),
        ({"summary": "x" * 39}, "summary"),
        ({"summary": "x" * 401}, "summary"),
        ({"themes": "digital-payments"}, "themes"),
        ({"themes": []}, "themes"),
        ({"themes": [["x"]]}, "themes[1]"),
        ({"themes": [True]}, "themes[1]"),
        ({"outcome": ["scaled"]}, "outcome"),
        ({"published": "2026-11-23"}, "published"),
        ({"published": 2026}, "published"),
        ({"aliases": ["Old Name"]}, "aliases[1]"),
        ({"lang": "english"}, "lang"),
        ({"lang": "qqq"}, "lang"),
        ({"checked": {"by": "x"}}, "checked.date"),
        ({"contact": {"url": "x"}}, "contact.name"),
        ({"translation_of": {"slug": "a", "revision": "3f9a0c12b7de"}}, "translation_of"),
        ({"license": 4}, "license"),
    ],
)
def test_a_field_that_is_wrong_is_an_error(changes: dict[str, Any], field: str) -> None:
    assert field in errors(**changes)


def test_a_start_that_is_not_known_needs_a_note() -> None:
    assert errors(period={"start": None, "end": None, "start_note": "In the 1990s"}) == {}


def test_withdrawn_needs_a_reason() -> None:
    assert errors(status="withdrawn", status_reason="It was a mistake.") == {}


@pytest.mark.parametrize("lang", ["en", "pt-BR", "zh-Hans", "ar", "pcm", "es-419", "sr-Latn-RS"])
def test_language_tags_are_those_of_bcp_47(lang: str) -> None:
    assert errors(lang=lang) == {}


@pytest.mark.parametrize(
    ("result", "field"),
    [
        ({}, "results[1].value"),
        ({"value": "1,600"}, "results[1].value"),
        ({"value": True}, "results[1].value"),
        ({"value": float("nan")}, "results[1].value"),
        ({"value": float("inf")}, "results[1].value"),
        ({"min": 3, "max": 2}, "results[1].max"),
        ({"min": 3}, "results[1].min"),
        ({"value": 1, "min": 1, "max": 2}, "results[1].min"),
        ({"value": 1, "source": 9}, "results[1].source"),
        ({"value": 1, "source": "1"}, "results[1].source"),
        ({"value": 1, "year": "2008"}, "results[1].year"),
        ({"value": 1, "counted_by": "me"}, "results[1].counted_by"),
        ({"value": 1, "indicator": None}, "results[1].indicator"),
    ],
)
def test_a_result_needs_a_figure_and_a_source_that_exists(
    result: dict[str, Any], field: str
) -> None:
    whole = {"indicator": "Users", "year": 2008, "source": 1, **result}
    assert field in errors(results=[{name: v for name, v in whole.items() if v is not None}])


@pytest.mark.parametrize("result", [{"value": 0}, {"min": 0, "max": 0}, {"value": -1.5}])
def test_a_result_may_be_a_figure_or_a_range(result: dict[str, Any]) -> None:
    assert errors(results=[{"indicator": "Users", "year": 2008, "source": 1, **result}]) == {}


def test_a_figure_without_year_or_source_is_a_warning() -> None:
    found = warnings(results=[{"indicator": "Users", "value": 1}])
    assert set(found) == {"results[1].year", "results[1].source"}
    assert warnings(results=[{"indicator": "U", "value": 1, "year_note": "?", "source": 1}]) == {}


@pytest.mark.parametrize(
    ("funding", "field"),
    [
        ({"currency": "Pounds"}, "funding[1].currency"),
        ({"currency": "gbp"}, "funding[1].currency"),
        ({"amount": -1}, "funding[1].amount"),
        ({"amount": None}, "funding[1].amount"),
        ({"by": "nobody"}, "funding[1].by"),
        ({"source": 3}, "funding[1].source"),
    ],
)
def test_funding_needs_amount_and_currency(funding: dict[str, Any], field: str) -> None:
    whole = {"amount": 1, "currency": "GBP", "year": 2004, "source": 1, **funding}
    assert field in errors(funding=[whole])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "//example.org", "example.org", "https://",
        "https:///path", "http:example.org", "ftp://example.org", "https://exa mple.org",
        "https://example.org/\"onclick", "https://user:pass@example.org", "https://[::1",
        "https://example.org:99999", " https://example.org", "https://<x>", "https://ex\namples.org",
        "https://" + "x" * 2000, 5, ["https://example.org"],
    ],
)  # fmt: skip
def test_an_address_must_be_one_of_the_web(url: object) -> None:
    assert "sources[1].url" in errors(sources=[{**SOURCES[0], "url": url}, SOURCES[1]])


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org", "http://example.org:8080/a?b=c&d=%20#e", "https://münchen.example/ä",
        "https://192.0.2.1/x", "https://[2001:db8::1]/x", "HTTPS://EXAMPLE.ORG/",
        "http://webarchive.example/+/http:/www.example.org/a_(b)", "https://ex_ample.org./",
    ],
)  # fmt: skip
def test_real_addresses_are_accepted(url: str) -> None:
    assert errors(sources=[{**SOURCES[0], "url": url}, SOURCES[1]]) == {}


def test_ids_of_sources_differ() -> None:
    found = errors(sources=[*SOURCES, {**SOURCES[0], "id": 2}])
    assert found == {"sources[3].id": "2 is there twice: delete one or change it"}


def test_a_term_named_twice_is_a_warning() -> None:
    assert "themes[2]" in warnings(themes=["e-health", "e-health"])


def test_a_null_where_none_is_meant_is_said_to_be_empty() -> None:
    assert errors(body=BODY) == {}
    text = case_text().replace("outcome: scaled", "outcome:")
    problems = parse(Key("case", "a"), text, vocabularies()).problems
    assert [(p.field, p.warning) for p in problems] == [("outcome", True)]


def test_numbers_and_texts_are_told_apart_with_the_remedy() -> None:
    assert '"1984"' in errors(title=1984)["title"]
    assert "without quotes" in errors(published="2026-11-23")["published"]


# The body.


def body_problems(body: str, **changes: Any) -> list[tuple[int, str]]:
    text = file_text(front(**changes), body)
    first = text.split("\n---\n")[0].count("\n") + 3
    problems = parse(Key("case", "a"), text, vocabularies()).problems
    return [(p.line - first + 1, p.message) for p in problems if p.field == "body"]


def test_a_reference_without_a_source_is_an_error_at_its_line() -> None:
    ((line, message),) = body_problems("One [1].\n\nTwo [2]\nand [7].\n")
    assert line == 4
    assert message == "[7] leads to no source: add it to sources, or use one of 1, 2"


@pytest.mark.parametrize(
    "body",
    [
        "`[7]`", "``a ` [7]``", "```\n[7]\n```", "~~~~ x\n[7]\n~~~\n[7]\n~~~~",
        "[7](https://x.example)",
        "![7](media/x.png)", "a[^7]\n\n[^7]: Note", "x\\[7]", "[a7]", "Text\n\n    [7]\n",
        "a[7] is an index",
        "<!-- [7]\n[7] -->", "- item\n\n  text\n\n`[7]`", "[٧]", "[" + "7" * 5000 + "]",
        "See [7].\n\n[7]: https://example.org/seven\n", "[seven][7]\n\n[7]: https://example.org",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_reference_is_left_alone(body: str) -> None:
    assert body_problems(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "[7]",
        "so [1][7].",
        "([7])",
        "*[7]*",
        "- [7]",
        "> [7]",
        "[7], x",
        "- item\n\n    more [7]",
        "`a` [7] `b`",
    ],
)
def test_references_are_found_wherever_they_stand(body: str) -> None:
    assert len(body_problems(body)) == 1


def test_headings_stand_in_their_order() -> None:
    body = "## Results\n\nx\n\n## Context\n\nx\n\n## Results\n\nx\n"
    assert body_problems(body) == [
        (5, '"Context" must stand before "Results"'),
        (9, '"Results" is there twice: join the two parts'),
    ]


def test_an_unknown_heading_is_a_warning_with_a_guess() -> None:
    text = case_text(body="## What went worng\n\nx\n")
    (problem,) = parse(Key("case", "a"), text, vocabularies()).problems
    assert problem.warning
    assert "did you mean What went wrong?" in problem.message


def test_headings_are_recognised_in_every_way_to_write_them() -> None:
    for heading in ("## Context ##", "Context\n-------", "##  context", "   ## Context:"):
        assert body_problems(f"{heading}\n\nx\n\n### Anything\n\n```\n## Not one\n```\n") == []


def test_headings_of_other_languages_are_their_own() -> None:
    assert body_problems("## Contexte\n\nx\n", lang="fr") == []


# Translations.


def french(**changes: Any) -> dict[str, str]:
    of = {"slug": "cash-by-phone", "revision": "3f9a0c12b7de"}
    return errors(translation="fr", **{"lang": "fr", "translation_of": of, **changes})


def test_a_translation_says_what_it_translates() -> None:
    assert french() == {}
    assert list(french(translation_of=None)) == ["translation_of"]
    assert "translation_of.revision" in french(translation_of={"slug": "cash-by-phone"})


def test_a_translation_belongs_to_its_file() -> None:
    of = {"slug": "another", "revision": "3f9a0c12b7de"}
    assert "cash-by-phone" in french(translation_of=of)["translation_of.slug"]
    assert "must be fr" in french(lang="es")["lang"]
    assert "must be fr" in french(lang=None)["lang"]


def test_a_revision_made_of_digits_must_be_quoted() -> None:
    text = case_text().replace(
        "lang: en", "lang: fr\ntranslation_of: {slug: a, revision: 123456789012}"
    )
    checked = parse(Key("case", "a", "fr"), text, vocabularies())
    assert "double quotes" in said(checked)["translation_of.revision"]


def test_a_translation_inherits_nothing() -> None:
    assert list(french(themes=None)) == ["themes"]


# Packs and pages.


def pack(**changes: Any) -> dict[str, str]:
    values = {
        "title": "A course", "audience": "Officials", "objectives": ["Tell a pilot from a service"],
        "sections": [{"title": "One", "items": [
            {"case": "cash-by-phone", "revision": "latest", "minutes": 20, "questions": ["Why?"]},
            "another-case",
        ]}],
        **changes,
    }  # fmt: skip
    checked = parse(Key("pack", "a"), file_text(values, "Welcome.", kind="pack"), vocabularies())
    return {problem.field: problem.message for problem in checked.problems}


def test_a_pack_is_checked_to_its_last_question() -> None:
    assert pack() == {}
    item = {"case": "X", "revision": "newest", "minutes": 0, "questions": [1]}
    assert set(pack(sections=[{"title": "One", "items": [item]}])) == {
        "sections[1].items[1].case",
        "sections[1].items[1].revision",
        "sections[1].items[1].minutes",
        "sections[1].items[1].questions[1]",
    }


def test_a_page_needs_a_title_alone() -> None:
    assert parse(Key("page", "about"), "---\ntitle: About\n---\nText [9].\n").problems == ()
