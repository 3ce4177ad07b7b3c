"""Changing single fields of a front matter: only the lines of the changed fields are touched.

The new text is read again before it is given out. Where the lines of a field cannot be told
apart (everything in braces on one line, anchors used elsewhere), the head is written anew.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from indexer.errors import UnreadableHead
from indexer.field import Field
from indexer.head import Parts, Reading, read
from indexer.yaml_text import checked, field_lines, same

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # the line breaks of YAML 1.1, as libyaml reads
_NO_VALUE = re.compile(r"[ \t]*(?:#.*)?")
_COMMENT = re.compile(r"[ \t]+#.*")


@dataclass(frozen=True)
class _Span:
    """The lines of one field: offsets of the head."""

    name: str
    start: int
    end: int
    comment: str = ""  # what stands behind the value, with the blanks before it


def change(
    fields: tuple[Field, ...], parts: Parts, reading: Reading, changes: Mapping[str, Any]
) -> str:
    """Give the text of a file with some fields changed (`None`: removed), in `fields`' order."""
    new = {str(name): checked(value) for name, value in checked(dict(changes)).items()}
    old = reading.values
    differing = {
        name: value
        for name, value in new.items()
        if (name in old if value is None else not (name in old and same(old[name], value)))
    }
    if not differing:
        return parts.start + parts.head + parts.close + parts.body
    gone = {name for name, value in differing.items() if value is None}
    wanted = {name: value for name, value in {**old, **differing}.items() if name not in gone}
    parts = _with_head(parts)
    known = {field.name: field for field in fields}
    for head in (_cut(known, parts, reading, differing), _anew(known, parts, wanted)):
        if head is not None and _reads_as(head, wanted):
            return parts.start + head + parts.close + parts.body
    raise UnreadableHead("these fields cannot be written without harm to others: edit them by hand")


def blocks(reading: Reading) -> list[tuple[str, str, str]] | None:
    """Give a head cut into its fields: name, the comments above it, its own lines.

    Joined they are the head; what stands below the last field has the name "". None where fields
    share lines or a field is given twice, so that they cannot be told apart.
    """
    spans = _spans(reading.text, reading.root)
    if reading.broken or spans is None or len({span.name for span in spans}) < len(spans):
        return None
    cut, last = [], 0
    for span in spans:
        cut.append(
            (span.name, reading.text[last : span.start], reading.text[span.start : span.end])
        )
        last = span.end
    return [*cut, ("", reading.text[last:], "")]


def _with_head(parts: Parts) -> Parts:
    """Give a file without front matter an empty one."""
    if parts.start:
        return parts
    mark = "\ufeff" if parts.body.startswith("\ufeff") else ""
    line = f"---{parts.newline}"
    return Parts(mark + line, "", line, parts.body.removeprefix("\ufeff"))


def _reads_as(head: str, wanted: Mapping[str, Any]) -> bool:
    reading = read(head)
    return not reading.broken and same(reading.values, wanted)


def _anew(known: Mapping[str, Field], parts: Parts, wanted: Mapping[str, Any]) -> str:
    """Write the whole head from its values."""
    return "".join(
        line + parts.newline
        for name, value in wanted.items()
        for line in field_lines(name, value, known.get(name))
    )


def _cut(
    known: Mapping[str, Field], parts: Parts, reading: Reading, differing: Mapping[str, Any]
) -> str | None:
    """Give the head with the spans of the differing fields replaced; None where there are none."""
    spans = _spans(parts.head, reading.root)
    if spans is None:
        return None
    indent = " " * (reading.root.start_mark.column if reading.root is not None else 0)
    cuts: list[tuple[int, int, str]] = []
    for name in sorted(differing, key=_order(known)):
        value = differing[name]
        mine = [span for span in spans if span.name == name]
        place = mine[0] if mine else _place(name, list(known), spans, len(parts.head))
        lines = [] if value is None else field_lines(name, value, known.get(name))
        if lines:
            lines[0] += place.comment
        text = "".join(indent + line + parts.newline for line in lines)
        cuts.append((place.start, place.end, text))
        cuts += [(span.start, span.end, "") for span in mine[1:]]
    return _apply(parts.head, cuts)


def _order(known: Mapping[str, Field]) -> Any:
    positions = {name: position for position, name in enumerate(known)}
    return lambda name: positions.get(name, len(positions))


def _apply(head: str, cuts: list[tuple[int, int, str]]) -> str:
    """Replace parts of a text; several at one place keep the order they are given in."""
    pieces, last = [], 0
    # An insertion after a field has the offset of the next one, and goes before its replacement.
    for start, end, text in sorted(cuts, key=lambda cut: (cut[0], cut[1])):
        pieces += [head[last:start], text]
        last = end
    return "".join([*pieces, head[last:]])


def _place(name: str, order: list[str], spans: list[_Span], end: int) -> _Span:
    """Find where a new field goes: behind the last one that precedes it in the table."""
    if name in order:
        rank = order.index(name)
        ranked = [(order.index(span.name), span) for span in spans if span.name in order]
        before = [one for one in ranked if one[0] < rank]
        after = [one for one in ranked if one[0] > rank]
        if before:
            offset = max(before, key=lambda one: (one[0], one[1].end))[1].end
            return _Span(name, offset, offset)
        if after:
            offset = after[0][1].start
            return _Span(name, offset, offset)
    offset = spans[-1].end if spans else end
    return _Span(name, offset, offset)


def _spans(head: str, root: yaml.Node | None) -> list[_Span] | None:
    """Give the lines of each top-level field, in their order; None where they share lines."""
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    starts = [0, *(found.end() for found in _BREAK.finditer(head))]

    def line_start(offset: int) -> int:
        return starts[bisect_right(starts, offset) - 1]

    begins = [line_start(key.start_mark.index) for key, _ in root.value]
    if len(set(begins)) < len(begins) or begins != sorted(begins):
        return None
    ends = [*begins[1:], root.end_mark.index]
    spans = []
    for (key, value), start, limit in zip(root.value, begins, ends, strict=True):
        leaf = _leaf_end(head, value)
        inside = key.end_mark.index <= leaf <= limit  # not so for an alias
        least = leaf if inside else key.end_mark.index
        end = _trimmed(head, starts, least, limit)
        span = _Span(key.value, start, end)
        spans.append(replace(span, comment=_comment(head, key, value, leaf)) if inside else span)
    return spans


def _leaf_end(head: str, node: yaml.Node) -> int:
    """Give where a value ends; a block list or group ends where its last leaf does."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        header = _BREAK.split(head[start:end], maxsplit=1)[0]
        if "+" not in header.split("#")[0]:  # "|+" keeps the empty lines below
            return start + len(head[start:end].rstrip())
    return end


def _trimmed(head: str, starts: list[int], least: int, limit: int) -> int:
    """Give the end of the last line before `limit` that holds more than a comment.

    The line of offset `least` is inside in any case; comments below belong to the next field.
    """
    first = bisect_left(starts, least)
    floor = starts[first] if first < len(starts) else len(head)
    lines = starts[first : bisect_left(starts, limit)]
    end = limit
    for start in reversed(lines):
        line = _BREAK.split(head[start:end], maxsplit=1)[0]
        if not _NO_VALUE.fullmatch(line):
            break
        end = start
    return max(end, min(floor, limit))


def _comment(head: str, key: yaml.Node, value: yaml.Node, leaf: int) -> str:
    """Give the comment behind a value, or behind the key of a value on lines of its own."""
    for offset in (head.find(":", key.end_mark.index) + 1, leaf):
        found = _COMMENT.match(_BREAK.split(head[offset : offset + 2000], maxsplit=1)[0])
        if found:
            return found.group()
    return ""
