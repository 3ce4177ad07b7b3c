"""Two people at the same place: the page shows three texts, and what is chosen is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from indexer.head import read
from indexer.library import Library
from indexer.values import Key
from kb.access import NotAllowed, Person
from kb.app import create_app
from kb.records import journal
from kb.records.journal import Draft
from kb.services import editing
from kb.services.desk import Desk, open_database
from kb.services.merging import Conflict, merge, settle
from kb.services.resolving import (
    Choice,
    Undecided,
    both_of,
    is_plain,
    places_of,
    settle_conflict,
)
from kb.services.stale import StaleEdit
from kb.settings import Settings
from tests import factories
from tests.kb.test_views import text_of
from tests.people import add_person, signed_in

BASE = factories.case_text()
THEIRS = factories.case_text(
    factories.BODY.replace("ran out of cash", "often ran out of cash").replace("1,200", "1,300"),
    title="Cash by telephone in Kenya", themes=["e-health"], outcome="mixed",
)  # fmt: skip
MINE = factories.case_text(
    factories.BODY.replace("ran out of cash", "never ran out of cash"),
    title="Cash by phone in Kenya and Uganda", themes=["digital-payments"],
)  # fmt: skip


@dataclass(frozen=True)
class Quarrel:
    """A draft in which Kofi's text waits, because Ama changed the same places before him."""

    desk: Desk
    ama: Person
    kofi: Person
    draft: Draft
    stale: StaleEdit

    def places(self) -> dict[str, str]:
        return {name: conflict.place for name, conflict in places_of(self.stale).items()}

    def all(self, how: str) -> dict[str, Choice]:
        return {name: Choice(how) for name in self.places()}

    def newest(self) -> Draft:
        return editing.open_draft(self.desk, self.ama, self.draft.token)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, data=tmp_path / "data")


@pytest.fixture
def quarrel(settings: Settings, library: Library) -> Iterator[Quarrel]:
    database = open_database(settings)
    desk = Desk(database, library, settings)
    ama = add_person(database, "contributor", "Ama", "ama@example.org")
    kofi = add_person(database, "contributor", "Kofi", "kofi@example.org")
    draft = editing.begin(desk, ama, None, text=BASE)
    editing.add_co_author(desk, ama, draft.token, "kofi@example.org")
    editing.save(desk, ama, draft.token, THEIRS, draft.hash)
    with pytest.raises(StaleEdit) as stale:
        editing.save(desk, kofi, draft.token, MINE, draft.hash)
    yield Quarrel(desk, ama, kofi, draft, stale.value)
    database.close()


@pytest.fixture
def app(settings: Settings, library: Library, quarrel: Quarrel) -> Flask:
    return create_app(settings, library)


class TestSettling:
    def test_what_only_one_changed_needs_no_choice(self, quarrel: Quarrel) -> None:
        kinds = {place.partition(" lines")[0] for place in quarrel.places().values()}
        assert kinds == {"field title", "field themes", "body"}
        done = settle_conflict(quarrel.desk, quarrel.kofi, quarrel.draft.token, quarrel.all("mine"))
        assert "outcome: mixed" in done.text
        assert "1,300" in done.text

    @pytest.mark.parametrize(
        ("how", "title", "words"),
        [
            ("mine", "Cash by phone in Kenya and Uganda", "never ran"),
            ("theirs", "Cash by telephone in Kenya", "often ran"),
        ],
    )
    def test_the_chosen_side_stands_and_the_other_is_in_the_journal(
        self, quarrel: Quarrel, how: str, title: str, words: str
    ) -> None:
        settle_conflict(quarrel.desk, quarrel.kofi, quarrel.draft.token, quarrel.all(how))
        draft = quarrel.newest()
        assert draft.head is not None
        assert draft.head.event == "resolved"
        assert f'title: "{title}"' in draft.text
        assert words in draft.text
        with quarrel.desk.database.reading() as connection:
            kept = {row.text for row in journal.draft_revisions(connection, draft.id)}
        assert {BASE, THEIRS, MINE} <= kept
        assert editing.conflict(quarrel.desk, quarrel.kofi, quarrel.draft.token) is None

    def test_both_and_a_text_of_one_s_own(self, quarrel: Quarrel) -> None:
        names = {place: name for name, place in quarrel.places().items()}
        body = next(name for place, name in names.items() if place.startswith("body"))
        choices = {
            names["field title"]: Choice("edit", 'Cash "by phone":\r\n in two countries'),
            names["field themes"]: Choice("both"),
            body: Choice("both"),
        }
        done = settle_conflict(quarrel.desk, quarrel.kofi, quarrel.draft.token, choices)
        front = read(done.text.partition("---\n")[2].partition("---\n")[0]).values
        assert front["title"] == 'Cash "by phone": in two countries'
        assert front["themes"] == ["e-health", "digital-payments"]
        assert "often ran" in done.text
        assert "never ran" in done.text

    def test_a_place_without_a_choice_keeps_everything_as_it_is(self, quarrel: Quarrel) -> None:
        choices = quarrel.all("mine")
        choices.popitem()
        for wrong in (choices, {}, {**choices, "place-x": Choice("mine")}, quarrel.all("x")):
            with pytest.raises(Undecided):
                settle_conflict(quarrel.desk, quarrel.kofi, quarrel.draft.token, wrong)
        assert quarrel.newest().text == THEIRS

    def test_a_choice_made_for_other_texts_does_not_count(self, quarrel: Quarrel) -> None:
        choices = quarrel.all("mine")
        again = THEIRS.replace("by telephone", "by telegraph")
        editing.save(quarrel.desk, quarrel.ama, quarrel.draft.token, again, quarrel.newest().hash)
        with pytest.raises(Undecided) as undecided:
            settle_conflict(quarrel.desk, quarrel.kofi, quarrel.draft.token, choices)
        left = [
            conflict.place
            for name, conflict in places_of(undecided.value.stale).items()
            if name not in choices
        ]
        assert left == ["field title"]
        assert "telegraph" in quarrel.newest().text

    def test_where_there_is_no_conflict_nothing_happens(self, quarrel: Quarrel) -> None:
        done = settle_conflict(quarrel.desk, quarrel.ama, quarrel.draft.token, {})
        assert done.text == THEIRS

    def test_it_is_for_those_who_write_the_draft(self, quarrel: Quarrel) -> None:
        other = add_person(quarrel.desk.database, "reviewer", "Other", "other@example.org")
        with pytest.raises(NotAllowed):
            settle_conflict(quarrel.desk, other, quarrel.draft.token, quarrel.all("mine"))


LINE = st.sampled_from(["One.", "Two words.", "- item", "", "## Heading"])
BODIES = st.lists(LINE, max_size=6).map(lambda lines: "\n".join(lines) + "\n")


@given(BODIES, BODIES, BODIES)
def test_both_loses_no_line_of_either(base: str, theirs: str, mine: str) -> None:
    texts = [factories.case_text(body) for body in (base, theirs, mine)]
    merged = merge("case", texts[0], texts[1], texts[2])
    choices = {}
    for conflict in merged.conflicts:
        both = both_of("case", conflict)
        if both is not None:
            assert conflict.theirs.strip() in both
            assert conflict.mine.strip() in both
        choices[conflict.marker] = conflict.mine if both is None else both
    assert isinstance(settle(merged, choices), str)


def clash(field: str, theirs: str, mine: str) -> Conflict:
    return Conflict(f"field {field}", "", theirs, mine, "<<<<\n", field=field)


@pytest.mark.parametrize(
    ("conflict", "both"),
    [
        (clash("title", "title: A\n", "title: B\n"), None),
        (clash("themes", "themes: [a]\n", "themes: [b, a]  # note\n"), "themes: [a, b]  # note\n"),
        (clash("sdgs", "sdgs: [1]\n", "sdgs: [{goal: 1, why: x}]\n"), None),
        (clash("themes", "", "themes: [b]\n"), None),
        (clash("odd", "odd: [a]\r\n", "odd: [b]\r\n"), 'odd: ["a", "b"]\r\n'),
    ],
)
def test_both_of_a_field_is_one_list_or_nothing(conflict: Conflict, both: str | None) -> None:
    assert both_of("case", conflict) == both


def test_a_field_with_one_text_is_typed_without_quotes() -> None:
    assert is_plain("case", clash("title", "title: A\n", "title: B\n"))
    assert not is_plain("case", clash("themes", "themes: [a]\n", "themes: [b]\n"))
    assert not is_plain("case", clash("title", "title: A\n", ""))


class TestPage:
    def test_it_shows_all_three_texts_of_each_place(self, app: Flask, quarrel: Quarrel) -> None:
        browser, _ = signed_in(app, quarrel.kofi)
        page = browser.get(f"/drafts/{quarrel.draft.token}/conflict")
        words = text_of(page.text)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert "Ama saved while you were writing" in words
        assert "Field: Title" in words
        assert "Digital payments" in words
        for part in ("As it was before", "Theirs", "Mine", "Another text, which I write"):
            assert words.count(part) == 3
        assert words.count("Both, theirs first") == 2
        assert "checked" not in page.text

    def test_what_is_left_open_is_told_and_what_was_typed_is_kept(
        self, app: Flask, quarrel: Quarrel
    ) -> None:
        browser, token = signed_in(app, quarrel.kofi)
        first, *_ = quarrel.places()
        form = {"csrf_token": token, first: "edit", f"{first}-text": "Typed <b>here</b>"}
        page = browser.post(f"/drafts/{quarrel.draft.token}/conflict", data=form)
        assert page.status_code == 422
        assert "Typed &lt;b&gt;here&lt;/b&gt;</textarea>" in page.text
        assert page.text.count('value="edit" checked') == 1
        assert page.text.count("Choose what is to stand here.") == 2

    def test_choices_are_saved_and_lead_to_the_draft(self, app: Flask, quarrel: Quarrel) -> None:
        browser, token = signed_in(app, quarrel.kofi)
        address = f"/drafts/{quarrel.draft.token}/conflict"
        form: dict[str, Any] = dict.fromkeys(quarrel.places(), "theirs")
        answer = browser.post(address, data={**form, "csrf_token": token})
        assert (answer.status_code, answer.headers["Location"]) == (
            303, f"/drafts/{quarrel.draft.token}",
        )  # fmt: skip
        assert quarrel.newest().text == THEIRS
        assert browser.get(address).status_code == 303

    def test_others_are_refused(self, app: Flask, quarrel: Quarrel) -> None:
        other = add_person(quarrel.desk.database, "contributor", "Other", "other@example.org")
        browser, token = signed_in(app, other)
        address = f"/drafts/{quarrel.draft.token}/conflict"
        assert browser.get(address).status_code in (403, 404)
        assert browser.post(address, data={"csrf_token": token}).status_code in (403, 404)
        assert browser.post(address, data={}).status_code == 403

    def test_the_public_text_that_moved_on_is_told_apart(
        self, app: Flask, quarrel: Quarrel
    ) -> None:
        key = Key("case", "cash-by-phone")
        desk = quarrel.desk
        draft = editing.begin(desk, quarrel.ama, key)
        draft = editing.save(
            desk, quarrel.ama, draft.token, draft.text.replace("in Kenya", "in Togo"), draft.hash
        )
        with desk.database.writing() as connection:
            public = journal.public(connection, key)
            assert public is not None
            text = public.text.replace("in Kenya", "in Ghana")
            journal.append(connection, key, text, "changed-on-disk", base=public.hash)
        browser, _ = signed_in(app, quarrel.ama)
        words = text_of(browser.get(f"/drafts/{draft.token}/conflict").text)
        assert "Somebody who edited the file changed the public text" in words
