"""Settling a conflict: for each place that two people changed, what is to stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.document import edited_text, parse
from indexer.errors import UnreadableHead
from indexer.field import Field
from indexer.fields import FIELDS
from indexer.head import read, split
from indexer.values import Key, revision_of
from indexer.yaml_text import flow
from kb.access import Person
from kb.records.journal import Draft
from kb.services import editing
from kb.services.desk import Desk
from kb.services.merging import Conflict, settle
from kb.services.stale import StaleEdit

MINE, THEIRS, BOTH, EDIT = "mine", "theirs", "both", "edit"


@dataclass(frozen=True)
class Choice:
    """What is to stand at a place: one of the four words, and the text for `edit`."""

    how: str
    text: str = ""


class Undecided(Exception):
    """Some places have no choice yet; what was chosen and typed is kept in `choices`."""

    def __init__(self, stale: StaleEdit, choices: Mapping[str, Choice]) -> None:
        super().__init__("a place is left to be decided")
        self.stale = stale
        self.choices = choices


def places_of(stale: StaleEdit) -> dict[str, Conflict]:
    """The places of a conflict, each under a name made of its three texts.

    So a choice holds for the very texts that a person saw, and is asked for again where one of
    them is another by now.
    """
    found: dict[str, Conflict] = {}
    for conflict in stale.merged.conflicts:
        words = "\0".join((conflict.field, conflict.base, conflict.theirs, conflict.mine))
        name = f"place-{revision_of(words)}"
        while name in found:
            name += "-again"
        found[name] = conflict
    return found


def value_in(conflict: Conflict, text: str) -> Any:
    """The value that one of the texts of a field gives it, None where it has none."""
    return read(text).values.get(conflict.field)


def is_plain(kind: str, conflict: Conflict) -> bool:
    """Whether the place is a field with one text, which is typed as it is, without quotes."""
    field = _field(kind, conflict)
    return field is not None and field.type == "text" and not field.many and bool(conflict.mine)


def both_of(kind: str, conflict: Conflict) -> str | None:
    """The text in which neither loses: theirs, then mine; None where there can be only one.

    Of a field that is a list that is one list; a field with one value cannot have two.
    """
    if not conflict.field:
        return _below(conflict.theirs, conflict.mine) if conflict.theirs and conflict.mine else None
    theirs, mine = (value_in(conflict, text) for text in (conflict.theirs, conflict.mine))
    if not isinstance(theirs, list) or not isinstance(mine, list):
        return None
    items = list({flow(item): item for item in (*theirs, *mine)}.values())
    field = _field(kind, conflict)
    if field is not None and field.unique:
        ids = [flow(one.get(field.unique) if isinstance(one, dict) else one) for one in items]
        if len(set(ids)) < len(ids):
            return None
    return _with_value(kind, conflict, items)


def _field(kind: str, conflict: Conflict) -> Field | None:
    return next((field for field in FIELDS[kind] if field.name == conflict.field), None)


def _with_value(kind: str, conflict: Conflict, value: Any) -> str | None:
    """The lines of a field with another value, written as in mine; None where that cannot be."""
    first = conflict.mine.splitlines(keepends=True)[0]
    newline = first[len(first.rstrip("\r\n")) :] or "\n"
    document = parse(Key(kind, "x"), f"---{newline}{conflict.mine}---{newline}")
    try:
        return split(edited_text(document, {conflict.field: value})).head
    except (UnreadableHead, ValueError):
        return None


def settle_conflict(desk: Desk, person: Person, token: str, choices: Mapping[str, Choice]) -> Draft:
    """Save the text that the choices make; `choices` is by the names of `places_of`.

    Nothing is done where there is no conflict any more. Raises Undecided, and StaleEdit where
    somebody saved meanwhile; NoSuchDraft, NotAllowed, SignInNeeded, DraftClosed.
    """
    stale = editing.conflict(desk, person, token)
    if stale is None:
        return editing.open_draft(desk, person, token)
    chosen = {}
    for name, conflict in places_of(stale).items():
        text = _text(stale.draft.kind, conflict, choices.get(name))
        if text is None:
            raise Undecided(stale, choices)
        chosen[conflict.marker] = text
    return editing.resolve(desk, person, token, settle(stale.merged, chosen), stale.base)


def _text(kind: str, conflict: Conflict, choice: Choice | None) -> str | None:
    if choice is None:
        return None
    if choice.how == BOTH:
        return both_of(kind, conflict)
    if choice.how == EDIT and is_plain(kind, conflict):
        typed = " ".join(choice.text.split())
        return _with_value(kind, conflict, typed or None)
    texts = {MINE: conflict.mine, THEIRS: conflict.theirs, EDIT: choice.text}
    return texts.get(choice.how)


def _below(first: str, second: str) -> str:
    """Two pieces of Markdown, a paragraph each where they were paragraphs."""
    ended = first.endswith(("\n", "\r")) or not first or not second
    if not ended:
        return f"{first}\n\n{second}"
    paragraph = first.strip() and second.strip() and "\n" not in first.strip() + second.strip()
    listed = (
        first.lstrip().startswith(("-", "*", "+", "|", "#", ">")) or first.lstrip()[:1].isdigit()
    )
    return f"{first}\n{second}" if paragraph and not listed and second else f"{first}{second}"
