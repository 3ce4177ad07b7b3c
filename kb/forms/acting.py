"""What the buttons inside the form do: rows added, removed and moved, terms taken, headings set.

An action is the value of the button: "add:results", "up:results.1", "take:themes.e-health",
"move:sections.0.items.2:sections.1.items.0", "set:sections.0.items.2.revision.latest", of which
several may be set at once, with commas between them.
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
_PIN = re.compile("latest|[0-9a-f]{12}")
_HEADING = re.compile(r"^## +(.*)$", re.MULTILINE)


def acted(kind: str, form: Form, action: str) -> Form:
    """The form after a button of it was pressed."""
    verb, _, rest = action.partition(":")
    if verb == "heading" and rest in headings.ALL:
        return form.replace(body=with_heading(form.body, rest))
    source, _, target = rest.partition(":")
    if verb in BY:
        target = target_of(form.typed, source, BY[verb])
    if target and verb in (*BY, "move"):
        return moved(kind, form, source, target)
    act, typed = ACTS.get(verb), form.typed
    if act is None or not rest:
        return form
    for path in rest.split(",", MOST_ROWS) if verb == "set" else [rest]:
        typed = _at(FIELDS[kind], typed, path.split("."), act)
    return form.replace(typed=typed)


# Rows moved ----------------------------------------------------------------------------------


def target_of(typed: Typed, path: str, by: int) -> str:
    """Where a row goes one place up or down: within its list, else to the end of the list before.

    "" where it cannot be moved so, or is no row.
    """
    steps = path.split(".")
    rows, place = rows_at(typed, steps[:-1]), _number(steps[-1])
    if rows is None or place is None or place >= len(rows):
        return ""
    if 0 <= place + by < len(rows):
        return ".".join([*steps[:-1], str(place + max(by, 2 * by))])
    above, beside = rows_at(typed, steps[:-3]), _number(steps[-3]) if len(steps) > 3 else None
    if above is None or beside is None or not 0 <= beside + by < len(above):
        return ""
    there = [*steps[:-3], str(beside + by), steps[-2]]
    end = len(rows_at(typed, there) or ()) if by < 0 else 0
    return ".".join([*there, str(end)])


def moved(kind: str, form: Form, source: str, target: str) -> Form:
    """The form with the row at one path before the row that is at another path of such rows.

    The place behind the last row is one too.
    """
    out, into = source.split("."), target.split(".")
    rows, place, before = rows_at(form.typed, out[:-1]), _number(out[-1]), _number(into[-1])
    there = rows_at(form.typed, into[:-1]) if out[::2] == into[::2] else None
    if rows is None or place is None or before is None or there is None or place >= len(rows):
        return form
    row, home = rows[place], out[:-1] == into[:-1]
    if home and before > place:
        before -= 1
    if not home:
        row = Row(row.values, _whole(form.typed, out, row))

    def put(field: Field, items: list[Any], step: str) -> list[Any]:
        return [*items[:before], row, *items[before:]]

    def take_out(field: Field, items: list[Any], step: str) -> list[Any]:
        return [*items[:place], *items[place + 1 :]]

    fields = FIELDS[kind]
    typed = _at(fields, _at(fields, form.typed, out[:-1], take_out), into[:-1], put)
    return form.replace(typed=typed, moved=".".join([*into[:-1], str(before)]))


def rows_at(typed: Typed, steps: list[str]) -> list[Row] | None:
    """The rows of the list that the steps lead to, None where they lead to none."""
    here: Any = typed
    for step in steps:
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and (place := _place(here, step)) is not None:
            here = here[place].values if isinstance(here[place], Row) else None
        else:
            return None
    return here if isinstance(here, list) and all(isinstance(one, Row) for one in here) else None


def _whole(typed: Typed, steps: list[str], row: Row) -> int | str | None:
    """What a row was in the opened text, told from anywhere: the path of its list, its place."""
    if not isinstance(row.origin, int):
        return row.origin
    path: list[str] = []
    for at in range(1, len(steps) - 2, 2):
        above = (rows_at(typed, steps[:at]) or [])[int(steps[at])]
        if not isinstance(above.origin, int):
            return None
        path += [steps[at - 1], str(above.origin)]
    return ".".join([*path, steps[-2], str(row.origin)])


def _number(step: str) -> int | None:
    return int(step) if re.fullmatch(r"[0-9]{1,5}", step) else None


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
    if len(steps) == 2 and shape(field) == "one":
        return {**typed, field.name: act(field, here or "", steps[1])}
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
    return _swapped(field, items, _place(items, step), -1)


def _down(field: Field, items: list[Any], step: str) -> list[Any]:
    return _swapped(field, items, _place(items, step), 1)


def _swapped(field: Field, items: list[Any], place: int | None, by: int) -> list[Any]:
    """The terms with one of them moved; rows are moved by `moved`."""
    if shape(field) != "terms" or place is None or not 0 <= place + by < len(items):
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


def _set(field: Field, value: Any, step: str) -> Any:
    """Take the text of a case that a button names."""
    return step if field.type == "pin" and _PIN.fullmatch(step) else value


def _of_lists(act: Act) -> Act:
    """The act where it is done to a list, and nothing else."""
    return lambda field, items, step: act(field, items, step) if isinstance(items, list) else items


ACTS: Mapping[str, Act] = {
    "add": _of_lists(_add),
    "remove": _of_lists(_remove),
    "up": _of_lists(_up),
    "down": _of_lists(_down),
    "take": _of_lists(_take),
    "set": _set,
}
#: Buttons that move a row, and by how many places.
BY = {"up": -1, "down": 1}
