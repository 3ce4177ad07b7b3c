"""The table of weights names every kind of page, and nothing that is heavier than it may be."""

from kb.app import ROOT
from tests.kinds import PAGE_KINDS


def test_the_table_of_weights_has_every_kind_of_page_within_its_bound() -> None:
    text = (ROOT / "docs" / "weights.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    found = {row[0]: row for row in rows[1:]}
    assert list(found) == [kind.name for kind in PAGE_KINDS], "run: python -m tests.browser.weights"
    for kind in PAGE_KINDS:
        assert float(found[kind.name][3]) * 1000 <= kind.budget
