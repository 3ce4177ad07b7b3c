"""Terms that may fit a text: by name, by neighbours, by meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import terms
from indexer.library import Library
from indexer.vocabulary import Vocabularies
from tests import factories


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root = factories.library_folder(tmp_path_factory.mktemp("terms"))
    return Library.open(root, tmp_path_factory.mktemp("terms-var"))


@pytest.fixture(scope="module")
def world() -> Vocabularies:
    return Vocabularies({})


@pytest.mark.parametrize(("text", "named"), [
    ("Nurses in Togo and in Sierra Leone", {"TG", "SL"}),
    ("Papua New Guinea", {"PG"}),
    ("Guinea-Bissau, not Equatorial Guinea", {"GW", "GQ"}),
    ("Nigerian farmers", {"NG"}),
    ("Niger and Nigeria", {"NE", "NG"}),
    ("Kenyans and Kenya's banks", {"KE"}),
    ("En Côte d’Ivoire et au Brésil", {"CI", "BR"}),
    ("Omani, romance, malice", {"OM"}),
    ("nothing of the kind", set()),
])  # fmt: skip
def test_countries_are_known_by_their_names(
    world: Vocabularies, text: str, named: set[str]
) -> None:
    assert set(terms.named_terms(text, "countries", world)) == named


def test_short_names_count_as_they_are_written() -> None:
    known = Vocabularies({"themes": "- {id: ai, labels: {en: AI, fr: Intelligence artificielle}}"})
    assert terms.named_terms("with AI", "themes", known) == {"ai": "AI"}
    assert terms.named_terms("l'INTELLIGENCE ARTIFICIELLE", "themes", known)
    assert terms.named_terms("ai", "themes", known) == {}


def test_each_offer_has_a_reason_and_the_likeliest_is_first(small: Library) -> None:
    offers = small.offers("Mobile money for women in Uganda. They were paid by text message.")
    assert offers["country"][0].id == "UG"
    assert offers["country"][0].name == "Uganda"
    assert offers["theme"][0].id == "digital-payments"
    assert all(one.name or one.cases or one.chance for many in offers.values() for one in many)
    for many in offers.values():
        assert [one.chance for one in many] == sorted((one.chance for one in many), reverse=True)
        assert len(many) <= terms.MOST


def test_the_case_itself_and_what_is_not_public_are_not_asked(small: Library) -> None:
    text = "Cash vouchers that were taken back in Kenya. Vouchers were printed on paper."
    near = small.near(text, limit=20, but="cash-by-phone")
    assert not {"cash-by-phone", "taken-back"} & {hit.key.slug for hit in near}
    asked = terms.Asked(small.snapshot(), small.vocabularies, small.encoder, "cash-by-phone")
    for one in terms.signs(text, "theme", asked):
        assert not {"cash-by-phone", "taken-back"} & {key.slug for key in one.cases}


def test_an_empty_library_offers_what_is_named(tmp_path: Path) -> None:
    library = Library.open(factories.content_folder(tmp_path / "content"), tmp_path / "var")
    assert library.near("Anything at all, really") == ()
    assert [one.id for one in library.offers("Schools in Kenya")["country"]] == ["KE"]
