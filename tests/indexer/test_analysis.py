"""Words become terms that find each other, in every language."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import analysis


def terms(text: str, lang: str = "en") -> set[str]:
    return {token.term.partition(":")[2] for token in analysis.analyse(text, lang)}


@pytest.mark.parametrize("word", ["R&D", "5G", "C11", "G2P", "M&E", "4G", "H5N1"])
def test_acronyms_and_symbols_are_terms_of_their_own(word: str) -> None:
    assert terms(f"The {word}, of course.") >= {word.lower()}


@pytest.mark.parametrize(
    ("written", "typed"),
    [("e-Gov", "egov"), ("e-Gov", "gov"), ("M-Pesa", "mpesa"), ("M\u2011Pesa", "M-Pesa")],
)
def test_a_joined_word_is_found_by_its_parts_and_as_one(written: str, typed: str) -> None:
    assert terms(typed) <= terms(written)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "farmers", "farmer"),
        ("fr", "résumés", "RESUME"),
        ("es", "educación", "educacion"),
        ("ru", "больницы", "больница"),
        ("ru", "всё", "все"),
        ("ar", "المُسَاعَدَات", "المساعدات"),
        ("ar", "كتـــاب", "كتاب"),
        ("ar", "والحكومة", "حكومية"),
        ("ar", "فالمدرسة", "مدرسة"),
        ("de", "Straße", "STRASSE"),
        ("en", "ＡＢＣ", "abc"),
        ("hi", "मोबाइल", "मोबाइल"),
    ],
)
def test_forms_of_a_word_are_one_term(lang: str, one: str, other: str) -> None:
    assert terms(one, lang) == terms(other, lang)
    assert len(terms(one, lang)) == 1


@pytest.mark.parametrize("text", ["résumé", "Ñandú", "किसान", "مُحَمَّد", "Tiếng Việt"])
def test_composed_and_decomposed_letters_are_the_same(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert terms(composed, "fr") == terms(decomposed, "fr")


def test_accents_do_not_cut_a_word_in_two() -> None:
    assert len(analysis.words("re\u0301sume\u0301")) == 1
    assert len(analysis.words("مُحَمَّد")) == 1


def test_chinese_is_read_in_pairs_of_characters() -> None:
    assert terms("移动支付", "zh") == {"移动", "动支", "支付"}
    assert terms("水", "zh") == {"水"}


def test_latin_words_stand_apart_in_chinese_text() -> None:
    assert "g2p" in terms("政府的G2P项目", "zh")


def test_a_possessive_is_no_word() -> None:
    assert terms("the women's union") == terms("the women union")


def test_terms_of_two_languages_are_kept_apart() -> None:
    assert analysis.analyse("chat", "en")[0].term != analysis.analyse("chat", "fr")[0].term


def test_words_that_every_text_has_may_be_left_out() -> None:
    assert {"en:the", "en:how"} <= analysis.stopwords("en")
    assert "zh:的" in analysis.stopwords("zh")
    assert not analysis.stopwords("qq")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("cash", None),
        ("", None),
        ("12 %", None),
        ("移动支付", "zh"),
        ("M-Pesa 的移动支付服务", "zh"),
        ("المدرسة", "ar"),
        ("больница", "ru"),
    ],
)
def test_the_script_of_a_text_decides_for_its_language(text: str, script: str | None) -> None:
    assert analysis.script(text) == script


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The farmers asked what the price of the maize was.", "en"),
        ("Les agriculteurs ont demandé quel était le prix du maïs sur le marché.", "fr"),
        ("Los agricultores preguntaron cuál era el precio del maíz en el mercado.", "es"),
        ("Врачи консультировали больных по видеосвязи.", "ru"),
        ("zzxq", "en"),
    ],
)
def test_a_text_that_names_no_language_tells_it_by_its_words(text: str, lang: str) -> None:
    assert analysis.detect(text) == lang


@given(st.text(), st.sampled_from(["en", "fr", "ar", "zh", "ru", "hi", "xx", "pt-BR"]))
def test_a_token_names_its_place_in_any_text(text: str, lang: str) -> None:
    for token in analysis.analyse(text, lang):
        assert 0 <= token.start < token.end <= len(text)
        assert token.term.startswith(f"{lang}:")
        assert "\n" not in token.term and len(token.term) > len(lang) + 1


@given(st.lists(st.sampled_from(["run", "runs", "s", "e", "-", "/", ".", " ", "'"]), max_size=20))
def test_positions_count_the_words(pieces: list[str]) -> None:
    tokens = analysis.analyse("".join(pieces), "en")
    assert {token.position for token in tokens} == set(range(len({t.position for t in tokens})))


mixed = st.lists(
    st.sampled_from(["cash", "e-Gov", "agents'", "women's", "M-Pesa", "R&D", "银行", "İ", "كتب",
                     "a/b.c", "s", "'s", "é", "e\u0301", ".", "\n", "x" * 45]), max_size=25
)  # fmt: skip
some_terms = st.sets(
    st.sampled_from(["en:cash", "en:egov", "en:gov", "en:mpesa", "en:agent", "en:r&d", "en:银行",
                     "en:abc", "en:s", "en:e", "en:women"])
)  # fmt: skip


@given(mixed.map(" ".join) | mixed.map("-".join) | st.text(), some_terms)
def test_marked_places_are_those_of_the_tokens(text: str, sought: set[str]) -> None:
    places = {(t.start, t.end) for t in analysis.analyse(text, "en") if t.term in sought}
    assert analysis.marked(text, "en", sought) == sorted(places)
