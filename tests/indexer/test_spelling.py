"""Corrections are offered for what is misspelt, and for nothing else."""

from __future__ import annotations

import pytest

from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from indexer.spelling import corrected


def unknown(word: str) -> bool:
    """Know no common words."""
    return False


@pytest.mark.parametrize(
    ("text", "better"),
    [("farmesr", "farmers"), ("satelite", "satellite"), ("Vilage shop", "Village shop"),
     ("SATELITE", "SATELLITE"), ("loudspeekers on mosques", "loudspeakers on mosques"),
     ('"market dayss"', '"market days"'), ("country:Togoo cash", "country:Togo cash")],
)  # fmt: skip
def test_a_misspelt_word_is_corrected(snapshot: Snapshot, text: str, better: str) -> None:
    assert corrected(text, snapshot, unknown) == better


@pytest.mark.parametrize(
    "text",
    ["", "cash", "farmer", "farme", "zzxq", "vacunas", "G2P", "R&D", "abc", "12345", "移动支付",
     "больницы", "wie hoch sind Kosten eines Telefons", "telep"],
)  # fmt: skip
def test_what_is_known_short_begun_or_foreign_is_left_alone(snapshot: Snapshot, text: str) -> None:
    assert corrected(text, snapshot, unknown) is None


def test_the_beginning_of_a_word_is_finished_only_at_the_end(snapshot: Snapshot) -> None:
    assert corrected("universit", snapshot, unknown) is None
    assert corrected("universit staff", snapshot, unknown) == "university staff"


def test_a_common_word_that_the_cases_lack_is_not_misspelt(snapshot: Snapshot) -> None:
    assert corrected("farmesr", snapshot, "farmesr".__eq__) is None


def test_the_model_knows_common_words(encoder: Encoder) -> None:
    assert encoder.is_word("marathon")
    assert not encoder.is_word("satelite")
