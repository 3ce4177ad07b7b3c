"""Notices: who is told of what, when and how; and how that ends with one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import Library
from indexer.values import Key
from kb.access import CONSOLE, Person
from kb.app import create_app
from kb.present.notices import NAMES, SAID, notice_letter
from kb.records import jobs, journal, people, saved, tables
from kb.records.database import now
from kb.records.journal import Draft
from kb.services import editing, moving, unsubscribing
from kb.services import people as leaving
from kb.services.desk import Desk, open_database
from kb.services.digests import last_moment, plan_digests, tell
from kb.services.notices import NOTICES, TELL, NoSuchPace, choices_of, choose, notify
from kb.services.tickets import LinkNotValid
from kb.services.work import do_all
from kb.settings import Settings
from kb.tasks import TASKS
from kb.translation import gettext, language, speaking
from tests import factories
from tests.desks import count, drop_schema, own_schema
from tests.people import PASSWORD, add_person, browser, outbox, signed_in, text_of

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def desk(settings: Settings, library: Library, tmp_path: Path) -> Iterator[Desk]:
    made = replace(settings, data=tmp_path / "data", database_url=own_schema())
    database = open_database(made)
    yield Desk(database, library, made)
    database.close()
    drop_schema(made)


@pytest.fixture
def app(desk: Desk) -> Iterator[Flask]:
    app = create_app(desk.settings, desk.library)
    yield app
    app.extensions["sankofa.database"].database().close()


@pytest.fixture
def ama(desk: Desk) -> Person:
    return add_person(desk.database, "contributor", "Ama", "ama@example.org")


@pytest.fixture
def rosa(desk: Desk) -> Person:
    return add_person(desk.database, "reviewer", "Rosa", "rosa@example.org")


@pytest.fixture
def draft(desk: Desk, ama: Person) -> Draft:
    text = factories.case_text(title="Radio lessons")
    return editing.submit(desk, ama, editing.begin(desk, ama, None, text=text).token)


def happened(
    desk: Desk, kind: str, subject: str, *to: Person, by: Person = CONSOLE, **words: str
) -> None:
    with desk.database.writing() as connection:
        notify(connection, by, kind, [one.id or 0 for one in to], subject, **words)


def letters(desk: Desk) -> list[EmailMessage]:
    """All that was sent, once background work has done what is due."""
    errors = [done.error for done in do_all(desk, TASKS) if done.error]
    assert errors == []
    return outbox(desk.settings.data)


def told(desk: Desk, person: Person, at: datetime) -> list[EmailMessage]:
    """All that was sent, once a person was told what is due at a time."""
    tell(desk, notice_letter, person.id or 0, at)
    return letters(desk)


def unsent(desk: Desk) -> int:
    with desk.database.reading() as connection:
        return len(connection.execute(sa.select(tables.notice).filter_by(sent_at=None)).all())


def paces(desk: Desk, person: Person, **chosen: str) -> None:
    choose(desk, person, {kind.replace("_", "-"): pace for kind, pace in chosen.items()}, "")


def morning_after(desk: Desk) -> datetime:
    """The next hour of digests."""
    return last_moment(desk.settings, "day", now()) + DAY


def monday_after(desk: Desk) -> datetime:
    return last_moment(desk.settings, "week", now()) + 7 * DAY


# At once -----------------------------------------------------------------------------------


def test_somebody_is_told_at_once_who_said_what_about_what_and_where_it_is(
    desk: Desk, ama: Person, rosa: Person, draft: Draft
) -> None:
    happened(
        desk, "changes-requested", f"draft/{draft.token}", ama, by=rosa, name="Rosa",
        title="Radio lessons", message="Who counted them?\n\nAnd when?",
    )  # fmt: skip
    (letter,) = letters(desk)
    assert letter["To"] == "ama@example.org"
    assert letter["Subject"] == "Changes are asked for: Radio lessons"
    text = text_of(letter)
    assert "* Radio lessons (Rosa · " in text
    assert "  > Who counted them?\n  > \n  > And when?\n" in text
    assert f"  http://127.0.0.1:8000/drafts/{draft.token}\n" in text
    assert "http://127.0.0.1:8000/account/notices" in text
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip("<>") in text
    assert len(letters(desk)) == 1


def test_whoever_did_it_is_not_told_nor_is_anybody_if_it_did_not_happen(
    desk: Desk, ama: Person, draft: Draft
) -> None:
    happened(desk, "comment", f"draft/{draft.token}", ama, by=ama, title="x")
    with pytest.raises(ZeroDivisionError), desk.database.writing() as connection:
        notify(connection, CONSOLE, "comment", [ama.id or 0], f"draft/{draft.token}", title="x")
        raise ZeroDivisionError
    assert letters(desk) == []


def test_several_things_of_a_moment_come_in_one_letter_gathered_by_what_they_are_about(
    desk: Desk, ama: Person, draft: Draft
) -> None:
    for name, message in (("Rosa", "One."), ("Kofi", "Two."), ("Rosa", "Three."), ("", "Four.")):
        happened(desk, "comment", f"draft/{draft.token}", ama, title="Radio lessons", name=name,
                 message=message)  # fmt: skip
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")
    (letter,) = letters(desk)
    assert letter["Subject"] == "5 notices from Sankofa"
    text = text_of(letter)
    assert text.count("* Radio lessons") == 1
    assert "(Rosa, Kofi · " in text
    assert "4 times)" in text
    assert "> Rosa: One.\n" in text
    assert "> and 1 more\n" in text
    assert "http://127.0.0.1:8000/cases/cash-by-phone\n" in text
    assert text.index("Comments on your drafts") < text.index("Your texts that were published")


def test_every_kind_has_its_words_and_every_letter_its_subject(desk: Desk, ama: Person) -> None:
    assert set(NAMES) == set(SAID) == set(NOTICES)
    assert len({said("x") for said in SAID.values()}) == len(NOTICES)


def test_a_title_of_several_lines_cannot_break_the_letter(
    desk: Desk, ama: Person, draft: Draft
) -> None:
    happened(desk, "comment", f"draft/{draft.token}", ama, title="One\r\nBcc: all@example.org",
             name="Ro\nsa")  # fmt: skip
    (letter,) = letters(desk)
    assert letter["Subject"] == "A comment on One Bcc: all@example.org"
    assert letter["Bcc"] is None


def test_a_long_message_is_cut_for_the_rest_is_read_on_the_site(desk: Desk, ama: Person) -> None:
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash", message="word " * 900)
    (letter,) = letters(desk)
    assert 900 < len(text_of(letter)) < 2000
    assert "word …" in text_of(letter)


# Gathered ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pace", "at", "moment"),
    [
        ("day", "2026-07-28T06:00:00", "2026-07-28T06:00:00"),
        ("day", "2026-07-28T05:59:59", "2026-07-27T06:00:00"),
        ("week", "2026-07-27T06:00:00", "2026-07-27T06:00:00"),  # a Monday
        ("week", "2026-07-27T05:00:00", "2026-07-20T06:00:00"),
        ("week", "2026-08-02T23:00:00", "2026-07-27T06:00:00"),
    ],
)
def test_the_last_moment_of_digests(pace: str, at: str, moment: str) -> None:
    found = last_moment(Settings(), pace, datetime.fromisoformat(at))
    assert found == datetime.fromisoformat(moment)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 23))
def test_there_is_a_moment_each_day_and_each_monday(at: datetime, hour: int) -> None:
    settings = Settings(digest_hour=hour)
    day, week = (last_moment(settings, pace, at) for pace in ("day", "week"))
    assert at - DAY < day <= at
    assert at - 7 * DAY < week <= at
    assert (day.hour, week.hour, week.weekday()) == (hour, hour, 0)


def test_what_comes_once_a_day_waits_for_the_hour_and_comes_in_one_letter(
    desk: Desk, ama: Person, rosa: Person, draft: Draft
) -> None:
    other = editing.begin(desk, ama, None, text=factories.case_text(title="Maps for farmers"))
    editing.submit(desk, ama, other.token)  # of which those who review are told, as of the first
    assert letters(desk) == []
    morning = morning_after(desk)
    assert plan_digests(desk, morning - MINUTE) == ""
    assert told(desk, rosa, morning - MINUTE) == []
    assert plan_digests(desk, morning + 15 * MINUTE) == "1 to tell"
    assert plan_digests(desk, morning + 30 * MINUTE) == ""
    (letter,) = told(desk, rosa, morning + 15 * MINUTE)
    assert letter["Subject"] == "2 notices from Sankofa"
    assert "Radio lessons" in text_of(letter)
    assert "Maps for farmers" in text_of(letter)
    assert len(told(desk, rosa, morning + 9 * DAY)) == 1
    assert unsent(desk) == 0


def test_what_comes_once_a_week_comes_on_monday(desk: Desk, ama: Person) -> None:
    happened(desk, "review-due", "case/cash-by-phone", ama, title="Cash")
    monday = monday_after(desk)
    assert plan_digests(desk, monday - MINUTE) == ""
    assert told(desk, ama, monday - MINUTE) == []
    assert plan_digests(desk, monday) == "1 to tell"
    (letter,) = told(desk, ama, monday)
    assert letter["Subject"] == "Due for another look: Cash"


def test_what_came_after_the_hour_waits_for_the_next_one(
    desk: Desk, rosa: Person, draft: Draft
) -> None:
    assert draft.state == "submitted"  # of which those who review are told
    assert plan_digests(desk, now() + MINUTE) in ("", "1 to tell")
    morning = last_moment(desk.settings, "day", now())
    assert told(desk, rosa, morning + MINUTE) == []
    assert unsent(desk) == 1


def test_what_was_to_be_told_at_once_and_was_not_comes_later(desk: Desk, ama: Person) -> None:
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")
    with desk.database.writing() as connection:
        connection.execute(sa.delete(tables.job))
    assert plan_digests(desk, now() + 2 * MINUTE) == ""
    assert plan_digests(desk, now() + 30 * MINUTE) == "1 to tell"
    assert len(letters(desk)) == 1


# Never twice -------------------------------------------------------------------------------


def test_several_who_work_at_once_tell_nobody_twice(desk: Desk, ama: Person) -> None:
    for number in range(12):
        happened(desk, "published", "case/cash-by-phone", ama, title=f"Cash {number}")
    threads = [Thread(target=lambda: list(do_all(desk, TASKS))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = [text_of(letter) for letter in letters(desk)]
    times = [re.search(r"(\d+) times", text) for text in texts]
    assert sum(int(found[1]) if found else 1 for found in times) == 12


def test_a_letter_that_cannot_be_written_leaves_everything_to_be_told(
    desk: Desk, ama: Person
) -> None:
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tell(desk, broken, ama.id or 0)  # type: ignore[arg-type]
    assert unsent(desk) == 1
    assert len(letters(desk)) == 1


# Who is not told ---------------------------------------------------------------------------


def test_nobody_is_told_of_a_draft_that_they_may_not_see_any_more(
    desk: Desk, ama: Person, rosa: Person, draft: Draft
) -> None:
    happened(desk, "submitted", f"draft/{draft.token}", rosa, title="Radio lessons")
    paces(desk, rosa, submitted="now")
    moving.withdraw_submission(desk, ama, draft.token)
    assert letters(desk) == []
    assert unsent(desk) == 0


def test_nobody_is_asked_to_check_what_was_decided_meanwhile(
    desk: Desk, rosa: Person, draft: Draft
) -> None:
    happened(desk, "submitted", f"draft/{draft.token}", rosa, title="Radio lessons")
    with desk.database.writing() as connection:
        journal.change_draft(connection, draft, state="published")
    assert told(desk, rosa, morning_after(desk)) == []


def test_a_published_draft_is_shown_where_everybody_reads_it(desk: Desk, ama: Person) -> None:
    draft = editing.begin(desk, ama, Key("case", "cash-by-phone", ""))
    with desk.database.writing() as connection:
        journal.change_draft(connection, draft, state="published")
    happened(desk, "published", f"draft/{draft.token}", ama)
    (letter,) = letters(desk)
    assert "http://127.0.0.1:8000/cases/cash-by-phone\n" in text_of(letter)


@pytest.mark.parametrize("kind", ["submitted", "suggestion", "report"])
def test_who_has_another_role_by_now_is_not_told_what_is_for_others(
    desk: Desk, rosa: Person, draft: Draft, kind: str
) -> None:
    happened(desk, kind, f"draft/{draft.token}", rosa, title="Radio lessons")
    with desk.database.writing() as connection:
        people.change_account(connection, rosa.id or 0, role="contributor")
    assert told(desk, rosa, morning_after(desk)) == []


@pytest.mark.parametrize("out", ["disabled_at", "email"])
def test_who_is_kept_out_or_left_is_told_nothing(desk: Desk, ama: Person, out: str) -> None:
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")
    with desk.database.writing() as connection:
        value = now() if out == "disabled_at" else None
        people.change_account(connection, ama.id or 0, **{out: value})
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")
    assert letters(desk) == []
    assert unsent(desk) == 0
    assert count(desk, tables.notice) == 1


@pytest.mark.parametrize(
    "subject",
    ["draft/no-such-token", "report/no-such-token", "case/no-such-case", "case/taken-back",
     "case/cash-by-phone/xx", "case", "song/cash-by-phone", "case/../../etc", ""],
)  # fmt: skip
def test_what_is_gone_or_was_never_there_is_passed_over(
    desk: Desk, ama: Person, subject: str
) -> None:
    happened(desk, "published", subject, ama, title="Cash")
    happened(desk, "published", "case/cash-by-phone/fr", ama, title="Argent")
    (letter,) = letters(desk)
    assert letter["Subject"] == "Published: Argent"
    assert unsent(desk) == 0


def test_a_report_is_told_to_those_who_answer_it(desk: Desk, rosa: Person, ama: Person) -> None:
    with desk.database.writing() as connection:
        connection.execute(
            sa.insert(tables.report).values(
                token="abc", kind="case", slug="cash-by-phone", lang="", about="wrong", words="x",
                name="", email="", place="", hash="", ui="", state="new",
                answer="", answered_by="", at=now(),
                changed_at=now(),
            )
        )  # fmt: skip
    happened(desk, "report", "report/abc", rosa, ama, title="Cash by phone", message="A figure")
    (letter,) = told(desk, rosa, morning_after(desk))
    assert letter["Subject"] == "A reader reports a problem: Cash by phone"
    assert "http://127.0.0.1:8000/reports/abc\n" in text_of(letter)
    assert len(told(desk, ama, morning_after(desk))) == 1


def test_who_wants_to_hear_nothing_is_told_nothing_and_nothing_is_kept(
    desk: Desk, ama: Person
) -> None:
    paces(desk, ama, published="never")
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")
    assert letters(desk) == []
    assert count(desk, tables.notice) == 0


def test_a_choice_counts_for_what_waits_already(desk: Desk, ama: Person, rosa: Person) -> None:
    happened(desk, "review-due", "case/cash-by-phone", ama, rosa, title="Cash")
    paces(desk, ama, review_due="now")
    paces(desk, rosa, review_due="never")
    (letter,) = letters(desk)
    assert letter["To"] == "ama@example.org"
    assert len(told(desk, rosa, monday_after(desk) + MINUTE)) == 1
    assert unsent(desk) == 0


def test_choices_are_those_that_may_concern_somebody(desk: Desk, ama: Person, rosa: Person) -> None:
    assert "submitted" not in choices_of(desk, ama).paces
    assert choices_of(desk, rosa).paces == dict(NOTICES)
    kofi = add_person(desk.database, "reader", "Kofi")
    assert choices_of(desk, kofi).paces == {}
    with pytest.raises(NoSuchPace):
        paces(desk, ama, published="hourly")
    with pytest.raises(NoSuchPace):
        paces(desk, ama, gossip="day")


# In which language ---------------------------------------------------------------------------


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that knows one text in French."""
    catalogue = Catalog(locale="fr")
    catalogue.add("Published: %(title)s", "Publié : %(title)s")
    folder = tmp_path / "translations" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    file = BytesIO()
    write_mo(file, catalogue)
    (folder / "messages.mo").write_bytes(file.getvalue())
    monkeypatch.setattr("kb.translation.FOLDER", tmp_path / "translations")


@pytest.mark.usefixtures("french")
def test_a_letter_is_in_the_language_of_its_reader(desk: Desk, ama: Person, rosa: Person) -> None:
    choose(desk, ama, {}, "fr")
    choose(desk, rosa, {}, "xx")
    happened(desk, "published", "case/cash-by-phone", ama, rosa, title="Cash")
    sent = {str(letter["To"]): letter for letter in letters(desk)}
    assert sent["ama@example.org"]["Subject"] == "Publié : Cash"
    assert sent["ama@example.org"]["Content-Language"] == "fr"
    assert sent["rosa@example.org"]["Subject"] == "Published: Cash"


@pytest.mark.usefixtures("french")
def test_a_language_is_spoken_inside_and_not_outside() -> None:
    def said() -> str:
        return gettext("Published: %(title)s", title="x")

    with speaking("fr"):
        assert (language(), said()) == ("fr", "Publié : x")
        with speaking("no such language"):
            assert said() == "Published: x"
        assert said() == "Publié : x"
    assert (language(), said()) == ("en", "Published: x")


def test_choosing_a_language_on_the_site_counts_for_letters(
    desk: Desk, app: Flask, ama: Person
) -> None:
    client, _ = signed_in(app, ama)
    client.post("/choices", data={"ui": "fr", "next": "/"})
    assert choices_of(desk, ama).lang == "fr"
    client.post("/choices", data={"ui": "tlh", "theme": "dark", "next": "/"})
    assert choices_of(desk, ama).lang == "fr"
    assert browser(app).post("/choices", data={"ui": "ar", "next": "/"}).status_code == 303


# The page ----------------------------------------------------------------------------------


def test_the_page_offers_what_may_concern_one_and_keeps_what_is_chosen(
    desk: Desk, app: Flask, ama: Person
) -> None:
    client, _ = signed_in(app, ama)
    assert 'href="/account/notices"' in client.get("/account").text
    page = client.get("/account/notices").text
    assert 'name="comment"' in page
    assert 'name="submitted"' not in page
    assert "at 06:00 UTC" in page
    answer = client.send("/account/notices", {"comment": "week", "lang": "fr"})
    assert answer.headers["Location"] == "/account/notices?done=notices"
    assert "Your choice was kept." in client.get(answer.headers["Location"]).text
    chosen = choices_of(desk, ama)
    assert (chosen.paces["comment"], chosen.paces["approved"], chosen.lang) == ("week", "now", "fr")


def test_a_pace_that_is_none_is_told_at_its_field_and_the_rest_is_kept_in_the_form(
    desk: Desk, app: Flask, ama: Person
) -> None:
    client, _ = signed_in(app, ama)
    answer = client.send("/account/notices", {"comment": "hourly", "approved": "week"})
    assert answer.status_code == 422
    assert 'href="#comment"' in answer.text
    assert re.search(r'id="approved".*?value="week" selected', answer.text, re.DOTALL)
    assert choices_of(desk, ama).paces["approved"] == "now"


def test_one_language_is_not_asked_for(desk: Desk, ama: Person) -> None:
    app = create_app(replace(desk.settings, languages=("en",)), desk.library)
    client, _ = signed_in(app, ama)
    assert 'name="lang"' not in client.get("/account/notices").text
    app.extensions["sankofa.database"].database().close()


def test_a_reader_is_told_that_nothing_is_sent(desk: Desk, app: Flask) -> None:
    client, _ = signed_in(app, add_person(desk.database, "reader", "Kofi"))
    assert "Nothing is sent to readers" in client.get("/account/notices").text


def test_every_link_of_a_letter_leads_somewhere(
    desk: Desk, app: Flask, ama: Person, draft: Draft
) -> None:
    happened(desk, "comment", f"draft/{draft.token}", ama, title="Radio lessons")
    happened(desk, "published", "case/cash-by-phone/fr", ama, title="Cash")
    (letter,) = letters(desk)
    client, _ = signed_in(app, ama)
    found = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", text_of(letter))
    assert len(found) == 4
    for path in found:
        assert client.get(path).status_code == 200, path


# One click ---------------------------------------------------------------------------------


def path_for(desk: Desk, person: Person, *kinds: str) -> str:
    url = unsubscribing.address(desk.settings, person.id or 0, *kinds)
    return url.removeprefix(desk.settings.origin)


def one_click(app: Flask, path: str, **headers: str) -> Any:
    """As the program does it in which somebody reads mail: no cookie, no origin (RFC 8058)."""
    client = app.test_client(use_cookies=False)
    return client.post(
        path, data="List-Unsubscribe=One-Click", base_url=app.config["ORIGIN"],
        content_type="application/x-www-form-urlencoded", headers=headers,
    )  # fmt: skip


def test_one_click_of_a_mail_program_ends_letters_of_the_kind(
    desk: Desk, app: Flask, ama: Person, draft: Draft
) -> None:
    happened(desk, "comment", f"draft/{draft.token}", ama, title="Radio lessons")
    (letter,) = letters(desk)
    path = letter["List-Unsubscribe"].strip("<>").removeprefix(desk.settings.origin)
    answer = one_click(app, path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "no longer writes to you about" in answer.text
    assert 'href="/account/notices"' in answer.text
    assert choices_of(desk, ama).paces["comment"] == "never"
    assert choices_of(desk, ama).paces["approved"] == "now"
    assert one_click(app, path).status_code == 200
    happened(desk, "comment", f"draft/{draft.token}", ama, title="Radio lessons")
    assert len(letters(desk)) == 1


def test_looking_at_the_link_ends_nothing(desk: Desk, app: Flask, ama: Person) -> None:
    path = path_for(desk, ama, "comment", "published")
    for method in ("GET", "HEAD"):
        assert browser(app).open(path, method=method).status_code == 200
    assert choices_of(desk, ama).paces["comment"] == "now"
    page = browser(app).get(path)
    assert "Comments on your drafts" in page.text
    assert "Your texts that were published" in page.text
    assert "ama@example.org" not in page.text
    assert "csrf_token" not in page.text


@pytest.mark.parametrize("origin", ["https://mail.example.com", "null"])
def test_the_token_is_all_that_counts(desk: Desk, app: Flask, ama: Person, origin: str) -> None:
    answer = one_click(app, path_for(desk, ama, "comment"), Origin=origin)
    assert answer.status_code == 200
    client, _ = signed_in(app, add_person(desk.database, "reader", "Kofi"))
    answer = client.post(path_for(desk, ama, "published"))
    assert answer.status_code == 200
    found = choices_of(desk, ama).paces
    assert (found["comment"], found["published"]) == ("never", "never")


def test_a_letter_of_several_kinds_ends_them_all_and_one_can_choose_again(
    desk: Desk, app: Flask, ama: Person
) -> None:
    one_click(app, path_for(desk, ama, "comment", "published"))
    found = choices_of(desk, ama).paces
    assert (found["comment"], found["published"], found["approved"]) == ("never", "never", "now")
    paces(desk, ama, comment="day")
    assert choices_of(desk, ama).paces["comment"] == "day"


def test_a_search_is_hushed_by_its_own_link(desk: Desk, app: Flask, ama: Person) -> None:
    with desk.database.writing() as connection:
        made = saved.add(
            connection, ama.id or 0, title="Cash in Kenya", query="q=cash", pace="day", at=now()
        )
    path = path_for(desk, ama, f"alert/{made.id}")
    assert "Cash in Kenya" in browser(app).get(path).text
    assert one_click(app, path).status_code == 200
    with desk.database.reading() as connection:
        (search,) = connection.execute(sa.select(tables.saved_search)).all()
        events = connection.execute(sa.select(tables.event.c.action, tables.event.c.subject)).all()
    assert search.pace == "never"
    assert ("unsubscribed", "alert") in [tuple(row) for row in events]


def test_nobody_else_can_make_or_change_a_link(desk: Desk, app: Flask, ama: Person) -> None:
    good = path_for(desk, ama, "comment")
    said, _, signature = good.removeprefix("/unsubscribe/").partition(".")
    other = path_for(desk, ama, "published").removeprefix("/unsubscribe/").partition(".")[0]
    for token in (f"{other}.{signature}", said, f"{said}.", f".{signature}", "x", "ü.ä", "a.b.c",
                  f"{said}.{signature[:-4]}", f"{said}.{signature}AAAA"):  # fmt: skip
        assert one_click(app, f"/unsubscribe/{token}").status_code == 410, token
        assert browser(app).get(f"/unsubscribe/{token}").status_code == 410, token
    elsewhere = replace(desk.settings, data=desk.settings.data / "other")
    url = unsubscribing.address(elsewhere, ama.id or 0, "comment")
    assert one_click(app, url.removeprefix(desk.settings.origin)).status_code == 410
    assert choices_of(desk, ama).paces["comment"] == "now"


def test_who_left_has_nothing_to_end_and_all_that_was_to_be_told_is_forgotten(
    desk: Desk, app: Flask, ama: Person
) -> None:
    happened(desk, "review-due", "case/cash-by-phone", ama, title="Cash")
    paces(desk, ama, published="week")
    path = path_for(desk, ama, "comment")
    leaving.delete_account(desk, ama, PASSWORD, "keep", "x")
    assert one_click(app, path).status_code == 410
    with pytest.raises(LinkNotValid):
        unsubscribing.look(desk, path.removeprefix("/unsubscribe/"))
    assert count(desk, tables.notice) == count(desk, tables.notice_choice) == 0


def test_jobs_of_notices_are_named_for_good(desk: Desk, ama: Person) -> None:
    happened(desk, "published", "case/cash-by-phone", ama, title="Cash")
    with desk.database.writing() as connection:
        number = connection.execute(sa.select(tables.notice.c.id)).scalar_one()
        assert not jobs.add(connection, TELL, f"{TELL}/{number}")
