"""Suggestions while typing: names and titles, with their counts."""

from __future__ import annotations

import pytest

from indexer.library import Library


def offered(library: Library, text: str, lang: str = "en", limit: int = 8) -> set[tuple[str, str]]:
    return {(one.kind, one.id) for one in library.suggest(text, lang, limit)}


@pytest.mark.parametrize(
    ("text", "kind", "id"),
    [("digital", "theme", "digital-payments"), ("paym dig", "theme", "digital-payments"),
     ("mobile mon", "theme", "digital-payments"), ("g2", "theme", "digital-payments"),
     ("satel", "technology", "satellite"), ("tog", "country", "TG"),
     ("eastern", "region", "eastern-africa"), ("safari", "organisation", "safaricom"),
     ("crop", "case", "crop-prices"), ("uganda crop", "case", "crop-prices"),
     ("Телемед", "case", "telemeditsina")],
)  # fmt: skip
def test_a_beginning_finds_names_and_titles(
    library: Library, text: str, kind: str, id: str
) -> None:
    assert (kind, id) in offered(library, text)


def test_a_name_is_offered_in_the_readers_language(library: Library) -> None:
    (first, *_) = library.suggest("Afrique", "fr")
    assert (first.kind, first.id, first.label) == ("region", "africa", "Afrique")
    assert ("theme", "digital-payments") in offered(library, "argent mobile", "fr")


def test_a_label_that_fits_comes_before_another_name_which_is_told(library: Library) -> None:
    offers = [one for one in library.suggest("mobile") if one.kind != "case"]
    assert [bool(one.called) for one in offers] == sorted(bool(one.called) for one in offers)
    (payments,) = [one for one in offers if one.id == "digital-payments"]
    assert payments.called == "mobile money"


def test_the_count_is_that_of_the_public_cases(library: Library) -> None:
    counts = {one.id: one.count for one in library.suggest("digital")}
    assert counts["digital-payments"] == library.counts("theme")["digital-payments"]


def test_what_was_withdrawn_is_not_offered(library: Library) -> None:
    assert ("case", "taken-back") not in offered(library, "vouchers")


@pytest.mark.parametrize("text", ["", " ", "?", "zzxq", "\0", "a" * 10_000])
def test_nothing_is_offered_for_nothing(library: Library, text: str) -> None:
    assert library.suggest(text) == ()


@pytest.mark.parametrize("limit", [1, 2, 3, 8])
def test_no_more_are_offered_than_asked_for(library: Library, limit: int) -> None:
    assert len(library.suggest("s", "en", limit)) <= limit
