"""What is said of the packages we are pinned to is what was learnt, and no more."""

from __future__ import annotations

import json
import re
import sys

import pytest

from kb.app import ROOT

sys.path.insert(0, str(ROOT / "tools"))

import audit
import bill_of_materials

CLEAN = {"name": "jinja2", "version": "3.1.6", "vulns": []}
WEAK = {
    "name": "jinja2", "version": "2.10",
    "vulns": [{"id": "PYSEC-2019-217", "aliases": ["CVE-2019-10906"], "fix_versions": ["2.10.1"]}],
}  # fmt: skip
SILENT = {"name": "numpy", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("rows", "words", "codes"),
    [
        ([CLEAN], "1 of 1 packages audited, 0 weaknesses.", (0, 0)),
        ([CLEAN, WEAK], "WEAK: jinja2 2.10: PYSEC-2019-217, mended in 2.10.1", (1, 1)),
        ([SILENT], "NOT AUDITED: nothing could be learnt about 1: numpy", (0, 3)),
        ([CLEAN, SILENT], "1 of 2 packages audited", (0, 3)),
    ],
)
def test_nothing_is_called_clean_about_which_nothing_is_known(
    rows: list[object], words: str, codes: tuple[int, int]
) -> None:
    found = audit.verdict(json.dumps({"dependencies": rows}), "")
    assert words in found.words
    assert (found.code(strict=False), found.code(strict=True)) == codes


@pytest.mark.parametrize("output", ["", "Traceback", "[]", "{}", "null"])
def test_an_answer_that_cannot_be_read_is_no_audit(output: str) -> None:
    found = audit.verdict(output, "Trace\nConnectionError: no such host\n")
    assert found.words == "NOT AUDITED: ConnectionError: no such host"
    assert (found.code(strict=False), found.code(strict=True)) == (0, 3)


def test_the_bill_of_materials_has_all_that_is_pinned_and_needed() -> None:
    bill = bill_of_materials.bill()
    versions = {row["name"]: row.get("version") for row in bill["components"]}
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {
        bill_of_materials.name_of(name): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE)
    }
    assert {"flask", "whoosh3", "argon2-cffi", "htmx"} <= set(versions)
    assert len(versions) > 40
    own = {name: version for name, version in versions.items() if name in pinned}
    assert own == {name: pinned[name] for name in own}
    assert [row for row in bill["components"] if row["name"] not in pinned] == (
        bill_of_materials.shipped()
    )
