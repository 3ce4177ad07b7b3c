"""The filters of a search as a reader sees them: names, panels, the tree of places, chips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from indexer.hits import FacetValue
from indexer.query import MODES, Query
from kb.pieces.common import Link, Option
from kb.pieces.finding import Branch, FacetPanel
from kb.present.links import search_url
from kb.present.pack_words import length_label, level_label
from kb.present.words import Reader, shortened
from kb.services.browsing import SHELF_OF_FACET
from kb.translation import gettext as _
from kb.translation import lazy_gettext

SEEN = 6  # options of a facet seen at once; the others are behind "more"
MOST = 40  # values of one facet on a page; the rarer ones are reached by name
LONGEST = 120  # letters of a name; only what a stranger wrote into an address is longer
GROUPS = 3  # groups of countries seen at once: those that span the world stand first
OPEN = (
    "level",
    "length",
    "theme",
    "region",
    "technology",
    "outcome",
)  # the others are folded until chosen from
SINGLE = (
    "outcome",
    "language",
    "funding",
    "level",
    "length",
)  # of which a case has one value: "all" says nothing
VOCABULARY = {
    "theme": "themes", "technology": "technologies", "region": "regions", "country": "countries",
    "sdg": "sdgs", "action_line": "action_lines", "modality": "modality", "outcome": "outcomes",
    "evidence": "evidence", "language": "languages", "beneficiary": "beneficiaries",
    "organisation": "organisations",
}  # fmt: skip
ORDER = ("level", "length", "theme", "region", "technology", "outcome", "country", "sdg",
         "action_line", "modality", "evidence", "beneficiary", "organisation", "language",
         "funding")  # fmt: skip
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
    "level": lazy_gettext("Level"),
    "length": lazy_gettext("Duration"),
}
#: Facets of packs, whose values are words of the house, not terms of a vocabulary.
NAMED = {"level": level_label, "length": length_label}


def facet_title(facet: str) -> str:
    """The name of a facet."""
    return str(TITLES[facet])


def value_label(facet: str, id_: str, reader: Reader) -> str:
    """The name of a value of a facet."""
    if facet == "funding":
        return _("Amount stated")
    if facet in NAMED:
        return NAMED[facet](id_)
    label = shortened(reader.label(VOCABULARY[facet], id_), LONGEST)
    if facet in ("sdg", "action_line") and label != id_:
        return f"{id_} {label}"
    return label


def panels(
    facets: Mapping[str, Sequence[FacetValue]], query: Query, reader: Reader
) -> tuple[FacetPanel, ...]:
    """A panel for each facet that can narrow what was found, or does."""
    return tuple(
        _panel(facet, facets[facet], query, reader)
        for facet in ORDER
        if _worth_showing(facet, facets.get(facet, ()))
    )


def _worth_showing(facet: str, values: Sequence[FacetValue]) -> bool:
    if any(value.selected for value in values):
        return True
    return len(values) > (1 if facet == "language" else 0)


def _panel(facet: str, values: Sequence[FacetValue], query: Query, reader: Reader) -> FacetPanel:
    if facet == "region":
        return _places(values, query, reader)
    ordered = sorted(values, key=lambda value: (not value.selected, -value.count))
    most = max(MOST, sum(value.selected for value in values))
    options = [_option(facet, value, reader) for value in ordered[:most]]
    chosen = sum(option.selected for option in options)
    seen = _seen(options, max(SEEN, chosen))
    return FacetPanel(
        name=facet,
        title=facet_title(facet),
        options=tuple(options[:seen]),
        more=tuple(options[seen:]),
        modes=_modes(facet, query),
        folded=facet not in OPEN and not chosen,
        rest=_rest(facet) if len(ordered) > most else None,
    )


def _rest(facet: str) -> Link | None:
    shelf = SHELF_OF_FACET.get(facet)
    return Link(_("All of them, by name"), f"/{shelf.path}") if shelf else None


def _seen(options: Sequence[Option], seen: int) -> int:
    """How many options are seen at once: "1 more" would take the room of the one."""
    return seen + 1 if len(options) == seen + 1 else seen


def _option(facet: str, value: FacetValue, reader: Reader) -> Option:
    return Option(
        id=f"f-{facet}-{value.id}",
        value=value.id,
        label=value_label(facet, value.id, reader),
        count=reader.number(value.count),
        selected=value.selected,
        muted=value.count == 0,
    )


def _places(values: Sequence[FacetValue], query: Query, reader: Reader) -> FacetPanel:
    """The areas of the world as a tree, and the groups of countries that are laid over it."""
    groups = [value for value in values if _is_group(value.id, reader)]
    rank = {id_: at for at, id_ in enumerate(reader.vocabularies.regions)}
    groups.sort(key=lambda value: (not value.selected, rank.get(value.id, 0)))
    options = [_option("region", value, reader) for value in groups]
    seen = _seen(options, max(GROUPS, sum(option.selected for option in options)))
    areas = [value for value in values if not _is_group(value.id, reader)]
    return FacetPanel(
        name="region",
        title=facet_title("region"),
        options=tuple(options[:seen]),
        more=tuple(options[seen:]),
        modes=_modes("region", query),
        folded=False,
        tree=_tree(areas, reader),
        heading=_("Groups of countries") if options else "",
    )


def _tree(areas: Sequence[FacetValue], reader: Reader) -> tuple[Branch, ...]:
    """The areas, each below the smallest one that holds it; those with a choice inside are open."""
    tree = reader.vocabularies.regions
    by_id = {value.id for value in areas}
    chosen = {value.id for value in areas if value.selected}
    unfolded = chosen | {above for id_ in chosen for above in tree.ancestors(id_)}
    below: dict[str, list[FacetValue]] = {}
    for value in sorted(areas, key=lambda value: (-value.count, value.id)):
        above = next((id_ for id_ in tree.ancestors(value.id) if id_ in by_id), "")
        below.setdefault(above, []).append(value)

    def branch(value: FacetValue) -> Branch:
        option = _option("region", value, reader)
        return Branch(
            option=option,
            told=_("Parts of %(place)s", place=option.label),
            branches=tuple(map(branch, below.get(value.id, ()))),
            open=value.id in unfolded,
        )

    return tuple(map(branch, below.get("", ())))


def _is_group(id_: str, reader: Reader) -> bool:
    """Whether a region is a group of countries laid over the map, such as the LDCs."""
    term = reader.vocabularies.regions.get(id_)
    return term is not None and term.overlays


def _modes(facet: str, query: Query) -> tuple[Option, ...]:
    labels = {"any": _("any of"), "all": _("all of"), "none": _("none of")}
    return tuple(
        Option(f"m-{facet}-{mode}", mode, labels[mode], selected=query.mode(facet) == mode)
        for mode in MODES
        if facet not in SINGLE or mode != "all" or query.mode(facet) == "all"
    )


def chips(
    query: Query, reader: Reader, url_of: Callable[[Query], str] = search_url
) -> tuple[Link, ...]:
    """Each filter in use as a link to the same page without it; `url_of` is what leads there."""
    found = []
    for facet, id_ in query.filters:
        label = filter_label(query, facet, id_, reader)
        if query.mode(facet) == "none":
            label = _("not %(value)s", value=label)
        found.append(Link(label, url_of(query.without([(facet, id_)]))))
    return tuple(found)


def filter_label(query: Query, facet: str, id_: str, reader: Reader) -> str:
    """The name of a filter of `query`, as `Query.filters` gives it."""
    if facet == "year":
        return f"{query.year_from or '…'}–{query.year_to or '…'}"
    return value_label(facet, id_, reader)
