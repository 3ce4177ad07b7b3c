"""Questions of other languages are carried over word by word, the longest known phrase first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import stem
from indexer.lexicon import Lexicon, Phrases
from indexer.query import explain, parse
from indexer.vocabulary import Vocabularies

ENTRIES = [
    {"en": ["cash transfer"], "fr": ["transfert monétaire"], "ar": ["تحويل نقدي"],
     "zh": ["现金转移"]},
    {"en": ["village"], "fr": ["village"], "es": ["pueblo"], "ar": ["قرية"], "zh": ["村"]},
    {"en": ["midwife", "midwives"], "fr": ["sage-femme"], "es": ["partera"], "ru": ["акушерка"]},
    {"en": ["women"], "fr": ["femme"], "es": ["mujer"], "zh": ["妇女"], "ru": ["женщина"]},
    {"en": ["course"], "fr": ["cours"]},
    {"en": ["no signal"], "fr": ["pas de réseau"], "es": ["sin señal"]},
    {"en": ["artificial intelligence"], "fr": ["IA"], "ru": ["ИИ"]},
    {"en": ["money"], "ar": ["مال"], "zh": ["钱"]},
]  # fmt: skip
LEXICON = Lexicon(ENTRIES)


def carried(text: str, lang: str) -> list[str]:
    return [piece.into[0] if piece.into else piece.typed for piece in LEXICON.carry(text, lang)]


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("les sages-femmes du village", "fr", ["midwife", "village"]),
        ("transferts monétaires aux femmes", "fr", ["cash transfer", "women"]),
        ("il n'y a pas de réseau", "fr", ["no signal"]),
        ("sin señal en el pueblo", "es", ["no signal", "village"]),
        ("женщинам нужна акушерка", "ru", ["women", "нужна", "midwife"]),
        ("والقرية", "ar", ["village"]),
        ("向妇女发现金转移", "zh", ["向", "women", "发", "cash transfer"]),
        ("M-Pesa 村", "zh", ["M", "Pesa", "village"]),
    ],
)
def test_known_phrases_are_carried_over_and_names_stay(
    text: str, lang: str, words: list[str]
) -> None:
    assert carried(text, lang) == words


@pytest.mark.parametrize(
    ("text", "lang", "word"), [("courant", "fr", "courant"), ("ia", "fr", "ia")]
)
def test_another_word_of_the_same_stem_or_letters_is_not_meant(
    text: str, lang: str, word: str
) -> None:
    assert carried(text, lang) == [word]


def test_an_acronym_is_known_in_capitals() -> None:
    assert carried("IA", "fr") == ["artificial intelligence"]


@pytest.mark.parametrize(
    ("text", "known", "lang"),
    [
        ("les femmes du village", ["village"], "fr"),
        ("mujeres sin señal", [], "es"),
        ("village women", ["village", "women"], ""),
        ("village", ["village"], ""),
        ("женщина", [], "ru"),
        ("妇女", [], "zh"),
        ("", [], ""),
    ],
)
def test_the_language_is_the_one_that_explains_the_most_words(
    text: str, known: list[str], lang: str
) -> None:
    assert LEXICON.language(text, {f"en:{stem(word, 'en')}" for word in known}.__contains__) == lang


words = st.sampled_from(
    ["femmes", "du", "village", "pas", "de", "réseau", "钱", "M-Pesa", "x", "—"]
)


@given(st.lists(words).map(" ".join) | st.text(), st.sampled_from(["fr", "zh", "ar"]))
def test_pieces_stand_in_the_text_in_order_and_apart(text: str, lang: str) -> None:
    phrases = Phrases(lang, [(form, form) for one in ENTRIES for form in one.get(lang, ())])
    end = 0
    for piece in phrases.pieces(text):
        assert end <= piece.start < piece.end <= len(text)
        end = piece.end


def test_terms_of_vocabularies_are_words_of_the_lexicon_too() -> None:
    themes = "- {id: a, labels: {en: Connectivity, fr: Connectivité}, synonyms: {fr: [haut débit]}}"
    lexicon = Vocabularies({"themes": themes}).lexicon
    assert [piece.into for piece in lexicon.carry("le haut débit", "fr")] == [("Connectivity",)]


GLOSSARY = """
- {id: ussd, labels: {en: USSD}}
- {id: open-source, labels: {en: open source}, synonyms: {en: [OSS]}}
"""


def test_terms_of_the_glossary_are_found_but_not_in_names() -> None:
    found = Vocabularies({"glossary": GLOSSARY}).terms_in
    text = "USSD and ussd; open source, Open Source Foundation, OSS."
    assert [text[start:end] for start, end, _ in found(text, "en")] == [
        "USSD",
        "open source",
        "OSS",
    ]


def test_it_is_told_how_a_question_was_carried_over() -> None:
    from dataclasses import replace

    pieces = LEXICON.carry("les femmes de Kossi", "fr")
    told = explain(replace(parse("les femmes de Kossi"), lang="fr", carried=pieces))
    assert told == "in French: femmes → women, Kossi"
