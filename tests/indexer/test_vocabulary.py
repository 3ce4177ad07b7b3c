"""Terms, labels and synonyms, and the regions that a case belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.store import Store
from indexer.vocabulary import LANGUAGES, NAMES, Term, Vocabularies, Vocabulary, terms_of
from tests.factories import content_folder, vocabularies, vocabulary_texts

THEMES = """# A comment
- id: digital-payments
  labels: {en: "Digital payments", fr: "Paiements numériques"}
  definition: "Money by phone."
  synonyms:
    en: ["mobile money", "e-wallet"]
    fr: "argent mobile"
  tone: good
- id: remittances
  broader: digital-payments
  labels: {en: "Remittances"}
"""


def themes(text: str = THEMES) -> Vocabulary:
    return Vocabularies({"themes": text})["themes"]


def test_a_term_has_labels_synonyms_and_whatever_else_the_file_says() -> None:
    term = themes()["digital-payments"]
    assert term.label("fr") == "Paiements numériques"
    assert term.definition == "Money by phone."
    assert term.synonyms == {"en": ("mobile money", "e-wallet"), "fr": ("argent mobile",)}
    assert term.extra == {"tone": "good"}


def test_a_label_falls_back_to_the_language_then_english_then_the_id() -> None:
    term = themes()["digital-payments"]
    assert [term.label(lang) for lang in ("fr-CA", "ru")] == [
        "Paiements numériques", "Digital payments"
    ]  # fmt: skip
    assert Term("some-id").label("en") == "some-id"


def test_terms_keep_the_order_of_the_file_and_their_tree() -> None:
    vocabulary = themes()
    assert list(vocabulary) == ["digital-payments", "remittances"]
    assert vocabulary.children(None) == ("digital-payments",)
    assert vocabulary.children("digital-payments") == ("remittances",)
    assert vocabulary.children("remittances") == ()
    assert vocabulary.ancestors("remittances") == ("digital-payments",)
    assert vocabulary.ancestors("unknown") == ()


def test_a_circle_of_broader_terms_ends() -> None:
    text = "- {id: a, broader: b}\n- {id: b, broader: a}\n"
    assert themes(text).ancestors("a") == ("b",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "- a\n- {labels: {en: X}}\n",
        "terms: 5\n",
        "a: 'broken\n",
        "\0",
        "- id: [x]\n",
    ],
)
def test_a_file_that_cannot_be_used_has_no_terms_and_does_no_harm(text: str) -> None:
    assert list(themes(text)) in ([], ["['x']"])


@pytest.mark.parametrize(
    "text", [THEMES, "terms:\n" + THEMES, "\ufeff" + THEMES, THEMES.replace("\n", "\r\n")]
)
def test_a_file_is_a_list_or_a_mapping_with_a_list(text: str) -> None:
    assert [term["id"] for term in terms_of(text)] == ["digital-payments", "remittances"]


def test_organisations_may_have_one_name_or_several() -> None:
    text = "- {id: a, name: Alpha, type: ngo}\n- {id: b, names: {en: Beta, fr: Bêta}}\n"
    organisations = Vocabularies({"organisations": text}).organisations
    assert organisations["a"].label("fr") == "Alpha"
    assert organisations["b"].label("fr") == "Bêta"
    assert organisations["a"].extra == {"type": "ngo"}


def test_all_vocabularies_are_there_by_name_and_empty_without_a_file() -> None:
    known = Vocabularies({})
    assert set(NAMES) == set(known.names)
    assert len(known.themes) == 0
    assert known["themes"] is known.themes
    with pytest.raises(AttributeError):
        known.nonsense  # noqa: B018
    with pytest.raises(KeyError):
        known["nonsense"]


def test_a_vocabulary_of_one_s_own_is_there_by_its_name() -> None:
    known = Vocabularies({"crops": "- id: maize\n"})
    assert list(known.crops) == ["maize"]
    assert "crops" in known.names


def test_the_label_of_an_unknown_term_is_its_id() -> None:
    known = vocabularies()
    assert known.label("themes", "e-health") == "E health"
    assert known.label("themes", "unknown") == "unknown"
    assert known.label("nonsense", "unknown") == "unknown"


def test_countries_are_those_of_the_region_tree_with_names_in_six_languages() -> None:
    countries = vocabularies().countries
    assert set(countries) == {"KE", "TZ", "UG", "TG", "SL", "NO", "EE", "GB"}
    norway = countries["NO"]
    assert set(norway.labels) == set(LANGUAGES)
    assert (norway.label("en"), norway.label("fr")) == ("Norway", "Norvège")
    assert norway.label("zh") == "挪威"


def test_without_a_region_tree_all_countries_are_there_and_no_unions() -> None:
    countries = Vocabularies({}).countries
    assert {"KE", "NO", "TW"} <= set(countries)
    assert not {"EU", "UN", "ZZ"} & set(countries)
    assert all(len(code) == 2 for code in countries)


def test_languages_have_names_too() -> None:
    assert vocabularies().languages["sw"].label("fr") == "swahili"


def test_the_regions_of_a_country_are_all_above_it_and_the_overlays_but_not_the_world() -> None:
    known = vocabularies()
    assert known.regions_of(["KE"]) == ("africa", "eastern-africa")
    assert known.regions_of(["TZ"]) == ("africa", "eastern-africa", "ldc")
    assert known.regions_of(["EE", "TG"]) == ("africa", "western-africa", "northern-europe", "ldc")
    assert known.regions_of([]) == ()
    assert known.regions_of(["XX"], ["nowhere"]) == ()


def test_the_regions_of_a_region_are_itself_and_all_above() -> None:
    assert vocabularies().regions_of([], ["eastern-africa"]) == ("africa", "eastern-africa")
    assert vocabularies().regions_of([], ["world"]) == ()


def test_the_revision_changes_with_any_text() -> None:
    texts = dict(vocabulary_texts())
    assert Vocabularies(texts).revision == vocabularies().revision
    assert Vocabularies({**texts, "themes": ""}).revision != vocabularies().revision
    assert Vocabularies({**texts, "more": ""}).revision != vocabularies().revision
    assert len(vocabularies().revision) == 12


def test_a_folder_is_loaded_with_hyphens_as_underscores(tmp_path: Path) -> None:
    known = Store(content_folder(tmp_path)).vocabularies()
    assert list(known.action_lines) == ["C2", "C6", "C11"]
    assert known.revision == vocabularies().revision
    assert Store(tmp_path / "nowhere").vocabularies().names == NAMES
