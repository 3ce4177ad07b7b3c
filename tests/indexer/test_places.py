"""Marking many passages quickly finds the same words as analysing them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer import analysis

TEXTS = st.lists(
    st.sampled_from(
        ["farmers", "Farmer's", "M-Pesa", "e-Gov", "R&D", "5G", "éducation", "İstanbul", "policies",
         "农民", "手机a", "don’t", "s", "it's", "a.b/c", "it's-x-y",
         ":/MP/ESA", "3.5", "-", "…", "\n", "  "]
    ),
    max_size=30,
).map(" ".join)  # fmt: skip


@given(TEXTS, st.sets(st.integers(0, 60)))
def test_marked_places_are_those_of_the_tokens(text, chosen):
    tokens = analysis.analyse(text, "en")
    terms = {token.term for number, token in enumerate(tokens) if number in chosen}
    places = {(t.start, t.end) for t in tokens if t.term in terms}
    assert analysis.marked(text, "en", terms) == sorted(places)
