"""Suggestions while typing: names that hold every typed word, the last one as a beginning."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
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
#: Titles that are named like one word at most: a word of more is no sign.
MOST_LIKE = 200
#: Words of a text by which names like them are sought.
MOST_WORDS = 12
#: Letters that a word and one of a name must have in common, but for an ending of two.
COMMON = 4


def suggest(
    text: str, snapshot: Snapshot, vocabularies: Vocabularies, lang: str, limit: int
) -> tuple[Suggestion, ...]:
    """Return up to `limit` suggestions for `text`: terms with cases first, then titles.

    Terms whose label fits come before those that are only also called so.
    """
    typed = [fold(word) for word, _, _ in words(text)]
    if not typed:
        return ()
    names = list(_names(typed, snapshot, vocabularies, lang))
    names.sort(key=lambda s: (bool(s.called), -s.count, s.label))
    titles = list(_titles(typed, snapshot, limit))
    room = max(limit - len(titles), limit // 2)
    return tuple((names[:room] + titles)[:limit])


def named_like(
    text: str, snapshot: Snapshot, vocabularies: Vocabularies, limit: int
) -> tuple[Suggestion, ...]:
    """Return terms and titles that share the beginning of a word with `text`, half of each.

    Those come first that share more words, and rarer ones.
    """
    typed = [fold(word) for word, _, _ in words(text)]
    starts = list(dict.fromkeys(_start(word) for word in typed if len(word) >= COMMON))[:MOST_WORDS]
    terms: dict[tuple[str, str], Suggestion] = {}
    titles: dict[tuple[str, str], Suggestion] = {}
    weights: defaultdict[tuple[str, str], float] = defaultdict(float)
    for start in starts:
        named = tuple(_names([start], snapshot, vocabularies, "en"))
        told = tuple(_titles([start], snapshot, MOST_LIKE))
        for one in (*named, *told):
            (titles if one.kind == "case" else terms)[one.kind, one.id] = one
            weights[one.kind, one.id] += 1 / (len(named) + len(told))
    best = [
        sorted(some.values(), key=lambda s: (-weights[s.kind, s.id], -s.count, s.label))
        for some in (terms, titles)
    ]
    room = max(limit // 2, limit - len(best[1]))
    return tuple((best[0][:room] + best[1])[:limit])


def _start(word: str) -> str:
    return word[: max(COMMON, len(word) - 2)]


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
            names = [
                name
                for own in dict.fromkeys((lang, "en"))
                for name in (term.label(own), *term.synonyms.get(own, ()))
            ]
            fitting = next((name for name in names if _fits(typed, name)), None)
            if fitting is None:
                continue
            held = count(snapshot.table.having(facet, value) & public)
            if held:
                label = term.label(lang)
                yield Suggestion(facet, value, label, held, "" if fitting == label else fitting)


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
