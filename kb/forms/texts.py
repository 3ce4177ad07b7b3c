"""Long texts through a form: lines that were not edited keep the bytes they have in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from indexer.head import split
from kb.forms.widgets import sent_lines

_LINES = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BLANK = re.compile(r"[\r\n]*")


def shown_body(body: str) -> str:
    """The body as its field shows it: without the blank lines above, with line feeds."""
    return sent_lines(body[_lead(body) :])


def _lead(body: str) -> int:
    found = _BLANK.match(body)
    return found.end() if found else 0


def edited_body(old: str, typed: str) -> str:
    """The body with what was typed: lines that were not edited keep their bytes."""
    if typed == shown_body(old):
        return old
    lead, rest = old[: _lead(old)], old[_lead(old) :]
    lines = edited_lines(rest, typed.lstrip("\n"), "\r\n" if "\r\n" in old else "\n")
    return (lead or split(old).newline) + lines if lines else lead


def edited_lines(old: str, typed: str, newline: str) -> str:
    """The text that was typed; the lines it shares with `old` keep the bytes they have there."""
    before, after = _LINES.findall(old), _LINES.findall(typed)
    plain = [sent_lines(line) for line in before]
    if after and not after[-1].endswith("\n") and (not old or old[-1] in "\r\n"):
        after[-1] += "\n"
    lines: list[str] = []
    matched = SequenceMatcher(None, plain, after, autojunk=False)
    for tag, begin, end, first, last in matched.get_opcodes():
        if tag == "equal":
            lines += before[begin:end]
        else:
            lines += [line.replace("\n", newline) for line in after[first:last]]
    return "".join(lines)


# The whole text ------------------------------------------------------------------------------


@dataclass(frozen=True)
class RawForm:
    """The whole text as it was typed, None where another form was sent."""

    typed: str | None
    base: str
    message: str
    do: str

    def text_for(self, old: str) -> str:
        """The text of the file; the lines it shares with `old` keep their bytes."""
        typed = self.typed or ""
        return old if typed == sent_lines(old) else edited_lines(old, typed, split(old).newline)


def read_raw(sent: Mapping[str, str]) -> RawForm:
    """The whole text that a browser sent."""
    typed = sent_lines(sent["raw"]) if "raw" in sent else None
    return RawForm(typed, sent.get("base", ""), sent.get("message", "").strip(), sent.get("do", ""))
