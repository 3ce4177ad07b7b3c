"""Names are kept once a segment, and found as words, phrases and beginnings."""

from __future__ import annotations

import numpy as np

from indexer import names
from indexer.names import Names

NAMES = Names.of(
    {
        ("en", "Mobile money"): [0, 2],
        ("en", "Money mules"): [1],
        ("en", "M-banking"): [2],
        ("fr", "Argent mobile"): [0, 2],
    }
)


def test_each_term_of_a_name_stands_for_the_documents_of_the_name():
    found: dict[str, set[int]] = {}
    for term, documents, times in NAMES.postings():
        assert times == 1
        found.setdefault(term, set()).update(documents.tolist())
    assert found["en:money"] == {0, 1, 2}
    assert found["en:mbank"] == {2}
    assert found["fr:mobil"] == {0, 2}


def test_a_phrase_is_found_within_one_name_of_its_language():
    assert set(NAMES.with_phrase(["en:mobil", "en:money"])) == {0, 2}
    assert len(NAMES.with_phrase(["en:money", "en:mobil"])) == 0
    assert set(NAMES.with_phrase(["en:money"])) == {0, 1, 2}


def test_names_are_read_as_they_were_saved(tmp_path):
    NAMES.save(tmp_path)
    again = names.load(tmp_path)
    assert again.lines == list(NAMES.lines)
    np.testing.assert_array_equal(again.documents, NAMES.documents)
    Names.of({}).save(tmp_path)
    assert names.load(tmp_path).lines == []


def test_the_names_of_a_record_come_once_each():
    lines = list(names.lines_of({"en": "Drones\nUAV\nDrones\n", "fr": "Drones"}))
    assert lines == [("en", "Drones"), ("en", "UAV"), ("fr", "Drones")]
