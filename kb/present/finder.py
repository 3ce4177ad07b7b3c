"""The search page, and what is offered while typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.hits import Drop, FacetValue, Results, Suggestion
from indexer.query import Query, explain
from kb.pages.reading import SearchPage, SuggestFragment
from kb.pieces.common import Link, Option
from kb.pieces.finding import Nothing
from kb.present.filters import chips, facet_title, filter_label, panels, value_label
from kb.present.hits import cases_label, found
from kb.present.links import (
    absolute,
    alert_url,
    case_url,
    pack_of_url,
    search_url,
    term_url,
    turning,
)
from kb.present.taking import feed_of, list_forms, pack_way
from kb.present.views import views
from kb.present.words import Reader, isolated, shortened
from kb.services.search import PER_PAGE
from kb.translation import gettext as _
from kb.translation import ngettext

LONG = 80  # letters of a question that are shown where it is only named
WAYS = 6  # themes to look into where nothing was found


def search_page(results: Results, reader: Reader) -> SearchPage:
    """All that the search page shows."""
    query = results.query
    path = search_url(query)
    title = _title(query)
    return SearchPage(
        title=_on_page(title, query.page, reader),
        canonical=absolute(path),
        text=query.text,
        exact=query.exact,
        read_as=explain(results.read_as, _) if query.text else "",
        corrected=results.corrected or "",
        exact_url=search_url(query.replace(exact=True)) if results.corrected else "",
        offer=_offer(results),
        total=results.total,
        total_label=cases_label(results.total),
        span=_span(results, reader),
        apply_label=_apply_label(results.total),
        hits=found(results.hits, reader, reasons=bool(query.text)),
        nearest=found(results.nearest, reader, reasons=bool(query.text)),
        facets=panels(results.facets, query, reader),
        year_from=str(query.year_from or ""),
        year_to=str(query.year_to or ""),
        chips=chips(query, reader),
        clear_url=search_url(query.without_facets()),
        sorts=_sorts(query),
        views=views(query, "list"),
        turning=turning(query, results.pages),
        take=(*list_forms(path), pack_way(pack_of_url(query))) if results.total else (),
        feed=feed_of(path, title),
        alert_url=alert_url(query.replace(text=results.corrected or query.text)),
        nothing=None if results.total else _nothing(results, reader),
    )


def _title(query: Query) -> str:
    if not query.text:
        return _("Search the cases")
    return _("%(text)s: search", text=shortened(query.text, LONG))


def _on_page(title: str, number: int, reader: Reader) -> str:
    if number == 1:
        return title
    return _("%(title)s, page %(page)s", title=title, page=reader.number(number))


def _span(results: Results, reader: Reader) -> str:
    """Which of the cases this page shows, "" where it shows them all."""
    if results.pages < 2:
        return ""
    first = (results.query.page - 1) * PER_PAGE + 1
    last = first + len(results.hits) - 1
    return _("%(first)s to %(last)s", first=reader.number(first), last=reader.number(last))


def _apply_label(total: int) -> str:
    """What the button says that leads from the filters to the cases."""
    if not total:
        return _("Show that there is no case")
    return ngettext("Show %(num)s case", "Show %(num)s cases", total)


def _offer(results: Results) -> Link | None:
    """Another text that may have been meant, with what it finds."""
    offer = results.offer
    if offer is None:
        return None
    url = search_url(results.query.replace(text=offer.text, exact=False, page=1))
    return Link(shortened(offer.text, LONG), url, note=cases_label(offer.total))


def _sorts(query: Query) -> tuple[Option, ...]:
    labels = {
        "relevance": _("Relevance"),
        "newest": _("Newest"),
        "start": _("Start year"),
        "title": _("Title"),
    }
    return tuple(
        Option(f"sort-{id_}", id_, label, selected=query.sort == id_)
        for id_, label in labels.items()
    )


def _nothing(results: Results, reader: Reader) -> Nothing:
    """For a search without a case: what was sought, and the ways on."""
    query = results.query
    return Nothing(
        told=_sought(query),
        drops=tuple(_drop(drop, query, reader) for drop in results.drops),
        named=tuple(_suggestion(one, reader) for one in results.named),
        ways=_ways(results, reader) if query.text or query.narrowed else (),
    )


def _sought(query: Query) -> str:
    if not query.text and not query.narrowed:
        return _("There is no case in this library yet.")
    if not query.text:
        return _("No case matches these filters.")
    text = isolated(shortened(query.text, LONG).strip('"“”'))
    if query.narrowed:
        return _("No case matches “%(text)s” under these filters.", text=text)
    return _("No case matches “%(text)s”.", text=text)


def _drop(drop: Drop, query: Query, reader: Reader) -> Link:
    url = search_url(query.without(drop.filters))
    if drop.filters == (("text", ""),):
        label = _("without the words, under the same filters")
    elif len(drop.filters) > 2 and drop.filters == query.filters:
        label = _("without any filter")
    else:
        names = [filter_label(query, facet, id_, reader) for facet, id_ in drop.filters]
        label = _(" and ").join(_("without “%(value)s”", value=name) for name in names)
    return Link(label, url, note=cases_label(drop.total))


def _ways(results: Results, reader: Reader) -> tuple[Link, ...]:
    """Themes to look into: those of the cases nearest in meaning first."""
    near = [id_ for hit in results.nearest for id_ in hit.record["front"].get("themes") or ()]
    values: Iterable[FacetValue] = results.facets.get("theme", ())
    ids = dict.fromkeys([*near, *(v.id for v in values), *reader.vocabularies.themes])
    return tuple(Link(reader.label("themes", id_), f"/themes/{id_}") for id_ in list(ids)[:WAYS])


def suggest_fragment(suggestions: Sequence[Suggestion], reader: Reader) -> SuggestFragment:
    """What is offered while typing, each with its kind and number of cases."""
    count = len(suggestions)
    return SuggestFragment(
        suggestions=tuple(_suggestion(one, reader) for one in suggestions),
        told=ngettext("%(num)s suggestion", "%(num)s suggestions", count) if count else "",
    )


def _suggestion(one: Suggestion, reader: Reader) -> Link:
    if one.kind == "case":
        return Link(one.label, case_url(one.id), note=_("Case"))
    also = _("also “%(name)s”", name=one.called) if one.called else ""
    parts = (also, facet_title(one.kind), cases_label(one.count))
    note = " · ".join(part for part in parts if part)
    return Link(value_label(one.kind, one.id, reader), term_url(one.kind, one.id), note=note)
