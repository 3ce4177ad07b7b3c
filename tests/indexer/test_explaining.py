"""Every hit says why it is one: the words, the names, the passage and what is marked in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import analysis
from indexer.explaining import SHOWN, cut
from indexer.hits import Hit
from indexer.library import Library
from indexer.query import Query


def hit(library: Library, text: str, slug: str) -> Hit:
    results = library.search(Query(text), per_page=50)
    return next(one for one in (*results.hits, *results.nearest) if one.key.slug == slug)


def marked(one: Hit) -> list[str]:
    assert one.passage is not None
    return [one.passage.text[start:end] for start, end in one.passage.marks]


def test_the_words_that_matched_are_named_as_typed(library: Library) -> None:
    one = hit(library, "AGENTS and zzxq", "cash-by-phone")
    assert one.reason.words == ("AGENTS",)
    assert marked(one) == ["agents", "Agents"]


def test_a_synonym_is_named_by_what_the_case_is_filed_under(library: Library) -> None:
    one = hit(library, "argent mobile", "tahwilat")
    assert "Digital payments" in one.reason.names
    assert not one.reason.words


def test_a_hit_by_meaning_says_so(library: Library) -> None:
    one = hit(library, "how do peasants learn what their harvest is worth", "crop-prices")
    assert one.reason.meaning
    assert one.passage is not None and one.passage.text


@pytest.mark.parametrize(
    ("text", "slug", "words"),
    [("M-Pesa", "cash-by-phone", ["M-Pesa"]), ("mpesa", "cash-by-phone", ["M-Pesa"]),
     ("R&D", "wallets-in-togo", ["R&D"]), ("移动支付", "nongcun-dianshang", []),
     ("农民", "nongcun-dianshang", ["农民"]), ("المُسَاعَدَات", "tahwilat", ["المُسَاعَدَات"]),
     ("guichets", "cash-by-phone", ["guichets"])],
)  # fmt: skip
def test_what_matched_is_marked(library: Library, text: str, slug: str, words: list[str]) -> None:
    assert marked(hit(library, text, slug))[: len(words)] == words


def test_a_hit_carries_what_its_page_needs(library: Library) -> None:
    one = hit(library, "maize", "crop-prices")
    assert one.title == "Crop prices by text message in Uganda"
    assert one.record["front"]["countries"] == ["UG"]
    assert len(one.record["revision"]) == 12


def test_a_hit_by_its_translation_is_shown_as_the_case(library: Library) -> None:
    one = hit(library, "guichets", "cash-by-phone")
    assert one.title == "Cash by phone in Kenya"
    assert one.reason.words == ("guichets",)
    assert one.passage is not None and one.passage.lang == "fr"


words = st.sampled_from(["cash", "agents", "e-Gov", "the", "(x)", "\n", "—", "银行", "y" * 50])


@given(
    st.lists(words, max_size=150).map(" ".join) | st.text(),
    st.sets(st.sampled_from(["en:cash", "en:egov", "en:gov", "en:银行", "en:agent"])),
)
def test_marks_stand_in_the_text_apart_and_on_the_words(text: str, terms: set[str]) -> None:
    passage = cut(text, terms, "en")
    end = 0
    for start, stop in passage.marks:
        assert end <= start < stop <= len(passage.text)
        found = {token.term for token in analysis.analyse(passage.text[start:stop], "en")}
        assert found & terms
        end = stop
    if terms & {token.term for token in analysis.analyse(text, "en")}:
        assert passage.marks


def test_a_long_passage_is_cut_around_its_words() -> None:
    text = "word " * 300 + "cash and agents " + "word " * 300
    passage = cut(text, {"en:cash", "en:agent"}, "en")
    assert len(passage.text) <= SHOWN["en"] + len("…  …")
    assert [passage.text[a:b] for a, b in passage.marks] == ["cash", "agents"]
    assert passage.text.startswith("… ") and passage.text.endswith(" …")
