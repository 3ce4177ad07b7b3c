"""Help in writing: what lacks, what is alike, what may fit."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.document import Document, Key, parse
from indexer.headings import ENGLISH as HEADINGS
from indexer.library import Library
from kb.access import VISITOR, Person, SignInNeeded
from kb.present.helping import LACKS
from kb.services.helping import POINTS, help_with, lacking_in
from tests import factories
from tests.packs import pack_text, sections

AMA = Person(1, "Ama", "ama@example.org", "contributor")


def lacking(body: str = "", **changes: Any) -> set[str]:
    text = factories.case_text(body or factories.BODY, **changes)
    document = parse(Key("case", "a-case"), text, factories.vocabularies())
    return set(lacking_in(document))


def test_every_point_has_words_and_a_field() -> None:
    assert set(POINTS) == set(LACKS)
    assert all(point.field for point in POINTS.values())


def test_a_whole_case_lacks_nothing() -> None:
    body = factories.long_body("Some 1,200 people were paid [1].", len(HEADINGS))
    assert (
        lacking(
            body,
            summary="In 2008 some 1,200 people of a district were paid by text message.",
            sdgs=[{"goal": 1, "why": "It reached people without a bank."}],
            results=[{"indicator": "Users", "value": 2, "baseline": 1, "year": 2008, "source": 1}],
            sources=[
                {"id": 1, "title": "A", "publisher": "A"},
                {"id": 2, "title": "B", "publisher": "B"},
            ],
            contact={"name": "The office"},
            review_by="2030-01-01",
        )
        == set()
    )


def test_a_pack_is_asked_for_what_a_pack_has() -> None:
    whole = parse(Key("pack", "a-pack"), pack_text())
    assert lacking_in(whole) == ()
    bare = pack_text("", objectives=None, sections=sections(("One", [{"case": "cash-by-phone"}])))
    assert set(lacking_in(parse(Key("pack", "a-pack"), bare))) == {
        "pack-objectives", "pack-questions", "pack-notes", "pack-minutes", "pack-introduction"
    }  # fmt: skip


@pytest.mark.parametrize(("changes", "point"), [
    ({"results": None}, "results"),
    ({"results": [{"indicator": "x", "value": 1, "year": 2001}]}, "result-sources"),
    ({"results": [{"indicator": "x", "value": 1, "source": 1}]}, "result-years"),
    ({"evidence": None}, "evidence"),
    ({"sdgs": [1]}, "reasons"),
    ({"body": "\n## Context\n\nIn 2001 there were 2,000.\n"}, "bare-figures"),
    ({"body": "\n## What went wrong\n\n## Lessons\n\nMany.\n"}, "went-wrong"),
    ({"contact": None}, "contact"),
])  # fmt: skip
def test_what_lacks_is_named(changes: dict[str, Any], point: str) -> None:
    assert point in lacking(**changes)


def test_odd_values_do_not_hurt() -> None:
    lacking(results="many", sources={"a": 1}, sdgs="1", evidence=3, summary=7)


def test_what_is_chosen_already_is_not_offered(library: Library) -> None:
    found = help_with(library, AMA, factories.document(slug="another"))
    assert found.similar[0].key.slug == "cash-by-phone"
    offered = {offer.id for offer in found.offers["countries"]}
    assert not offered & {"KE", "TZ"}


def test_visitors_get_no_help(library: Library) -> None:
    with pytest.raises(SignInNeeded):
        help_with(library, VISITOR, factories.document())


def test_a_page_gets_no_help_for_cases(library: Library) -> None:
    page = Document(factories.document().key._replace(kind="page"), "", {}, "")
    assert help_with(library, AMA, page).lacking == ()
