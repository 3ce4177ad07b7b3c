"""BM25F on arrays is BM25F as the paper has it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import analysis, impacts
from indexer.impacts import FIELD_WEIGHTS, K1, B
from indexer.library import Library
from indexer.values import Key

WORDS = ["cash", "agents", "women", "satellite", "e-Gov", "market", "the", "zzxq", "G2P", "mobile",
         "payments", "vacunas", "argent", "Kenya", "school"]  # fmt: skip


@cache
def weighted(library: Library) -> Mapping[Key, tuple[str, Counter[str], float]]:
    """Give each document's language, weighted frequencies and length, from its record."""
    snapshot = library.snapshot()
    found = {}
    for key, slot in snapshot.slot_of.items():
        record = snapshot.whole_record(slot)
        lang = record["lang"]
        fields = {"title": record["title"], "summary": record["summary"],
                  "body": record["text"][len(record["summary"]):]}  # fmt: skip
        frequencies: Counter[str] = Counter()
        for field, text in fields.items():
            for token in analysis.analyse(text, lang):
                frequencies[token.term] += FIELD_WEIGHTS[field]
        length = sum(frequencies.values())
        for name_lang, names in record["names"].items():
            for name in names.split("\n"):
                for token in analysis.analyse(name, name_lang):
                    frequencies[token.term] += FIELD_WEIGHTS["names"]
        found[key] = (lang, frequencies, length)
    return found


def coverage(library: Library, terms: list[str], total: int) -> dict[Key, float]:
    """Give the scores as a reader of the paper would write them."""
    documents = weighted(library)
    lengths: dict[str, list[float]] = {}
    for lang, _, length in documents.values():
        lengths.setdefault(lang, []).append(length)
    idf = {}
    for term in terms:
        holding = sum(1 for _, frequencies, _ in documents.values() if frequencies[term])
        idf[term] = math.log(1 + (max(total - holding, 0) + 0.5) / (holding + 0.5))
    scores = {}
    for key, (lang, frequencies, length) in documents.items():
        norm = K1 * (1 - B + B * length / (sum(lengths[lang]) / len(lengths[lang])))
        scores[key] = sum(
            idf[t] * (K1 + 1) * frequencies[t] / (frequencies[t] + norm) for t in terms
        ) / (sum(idf.values()) * (K1 + 1))
    return scores


@settings(max_examples=30)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True))
@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_scores_are_those_of_the_formula(library: Library, lang: str, words: list[str]) -> None:
    snapshot = library.snapshot()
    terms = list(dict.fromkeys(t.term for word in words for t in analysis.analyse(word, lang)))
    total = sum(own == lang for own, _, _ in weighted(library).values())
    expected = coverage(library, terms, total)
    found = snapshot.word_scores({lang: [(term,) for term in terms]}).coverage
    for key, slot in snapshot.slot_of.items():
        assert found[slot] == pytest.approx(expected[key], abs=1e-5)


def test_a_document_keeps_the_best_of_its_languages(library: Library) -> None:
    snapshot = library.snapshot()
    one, other = {"en": [("en:cash",)]}, {"es": [("es:vacun",)]}
    both = snapshot.word_scores({**one, **other}).coverage
    apart = [snapshot.word_scores(words).coverage for words in (one, other)]
    assert np.array_equal(both, np.maximum(*apart))


def test_a_word_that_nobody_has_lowers_the_coverage(library: Library) -> None:
    snapshot = library.snapshot()
    slot = snapshot.slot_of[Key("case", "cash-by-phone")]
    alone = snapshot.word_scores({"en": [("en:cash",)]})
    both = snapshot.word_scores({"en": [("en:cash",), ("en:zzxq",)]})
    assert both.coverage[slot] < alone.coverage[slot]
    assert (alone.known, alone.every[slot], both.every[slot]) == (pytest.approx(1), True, False)
    assert 0 < both.known < 1


def test_terms_that_stand_for_one_word_count_once(library: Library) -> None:
    snapshot = library.snapshot()
    slots, weights = snapshot.holding(["en:cash", "en:agent"])
    for slot, weight in zip(slots, weights, strict=True):
        _, frequencies, _ = weighted(library)[snapshot.key(int(slot))]
        expected = max(frequencies["en:cash"], frequencies["en:agent"])
        assert weight == pytest.approx(expected, rel=1e-6)


def test_the_rarer_word_weighs_more() -> None:
    weights = [impacts.idf(n, 100) for n in (0, 1, 10, 50, 99, 100, 120)]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


def test_terms_are_found_by_their_beginning(library: Library) -> None:
    for segment in library.snapshot().segments:
        postings = segment.postings
        expected = sorted(term for term in postings.rows if term.startswith("en:ca"))
        assert postings.beginning("en:ca") == expected
