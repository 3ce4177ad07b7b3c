"""The event log: kept by the database itself, narrowed, read page by page, taken away."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import kb
from indexer.library import Library
from kb.access import ACTIONS, CONSOLE, NotAllowed, Person, SignInNeeded
from kb.app import create_app
from kb.present.events import EVENT_WORDS, subject_link
from kb.present.rights import ACTION_WORDS
from kb.records import events as records
from kb.records.events import Event, Wanted
from kb.records.tables import event
from kb.services import events
from kb.services.cells import RISKY, csv_lines, harmless
from kb.services.desk import open_database
from kb.services.office import SmallOffice, note
from kb.services.people import delete_account, rename
from kb.settings import Settings
from tests import factories
from tests.desks import drop_schema, own_schema
from tests.people import PASSWORD, add_person, browser, database_of, signed_in

NOON = datetime(2026, 5, 3, 12)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    settings = Settings(data=tmp_path / "data", database_url=own_schema())
    database = open_database(settings)
    yield SmallOffice(database, settings)
    database.close()
    drop_schema(settings)


@pytest.fixture
def keeper(office: SmallOffice) -> Person:
    return add_person(office.database, "administrator", "Kofi", "kofi@example.org")


@pytest.fixture
def ama(office: SmallOffice) -> Person:
    return add_person(office.database, "contributor", "Ama", "ama@example.org")


def happen(
    office: SmallOffice,
    who: Person,
    action: str = "published",
    subject: str = "case/cash-by-phone",
    detail: str = "",
    at: datetime = NOON,
) -> None:
    with office.database.writing() as connection:
        records.add(
            connection, at, (who.id, who.name), action=action, subject=subject, detail=detail
        )


def rows(office: SmallOffice) -> list[Event]:
    with office.database.reading() as connection:
        return list(records.events(connection, Wanted(), 1000))


def found(office: SmallOffice, keeper: Person, **wanted: object) -> list[str]:
    shown = events.read_events(office, keeper, Wanted(**wanted)).events  # type: ignore[arg-type]
    return [f"{one.name} {one.action} {one.subject}" for one in shown]


class TestAddedAndNeverRewritten:
    CHANGES = (
        sa.update(event).values(action="archived"),
        sa.update(event).values(at=datetime(2020, 1, 1)),
        sa.update(event).values(person_id=None),
        sa.update(event).values(id=event.c.id + 1000),
        sa.update(event).values(name="Somebody else"),
        sa.update(event).values(subject="case/another"),
        sa.update(event).values(detail="It was not so."),
        sa.update(event).values(name="", action="archived"),
        sa.delete(event),
        sa.delete(event).where(event.c.id == 1),
        sa.text(
            "INSERT INTO event SELECT id, at, person_id, name, 'x', subject, detail FROM event"
        ),
    )

    @pytest.mark.parametrize("change", CHANGES, ids=str)
    def test_the_database_refuses(
        self, office: SmallOffice, ama: Person, change: sa.Executable
    ) -> None:
        happen(office, ama, detail="As it was.")
        before = rows(office)
        with pytest.raises(sa.exc.DBAPIError), office.database.writing() as connection:
            connection.execute(change)
        assert rows(office) == before

    def test_sqlite_does_not_let_a_row_be_put_in_the_place_of_another(
        self, office: SmallOffice, ama: Person
    ) -> None:
        if office.database.engine.dialect.name != "sqlite":
            pytest.skip("INSERT OR REPLACE is SQLite's")
        happen(office, ama)
        before = rows(office)
        with (
            pytest.raises(sa.exc.DBAPIError, match="never changed"),
            office.database.writing() as connection,
        ):
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO event VALUES (1, '2026-05-03', NULL, 'x', 'x', 'x', 'x')"
            )
        assert rows(office) == before

    def test_postgresql_does_not_let_the_table_be_emptied_at_once(
        self, office: SmallOffice, ama: Person
    ) -> None:
        if office.database.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no TRUNCATE")
        happen(office, ama)
        with pytest.raises(sa.exc.DBAPIError), office.database.writing() as connection:
            connection.execute(sa.text("TRUNCATE event"))
        assert len(rows(office)) == 1

    def test_names_addresses_and_words_can_be_forgotten_and_nothing_else_goes(
        self, office: SmallOffice, ama: Person
    ) -> None:
        happen(office, ama, "rejected", "draft/x", "It is about Mr Smith.")
        with office.database.writing() as connection:
            connection.execute(sa.update(event).values(name="", subject="", detail=""))
        (row,) = rows(office)
        assert (row.action, row.person_id, row.at) == ("rejected", ama.id, NOON)
        assert (row.subject, row.detail) == ("", "")

    def test_an_event_can_be_added_by_whoever_types_commands(self, office: SmallOffice) -> None:
        with office.database.writing() as connection:
            note(connection, CONSOLE, "purged", "case/gone")
        (row,) = rows(office)
        assert (row.person_id, row.name) == (None, "kb")


class TestLeaving:
    def test_whoever_leaves_without_a_name_is_in_no_row_of_the_log(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        rename(office, ama, "Ama Mensah")
        happen(office, ama)
        happen(office, keeper, "invited", "ama@example.org", "contributor")
        delete_account(office, ama, PASSWORD, "anonymous", "A former writer")
        with office.database.reading() as connection:
            kept = str(connection.execute(sa.select(event)).all())
        assert "Ama" not in kept
        assert "ama@" not in kept
        assert [one.name for one in rows(office)].count("A former writer") == 3
        assert ("Kofi", "invited", "") in [(r.name, r.action, r.subject) for r in rows(office)]

    def test_addresses_that_somebody_had_before_are_forgotten_too(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        happen(office, ama, "signed-in", "first@example.org")
        happen(office, ama, "changed-address", "second@example.org", "first@example.org",
               at=NOON + timedelta(days=1))  # fmt: skip
        happen(office, ama, "signed-in", "second@example.org", at=NOON + timedelta(days=2))
        happen(office, ama, "changed-address", ama.email, "second@example.org",
               at=NOON + timedelta(days=3))  # fmt: skip
        happen(office, keeper, "signed-in", "first@example.org", at=NOON + timedelta(days=4))
        delete_account(office, ama, PASSWORD, "keep", "A former writer")
        told = [(one.name, one.subject, one.detail) for one in rows(office)][1:]
        assert told == [("Kofi", "first@example.org", "")] + [("Ama", "", "")] * 4

    def test_whoever_leaves_the_name_behind_keeps_it_in_the_log(
        self, office: SmallOffice, ama: Person
    ) -> None:
        happen(office, ama)
        delete_account(office, ama, PASSWORD, "keep", "A former writer")
        assert {one.name for one in rows(office)} == {"Ama"}


class TestReading:
    def test_what_is_asked_for_narrows_and_the_newest_comes_first(
        self, office: SmallOffice, keeper: Person, ama: Person
    ) -> None:
        happen(office, ama, "published", "case/cash-by-phone")
        happen(office, keeper, "archived", "case/crop-prices", at=NOON + timedelta(days=1))
        happen(office, keeper, "role", "ama@example.org", "reader to editor",
               at=NOON + timedelta(days=2))  # fmt: skip
        assert found(office, keeper) == [
            "Kofi role ama@example.org", "Kofi archived case/crop-prices",
            "Ama published case/cash-by-phone",
        ]  # fmt: skip
        assert found(office, keeper, action="archived") == ["Kofi archived case/crop-prices"]
        assert found(office, keeper, name="aM") == ["Ama published case/cash-by-phone"]
        assert found(office, keeper, words="EDITOR ama@") == ["Kofi role ama@example.org"]
        assert found(office, keeper, words="crop phone") == []
        assert len(found(office, keeper, words="case/")) == 2
        day = NOON.date()
        assert len(found(office, keeper, since=day, until=day)) == 1
        assert len(found(office, keeper, until=day + timedelta(days=1))) == 2
        assert found(office, keeper, since=day + timedelta(days=3)) == []

    def test_a_percent_sign_is_a_percent_sign(self, office: SmallOffice, keeper: Person) -> None:
        happen(office, keeper, detail="100% sure")
        happen(office, keeper, detail="quite sure")
        assert len(found(office, keeper, words="%")) == 1
        assert found(office, keeper, words="_") == []

    def test_pages_hold_every_event_once(
        self, office: SmallOffice, keeper: Person, ama: Person
    ) -> None:
        for number in range(2 * events.PER_PAGE + 1):
            happen(office, ama, detail=str(number))
        seen: list[int] = []
        before: int | None = None
        while True:
            page = events.read_events(office, keeper, Wanted(), before)
            seen += [one.id for one in page.events]
            if page.older is None:
                break
            before = page.older
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == len(set(seen)) == 2 * events.PER_PAGE + 1

    @pytest.mark.parametrize("role", ["reader", "contributor", "reviewer", "editor"])
    def test_others_than_administrators_see_nothing(self, office: SmallOffice, role: str) -> None:
        other = add_person(office.database, role)
        for read in (events.read_events, events.all_events):
            with pytest.raises(NotAllowed):
                read(office, other, Wanted())

    def test_visitors_are_asked_to_sign_in(self, office: SmallOffice) -> None:
        with pytest.raises(SignInNeeded):
            events.all_events(office, Person(None, "", "", "reader"), Wanted())


class TestTakingAway:
    @pytest.mark.parametrize("start", RISKY)
    def test_no_cell_begins_like_a_formula(self, start: str) -> None:
        lines = "".join(csv_lines(("a", "b"), [(f"{start}cmd|' /C calc'!A0", "x")]))
        row = next(csv.DictReader(io.StringIO(lines.removeprefix("\ufeff"), newline="")))
        assert row["a"] == f"'{start}cmd|' /C calc'!A0"

    @given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
    def test_every_cell_comes_back_and_none_can_be_run(self, table: list[list[str]]) -> None:
        text = "".join(csv_lines(("a", "b"), table)).removeprefix("\ufeff")
        read = list(csv.reader(io.StringIO(text, newline="")))[1:]
        assert read == [[harmless(cell) for cell in row] for row in table]
        assert not any(cell.startswith(RISKY) for row in read for cell in row)


# The pages ----------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    content = factories.content_folder(
        tmp_path / "content", {"cash-by-phone": factories.case_text()}
    )
    library = Library.open(content, tmp_path / "var")
    settings = Settings(content=content, data=tmp_path / "data", database_url=own_schema())
    made = create_app(settings, library)
    yield made
    database_of(made).close()
    drop_schema(settings)


@pytest.fixture
def admin(app: Flask) -> Person:
    return add_person(database_of(app), "administrator", "Kofi", "kofi@example.org")


def office_of(app: Flask) -> SmallOffice:
    return SmallOffice(database_of(app), app.extensions["sankofa.settings"])


def test_the_page_tells_who_did_what_with_ways_to_it(app: Flask, admin: Person) -> None:
    client, _ = signed_in(app, admin)
    for subject in ("case/cash-by-phone", "case/cash-by-phone/fr", "draft/abc", "report/xyz"):
        happen(office_of(app), admin, "published", subject)
    happen(office_of(app), admin, "role", "ama@example.org", "reader to editor")
    page = client.get("/office/events")
    assert page.headers["Cache-Control"] == "no-store"
    for path in ("/cases/cash-by-phone", "/cases/cash-by-phone/fr", "/drafts/abc", "/reports/xyz"):
        assert f'href="{path}"' in page.text
    assert "Reader to Editor" in page.text
    assert "gave somebody another role" in page.text


def test_a_day_that_is_none_is_told_and_what_was_typed_is_kept(app: Flask, admin: Person) -> None:
    client, _ = signed_in(app, admin)
    for address in ("/office/events", "/office/events.csv", "/office/events.json"):
        page = client.get(f"{address}?since=3.5.2026&name=Ama&words=%3Cb%3E&until=2026-02-30")
        assert page.status_code == 422
        assert "Write a day as year, month and day, such as 2026-11-23." in page.text
        assert 'value="3.5.2026"' in page.text
        assert 'value="Ama"' in page.text
        assert 'value="&lt;b&gt;"' in page.text
    page = client.get("/office/events?since=2026-05-04&until=2026-05-03")
    assert "The last day is before the first" in page.text


def test_both_files_hold_what_the_page_was_narrowed_to(app: Flask, admin: Person) -> None:
    client, _ = signed_in(app, admin)
    for number in range(30):
        happen(office_of(app), admin, "archived", f"case/c-{number}", "=1+1")
    happen(office_of(app), admin, "published", "case/other", 'Ünïcödé, "quoted"\nand two lines')
    page = client.get("/office/events?action=archived").text
    assert "/office/events.csv?action=archived" in page
    answer = client.get("/office/events.csv?action=archived")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="events.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    table = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(table) == 30
    assert {row["detail"] for row in table} == {"'=1+1"}
    assert table[0] | {"id": ""} == {
        "id": "", "at": "2026-05-03T12:00:00Z", "person": str(admin.id), "name": "Kofi",
        "action": "archived", "subject": "case/c-29", "detail": "'=1+1",
    }  # fmt: skip
    (one,) = json.loads(client.get("/office/events.json?words=case/other").data)
    assert one["detail"] == 'Ünïcödé, "quoted"\nand two lines'
    assert json.loads(client.get("/office/events.json?action=nothing").data) == []


def test_an_export_reads_on_after_a_thousand_rows(app: Flask, admin: Person) -> None:
    with database_of(app).writing() as connection:
        for number in range(2050):
            note(connection, admin, "published", f"case/c-{number}")
    client, _ = signed_in(app, admin)
    found = json.loads(client.get("/office/events.json?action=published").data)
    assert [one["subject"] for one in found] == [f"case/c-{n}" for n in reversed(range(2050))]


def test_an_editor_sees_no_tab_and_no_event(app: Flask) -> None:
    editor = add_person(database_of(app), "editor", "Eva", "eva@example.org")
    client, _ = signed_in(app, editor)
    assert "/office/events" not in client.get("/office").text
    for address in ("/office/events", "/office/events.csv", "/office/events.json"):
        assert client.get(address).status_code == 403
        assert browser(app).get(address).status_code in (302, 303, 401)


@pytest.mark.parametrize(
    "subject", ["", "ama@example.org", "17", "javascript:alert(1)", "case/", "nothing/x"]
)
def test_a_subject_without_a_page_is_no_link(subject: str) -> None:
    assert subject_link(subject).url == ""


def test_an_odd_subject_leads_nowhere_else() -> None:
    assert subject_link("case/../../account?x=1#y").url == "/cases/../../account%3Fx%3D1%23y"


# What is noted has words --------------------------------------------------------------------

#: Actions that are chosen at run time: where, and what they can be.
CHOSEN = {
    "kb/services/publishing.py": {"published", "withdrawn", "archived", "reinstated"},
    "kb/services/moving.py": {"submitted", "taken-back", "changes-requested", "approved",
                              "rejected", "discarded"},
}  # fmt: skip


def noted() -> Iterator[tuple[str, set[str]]]:
    """Every call of `note` in the code, with the actions that it may note."""
    root = Path(kb.__file__).parent
    names = {
        path: {
            node.targets[0].id: node.value.value
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for path in root.rglob("*.py")
    }  # fmt: skip
    for path, constants in names.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note":
                action = node.args[2]
                words = {
                    str(constants.get(part.id, "")) if isinstance(part, ast.Name) else part.value
                    for part in ast.walk(action)
                    if isinstance(part, ast.Constant | ast.Name)
                }
                yield path.relative_to(root.parent).as_posix(), words


def test_every_action_that_is_noted_has_words() -> None:
    calls = list(noted())
    assert len(calls) > 10
    for path, words in calls:
        wanted = words - {"", "event"} if path not in CHOSEN else CHOSEN[path]
        assert wanted, f"{path}: the action of a note cannot be read; add it to CHOSEN"
        assert wanted <= set(EVENT_WORDS), f"{path}: give words to {wanted - set(EVENT_WORDS)}"


def test_every_action_of_the_table_of_rights_has_words() -> None:
    assert set(ACTION_WORDS) == set(ACTIONS)


def test_forgetting_what_was_purged_leaves_later_events_alone(
    office: SmallOffice, keeper: Person
) -> None:
    happen(office, keeper, "rejected", "draft/x", "Mr Smith")
    happen(office, keeper, "rejected", "draft/y", "Not him")
    happen(office, keeper, "rejected", "draft/x", "After", at=NOON + timedelta(days=9))
    with office.database.writing() as connection:
        records.forget_words(connection, ["draft/x"], NOON + timedelta(days=1))
    assert [(one.subject, one.detail) for one in rows(office)] == [
        ("draft/x", "After"), ("draft/y", "Not him"), ("draft/x", ""),
    ]  # fmt: skip


def test_what_was_told_is_remembered_by_subject_and_words(
    office: SmallOffice, keeper: Person
) -> None:
    happen(office, keeper, "reminded", "case/a", "2026-05-03 due")
    happen(office, keeper, "reminded", "case/b", "2026-05-03 due", at=NOON - timedelta(days=200))
    with office.database.reading() as connection:
        told = records.told_since(connection, "reminded", NOON - timedelta(days=120))
    assert told == {("case/a", "2026-05-03 due")}
