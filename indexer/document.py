"""A document and its text: parse, dump, edit. Pure: no file is touched here.

The text itself is kept, so what was not edited comes back byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from indexer import surgery, validation
from indexer.errors import UnreadableHead
from indexer.fields import FIELDS
from indexer.head import BREAK, FIELD, forbidden, misplaced, read, split
from indexer.values import Key, Problem, revision_of
from indexer.vocabulary import Vocabularies

__all__ = ["Document", "Key", "Problem", "dump", "edit", "edited_text", "parse"]


@dataclass(frozen=True)
class Document:
    """A case, pack or page as it stands in its file, valid or not."""

    key: Key
    text: str  # the whole file
    front: Mapping[str, Any] = field(compare=False)  # empty where the YAML is broken
    body: str = field(compare=False)  # all that follows the front matter, as it is
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def revision(self) -> str:
        """Name this text: the first 12 hex digits of the SHA-256 of its bytes."""
        return revision_of(self.text)

    @property
    def lang(self) -> str:
        """Give the language of the text (BCP 47)."""
        lang = self.front.get("lang")
        return lang if isinstance(lang, str) and lang else self.key.lang or "en"

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Give the problems that keep the document from being published."""
        return tuple(problem for problem in self.problems if not problem.warning)


def parse(key: Key, text: str, vocabularies: Vocabularies | None = None) -> Document:
    """Read a file of any content; never raises.

    All that is wrong is in `problems`, by line. Ids are looked up where `vocabularies` is given.
    """
    parts = split(text)
    reading = read(parts.head)
    problems = [*forbidden(text), *reading.problems]
    if not parts.start:
        problems.append(Problem(1, FIELD, misplaced(text)))
    if not reading.broken:
        problems += validation.check_front(key, reading, vocabularies)
        body_line = len(BREAK.findall(parts.start + parts.head + parts.close)) + 1
        problems += validation.check_body(key, reading.values, parts.body, body_line)
    problems.sort(key=lambda problem: (problem.line, problem.warning))
    return Document(
        key, text, reading.values, parts.body, tuple(problems[: validation.MAX_PROBLEMS])
    )


def dump(document: Document) -> str:
    """Give the text of a document: the very text it was parsed from."""
    return document.text


def edit(
    document: Document, changes: Mapping[str, Any], vocabularies: Vocabularies | None = None
) -> Document:
    """Give the document with some fields changed; `None` removes a field.

    Only the lines of the fields whose value differs are touched. Raises UnreadableHead where
    the front matter is not valid YAML, and ValueError for a value that YAML cannot hold.
    """
    return parse(document.key, edited_text(document, changes), vocabularies)


def edited_text(document: Document, changes: Mapping[str, Any]) -> str:
    """Give the text that `edit` makes, without reading it anew, which takes longer than making it.

    Raises as `edit` does.
    """
    parts = split(document.text)
    reading = read(parts.head)
    if reading.broken:
        first = next(chain(reading.problems, forbidden(parts.start + parts.head)))
        raise UnreadableHead(f"the front matter cannot be edited: {first}")
    return surgery.change(FIELDS[document.key.kind], parts, reading, changes)
