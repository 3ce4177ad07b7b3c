"""Similar cases: near in meaning, and, where asked, elsewhere."""

from __future__ import annotations

import pytest

from indexer.errors import NoSuchDocument
from indexer.library import Library
from tests import factories


def test_a_case_is_not_similar_to_itself(library: Library) -> None:
    for slug in ("cash-by-phone", "crop-prices", "clinic-by-satellite"):
        hits = library.similar(slug, limit=50)
        assert slug not in {hit.key.slug for hit in hits}
        assert all(not hit.key.lang for hit in hits)


def test_the_nearest_come_first_and_none_was_withdrawn(library: Library) -> None:
    hits = library.similar("cash-by-phone", limit=50)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True) and scores
    assert "taken-back" not in {hit.key.slug for hit in hits}
    assert library.similar("cash-by-phone", limit=1) == hits[:1]


def test_elsewhere_is_another_region_and_the_same_theme(library: Library) -> None:
    regions = factories.vocabularies()
    own = set(regions.regions_of(["KE", "TZ"])) - {"africa", "ldc"}
    for hit in library.similar("cash-by-phone", limit=50, elsewhere=True):
        front = hit.record["front"]
        assert not set(regions.regions_of(front["countries"])) & own
        assert set(front["themes"]) & {"digital-payments", "gender-inclusion"}


def test_an_unknown_case_is_told(library: Library) -> None:
    with pytest.raises(NoSuchDocument):
        library.similar("nothing-here")
