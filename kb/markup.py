"""Markdown to clean HTML: the only place where text becomes markup.

Raw HTML in the text is shown as the characters that were typed, so every element is one that
Markdown made; bleach then keeps only what the lists below name. Either wall would do alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit
from xml.etree import ElementTree

import bleach
import markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

ID_PREFIX = "s-"  # an author's heading must never take a name that a script or a browser looks up
MEDIA = "/media/"

TAGS = frozenset(
    (
        *("a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "hr", "img"),
        *("h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "section", "strong", "sup"),
        *("table", "tbody", "td", "th", "thead", "tr", "ul"),
    )
)
CLASSES = frozenset(
    (
        *("external", "image-elsewhere", "source-ref", "scroll"),
        *("footnote", "footnote-ref", "footnote-backref"),
        *("align-left", "align-center", "align-right"),
    )
)
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset(("href", "title", "class", "rel", "id", "role", "aria-label")),
    "img": frozenset(("src", "alt", "title", "loading", "decoding")),
    "ol": frozenset(("start",)),
    "div": frozenset(("class", "tabindex", "role", "aria-label")),
    "td": frozenset(("class",)),
    "th": frozenset(("class",)),
    "sup": frozenset(("class", "id")),
    **{name: frozenset(("id",)) for name in ("h2", "h3", "h4", "h5", "h6", "li")},
}
PROTOCOLS = frozenset(("http", "https", "mailto"))


@dataclass(frozen=True)
class Labels:
    """What screen readers are told, in the reader's language; `{}` takes a number."""

    source: str = "Source {}"
    table: str = "Table"
    back: str = "Back to footnote {} in the text"


@dataclass(frozen=True)
class Section:
    """A level-2 heading and what stands below it. `title` is the heading as plain text."""

    id: str
    title: str
    heading: Markup
    body: Markup


@dataclass(frozen=True)
class Rendered:
    """A text as HTML: what stands before the first heading, the sections, the footnotes.

    `references` maps the id of a source to the ids of the links that point to it.
    """

    lead: Markup
    sections: tuple[Section, ...]
    footnotes: Markup
    references: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=512)
def render(
    text: str,
    sources: tuple[str, ...] = (),
    own_host: str = "",
    labels: Labels | None = None,
) -> Rendered:
    """The Markdown `text` as clean HTML.

    `[1]` becomes a link to `#source-1` when "1" is in `sources`. Links to a host other than
    `own_host` are marked as external. Never raises: text too deeply nested to be read as Markdown
    comes back as one plain block.
    """
    house = _House(frozenset(sources), own_host, labels or Labels())
    try:
        html = _markdown(house).convert(text)
        clean = _cleaner().clean(html)
    except RecursionError:
        clean = f"<section><pre>{bleach.clean(text, tags=())}</pre></section>"
        house.references.clear()
    lead, sections, footnotes = _split(clean)
    found = {source: tuple(ids) for source, ids in house.references.items()}
    return Rendered(_markup(lead), sections, _markup(footnotes), MappingProxyType(found))


def _markdown(house: _House) -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            FootnoteExtension(BACKLINK_TITLE=house.labels.back),
            "def_list",
            "sane_lists",
            TocExtension(slugify=_anchor, permalink=False),
            house,
        ],
        output_format="html",
    )


def _cleaner() -> bleach.Cleaner:
    # made anew for each text: a Cleaner must not be shared between threads
    return bleach.Cleaner(tags=TAGS, attributes=_allowed, protocols=PROTOCOLS, strip=False)


def _allowed(tag: str, name: str, value: str) -> bool:
    if name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "class":
        return set(value.split()) <= CLASSES
    if tag == "img" and name == "src":
        return value.startswith(MEDIA) and ".." not in value
    return True


def _anchor(title: str, separator: str) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())
    return ID_PREFIX + (separator.join(words) or "part")


def _markup(cleaned: str) -> Markup:
    return Markup(cleaned)  # noqa: S704 (bleach has cleaned it)


_PART = re.compile(r"<section>(.*?)</section>", re.S)
_HEADING = re.compile(r'\s*<h2 id="([^"]*)">(.*?)</h2>', re.S)


def _split(html: str) -> tuple[str, tuple[Section, ...], str]:
    """Lead, sections and footnotes. A <section> can only be one of ours, never nested."""
    lead, footnotes, sections = "", "", []
    for part in _PART.findall(html):
        heading = _HEADING.match(part)
        if heading:
            title = _markup(heading[2])
            body = _markup(part[heading.end() :])
            sections.append(Section(heading[1], title.striptags(), title, body))
        elif part.lstrip().startswith('<div class="footnote">'):
            footnotes += part
        else:
            lead += part
    return lead, tuple(sections), footnotes


class _House(Extension):
    """What this project adds to Markdown and takes from it."""

    def __init__(self, sources: frozenset[str], own_host: str, labels: Labels) -> None:
        super().__init__()
        self.sources = sources
        self.own_host = own_host
        self.labels = labels
        self.references: dict[str, list[str]] = {}

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # after code (190) and escapes (180), before links by reference (170)
        md.inlinePatterns.register(_SourceReference(md, self), "source", 172)
        # after the inline text is read (20), before headings get their anchors (5)
        md.treeprocessors.register(_Mend(md, self), "mend", 8)
        # last of all
        md.treeprocessors.register(_Sections(md), "sections", -10)


_NUMBERS = r"\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\]"


class _SourceReference(InlineProcessor):
    """`[1]`, `[1, 2]` or `[1][2]`: links to the numbered sources, each with an id of its own."""

    def __init__(self, md: markdown.Markdown, house: _House) -> None:
        # the space before a number goes, for the number is raised and must not start a line
        super().__init__(rf"(?<![!\]]) ?((?:{_NUMBERS})+)(?![(:])", md)
        self.house = house

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        numbers = re.findall(r"\d+", m[1])
        if not all(number in self.house.sources for number in numbers):
            return None, None, None
        sup = ElementTree.Element("sup", {"class": "source-ref"})
        for number in numbers:
            links = self.house.references.setdefault(number, [])
            links.append(f"ref-{number}-{len(links) + 1}")
            link = ElementTree.SubElement(
                sup,
                "a",
                {
                    "href": f"#source-{number}",
                    "id": links[-1],
                    "role": "doc-noteref",
                    "aria-label": self.house.labels.source.format(number),
                },
            )
            link.text = number
            link.tail = ", "
        link.tail = ""
        return sup, m.start(0), m.end(0)


class _Mend(Treeprocessor):
    """Headings start at level 2; links, images and tables follow the rules of the site."""

    def __init__(self, md: markdown.Markdown, house: _House) -> None:
        super().__init__(md)
        self.house = house

    def run(self, root: ElementTree.Element) -> None:
        for element in list(root.iter()):
            if element.tag == "h1":
                element.tag = "h2"
            elif element.tag == "img":
                self._image(element)
            elif element.tag in ("td", "th") and "align" in element.attrib:
                element.set("class", f"align-{element.attrib.pop('align')}")
        for element in root.iter("a"):
            self._link(element)
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "table":
                    self._scroll(parent, place, child)

    def _image(self, image: ElementTree.Element) -> None:
        """An image of this site loads lazily; any other becomes a link, so nothing is fetched."""
        address = image.get("src", "")
        if address.startswith("media/"):
            address = "/" + address
            image.set("src", address)
        if address.startswith(MEDIA) and ".." not in address:
            image.set("loading", "lazy")
            image.set("decoding", "async")
            image.set("alt", image.get("alt", ""))
            return
        label = image.get("alt") or address
        image.tag = "a"
        image.attrib.clear()
        image.attrib.update({"href": address, "class": "image-elsewhere"})
        image.text = label

    def _link(self, link: ElementTree.Element) -> None:
        try:
            parts = urlsplit(link.get("href", ""))
            host = parts.hostname
        except ValueError:
            del link.attrib["href"]
            return
        if host and host != self.house.own_host and parts.scheme in ("", "http", "https"):
            link.set("rel", "noopener")
            link.set("class", "external")

    def _scroll(self, parent: ElementTree.Element, place: int, table: ElementTree.Element) -> None:
        frame = ElementTree.Element(
            "div",
            {
                "class": "scroll",
                "tabindex": "0",
                "role": "region",
                "aria-label": self.house.labels.table,
            },
        )
        frame.tail, table.tail = table.tail, ""
        parent.remove(table)
        frame.append(table)
        parent.insert(place, frame)


class _Sections(Treeprocessor):
    """Gathers each level-2 heading of the text with what follows it, for _split to find."""

    def run(self, root: ElementTree.Element) -> None:
        part: ElementTree.Element | None = None
        children = list(root)
        for child in children:
            root.remove(child)
        for child in children:
            notes = child.tag == "div" and child.get("class") == "footnote"
            if part is None or child.tag == "h2" or notes:
                part = ElementTree.SubElement(root, "section")
            part.append(child)
