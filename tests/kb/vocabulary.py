"""What schema.org's own vocabulary says of JSON-LD: types, domains, ranges."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VOCABULARY = json.loads((Path(__file__).parent / "schema_org.json").read_text(encoding="utf-8"))
TYPES, PROPERTIES = VOCABULARY["types"], VOCABULARY["properties"]
#: What a text has to look like to be of a type of values that texts stand for.
LOOKS = {
    "Text": r".+",
    "URL": r"https?://\S+",
    "Date": r"\d{4}(-\d\d(-\d\d)?)?",
    "DateTime": r"\d{4}-\d\d-\d\dT.+",
    "Duration": r"P(\d+D)?(T(\d+H)?(\d+M)?)?",
}
KEYWORDS = ("@type", "@id", "@context")


def above(name: str) -> set[str]:
    """A type and all that it is a kind of."""
    return {name}.union(*(above(parent) for parent in TYPES.get(name, ())))


def faults(thing: Any, where: str = "") -> Iterator[str]:
    """What the vocabulary does not allow in a thing, nor in the things within it."""
    type_ = thing.get("@type")
    if type_ is None:
        if set(thing) != {"@id"}:
            yield f"{where}: neither a type nor a mere reference"
        return
    if type_ not in TYPES:
        yield f"{where}: schema.org has no type {type_}"
        return
    for name, values in thing.items():
        if name in KEYWORDS:
            continue
        path = f"{where}/{type_}.{name}"
        known = PROPERTIES.get(name.removesuffix("-input"))
        if known is None:
            yield f"{path}: no such property"
            continue
        # the object of a role has the property whose value the role stands for
        stands_for = "Role" in above(type_) and where.endswith(f".{name}")
        if not (above(type_) & set(known["domains"]) or stands_for or name.endswith("-input")):
            yield f"{path}: only for {known['domains']}"
        for value in values if isinstance(values, list) else [values]:
            yield from _of_value(value, known["ranges"], path)


def _of_value(value: Any, ranges: list[str], path: str) -> Iterator[str]:
    if isinstance(value, dict):
        type_ = value.get("@type")
        role = type_ is not None and "Role" in above(type_)
        if type_ and not role and not above(type_) & set(ranges):
            yield f"{path}: a {type_}, where {ranges} belong"
        yield from faults(value, path)
    elif isinstance(value, bool):
        if "Boolean" not in ranges:
            yield f"{path}: {value}"
    elif isinstance(value, int | float):
        if not {"Number", "Integer"} & set(ranges):
            yield f"{path}: the number {value}, where {ranges} belong"
    elif not any(
        re.fullmatch(LOOKS[one], str(value), re.DOTALL) for one in ranges if one in LOOKS
    ) and not _named(value, ranges, path):
        yield f"{path}: {value!r}, where {ranges} belong"


def _named(value: Any, ranges: list[str], path: str) -> bool:
    """Whether a text is the address of a thing, which stands for the thing itself."""
    things = [one for one in ranges if one not in LOOKS and one not in ("Number", "Boolean")]
    return bool(things) and re.fullmatch(LOOKS["URL"], str(value)) is not None
