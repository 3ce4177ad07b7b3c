"""What to do about an error of the YAML parser, in words for the author of the file."""

from __future__ import annotations

import yaml

# (part of libyaml's message, what is wrong and what would be right), the first that fits.
ADVICE: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        'a colon in a text, or a wrong indent: put a text that has ": " in it in double quotes',
    ),
    ("found unexpected end of stream", "a quotation mark is opened and not closed"),
    ("unexpected document indicator", "a quotation mark is opened and not closed"),
    ("found a tab character", "indent with spaces, not with a tab"),
    ("found character that cannot start any token", "a text that begins with @, ` or %"
     " must stand in double quotes"),
    ("found unknown escape character", "in double quotes a backslash is written \\\\"),
    ("found undefined alias", "a text that begins with * must stand in double quotes"),
    ("did not find expected ',' or ']'", "a list [..] is not closed, or lacks a comma"),
    ("did not find expected ',' or '}'", "a group {..} is not closed, or lacks a comma"),
    ("did not find expected '-' indicator", "each line of a list begins with a dash and a space"),
    ("did not find expected key", "a wrong indent, or a quotation mark inside of quotes"),
    ("could not find expected ':'", "a line that is no `key: value`"),
    ("did not find expected alphabetic or numeric", "a text that begins with &, * or ! must stand"
     " in double quotes"),
    ("another document", "only one block of fields is read: delete the line that begins with ---"),
    ("expected <document start>", "fields after the end mark ..., or a second block: delete it"),
)  # fmt: skip


def advice(error: yaml.YAMLError, head: str) -> tuple[int, str]:
    """Give the offset of a parser error in the head, and words for it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark is not None else 0
    text = " ".join(
        part for name in ("context", "problem") if (part := getattr(error, name, None))
    ) or str(error)
    if head.startswith("\t", offset):
        return offset, "is not valid YAML: indent with spaces, not with a tab"
    for part, words in ADVICE:
        if part in text:
            return offset, f"is not valid YAML: {words}"
    return offset, f"is not valid YAML: {text}"
