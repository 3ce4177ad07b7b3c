"""The sitemap (sitemaps.org, 0.9), in parts where it is long, and what search boxes can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Tree

from flask import current_app

from kb.present.feed import clean
from kb.present.links import absolute, case_url, pack_url, term_url
from kb.services.browsing import SHELVES, Shelf
from kb.services.sitemap import Text
from kb.translation import gettext as _

#: The most addresses of one file, which is that of the protocol.
MOST = 50_000
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
OPEN_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
#: Pages without a document behind them; those that a part of the site adds stand here.
ALONE = ("/", "/packs", "/insight", "/glossary", "/changes")


@dataclass(frozen=True)
class Entry:
    """An address of the sitemap, the day of its last change, its languages by public address."""

    url: str
    day: str = ""
    languages: tuple[tuple[str, str], ...] = ()


def entries(texts: Sequence[Text], terms: Sequence[tuple[Shelf, str]]) -> tuple[Entry, ...]:
    """All addresses that machines are told of, in a stable order."""
    newest = max((text.updated for text in texts), default="")
    alone = [*ALONE, *(f"/{path}" for path in SHELVES)]
    return (
        *(Entry(absolute(path), newest if path == "/" else "") for path in alone),
        *map(_of_text, texts),
        *(Entry(absolute(term_url(shelf.facet, id_))) for shelf, id_ in terms),
    )


def _of_text(text: Text) -> Entry:
    languages = tuple(
        (lang, absolute(_path(text.key.kind, text.key.slug, code)))
        for code, lang in text.languages
        if len(text.languages) > 1 and text.key.kind in ("case", "pack")
    )
    return Entry(absolute(_path(*text.key)), text.updated, languages)


def _path(kind: str, slug: str, lang: str) -> str:
    urls = {"case": case_url, "pack": pack_url}
    return urls[kind](slug, lang) if kind in urls else f"/pages/{slug}"


def parts_of(found: Sequence[Entry], most: int = MOST) -> int:
    """In how many files the sitemap stands."""
    return max(1, -(-len(found) // most))


def sitemap(found: Sequence[Entry], part: int = 1, most: int = MOST) -> bytes:
    """One part of the sitemap, counted from 1."""
    root = Tree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for entry in found[(part - 1) * most : part * most]:
        url = Tree.SubElement(root, "url")
        _add(url, "loc", entry.url)
        if entry.day:
            _add(url, "lastmod", entry.day)
        for lang, address in _with_default(entry.languages):
            told = {"rel": "alternate", "hreflang": lang, "href": address}
            Tree.SubElement(url, "xhtml:link", told)
    return _written(root)


def _with_default(languages: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from languages
    if languages:
        yield "x-default", languages[0][1]


def sitemap_index(found: Sequence[Entry], most: int = MOST) -> bytes:
    """The list of the parts, each with the day of its latest change."""
    root = Tree.Element("sitemapindex", {"xmlns": SITEMAP})
    for part in range(1, parts_of(found, most) + 1):
        row = Tree.SubElement(root, "sitemap")
        _add(row, "loc", absolute(f"/sitemap-{part}.xml"))
        day = max((entry.day for entry in found[(part - 1) * most : part * most]), default="")
        if day:
            _add(row, "lastmod", day)
    return _written(root)


def open_search(languages: Sequence[str]) -> bytes:
    """What a browser needs to search here from its own box (OpenSearch 1.1)."""
    site = clean(current_app.config["SITE_NAME"])
    root = Tree.Element("OpenSearchDescription", {"xmlns": OPEN_SEARCH})
    _add(root, "ShortName", site[:16])
    _add(root, "LongName", site[:48])
    _add(root, "Description", _("Case studies in ICT for development, found by meaning."))
    for type_, path in (
        ("text/html", "/search?q={searchTerms}"),
        ("application/x-suggestions+json", "/suggest.json?q={searchTerms}"),
        ("application/atom+xml", "/search.atom?q={searchTerms}"),
    ):
        Tree.SubElement(root, "Url", {"type": type_, "template": absolute(path)})
    mark = current_app.extensions["sankofa.assets"]["mark.svg"].url
    image = Tree.SubElement(root, "Image", {"type": "image/svg+xml"})
    image.text = absolute(mark)
    own = {"type": "application/opensearchdescription+xml", "rel": "self"}
    Tree.SubElement(root, "Url", {**own, "template": absolute("/opensearch.xml")})
    for lang in languages:
        _add(root, "Language", lang)
    _add(root, "InputEncoding", "UTF-8")
    _add(root, "OutputEncoding", "UTF-8")
    return _written(root)


def _add(parent: Tree.Element, name: str, text: str) -> None:
    Tree.SubElement(parent, name).text = clean(text)


def _written(root: Tree.Element) -> bytes:
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True))
