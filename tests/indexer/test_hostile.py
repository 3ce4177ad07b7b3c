"""Hostile documents are checked and edited in time, whatever they hold."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from indexer.document import Key, edit, parse
from indexer.errors import UnreadableHead
from tests.factories import document, vocabularies


def test_a_document_with_thousands_of_problems_is_answered_with_the_first_ones() -> None:
    checked = document(themes=[f"digital-payment{n}" for n in range(5000)])
    assert len(checked.errors) == 200


@pytest.mark.parametrize(
    "body",
    ["[9]" * 30_000, "`" * 90_000, "".join("`" * n + " " for n in range(400)),
     "# " + " " * 90_000 + "x",
     "x\n" * 45_000 + "---", "<!--" * 25_000, "[9]: " * 20_000, "```\n" * 25_000,
     "[" + "9" * 90_000 + "]",
     "    [9]\n\n" * 10_000, "- [9]\n\n" * 10_000],
)  # fmt: skip
def test_a_hostile_body_is_checked_in_time(body: str) -> None:
    start = time.process_time()
    assert document(body=body).body
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "head",
    ["".join(f"k{n}: v\n" for n in range(15_000)), "k: v\n" * 30_000, "# x\n" * 45_000,
     "a: " + "x" * 190_000, "a: " + "9" * 190_000, "a: 0x" + "f" * 190_000,
     "a: [" + "1, " * 40_000 + "]",
     "".join(f"- {n}\n" for n in range(20_000)), "themes: [" + "[], " * 20_000 + "]",
     "lang: " + "a-" * 90_000, "lang: en" + "-abcdefgh" * 10_000, "a: " + "1." * 90_000],
)  # fmt: skip
def test_a_hostile_head_is_checked_and_edited_in_time(head: str) -> None:
    start = time.process_time()
    checked = parse(Key("case", "a"), f"---\n{head}\n---\nBody\n", vocabularies())
    assert checked.errors
    with suppress(UnreadableHead):
        assert edit(checked, {"title": "x"}).front["title"] == "x"
    assert time.process_time() - start < 10
