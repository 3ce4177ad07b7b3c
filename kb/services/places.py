"""What a comment is about, and where that stands in a text which was edited since. Pure.

A comment is about all of a draft, about a field, about an entry of a field that has several
(results.2 is the second one), or about a passage of the body as it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from indexer.fields import FIELDS
from indexer.head import read, split
from indexer.plain import plain_text
from indexer.yaml_text import same
from kb.records.comments import Comment
from kb.services.anchoring import Found, Passage, find, find_pasted, passage_at
from kb.services.comparing import FieldChange, compare_fields
from kb.services.comparing_texts import SAME as UNCHANGED

#: How it is there now: as it was, with other words, or no more.
SAME, CHANGED, GONE = "same", "changed", "gone"
#: Several sources in one pair of brackets, which the index reads as text.
_SOURCES = re.compile(r" ?\[\d{1,3}(?:\s*[,;]\s*\d{1,3})+\](?![(:])")
#: The path of what stands below the front matter.
BODY = "body"


class NoSuchPlace(ValueError):
    """The text has no such field, or the `passage` does not stand in it."""

    def __init__(self, field: str, passage: str = "") -> None:
        super().__init__(passage or field)
        self.passage = passage


@dataclass(frozen=True)
class Place:
    """Where something stands in a text: the path of its field, and how it is there now.

    `passage` is the passage of the body as it stands there, None where none is meant or left.
    """

    field: str
    how: str = SAME
    passage: Passage | None = None


def reading_text(text: str) -> str:
    """The body of a document as it is read: no marks of Markdown, no numbers of sources."""
    return plain_text(_SOURCES.sub("", split(text).body))


def paths_of(kind: str, text: str) -> tuple[str, ...]:
    """The paths of all that a comment on a text can be about, entries after their field."""
    values = read(split(text).head).values
    known = [field.name for field in FIELDS[kind]]
    names = dict.fromkeys([*known, *values])
    paths = (path for name in names for path in (name, *_entries(name, values.get(name))))
    return (*paths, BODY)


def _entries(name: str, value: Any) -> Iterable[str]:
    """The paths of the entries of a field; a list of plain words is one thing."""
    several = isinstance(value, list) and any(isinstance(one, dict) for one in value)
    return (f"{name}.{number}" for number in range(1, len(value) + 1)) if several else ()


def check_field(kind: str, text: str, field: str) -> None:
    """Return when a text has a field or entry of this path; raises NoSuchPlace."""
    if field and field not in paths_of(kind, text):
        raise NoSuchPlace(field)


def pasted(text: str, passage: Passage) -> Passage:
    """The passage of a text that somebody copied out of it, as it stands; raises NoSuchPlace."""
    plain = reading_text(text)
    found = find_pasted(plain, passage)
    if found is None:
        raise NoSuchPlace(BODY, passage.quote)
    return passage_at(plain, found.start, found.end)


def place_in(kind: str, said: Comment, old: str | None, new: str) -> Place:
    """Where that of which something was `said` stands in `new`.

    `old` is the text that was spoken of, None where it is not there any more.
    """
    if said.quote:
        plain = reading_text(new)
        found = find(plain, Passage(said.quote, said.before, said.after))
        return _as_place(plain, found)
    if not said.field or said.field == BODY or old == new:
        return Place(said.field)
    return _field_in(kind, said.field, old, new)


def _as_place(plain: str, found: Found | None) -> Place:
    if found is None:
        return Place(BODY, GONE)
    how = SAME if found.same else CHANGED
    return Place(BODY, how, passage_at(plain, found.start, found.end))


def _field_in(kind: str, path: str, old: str | None, new: str) -> Place:
    """Where a field is now, or an entry of it, which may stand at another place by now."""
    name, _, number = path.partition(".")
    if old is None:
        return Place(path) if path in paths_of(kind, new) else Place(name, GONE)
    change = next((one for one in compare_fields(kind, old, new) if one.name == name), None)
    if change is None:
        return Place(path)
    if not number:
        return Place(path, CHANGED)
    entry = next((one for one in change.items if str(one.old_number) == number), None)
    if entry is not None and entry.new_number is not None:
        how = SAME if entry.how == UNCHANGED else CHANGED
        return Place(f"{name}.{entry.new_number}", how)
    moved = _moved(change, number)
    return Place(f"{name}.{moved}") if moved else Place(name, GONE)


def _moved(change: FieldChange, number: str) -> int | None:
    """The number of an entry that stands further up or down by now, None where it is gone."""
    old = [one for one in change.items if str(one.old_number) == number]
    came = [one for one in change.items if one.old_number is None]
    if not old:
        return None
    values = {leaf.name: leaf.old for leaf in old[0].leaves}
    return next(
        (one.new_number for one in came
         if same(values, {leaf.name: leaf.new for leaf in one.leaves})),
        None,
    )  # fmt: skip
