"""What the index keeps of a document."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.case import entry_of, from_json, jsonable
from indexer.document import Key, parse
from indexer.fields import FIELDS
from indexer.vocabulary import Vocabularies
from tests.factories import (
    BODY,
    case_text,
    document,
    entry,
    file_text,
    front,
    vocabularies,
    vocabulary_texts,
)


def test_texts_and_years_are_columns_of_their_own() -> None:
    one = entry()
    assert one.key == Key("case", "cash-by-phone")
    assert (one.title, one.lang) == ("Cash by phone in Kenya", "en")
    assert one.summary.startswith("People in a district")
    assert (one.start, one.end) == (2006, None)
    assert one.published == "2026-11-23"


def test_every_facet_has_its_ids_in_order_and_once() -> None:
    assert entry(themes=["gender-inclusion", "e-health", "gender-inclusion"]).facets == {
        "theme": ("gender-inclusion", "e-health"),
        "technology": ("mobile-sms-ussd",),
        "country": ("KE", "TZ"),
        "region": ("africa", "eastern-africa", "ldc"),
        "sdg": ("1", "8"),
        "action_line": ("C2", "C11"),
        "modality": ("public-private",),
        "outcome": ("scaled",),
        "evidence": ("self-reported",),
        "beneficiary": ("women",),
        "organisation": ("safaricom",),
        "funding": ("yes",),
        "language": ("en",),
        "glossary": (),
        "part": ("safaricom implementer",),
        "paid": ("uk-dfid grant",),
    }


def test_a_case_without_funding_has_none_of_that_facet() -> None:
    assert entry(funding=None).facets["funding"] == ()
    assert entry(funding=[]).facets["funding"] == ()


def test_a_region_named_as_such_counts_with_all_above_it() -> None:
    found = entry(countries=None, regions=["western-africa"]).facets
    assert (found["country"], found["region"]) == ((), ("africa", "western-africa"))


def test_names_are_the_labels_of_all_terms_by_language() -> None:
    names = {lang: set(lines.split("\n")) for lang, lines in entry().names.items()}
    assert {"Safaricom", "Digital payments", "Kenya", "Africa", "Women"} <= names["en"]
    assert {"Tanzanie", "Afrique", "Digital payments (fr)"} <= names["fr"]
    assert "坦桑尼亚" in names["zh"]


def test_names_have_the_organisations_without_an_id_too() -> None:
    free = {"name": "A village bank", "role": "partner"}
    assert "A village bank" in entry(organisations=[free]).names["en"].split("\n")


def test_no_name_is_there_twice() -> None:
    lines = entry(themes=["e-health", "e-health"]).names["en"].split("\n")
    assert len(lines) == len(set(lines))


def test_synonyms_of_themes_and_places_are_names_too() -> None:
    text = "- {id: e-health, labels: {en: E-health}, synonyms: {en: [telemedicine], fr: télésanté}}"
    known = Vocabularies({**vocabulary_texts(), "themes": text})
    names = entry_of(document(themes=["e-health"]), known).names
    assert {"E-health", "telemedicine"} <= set(names["en"].split("\n"))
    assert "télésanté" in names["fr"].split("\n")


def test_the_body_is_plain_text_and_the_record_keeps_the_markdown() -> None:
    one = entry()
    assert "A network of agents was built, see the report." in one.body
    assert one.body.startswith("Few people"), "headings that every case has are left out"
    assert one.record["body"].strip() == BODY.strip()


def test_the_record_is_json_and_names_the_revision() -> None:
    one = entry()
    assert json.loads(json.dumps(one.record)) == one.record
    assert one.record["front"]["published"] == "2026-11-23"
    assert one.record["front"]["period"] == {"start": 2006, "end": None}
    assert one.record["revision"] == document().revision


def test_a_page_has_no_facets() -> None:
    page = parse(Key("page", "about"), "---\ntitle: About us\n---\nWe *are* here.\n")
    one = entry_of(page, vocabularies())
    assert (one.title, one.body, one.facets, one.names) == ("About us", "We are here.", {}, {})


def test_a_translation_speaks_for_itself() -> None:
    one = entry(translation="fr", lang="fr", themes=None)
    assert one.key.lang == "fr"
    assert one.facets["theme"] == ()
    assert one.facets["language"] == ("fr",)


def test_a_file_without_front_matter_is_found_by_its_slug_and_text() -> None:
    one = entry_of(parse(Key("case", "a-case"), "Only text"), vocabularies())
    assert (one.title, one.body, one.start, one.published) == ("a-case", "Only text", None, "")


anything = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=5)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["org", "goal", "start", "name", "x"]), inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from([field.name for field in FIELDS["case"]]), anything, max_size=6)
)
def test_whatever_a_field_holds_the_case_is_checked_and_has_an_entry(
    changes: dict[str, Any],
) -> None:
    wild = parse(Key("case", "wild"), file_text({**front(), **changes}), vocabularies())
    one = entry_of(wild, vocabularies())
    json.dumps(one.record, allow_nan=False)
    assert all(isinstance(term, str) for terms in one.facets.values() for term in terms)
    assert isinstance(one.title, str)


@given(st.text())
def test_every_text_has_an_entry(text: str) -> None:
    json.dumps(entry_of(parse(Key("case", "wild"), text), vocabularies()).record)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 11, 23), "2026-11-23"), ({1: [date(2026, 1, 2)]}, {"1": ["2026-01-02"]}),
        (float("nan"), None), (float("inf"), None), (1.5, 1.5), (True, True), ("x", "x"),
        ((1,), [1]),
    ],
)  # fmt: skip
def test_values_become_json(value: object, expected: object) -> None:
    assert jsonable(value) == expected


def test_from_json_what_the_table_calls_a_date_is_one_again() -> None:
    own = {
        **front(), "title": "2026-11-23", "checked": {"date": date(2026, 11, 23), "by": "A"},
        "published": date(2026, 11, 1), "updated": "20261101", "mine": "2026-11-02",
        "results": [{"indicator": "2026-11-03", "value": 1, "unit": "people"}],
    }  # fmt: skip
    assert from_json("case", jsonable(own)) == own


def test_a_case_text_of_the_factory_is_valid() -> None:
    assert parse(Key("case", "a"), case_text(), vocabularies()).problems == ()
