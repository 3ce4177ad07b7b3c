"""Looking around without a question: the home page, the indexes, the page of one term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from indexer.hits import Hit, Results
from indexer.library import Library
from indexer.query import Query
from indexer.vocabulary import Term
from kb.access import Person, visible_to
from kb.records.database import now
from kb.services.judging import failures
from kb.services.languages import in_language
from kb.services.missing import Missing, missing
from kb.services.packs import PackCard, newest_packs
from kb.services.partners import Partners, partners
from kb.services.reading import Moved, NoSuchTerm

NEWEST = 5
NEWEST_PACKS = 8
PER_PAGE = 10
FAILING = 4
#: What is drawn of the cases of a term.
DRAWN = ("country", "outcome", "evidence", "modality")


@dataclass(frozen=True)
class Shelf:
    """One way to browse: the path of its pages, the facet behind it, the vocabulary of its terms.

    `tree` is true where terms stand below other terms; `all_terms` where terms without a case are
    listed as well, because an empty one is worth knowing.
    """

    path: str
    facet: str
    vocabulary: str
    tree: bool = False
    all_terms: bool = False


SHELVES: Mapping[str, Shelf] = {
    shelf.path: shelf
    for shelf in (
        Shelf("themes", "theme", "themes", all_terms=True),
        Shelf("technologies", "technology", "technologies"),
        Shelf("regions", "region", "regions", tree=True),
        Shelf("countries", "country", "countries"),
        Shelf("sdgs", "sdg", "sdgs", all_terms=True),
        Shelf("action-lines", "action_line", "action_lines", all_terms=True),
        Shelf("organisations", "organisation", "organisations"),
        Shelf("beneficiaries", "beneficiary", "beneficiaries"),
    )
}
SHELF_OF_FACET: Mapping[str, Shelf] = {shelf.facet: shelf for shelf in SHELVES.values()}


@dataclass(frozen=True)
class Overview:
    """What the home page tells: how many cases, the newest, packs, counts per theme and region."""

    total: int
    newest: tuple[Hit, ...]
    packs: tuple[PackCard, ...]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Failures:
    """Cases that failed, ended or came out mixed: how many answer `query`, and some of them."""

    query: Query
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Whole:
    """What all cases of a term say together: counts by facet and year, failures, what is missing.

    `partners` is there for an organisation.
    """

    counts: Mapping[str, Mapping[str, int]]
    years: Mapping[int, int]
    failing: Failures
    missing: Missing
    partners: Partners | None


@dataclass(frozen=True)
class TermReading:
    """One term of a shelf, its cases and what stands above and below it.

    `whole` is told on the first page alone.
    """

    shelf: Shelf
    term: Term
    above: tuple[Term, ...]
    below: tuple[tuple[Term, int], ...]
    results: Results
    whole: Whole | None


def overview(library: Library, person: Person, lang: str = "") -> Overview:
    """The library at a glance, its cases told in `lang` where they have been translated."""
    newest = library.search(Query(sort="newest"), visible_to(person), per_page=NEWEST)
    facets = ("theme", "region", "country", "technology")
    counts = {facet: library.counts(facet) for facet in facets}
    packs = newest_packs(library, NEWEST_PACKS, lang)
    return Overview(newest.total, in_language(library, newest.hits, lang), packs, counts)


def browse(library: Library, path: str) -> tuple[Shelf, Mapping[str, int], Mapping[str, int]]:
    """The shelf at `path`, the number of cases per term and per country. Raises NoSuchTerm."""
    shelf, cases = _shelf(path), library.selected()
    return shelf, cases.counts(shelf.facet), cases.counts("country")


def read_term(
    library: Library, path: str, term_id: str, page: int, person: Person, *, lang: str = ""
) -> TermReading:
    """The term and its cases, newest first, told in `lang` where they have been translated.

    Raises NoSuchTerm, Moved.
    """
    shelf = _shelf(path)
    vocabulary = getattr(library.vocabularies, shelf.vocabulary)
    term = vocabulary.get(term_id)
    if term is None:
        if term_id.upper() in vocabulary:  # codes such as KE and C11, written small
            raise Moved(f"/{path}/{term_id.upper()}")
        raise NoSuchTerm(term_id)
    counts = library.counts(shelf.facet)
    query = Query(facets=((shelf.facet, (term_id,)),), sort="newest", page=page)
    results = library.search(query, visible_to(person), per_page=PER_PAGE)
    results = replace(results, hits=in_language(library, results.hits, lang))
    above = tuple(vocabulary[id_] for id_ in reversed(vocabulary.ancestors(term_id)))
    below = tuple((vocabulary[id_], counts.get(id_, 0)) for id_ in vocabulary.children(term_id))
    whole = _whole(library, shelf, term, person, lang) if results.query.page == 1 else None
    return TermReading(shelf, term, above, below, results, whole)


def _whole(library: Library, shelf: Shelf, term: Term, person: Person, lang: str) -> Whole:
    vocabularies, query = library.vocabularies, Query().with_value(shelf.facet, term.id)
    cases = library.selected().narrowed(shelf.facet, (term.id,))
    return Whole(
        counts={facet: cases.counts(facet) for facet in DRAWN},
        years=cases.under_way(now().year),
        failing=failing(library, query, person, FAILING, lang),
        missing=missing(shelf.facet, term, cases, vocabularies),
        partners=partners(term.id, cases) if shelf.facet == "organisation" else None,
    )


def failing(library: Library, query: Query, person: Person, most: int, lang: str) -> Failures:
    """The cases of `query` that did not go well, `most` of them as hits, told in `lang`.

    Outcomes that stand last in the vocabulary come first: what failed, before what was mixed.
    """
    outcomes = failures(library.vocabularies)
    all_ = query.replace(facets=(*query.facets, ("outcome", outcomes)))
    hits: list[Hit] = []
    total = library.tally(all_, kinds=visible_to(person)).total if outcomes else 0
    for outcome in reversed(outcomes):
        if len(hits) < min(most, total):
            one = query.with_value("outcome", outcome).replace(sort="newest")
            hits += library.search(one, visible_to(person), per_page=most - len(hits)).hits
    return Failures(all_, total, in_language(library, tuple(hits), lang))


def _shelf(path: str) -> Shelf:
    if path not in SHELVES:
        raise NoSuchTerm(path)
    return SHELVES[path]
