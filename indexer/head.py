"""Reading the front matter: where it lies in a file, its values, and the line of each.

python-frontmatter reads through a handler of our own. It strips texts and changes line endings,
so the handler is given the exact head and the body is cut out here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler

from indexer.values import Problem
from indexer.yaml_advice import advice
from indexer.yaml_loader import MAX_DEPTH, TAG, Loader, scalar

MAX_HEAD = 200_000  # characters; the longest real one has about 20,000
MAX_VALUES = 50_000  # values after the aliases are followed: an alias bomb has billions

FIELD = "front matter"  # the field named in problems of the whole head

BREAK = re.compile(r"\r\n|\r|\n")
_OPEN = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\r|\n)")
_CLOSE = re.compile(r"(?<=[\r\n])---[ \t]*(?:\r\n|\r|\n|\Z)")
_LATE = re.compile(r"\ufeff?\s*---[ \t]*[\r\n]")
# Neither YAML nor XML (feeds, exports) holds these; a lone surrogate is a byte that is no UTF-8.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Parts:
    """A file cut in three: `start + head + close + body` is the text again."""

    start: str  # BOM and the opening line; "" where there is no front matter
    head: str  # the YAML
    close: str  # the closing line
    body: str

    @property
    def newline(self) -> str:
        """Give the line ending of the file's first line, else a line feed."""
        found = BREAK.search(self.start or self.body)
        return found.group() if found else "\n"


def split(text: str) -> Parts:
    """Cut a file into front matter and body, losing no character."""
    opening = _OPEN.match(text)
    closing = _CLOSE.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return Parts("", "", "", text)
    start, end = opening.end(), closing.start()
    return Parts(text[:start], text[start:end], closing.group(), text[closing.end() :])


def line_starts(text: str) -> list[int]:
    """Give the offset at which each line of `text` begins (line endings as in YAML 1.2)."""
    return [0, *(found.end() for found in BREAK.finditer(text))]


@dataclass
class Reading:
    """What was read from a head: the values, and where each of them stands."""

    text: str
    first_line: int = 2  # the line of the file on which the head begins
    values: dict[str, Any] = field(default_factory=dict)
    root: yaml.Node | None = None
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False  # the YAML could not be read, so `values` is empty
    _starts: list[int] = field(default_factory=list)

    def line_at(self, offset: int) -> int:
        """Give the line of the file at this offset of the head."""
        self._starts = self._starts or line_starts(self.text)
        return bisect_right(self._starts, offset) - 1 + self.first_line

    def line(self, path: tuple[str | int, ...], at_key: bool = False) -> int:
        """Give the line of the value (or its key) at a path such as ("results", 0, "year")."""
        node, line = self.root, self.first_line - 1
        for step in path:
            key, node = _child(node, step)
            if node is None:
                return line
            line = self.line_at((key if at_key and key else node).start_mark.index)
        return line

    def note(self, offset: int, message: str, where: str = FIELD) -> None:
        """Add a problem at an offset of the head."""
        self.problems.append(Problem(self.line_at(offset), where, message))


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Give key and value nodes one step down; the last of two equal keys counts."""
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):
            if key.value == step:
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None, None


class _Refused(Exception):
    """The head asks for more than a head may; carries the offset and the reason."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class _Builder:
    """Turns nodes into plain values, noting what is odd on the way."""

    def __init__(self, reading: Reading, loader: Loader) -> None:
        self.reading = reading
        self.loader = loader
        self.count = 0

    def value(self, node: yaml.Node, depth: int = 0) -> Any:
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            raise _Refused(
                node.start_mark.index,
                f"aliases (*name) repeat more than {MAX_VALUES} values or contain themselves:"
                " write the values out",
            )
        if isinstance(node, yaml.ScalarNode):
            try:
                return scalar(node, self.loader)
            except LookupError:
                self.tag(node)
                return node.value
        if node.tag not in (TAG + "map", TAG + "seq"):
            self.tag(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self.mapping(node, depth)

    def mapping(self, node: yaml.Node, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        firsts: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.reading.note(key.start_mark.index, "a key must be a word, not a list or group")
                continue
            first = firsts.setdefault(key.value, key.start_mark.index)
            if key.value in result:
                line = self.reading.line_at(first)
                self.reading.note(
                    key.start_mark.index,
                    f"is given twice, first on line {line}: keep one of the two",
                    where=key.value,
                )
            result[key.value] = self.value(value, depth + 1)
        return result

    def tag(self, node: yaml.Node) -> None:
        self.reading.note(
            node.start_mark.index,
            f"the tag {node.tag.replace(TAG, '!!')} is not used here: write the plain value,"
            " in double quotes if it is a text that begins with !",
        )


class _Handler(BaseHandler):  # type: ignore[misc, unused-ignore]
    """python-frontmatter's handler for one head, with positions kept."""

    FM_BOUNDARY = _CLOSE

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading

    def split(self, text: str) -> tuple[str, str]:
        """Give the exact head, not the stripped copy that `text` is."""
        return self.reading.text, ""

    def load(self, fm: str) -> dict[str, Any]:
        """Give the values, or none where the YAML is broken (then with a problem)."""
        reading = self.reading
        try:
            loader = Loader(fm)
            try:
                reading.root = loader.get_single_node()
                value = _Builder(reading, loader).value(reading.root) if reading.root else {}
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            offset, message = advice(error, fm)
            reading.broken = True
            reading.note(offset, message)
        except _Refused as refused:
            reading.broken = True
            reading.note(refused.offset, str(refused))
        else:
            if isinstance(value, dict):
                return value
            if value is not None:
                reading.broken = True
                reading.note(0, "must be lines of the form `key: value`, not a list or a text")
        return {}


def read(head: str, first_line: int = 2, most: int = MAX_HEAD) -> Reading:
    """Read the YAML of a front matter; never raises, problems are in the result."""
    reading = Reading(head, first_line)
    if len(head) > most:
        reading.broken = True
        reading.note(0, f"is longer than {most:,} characters: move text into the body")
    elif _FORBIDDEN.search(head):
        reading.broken = True  # libyaml would stop there too; forbidden() names the line
    else:
        reading.values, _ = frontmatter.parse("", handler=_Handler(reading))
    return reading


def forbidden(text: str) -> Iterator[Problem]:
    """Find characters that no text may hold: NUL and other controls, bytes that are not UTF-8."""
    starts: list[int] = []
    last = 0
    for found in _FORBIDDEN.finditer(text):
        starts = starts or line_starts(text)
        line = bisect_right(starts, found.start())
        if line == last:
            continue  # one a line is enough
        last = line
        character = ord(found.group())
        if 0xDC80 <= character <= 0xDCFF:
            message = f"byte {character - 0xDC00:#04x} is not UTF-8: save the file as UTF-8"
        else:
            message = f"control character U+{character:04X}: delete it"
        yield Problem(line, "text", message)


def misplaced(text: str) -> str:
    """Say why a text has no front matter, in words for its author."""
    if _OPEN.match(text):
        return "is not closed: a line --- is missing after the last field"
    if _LATE.match(text):
        return "must begin on the very first line: delete what stands before ---"
    return "is missing: begin the file with a line ---, the fields, and a line ---"
