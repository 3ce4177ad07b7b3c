"""What there is no case of: places, groups of countries, themes, failures, evidence, money."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.selection import Selection
from indexer.vocabulary import WORLD, Term, Vocabularies
from kb.services.judging import failures, strong_evidence

#: Facets of places: there it is themes that are missing.
PLACES = ("region", "country")


@dataclass(frozen=True)
class Missing:
    """What some cases have nothing of; all of it empty or False where nothing is missing."""

    regions: tuple[Term, ...] = ()
    groups: tuple[Term, ...] = ()
    countries: tuple[Term, ...] = ()
    themes: tuple[Term, ...] = ()
    failure: bool = False
    evidence: bool = False
    money: bool = False


def continents(vocabularies: Vocabularies) -> tuple[Term, ...]:
    """The largest regions of the map."""
    return tuple(one for one in _areas(vocabularies) if one.broader == WORLD)


def smaller_areas(vocabularies: Vocabularies) -> tuple[Term, ...]:
    """The regions of the map that lie in others."""
    return tuple(one for one in _areas(vocabularies) if one.broader not in (None, WORLD))


def groups(vocabularies: Vocabularies) -> tuple[Term, ...]:
    """The groups of countries that lie over the map."""
    return tuple(one for one in vocabularies.regions.values() if one.extra.get("overlay"))


def _areas(vocabularies: Vocabularies) -> list[Term]:
    return [one for one in vocabularies.regions.values() if not one.extra.get("overlay")]


def missing(facet: str, term: Term, cases: Selection, vocabularies: Vocabularies) -> Missing:
    """What the cases of a term have nothing of.

    Of a place: themes, and countries of it; of an organisation no place, which is its own choice.
    """
    there = cases.counts("region")
    everywhere = facet not in (*PLACES, "organisation")
    return Missing(
        regions=tuple(t for t in continents(vocabularies) if everywhere and t.id not in there),
        groups=tuple(t for t in groups(vocabularies) if everywhere and t.id not in there),
        countries=_countries(term, cases, vocabularies) if facet == "region" else (),
        themes=_themes(cases, vocabularies) if facet in PLACES else (),
        failure=not _any(cases, "outcome", failures(vocabularies)),
        evidence=not _any(cases, "evidence", strong_evidence(vocabularies)),
        money="yes" not in cases.counts("funding"),
    )


def _any(cases: Selection, facet: str, values: tuple[str, ...]) -> bool:
    """Whether any case has one of `values`; True where nobody could, for lack of values."""
    return not values or cases.narrowed(facet, values).size > 0


def _countries(region: Term, cases: Selection, vocabularies: Vocabularies) -> tuple[Term, ...]:
    there = cases.counts("country")
    inside = vocabularies.countries_of(region.id)
    return tuple(vocabularies.countries[one] for one in inside if one not in there)


def _themes(cases: Selection, vocabularies: Vocabularies) -> tuple[Term, ...]:
    there = cases.counts("theme")
    return tuple(term for id_, term in vocabularies.themes.items() if id_ not in there)
