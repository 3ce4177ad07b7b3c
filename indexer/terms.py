"""Which terms a text that is being written may be filed under, each with the reason.

Three signs are weighed for each term: its name stands in the text, the cases nearest in meaning
have it, and its definition is near in meaning. The weights come from tools/measure_suggestions.py;
docs/suggestions.md tells how often they are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np

from indexer import similar
from indexer.facets import unpack
from indexer.fields import FACET_VOCABULARY
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from indexer.values import Key
from indexer.vocabulary import Vocabularies

#: The facets that terms are suggested for.
OFFERED = ("theme", "technology", "sdg", "country")
NEIGHBOURS = 12
FLOOR = 0.2  # cosines below this say nothing about a text
#: facet -> weights of name, neighbours, definition, and the bias, as the tool has fitted them.
WEIGHTS: Mapping[str, tuple[float, float, float, float]] = {
    "theme": (5.84, 6.87, 0.88, -3.87),
    "technology": (4.36, 7.77, 0.63, -4.16),
    "sdg": (0.0, 6.6, 0.86, -3.64),
}
LEAST = 0.35  # chance from which a term is offered
MOST = 6  # terms of one facet

#: Names in one that are no people of the other: Nigerians are not from Niger.
_NO_PEOPLE = ("NE", "DM", "GN", "CG")
_PEOPLE = r"(?:n|an|ian|nian|ese|nese|i|ish|lese)?(?:s|'s|\u2019s)?"
_SHORT = 3  # letters up to which a name is looked for as it is written: AI, SMS, 5G


@dataclass(frozen=True)
class Offer:
    """A term that may fit, with its chance; `name` stands in the text, `cases` have it too."""

    facet: str
    id: str
    chance: float
    name: str
    cases: tuple[Key, ...]


@dataclass(frozen=True)
class Signs:
    """What speaks for one term."""

    id: str
    name: str
    vote: float
    meaning: float
    cases: tuple[Key, ...]

    def row(self) -> tuple[float, float, float]:
        """Give the signs as numbers, in the order of the weights."""
        return (float(bool(self.name)), self.vote, self.meaning)


@dataclass(frozen=True)
class Asked:
    """What is asked for suggestions: a library, the case `but` (the one being written) left out."""

    snapshot: Snapshot
    vocabularies: Vocabularies
    encoder: Encoder
    but: str = ""


def offers(text: str, asked: Asked) -> dict[str, tuple[Offer, ...]]:
    """Give the terms of each facet that may fit `text`, the likeliest first."""
    found = {}
    for facet in OFFERED:
        rows = signs(text, facet, asked)
        likely = sorted(
            (Offer(facet, one.id, chance(facet, one), one.name, one.cases) for one in rows),
            key=lambda offer: -offer.chance,
        )
        found[facet] = tuple(offer for offer in likely if offer.chance >= LEAST)[:MOST]
    return found


def chance(facet: str, one: Signs) -> float:
    """Give the chance that a term fits; a country fits when it is named."""
    if facet not in WEIGHTS:
        return 0.9 if one.name else 0.0
    *weights, bias = WEIGHTS[facet]
    score = bias + sum(w * x for w, x in zip(weights, one.row(), strict=True))
    return 1 / (1 + exp(-score))


def signs(text: str, facet: str, asked: Asked) -> list[Signs]:
    """Give what speaks for each term of a facet; of countries, only those that are named."""
    vocabulary = FACET_VOCABULARY[facet]
    named = named_terms(text, vocabulary, asked.vocabularies)
    if facet not in WEIGHTS:
        return [Signs(one, name, 0.0, 0.0, ()) for one, name in named.items()]
    vector = asked.encoder.encode_query(text)
    near = _neighbours(vector, asked.snapshot, asked.but)
    total = sum(weight for _, weight, _ in near) or 1.0
    close = _closeness(vector, vocabulary, asked)
    found = []
    for one in asked.vocabularies[vocabulary]:
        having = [(key, weight) for key, weight, facets in near if one in facets.get(facet, ())]
        found.append(
            Signs(
                one,
                named.get(one, ""),
                sum(weight for _, weight in having) / total,
                close[one],
                tuple(key for key, _ in having[:2]),
            )
        )
    return found


def _neighbours(
    vector: np.ndarray, snapshot: Snapshot, but: str
) -> list[tuple[Key, float, Mapping[str, Sequence[str]]]]:
    """Give the nearest public cases with their weight and facets, nearest first."""
    cosines, _ = snapshot.closeness(vector)
    mask = unpack(similar.public_cases(snapshot)) & (cosines > FLOOR)
    slots = np.flatnonzero(mask)
    order = slots[np.argsort(-cosines[slots], kind="stable")]
    near: list[tuple[Key, float, Mapping[str, Sequence[str]]]] = []
    for slot in order:
        key = snapshot.key(int(slot))
        if key.slug != but:
            weight = float(cosines[slot] - FLOOR) ** 2
            near.append((key, weight, snapshot.record(int(slot))["facets"]))
        if len(near) == NEIGHBOURS:
            break
    return near


def _closeness(vector: np.ndarray, vocabulary: str, asked: Asked) -> dict[str, float]:
    """Give for each term how much nearer its definition is than the others' mean, in deviations."""
    terms, encoder = asked.vocabularies[vocabulary], asked.encoder
    told = [f"{term.label()}: {term.definition}" for term in terms.values()]
    if not told:
        return {}
    cosines = np.array([float(encoder.encode_query(one) @ vector) for one in told])
    spread = float(cosines.std()) or 1.0
    return dict(zip(terms, ((cosines - cosines.mean()) / spread).tolist(), strict=True))


def named_terms(text: str, vocabulary: str, vocabularies: Vocabularies) -> dict[str, str]:
    """Give the terms whose name or synonym stands in `text`, each with the words that do.

    Of names inside of each other the longest counts: Papua New Guinea is not Guinea.
    """
    found: list[tuple[int, int, str]] = []
    for one, pattern in _patterns(vocabulary, vocabularies):
        found += [(match.start(), match.end(), one) for match in pattern.finditer(text)]
    named: dict[str, str] = {}
    taken: list[tuple[int, int]] = []
    for start, end, one in sorted(found, key=lambda place: place[0] - place[1]):
        if any(first < end and start < last for first, last in taken):
            if (start, end) not in taken:
                continue
        else:
            taken.append((start, end))
        named.setdefault(one, text[start:end])
    return named


def _patterns(
    vocabulary: str, vocabularies: Vocabularies
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = tuple((term.id, term.called) for term in vocabularies[vocabulary].values())
    return _compiled(names, vocabulary == "countries")


@lru_cache(maxsize=16)
def _compiled(
    names: tuple[tuple[str, tuple[str, ...]], ...], people: bool
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (one, pattern)
        for one, called in names
        for pattern in _expressions(called, people and one not in _NO_PEOPLE)
    )


def _expressions(names: Sequence[str], people: bool) -> Iterator[re.Pattern[str]]:
    """Give one expression for the names as written, and one for those of any letters."""
    spoken = [name for name in dict.fromkeys(names) if name and not name.isdecimal()]
    short = [re.escape(name) for name in spoken if len(name) <= _SHORT]
    long = [re.escape(name).replace(r"\-", "[- ]").replace(r"\ ", "[- ]") for name in spoken
            if len(name) > _SHORT]  # fmt: skip
    if short:
        yield re.compile(rf"(?<!\w)(?:{'|'.join(short)})(?!\w)")
    if long:
        ending = _PEOPLE if people else r"s?"
        either = "|".join(sorted(long, key=len, reverse=True))
        yield re.compile(rf"(?<!\w)(?:{either}){ending}(?!\w)", re.IGNORECASE)
