"""Clean HTML of a text as it stands in a book: well-formed, and complete without this site.

Books are read where no other page is at hand: ids begin with the name of the chapter, so that many
texts can stand in one file, and what leads to a page of the site has its whole address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote

from kb.house_markdown import MEDIA

VOID = frozenset(("br", "hr", "img"))
#: What is of use to a page of the site alone.
LEFT = frozenset(("loading", "decoding", "srcset", "sizes", "tabindex", "download", "rel", "title"))
#: Where one paragraph of plain text ends and the next begins.
BLOCKS = frozenset(
    (
        *("p", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "tr", "pre", "blockquote"),
        *("figcaption", "div", "table", "ul", "ol", "dl"),
    )
)
#: Words between two cells of a table, and between a term and what it means.
CELLS = frozenset(("td", "th"))
#: Headings of a text stand below that of what they are in.
LOWER = {"h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6"}
PICTURES = "pictures/"
_PLAIN_ID = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)


@dataclass(frozen=True)
class Surroundings:
    """Where a text will stand: what its ids begin with, the address of the site, its pictures.

    `pictures` gives the name in the book of each picture of the site; one that is not there is
    told by its words alone.
    """

    prefix: str
    origin: str
    pictures: Mapping[str, str]
    ids: dict[str, str] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        """What an id of the text is called in the book: letters, digits and hyphens."""
        if name not in self.ids:
            plain = name if _PLAIN_ID.fullmatch(name) else f"place-{len(self.ids) + 1}"
            self.ids[name] = f"{self.prefix}-{plain}"
        return self.ids[name]

    def address(self, href: str) -> str:
        """Where a link of the text leads to in the book."""
        if href.startswith("#"):
            return f"#{self.id_of(unquote(href[1:]))}"
        return f"{self.origin}{href}" if href.startswith("/") else href


def rewritten(html: str, around: Surroundings) -> tuple[str, tuple[str, ...]]:
    """The HTML as XHTML, and its paragraphs as plain text without the numbers of sources."""
    writer = _Writer(around)
    writer.feed(html)
    writer.close()
    return writer.finished()


class _Writer(HTMLParser):
    def __init__(self, around: Surroundings) -> None:
        super().__init__(convert_charrefs=True)
        self._around = around
        self._out: list[str] = []
        self._paragraphs: list[str] = []
        self._said: list[str] = []
        self._raised = 0

    def finished(self) -> tuple[str, tuple[str, ...]]:
        self._end_paragraph()
        return "".join(self._out), tuple(self._paragraphs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = LOWER.get(tag, tag)
        given = {name: value or "" for name, value in attrs if name not in LEFT}
        if tag == "img" and not self._picture(given):
            return
        if tag in BLOCKS:
            self._end_paragraph()
        self._raised += tag == "sup"
        if "id" in given:
            given["id"] = self._around.id_of(given["id"])
        if "href" in given:
            given["href"] = self._around.address(given["href"])
        told = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
        self._out.append(f"<{tag}{told}/>" if tag in VOID else f"<{tag}{told}>")
        if tag == "br":
            self._said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        tag = LOWER.get(tag, tag)
        self._out.append(f"</{tag}>")
        self._raised -= tag == "sup"
        if tag in BLOCKS:
            self._end_paragraph()
        elif tag in CELLS:
            self._said.append(" · ")

    def handle_data(self, data: str) -> None:
        self._out.append(escape(data, quote=False))
        if not self._raised:
            self._said.append(data)

    def _picture(self, given: dict[str, str]) -> bool:
        """Let a picture be that of the book; where it has none, its words stand there."""
        name = self._around.pictures.get(given.get("src", "").removeprefix(MEDIA))
        if name is None:
            self.handle_data(given.get("alt", ""))
            return False
        given["src"] = f"{PICTURES}{name}"
        return True

    def _end_paragraph(self) -> None:
        text = " ".join("".join(self._said).split()).strip("· ")
        self._said.clear()
        if text:
            self._paragraphs.append(text)
