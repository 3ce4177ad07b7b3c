"""Marking many passages quickly finds the same words as analysing them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer import analysis

TEXTS = st.lists(
    st.sampled_from(
        ["farmers", "Farmer's", "M-Pesa", "e-Gov", "R&D", "5G", "éducation", "İstanbul", "policies",
         "农民", "手机a", "don’t", "s", "it's", "a.b/c", "3.5", "-", "…", "\n", "  "]
    ),
    max_size=30,
).map(" ".join)  # fmt: skip


@given(TEXTS, st.sets(st.integers(0, 60)))
def test_marked_places_are_those_of_the_tokens(text, chosen):
    tokens = analysis.analyse(text, "en")
    terms = {token.term for number, token in enumerate(tokens) if number in chosen}
    _, marked = analysis.places(text, "en", terms)
    assert set(marked) == {(t.start, t.end) for t in tokens if t.term in terms}


@given(TEXTS)
def test_every_word_has_a_place(text):
    every, _ = analysis.places(text, "en", ())
    assert {(t.start, t.end) for t in analysis.analyse(text, "en")} >= set(every)
    assert every == sorted(every)


def test_beginnings_are_where_words_of_the_terms_stand():
    text = "Policies for farms; a policy on Farmers and unfarmed land"
    found = analysis.beginnings(text, "en", {"en:polici", "en:farmer"})
    assert [text[at:].split(maxsplit=1)[0] for at in sorted(found)] == [
        "Policies",
        "policy",
        "Farmers",
    ]
