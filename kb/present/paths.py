"""The paths of fields: as a file names them, and as the form does."""

from __future__ import annotations

import re
from typing import Any

from kb.forms.editing import Row, Typed

STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def form_path(name: str, typed: Typed) -> str:
    """The path of a field in the form, of "results[2].value" in the file.

    Empty rows of the form are not in the file, so they are counted over.
    """
    path: list[str] = []
    here: Any = typed
    for key, number in STEP.findall(name):
        if key:
            path.append(key)
            here = here.get(key) if isinstance(here, dict) else None
        elif isinstance(here, list) and here and isinstance(here[0], Row):
            filled = [place for place, row in enumerate(here) if is_filled(row.values)]
            place = filled[int(number) - 1] if int(number) <= len(filled) else 0
            path.append(str(place))
            here = here[place].values
    return ".".join(path)


def is_filled(typed: Any) -> bool:
    """Whether anything is typed in a row."""
    if isinstance(typed, dict):
        return any(is_filled(one) for one in typed.values())
    if isinstance(typed, list):
        return any(is_filled(one.values if isinstance(one, Row) else one) for one in typed)
    return bool(str(typed).strip())
