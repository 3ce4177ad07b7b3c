"""Searches are counted by day and words, without losing one and without a trace of anybody."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.library import Library
from kb.access import ROLES, VISITOR, NotAllowed, Person, SignInNeeded
from kb.app import create_app
from kb.records import counts as records
from kb.records.counts import AskedFor, Counted, Day
from kb.records.database import Database, now
from kb.records.tables import search_count
from kb.services import searches
from kb.services.desk import DatabaseOpening, open_database
from kb.services.office import SmallOffice
from kb.services.searches import LONGEST, MOST, Tally, flush, kept_words, write_counts
from kb.settings import Settings
from tests import factories
from tests.browser.sites import kb_serve
from tests.desks import drop_schema, own_schema
from tests.kb.conftest import HOME, visitor

EDITOR = Person(1, "Eva", "eva@example.org", ROLES[3])
MONDAY = date(2026, 11, 23)
PHONE = "Mozilla/5.0 (Linux; Android 14) Firefox/150.0"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    settings = Settings(data=tmp_path / "data", database_url=own_schema())
    database = open_database(settings)
    yield SmallOffice(database, settings)
    database.close()
    drop_schema(settings)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    settings = Settings(data=tmp_path_factory.mktemp("shared"), database_url=own_schema())
    database = open_database(settings)
    yield SmallOffice(database, settings)
    database.close()
    drop_schema(settings)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    settings = Settings(data=tmp_path_factory.mktemp("broken"))
    database = Database(settings.database)
    yield SmallOffice(database, settings)
    database.close()


def rows(office: SmallOffice) -> list[tuple[Any, ...]]:
    with office.database.reading() as connection:
        query = sa.select(search_count).order_by(search_count.c.day, search_count.c.words)
        return [tuple(row) for row in connection.execute(query)]


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  Mobile   Money ", "mobile money"),
            ("Ｍ-Pesa", "m-pesa"),
            ("Comment payer SANS banque ?", "comment payer sans banque ?"),
            ("year:2010..2015 cash", "year:2010..2015 cash"),
            ("sdg:1 or 1999-2005", "sdg:1 or 1999-2005"),
            ("5G in 2024", "5g in 2024"),
            ("农村移动支付", "农村移动支付"),
            ("covid-19 cash", "covid-19 cash"),
            ("1200 people paid", "1200 people paid"),
            ("password reset by text message", "password reset by text message"),
            ("a\0b\u202ec", "a b c"),
        ],
    )
    def test_words_are_folded(self, typed: str, kept: str) -> None:
        assert kept_words(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            "write to ama@example.org",
            "ａｍａ＠example.org",
            "0722123456",
            "+254 (722) 123-456",
            "call 07 22 12 34 56 please",
            "passport A1234567",
            "DE89 3704 0044 0532 0130 00",
            "٠١٢٣٤٥٦٧٨",
            "1985-04-1234567",
            "sk-live-51H8xkJe2Zv",
            "550e8400-e29b-41d4-a716-446655440000",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "my password: horse",
            "https://example.org/reset?token=abc",
            "mot de passe = cheval",
            "x" * (LONGEST + 1),
            "  ",
        ],
    )
    def test_what_could_name_somebody_or_open_something_is_not_kept_at_all(
        self, typed: str
    ) -> None:
        assert kept_words(typed) == ""

    @given(st.text(max_size=300))
    def test_whatever_is_typed_what_is_kept_is_short_clean_and_the_same_when_kept_again(
        self, typed: str
    ) -> None:
        kept = kept_words(typed)
        assert len(kept) <= 200
        assert kept.isprintable()
        assert "@" not in kept
        assert kept_words(kept) == kept

    def test_a_long_word_costs_no_more_than_its_length(self) -> None:
        for piece in ("a", "1 ", "a1", "((1", "password"):
            kept_words(piece * (LONGEST // len(piece)))


class TestCounting:
    def test_counts_are_added_to_those_of_the_day(self, office: SmallOffice) -> None:
        tally = Tally()
        for found in (True, False, False):
            tally.asked("Cash", found, MONDAY)
        tally.followed(" cash", MONDAY)
        assert flush(office, tally) == 1
        assert rows(office) == [(MONDAY, "cash", 3, 2, 1)]
        tally.asked("cash", True, MONDAY)
        tally.asked("cash", True, MONDAY + timedelta(days=1))
        assert flush(office, tally) == 2
        assert rows(office) == [
            (MONDAY, "cash", 4, 2, 1),
            (MONDAY + timedelta(days=1), "cash", 1, 0, 0),
        ]
        assert flush(office, tally) == 0

    @settings(max_examples=15, deadline=None)
    @given(
        work=st.lists(
            st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), max_size=20),
            min_size=1,
            max_size=5,
        )
    )
    def test_threads_that_count_and_write_at_the_same_time_lose_nothing(
        self, shared: SmallOffice, broken: SmallOffice, work: list[list[tuple[str, bool, bool]]]
    ) -> None:
        """Every second time that a thread writes, the database has no tables."""
        tally, before = Tally(), {row[1]: row[2:] for row in rows(shared)}

        def run(asked: list[tuple[str, bool, bool]]) -> None:
            for turn, (words, found, read) in enumerate(asked):
                tally.asked(words, found, MONDAY)
                if read:
                    tally.followed(words, MONDAY)
                if turn % 2:
                    flush(shared, tally)
                elif not tally.empty:
                    try:
                        flush(broken, tally)
                    except sa.exc.SQLAlchemyError:
                        failed.append(turn)

        failed: list[int] = []
        threads = [threading.Thread(target=run, args=(some,)) for some in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        flush(shared, tally)
        everything = [one for some in work for one in some]
        after = {row[1]: row[2:] for row in rows(shared)}
        for words in "abc":
            asked = [one for one in everything if one[0] == words]
            expected = (
                len(asked),
                sum(not found for _, found, _ in asked),
                sum(read for _, _, read in asked),
            )
            old, new = before.get(words, (0, 0, 0)), after.get(words, (0, 0, 0))
            assert tuple(b - a for a, b in zip(old, new, strict=True)) == expected

    def test_two_processes_add_to_the_same_words(self, office: SmallOffice) -> None:
        def process() -> None:
            tally = Tally()
            for _ in range(20):
                for words in ("cash", "phone", "zebra"):
                    tally.asked(words, True, MONDAY)
                flush(office, tally)

        threads = [threading.Thread(target=process) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [row[1:] for row in rows(office)] == [
            (words, 80, 0, 0) for words in ("cash", "phone", "zebra")
        ]

    def test_a_flood_of_made_up_words_ends(self) -> None:
        tally = Tally()
        for number in range(MOST + 500):
            tally.asked(f"word {number}", True, MONDAY)
        tally.asked("word 1", True, MONDAY)  # what is known goes on being counted
        tally.asked("another day", True, MONDAY + timedelta(days=1))
        counts = tally.take()
        assert len(counts) == MOST + 1
        assert next(one for one in counts if one.words == "word 1").asked == 2

    def test_nothing_is_counted_where_that_is_switched_off(self) -> None:
        tally = Tally(counting=False)
        tally.asked("cash", True)
        tally.followed("cash")
        assert tally.empty

    def test_counts_are_written_at_the_stop_and_no_database_is_opened_for_nothing(
        self, tmp_path: Path
    ) -> None:
        settings = Settings(data=tmp_path / "data")
        opening = DatabaseOpening(settings)
        tally, stopped = Tally(), threading.Event()
        stopped.set()

        def office() -> SmallOffice:
            return SmallOffice(opening.database(), settings)

        write_counts(tally, office, stopped)
        assert not settings.data.exists()
        tally.asked("cash", False, MONDAY)
        write_counts(tally, office, stopped)
        assert rows(office()) == [(MONDAY, "cash", 1, 1, 0)]
        opening.database().close()

    def test_what_cannot_be_written_is_written_later(
        self, broken: SmallOffice, office: SmallOffice, caplog: pytest.LogCaptureFixture
    ) -> None:
        tally, stopped = Tally(), threading.Event()
        stopped.set()
        tally.asked("cash", True, MONDAY)
        write_counts(tally, lambda: broken, stopped)
        assert "could not be written down yet" in caplog.text
        write_counts(tally, lambda: office, stopped)
        assert rows(office) == [(MONDAY, "cash", 1, 0, 0)]

    def test_counts_are_written_meanwhile(self, office: SmallOffice) -> None:
        tally, stop = Tally(), threading.Event()
        tally.asked("cash", True, MONDAY)
        beside = threading.Thread(target=write_counts, args=(tally, lambda: office, stop, 0.01))
        beside.start()
        while not rows(office):
            stop.wait(0.01)
        stop.set()
        beside.join()
        assert rows(office) == [(MONDAY, "cash", 1, 0, 0)]


class TestWhatEditorsSee:
    @pytest.fixture
    def counted(self, office: SmallOffice) -> SmallOffice:
        old = MONDAY - timedelta(days=400)
        with office.database.writing() as connection:
            records.add(
                connection,
                [
                    Counted(MONDAY, "answered", 9, 0, 4),
                    Counted(MONDAY, "never read", 5, 0, 0),
                    Counted(MONDAY, "nothing", 3, 3, 0),
                    Counted(MONDAY + timedelta(days=1), "nothing", 4, 3, 1),
                    Counted(MONDAY, "once", 1, 1, 0),
                    Counted(old, "long ago", 8, 8, 0),
                ],
            )
        return office

    def test_words_without_an_answer_or_a_click_most_asked_first(
        self, counted: SmallOffice
    ) -> None:
        found = searches.unanswered(counted, EDITOR, MONDAY)
        assert found == (
            AskedFor("nothing", 7, 6, 1, MONDAY + timedelta(days=1)),
            AskedFor("never read", 5, 0, 0, MONDAY),
            AskedFor("once", 1, 1, 0, MONDAY),
        )
        assert searches.unanswered(counted, EDITOR, MONDAY, limit=1) == found[:1]

    def test_each_day(self, counted: SmallOffice) -> None:
        assert searches.by_day(counted, EDITOR, MONDAY) == (
            Day(MONDAY + timedelta(days=1), 1, 4, 3, 1),
            Day(MONDAY, 4, 18, 4, 4),
        )

    def test_it_is_for_editors(self, counted: SmallOffice) -> None:
        for ask in (searches.unanswered, searches.by_day):
            with pytest.raises(SignInNeeded):
                ask(counted, VISITOR, MONDAY)
            for role in ROLES[:3]:
                with pytest.raises(NotAllowed):
                    ask(counted, Person(2, "Rosa", "rosa@example.org", role), MONDAY)

    def test_what_is_older_than_the_setting_is_forgotten(self, counted: SmallOffice) -> None:
        assert searches.forget_searches(counted, MONDAY) == 1
        assert {row[1] for row in rows(counted)} == {"answered", "never read", "nothing", "once"}

    def test_nothing_is_kept_where_counting_was_switched_off(self, counted: SmallOffice) -> None:
        off = replace(counted, settings=replace(counted.settings, searches_kept_days=0))
        assert searches.forget_searches(off, MONDAY) == 6
        assert rows(counted) == []


class TestRequests:
    @pytest.fixture
    def app(self, library: Library, settings: Settings) -> Flask:
        return create_app(settings, library)

    @pytest.fixture
    def client(self, app: Flask) -> FlaskClient:
        return visitor(app)

    @pytest.fixture
    def taken(self, app: Flask) -> Callable[[], list[tuple[str, int, int, int]]]:
        """What was counted since it was asked for last."""
        tally: Tally = app.extensions["sankofa.searches"]
        return lambda: [(one.words, one.asked, one.empty, one.followed) for one in tally.take()]

    def test_a_search_and_what_was_read_of_it(self, client: FlaskClient, taken: Any) -> None:
        assert client.get("/search?q=Cash+by+phone").status_code == 200
        assert taken() == [("cash by phone", 1, 0, 0)]
        assert client.get("/search?q=best+pizza+recipe").status_code == 200
        assert taken() == [("best pizza recipe", 1, 1, 0)]
        came = {"Referer": f"{HOME}/search?q=Cash+by+phone&theme=digital-payments&page=2"}
        for path in ("/cases/cash-by-phone", "/cases/cash-by-phone/fr"):
            assert client.get(path, headers=came).status_code == 200
            assert taken() == [("cash by phone", 0, 0, 1)]

    def test_the_same_words_once_more_are_no_new_question(
        self, client: FlaskClient, taken: Any
    ) -> None:
        here = f"{HOME}/search?q=cash"
        for path in ("/search?q=cash&theme=digital-payments", "/search?q=cash&sort=newest"):
            client.get(path, headers={"Referer": here})
            client.get(path, headers={"HX-Request": "true", "HX-Current-URL": here})
        for path in ("/map?q=cash", "/matrix?q=cash&rows=theme"):
            client.get(path, headers={"Referer": here})
            client.get("/search?q=cash&country=KE", headers={"Referer": f"{HOME}{path}"})
        client.get("/search?q=cash&page=2")
        client.get("/search")
        client.get("/search?theme=digital-payments")
        client.get("/suggest?q=cas")
        client.get("/search?q=cash", headers={"Cache-Control": "max-age=0"})
        client.get("/search?q=cash", headers={"If-None-Match": 'W/"0"'})
        assert taken() == []

    def test_what_is_typed_into_the_page_counts_when_it_is_sent(
        self, client: FlaskClient, taken: Any
    ) -> None:
        htmx = {"HX-Request": "true", "HX-Current-URL": f"{HOME}/search?q=cash"}
        client.get("/search?q=clinics", headers={**htmx, "Referer": f"{HOME}/search?q=cash"})
        assert taken() == [("clinics", 1, 0, 0)]
        client.get("/map?q=best+pizza+recipe", headers={"Referer": f"{HOME}/map?q=cash"})
        assert taken() == [("best pizza recipe", 1, 1, 0)]
        client.get("/search?q=cash", headers={"Referer": f"{HOME}/"})
        client.get("/search?q=cash", headers={"Referer": "https://example.org/search?q=cash"})
        client.get("/search?q=cash", headers={"Referer": "http://[::1"})
        assert taken() == [("cash", 3, 0, 0)]

    def test_editors_who_follow_the_list_of_searches_are_not_counted(
        self, client: FlaskClient, taken: Any
    ) -> None:
        client.get("/search?q=cash", headers={"Referer": f"{HOME}/office/searches"})
        assert taken() == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
            {"User-Agent": "some-crawler/1.0"},
            {"User-Agent": "Baiduspider"},
            {"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"},
        ],
    )
    def test_robots_and_what_is_fetched_ahead_are_not_counted(
        self, client: FlaskClient, taken: Any, headers: dict[str, str]
    ) -> None:
        client.get("/search?q=cash", headers=headers)
        client.get("/cases/cash-by-phone", headers={**headers, "Referer": f"{HOME}/search?q=cash"})
        client.head("/search?q=cash", headers={"User-Agent": PHONE})
        assert taken() == []

    def test_a_case_that_was_reached_otherwise_is_not_counted(
        self, client: FlaskClient, taken: Any
    ) -> None:
        for address in (
            "", f"{HOME}/", f"{HOME}/search", f"{HOME}/themes/e-health?q=cash",
            "https://example.org/search?q=cash", f"{HOME}.evil.example/search?q=cash",
        ):  # fmt: skip
            client.get("/cases/cash-by-phone", headers={"Referer": address})
        here = {"Referer": f"{HOME}/search?q=cash"}
        assert client.get("/cases/no-such-case", headers=here).status_code == 404
        client.get("/cases/cash-by-phone.json", headers=here)
        assert taken() == []

    def test_behind_a_proxy_the_public_address_is_the_site(
        self, library: Library, settings: Settings
    ) -> None:
        public = "https://library.example.org"
        app = create_app(replace(settings, base_url=public), library)
        visitor(app).get("/cases/cash-by-phone", headers={"Referer": f"{public}/search?q=cash"})
        tally: Tally = app.extensions["sankofa.searches"]
        assert [one.followed for one in tally.take()] == [1]

    def test_a_visitor_s_search_opens_no_database_and_sets_no_cookie(
        self, tmp_path: Path, library: Library, settings: Settings
    ) -> None:
        app = create_app(replace(settings, data=tmp_path / "data"), library)
        answer = visitor(app).get("/search?q=cash")
        came = {"Referer": f"{HOME}/search?q=cash"}
        read = visitor(app).get("/cases/cash-by-phone", headers=came)
        assert "Set-Cookie" not in {**answer.headers, **read.headers}
        assert not (tmp_path / "data").exists()
        assert not app.extensions["sankofa.searches"].empty

    def test_nothing_is_counted_where_the_setting_says_so(
        self, library: Library, settings: Settings
    ) -> None:
        app = create_app(replace(settings, searches_kept_days=0), library)
        visitor(app).get("/search?q=cash")
        assert app.extensions["sankofa.searches"].empty


def test_the_day_is_that_of_the_moment() -> None:
    tally = Tally()
    before = now().date()
    tally.asked("cash", True)
    assert before <= tally.take()[0].day <= now().date()


def test_kb_serve_counts_and_writes_when_it_stops(tmp_path: Path) -> None:
    cases = {"cash-by-phone": factories.case_text()}
    content = factories.content_folder(tmp_path / "content", cases)
    (tmp_path / "var").mkdir()
    with kb_serve(content, tmp_path / "var") as address:
        urllib.request.urlopen(f"{address}/search?q=Zebra+crossing", timeout=10).close()
    settings = Settings(data=tmp_path / "var" / "data")
    database = open_database(settings)
    assert [row[1:] for row in rows(SmallOffice(database, settings))] == [
        ("zebra crossing", 1, 1, 0)
    ]
    database.close()
