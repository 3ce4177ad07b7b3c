"""How the answers to a query spread: over the countries, over any two facets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.crossing import Tally
from indexer.library import Library
from indexer.narrowing import within
from indexer.query import FACETS, Query
from indexer.vocabulary import WORLD, Term, Vocabularies
from kb.access import Person, visible_to

#: The vocabulary of each facet that has one.
VOCABULARY: Mapping[str, str] = {
    "theme": "themes", "technology": "technologies", "region": "regions", "country": "countries",
    "sdg": "sdgs", "action_line": "action_lines", "modality": "modality", "outcome": "outcomes",
    "evidence": "evidence", "language": "languages", "beneficiary": "beneficiaries",
    "organisation": "organisations",
}  # fmt: skip
#: Facets with too many terms for those without a case to be told.
COUNTED_ALONE = ("country", "language", "organisation")
#: Parts of the region tree that make rows or columns: continents, what lies in them, groups.
AREAS, GROUPS = "areas", "groups"
DEFAULT = ("theme", "region")
#: Rows and columns on a page; what is taken away as a table has all of them.
MOST_ROWS, MOST_COLUMNS = 60, 24


@dataclass(frozen=True)
class Axis:
    """The values of a facet, side by side: all that there are, or those of one part of its tree.

    `name` is what addresses call it: a facet, or "region." with the part: "areas", "groups", or a
    region whose parts are meant; the countries of it, where it has no parts.
    """

    name: str
    facet: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """The answers to a query by two axes: which values stand where, and the counts.

    `rows` and `columns` are the axes with what may be shown of them, in their order;
    `more_rows` and `more_columns` tell how many were left out.
    """

    tally: Tally
    rows: Axis
    columns: Axis
    order: str
    more_rows: int = 0
    more_columns: int = 0

    def count(self, row: str, column: str) -> int:
        """How many of the cases have both values."""
        return self.tally.cells.get((row, column), 0)


def over_countries(library: Library, query: Query, person: Person) -> Tally:
    """The answers to `query`, counted by country."""
    return library.tally(query, "country", kinds=visible_to(person))


def axis_of(name: str, vocabularies: Vocabularies) -> Axis | None:
    """The axis of this name; None where there is no such facet or region."""
    facet, _, part = name.partition(".")
    if facet not in FACETS or (part and facet != "region"):
        return None
    if facet != "region":
        known = vocabularies[VOCABULARY[facet]] if facet in VOCABULARY else {}
        return Axis(name, facet, () if facet in COUNTED_ALONE else tuple(known))
    tree = vocabularies.regions
    plain = [term for term in tree.values() if not is_group(term)]
    if part in ("", WORLD):
        return Axis(facet, facet, _ids(term for term in plain if term.broader == WORLD))
    if part == AREAS:
        return Axis(name, facet, _ids(t for t in plain if t.broader not in (None, WORLD)))
    if part == GROUPS:
        return Axis(name, facet, _ids(filter(is_group, tree.values())))
    if part not in tree:
        return None
    below = _ids(term for term in plain if term.broader == part)
    if below:
        return Axis(name, facet, below)
    return Axis(name, "country", tuple(map(str, tree[part].extra.get("countries") or ())))


def is_group(term: Term) -> bool:
    """Whether a region is a group of countries laid over the map, such as the LDCs."""
    return bool(term.extra.get("overlay"))


def _ids(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(term.id for term in terms)


def cross(
    library: Library,
    query: Query,
    names: tuple[str, str],
    person: Person,
    *,
    order: str = "",
    whole: bool = False,
) -> Matrix:
    """The answers to `query` by the axes `names`, those of DEFAULT where there is no such one.

    The values with the most cases come first. `order` may be "name", which leaves that to whoever
    knows the names, or a value of the columns, by whose cases the rows are then ordered. Without
    `whole`, what is too much for a page is left out.
    """
    axes = [
        axis_of(name, library.vocabularies) or axis_of(usual, library.vocabularies)
        for name, usual in zip(names, DEFAULT, strict=True)
    ]
    rows, columns = (axis for axis in axes if axis is not None)
    tally = library.cross(query, rows.facet, columns.facet, kinds=visible_to(person))
    regions = library.vocabularies.regions

    def shown(axis: Axis) -> list[str]:
        counts = tally.counts[axis.facet]
        whole_axis = axis.name == axis.facet and axis.facet != "region"
        values = [*axis.values, *(sorted(set(counts) - {*axis.values}) if whole_axis else ())]
        values = [one for one in values if within(query, axis.facet, one, regions) is not None]
        return sorted(values, key=lambda one: -counts.get(one, 0))

    found, across = shown(rows), shown(columns)
    if order in across:
        found.sort(key=lambda one: -tally.cells.get((one, order), 0))
    most = (len(found), len(across)) if whole else (MOST_ROWS, MOST_COLUMNS)
    return Matrix(
        tally,
        Axis(rows.name, rows.facet, tuple(found[: most[0]])),
        Axis(columns.name, columns.facet, tuple(across[: most[1]])),
        order if order == "name" or order in across else "",
        max(0, len(found) - most[0]),
        max(0, len(across) - most[1]),
    )
