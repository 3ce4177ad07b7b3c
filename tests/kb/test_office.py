"""The editors' room: what waits, what is due and who is reminded, gaps, rights, searches."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from indexer.document import parse
from indexer.library import Library
from indexer.query import Query
from indexer.values import Key
from kb.access import ACTIONS, ROLES, VISITOR, NotAllowed, Person, SignInNeeded, extent, may
from kb.app import create_app
from kb.present.office import TABS, office_tabs, page_turning
from kb.records import counts, links, outside, people
from kb.records.counts import Counted
from kb.records.database import now
from kb.records.links import Link
from kb.records.tables import event, job, notice
from kb.services import due, editing
from kb.services.desk import Desk
from kb.services.due import a_year_on, checked_again, due_cases, remind, stage, standing
from kb.services.gaps import gaps
from kb.services.publishing import NotValid, publish
from kb.services.room import look_around
from kb.services.survey import survey
from kb.settings import Settings
from kb.tasks import TASKS
from tests import desks, factories
from tests.desks import CASH, CROPS, WOMEN, made_public, submitted, with_fields
from tests.people import add_person, browser, database_of, signed_in

TODAY = date(2026, 5, 3)
NOON = datetime(2026, 5, 3, 12)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desks.make_home(tmp_path_factory.mktemp("office-home"))


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Iterator[Desk]:
    settings = desks.copy_home(home, tmp_path / "desk")
    with desks.opened(settings) as desk:
        yield desk
    desks.drop_schema(settings)


@pytest.fixture
def ama(desk: Desk) -> Person:
    return add_person(desk.database, "contributor", "Ama", "ama@example.org")


@pytest.fixture
def ben(desk: Desk) -> Person:
    return add_person(desk.database, "contributor", "Ben", "ben@example.org")


@pytest.fixture
def eva(desk: Desk) -> Person:
    return add_person(desk.database, "editor", "Eva", "eva@example.org")


@pytest.fixture
def app(desk: Desk) -> Iterator[Flask]:
    made = create_app(desk.settings, desk.library)
    yield made
    database_of(made).close()


def by_hand(desk: Desk, key: Key, **changes: Any) -> None:
    """Somebody changes fields of a file by hand, and the library takes it in."""
    desks.by_hand(desk, key, with_fields(desks.text_of(desk, key), **changes))
    desk.library.update([key])


def told(desk: Desk) -> list[tuple[int, str, str]]:
    """The notices of another look: to whom, of what, at which stage."""
    with desk.database.reading() as connection:
        rows = connection.execute(sa.select(notice).order_by(notice.c.id)).mappings()
        return [(row["person_id"], row["subject"], json.loads(row["words"])["stage"])
                for row in rows if row["kind"] == due.KIND]  # fmt: skip


class TestTabs:
    @pytest.mark.parametrize("role", ROLES)
    def test_only_what_one_may_open_is_shown(self, role: str) -> None:
        person = Person(1, "Somebody", "x@example.org", role)
        shown = {tab.url for tab in office_tabs(person, "/office")}
        assert shown == {url for url, _, action in TABS if may(person, action)}

    def test_visitors_see_none_and_the_page_one_is_on_is_marked(self) -> None:
        assert office_tabs(VISITOR, "/office") == ()
        eva = Person(1, "Eva", "eva@example.org", "editor")
        assert [tab.url for tab in office_tabs(eva, "/office/due") if tab.current] == [
            "/office/due"
        ]

    def test_each_tab_asks_for_what_its_page_asks_for(self, app: Flask, desk: Desk) -> None:
        """Pages that are here; those of other parts are held by the table of rights."""
        for role in ROLES:
            person = add_person(desk.database, role, email=f"{role}-tab@example.org")
            client, _ = signed_in(app, person)
            for url, _, action in TABS:
                answer = client.get(url)
                if answer.status_code != 404:
                    assert (answer.status_code == 200) == may(person, action), (role, url)

    def test_the_head_leads_editors_into_the_room(
        self, app: Flask, desk: Desk, eva: Person
    ) -> None:
        client, _ = signed_in(app, eva)
        assert 'href="/office"' in client.get("/").text
        rosa = add_person(desk.database, "reviewer", "Rosa", "rosa@example.org")
        client, _ = signed_in(app, rosa)
        assert 'href="/office"' not in client.get("/").text


class TestTheStart:
    def test_everything_that_waits_is_counted(self, desk: Desk, ama: Person, eva: Person) -> None:
        submitted(desk, ama, CASH, lambda text: text.replace("Agents", "Some agents"))
        by_hand(desk, CROPS, review_by=now().date() - DAY)
        by_hand(desk, WOMEN, review_by=now().date() + 59 * DAY)
        with desk.database.writing() as connection:
            for state in ("received", "looked-at", "mended", "left"):
                outside.add_report(
                    connection, CROPS, token=state, hash="", about="wrong", place="", words="x",
                    name="", email="", ui="", state=state,
                )  # fmt: skip
            connection.execute(
                sa.insert(job).values(
                    task="mail", key="k", payload="{}", due_at=now(), worker="", tries=8,
                    error="Refused", failed_at=now(), at=now(),
                )
            )  # fmt: skip
            url = "https://example.org/report"
            links.put(connection, Link(url, "dead", 404, "", "", now(), now(), 3))
            counts.add(connection, [Counted(now().date(), "drones", 3, 3, 0),
                                    Counted(now().date(), "cash", 3, 0, 2)])  # fmt: skip
        (desk.settings.data / "outbox").mkdir(exist_ok=True)
        (desk.settings.data / "outbox" / "20260503-120000-a.eml").write_text("To: a@b.org\n\n")
        room = look_around(desk, eva)
        assert room.drafts == {"submitted": 1}
        assert room.reports == 2
        assert room.due == {"overdue": 1, "soon": 1}
        assert room.links == {"dead": 1}
        assert room.new_links == 1  # the survey's other source
        assert room.searches == 1
        assert (room.letters, room.given_up, room.no_mail) == (1, 0, True)
        assert (room.failed, [one.error for one in room.failures]) == (1, ["Refused"])

    def test_the_page_shows_numbers_and_ways(self, app: Flask, eva: Person) -> None:
        client, _ = signed_in(app, eva)
        page = client.get("/office")
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        for url in ("/queue", "/office/reports", "/office/due", "/office/links?state=dead",
                    "/office/searches"):  # fmt: skip
            assert f'href="{url}"' in page.text

    @pytest.mark.parametrize("role", ["reader", "contributor", "reviewer"])
    def test_it_is_for_editors(self, app: Flask, desk: Desk, role: str) -> None:
        person = add_person(desk.database, role)
        client, _ = signed_in(app, person)
        for path in ("", "/due", "/links", "/searches", "/gaps", "/rights", "/links.csv"):
            assert client.get(f"/office{path}").status_code == 403
            assert browser(app).get(f"/office{path}").status_code != 200
        for ask in (look_around, due_cases, gaps):
            with pytest.raises(NotAllowed):
                ask(desk, person)
            with pytest.raises(SignInNeeded):
                ask(desk, VISITOR)


class TestDue:
    @pytest.mark.parametrize(
        ("days", "word"),
        [(-400, "overdue"), (-1, "overdue"), (0, "soon"), (60, "soon"), (61, "later")],
    )
    def test_how_a_case_stands(self, days: int, word: str) -> None:
        assert standing(TODAY + days * DAY, TODAY) == word
        assert standing(None, TODAY) == "none"

    def test_overdue_first_then_soon_then_those_without_a_day(
        self, desk: Desk, eva: Person
    ) -> None:
        by_hand(desk, CROPS, review_by=TODAY + 9 * DAY)
        by_hand(desk, WOMEN, review_by=TODAY - 9 * DAY, contact={"name": "The school"})
        by_hand(desk, CASH, review_by=TODAY - 99 * DAY)
        found = due_cases(desk, eva, TODAY)
        assert [(one.case.key.slug, one.standing) for one in found] == [
            ("cash-by-phone", "overdue"), ("women-coders", "overdue"), ("crop-prices", "soon"),
            ("flood-warning", "none"),
        ]  # fmt: skip
        assert found[1].case.contact == "The school"
        by_hand(desk, CROPS, review_by=TODAY + 99 * DAY)
        assert "crop-prices" not in [one.case.key.slug for one in due_cases(desk, eva, TODAY)]

    def test_what_is_gone_is_not_due(self, desk: Desk, eva: Person) -> None:
        by_hand(desk, CROPS, review_by=TODAY, status="withdrawn", status_reason="It was wrong.")
        assert "crop-prices" not in [one.case.key.slug for one in due_cases(desk, eva, TODAY)]

    def test_who_wrote_it_last_is_told(self, desk: Desk, ama: Person, eva: Person) -> None:
        made_public(desk, ama, eva, CROPS, lambda text: text.replace("Farmers", "Some farmers"))
        wrote = {one.case.key.slug: one.wrote for one in due_cases(desk, eva, TODAY)}
        crops, cash = wrote["crop-prices"], wrote["cash-by-phone"]
        assert crops is not None and (crops.name, crops.person_ids) == ("Ama", (ama.id,))
        assert cash is not None and (cash.name, cash.person_ids) == ("", ())

    def test_the_page_has_a_way_to_edit_and_to_say_that_one_looked(
        self, app: Flask, desk: Desk, eva: Person
    ) -> None:
        by_hand(desk, CROPS, review_by=now().date() - DAY)
        client, token = signed_in(app, eva)
        page = client.get("/office/due").text
        assert 'href="/cases/crop-prices/edit"' in page
        assert 'action="/office/due/crop-prices"' in page
        assert "Overdue (1)" in page
        answer = client.post("/office/due/crop-prices", data={"csrf_token": token})
        assert answer.status_code == 303
        draft = client.get(answer.headers["Location"])
        assert draft.status_code == 200
        assert client.post("/office/due/nothing", data={"csrf_token": token}).status_code == 404
        assert client.post("/office/due/..%2fx", data={"csrf_token": token}).status_code == 404

    def test_a_long_list_is_cut_and_has_pages(self, tmp_path: Path) -> None:
        texts = {f"case-{n}": factories.case_text(title=f"Case {n:03}") for n in range(120)}
        content = factories.content_folder(tmp_path / "content", texts)
        library = Library.open(content, tmp_path / "var", threads=1)
        settings = Settings(content=content, data=tmp_path / "data", var=tmp_path / "var")
        app = create_app(settings, library)
        eva = add_person(database_of(app), "editor")
        client, _ = signed_in(app, eva)
        page = client.get("/office/due").text
        assert page.count('/edit"') == 25
        assert '<a href="/office/due?show=none">All 120</a>' in page
        seen = []
        for number in (1, 2, 3):
            page = client.get(f"/office/due?show=none&page={number}").text
            seen += [n for n in range(120) if f"Case {n:03}</a>" in page]
        assert sorted(seen) == list(range(120))
        assert client.get("/office/due?show=none&page=99").status_code == 200
        database_of(app).close()


class TestCheckedAgain:
    def test_a_draft_says_who_looked_today_and_when_the_next_look_is(
        self, desk: Desk, eva: Person
    ) -> None:
        by_hand(desk, CROPS, review_by=TODAY - DAY)
        draft = checked_again(desk, eva, "crop-prices", "Looked at again.", TODAY)
        front = parse(CROPS, draft.text).front
        assert front["checked"] == {"date": TODAY, "by": "Eva"}
        assert front["review_by"] == date(2027, 5, 3)
        assert draft.state == "draft"
        assert draft.head is not None and draft.head.message == "Looked at again."
        before = parse(CROPS, desks.text_of(desk, CROPS))
        assert {k: v for k, v in front.items() if k not in ("checked", "review_by")} == {
            k: v for k, v in before.front.items() if k not in ("checked", "review_by")
        }
        assert parse(CROPS, draft.text).body == before.body
        assert desks.text_of(desk, CROPS) == before.text  # nothing is public yet

    def test_it_can_be_published_as_it_is(self, desk: Desk, ama: Person, eva: Person) -> None:
        otto = add_person(desk.database, "administrator", "Otto", "otto@example.org")
        draft = checked_again(desk, otto, "crop-prices", "Looked at again.")
        editing.submit(desk, otto, draft.token)
        publish(desk, eva, draft.token)
        found = {one.case.key.slug: one for one in due_cases(desk, eva)}
        assert "crop-prices" not in found

    def test_what_one_was_writing_stays_in_it(self, desk: Desk, eva: Person) -> None:
        draft = editing.begin(desk, eva, CROPS)
        text = draft.text.replace("Farmers asked", "Many farmers asked")
        editing.save(desk, eva, draft.token, text, draft.hash)
        again = checked_again(desk, eva, "crop-prices", "", TODAY)
        assert again.token == draft.token
        assert "Many farmers asked" in again.text
        assert checked_again(desk, eva, "crop-prices", "", TODAY).hash == again.hash

    def test_it_is_for_editors(self, desk: Desk, ama: Person) -> None:
        with pytest.raises(NotAllowed):
            checked_again(desk, ama, "crop-prices", "")

    def test_a_head_that_cannot_be_read_is_told(self, desk: Desk, eva: Person) -> None:
        draft = editing.begin(desk, eva, CROPS)
        editing.save(desk, eva, draft.token, "---\na: [\n---\n", draft.hash)
        with pytest.raises(NotValid):
            checked_again(desk, eva, "crop-prices", "")

    @pytest.mark.parametrize(
        ("day", "next_year"),
        [(date(2026, 5, 3), date(2027, 5, 3)), (date(2028, 2, 29), date(2029, 2, 28)),
         (date(2027, 2, 28), date(2028, 2, 28))],
    )  # fmt: skip
    def test_a_year_on(self, day: date, next_year: date) -> None:
        assert a_year_on(day) == next_year


class TestReminding:
    def test_the_stages_of_a_day(self) -> None:
        day = date(2026, 1, 31)
        stages = {
            date(2025, 12, 1): "", date(2025, 12, 2): "soon", date(2026, 1, 30): "soon",
            date(2026, 1, 31): "due", date(2026, 2, 27): "due", date(2026, 2, 28): "overdue-1",
            date(2026, 3, 30): "overdue-1", date(2026, 3, 31): "overdue-2",
            date(2026, 4, 29): "overdue-2", date(2026, 4, 30): "overdue-3",
            date(2027, 1, 31): "overdue-12", date(2029, 2, 28): "overdue-37",
        }  # fmt: skip
        for today, expected in stages.items():
            assert stage(day, today) == expected, today

    def test_authors_are_told_sixty_days_before_on_the_day_and_each_month(
        self, desk: Desk, ama: Person, eva: Person
    ) -> None:
        made_public(desk, ama, eva, CROPS, lambda text: with_fields(text, review_by=TODAY))
        seen = []
        for days in range(-90, 100):
            seen += [(days, one.slug, one.stage, one.people)
                     for one in remind(desk, NOON + days * DAY)]  # fmt: skip
        assert seen == [
            (-60, "crop-prices", "soon", 1), (0, "crop-prices", "due", 1),
            (31, "crop-prices", "overdue-1", 1), (61, "crop-prices", "overdue-2", 1),
            (92, "crop-prices", "overdue-3", 1),
        ]  # fmt: skip
        assert {person for person, _, _ in told(desk)} == {ama.id}
        assert [stage for _, _, stage in told(desk)] == [stage for _, _, stage, _ in seen]

    def test_nobody_is_told_twice_even_when_notices_were_sent_and_forgotten(
        self, desk: Desk, ama: Person, eva: Person
    ) -> None:
        made_public(desk, ama, eva, CROPS, lambda text: with_fields(text, review_by=TODAY))
        assert len(remind(desk, NOON)) == 1
        with desk.database.writing() as connection:
            connection.execute(sa.delete(notice))
        for days in range(31):
            assert remind(desk, NOON + days * DAY) == ()

    def test_after_a_long_silence_one_reminder_is_written(
        self, desk: Desk, ama: Person, eva: Person
    ) -> None:
        made_public(desk, ama, eva, CROPS, lambda text: with_fields(text, review_by=TODAY))
        assert [one.stage for one in remind(desk, NOON + 400 * DAY)] == ["overdue-13"]

    def test_another_day_begins_anew(self, desk: Desk, ama: Person, eva: Person) -> None:
        by_hand(desk, CROPS, review_by=TODAY)
        assert len(remind(desk, NOON)) == 1
        by_hand(desk, CROPS, review_by=TODAY + DAY)
        assert [one.stage for one in remind(desk, NOON)] == ["soon"]

    def test_all_who_wrote_are_told_and_a_change_by_hand_takes_that_from_nobody(
        self, desk: Desk, ama: Person, ben: Person, eva: Person
    ) -> None:
        draft = editing.begin(desk, ama, CROPS)
        editing.add_co_author(desk, ama, draft.token, ben.email)
        text = with_fields(draft.text, review_by=TODAY)
        editing.save(desk, ama, draft.token, text, draft.hash)
        editing.submit(desk, ama, draft.token)
        publish(desk, eva, draft.token)
        by_hand(desk, CROPS, summary="Farmers asked for the price of maize before the market day.")
        desks.start(desk)
        remind(desk, NOON)
        assert {person for person, _, _ in told(desk)} == {ama.id, ben.id}

    def test_editors_are_told_where_no_author_is_left(
        self, desk: Desk, ama: Person, ben: Person, eva: Person
    ) -> None:
        made_public(desk, ama, eva, CROPS, lambda text: with_fields(text, review_by=TODAY))
        with desk.database.writing() as connection:
            people.change_account(connection, ama.id or 0, disabled_at=now())
        by_hand(desk, WOMEN, review_by=TODAY)  # written by nobody who is known
        remind(desk, NOON)
        assert sorted(told(desk)) == [
            (eva.id, "case/crop-prices", "due"), (eva.id, "case/women-coders", "due"),
        ]  # fmt: skip

    def test_without_anybody_to_tell_it_waits_for_somebody(self, desk: Desk) -> None:
        by_hand(desk, CROPS, review_by=TODAY)
        assert remind(desk, NOON) == ()
        eva = add_person(desk.database, "editor", "Eva", "eva@example.org")
        assert len(remind(desk, NOON + DAY)) == 1
        assert told(desk) == [(eva.id, "case/crop-prices", "due")]

    def test_it_is_in_the_events_and_in_the_table_of_tasks(self, desk: Desk, eva: Person) -> None:
        by_hand(desk, CROPS, review_by=now().date())
        assert TASKS["reminders"].every == DAY
        assert TASKS["reminders"].run(desk) == "1 reminders written"
        assert TASKS["reminders"].run(desk) == ""
        with desk.database.reading() as connection:
            row = connection.execute(
                sa.select(event).where(event.c.action == due.REMINDED)
            ).mappings().one()  # fmt: skip
        assert (row["subject"], row["detail"]) == ("case/crop-prices", f"{now().date()} due")


class TestTheBanner:
    def test_readers_of_an_overdue_case_are_told_calmly(self, app: Flask, desk: Desk) -> None:
        by_hand(desk, CROPS, review_by=date(2026, 5, 3))
        page = browser(app).get("/cases/crop-prices").text
        expected = "This case was due for another look on 3 May 2026; it may be out of date."
        assert page.count(expected) == 1
        assert 'href="/cases/crop-prices/report"' in page

    def test_others_are_not(self, app: Flask, desk: Desk) -> None:
        for day in (None, now().date(), now().date() + DAY):
            by_hand(desk, CROPS, review_by=day)
            assert "was due for another look" not in browser(app).get("/cases/crop-prices").text

    def test_a_translation_is_overdue_with_its_original(self, app: Flask, desk: Desk) -> None:
        by_hand(desk, CASH, review_by=date(2026, 5, 3))
        page = browser(app).get("/cases/cash-by-phone/fr").text
        assert "was due for another look" in page
        assert 'href="/cases/cash-by-phone/fr/report"' in page


class TestGaps:
    def test_crossings_are_counted_from_the_columns_of_the_index(
        self, desk: Desk, eva: Person
    ) -> None:
        crossing = gaps(desk, eva).crossing
        assert [term.id for term in crossing.columns] == ["africa", "northern-europe"]
        assert crossing.counts["gender-inclusion", "africa"] == 3
        assert crossing.counts["gender-inclusion", "northern-europe"] == 1
        assert ("e-health", "africa") not in crossing.counts
        groups = gaps(desk, eva, "groups").crossing
        assert [term.id for term in groups.columns] == ["ldc"]
        areas = gaps(desk, eva, "areas").crossing
        assert [term.id for term in areas.columns] == ["eastern-africa", "western-africa"]

    def test_the_counts_are_those_of_the_search(self, desk: Desk, eva: Person) -> None:
        for (theme, region), number in gaps(desk, eva).crossing.counts.items():
            query = Query().with_value("theme", theme).with_value("region", region)
            assert desk.library.search(query).total == number

    def test_what_cases_lack(self, desk: Desk, eva: Person) -> None:
        by_hand(desk, CROPS, results=[{"indicator": "Users", "value": 5, "unit": "people",
                                       "year": 2010, "baseline": 1, "source": 1}],
                funding=[{"amount": 1, "currency": "GBP", "year": 2010, "source": 1}],
                review_by=TODAY)  # fmt: skip
        found = gaps(desk, eva)
        assert found.cases == 4
        assert found.lacking == {"failure": 4, "figures": 3, "baseline": 3, "money": 3,
                                 "evidence": 0, "review": 3}  # fmt: skip
        shown = [one.key.slug for one in gaps(desk, eva, lack="money").shown]
        assert shown == ["women-coders", "cash-by-phone", "flood-warning"]

    def test_a_heading_of_its_language_tells_of_failure(self, desk: Desk, eva: Person) -> None:
        text = desks.text_of(desk, CROPS) + "\n## What went wrong\n\nThe prices came late.\n"
        desks.by_hand(desk, CROPS, text)
        desk.library.update([CROPS])
        assert gaps(desk, eva).lacking["failure"] == 3

    def test_languages_in_which_cases_are_not_there(self, desk: Desk, eva: Person) -> None:
        assert gaps(desk, eva).missing == {"en": 0, "fr": 3}
        shown = {one.key.slug for one in gaps(desk, eva, lang="fr").shown}
        assert shown == {"crop-prices", "women-coders", "flood-warning"}
        assert gaps(desk, eva, lang="xx", lack="nothing").shown == ()

    def test_themes_without_a_failure_told(self, desk: Desk, eva: Person) -> None:
        path = desk.library.store.root / "vocabularies" / "outcomes.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('- id: "mixed"\n', '- id: "mixed"\n  tone: warning\n'))
        desk.library.rebuild()
        found = gaps(desk, eva)
        assert found.failures == ("mixed",)
        untold = {term.id for term in found.untold}
        assert "e-health" in untold
        assert "gender-inclusion" not in untold  # crop-prices is mixed

    def test_empty_cells_lead_to_a_new_case_and_others_to_the_search(
        self, app: Flask, eva: Person
    ) -> None:
        client, _ = signed_in(app, eva)
        page = client.get("/office/gaps?by=nonsense&lack=money&lang=xx&page=7").text
        assert 'href="/search?theme=gender-inclusion&amp;region=africa">3<' in page
        assert "None: write a case on E health, Africa" in page
        assert 'href="/cases/new"' in page
        assert "Nothing on money (4 of 4)" in page


class TestTheSurvey:
    def test_it_is_read_once_for_a_state_of_the_index(self, desk: Desk) -> None:
        first = survey(desk.library)
        assert survey(desk.library) is first
        by_hand(desk, CROPS, review_by=TODAY)
        second = {one.key: one for one in survey(desk.library)}
        for one in first:
            assert (second[one.key] is one) == (one.key != CROPS)
        assert second[CROPS].review_by == TODAY
        desk.library.rebuild()
        assert {one.key: one for one in survey(desk.library)} == second

    def test_what_is_gone_is_not_in_it_nor_its_translations(self, desk: Desk) -> None:
        by_hand(desk, CASH, status="archived", status_reason="There is a newer case.")
        assert {one.key.slug for one in survey(desk.library)} == {
            "crop-prices", "women-coders", "flood-warning",
        }  # fmt: skip


class TestRights:
    def test_the_table_says_what_the_code_does(self) -> None:
        class Draft:
            def __init__(self, owner: int, state: str) -> None:
                self.owner_id, self.co_author_ids, self.state = owner, (), state

        for role in ROLES:
            person = Person(7, "Somebody", "x@example.org", role)
            for action in ACTIONS:
                words = extent(role, action)
                assert ("all" in words) == may(person, action, Draft(1, "draft"))
                if "all" not in words:
                    assert ("own" in words) == may(person, action, Draft(7, "draft"))
                    assert ("review" in words) == may(person, action, Draft(1, "submitted"))
        for action in ACTIONS:
            assert (extent("", action) == ("all",)) == may(VISITOR, action)

    def test_the_page_has_a_row_for_each_action_and_a_column_for_each_role(
        self, app: Flask, eva: Person
    ) -> None:
        client, _ = signed_in(app, eva)
        page = client.get("/office/rights").text
        assert page.count('<th scope="row">') == len(ACTIONS)
        assert page.count('<th scope="col">') == len(ROLES) + 1
        assert "own drafts, and those under review" in page
        assert "1 other person must have approved what is published" in page


class TestSearches:
    def test_words_that_led_nowhere_are_listed(self, app: Flask, desk: Desk, eva: Person) -> None:
        today = now().date()
        with desk.database.writing() as connection:
            counts.add(connection, [
                Counted(today, "drones", 3, 3, 0), Counted(today, "=1+1", 2, 2, 0),
                Counted(today, "cash", 5, 0, 4), Counted(today - 60 * DAY, "old words", 9, 9, 0),
            ])  # fmt: skip
        client, _ = signed_in(app, eva)
        page = client.get("/office/searches").text
        assert 'href="/search?q=drones"' in page
        assert "10 searches, of which 50% found nothing." in page
        assert "old words" not in page
        assert "q=cash" not in page
        assert "old words" in client.get("/office/searches?days=90").text
        answer = client.get("/office/searches.csv?days=30")
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        assert [row["words"] for row in rows] == ["drones", "'=1+1"]

    def test_it_is_told_where_nobody_searched_and_where_nothing_is_counted(
        self, desk: Desk, app: Flask, eva: Person
    ) -> None:
        client, _ = signed_in(app, eva)
        assert "Nobody searched in these days." in client.get("/office/searches?days=x").text
        off = create_app(replace(desk.settings, searches_kept_days=0), desk.library)
        client, _ = signed_in(off, eva)
        assert "SEARCHES_KEPT_DAYS" in client.get("/office/searches").text
        database_of(off).close()


class TestPages:
    def test_turning(self) -> None:
        assert page_turning("/x", [], 1, 1) is None
        turning = page_turning("/x", [("a", "b")], 2, 9)
        assert turning is not None
        assert (turning.before, turning.after) == ("/x?a=b", "/x?a=b&page=3")
        assert [link.label for link in turning.numbers] == ["1", "2", "3", "4", "9"]
        last = page_turning("/x", [], 99, 9)
        assert last is not None and last.after == ""

    def test_no_page_of_the_room_is_kept_by_anybody(self, app: Flask, desk: Desk) -> None:
        otto = add_person(desk.database, "administrator", "Otto", "otto@example.org")
        client, _ = signed_in(app, otto)
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("office.") and "GET" in (rule.methods or ()):
                assert client.get(rule.rule).headers["Cache-Control"] == "no-store", rule.rule
