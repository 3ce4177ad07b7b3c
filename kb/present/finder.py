"""The search page: results and filters as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.hits import FacetValue, Results, Suggestion
from indexer.query import FACETS, MODES, Query, explain
from kb.pages.reading import SearchPage, SuggestFragment
from kb.pieces.common import Link, Option
from kb.pieces.reading import FacetPanel
from kb.present.hits import cases_label, found
from kb.present.links import absolute, alert_url, case_url, search_url, term_url, turning
from kb.present.words import Reader
from kb.translation import gettext as _
from kb.translation import lazy_gettext, ngettext

SEEN = 6  # options of a facet seen at once; the others are behind "more"
MOST = 40  # values of one facet on a page; the rarer ones are reached by country:name
OPEN = ("theme", "region", "technology", "outcome")  # the others are folded until chosen from
MULTIPLE = ("theme", "region", "technology", "country", "sdg", "action_line", "modality",
            "evidence", "beneficiary")  # fmt: skip
VOCABULARY = {
    "theme": "themes", "technology": "technologies", "region": "regions", "country": "countries",
    "sdg": "sdgs", "action_line": "action_lines", "modality": "modality", "outcome": "outcomes",
    "evidence": "evidence", "language": "languages", "beneficiary": "beneficiaries",
    "organisation": "organisations",
}  # fmt: skip
ORDER = ("theme", "region", "technology", "outcome", "country", "sdg", "action_line", "modality",
         "evidence", "beneficiary", "language", "funding")  # fmt: skip


TITLES = {
    "theme": lazy_gettext("Theme"),
    "technology": lazy_gettext("Technology"),
    "region": lazy_gettext("Place"),
    "country": lazy_gettext("Country"),
    "sdg": lazy_gettext("Development goal"),
    "action_line": lazy_gettext("Action line"),
    "modality": lazy_gettext("Cooperation"),
    "outcome": lazy_gettext("Outcome"),
    "evidence": lazy_gettext("Evidence"),
    "language": lazy_gettext("Language"),
    "beneficiary": lazy_gettext("For whom"),
    "funding": lazy_gettext("Funding"),
    "organisation": lazy_gettext("Organisation"),
}


def facet_title(facet: str) -> str:
    """The name of a facet."""
    return str(TITLES[facet])


def value_label(facet: str, id_: str, reader: Reader) -> str:
    """The name of a value of a facet."""
    if facet == "funding":
        return _("Amount stated")
    label = reader.label(VOCABULARY[facet], id_)
    if facet in ("sdg", "action_line") and label != id_:
        return f"{id_} {label}"
    return label


def search_page(results: Results, reader: Reader) -> SearchPage:
    """All that the search page shows."""
    query = results.query
    return SearchPage(
        title=_("%(text)s: search", text=query.text) if query.text else _("Search the cases"),
        canonical=absolute(search_url(query)),
        text=query.text,
        read_as=explain(results.read_as, _) if query.text else "",
        corrected=results.corrected or "",
        exact_url=search_url(query, exact="1") if results.corrected else "",
        total=results.total,
        total_label=cases_label(results.total),
        hits=found(results.hits, reader, reasons=bool(query.text)),
        nearest=found(results.nearest, reader, reasons=bool(query.text)),
        facets=tuple(
            _panel(facet, results.facets[facet], query, reader)
            for facet in ORDER
            if _worth_showing(facet, results.facets.get(facet, ()))
        ),
        year_from=str(query.year_from or ""),
        year_to=str(query.year_to or ""),
        chips=_chips(query, reader),
        clear_url=search_url(query.without_facets()),
        sorts=_sorts(query),
        turning=turning(query, results.pages),
        alert_url=alert_url(query.replace(text=results.corrected or query.text)),
        drops=_drops(results, reader),
        ways=_ways(results, reader),
    )


def _worth_showing(facet: str, values: Sequence[FacetValue]) -> bool:
    if any(value.selected for value in values):
        return True
    return len(values) > (1 if facet == "language" else 0)


def _panel(facet: str, values: Sequence[FacetValue], query: Query, reader: Reader) -> FacetPanel:
    if facet == "region":
        options = _region_options(values, reader)
    else:
        ordered = sorted(values, key=lambda value: (not value.selected, -value.count))
        most = max(MOST, sum(value.selected for value in values))
        options = [_option(facet, value, reader) for value in ordered[:most]]
    chosen = sum(option.selected for option in options)
    seen = max(SEEN, chosen) if facet != "region" else max(2 * SEEN, chosen)
    if len(options) == seen + 1:
        seen += 1  # "1 more" would take the room of the one
    return FacetPanel(
        name=facet,
        title=facet_title(facet),
        options=tuple(options[:seen]),
        more=tuple(options[seen:]),
        modes=_modes(facet, query) if facet in MULTIPLE else (),
        folded=facet not in OPEN and not chosen,
    )


def _option(facet: str, value: FacetValue, reader: Reader, depth: int = 0) -> Option:
    return Option(
        id=f"f-{facet}-{value.id}",
        value=value.id,
        label=value_label(facet, value.id, reader),
        count=reader.number(value.count),
        selected=value.selected,
        muted=value.count == 0,
        depth=depth,
    )


def _region_options(values: Sequence[FacetValue], reader: Reader) -> list[Option]:
    """The tree of regions: below a region its parts, when it or one of its parts is chosen."""
    tree = reader.vocabularies.regions
    by_id = {value.id: value for value in values}
    chosen = {value.id for value in values if value.selected}
    unfolded = chosen | {above for id_ in chosen for above in tree.ancestors(id_)}
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        above = next((id_ for id_ in tree.ancestors(value.id) if id_ in by_id), "")
        below.setdefault(above, []).append(value)
    options: list[Option] = []

    def add(above: str, depth: int) -> None:
        ordered = below.get(above, [])
        ordered.sort(key=lambda v: (_is_group(v.id, reader), -v.count, v.id))
        for value in ordered:
            options.append(_option("region", value, reader, depth))
            if value.id in unfolded:
                add(value.id, depth + 1)

    add("", 0)
    return options


def _is_group(id_: str, reader: Reader) -> bool:
    """Whether a region is a group of countries laid over the map, such as the LDCs."""
    term = reader.vocabularies.regions.get(id_)
    return bool(term and term.extra.get("overlay"))


def _modes(facet: str, query: Query) -> tuple[Option, ...]:
    labels = {"any": _("any of"), "all": _("all of"), "none": _("none of")}
    return tuple(
        Option(f"m-{facet}-{mode}", mode, labels[mode], selected=query.mode(facet) == mode)
        for mode in MODES
    )


def _chips(query: Query, reader: Reader) -> tuple[Link, ...]:
    chips = []
    for facet in FACETS:
        for id_ in query.chosen(facet):
            label = value_label(facet, id_, reader)
            if query.mode(facet) == "none":
                label = _("not %(value)s", value=label)
            chips.append(Link(label, search_url(query.without_value(facet, id_))))
    if query.year_from or query.year_to:
        span = f"{query.year_from or '…'}–{query.year_to or '…'}"
        chips.append(Link(span, search_url(query.replace(year_from=None, year_to=None, page=1))))
    return tuple(chips)


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


def _drops(results: Results, reader: Reader) -> tuple[Link, ...]:
    """For a search without a hit: the filters that stand in the way, with what they hide."""
    links = []
    for facet, id_, total in results.drops:
        if facet == "year":
            label = _("without the years")
            url = search_url(results.query.replace(year_from=None, year_to=None, page=1))
        else:
            label = _("without “%(value)s”", value=value_label(facet, id_, reader))
            url = search_url(results.query.without_value(facet, id_))
        links.append(Link(label, url, note=cases_label(total)))
    return tuple(links)


def _ways(results: Results, reader: Reader) -> tuple[Link, ...]:
    """For a search without a hit: themes to look into."""
    if results.total:
        return ()
    values: Iterable[FacetValue] = results.facets.get("theme", ())
    ids = [value.id for value in values][:6] or list(reader.vocabularies.themes)[:6]
    return tuple(Link(reader.label("themes", id_), f"/themes/{id_}") for id_ in ids)


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
    note = f"{facet_title(one.kind)} · {cases_label(one.count)}"
    return Link(one.label, term_url(one.kind, one.id), note=note)
