"""Whether a text would keep the reader of Markdown busy for long, told by looking at it once.

Python-Markdown looks, from each bracket on, for the one that closes it, and numbers what has the
same name by trying: 20,000 opening brackets take three minutes. No text that people write comes
near these bounds; one that does is shown as it was typed.
"""

from __future__ import annotations

import re

#: The most lines, brackets, references to footnotes, headings, marks within a line, bars of tables,
#: backslashes, and quotes within quotes.
LINES, BRACKETS, FOOTNOTES, HEADINGS, MARKS = 3_000, 3_000, 400, 500, 6_000
BARS, BACKSLASHES, QUOTES = 12_000, 6_000, 20
#: Characters that are looked at in search of closing brackets, all together.
STEPS = 500_000
_BRACKET = re.compile(r"[][()]")
_BLANK = re.compile(r"\n[ \t]*\n")
_HEADING = re.compile(r"^ {0,3}#|^ {0,3}(?:=|-)+[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"[*_`<&]")
_QUOTE = re.compile(rf"^[ \t]*(?:>[ \t]*){{{QUOTES}}}", re.MULTILINE)


def too_costly(text: str) -> bool:
    """Whether reading `text` as Markdown would take seconds."""
    return (
        text.count("\n") > LINES
        or text.count("[") > BRACKETS
        or text.count("[^") > FOOTNOTES
        or sum(1 for _ in _HEADING.finditer(text)) > HEADINGS
        or sum(1 for _ in _MARK.finditer(text)) > MARKS
        or text.count("|") > BARS
        or text.count("\\") > BACKSLASHES
        or _QUOTE.search(text) is not None
        or sum(map(steps, _BLANK.split(text))) > STEPS
    )


def steps(block: str) -> int:
    """How many characters are looked at for the brackets of a block that has no blank line."""
    square: list[int] = []
    round_: list[tuple[int, bool]] = []
    total = 0
    for found in _BRACKET.finditer(block):
        place, mark = found.start(), found[0]
        if mark == "[":
            square.append(place)
        elif mark == "]" and square:
            total += place - square.pop()
        elif mark == "(":
            round_.append((place, block[place - 1 : place] == "]"))
        elif mark == ")" and round_:
            begin, link = round_.pop()
            total += (place - begin) if link else 0
    left = [*square, *(begin for begin, link in round_ if link)]
    return total + sum(len(block) - begin for begin in left)
