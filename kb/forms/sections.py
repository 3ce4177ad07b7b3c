"""The body of a document in the parts that a person sees: what stands below each heading.

Joined again they are the body, byte for byte; a part that came back as it was shown stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.references import headings, prose
from kb.forms.texts import edited_lines
from kb.forms.widgets import sent_lines

LEVEL = 2
_LINES = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ATX = re.compile(r" {0,3}#")
_BREAK = re.compile("\r\n|\r|\n")


@dataclass(frozen=True)
class Section:
    """A part of a body: `above + text + below` is what stands in the file.

    `heading` is that of the part, "" for what stands before the first one. `above` holds it and
    the empty lines, `below` the empty lines at the end.
    """

    heading: str
    above: str
    text: str
    below: str

    @property
    def shown(self) -> str:
        """The text as its field shows it, exactly as a browser sends it back."""
        return sent_lines(self.text)

    def edited(self, typed: str) -> str:
        """The part with what was typed; lines that were not edited keep their bytes."""
        typed = typed.strip("\n")
        if typed == self.shown:
            return self.above + self.text + self.below
        found = _BREAK.search(self.above + self.text + self.below)
        newline = found.group() if found else "\n"
        text = edited_lines(self.text, typed, newline)
        if text and not self.text:
            # in an empty part there is no empty line yet that sets the text apart
            start = "" if not self.above or _blank(self.above) else newline
            return self.above + start + text.rstrip("\r\n") + newline + (self.below or newline)
        return self.above + text + self.below


def sections_of(body: str) -> tuple[Section, ...]:
    """The parts of a body, what stands before the first heading only where there is any text."""
    lines = _LINES.findall(body)
    starts = dict(headings(prose(body), LEVEL))
    first = min(starts, default=len(lines))
    parts = [_section("", lines[:first], 0)] if first else []
    ends = [*sorted(starts)[1:], len(lines)]
    for start, end in zip(sorted(starts), ends, strict=False):
        some = lines[start:end]
        parts.append(_section(starts[start], some, 1 if _ATX.match(some[0]) else 2))
    if len(parts) > 1 and not parts[0].heading and not parts[0].text:
        blank, part, *rest = parts
        parts = [Section(part.heading, blank.above + part.above, part.text, part.below), *rest]
    return tuple(parts)


def with_sections(body: str, typed: Mapping[int, str]) -> str:
    """The body with what was typed for some of its parts, by their place."""
    return "".join(
        one.edited(typed[place]) if place in typed else one.above + one.text + one.below
        for place, one in enumerate(sections_of(body))
    )


def _section(heading: str, lines: list[str], titled: int) -> Section:
    """A part of these lines, the first of which are its heading."""
    rest = lines[titled:]
    lead = next((at for at, line in enumerate(rest) if line.strip("\r\n")), len(rest))
    above = "".join(lines[:titled] + rest[:lead])
    kept = "".join(rest[lead:])
    text = kept.rstrip("\r\n")
    return Section(heading, above, text, kept[len(text) :])


def _blank(above: str) -> bool:
    """Whether an empty line stands at the end."""
    return bool(re.search(r"(?:\r\n|\r|\n)(?:\r\n|\r|\n)\Z", above))
