"""Where the library has little or nothing: empty crossings, cases that lack something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.library import Library
from indexer.vocabulary import Term
from kb.access import Person, require
from kb.services.desk import Desk
from kb.services.judging import failures
from kb.services.missing import continents, groups, smaller_areas
from kb.services.survey import LACKS, Surveyed, survey

#: By what the columns of the crossing are chosen.
COLUMNS = ("continents", "areas", "groups")
#: So many cases and fewer are little.
LITTLE = 2
PER_PAGE = 50


@dataclass(frozen=True)
class Crossing:
    """Themes by regions: the terms of rows and columns, and the cases that have both."""

    rows: tuple[Term, ...]
    columns: tuple[Term, ...]
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Gaps:
    """What is missing.

    `untold` are the themes without a case of an outcome of `failures`; `lacking` tells for each
    word of LACKS how many cases lack it; `missing` for each language how many cases are not there
    in it; `cases` is how many there are. `shown` are those that lack what was asked for.
    """

    crossing: Crossing
    failures: tuple[str, ...]
    untold: tuple[Term, ...]
    lacking: Mapping[str, int]
    missing: Mapping[str, int]
    cases: int
    shown: tuple[Surveyed, ...]


def gaps(desk: Desk, person: Person, columns: str = "", lack: str = "", lang: str = "") -> Gaps:
    """What is missing; with the cases that lack `lack`, or that are not there in `lang`.

    Raises NotAllowed, SignInNeeded.
    """
    require(person, "see-office")
    library = desk.library
    found = [one for one in survey(library) if one.key.kind == "case"]
    cases = [one for one in found if not one.key.lang]
    spoken = {(one.key.slug, one.lang) for one in found}
    languages = sorted({lang for _, lang in spoken})
    failures, untold = _untold(library)
    return Gaps(
        crossing=_crossing(library, columns),
        failures=failures,
        untold=untold,
        lacking={one: sum(one in case.lacks for case in cases) for one in LACKS},
        missing=Counter(
            {code: sum((case.key.slug, code) not in spoken for case in cases)
             for code in languages}
        ),
        cases=len(cases),
        shown=tuple(
            case for case in sorted(cases, key=lambda one: one.title.casefold())
            if lack in case.lacks or (lang in languages and (case.key.slug, lang) not in spoken)
        ),
    )  # fmt: skip


def _crossing(library: Library, columns: str) -> Crossing:
    vocabularies = library.vocabularies
    chosen = {"areas": smaller_areas, "groups": groups}.get(columns, continents)
    return Crossing(
        tuple(vocabularies.themes.values()),
        chosen(vocabularies),
        library.crossed("theme", "region"),
    )


def _untold(library: Library) -> tuple[tuple[str, ...], tuple[Term, ...]]:
    """The outcomes that tell of failure, and the themes without a case of any of them."""
    found = failures(library.vocabularies)
    told = library.selected().narrowed("outcome", found).counts("theme")
    themes = library.vocabularies.themes.items()
    return found, tuple(term for id_, term in themes if id_ not in told)
