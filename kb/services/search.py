"""Searching the library, and what is offered while typing."""

from __future__ import annotations

from dataclasses import replace

from indexer.hits import Hit, Results, Suggestion
from indexer.library import Library
from indexer.query import Query
from kb.access import Person, visible_to
from kb.services import metering
from kb.services.languages import in_language

PER_PAGE = 20
SHORTEST = 2  # letters from which suggestions make sense


def search(library: Library, query: Query, person: Person, lang: str = "") -> Results:
    """The cases that answer `query`, one page of them, with counts over all of them.

    They are told in `lang` where they have been translated to it.
    """
    found = library.search(query, visible_to(person), per_page=PER_PAGE)
    metering.search(found.total)
    hits, nearest = (in_language(library, some, lang) for some in (found.hits, found.nearest))
    return replace(found, hits=hits, nearest=nearest)


def suggest(library: Library, text: str, lang: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """Titles, themes, places and organisations that begin like `text`; none for a single letter."""
    if len(text.strip()) < SHORTEST:
        return ()
    return library.suggest(text.strip(), lang=lang, limit=limit)


def near(library: Library, words: str, person: Person, limit: int = 3) -> tuple[Hit, ...]:
    """The cases that come nearest to these words, also where none matches well."""
    if not words.strip():
        return ()
    results = library.search(Query(text=words), visible_to(person), per_page=limit)
    return (*results.hits, *results.nearest)[:limit]
