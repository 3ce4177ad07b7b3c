"""JSON Schema and the reference page, written from a table of fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indexer.field import Field, Rule
from indexer.field_types import TYPES
from indexer.vocabulary import Vocabularies

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of_kind(
    kind: str, fields: Iterable[Field], rules: Iterable[Rule], vocabularies: Vocabularies | None
) -> dict[str, Any]:
    """Give the schema of the front matter of a kind of document."""
    return {
        "$schema": DIALECT,
        "title": f"Front matter of a {kind}",
        **_group(fields, rules, vocabularies),
    }


def _group(
    fields: Iterable[Field], rules: Iterable[Rule], vocabularies: Vocabularies | None
) -> dict[str, Any]:
    fields = tuple(fields)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: of_field(field, vocabularies) for field in fields},
        "additionalProperties": True,  # unknown keys are kept
    }
    required = [field.name for field in fields if field.required]
    if required:
        schema["required"] = required
    said = [part for rule in rules if (part := rule.schema())]
    if said:
        schema["allOf"] = said
    return schema


def of_field(field: Field, vocabularies: Vocabularies | None = None) -> dict[str, Any]:
    """Give the schema of one field, its list included."""
    one = _one(field, vocabularies)
    if field.nullable:
        one = {"anyOf": [one, {"type": "null"}]}
    if field.many:
        one = {"type": "array", "items": one}
        if field.required:
            one["minItems"] = 1
    return {"title": field.title, "description": field.help, **one}


def _one(field: Field, vocabularies: Vocabularies | None) -> dict[str, Any]:
    if field.type != "group":
        return TYPES[field.type].schema(field, vocabularies)
    group = _group(field.fields, field.rules, vocabularies)
    short = field.field(field.short) if field.short else None
    if short is None:
        return group
    return {"anyOf": [group, TYPES[short.type].schema(short, vocabularies)]}


def reference(fields: Iterable[Field]) -> str:
    """Give a Markdown table with a row per field, nested fields below their group."""
    rows = ["| field | type | must it be there | what it is | example |", "|---|---|---|---|---|"]
    rows += [_row(name, field) for name, field in _walk(fields)]
    return "\n".join(rows) + "\n"


def _walk(fields: Iterable[Field], above: str = "") -> Iterable[tuple[str, Field]]:
    for field in fields:
        name = above + field.name
        yield name, field
        yield from _walk(field.fields, f"{name}.")


def _row(name: str, field: Field) -> str:
    must = "yes" if field.required else "expected" if field.recommended else ""
    cells = (f"`{name}`", _type(field), must, field.help, f"`{field.example}`")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type(field: Field) -> str:
    noun = "group" if field.type == "group" else TYPES[field.type].noun
    if field.vocabulary:
        noun += f" of {field.vocabulary.replace('_', ' ')}"
    if field.choices:
        noun = " or ".join(field.choices)
    if field.many:
        noun = f"list of: {noun}"
    if field.nullable:
        noun += ", or null"
    if field.type == "text" and field.max:
        noun += f", {f'{field.min} to ' if field.min else 'up to '}{field.max} characters"
    return noun
