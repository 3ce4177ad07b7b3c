"""Home, the indexes of terms, the pages of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import current_app

from indexer.analysis import fold
from indexer.query import Query
from indexer.vocabulary import Term
from kb.pages.reading import GlossaryPage, HomePage, IndexPage, TextPage
from kb.pieces.common import Link
from kb.pieces.drawing import SmallMap
from kb.pieces.reading import Explained, Part, TermRow
from kb.present.case import explained, rendered
from kb.present.hits import found
from kb.present.linked_data import site_data
from kb.present.links import absolute, map_url, search_url, term_url
from kb.present.pack_words import pack_links
from kb.present.words import Reader
from kb.present.world import small_map
from kb.services.browsing import SHELVES, Overview, Shelf
from kb.services.missing import PLACES
from kb.services.reading import Reading
from kb.translation import gettext as _
from kb.translation import ngettext

WORLD = "world"  # the root of the region tree, which tells nothing
MOST_THEMES = 20


def shelf_title(path: str) -> str:
    """The name of an index."""
    return {
        "themes": _("Themes"),
        "technologies": _("Technologies"),
        "regions": _("Places"),
        "countries": _("Countries"),
        "sdgs": _("Sustainable Development Goals"),
        "action-lines": _("WSIS Action Lines"),
        "organisations": _("Organisations"),
        "beneficiaries": _("For whom"),
    }[path]


def shelf_intro(path: str) -> str:
    """One line on what the terms of an index are."""
    return {
        "themes": _("What the cases are about."),
        "technologies": _("What was used to do it."),
        "regions": _("Regions of the world as the United Nations count them, and groups of "
                     "countries."),
        "countries": _("Where the cases took place."),
        "sdgs": _("The goals of the 2030 Agenda that the cases serve, each case with its reason."),
        "action-lines": _("The lines of action of the World Summit on the Information Society."),
        "organisations": _("Who did it, who paid for it, who took part."),
        "beneficiaries": _("The people whom the cases set out to serve."),
    }[path]  # fmt: skip


def home_page(view: Overview, reader: Reader) -> HomePage:
    """All that the home page shows."""
    counts = view.counts
    most = sorted(counts["theme"], key=lambda id_: (-counts["theme"][id_], id_))[:MOST_THEMES]
    known = [term for id_ in most if (term := reader.vocabularies.themes.get(id_))]
    themes = _rows(SHELVES["themes"], known, counts["theme"], reader)
    regions = [row for row in _tree(counts["region"], reader, groups=False) if row.depth < 1]
    return HomePage(
        title=current_app.config["SITE_NAME"],
        canonical=absolute("/"),
        counts=(
            Link(ngettext("case", "cases", view.total), "/search", reader.number(view.total)),
            _count(counts["country"], ngettext("country", "countries", len(counts["country"])),
                   "/countries", reader),
            _count(counts["theme"], ngettext("theme", "themes", len(counts["theme"])),
                   "/themes", reader),
            _count(counts["technology"],
                   ngettext("technology", "technologies", len(counts["technology"])),
                   "/technologies", reader),
        ),
        map=_map(counts["country"], reader),
        newest=found(view.newest, reader),
        packs=pack_links(view.packs, reader),
        themes=tuple(themes),
        regions=tuple(row for row in regions if not row.empty),
        linked_data=site_data(reader),
    )  # fmt: skip


def _map(countries: Mapping[str, int], reader: Reader) -> SmallMap | None:
    return small_map(countries, reader, title=_("Where the cases took place"), url=map_url(Query()))


def _count(ids: Mapping[str, int], label: str, url: str, reader: Reader) -> Link:
    return Link(label, url, reader.number(sum(1 for number in ids.values() if number)))


def index_page(
    shelf: Shelf, counts: Mapping[str, int], countries: Mapping[str, int], reader: Reader
) -> IndexPage:
    """All that an index shows."""
    vocabulary = reader.vocabularies[shelf.vocabulary]
    if shelf.tree:
        rows = _tree(counts, reader)
    else:
        terms = [t for t in vocabulary.values() if shelf.all_terms or counts.get(t.id)]
        rows = _rows(shelf, terms, counts, reader)
    return IndexPage(
        title=shelf_title(shelf.path),
        canonical=absolute(f"/{shelf.path}"),
        intro=shelf_intro(shelf.path),
        map=_map(countries, reader) if shelf.facet in PLACES else None,
        rows=tuple(rows),
        shelves=tuple(
            Link(shelf_title(path), f"/{path}", current=path == shelf.path) for path in SHELVES
        ),
    )


def _rows(
    shelf: Shelf, terms: Iterable[Term], counts: Mapping[str, int], reader: Reader
) -> list[TermRow]:
    rows = [term_row(shelf, term, counts.get(term.id, 0), reader) for term in terms]
    if shelf.path not in ("sdgs", "action-lines"):
        rows.sort(key=lambda row: row.label.casefold())
    return rows


def term_row(shelf: Shelf, term: Term, count: int, reader: Reader, depth: int = 0) -> TermRow:
    """A term in a list of terms, with its number of cases."""
    return TermRow(
        label=term_label(shelf, term, reader),
        url=term_url(shelf.facet, term.id),
        count=reader.number(count),
        definition=term.definition if _tells(shelf, term) else "",
        depth=depth,
        empty=not count,
    )


def _tells(shelf: Shelf, term: Term) -> bool:
    """Whether a definition helps in a list: that of a region of the map repeats its place."""
    return not shelf.tree or bool(term.extra.get("overlay"))


def term_label(shelf: Shelf, term: Term, reader: Reader) -> str:
    """The name of a term, with its number or code where people know it by that."""
    label = term.label(reader.lang)
    return f"{term.id} {label}" if shelf.path in ("sdgs", "action-lines") else label


def _tree(counts: Mapping[str, int], reader: Reader, groups: bool = True) -> list[TermRow]:
    """The regions that have cases, each above its parts; groups of countries last, if at all."""
    tree = reader.vocabularies.regions
    rows: list[TermRow] = []

    def add(ids: Iterable[str], depth: int) -> None:
        terms = [tree[id_] for id_ in ids if counts.get(id_) or id_ == WORLD]
        terms.sort(key=lambda t: (bool(t.extra.get("overlay")), t.label(reader.lang).casefold()))
        for term in terms:
            if not groups and term.extra.get("overlay"):
                continue
            if term.id == WORLD:
                add(tree.children(WORLD), depth)
                continue
            rows.append(term_row(SHELVES["regions"], term, counts.get(term.id, 0), reader, depth))
            add(tree.children(term.id), depth + 1)

    roots = [id_ for id_ in tree.children(None) if id_ != WORLD]
    add([*tree.children(WORLD), *roots], 0)
    return rows


def text_page(page: Reading, reader: Reader) -> TextPage:
    """All that a page of text shows."""
    text = rendered(page)
    return TextPage(
        title=str(page.front.get("title") or page.key.slug),
        canonical=absolute(f"/pages/{page.key.slug}"),
        lang=page.lang,
        summary=str(page.front.get("summary") or ""),
        lead=text.lead,
        parts=tuple(Part(s.id, s.heading, s.body) for s in text.sections),
        footnotes=text.footnotes,
        updated=reader.date(page.front.get("updated")),
    )


def glossary_page(reader: Reader) -> GlossaryPage:
    """All terms of the glossary, in the order of their names in the reader's language."""
    terms = [_with_others(id_, reader) for id_ in reader.vocabularies.glossary]
    return GlossaryPage(
        title=_("Glossary"),
        canonical=absolute("/glossary"),
        intro=_("Words and acronyms of the field in plain words, in six languages."),
        terms=tuple(sorted(terms, key=lambda term: fold(term.label))),
    )


def _with_others(id_: str, reader: Reader) -> Explained:
    """A term with its names in the other languages, each a link to a search for it."""
    labels = reader.vocabularies.glossary[id_].labels
    others = tuple(
        Link(label, search_url(Query(text=label)), lang=lang)
        for lang, label in labels.items()
        if lang != reader.lang
    )
    return replace(explained(id_, reader.lang, reader), others=others)
