"""Suggestions while typing: names that hold every typed word, the last one as a beginning."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from indexer.analysis import fold, words
from indexer.facets import count, unpack
from indexer.hits import Suggestion
from indexer.snapshot import Snapshot
from indexer.vocabulary import Vocabularies

#: Facets whose values are suggested, with their vocabularies; in the order they are offered.
SUGGESTED = {
    "theme": "themes",
    "technology": "technologies",
    "country": "countries",
    "region": "regions",
    "organisation": "organisations",
}

#: Titles that are looked at for one beginning.
MOST_TITLES = 5000


def suggest(
    text: str, snapshot: Snapshot, vocabularies: Vocabularies, lang: str, limit: int
) -> tuple[Suggestion, ...]:
    """Return up to `limit` suggestions for `text`: filed names with cases first, then titles."""
    typed = [fold(word) for word, _, _ in words(text)]
    if not typed:
        return ()
    names = list(_names(typed, snapshot, vocabularies, lang))
    names.sort(key=lambda s: (-s.count, s.label))
    titles = list(_titles(typed, snapshot, limit))
    room = max(limit - len(titles), limit // 2)
    return tuple((names[:room] + titles)[:limit])


def _fits(typed: list[str], label: str) -> bool:
    own = _words(label)
    return all(any(word.startswith(start) for word in own) for start in typed)


@lru_cache(maxsize=20_000)
def _words(label: str) -> tuple[str, ...]:
    return tuple(fold(word) for word, _, _ in words(label))


def _names(
    typed: list[str], snapshot: Snapshot, vocabularies: Vocabularies, lang: str
) -> Iterator[Suggestion]:
    public = snapshot.originals & snapshot.table.having("status", "published")
    for facet, vocabulary in SUGGESTED.items():
        for (of, value), _row in snapshot.table.rows.items():
            if of != facet:
                continue
            term = vocabularies[vocabulary].get(value)
            if term is None:
                continue
            labels = [
                name
                for own in dict.fromkeys((lang, "en"))
                for name in (term.label(own), *term.synonyms.get(own, ()))
            ]
            if any(_fits(typed, label) for label in labels):
                held = count(snapshot.table.having(facet, value) & public)
                if held:
                    yield Suggestion(facet, value, term.label(lang), held)


def _titles(typed: list[str], snapshot: Snapshot, limit: int) -> Iterator[Suggestion]:
    public = unpack(snapshot.originals & snapshot.table.having("status", "published"))
    found = 0
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=False):
        starts = [_starting(segment.title_words, start) for start in typed]
        for number in sorted(set.intersection(*starts)):
            key = segment.key(number)
            if key.kind == "case" and not key.lang and public[int(base) + number]:
                yield Suggestion("case", key.slug, segment.titles[number], 1)
                found += 1
                if found == limit:
                    return


def _starting(pairs: list[tuple[str, int]], start: str) -> set[int]:
    """Return the numbers of sorted (word, number) `pairs` whose word begins with `start`."""
    numbers: set[int] = set()
    for at in range(bisect_left(pairs, (start, -1)), len(pairs)):
        word, number = pairs[at]
        if not word.startswith(start) or len(numbers) > MOST_TITLES:
            break
        numbers.add(number)
    return numbers
