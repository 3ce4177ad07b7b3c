"""The page of a theme, a country, an organisation or another term: what its cases say together."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.query import Query
from kb.pages.browsing import TermPage
from kb.pieces.charts import AnyChart, Sides
from kb.pieces.common import Link
from kb.pieces.reading import TermRow
from kb.present.browse import WORLD, shelf_title, term_label, term_row
from kb.present.case import home_region
from kb.present.charts import two_sides
from kb.present.counted import by_facet, by_year, in_order
from kb.present.failing import failing
from kb.present.filters import VOCABULARY, facet_title
from kb.present.gapped import gaps
from kb.present.hits import cases_label, found
from kb.present.links import absolute, contribute_url, map_url, search_url, term_url, turning
from kb.present.partners import partnership, role_charts
from kb.present.taking import feed_of, list_forms
from kb.present.words import Reader
from kb.present.world import small_map
from kb.services.browsing import TermReading, Whole
from kb.translation import gettext as _

MOST_TOGETHER = 5
TOGETHER = ("theme", "country", "technology")  # facets shown on the page of a term of another


def term_page(view: TermReading, reader: Reader) -> TermPage:
    """All that the page of a term shows."""
    shelf, term, whole = view.shelf, view.term, view.whole
    query = Query().with_value(shelf.facet, term.id)
    path, number = term_url(shelf.facet, term.id), view.results.query.page
    title = term_label(shelf, term, reader)
    told = failing(whole.failing, reader) if whole else None
    partners = partnership(view, query, reader)
    lacks = gaps(query, whole.missing, reader) if whole and view.results.total else ()
    charts = _charts(whole, query, view.results.total, reader) if whole else ()
    return TermPage(
        title=title,
        canonical=absolute(path if number == 1 else f"{path}?page={number}"),
        kind=facet_title(shelf.facet),
        crumbs=tuple(_crumbs(view, reader)),
        definition=term.definition,
        facts=_facts(view, reader),
        total_label=cases_label(view.results.total),
        ways=tuple(
            Link(label, f"#{id_}")
            for label, id_, there in (
                (_("In figures"), "figures", charts),
                (_("With whom"), "partners", partners),
                (_("What did not work"), "failing", told),
                (_("What is missing"), "missing", lacks),
            )
            if there
        ),
        below=tuple(term_row(shelf, t, count, reader) for t, count in view.below if count),
        together=_together(view, query, reader),
        hits=found(view.results.hits, reader),
        turning=turning(view.results.query, view.results.pages, path),
        search_url=search_url(query),
        contribute_url=contribute_url(query),
        take=list_forms(path) if view.results.total else (),
        feed=feed_of(path, title),
        map=small_map(
            whole.counts["country"], reader,
            title=_("Where: %(name)s", name=title), url=map_url(query),
        ) if whole else None,
        charts=charts,
        failing=told,
        partnership=partners,
        gaps=lacks,
    )  # fmt: skip


def _crumbs(view: TermReading, reader: Reader) -> Iterator[Link]:
    shelf = view.shelf
    yield Link(shelf_title(shelf.path), f"/{shelf.path}")
    if shelf.facet == "country":
        tree = reader.vocabularies.regions
        for small in home_region(view.term.id, reader):
            for id_ in (*reversed(tree.ancestors(small)), small):
                if id_ != WORLD:
                    yield Link(tree[id_].label(reader.lang), term_url("region", id_))
    for above in view.above:
        if above.id != WORLD:
            yield Link(above.label(reader.lang), term_url(shelf.facet, above.id))


def _facts(view: TermReading, reader: Reader) -> str:
    """What kind of body an organisation is, and where it has its seat."""
    kind, country = (str(view.term.extra.get(name) or "") for name in ("type", "country"))
    if view.shelf.facet != "organisation":
        return ""
    named = (kind and reader.label("organisation_types", kind),
             country and reader.label("countries", country))  # fmt: skip
    return " · ".join(name for name in named if name)


def _together(
    view: TermReading, query: Query, reader: Reader
) -> tuple[tuple[str, tuple[TermRow, ...]], ...]:
    """What else the cases of a term share: searches for the term and another one together."""
    shared = []
    for facet in TOGETHER:
        values = [value for value in view.results.facets.get(facet, ()) if value.count]
        rows = tuple(
            TermRow(
                reader.label(VOCABULARY[facet], value.id),
                search_url(query.with_value(facet, value.id)),
                reader.number(value.count),
            )
            for value in sorted(values, key=lambda value: -value.count)[:MOST_TOGETHER]
        )
        if facet != view.shelf.facet and rows:
            shared.append((facet_title(facet), rows))
    return tuple(shared)


def _charts(whole: Whole, query: Query, total: int, reader: Reader) -> Sides:
    """When, how it went, how well it is known, how countries worked together."""
    if not total:
        return ()
    counts = whole.counts
    evidence = in_order("evidence", reader)
    charts: list[AnyChart] = [
        by_year(whole.years, query, reader),
        by_facet("outcome", counts["outcome"], query, reader, total=total),
        by_facet("evidence", counts["evidence"], query, reader, total=total, ids=evidence),
        by_facet("modality", counts["modality"], query, reader, total=total),
    ]
    return two_sides([*charts, *(role_charts(whole.partners, reader) if whole.partners else ())])
