"""Finding packs: by words and meaning, by the facets of their cases, and by whom they are for."""

from __future__ import annotations

from dataclasses import replace

from indexer.analysis import fold
from indexer.hits import FacetValue, Hit, Results
from indexer.library import Library
from indexer.query import Query
from kb.access import Person, require
from kb.services.languages import in_language
from kb.services.packs import PER_PAGE, find_packs

KINDS = ("pack",)
MOST = 500  # packs that are looked through for an audience


def packs_for(
    library: Library, query: Query, audience: str, person: Person, lang: str = ""
) -> Results:
    """The packs that answer `query` and are for an audience of these words; all for none.

    They are told in `lang` where they can be. Counts of facets are those of what is found, as they
    are where no audience is asked for.
    """
    words = fold(audience).split()
    if not words:
        return find_packs(library, query, person, lang)
    require(person, "read")
    found = library.search(query.replace(page=1), KINDS, per_page=MOST)
    hits = _for(found.hits, words)
    pages = max(1, -(-len(hits) // PER_PAGE))
    page = min(query.page, pages)
    return replace(
        found,
        query=query.replace(page=page),
        total=len(hits),
        pages=pages,
        hits=in_language(library, hits[(page - 1) * PER_PAGE : page * PER_PAGE], lang),
        nearest=in_language(library, _for(found.nearest, words), lang),
        facets={facet: _counted(library, query, facet, words, hits) for facet in found.facets},
    )


def _for(hits: tuple[Hit, ...], words: list[str]) -> tuple[Hit, ...]:
    """Those whose audience has a word that begins like each of `words`."""
    return tuple(hit for hit in hits if _is_for(hit, words))


def _is_for(hit: Hit, words: list[str]) -> bool:
    told = fold(str(hit.record["front"].get("audience") or "")).split()
    return all(any(one.strip(",;.()'’").startswith(word) for one in told) for word in words)


def _counted(
    library: Library, query: Query, facet: str, words: list[str], hits: tuple[Hit, ...]
) -> tuple[FacetValue, ...]:
    """The values of a facet: where any of those chosen will do, the others as if none were."""
    chosen = query.chosen(facet)
    if chosen and query.mode(facet) == "any":
        open_ = query.without([(facet, value) for value in chosen])
        hits = _for(library.search(open_.replace(page=1), KINDS, per_page=MOST).hits, words)
    counts = library.holding([hit.key for hit in hits], KINDS).counts(facet)
    values = {**dict.fromkeys(chosen, 0), **counts}
    ordered = sorted((-number, value) for value, number in values.items())
    return tuple(FacetValue(value, -number, value in chosen) for number, value in ordered)
