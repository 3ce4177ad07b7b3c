"""Fusion, gate and the best of many, as pure functions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import ranking
from indexer.ranking import Scores

numbers = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, -1.0, float("-inf")]), max_size=400)


@given(numbers, st.integers(0, 50))
def test_the_best_come_first_and_ties_in_order(scores: list[float], limit: int) -> None:
    finite = [slot for slot, score in enumerate(scores) if np.isfinite(score)]
    expected = sorted(finite, key=lambda slot: (-scores[slot], slot))[:limit]
    assert ranking.top(np.array(scores), limit).tolist() == expected


def test_ties_go_by_what_they_are_given() -> None:
    ties = np.array([3, 1, 2])
    assert ranking.top(np.array([0.5, 0.5, 0.5]), 3, ties).tolist() == [1, 2, 0]


def test_words_and_meaning_are_joined_or_taken_alone() -> None:
    scores = Scores(np.array([0.4], np.float32), np.array([0.5], np.float32))
    assert scores.fused("words")[0] == pytest.approx(0.4)
    assert scores.fused("meaning")[0] == pytest.approx(0.5)
    assert scores.fused(weight=0.5)[0] == pytest.approx(0.7)
    assert scores.fused()[0] == pytest.approx(0.5 + ranking.WORD_WEIGHT * 0.4)


def test_the_gate_looks_at_the_best_and_at_all() -> None:
    features = ranking.gate_features(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], np.float32), 0.5)
    assert features == pytest.approx([0.6, 0.4, 0.35, 0.5])


@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_the_gate_works_on_few_documents(count: int) -> None:
    assert np.isfinite(ranking.gate_features(np.ones(count, np.float32), 1.0)).all()


def test_the_gate_is_shut_where_nothing_is_near() -> None:
    assert not ranking.is_open(np.zeros(10, np.float32), 0.0)
    assert ranking.is_open(np.full(10, 0.9, np.float32), 1.0)
