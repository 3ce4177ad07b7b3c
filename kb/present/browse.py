"""Home, the indexes of terms, the page of a term, the pages of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import current_app

from indexer.analysis import fold
from indexer.query import Query
from indexer.vocabulary import Term
from kb.pages.reading import GlossaryPage, HomePage, IndexPage, TermPage, TextPage
from kb.pieces.common import Link
from kb.pieces.reading import Explained, Part, TermRow
from kb.present.case import explained, home_region, rendered
from kb.present.filters import VOCABULARY, facet_title
from kb.present.hits import cases_label, found
from kb.present.linked_data import site_data
from kb.present.links import absolute, search_url, term_url, turning
from kb.present.words import Reader
from kb.services.browsing import SHELVES, Overview, Shelf, TermReading
from kb.services.reading import Reading
from kb.translation import gettext as _
from kb.translation import ngettext

WORLD = "world"  # the root of the region tree, which tells nothing
MOST_THEMES = 12
MOST_TOGETHER = 5
TOGETHER = ("theme", "country", "technology")  # facets shown on the page of a term of another


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
    themes = _rows(SHELVES["themes"], reader.vocabularies.themes.values(), counts["theme"], reader)
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
        newest=found(view.newest, reader),
        themes=tuple(row for row in themes if not row.empty)[:MOST_THEMES],
        regions=tuple(row for row in regions if not row.empty),
        linked_data=site_data(reader),
    )  # fmt: skip


def _count(ids: Mapping[str, int], label: str, url: str, reader: Reader) -> Link:
    return Link(label, url, reader.number(sum(1 for number in ids.values() if number)))


def index_page(shelf: Shelf, counts: Mapping[str, int], reader: Reader) -> IndexPage:
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
        rows=tuple(rows),
        shelves=tuple(
            Link(shelf_title(path), f"/{path}", current=path == shelf.path) for path in SHELVES
        ),
    )


def _rows(
    shelf: Shelf, terms: Iterable[Term], counts: Mapping[str, int], reader: Reader
) -> list[TermRow]:
    rows = [_row(shelf, term, counts.get(term.id, 0), reader) for term in terms]
    if shelf.path not in ("sdgs", "action-lines"):
        rows.sort(key=lambda row: row.label.casefold())
    return rows


def _row(shelf: Shelf, term: Term, count: int, reader: Reader, depth: int = 0) -> TermRow:
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
            rows.append(_row(SHELVES["regions"], term, counts.get(term.id, 0), reader, depth))
            add(tree.children(term.id), depth + 1)

    roots = [id_ for id_ in tree.children(None) if id_ != WORLD]
    add([*tree.children(WORLD), *roots], 0)
    return rows


def term_page(view: TermReading, reader: Reader) -> TermPage:
    """All that the page of a term shows."""
    shelf, term = view.shelf, view.term
    path = term_url(shelf.facet, term.id)
    above = [above for above in view.above if above.id != WORLD]
    crumbs = [Link(shelf_title(shelf.path), f"/{shelf.path}")]
    if shelf.facet == "country":
        tree = reader.vocabularies.regions
        crumbs += [
            Link(tree[id_].label(reader.lang), term_url("region", id_))
            for small in home_region(term.id, reader)
            for id_ in (*reversed(tree.ancestors(small)), small)
            if id_ != WORLD
        ]
    crumbs += [Link(t.label(reader.lang), term_url(shelf.facet, t.id)) for t in above]
    below = [_row(shelf, t, count, reader) for t, count in view.below if count]
    return TermPage(
        title=term_label(shelf, term, reader),
        canonical=absolute(path if view.results.query.page == 1
                           else f"{path}?page={view.results.query.page}"),
        kind=facet_title(shelf.facet),
        crumbs=tuple(crumbs),
        definition=term.definition,
        total_label=cases_label(view.results.total),
        below=tuple(below),
        together=_together(view, reader),
        hits=found(view.results.hits, reader),
        turning=turning(view.results.query, view.results.pages, path),
        search_url=search_url(Query().with_value(shelf.facet, term.id)),
    )  # fmt: skip


def _together(view: TermReading, reader: Reader) -> tuple[tuple[str, tuple[TermRow, ...]], ...]:
    """What else the cases of a term share: searches for the term and another one together."""
    groups = []
    for facet in TOGETHER:
        values = view.results.facets.get(facet, ())
        query = Query().with_value(view.shelf.facet, view.term.id)
        rows = tuple(
            TermRow(
                reader.label(VOCABULARY[facet], value.id),
                search_url(query.with_value(facet, value.id)),
                reader.number(value.count),
            )
            for value in sorted(values, key=lambda value: -value.count)
            if value.count and value.id != view.term.id
        )[:MOST_TOGETHER]
        if facet != view.shelf.facet and rows:
            groups.append((facet_title(facet), rows))
    return tuple(groups)


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
