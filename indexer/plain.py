"""Plain text of Markdown, for the index: fast and forgiving, not a renderer.

Rendering a case to HTML takes some twenty times longer, and the index needs its words only.
"""

from __future__ import annotations

import html
import re

from indexer.references import heading_text

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*$")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)(.*)")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*)+|(?:=[ \t]*)+|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_TABLE_RULE = re.compile(r"\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?$")
_DEFINITION = re.compile(r" {0,3}\[(?!\^)[^\[\]]+\]:[ \t]*\S")
# Quote marks, then the mark of a list item, a definition or a footnote.
_MARKS = re.compile(
    r"(?P<quote>(?:[ \t]*>)*)[ \t]*"
    r"(?P<item>(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?"
    r"|:[ \t]+|\[\^[^\[\]]+\]:[ \t]*|\*(?=\[))?"
)
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
# All begin with one of a few characters; looking at these first makes it five times faster.
_INLINE = re.compile(
    r"""
    (?=[\\!\[<&{`~*_])(?:
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | \[(?:\d{1,9}|\^[^\[\]\s]{1,80})\](?!\()(?P<reference>)             # source or footnote
    | !?\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]                   # link or image
      \([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)
    | !?\[(?P<label>[^\[\]]+)\]\[(?![\d^])[^\[\]]*\]                      # link by name
    | <(?P<address>https?://[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>
    | </?(?P<tag>[A-Za-z][A-Za-z0-9-]*)[^<>]*>
    | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    | \{:?[ \t]*[\#.][^{}\n]*\}                                             # attributes
    | `+ | ~~ | \*+(?=\S) | (?<=\S)\*+ | (?<!\w)_+(?=\S) | (?<=\S)_+(?!\w)
    )
    """,
    re.VERBOSE,
)
_GONE = "\0"  # stands for a reference until the blank before it is taken away too
_BLANKS = re.compile(r"[ \t\xa0]+")


def plain_text(markdown: str) -> str:
    """Give the words of a Markdown text; paragraphs are separated by a blank line.

    Headings are paragraphs of their own, list items and table rows have lines of their own;
    references to sources and footnotes, addresses behind links and HTML tags are left out.
    """
    text = _without_comments(markdown.replace("\r\n", "\n").replace("\r", "\n"))
    paragraphs = (_BLANKS.sub(" ", inline(paragraph)) for paragraph in _paragraphs(text))
    return "\n\n".join(
        cleaned
        for paragraph in paragraphs
        if (cleaned := "\n".join(filter(None, map(str.strip, paragraph.split("\n")))))
    )


def _without_comments(text: str) -> str:
    pieces, last = [], 0
    while (start := text.find("<!--", last)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces.append(text[last:start])
        last = end + 3
    return "".join([*pieces, text[last:]])


def _paragraphs(text: str) -> list[str]:
    """Give the blocks of a text, the marks at the beginning of their lines taken off."""
    paragraphs: list[str] = []
    block: list[str] = []
    fence = ""

    def end() -> None:
        if block:
            paragraphs.append("".join(block))
            block.clear()

    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence or found:
            if found and (not fence or found[1].startswith(fence)):
                end()
                fence = "" if fence else found[1]
            else:
                block.append(f"\n{line}")
        elif not line.strip() or _RULE.match(line):
            end()
        elif heading := _HEADING.match(line):
            end()
            paragraphs.append(heading_text(heading[1]))
        elif not _TABLE_RULE.match(line.strip()) and not _DEFINITION.match(line):
            block.append(_line(line))
    end()
    return paragraphs


def _line(line: str) -> str:
    """Give a line with what joins it to the line before: a blank, or a break for an item."""
    marks = _MARKS.match(line)
    rest = line[marks.end() :] if marks else line
    if rest.startswith("|") or rest.count("|") > 1:
        return "\n" + rest.replace("|", " ")
    return ("\n" if marks and marks["item"] else " ") + rest


def inline(text: str) -> str:
    """Take the marks inside of a line away: emphasis, links, code, HTML, references."""
    return _INLINE.sub(_word, text.replace(_GONE, "")).replace(f" {_GONE}", "").replace(_GONE, "")


def _word(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind is None:
        return ""
    if kind == "reference":
        return _GONE
    value = found[kind]
    if kind in ("text", "label"):
        return inline(value)
    if kind == "tag":
        return " " if value.lower() in _BLOCK else ""
    return html.unescape(value) if kind == "entity" else value
