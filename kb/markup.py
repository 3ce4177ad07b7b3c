"""Markdown to clean HTML: the only place where text becomes markup.

Raw HTML in the text is shown as the characters that were typed, so every element is one that
Markdown made; bleach then keeps only what the lists below name. Either wall would do alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from itertools import pairwise
from types import MappingProxyType

import bleach
import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markupsafe import Markup

from kb.costly import too_costly
from kb.house_markdown import ATTACHMENTS, MEDIA, SIZES, TERM, Finder, House, Labels
from kb.house_xhtml import Surroundings, rewritten

ID_PREFIX = "s-"  # an author's heading must never take a name that a script or a browser looks up

TAGS = frozenset(
    (
        *(
            "a",
            "blockquote",
            "br",
            "button",
            "code",
            "dd",
            "del",
            "div",
            "dl",
            "dt",
            "em",
            "figcaption",
            "figure",
            "hr",
            "img",
        ),
        *("h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "section", "strong", "sup"),
        *("table", "tbody", "td", "th", "thead", "tr", "ul"),
    )
)
CLASSES = frozenset(
    (
        *("external", "image-elsewhere", "source-ref", "scroll"),
        *("footnote", "footnote-ref", "footnote-backref"),
        *("align-left", "align-center", "align-right", "term"),
    )
)
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset(("href", "title", "class", "rel", "id", "role", "aria-label", "download")),
    "button": frozenset(("class", "popovertarget")),
    "img": frozenset(
        (
            *("src", "alt", "title", "loading", "decoding"),
            *("srcset", "sizes", "width", "height"),
        )
    ),
    "ol": frozenset(("start",)),
    "div": frozenset(("class", "tabindex", "role", "aria-label")),
    "td": frozenset(("class", "dir")),
    "th": frozenset(("class", "dir")),
    "sup": frozenset(("class", "id")),
    "h2": frozenset(("id",)),
    **{name: frozenset(("id", "dir")) for name in ("h3", "h4", "h5", "h6", "li")},
    **{name: frozenset(("dir",)) for name in ("p", "dd", "dt", "figcaption")},
}
PROTOCOLS = frozenset(("http", "https", "mailto"))
#: Pictures of this site in several sizes, and nothing else.
_SRCSET = re.compile(
    rf"(?:(?:{MEDIA}|{ATTACHMENTS})[0-9a-f]{{32}}-[0-9x]+\.webp(?:\?draft=[\w-]+)?"
    r" [0-9]+w(?:, |$))+",
    re.ASCII,
)


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

    `references` maps the id of a source to the ids of the links that point to it; `terms` are the
    ids of the terms that a button of the text explains: the page owes each a popover of that id.
    """

    lead: Markup
    sections: tuple[Section, ...]
    footnotes: Markup
    references: Mapping[str, tuple[str, ...]]
    terms: tuple[str, ...] = ()

    @property
    def whole(self) -> Markup:
        """All of it, as it was written."""
        parts = (
            _markup(f'<h2 id="{escape(one.id)}">{one.heading}</h2>{one.body}')
            for one in self.sections
        )
        return _markup("").join((self.lead, *parts, self.footnotes))


@lru_cache(maxsize=512)
def render(
    text: str,
    sources: tuple[str, ...] = (),
    own_host: str = "",
    labels: Labels | None = None,
    terms_in: Finder | None = None,
    *,
    draft: str = "",
) -> Rendered:
    """The Markdown `text` as clean HTML.

    `[1]` becomes a link to `#source-1` when "1" is in `sources`. Links to a host other than
    `own_host` are marked as external. Terms that `terms_in` finds are explained. Pictures are
    those of public texts, or those that whoever may see the draft with the token `draft` sees.
    Never raises: text too deeply nested, or too costly, to be read as Markdown comes back as one
    plain block.
    """
    house = House(frozenset(sources), own_host, labels or Labels(), terms_in, draft)
    plain = f"<section><pre>{escape(text)}</pre></section>"
    try:
        clean = plain if too_costly(text) else _cleaner().clean(_markdown(house).convert(text))
    except RecursionError:
        clean = plain
        house.references.clear()
        house.terms.clear()
    lead, sections, footnotes = _split(clean)
    found = {source: tuple(ids) for source, ids in house.references.items()}
    return Rendered(
        _markup(lead), sections, _markup(footnotes), MappingProxyType(found), tuple(house.terms)
    )


def _markdown(house: House) -> markdown.Markdown:
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
    if name == "dir":
        return value in ("ltr", "rtl")
    if name == "popovertarget":
        return value.startswith(TERM)
    if tag == "img":
        return _of_picture(name, value)
    if name == "download":
        return not set(value) & set("/\\")
    return True


def _of_picture(name: str, value: str) -> bool:
    """Whether an attribute of a picture loads something of this site, or nothing."""
    if name == "src":
        return value.startswith((MEDIA, ATTACHMENTS)) and ".." not in value
    if name == "srcset":
        return bool(_SRCSET.fullmatch(value))
    if name in ("width", "height"):
        return value.isascii() and value.isdigit()
    return name != "sizes" or value == SIZES


def _anchor(title: str, separator: str) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())
    return ID_PREFIX + (separator.join(words) or "part")


def _markup(cleaned: str) -> Markup:
    return Markup(cleaned)  # noqa: S704 (bleach has cleaned it, or all of it was escaped)


#: No text at all.
NO_TEXT = Rendered(_markup(""), (), _markup(""), MappingProxyType({}))

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


# Texts in books ------------------------------------------------------------------------------


def in_book(html: Markup, around: Surroundings) -> tuple[Markup, tuple[str, ...]]:
    """A piece of a text as it stands in a book, and its paragraphs as plain text."""
    made, paragraphs = rewritten(str(html), around)
    return _markup(made), paragraphs


# Passages that somebody spoke of ------------------------------------------------------------


@dataclass(frozen=True)
class Marked:
    """A passage of a text to be marked, from `start` to `end` of what `text_in` gives.

    Behind it stands `number`, which leads to `#thread-id` and is called `label`.
    """

    start: int
    end: int
    id: str
    number: str
    label: str


_TOKEN = re.compile(r'<(?:[^<>"]|"[^"<]*")*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|[^<&]+|[<&]')
#: What is no part of the text as one reads it: the numbers of sources and footnotes.
_RAISED = re.compile(r"<sup\b")
_LINKED, _LINK_ENDS = re.compile(r"<(?:a|button)\b"), re.compile(r"</(?:a|button)>")
_BLOCK = re.compile(r"</?(?:p|h[2-6]|li|dt|dd|tr|td|th|div|section|blockquote|pre|br|hr)\b")


def text_in(rendered: Rendered) -> str:
    """The text of a document as it is read, without the numbers of sources."""
    return "".join(text for part in _html_of(rendered) for _, text in _tokens(part))


def with_passages(rendered: Rendered, passages: Sequence[Marked]) -> Rendered:
    """The same text with passages marked, each with the way to what was said of it."""
    marks = sorted(passages, key=lambda one: (one.start, one.end))
    parts, at = [], 0
    for html in _html_of(rendered):
        made, at = _with_marks(html, at, marks)
        parts.append(_markup(made))
    sections = tuple(
        replace(section, heading=parts[1 + 2 * place], body=parts[2 + 2 * place])
        for place, section in enumerate(rendered.sections)
    )
    return replace(rendered, lead=parts[0], sections=sections, footnotes=parts[-1])


def _html_of(rendered: Rendered) -> list[str]:
    """The pieces of a text in the order in which they are read."""
    inner = [part for one in rendered.sections for part in (one.heading, one.body)]
    return [str(part) for part in (rendered.lead, *inner, rendered.footnotes)]


def _tokens(html: str) -> Iterator[tuple[str, str]]:
    """Cut clean HTML into tags and runs of text, each with the text that one reads there."""
    inside = 0
    for found in _TOKEN.finditer(html):
        token = found[0]
        if token.startswith("<") and len(token) > 1:
            raised = bool(_RAISED.match(token))
            inside += raised - token.startswith("</sup")
            yield token, "\n" if _BLOCK.match(token) else ""
        else:
            yield token, "" if inside > 0 else unescape(token)
    yield "", "\n"


def _with_marks(html: str, at: int, marks: Sequence[Marked]) -> tuple[str, int]:
    """The piece of HTML that begins at `at` of the text with its marks, and where it ends."""
    made: list[str] = []
    waiting: list[Marked] = []  # whose way stands behind the link in which the passage ends
    linked = 0
    for token, text in _tokens(html):
        tag = token.startswith("<") and len(token) > 1
        if tag or not text or (text.isspace() and "\n" in text):
            made.append(token)
            linked += bool(_LINKED.match(token)) - bool(_LINK_ENDS.match(token))
        else:
            spans = [one for one in marks if one.start < at + len(text) and one.end > at]
            made.append(_with_runs(token, text, at, spans, ways=not linked))
            waiting += [one for one in spans if linked and one.end <= at + len(text)]
        if not linked:
            made += map(_way, waiting)
            waiting = []
        at += len(text)
    return "".join([*made, *map(_way, waiting)]), at


def _with_runs(token: str, text: str, at: int, marks: Sequence[Marked], *, ways: bool) -> str:
    """A run of text, that of it marked which lies in a passage, with the ways behind those."""
    if not marks:
        return token
    spans = [(max(one.start - at, 0), min(one.end - at, len(text))) for one in marks]
    made = []
    for start, end in pairwise(sorted({0, len(text), *(cut for span in spans for cut in span)})):
        inside = any(first <= start and end <= last for first, last in spans)
        run = escape(text[start:end], quote=False)
        made.append(f'<mark class="said">{run}</mark>' if inside else run)
        if ways:
            made += (_way(one) for one in marks if one.end == at + end)
    return "".join(made)


def _way(mark: Marked) -> str:
    name, label = escape(mark.id), escape(mark.label)
    return (
        f'<a class="said-way" id="passage-{name}" href="#thread-{name}"'
        f' aria-label="{label}">{escape(mark.number)}</a>'
    )
