"""Writing values as YAML, in the style of the content: ids plain, texts in double quotes.

Only single fields are written this way; what was not edited stays as its author wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from indexer.field import Field

#: Types of fields whose values are ids: written without quotes where that is safe.
_IDS = {"term", "slug", "id", "choice", "language", "currency", "pin"}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# Words that some YAML reader takes for a boolean or null; NO is a country.
_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
# Controls, line breaks of YAML 1.1, and what cannot be seen: direction marks, zero widths.
_ESCAPED = re.compile(
    '[\\\\"\x00-\x1f\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]'
)
MAX_KEY = 500  # libyaml reads simple keys of up to 1,024 characters


def checked(value: Any, depth: int = 0) -> Any:
    """Give a value as lists, dicts and scalars; raises ValueError for what YAML cannot hold."""
    if depth > 20:
        raise ValueError("the value is nested too deeply")
    if isinstance(value, Mapping):
        return {_key_of(name): checked(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [checked(one, depth + 1) for one in value]
    if isinstance(value, str):
        if re.search("[\ud800-\udfff]", value):
            raise ValueError("the text holds half a character (a lone surrogate)")
        return value
    if value is None or isinstance(value, bool | int | float | date):
        return value
    raise ValueError(f"a {type(value).__name__} cannot be written as YAML")


def _key_of(name: Any) -> str:
    if not isinstance(name, str) or len(name) > MAX_KEY:
        raise ValueError(f"{str(name)[:40]!r} cannot be a key: write a short word")
    return str(checked(name))


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are written alike: 1, 1.0, true and "1" are four."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)  # so nan is nan


def field_lines(name: str, value: Any, field: Field | None = None) -> list[str]:
    """Give the lines of a top-level field; a list of groups has one line per item."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [f"{key(name)}:", *(f"  - {flow(item, field)}" for item in value)]
    return [f"{key(name)}: {flow(value, field)}"]


def key(name: str) -> str:
    """Write a key."""
    safe = _PLAIN_KEY.fullmatch(name) and name.lower() not in _WORDS
    return name if safe else quoted(name)


def flow(value: Any, field: Field | None = None) -> str:
    """Write a value on one line."""
    if isinstance(value, dict):
        within = {nested.name: nested for nested in field.fields} if field else {}
        pairs = (f"{key(name)}: {flow(one, within.get(name))}" for name, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one, field) for one in value) + "]"
    if isinstance(value, str):
        plain = field is not None and field.type in _IDS and _PLAIN.fullmatch(value)
        return value if plain and value.lower() not in _WORDS else quoted(value)
    return _other(value)


def _other(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        text = repr(value)
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def quoted(text: str) -> str:
    """Write a text in double quotes; what cannot be seen is escaped."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
