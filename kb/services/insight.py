"""The library in figures: all cases counted, and where there are few or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.library import Library
from indexer.query import Query
from indexer.selection import Selection
from indexer.vocabulary import Term, Vocabularies
from kb.access import Person
from kb.records.database import now
from kb.services.browsing import Failures, failing
from kb.services.judging import outcomes_by_tone, strong_evidence
from kb.services.missing import groups

FAILING = 6
COUNTED = ("theme", "region", "country", "technology", "organisation", "outcome", "evidence",
           "modality")  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A group of countries: its cases, how many of its countries have one, themes with nothing."""

    term: Term
    cases: int
    countries: int
    all_countries: int
    without: tuple[Term, ...]


@dataclass(frozen=True)
class Insight:
    """All cases counted.

    `tones` are the cases by theme and tone of the outcome; `strong` those of each theme with strong
    evidence; `failing` what did not go well.
    """

    total: int
    counts: Mapping[str, Mapping[str, int]]
    years: Mapping[int, int]
    tones: Mapping[tuple[str, str], int]
    strong: Mapping[str, int]
    failing: Failures
    groups: tuple[Group, ...]


def insight(library: Library, person: Person, lang: str) -> Insight:
    """The whole library in figures; what is told of single cases in `lang`."""
    vocabularies, cases = library.vocabularies, library.selected()
    strong = strong_evidence(vocabularies)
    return Insight(
        total=cases.size,
        counts={facet: cases.counts(facet) for facet in COUNTED},
        years=cases.under_way(now().year),
        tones=_tones(cases, vocabularies),
        strong=cases.narrowed("evidence", strong).counts("theme") if strong else {},
        failing=failing(library, Query(), person, FAILING, lang),
        groups=tuple(_group(term, cases, vocabularies) for term in groups(vocabularies)),
    )


def _tones(cases: Selection, vocabularies: Vocabularies) -> Mapping[tuple[str, str], int]:
    """How many cases of each theme have an outcome of each tone."""
    return {
        (theme, tone): number
        for tone, outcomes in outcomes_by_tone(vocabularies).items()
        if outcomes
        for theme, number in cases.narrowed("outcome", outcomes).counts("theme").items()
    }


def _group(term: Term, cases: Selection, vocabularies: Vocabularies) -> Group:
    inside = vocabularies.countries_of(term.id)
    there = cases.narrowed("region", (term.id,))
    countries, themes = there.counts("country"), there.counts("theme")
    return Group(
        term=term,
        cases=there.size,
        countries=sum(1 for country in inside if country in countries),
        all_countries=len(inside),
        without=tuple(t for id_, t in vocabularies.themes.items() if id_ not in themes),
    )
