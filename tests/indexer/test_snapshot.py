"""One state of the index: documents of all segments in one space of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.facets import unpack
from indexer.library import Library
from indexer.query import Group, Phrase, Word, parse
from indexer.snapshot import Snapshot
from indexer.values import Key
from tests import factories


def slugs(snapshot: Snapshot, mask: np.ndarray) -> set[str]:
    public = unpack(snapshot.originals & snapshot.table.having("status", "published"))
    return {snapshot.key(slot).slug for slot in np.flatnonzero(mask & public).tolist()}


def test_every_document_has_a_slot_that_leads_back(snapshot: Snapshot) -> None:
    assert len(snapshot.slot_of) == len(factories.TOLD) + 1
    for key, slot in snapshot.slot_of.items():
        assert snapshot.key(slot) == key
        assert snapshot.live[slot]


def test_a_case_and_its_translations_are_one(snapshot: Snapshot) -> None:
    case, french = (snapshot.slot_of[Key("case", "cash-by-phone", x)] for x in ("", "fr"))
    assert snapshot.groups[french] == case
    assert snapshot.members(case).tolist() == [case, french]
    assert unpack(snapshot.originals)[case] and not unpack(snapshot.originals)[french]


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ((2001, 2004), {"clinic-by-satellite"}),
        ((2004, 2004), {"clinic-by-satellite"}),
        ((None, 2005), {"clinic-by-satellite"}),
        ((2005, 2005), set()),
        ((2021, None), {"cash-by-phone", "wallets-in-togo", "women-coders", "nongcun-dianshang"}),
        ((2004, 2002), {"clinic-by-satellite"}),
    ],
)
def test_a_range_of_years_finds_what_shares_a_year(
    snapshot: Snapshot, years: tuple[int | None, int | None], found: set[str]
) -> None:
    assert slugs(snapshot, snapshot.within(*years)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"market days"', {"cash-by-phone"}),
        ('"days market"', set()),
        ('"guichets manquaient"', {"cash-by-phone"}),  # in its translation
        ('"mobile money"', {"cash-by-phone", "wallets-in-togo", "tahwilat", "nongcun-dianshang"}),
        ('"移动支付"', {"nongcun-dianshang"}),
        ('"النساء المساعدات"', {"tahwilat"}),
        ("title:satellite", {"clinic-by-satellite"}),
        ("title:nurses", set()),
        ("farmers*", {"crop-prices"}),
        ("телем*", {"telemeditsina"}),
        ("educa*", {"registros-de-salud"}),
        ("e-Gov AND pandemic", {"wallets-in-togo"}),
        ("volunteers OR radio", {"flood-warning", "clinic-by-satellite"}),
        ("volunteers AND radio", set()),
        ("(volunteers OR radio) AND river", {"flood-warning"}),
    ],
)
def test_a_clause_is_met_by_what_holds_it(snapshot: Snapshot, text: str, found: set[str]) -> None:
    required = parse(text).required
    assert required
    met = np.logical_and.reduce([snapshot.meeting(clause, {}) for clause in required])
    assert slugs(snapshot, met) == found


def test_an_exclusion_is_the_rest(snapshot: Snapshot) -> None:
    held = snapshot.meeting(Word("satellite"), {})
    rest = snapshot.meeting(Group("none", (Word("satellite"),)), {})
    assert np.array_equal(rest, ~held) and held.any()


def test_a_phrase_never_runs_over_two_names(snapshot: Snapshot) -> None:
    assert not snapshot.meeting(Phrase("payments Gender"), {}).any()


def test_the_language_of_a_question_is_its_script(snapshot: Snapshot) -> None:
    assert snapshot.languages_for("المدرسة") == ["ar"]
    assert snapshot.languages_for("移动支付") == ["zh"]
    assert {"en", "fr", "es"} <= set(snapshot.languages_for("cash"))
    assert not {"ar", "zh", "ru"} & set(snapshot.languages_for("cash"))


def test_what_begins_a_word_stands_for_all_its_terms(snapshot: Snapshot) -> None:
    assert "en:farmer" in snapshot.beginning("farmers", "en")
    assert {"en:farmer"} == set(snapshot.beginning("Farm", "en"))
    assert "fr:télephon" not in snapshot.beginning("", "fr") == ()
    assert snapshot.beginning("telepho", "fr") == snapshot.beginning("télépho", "fr") != ()


def test_closeness_is_that_of_the_best_passage(library: Library, snapshot: Snapshot) -> None:
    vector = library.encoder.encode_query("vaccinations of children")
    best, cosines = snapshot.closeness(vector)
    for slot in snapshot.slot_of.values():
        place, number = snapshot.place(slot)
        first = snapshot.segments[place].passages.first
        assert best[slot] == cosines[place][first[number] : first[number + 1]].max()


def test_an_old_slug_leads_to_its_case(snapshot: Snapshot) -> None:
    assert snapshot.aliases[("case", "old-cash")] == "cash-by-phone"
