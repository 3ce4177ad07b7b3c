"""The table of fields, and what is written from it: JSON Schema and the reference page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from indexer.document import Key, parse
from indexer.field import Field
from indexer.field_types import TYPES
from indexer.fields import FIELDS, RULES, fields_reference, json_schema, reference_page
from indexer.vocabulary import NAMES
from tests.factories import file_text, front, vocabularies

ROOT = Path(__file__).resolve().parents[2]


def walk(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from walk(field.fields)


ALL = [field for kind in FIELDS for field in walk(FIELDS[kind])]


def as_json(values: dict[str, Any]) -> Any:
    return json.loads(json.dumps(values, default=str))


def invalid(**changes: Any) -> list[str]:
    schema = json_schema("case", vocabularies())
    return [
        "/".join(map(str, error.absolute_path))
        for error in Draft202012Validator(schema).iter_errors(as_json(front(**changes)))
    ]


@pytest.mark.parametrize("field", ALL, ids=lambda field: field.name)
def test_every_field_has_a_known_type_a_help_and_an_example(field: Field) -> None:
    assert field.type == "group" or field.type in TYPES
    assert field.help.endswith(".")
    assert field.example
    assert bool(field.fields) == (field.type == "group")
    assert bool(field.vocabulary) == (field.type == "term")
    assert not field.vocabulary or field.vocabulary in NAMES
    assert not field.short or field.field(field.short)
    assert not field.unique or field.field(field.unique)


@pytest.mark.parametrize("kind", list(FIELDS))
def test_no_name_is_there_twice_and_every_kind_has_rules(kind: str) -> None:
    names = [field.name for field in FIELDS[kind]]
    assert len(names) == len(set(names))
    assert kind in RULES


@pytest.mark.parametrize("kind", list(FIELDS))
def test_the_examples_of_the_table_are_valid_yaml_of_their_fields(kind: str) -> None:
    for field in FIELDS[kind]:
        text = f"---\n{field.name}: {field.example}\n---\nBody\n"
        checked = parse(Key(kind, "an-example"), text)
        assert field.name in checked.front
        assert "front matter" not in {problem.field for problem in checked.errors}


def test_the_facets_are_those_of_the_search() -> None:
    assert {field.facet for field in FIELDS["case"]} - {""} == {
        "theme", "technology", "region", "country", "sdg", "action_line", "modality", "outcome",
        "evidence", "language", "beneficiary", "funding", "organisation",
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(FIELDS))
def test_the_schema_is_one_of_draft_2020_12(kind: str) -> None:
    for known in (None, vocabularies()):
        schema = json_schema(kind, known)
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"].endswith("2020-12/schema")
        json.dumps(schema)


def test_the_schema_accepts_a_valid_case() -> None:
    assert invalid() == []
    assert invalid(unknown="kept", period={"start": None, "end": None, "start_note": "x"}) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": None}, ""),
        ({"countries": None}, ""),
        ({"title": "x" * 161}, "title"),
        ({"themes": ["other"]}, "themes/0"),
        ({"themes": []}, "themes"),
        ({"status": "withdrawn"}, ""),
        ({"sources": [{"id": 1}]}, "sources/0"),
        ({"sources": [{"id": 1, "title": "x", "url": "javascript:x"}]}, "sources/0/url"),
        ({"results": [{"indicator": "x"}]}, "results/0"),
        ({"results": [{"indicator": "x", "min": 1}]}, "results/0"),
        ({"period": {"start": None}}, "period"),
        ({"period": {"start": "2007"}}, "period/start"),
        ({"sdgs": [18]}, "sdgs/0"),
    ],
)
def test_the_schema_refuses_what_the_checks_refuse(changes: dict[str, Any], path: str) -> None:
    assert path in invalid(**changes)
    assert parse(Key("case", "a"), file_text(front(**changes)), vocabularies()).errors


def test_the_reference_has_a_row_for_every_field_at_any_depth() -> None:
    for kind in FIELDS:
        rows = fields_reference(kind).splitlines()
        assert len(rows) == 2 + len(list(walk(FIELDS[kind])))
        assert all(row.count(" | ") == 4 for row in rows[2:])
    assert "`sections.items.questions`" in fields_reference("pack")


def test_the_reference_page_in_docs_is_up_to_date() -> None:
    page = ROOT / "docs" / "fields.md"
    assert page.read_text(encoding="utf-8") == reference_page(), "run: make docs"
