"""Comparing files with what was indexed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.indexfolder import Stamp
from indexer.sync import Report, differences
from indexer.values import Key

keys = st.sampled_from([Key("case", slug) for slug in "abcdef"])
stamps = st.dictionaries(keys, st.tuples(st.integers(0, 2), st.integers(0, 2)))


@given(stamps, stamps)
def test_what_differs_is_new_changed_or_gone(files: dict, known: dict) -> None:
    indexed = {key: Stamp(*found, "0" * 12) for key, found in known.items()}
    changed, gone = differences(files, indexed)
    assert set(changed) == {key for key in files if files[key] != known.get(key)}
    assert set(gone) == set(known) - set(files)
    assert changed == sorted(changed) and gone == sorted(gone)


def test_reports_add_up() -> None:
    a, b, c = (Key("case", slug) for slug in "abc")
    one, other = Report((a, b), (c,), {}), Report((b,), (), {c: ("3: title: is missing",)})
    assert one + other == Report((a, b), (c,), {c: ("3: title: is missing",)})
