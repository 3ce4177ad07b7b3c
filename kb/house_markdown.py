"""What this project adds to Markdown and takes from it; kb.markup cleans what comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from indexer.media import PICTURES, Media, name_in_address, read_name, suffix_of
from kb.markdown_directions import BLOCKS, ways

#: Where pictures and documents are served: those of public texts, and those of drafts.
MEDIA, ATTACHMENTS = "/media/", "/attachments/"
#: How wide a picture stands in a text, for the browser to choose a size of it.
SIZES = "(min-width: 42rem) 38rem, 100vw"
#: What finds terms to explain in a text: where they stand (start, end) and their ids.
Finder = Callable[[str], Iterable[tuple[int, int, str]]]
#: Terms explained in one text; more marks would be in the way of reading.
MOST_TERMS = 12
TERM = "term-"  # what the id of an explanation begins with


@dataclass(frozen=True)
class Labels:
    """What screen readers are told, in the reader's language; `{}` takes a number."""

    source: str = "Source {}"
    table: str = "Table"
    back: str = "Back to footnote {} in the text"
    kilobytes: str = "PDF, {} KB"
    megabytes: str = "PDF, {} MB"
    point: str = "."


class House(Extension):
    """What this project adds to Markdown and takes from it."""

    def __init__(
        self,
        sources: frozenset[str],
        own_host: str,
        labels: Labels,
        terms_in: Finder | None,
        draft: str = "",
    ) -> None:
        super().__init__()
        self.sources = sources
        self.terms_in = terms_in
        self.draft = draft
        self.terms: dict[str, None] = {}
        self.own_host = own_host
        self.labels = labels
        self.references: dict[str, list[str]] = {}

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's name)
        """Register the rules with `md`."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # after code (190) and escapes (180), before links by reference (170)
        md.inlinePatterns.register(_SourceReference(md, self), "source", 172)
        # after the inline text is read (20), before headings get their anchors (5)
        md.treeprocessors.register(_Mend(md, self), "mend", 8)
        md.treeprocessors.register(_Directions(md), "directions", 7.5)
        if self.terms_in:
            md.treeprocessors.register(_Terms(md, self), "terms", 7)
        # last of all
        md.treeprocessors.register(_Sections(md), "sections", -10)


_NUMBERS = r"\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\]"


class _SourceReference(InlineProcessor):
    """`[1]`, `[1, 2]`, `[1][2]` or `[1] [2]`: links to the numbered sources, each with its id."""

    def __init__(self, md: markdown.Markdown, house: House) -> None:
        # the space before a number goes, for the number is raised and must not start a line
        super().__init__(rf"(?<![!\]]) ?({_NUMBERS}(?: ?{_NUMBERS})*)(?![(:])", md)
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

    def __init__(self, md: markdown.Markdown, house: House) -> None:
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
                elif child.tag == "p":
                    _as_figure(child)

    def _address(self, name: str) -> str:
        """Where a picture or document is served, to everybody or to those who see the draft."""
        if self.house.draft:
            return f"{ATTACHMENTS}{quote(name)}?draft={quote(self.house.draft)}"
        return f"{MEDIA}{quote(name)}"

    def _image(self, image: ElementTree.Element) -> None:
        """An image of this site loads lazily; any other becomes a link, so nothing is fetched."""
        address = image.get("src", "")
        name = name_in_address(address)
        if name is not None and suffix_of(name) in PICTURES:
            image.set("src", self._address(name))
            image.set("loading", "lazy")
            image.set("decoding", "async")
            image.set("alt", image.get("alt", ""))
            media = read_name(name)
            if media is not None:
                self._sizes(image, media)
            return
        label = image.get("alt") or address
        image.tag = "a"
        image.attrib.clear()
        image.attrib.update({"href": address, "class": "image-elsewhere"})
        image.text = label

    def _sizes(self, image: ElementTree.Element, media: Media) -> None:
        """The room that a picture needs, and its smaller sizes for the browser to choose from."""
        image.set("width", str(media.width))
        image.set("height", str(media.height))
        if media.widths:
            sizes = [(self._address(media.smaller(width)), width) for width in media.widths]
            sizes.append((self._address(media.name), media.width))
            image.set("srcset", ", ".join(f"{address} {width}w" for address, width in sizes))
            image.set("sizes", SIZES)

    def _link(self, link: ElementTree.Element) -> None:
        address = link.get("href", "")
        name = name_in_address(address)
        if name is not None:
            self._to_media(link, name, address.partition("#")[2])
            return
        try:
            parts = urlsplit(link.get("href", ""))
            host = parts.hostname
        except ValueError:
            del link.attrib["href"]
            return
        if host and host != self.house.own_host and parts.scheme in ("", "http", "https"):
            link.set("rel", "noopener")
            link.set("class", "external")

    def _to_media(self, link: ElementTree.Element, name: str, place: str) -> None:
        """A link to a document tells its type and its size, and what it is called once saved."""
        link.set("href", self._address(name) + (f"#{place}" if place else ""))
        media = read_name(name)
        if media is None or media.is_picture:
            return
        title = " ".join("".join(link.itertext()).split())
        last = link[-1] if len(link) else None
        told = f" ({self._size(media.kilobytes)})"
        if last is None:
            link.text = (link.text or "") + told
        else:
            last.tail = (last.tail or "") + told
        link.set("download", f"{_FOREIGN.sub(' ', title)[:100].strip(' .') or media.hash}.pdf")

    def _size(self, kilobytes: int) -> str:
        labels = self.house.labels
        if kilobytes < 1000:
            return labels.kilobytes.format(kilobytes)
        megabytes = f"{kilobytes / 1000:.1f}" if kilobytes < 9950 else f"{kilobytes / 1000:.0f}"
        return labels.megabytes.format(megabytes.replace(".", labels.point))

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


#: What no system takes in the name of a file.
_FOREIGN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def _as_figure(paragraph: ElementTree.Element) -> None:
    """A picture that stands alone in its paragraph becomes a figure, its title the caption."""
    if len(paragraph) != 1 or (paragraph.text or "").strip():
        return
    image = paragraph[0]
    if image.tag != "img" or (image.tail or "").strip():
        return
    paragraph.tag = "figure"
    paragraph.text = image.tail = ""
    title = image.attrib.pop("title", "").strip()
    if title:
        ElementTree.SubElement(paragraph, "figcaption").text = title


class _Directions(Treeprocessor):
    """A quotation or a cell in another script runs in its own direction."""

    def run(self, root: ElementTree.Element) -> None:
        blocks = [element for element in root.iter() if element.tag in BLOCKS]
        texts = ["".join(block.itertext()) for block in blocks]
        for block, way in zip(blocks, ways("".join(root.itertext()), texts), strict=True):
            if way:
                block.set("dir", way)


class _Terms(Treeprocessor):
    """Where a term of the glossary first stands, it becomes a button that shows what it means."""

    LEFT = frozenset(("a", "code", "h2", "h3", "h4", "h5", "h6", "pre", "sup"))

    def __init__(self, md: markdown.Markdown, house: House) -> None:
        super().__init__(md)
        self.house = house

    def run(self, root: ElementTree.Element) -> None:
        root.text, inside = self._marked(root.text)
        for child in list(root):
            if child.tag not in self.LEFT:
                self.run(child)
            child.tail, after = self._marked(child.tail)
            inside += [child, *after]
        root[:] = inside

    def _marked(self, text: str | None) -> tuple[str | None, list[ElementTree.Element]]:
        """Return the text before the first term, and a button for each with what follows it."""
        buttons: list[ElementTree.Element] = []
        if not text or not self.house.terms_in or len(self.house.terms) >= MOST_TERMS:
            return text, buttons
        found = []
        for start, end, id_ in self.house.terms_in(text):
            if id_ not in self.house.terms and len(self.house.terms) < MOST_TERMS:
                self.house.terms[id_] = None
                found.append((start, end, id_))
        ends = [start for start, _, _ in found[1:]] + [len(text)]
        for (start, end, id_), stop in zip(found, ends, strict=False):
            button = ElementTree.Element("button", {"class": "term", "popovertarget": TERM + id_})
            button.text, button.tail = text[start:end], text[end:stop]
            buttons.append(button)
        return (text[: found[0][0]] if found else text), buttons


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
