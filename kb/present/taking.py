"""The ways to take cases away: links to the forms of a list or a case, and how a case is cited."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app

from kb.pieces.common import Link
from kb.pieces.taking import Citation
from kb.present.links import case_url
from kb.present.words import Reader
from kb.services.citing import Item, Place, apa, bibtex, csl_item
from kb.services.reading import Reading
from kb.services.tabling import Words
from kb.services.taking import FORMS
from kb.translation import gettext as _
from kb.translation import lazy_gettext

#: What the forms of a list are called, by the endings of their addresses.
LIST_FORMS = {
    "csv": lazy_gettext("CSV"),
    "xlsx": lazy_gettext("Excel"),
    "json": lazy_gettext("JSON"),
    "bib": lazy_gettext("BibTeX"),
    "ris": lazy_gettext("RIS"),
    "csl.json": lazy_gettext("CSL JSON"),
    "zip": lazy_gettext("Markdown (zip)"),
}
CASE_FORMS = {
    "md": lazy_gettext("Markdown"),
    "json": lazy_gettext("JSON"),
    "jsonld": lazy_gettext("JSON-LD"),
    "bib": lazy_gettext("BibTeX"),
    "ris": lazy_gettext("RIS"),
    "csl.json": lazy_gettext("CSL JSON"),
}
CITED = ("bib", "ris", "csl.json")
COMPARE, LIST = "/compare", "/list"


def place() -> Place:
    """The library, as it is cited."""
    return Place(current_app.config["SITE_NAME"], current_app.config["ORIGIN"])


def words(reader: Reader) -> Words:
    """In whose words the terms of a list are told."""
    return Words(reader.vocabularies, reader.lang)


# Lists --------------------------------------------------------------------------------------


def list_forms(path: str) -> tuple[Link, ...]:
    """The forms of the list at a path of this site, which may have a query behind it."""
    return tuple(Link(str(name), with_suffix(path, end)) for end, name in LIST_FORMS.items())


def pack_way(url: str) -> Link:
    """The way to a new pack that begins with the cases of a list."""
    return Link(_("A pack for teaching …"), url)


def feed_of(path: str, title: str) -> Link:
    """The Atom feed of the list at a path."""
    return Link(_("%(title)s: what is new", title=title), with_suffix(path, "atom"))


def with_suffix(path: str, suffix: str) -> str:
    """The address of a form of what stands at a path; of a list all pages at once."""
    parts = urlsplit(path)
    pairs = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n != "page"]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"{parts.path}.{suffix}{query}"


def compare_url(*slugs: str) -> str:
    """The address at which some cases stand side by side."""
    return named(COMPARE, slugs)


def list_url(*slugs: str) -> str:
    """The address that shares a list."""
    return named(LIST, slugs)


def named(path: str, slugs: tuple[str, ...]) -> str:
    """A path with the names of cases behind it."""
    return f"{path}?{urlencode([('case', slug) for slug in slugs])}" if slugs else path


# One case -----------------------------------------------------------------------------------


def case_forms(path: str) -> tuple[Link, ...]:
    """The other forms of the case at a path, each with its media type beside it."""
    types = {"md": "text/markdown", "json": "application/json", "jsonld": "application/ld+json"}
    return tuple(
        Link(str(name), f"{path}.{end}", types.get(end) or FORMS[end].type)
        for end, name in CASE_FORMS.items()
    )


def item_of(case: Reading, reader: Reader) -> Item:
    """A case as an item of a bibliography, with the names of its themes."""
    themes = reader.labels("themes", case.front.get("themes") or ())
    return csl_item(case.key, case.front, case.revision, place(), themes)


def citations(case: Reading, reader: Reader) -> Citation:
    """How a case is cited."""
    item, path = item_of(case, reader), case_url(case.key.slug, case.key.lang)
    return Citation(
        apa=apa(item, reader.lang),
        bibtex="".join(bibtex([item])).strip(),
        forms=tuple(Link(str(CASE_FORMS[end]), f"{path}.{end}") for end in CITED),
    )
