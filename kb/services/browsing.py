"""Looking around without a question: the home page, the indexes, the page of one term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from indexer.hits import Hit, Results
from indexer.library import Library
from indexer.query import Query
from indexer.vocabulary import Term
from kb.access import Person, visible_to
from kb.services.languages import in_language
from kb.services.reading import Moved, NoSuchTerm

NEWEST = 5
PER_PAGE = 20


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
    """What the home page tells: how many cases, the newest, counts per theme and region."""

    total: int
    newest: tuple[Hit, ...]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class TermReading:
    """One term of a shelf, its cases and what stands above and below it."""

    shelf: Shelf
    term: Term
    above: tuple[Term, ...]
    below: tuple[tuple[Term, int], ...]
    results: Results


def overview(library: Library, person: Person, lang: str = "") -> Overview:
    """The library at a glance, its cases told in `lang` where they have been translated."""
    newest = library.search(Query(sort="newest"), visible_to(person), per_page=NEWEST)
    facets = ("theme", "region", "country", "technology")
    counts = {facet: library.counts(facet) for facet in facets}
    return Overview(newest.total, in_language(library, newest.hits, lang), counts)


def browse(library: Library, path: str) -> tuple[Shelf, Mapping[str, int]]:
    """The shelf at `path` with the number of cases per term. Raises NoSuchTerm."""
    shelf = _shelf(path)
    return shelf, library.counts(shelf.facet)


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
    return TermReading(shelf, term, above, below, results)


def _shelf(path: str) -> Shelf:
    if path not in SHELVES:
        raise NoSuchTerm(path)
    return SHELVES[path]
