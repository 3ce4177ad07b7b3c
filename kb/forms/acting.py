"""What the buttons inside the form do: rows added, removed and moved, terms taken, headings set.

An action is the value of the button: "add:results", "up:results.1", "take:themes.e-health".
All is pure: a form goes in, a form comes out; an action that makes no sense changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from indexer import headings
from indexer.field import Field
from indexer.fields import FIELDS
from kb.forms.editing import Form, Row, Typed
from kb.forms.widgets import shape

MOST_ROWS = 500
_HEADING = re.compile(r"^## +(.*)$", re.MULTILINE)


def acted(kind: str, form: Form, action: str) -> Form:
    """The form after a button of it was pressed."""
    verb, _, rest = action.partition(":")
    if verb == "heading" and rest in headings.ALL:
        return form.replace(body=with_heading(form.body, rest))
    act = ACTS.get(verb)
    if act is None or not rest:
        return form
    return form.replace(typed=_at(FIELDS[kind], form.typed, rest.split("."), act))


def missing_headings(body: str, lang: str) -> tuple[str, ...]:
    """The standard headings of a language that a body does not have yet."""
    there = {headings.folded(title) for title in _HEADING.findall(body)}
    own = headings.IN.get(lang.partition("-")[0], headings.ENGLISH)
    return tuple(heading for heading in own if headings.folded(heading) not in there)


def with_heading(body: str, heading: str) -> str:
    """The body with a standard heading at its place among those it has."""
    own = next(some for some in headings.IN.values() if heading in some)
    later = {headings.folded(one) for one in own[own.index(heading) + 1 :]}
    for found in _HEADING.finditer(body):
        if headings.folded(found[1]) == headings.folded(heading):
            return body
        if headings.folded(found[1]) in later:
            return f"{body[: found.start()]}## {heading}\n\n\n\n{body[found.start() :]}"
    above = body.rstrip("\n")
    return f"{above}\n\n## {heading}\n\n" if above else f"## {heading}\n\n"


Act = Callable[[Field, Any, str], Any]  # (the field, what is typed in it, the last step) -> anew


def _at(fields: tuple[Field, ...], typed: Typed, steps: list[str], act: Act) -> Typed:
    """What is typed, with `act` done to the list that the steps lead to."""
    field = next((one for one in fields if one.name == steps[0]), None)
    if field is None:
        return typed
    here = typed.get(field.name)
    if len(steps) <= 2 and shape(field) in ("rows", "terms"):
        last = steps[1] if len(steps) == 2 else ""
        return {**typed, field.name: act(field, list(here or ()), last)}
    if shape(field) == "group" and len(steps) > 1 and isinstance(here, dict):
        return {**typed, field.name: _at(field.fields, here, steps[1:], act)}
    if shape(field) == "rows" and len(steps) > 2 and isinstance(here, list):
        row = _place(here, steps[1])
        if row is not None:
            inner = _at(field.fields, here[row].values, steps[2:], act)
            rows = [*here[:row], Row(inner, here[row].origin), *here[row + 1 :]]
            return {**typed, field.name: rows}
    return typed


def _place(items: list[Any], step: str) -> int | None:
    """The place in a list that a step names: its number, or the term itself."""
    if step in items:
        return items.index(step)
    return int(step) if re.fullmatch(r"[0-9]{1,5}", step) and int(step) < len(items) else None


def _add(field: Field, items: list[Any], step: str) -> list[Any]:
    if shape(field) != "rows" or len(items) >= MOST_ROWS:
        return items
    return [*items, Row(blank(field.fields, items))]


def blank(fields: tuple[Field, ...], rows: list[Row]) -> Typed:
    """A new row: empty, but with the next number where rows are numbered."""
    typed: Typed = {}
    for one in fields:
        laid = shape(one)
        typed[one.name] = (
            [] if laid in ("rows", "terms") else blank(one.fields, []) if laid == "group" else ""
        )
    if any(one.name == "id" and one.type == "integer" for one in fields):
        numbers = [str(row.values.get("id", "")) for row in rows]
        typed["id"] = str(max((int(n) for n in numbers if n.isdecimal()), default=0) + 1)
    return typed


def _remove(field: Field, items: list[Any], step: str) -> list[Any]:
    place = _place(items, step)
    return items if place is None else [*items[:place], *items[place + 1 :]]


def _up(field: Field, items: list[Any], step: str) -> list[Any]:
    return _moved(items, _place(items, step), -1)


def _down(field: Field, items: list[Any], step: str) -> list[Any]:
    return _moved(items, _place(items, step), 1)


def _moved(items: list[Any], place: int | None, by: int) -> list[Any]:
    if place is None or not 0 <= place + by < len(items):
        return items
    items[place], items[place + by] = items[place + by], items[place]
    return items


def _take(field: Field, items: list[Any], step: str) -> list[Any]:
    """Take a suggested term: tick it, or add a row for it."""
    if shape(field) == "terms":
        return items if step in items else [*items, step]
    if not field.short or any(row.values.get(field.short) == step for row in items):
        return items
    return [*items, Row({**blank(field.fields, items), field.short: step})]


ACTS: Mapping[str, Act] = {
    "add": _add,
    "remove": _remove,
    "up": _up,
    "down": _down,
    "take": _take,
}
