"""Letters about saved searches: one a person and pace, at the hour of the digests, never twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from indexer.values import Key
from kb.access import Person
from kb.present.alert_letters import alert_letter
from kb.records import jobs
from kb.records import saved as records
from kb.records.database import now
from kb.records.saved import Saved
from kb.services import alerts, people, unsubscribing
from kb.services.desk import Desk
from kb.services.digests import last_moment
from kb.services.telling import MOST, tell_alerts
from kb.services.work import do_all
from kb.tasks import TASKS
from tests import desks
from tests.desks import CASH, CROPS
from tests.people import outbox, text_of

MAIL = {"mail": TASKS["mail"]}
DAY = timedelta(days=1)


@pytest.fixture
def morning(desk: Desk) -> datetime:
    """The next hour of the daily digests."""
    return last_moment(desk.settings, "day", now()) + DAY


@pytest.fixture
def monday(desk: Desk) -> datetime:
    """The next hour of the weekly ones."""
    return last_moment(desk.settings, "week", now()) + 7 * DAY


def saved(desk: Desk, person: Person, theme: str, pace: str = "day", title: str = "") -> Saved:
    query = alerts.Query().with_value("theme", theme)
    return alerts.save(desk, person, query, title or theme, pace).saved


def found(
    desk: Desk, search: Saved, key: Key = CASH, how: str = "new", at: datetime | None = None,
    **reason: Any,
) -> None:  # fmt: skip
    """Writes down that a search found something, as a look does."""
    why = {"title": key.slug, "lang": "en", "words": [], "names": [], "meaning": False, **reason}
    with desk.database.writing() as connection:
        rows = [(key, f"{at or now():%f%S%M%H%d%m}"[:12], how, why)]
        records.add_found(connection, search.id, at or now(), rows)


def tell(desk: Desk, at: datetime) -> str:
    return tell_alerts(desk, alert_letter, at)


def letters(desk: Desk) -> list[EmailMessage]:
    assert [done.error for done in do_all(desk, MAIL) if done.error] == []
    return outbox(desk.settings.data)


def subjects(found: Iterable[EmailMessage]) -> list[str]:
    return [str(letter["Subject"]) for letter in found]


def test_a_letter_says_what_is_new_what_changed_and_why(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search = saved(desk, ama, "digital-payments", title="Money by phone")
    found(desk, search, words=["cash", "phone"], names=["Mobile money"], meaning=True,
          title="Cash by phone in Kenya")  # fmt: skip
    found(desk, search, CROPS, "changed", fields=["title", "body"], title="Crop prices")
    assert tell(desk, morning - timedelta(minutes=1)) == ""
    assert tell(desk, morning) == "letters: 1"
    (letter,) = letters(desk)
    assert letter["To"] == "ama@example.org"
    assert letter["Subject"] == "News of your search “Money by phone”"
    text = text_of(letter)
    assert "Theme: Digital payments" in text
    assert "New · Close in meaning; also matches cash, phone, Mobile money" in text
    assert "Changed: title, the text · Meets all that is asked for" in text
    assert "/cases/cash-by-phone" in text
    assert "/search?theme=digital-payments" in text
    assert "/alerts" in text
    html = letter.get_body(("html",))
    assert html is not None
    assert "Cash by phone in Kenya" in html.get_content()
    assert tell(desk, morning + timedelta(hours=1)) == ""
    assert len(letters(desk)) == 1


def test_all_searches_of_a_pace_come_in_one_letter(
    desk: Desk, ama: Person, ben: Person, morning: datetime, monday: datetime
) -> None:
    for theme in ("digital-payments", "e-health"):
        found(desk, saved(desk, ama, theme))
    found(desk, saved(desk, ama, "gender-inclusion", "week"))
    found(desk, saved(desk, ben, "e-health"))
    saved(desk, ben, "digital-payments")
    at = min(morning, monday - timedelta(minutes=1))
    assert tell(desk, at) == ("letters: 2" if at == morning else "")
    tell(desk, monday)
    told = letters(desk)
    assert sorted(subjects(told)) == [
        "News of 2 of your searches",
        "News of your search “e-health”",
        "News of your search “gender-inclusion”",
    ]


def test_what_is_found_after_the_hour_waits_for_the_next_one(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search = saved(desk, ama, "digital-payments")
    found(desk, search, at=morning + timedelta(minutes=5))
    assert tell(desk, morning + timedelta(minutes=10)) == ""
    assert tell(desk, morning + DAY) == "letters: 1"
    found(desk, search, CROPS, at=morning + DAY + timedelta(minutes=5))
    assert tell(desk, morning + 2 * DAY - timedelta(minutes=1)) == ""
    assert tell(desk, morning + 5 * DAY) == "letters: 1"  # an hour that was missed is made up for
    assert len(letters(desk)) == 2


def test_the_weekly_letter_goes_out_once_a_week(desk: Desk, ama: Person, monday: datetime) -> None:
    search = saved(desk, ama, "digital-payments", "week")
    for day in range(8):
        found(desk, search, at=monday + day * DAY - timedelta(hours=2))
        tell(desk, monday + day * DAY)
    assert len(letters(desk)) == 2


def test_no_letter_is_sent_for_the_feed_alone_nor_for_nothing(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    found(desk, saved(desk, ama, "e-health", "never"))
    saved(desk, ama, "digital-payments")
    found(desk, saved(desk, ama, "gender-inclusion"), how="first")
    assert tell(desk, morning + 14 * DAY) == ""


def test_nobody_who_is_kept_out_or_left_is_written_to(
    desk: Desk, ama: Person, otto: Person, morning: datetime
) -> None:
    found(desk, saved(desk, ama, "e-health"))
    people.disable(desk, otto, ama.id or 0)
    assert tell(desk, morning) == ""
    people.disable(desk, otto, ama.id or 0, closed=False)
    assert tell(desk, morning) == "letters: 1"


def test_letters_that_begin_again_do_not_tell_what_the_feed_told_meanwhile(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search = saved(desk, ama, "e-health", "never")
    found(desk, search)
    alerts.change(desk, ama, search.token, search.title, "day")
    assert tell(desk, morning) == ""
    found(desk, search, CROPS)
    assert tell(desk, morning) == "letters: 1"
    assert "cash-by-phone" not in text_of(letters(desk)[0])


def test_a_case_is_named_once_and_the_many_are_counted(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search = saved(desk, ama, "e-health")
    found(desk, search)
    found(desk, search, how="changed", fields=["title"])
    for number in range(MOST):
        found(desk, search, Key("case", f"case-{number}"))
    tell(desk, morning)
    text = text_of(letters(desk)[0])
    assert "And 1 more case" in text
    assert "case-0" in text
    assert "cash-by-phone" not in text  # the oldest of them


def test_a_case_that_was_new_and_then_changed_is_new(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search = saved(desk, ama, "e-health")
    found(desk, search)
    found(desk, search, how="changed", fields=["title"])
    tell(desk, morning)
    text = text_of(letters(desk)[0])
    assert text.count("/cases/cash-by-phone") == 1
    assert "Changed" not in text


def test_letters_about_a_search_end_by_one_click_also_after_its_feed_was_renewed(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search, other = saved(desk, ama, "e-health"), saved(desk, ama, "digital-payments")
    for one in (search, other):
        found(desk, one)
    tell(desk, morning)
    (letter,) = letters(desk)
    header = str(letter["List-Unsubscribe"]).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert header in text_of(letter)
    one = unsubscribing.address(desk.settings, ama.id or 0, f"alert/{search.id}")
    assert one in text_of(letter)
    alerts.renew_feed(desk, ama, search.token)
    assert unsubscribing.look(desk, one.rpartition("/")[2]).searches == ("e-health",)
    unsubscribing.stop(desk, one.rpartition("/")[2])
    paces = {row.saved.id: row.saved.pace for row in alerts.mine(desk, ama)}
    assert paces == {search.id: "never", other.id: "day"}
    unsubscribing.stop(desk, header.rpartition("/")[2])
    assert {row.saved.pace for row in alerts.mine(desk, ama)} == {"never"}


def test_a_title_with_odd_letters_makes_a_letter_all_the_same(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    search = saved(desk, ama, "e-health", title="<b>&\r\nBcc: eva@example.org \u200f صحة")
    found(desk, search, title="\r\nSubject: x")
    tell(desk, morning)
    (letter,) = letters(desk)
    assert letter["Bcc"] is None
    html = letter.get_body(("html",))
    assert html is not None
    assert "<b>&" not in html.get_content()


def test_a_letter_is_written_down_with_what_says_that_it_was_sent(
    desk: Desk, ama: Person, morning: datetime
) -> None:
    """A writer that fails leaves both undone, so that the letter goes out later."""
    search = saved(desk, ama, "e-health")
    found(desk, search)

    def fail(*_: Any) -> Any:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_alerts(desk, fail, morning)
    with desk.database.reading() as connection:
        assert not jobs.waits(connection, ("mail",), morning)
    assert alerts.one_of_mine(desk, ama, search.token).saved.told_at is None
    assert tell(desk, morning) == "letters: 1"
    assert alerts.one_of_mine(desk, ama, search.token).saved.told_at == morning


def test_the_table_of_work_tells_in_time(desk: Desk, ama: Person) -> None:
    assert TASKS["alert letters"].every == timedelta(minutes=15)
    assert TASKS["alert letters"].run(desk) == ""


def test_from_a_publication_to_the_letter(
    desk: Desk, ama: Person, eva: Person, morning: datetime
) -> None:
    search = alerts.save(desk, ama, alerts.Query(text="cash by phone"), "Cash", "day").saved
    title = "Cash by telephone in Kenya"
    desks.made_public(desk, ama, eva, CASH, lambda text: desks.with_fields(text, title=title))
    with desk.database.writing() as connection:
        records.change(connection, search.id, looked_at=now() - timedelta(hours=1))
    assert "1 changed" in str(TASKS["alerts"].run(desk))
    tell(desk, morning)
    text = text_of(letters(desk)[-1])
    assert title in text
    assert "Changed: title · Close in meaning; also matches cash" in text
