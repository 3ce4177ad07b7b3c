"""Passages hold every sentence, none is too long, and they end where sentences end."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer import passages
from indexer.passages import sentences, split
from indexer.semantic import Encoder

words = st.lists(
    st.sampled_from(["one", "two", "three.", "four!", "five?", "٦؟", "七。", "\n\n", "e.g.", "\n"]),
    max_size=80,
).map(" ".join)


def word_ends(text: str) -> list[int]:
    return [match.end() for match in re.finditer(r"\S+", text)]


@given(words | st.text(), st.integers(1, 12))
def test_every_word_is_in_one_passage_and_none_is_too_long(text: str, size: int) -> None:
    spans = split(text, word_ends, size)
    kept = [end for end in word_ends(text) for start, stop in spans if start < end <= stop]
    assert kept == word_ends(text)
    for start, stop in spans:
        assert len(word_ends(text[start:stop])) <= size
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert spans


@given(words, st.integers(4, 12))
def test_a_sentence_that_fits_is_not_cut(text: str, size: int) -> None:
    spans = split(text, word_ends, size)
    for start, stop in sentences(text):
        if len(word_ends(text[start:stop])) <= size:
            assert any(a <= start and stop <= b for a, b in spans)


def test_short_sentences_share_a_passage() -> None:
    text = "One two. Three four. Five six."
    assert [text[a:b] for a, b in split(text, word_ends, 4)] == [
        "One two. Three four.",
        "Five six.",
    ]


def test_sentences_of_other_scripts_end_too() -> None:
    assert len(sentences("村里没有银行。现在很快！")) == 2
    assert len(sentences("أين المال؟ في الهاتف.")) == 2


def test_a_text_without_words_has_one_empty_passage() -> None:
    assert split("", word_ends) == split(" \n\n ", word_ends) == [(0, 0)]


def test_the_tokens_are_those_of_the_model(encoder: Encoder) -> None:
    text = "Agents in the villages ran out of cash on market days. " * 40 + "x" * 3000
    spans = split(text, encoder.token_ends)
    assert len(spans) > 2
    for start, stop in spans:
        assert len(encoder.token_ends(text[start:stop])) <= passages.PASSAGE_TOKENS + 1


def test_the_title_stands_before_what_is_read() -> None:
    assert passages.embedded_text("A title", "Some text. More.", (11, 16)) == "A title. More."


def test_a_vector_is_named_by_model_and_text() -> None:
    names = {passages.digest(m, t) for m in ("one", "two") for t in ("a", "b")}
    assert len(names) == 4 and {len(name) for name in names} == {16}
