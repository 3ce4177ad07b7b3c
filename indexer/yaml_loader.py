"""PyYAML's safe loader, made to read YAML 1.2 and to refuse what would exhaust the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import yaml

MAX_DEPTH = 40  # levels of lists and groups
MAX_DIGITS = 40  # of a whole number


class Loader(yaml.CSafeLoader):
    """PyYAML's safe loader with the words of YAML 1.2: `NO`, `on` and `12:30` are texts."""

    depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Refuse nesting that would exhaust the C stack."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = current_node.start_mark if current_node is not None else None
            raise yaml.composer.ComposerError(
                None, None, f"more than {MAX_DEPTH} levels of nesting", mark
            )

    def ascend_resolver(self) -> None:
        """Leave one level."""
        self.depth -= 1


Loader.yaml_implicit_resolvers = {}  # a table of its own: PyYAML's is that of YAML 1.1

TAG = "tag:yaml.org,2002:"
_SCALARS_OF_YAML = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan",
        list("-+.0123456789"),
    ),
    (
        "timestamp",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
        r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)?",
        list("0123456789"),
    ),
)
for _name, _pattern, _first in _SCALARS_OF_YAML:
    Loader.add_implicit_resolver(TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _first)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("more digits than any number here has")
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


SCALARS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda text: None,
    "bool": {"true": True, "false": False}.__getitem__,
    "int": _integer,
    "float": lambda text: float(text.lower().replace(".inf", "inf").replace(".nan", "nan")),
    "str": str,
}


def scalar(node: yaml.ScalarNode, loader: Loader) -> Any:
    """Give the value of a scalar; a text where it only looks like a date or number.

    2026-02-30, or a number of 5,000 digits: the check of the field tells what is wrong.
    Raises LookupError for a tag that is not one of YAML's own scalars.
    """
    name = node.tag.removeprefix(TAG)
    if name == "!":  # means: a text
        return node.value
    if name not in SCALARS and name != "timestamp":
        raise LookupError(node.tag)
    try:
        return _timestamp(node, loader) if name == "timestamp" else SCALARS[name](node.value)
    except (ValueError, KeyError, OverflowError):
        return node.value


def _timestamp(node: yaml.ScalarNode, loader: Loader) -> date | datetime:
    if len(node.value) == len("2026-11-23"):
        return date.fromisoformat(node.value)
    moment: date | datetime = loader.construct_yaml_timestamp(node)
    return moment
