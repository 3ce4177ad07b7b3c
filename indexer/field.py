"""What one field of the front matter may hold: the columns of the table in `indexer.fields`.

All checks, forms, schemas and reference pages are read from that table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Rule(Protocol):
    """A rule on several fields of one group (or of the whole front matter)."""

    @property
    def warning(self) -> bool:
        """Tell whether a document that breaks the rule may still be published."""

    def broken(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Give the field to point at and what would be right, if broken."""

    def schema(self) -> dict[str, Any]:
        """Give what JSON Schema can say of the rule."""


@dataclass(frozen=True)
class Field:
    """One row of the table of fields."""

    name: str
    type: str  # a name of indexer.field_types.TYPES
    help: str  # one sentence for whoever fills it in
    example: str  # as written in the file, after the colon
    many: bool = False  # a list of such values
    required: bool = False  # an error where it is missing
    recommended: bool = False  # a warning where it is missing
    nullable: bool = False  # `null` is an answer (an end that has not come)
    vocabulary: str = ""  # for type term: the name of the vocabulary
    otherwise: str = ""  # for type term in a group: the field for what the vocabulary lacks
    choices: tuple[str, ...] = ()  # for type choice
    fields: tuple[Field, ...] = ()  # for type group
    rules: tuple[Rule, ...] = ()  # for type group
    short: str = ""  # for type group: the nested field that a bare value stands for
    open: bool = False  # for type group: further keys are no warning
    unique: str = ""  # for many groups: the nested field that may not repeat
    names: str = ""  # for type slug: the kind of document that it names
    min: int | None = None  # length of a text, size of a number
    max: int | None = None
    lines: bool = False  # for type text: it may have several lines
    discouraged: str = ""  # a warning where the field is used: what to do instead
    facet: str = ""  # the facet that the field feeds
    presence: bool = False  # the facet is "yes" where the field is there
    label: str = ""  # for forms; else made of the name

    @property
    def title(self) -> str:
        """Give the label of the field in a form or a table."""
        return self.label or self.name.replace("_", " ").capitalize()

    def field(self, name: str) -> Field | None:
        """Give a nested field by name."""
        return next((field for field in self.fields if field.name == name), None)
