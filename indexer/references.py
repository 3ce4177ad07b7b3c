"""What is looked for in the Markdown of a body: headings, references such as [1], addresses.

Every step takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

_BREAK = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)(.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_TICKS = re.compile(r"`+")
_DEFINITION = re.compile(r"^ {0,3}\[([0-9]{1,9})\]:[ \t]*\S", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![\\!\w])\[([0-9]{1,9})\](?!\(|:)")
_WORDS = r"(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*"
_ADDRESS = r"<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*"
_PICTURE = re.compile(
    rf"(?<!\\)!\[({_WORDS})\](?:\([ \t\n]*({_ADDRESS})|[ \n]?\[([^\[\]]*)\])?", re.DOTALL
)
_LINK = re.compile(rf"\]\([ \t\n]*({_ADDRESS})")
_NAMED_ADDRESS = re.compile(r"^ {0,3}\[([^\[\]\n]+)\]:[ \t]*(<[^<>\n]*>|\S+)", re.MULTILINE)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>", re.IGNORECASE)


def heading_text(rest: str) -> str:
    """Give the text of a heading from what follows its #, closing # taken off."""
    text = rest.strip()
    open_end = text.rstrip("#")
    return open_end.rstrip() if not open_end or open_end[-1] in " \t" else text


def prose(body: str) -> list[str]:
    """Give the lines of a body, those of code blocks empty."""
    lines = _BREAK.split(body)
    fence, in_list = "", False
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        indented = line.startswith(("    ", "\t"))
        if fence:
            lines[number] = ""
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif found:
            lines[number], fence = "", found[1]
        elif indented and not in_list and (not number or not lines[number - 1].strip()):
            lines[number] = ""
        elif line.strip() and not indented:
            in_list = bool(_ITEM.match(line)) or (in_list and line.startswith(" "))
    return lines


def headings(lines: list[str], level: int) -> Iterator[tuple[int, str]]:
    """Give (line from 0, text) of the headings of a level, `## so` or underlined."""
    above = ""  # the line above, if it may be an underlined heading
    for number, line in enumerate(lines):
        atx, underline = _ATX.match(line), _UNDERLINE.match(line)
        if atx and len(atx[1]) == level:
            yield number, heading_text(atx[2])
        elif underline and above and (1 if underline[1][0] == "=" else 2) == level:
            yield number - 1, above.strip()
        above = "" if atx or underline or line.startswith(("    ", "\t", ">", "|", "-")) else line
        above = above if above.strip() else ""


def references(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Give (line from 0, source number) of each [n] that is no link, code, comment or footnote."""
    text = _words_of(lines)
    defined = {int(found[1]) for found in _DEFINITION.finditer(text)}
    starts = _starts(text)
    for found in _REFERENCE.finditer(text):
        if int(found[1]) not in defined:
            yield bisect_right(starts, found.start()) - 1, int(found[1])


def pictures(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Give (line from 0, words, address) of each picture, `![words](address)` or by name."""
    text = _words_of(lines)
    named = _named(text)
    starts = _starts(text)
    for found in _PICTURE.finditer(text):
        words, address, name = found.groups()
        if address is None:
            address = named.get(_folded(name or words))
        if address is not None:
            yield bisect_right(starts, found.start()) - 1, words, address.strip("<>").strip()


def addresses(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Give (line from 0, address) of each link and picture, and of each address with a name."""
    text = _words_of(lines)
    starts = _starts(text)
    for pattern, group in ((_LINK, 1), (_NAMED_ADDRESS, 2)):
        for found in pattern.finditer(text):
            line = bisect_right(starts, found.start(group)) - 1
            yield line, found[group].strip("<>").strip()


def web_addresses(body: str) -> Iterator[str]:
    """Give the addresses on the web that links and pictures of a body lead to."""
    text = _without_code("\n".join(prose(body)))
    found = [one[1] for one in _LINK.finditer(text)]
    found += [one[2] for one in _NAMED_ADDRESS.finditer(text) if not one[1].startswith("^")]
    found += [one[1] for one in _AUTOLINK.finditer(text)]
    for address in found:
        plain = html.unescape(address.strip("<>").strip())
        if plain.lower().startswith(("http://", "https://")):
            yield plain


def _words_of(lines: list[str]) -> str:
    return _without_code(_without_comments("\n".join(lines)))


def _starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _named(text: str) -> dict[str, str]:
    found = _NAMED_ADDRESS.finditer(text)
    return {_folded(one[1]): one[2] for one in found}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace spans of a text by blanks, its line breaks kept."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], re.sub(r"[^\n]", " ", text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def _without_comments(text: str) -> str:
    spans, last = [], 0
    while (start := text.find("<!--", last)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        last = end + 3
        spans.append((start, last))
    return _blank(text, spans)


def _without_code(text: str) -> str:
    """Blank the code spans: from a run of backticks to the next of the same length."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(text)]
    following: dict[int, list[int]] = {}  # length -> positions in `runs`, the last one first
    for position in range(len(runs) - 1, -1, -1):
        start, end = runs[position]
        following.setdefault(end - start, []).append(position)
    spans, done = [], -1
    for position, (start, end) in enumerate(runs):
        alike = following[end - start]
        alike.pop()
        if position <= done or (start and text[start - 1] == "\\"):
            continue
        if alike:
            done = alike[-1]
            spans.append((start, runs[done][1]))
    return _blank(text, spans)
