"""What is new in a saved search, what changed in it, and what nobody is to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from indexer.query import Query
from indexer.values import Key
from kb.access import VISITOR, Person, SignInNeeded
from kb.records import saved as records
from kb.records.database import now
from kb.records.saved import Found, Saved
from kb.records.tables import found_case, saved_search
from kb.services import alerts, people
from kb.services.alerts import MOST, NoSuchAlert, SearchTooLong, TooManyAlerts
from kb.services.desk import Desk
from kb.services.publishing import publish, purge, set_status
from kb.services.reconcile import start
from kb.services.watching import Looked, fields_between, look_at_searches
from kb.tasks import TASKS
from tests import desks, factories
from tests.desks import CASH, CROPS
from tests.people import PASSWORD

#: A question that cash-by-phone answers so well that crop-prices falls below the cut.
SHADED = "mobile phone services in africa"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def saved(
    desk: Desk, person: Person, text: str = "", pace: str = "day", title: str = "", **facets: str
) -> Saved:
    query = Query(text=text)
    for facet, value in facets.items():
        query = query.with_value(facet, value)
    return alerts.save(desk, person, query, title or text or "Every case", pace).saved


class Clock:
    """Looks that follow one another, an hour apart unless more time goes by."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.at = desk, now()

    def look(self, after: timedelta = HOUR) -> Looked:
        self.at += after
        return look_at_searches(self.desk, self.at)


@pytest.fixture
def clock(desk: Desk) -> Clock:
    return Clock(desk)


def told(desk: Desk, search: Saved) -> list[tuple[str, str]]:
    """What a search was told of, oldest first: slug and new or changed."""
    return [(row.key.slug, row.change) for row in reversed(rows(desk, search))]


def rows(desk: Desk, search: Saved) -> tuple[Found, ...]:
    with desk.database.reading() as connection:
        return records.found(connection, [search.id])


def count(desk: Desk, table: sa.Table = found_case) -> int:
    return desks.count(desk, table)


def published(desk: Desk, by: Person, editor: Person, title: str, **fields: Any) -> Key:
    draft = desks.new_case(desk, by, title, results=None, funding=None, **fields)
    return publish(desk, editor, draft.token).key


# Looking ------------------------------------------------------------------------------------


def test_what_is_there_when_a_search_is_saved_is_no_news(
    desk: Desk, ama: Person, clock: Clock
) -> None:
    search = saved(desk, ama, "text message")
    assert count(desk) == 2
    assert clock.look() == Looked(1, 0, 0)
    assert clock.look() == Looked(1, 0, 0)
    assert told(desk, search) == []
    assert count(desk) == 2


def test_a_case_that_is_published_is_new_once_with_the_reason(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    search, other = saved(desk, ama, "cash by phone"), saved(desk, ama, "software")
    key = published(desk, ama, eva, "Cash by phone in Uganda")
    assert clock.look() == Looked(2, 1, 0)
    assert clock.look() == Looked(2, 0, 0)
    assert told(desk, search) == [(key.slug, "new")]
    assert told(desk, other) == []
    reason = rows(desk, search)[0].reason
    assert reason["title"] == "Cash by phone in Uganda"
    assert reason["words"] == ["cash", "phone"]
    assert reason["meaning"] is True


def test_a_search_without_words_hears_of_every_case_within_its_filters(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    every, health = saved(desk, ama), saved(desk, ama, theme="e-health")
    first = published(desk, ama, eva, "A clinic in Togo", themes=["e-health"])
    second = published(desk, ama, eva, "A market in Togo")
    clock.look()
    assert told(desk, every) == [(first.slug, "new"), (second.slug, "new")]
    assert told(desk, health) == [(first.slug, "new")]
    assert rows(desk, health)[0].reason["words"] == []


def test_a_changed_case_tells_what_has_changed(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    search = saved(desk, ama, "cash by phone")
    title = "Cash by telephone in Kenya"
    desks.made_public(desk, ama, eva, CASH, lambda text: desks.with_fields(text, title=title))
    assert clock.look() == Looked(1, 0, 1)
    assert rows(desk, search)[0].reason["title"] == title
    assert rows(desk, search)[0].reason["fields"] == ["title"]
    desks.made_public(desk, ama, eva, CASH, lambda text: text + "\nMore was learned [1].\n")
    clock.look()
    assert rows(desk, search)[0].reason["fields"] == ["body"]
    assert told(desk, search) == [("cash-by-phone", "changed")] * 2


def test_a_case_that_comes_into_a_search_because_it_was_changed_is_new_there(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    search = saved(desk, ama, theme="e-health")
    change = {"themes": ["e-health"]}
    desks.made_public(desk, ama, eva, CROPS, lambda text: desks.with_fields(text, **change))
    clock.look(30 * DAY)
    assert told(desk, search) == [("crop-prices", "new")]


def test_a_case_that_drifts_into_a_search_by_itself_is_told_to_nobody(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    """With the best answer gone the cut falls, and what nobody touched comes above it."""
    search = saved(desk, ama, SHADED)
    assert count(desk) == 1
    clock.look(3 * DAY)
    set_status(desk, eva, CASH, "withdrawn", "The figures could not be confirmed.")
    assert clock.look() == Looked(1, 0, 0)
    assert told(desk, search) == []
    assert count(desk) == 2  # it is known from now on
    title = "Crop prices by telephone in Uganda"
    desks.made_public(desk, ama, eva, CROPS, lambda text: desks.with_fields(text, title=title))
    clock.look()
    assert told(desk, search) == [("crop-prices", "changed")]


def test_a_case_that_leaves_and_comes_back_is_told_only_when_it_says_something_else(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    search = saved(desk, ama, theme="gender-inclusion")
    text = desks.text_of(desk, CROPS)
    set_status(desk, eva, CROPS, "withdrawn", "To be looked at.")
    clock.look()
    set_status(desk, eva, CROPS, "published", "")
    desks.by_hand(desk, CROPS, text)
    desk.library.sync()
    start(desk)
    clock.look()
    assert told(desk, search) == []
    set_status(desk, eva, CROPS, "withdrawn", "Again.")
    clock.look()
    desks.by_hand(desk, CROPS, desks.with_fields(text, title="Prices of crops by text message"))
    desk.library.sync()
    start(desk)
    clock.look()
    assert told(desk, search) == [("crop-prices", "changed")]


def test_what_only_is_written_differently_is_no_change(
    desk: Desk, ama: Person, clock: Clock
) -> None:
    search = saved(desk, ama, "cash by phone")
    text = desks.text_of(desk, CASH)
    desks.by_hand(desk, CASH, text.replace('"', "'").replace("\nlang: en\n", "\nlang:   en\n"))
    assert desks.text_of(desk, CASH) != text
    desk.library.sync()
    start(desk)
    assert clock.look() == Looked(1, 0, 0)
    assert clock.look() == Looked(1, 0, 0)
    assert told(desk, search) == []


def test_a_case_that_was_renamed_is_the_same_case(desk: Desk, ama: Person, clock: Clock) -> None:
    search = saved(desk, ama, theme="gender-inclusion")
    old = desks.file_of(desk, CROPS)
    old.rename(old.with_name("market-prices.md"))
    desk.library.sync()
    start(desk)
    clock.look()
    assert told(desk, search) == []


def test_what_the_journal_does_not_know_yet_waits_for_the_next_look(
    desk: Desk, ama: Person, clock: Clock
) -> None:
    search = saved(desk, ama, "cash by phone")
    new = factories.case_text(title="Cash by phone in Togo", results=None, funding=None)
    desks.by_hand(desk, Key("case", "togo"), new)
    desk.library.sync()
    assert clock.look() == Looked(1, 0, 0)
    start(desk)
    assert clock.look() == Looked(1, 1, 0)
    assert told(desk, search) == [("togo", "new")]


def test_what_the_index_learns_a_little_late_is_new_all_the_same(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    """A look may fall between the row in the journal and the update of the index."""
    search = saved(desk, ama, "cash by phone")
    key = published(desk, ama, eva, "Cash by phone in Uganda")
    with desk.database.writing() as connection:
        records.change(connection, search.id, looked_at=clock.at + 2 * HOUR)
    clock.look(3 * HOUR)
    assert told(desk, search) == [(key.slug, "new")]


def test_a_search_that_was_deleted_or_looked_at_meanwhile_gets_no_second_row(
    desk: Desk, ama: Person, eva: Person, clock: Clock
) -> None:
    search = saved(desk, ama, "cash by phone")
    published(desk, ama, eva, "Cash by phone in Uganda")
    with desk.database.writing() as connection:
        assert records.held(connection, search) is None  # it was looked at when it was saved
        now_ = records.named(connection, search.token)
        assert now_ is not None
        assert records.held(connection, now_) == now_
        assert records.held(connection, replace(now_, looked_at=now_.at - DAY)) is None
        records.remove_one(connection, search.id)
        assert records.held(connection, now_) is None
    assert clock.look() == Looked(0, 0, 0)


def test_a_long_run_stops_after_its_slice_and_the_rest_is_done_next(
    desk: Desk, ama: Person, ben: Person, clock: Clock
) -> None:
    for text in ("cash", "prices", "software"):
        saved(desk, ama, text)
    at = clock.at + HOUR
    first = look_at_searches(desk, at, seconds=0)
    assert (first.searches, first.left) == (1, 2)
    assert look_at_searches(desk, at) == Looked(2, 0, 0)
    assert look_at_searches(desk, at) == Looked(0, 0, 0)


def test_searches_of_those_who_left_or_are_kept_out_are_not_looked_at(
    desk: Desk, ama: Person, ben: Person, otto: Person, clock: Clock
) -> None:
    saved(desk, ama, "cash")
    saved(desk, ben, "cash")
    people.disable(desk, otto, ben.id or 0)
    assert clock.look().searches == 1
    people.delete_account(desk, ama, PASSWORD, "keep", "Somebody")
    assert clock.look().searches == 0
    assert count(desk, saved_search) == 1
    people.disable(desk, otto, ben.id or 0, closed=False)
    assert clock.look().searches == 1


def test_what_may_not_be_kept_goes_from_what_was_found_too(
    desk: Desk, ama: Person, eva: Person, otto: Person, clock: Clock
) -> None:
    search = saved(desk, ama)
    key = published(desk, ama, eva, "Xylophonist Quetzalcoatl")
    clock.look()
    assert told(desk, search) == [(key.slug, "new")]
    purge(desk, otto, key.slug)
    assert told(desk, search) == []


def test_the_table_of_work_looks_once_an_hour(desk: Desk, ama: Person) -> None:
    assert TASKS["alerts"].every == HOUR
    saved(desk, ama, "cash")
    assert not TASKS["alerts"].run(desk)


@pytest.mark.parametrize(
    ("change", "told_"),
    [
        ({"title": "Another"}, ("title",)),
        ({"updated": "2026-11-25"}, None),
        ({"countries": ["KE"], "outcome": "failed"}, ("countries", "outcome")),
        ({}, None),
    ],
)
def test_the_fields_in_which_two_texts_differ(
    change: dict[str, Any], told_: tuple[str, ...] | None
) -> None:
    text = factories.told("cash-by-phone")
    assert fields_between("case", text, desks.with_fields(text, **change)) == told_


# One's own ----------------------------------------------------------------------------------


def test_the_same_search_twice_is_the_one_that_is_there(desk: Desk, ama: Person) -> None:
    query = Query(text="cash").with_value("theme", "e-health").with_value("theme", "e-gov")
    first = alerts.save(desk, ama, query, "Cash", "day")
    turned = Query(text="cash").with_value("theme", "e-gov").with_value("theme", "e-health")
    again = alerts.save(desk, ama, turned.replace(sort="newest", page=3), "Other", "week")
    assert again.there
    assert not first.there
    assert again.saved.token == first.saved.token
    assert again.saved.title == "Cash"
    assert alerts.save(desk, ama, query.replace(text="phone"), "Phone", "day").there is False


def test_two_people_may_save_the_same_search(desk: Desk, ama: Person, ben: Person) -> None:
    mine, other = saved(desk, ama, "cash"), saved(desk, ben, "cash")
    assert mine.token != other.token
    for act in (
        lambda: alerts.one_of_mine(desk, ben, mine.token),
        lambda: alerts.change(desk, ben, mine.token, "Mine", "day"),
        lambda: alerts.renew_feed(desk, ben, mine.token),
        lambda: alerts.delete(desk, ben, mine.token),
        lambda: alerts.one_of_mine(desk, ben, "no-such-token"),
    ):
        with pytest.raises(NoSuchAlert):
            act()
    assert [one.saved.id for one in alerts.mine(desk, ama)] == [mine.id]


def test_there_is_an_end_to_how_many_and_how_long(desk: Desk, ama: Person, ben: Person) -> None:
    for number in range(MOST):
        saved(desk, ama, f"cash {number}")
    with pytest.raises(TooManyAlerts):
        saved(desk, ama, "one more")
    saved(desk, ama, "cash 7")  # which is there
    with pytest.raises(SearchTooLong):
        saved(desk, ben, "x" * 4001)


def test_visitors_are_asked_to_sign_in(desk: Desk) -> None:
    for act in (
        lambda: alerts.mine(desk, VISITOR),
        lambda: alerts.save(desk, VISITOR, Query(), "All", "day"),
        lambda: alerts.delete(desk, VISITOR, "x"),
    ):
        with pytest.raises(SignInNeeded):
            act()


def test_deleting_a_search_takes_what_it_found_along(desk: Desk, ama: Person) -> None:
    search, other = saved(desk, ama, "cash"), saved(desk, ama, "prices")
    alerts.delete(desk, ama, search.token)
    assert [one.saved.id for one in alerts.mine(desk, ama)] == [other.id]
    with pytest.raises(NoSuchAlert):
        alerts.feed(desk, search.token)
    with desk.database.reading() as connection:
        assert records.known(connection, search.id) == {}
        assert records.known(connection, other.id)


def test_a_feed_is_known_by_its_token_alone_and_a_new_one_ends_the_old(
    desk: Desk, ama: Person, otto: Person
) -> None:
    search = saved(desk, ama, "cash")
    assert len(search.token) >= 22  # more than 128 random bits
    assert alerts.feed(desk, search.token)[0].id == search.id
    token = alerts.renew_feed(desk, ama, search.token)
    assert alerts.feed(desk, token)[0].id == search.id
    for old in (search.token, "", str(search.id), token.swapcase()):
        with pytest.raises(NoSuchAlert):
            alerts.feed(desk, old)
    people.disable(desk, otto, ama.id or 0)
    with pytest.raises(NoSuchAlert):
        alerts.feed(desk, token)


def test_when_something_was_last_found(desk: Desk, ama: Person, eva: Person, clock: Clock) -> None:
    saved(desk, ama, "cash by phone")
    assert alerts.mine(desk, ama)[0].found_at is None
    published(desk, ama, eva, "Cash by phone in Uganda")
    clock.look()
    at: datetime | None = alerts.mine(desk, ama)[0].found_at
    assert at == clock.at
