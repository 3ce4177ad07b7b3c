"""What people without an account send in: it arrives, whole, once, and tells nobody too much."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from indexer.document import parse
from indexer.errors import NoSuchDocument
from indexer.values import revision_of
from kb.access import ROLES, VISITOR, NotAllowed, Person, may
from kb.records import journal, outside, people, tables
from kb.records.database import now
from kb.records.journal import Draft, NoSuchRevision
from kb.services import editing, moving
from kb.services import outside as services
from kb.services import people as accounts
from kb.services.comparing import compare
from kb.services.desk import Desk
from kb.services.history import compare_draft, read_history
from kb.services.letter import Letter, Words
from kb.services.limits import LIMITS, TooManyTries
from kb.services.lock import publish_lock
from kb.services.merging import settle
from kb.services.notices import notify
from kb.services.outside import (
    NoSuchSuggestion,
    NothingNew,
    Offer,
    follow,
    open_base,
    open_public,
    send_in,
)
from kb.services.people import LastAdministrator, NoSuchPerson
from kb.services.publishing import publish, set_status
from kb.services.purging import purge
from kb.services.queue import Wish, queue
from kb.services.reading import CaseWithdrawn, Moved, NoSuchCase
from kb.services.reconcile import start
from kb.services.sessions import person_of
from kb.services.stamps import SentTooSoon, StampTooOld, check, name_of, stamp
from kb.services.tokens import hash_of
from tests import desks
from tests.desks import CASH, CROPS, FRENCH, WOMEN
from tests.outsiders import (
    drafts,
    offered,
    old_stamp,
    reported,
    sender,
    suggested,
    used,
)
from tests.people import add_person, outbox


def strangers(desk: Desk) -> list[int]:
    with desk.database.reading() as connection:
        rows = connection.execute(sa.select(tables.person.c.id).where(tables.person.c.outside))
        return list(rows.scalars())


def notices(desk: Desk) -> list[tuple[str, str, str]]:
    """Who is to be told of what: name, kind, title."""
    with desk.database.reading() as connection:
        rows = connection.execute(
            sa.select(tables.person.c.name, tables.notice.c.kind, tables.notice.c.words)
            .join(tables.person, tables.person.c.id == tables.notice.c.person_id)
            .order_by(tables.person.c.name)
        )
        return [(name, kind, json.loads(words)["title"]) for name, kind, words in rows]


def together(*acts: Callable[[], object]) -> list[BaseException]:
    """Does several things at the same time, and gives what went wrong."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except Exception as problem:
            failures.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


# It arrives ----------------------------------------------------------------------------------


def test_a_suggestion_arrives_handed_in_and_only_what_was_touched_differs(
    desk: Desk, rosa: Person
) -> None:
    suggested(desk, CROPS, "every morning", "each morning")
    (draft,) = drafts(desk, CROPS)
    before = desks.text_of(desk, CROPS)
    assert (draft.state, draft.base) == ("submitted", revision_of(before))
    assert draft.text == before.replace("every morning", "each morning")
    assert (draft.outsider, draft.owner, draft.note) == ("Kwame", "Kwame", "It was wrong.")
    assert draft.owner_id in strangers(desk)
    assert not draft.outdated
    (waiting,) = queue(desk, rosa, Wish(origin="outside")).waiting
    assert waiting.draft.token == draft.token
    assert waiting.compared.comparison.fields == ()
    assert waiting.compared.comparison.body_differs


def test_every_text_of_it_is_in_the_journal_under_the_name_that_was_given(desk: Desk) -> None:
    suggested(desk, CROPS, "every morning", "each morning")
    (draft,) = drafts(desk, CROPS)
    with desk.database.reading() as connection:
        rows = journal.draft_revisions(connection, draft.id)
    assert [(row.event, row.message) for row in reversed(rows)] == [
        ("begun", ""), ("saved", "It was wrong."), ("submitted", "It was wrong."),
    ]  # fmt: skip
    assert {(row.author, row.author_id) for row in rows} == {
        ("Kwame (from outside)", draft.owner_id)
    }


def test_an_editor_mends_it_and_publishes_it(desk: Desk, eva: Person) -> None:
    suggested(desk, CROPS, "every morning", "each mornin")
    (draft,) = drafts(desk, CROPS)
    text = draft.text.replace("mornin.", "morning.")
    editing.save(desk, eva, draft.token, text, draft.hash)
    row = publish(desk, eva, draft.token)
    assert "each morning." in desks.text_of(desk, CROPS)
    assert (row.author, row.message) == ("Kwame (from outside)", "It was wrong.")
    found = read_history(desk, VISITOR, CROPS).revisions[0]
    assert found.author == "Kwame (from outside)"


def test_a_reviewer_sees_it_and_nobody_else_below_an_editor(
    desk: Desk, ama: Person, rosa: Person
) -> None:
    suggested(desk, CROPS, "every morning", "each morning")
    (draft,) = drafts(desk, CROPS)
    assert compare_draft(desk, rosa, draft.token).comparison.body_differs
    with pytest.raises(NotAllowed):
        editing.open_draft(desk, ama, draft.token)
    assert moving.approve(desk, rosa, draft.token).state == "approved"


def test_a_translation_is_suggested_for_like_an_original(desk: Desk) -> None:
    suggested(desk, FRENCH, "Un réseau", "Le réseau")
    assert [draft.key for draft in drafts(desk, FRENCH)] == [FRENCH]
    assert drafts(desk, CASH) == ()


def test_a_use_becomes_a_proposed_replication_with_its_source(desk: Desk, eva: Person) -> None:
    used(desk, CROPS, who=sender(desk, "Nana"), url="https://example.org/radio", url_title="Radio")
    (draft,) = drafts(desk, CROPS)
    between = compare(draft.kind, desks.text_of(desk, CROPS), draft.text)
    assert [change.name for change in between.fields] == ["replications", "sources"]
    assert not between.body_differs
    publish(desk, eva, draft.token)
    front = parse(CROPS, desks.text_of(desk, CROPS), desk.library.vocabularies).front
    assert front["replications"] == [
        {"country": "UG", "year": 2019, "note": "With radio.", "source": 3}
    ]
    assert front["sources"][-1]["url"] == "https://example.org/radio"


def test_reviewers_and_those_above_are_told(desk: Desk, ama: Person, eva: Person) -> None:
    rosa = add_person(desk.database, "reviewer", "Rosa", "rosa@example.org")
    away = add_person(desk.database, "reviewer", "Away", "away@example.org")
    otto = add_person(desk.database, "administrator", "Otto", "otto@example.org")
    accounts.disable(desk, otto, away.id or 0)
    suggested(desk, CROPS, "every morning", "each morning")
    title = "Crop prices by text message in Uganda"
    assert notices(desk) == [
        (one.name, "suggestion", title) for one in sorted((eva, otto, rosa), key=lambda p: p.name)
    ]
    with desk.database.reading() as connection:
        events = connection.execute(sa.select(tables.event)).mappings().all()
    assert (events[-1]["action"], events[-1]["name"]) == ("suggested", "visitor")
    assert events[-1]["subject"] == f"draft/{drafts(desk, CROPS)[0].token}"


def test_what_changes_nothing_is_told_so(desk: Desk) -> None:
    document = open_public(desk, VISITOR, CROPS)
    with pytest.raises(NothingNew) as raised:
        send_in(desk, VISITOR, Offer(document, document.text, "Why"), sender(desk))
    assert not raised.value.meanwhile
    assert drafts(desk, CROPS) == ()


def in_title(text: str) -> str:
    """The text with a change far from those of strangers."""
    return text.replace("Crop prices by text", "Crop prices by short text")


# The text moved meanwhile --------------------------------------------------------------------


def test_what_became_public_meanwhile_is_joined_with_it(
    desk: Desk, ama: Person, eva: Person
) -> None:
    offer = offered(desk, CROPS, "every morning", "each morning")
    desks.made_public(desk, ama, eva, CROPS, in_title)
    send_in(desk, VISITOR, offer, sender(desk))
    (draft,) = drafts(desk, CROPS)
    now_public = desks.text_of(desk, CROPS)
    assert draft.base == revision_of(now_public)
    assert draft.text == now_public.replace("every morning", "each morning")
    assert not draft.outdated
    assert any(row.text == offer.text for row in desks.rows(desk))


def test_a_file_that_was_changed_by_hand_meanwhile_counts_too(desk: Desk) -> None:
    offer = offered(desk, CROPS, "every morning", "each morning")
    desks.by_hand(desk, CROPS, in_title(offer.base.text))
    send_in(desk, VISITOR, offer, sender(desk))
    (draft,) = drafts(desk, CROPS)
    assert draft.text == in_title(offer.text)


def test_a_form_is_made_of_a_file_that_was_just_changed_by_hand(desk: Desk) -> None:
    text = desks.text_of(desk, CROPS) + "\nBy hand.\n"
    desks.by_hand(desk, CROPS, text)
    assert open_public(desk, VISITOR, CROPS).text == text
    assert desks.history(desk, CROPS)[-1].event == "changed-on-disk"
    suggested(desk, CROPS, "By hand", "By hands")
    assert drafts(desk, CROPS)[0].base == revision_of(text)


def test_both_changed_one_place_and_it_arrives_all_the_same(
    desk: Desk, ama: Person, eva: Person
) -> None:
    offer = offered(desk, CROPS, "every morning", "each morning")
    desks.made_public(
        desk, ama, eva, CROPS, lambda text: text.replace("every morning", "every evening")
    )
    send_in(desk, VISITOR, offer, sender(desk))
    (draft,) = drafts(desk, CROPS)
    assert draft.text == offer.text
    assert draft.base == offer.base.revision
    assert draft.outdated
    found = editing.conflict(desk, eva, draft.token)
    assert found is not None
    text = settle(found.merged, {one.marker: one.mine for one in found.merged.conflicts})
    editing.resolve(desk, eva, draft.token, text, found.base)
    publish(desk, eva, draft.token)
    assert "each morning" in desks.text_of(desk, CROPS)


def test_the_same_change_meanwhile_is_told_so(desk: Desk) -> None:
    offer = offered(desk, CROPS, "every morning", "each morning")
    desks.by_hand(desk, CROPS, offer.text)
    with pytest.raises(NothingNew) as raised:
        send_in(desk, VISITOR, offer, sender(desk))
    assert raised.value.meanwhile
    assert drafts(desk, CROPS) == ()


def test_a_text_that_was_taken_away_meanwhile_loses_nothing(desk: Desk, eva: Person) -> None:
    offer = offered(desk, CROPS, "every morning", "each morning")
    desks.file_of(desk, CROPS).unlink()
    send_in(desk, VISITOR, offer, sender(desk))
    (draft,) = drafts(desk, CROPS)
    assert (draft.text, draft.outdated) == (offer.text, True)
    other = offered(desk, WOMEN, "Childcare was free", "Childcare cost nothing")
    set_status(desk, eva, WOMEN, "withdrawn", "The figures could not be confirmed.")
    send_in(desk, VISITOR, other, sender(desk))
    (draft,) = drafts(desk, WOMEN)
    assert "status: withdrawn" in draft.text
    assert "Childcare cost nothing" in draft.text


def test_a_renamed_text_is_found_under_its_new_name(desk: Desk) -> None:
    offer = offered(desk, CROPS, "every morning", "each morning")
    new = CROPS._replace(slug="market-prices")
    desks.file_of(desk, CROPS).rename(desks.file_of(desk, new))
    desks.by_hand(desk, new, desks.with_fields(offer.base.text, aliases=["crop-prices"]))
    start(desk)
    desk.library.sync()
    with pytest.raises(Moved) as raised:
        open_public(desk, VISITOR, CROPS)
    assert raised.value.path == "/cases/market-prices"
    base = open_base(desk, VISITOR, CROPS, offer.base.revision)
    assert base.key == new
    send_in(desk, VISITOR, Offer(base, offer.text, "Why"), sender(desk))
    (draft,) = drafts(desk, new)
    assert "each morning" in draft.text
    assert "aliases: [crop-prices]" in draft.text


def test_what_is_not_public_cannot_be_suggested_for(desk: Desk, ama: Person, eva: Person) -> None:
    for key in (CROPS._replace(slug="nothing"), CROPS._replace(lang="ar")):
        with pytest.raises(NoSuchCase):
            open_public(desk, VISITOR, key)
    with pytest.raises(NoSuchDocument):
        open_public(desk, VISITOR, CROPS._replace(kind="page"))
    secret = desks.new_case(desk, ama, "A secret case")
    with pytest.raises(NoSuchCase):
        open_public(desk, VISITOR, secret.key)
    with pytest.raises(NoSuchRevision):
        open_base(desk, VISITOR, CROPS, desks.wrote(desk, ama, CROPS, lambda t: t + "\nx\n").hash)
    set_status(desk, eva, WOMEN, "archived", "It is over.")
    with pytest.raises(CaseWithdrawn):
        open_public(desk, VISITOR, WOMEN)


def test_a_look_at_a_form_waits_for_nobody_who_publishes(desk: Desk) -> None:
    with publish_lock(desk):
        (failure,) = together(
            lambda: open_public(desk, VISITOR, CROPS),
            lambda: open_public(desk, VISITOR, CROPS._replace(slug="nothing")),
        )
    assert isinstance(failure, NoSuchCase)


# Once, and not too often ---------------------------------------------------------------------


def test_a_form_that_is_sent_twice_counts_once(desk: Desk) -> None:
    offer, who = offered(desk, CROPS, "every morning", "each morning"), sender(desk)
    tokens = {send_in(desk, VISITOR, offer, who) for _ in range(3)}
    assert len(tokens) == 1
    assert len(drafts(desk, CROPS)) == 1
    other = Offer(offer.base, offer.text + "\nMore.\n", offer.message)
    assert send_in(desk, VISITOR, other, who) not in tokens  # one went back and changed it


def test_two_clicks_at_once_count_once_and_there_is_one_row_for_all_strangers(desk: Desk) -> None:
    offer, who = offered(desk, CROPS, "every morning", "each morning"), sender(desk)
    other = offered(desk, WOMEN, "Childcare was free", "Childcare cost nothing")
    assert not together(
        lambda: send_in(desk, VISITOR, offer, who),
        lambda: send_in(desk, VISITOR, offer, who),
        lambda: send_in(desk, VISITOR, other, sender(desk, "Nana", address="192.0.2.2")),
        lambda: reported(desk, WOMEN, who=sender(desk, "Yaa", address="192.0.2.3")),
    )
    assert len(drafts(desk, CROPS)) == len(drafts(desk, WOMEN)) == 1
    assert len(strangers(desk)) == 1
    assert desks.count(desk, tables.suggestion) == 2


def test_one_address_may_send_so_many_and_then_waits(desk: Desk) -> None:
    free = LIMITS["suggest"]["address"].free
    for number in range(free):
        suggested(desk, CROPS, "every morning", f"each morning {number}")
    with pytest.raises(TooManyTries) as raised:
        suggested(desk, CROPS, "every morning", "once more")
    assert 0 < raised.value.seconds <= 2
    assert len(drafts(desk, CROPS)) == free
    suggested(desk, CROPS, "every morning", "elsewhere", who=sender(desk, address="192.0.2.2"))
    reported(desk, CROPS)  # is counted apart
    suggested(desk, CROPS, "every morning", "nowhere", who=sender(desk, address=""))


def test_those_who_send_at_the_same_moment_do_not_keep_each_other_waiting(desk: Desk) -> None:
    with desk.database.writing() as connection:
        subject = hash_of("address:192.0.2.1")
        people.add_try(connection, "suggest", subject, now() + timedelta(seconds=1))
    suggested(desk, CROPS, "every morning", "each morning")


def test_reports_wait_as_well(desk: Desk) -> None:
    for number in range(LIMITS["report"]["address"].free):
        reported(desk, CROPS, f"Wrong {number}")
    with pytest.raises(TooManyTries):
        reported(desk, CROPS, "Wrong again")


def test_what_is_not_taken_is_not_counted(desk: Desk) -> None:
    document = open_public(desk, VISITOR, CROPS)
    for _ in range(LIMITS["suggest"]["address"].free + 1):
        with pytest.raises(NothingNew):
            send_in(desk, VISITOR, Offer(document, document.text, "Why"), sender(desk))
    suggested(desk, CROPS, "every morning", "each morning")


@pytest.mark.parametrize(
    ("age", "error"),
    [(timedelta(seconds=0), SentTooSoon), (timedelta(seconds=1.5), SentTooSoon),
     (timedelta(days=1, seconds=1), StampTooOld), (timedelta(days=-1), SentTooSoon)],
)  # fmt: skip
def test_a_form_that_comes_too_soon_or_a_day_late_is_asked_for_again(
    desk: Desk, age: timedelta, error: type[Exception]
) -> None:
    with pytest.raises(error):
        suggested(desk, CROPS, "every morning", "each morning", who=sender(desk, age=age))
    with pytest.raises(error):
        reported(desk, CROPS, who=sender(desk, age=age))
    assert drafts(desk, CROPS) == ()
    assert desks.count(desk, tables.report) == 0


def test_a_stamp_cannot_be_made_up(desk: Desk) -> None:
    folder = desk.settings.data
    good = old_stamp(folder)
    check(folder, good)
    for bad in ("", "x", good[:-1], good.replace(".", "", 1), f"9{good}", "\udcff", "1.2.3"):
        with pytest.raises(StampTooOld):
            check(folder, bad)


def test_the_name_of_what_was_sent_depends_on_all_of_it(desk: Desk) -> None:
    folder = desk.settings.data
    one, other = stamp(folder), stamp(folder)
    assert one != other
    names = {
        name_of(folder, one, "a", "b"),
        name_of(folder, one, "ab"),
        name_of(folder, other, "a", "b"),
    }
    assert len(names) == 3
    assert name_of(folder, one, "a", "b") in names
    assert all(len(name) == 24 for name in names)


# The row of strangers ------------------------------------------------------------------------


@pytest.fixture
def stranger(desk: Desk) -> Iterator[Person]:
    """The row that what strangers send in belongs to."""
    suggested(desk, CROPS, "every morning", "each morning")
    with desk.database.reading() as connection:
        account = people.account(connection, strangers(desk)[0])
    assert account is not None
    yield person_of(account)


def test_no_list_of_people_has_it(desk: Desk, otto: Person, stranger: Person) -> None:
    assert [one.name for one in accounts.people(desk, otto)] == ["Otto"]
    with pytest.raises(NoSuchPerson):
        accounts.find(desk, otto, "")
    with pytest.raises(NoSuchPerson):
        accounts.set_role(desk, otto, stranger.id or 0, ROLES[-1])
    with pytest.raises(NoSuchPerson):
        accounts.disable(desk, otto, stranger.id or 0)
    with pytest.raises(NoSuchPerson):
        accounts.reset_link(desk, otto, stranger.id or 0)


def test_it_is_no_administrator_who_is_left(desk: Desk, otto: Person, stranger: Person) -> None:
    with desk.database.writing() as connection:  # whatever a hand in the database did
        people.change_account(connection, stranger.id or 0, role=ROLES[-1])
    with pytest.raises(LastAdministrator):
        accounts.set_role(desk, otto, otto.id or 0, ROLES[0])


def test_it_is_told_nothing_and_may_next_to_nothing(desk: Desk, stranger: Person) -> None:
    with desk.database.writing() as connection:
        notify(connection, VISITOR, "published", [stranger.id or 0], "draft/x")
    assert desks.count(desk, tables.notice) == 0
    assert not may(stranger, "write")
    assert not may(stranger, "see-queue")


# Somebody who is signed in -------------------------------------------------------------------


def test_what_somebody_signed_in_suggests_is_their_own(desk: Desk, eva: Person) -> None:
    mia = add_person(desk.database, "reader", "Mia", "mia@example.org")
    suggested(desk, CROPS, "every morning", "each morning", person=mia,
              who=sender(desk, "Mia", "mia@example.org"))  # fmt: skip
    (draft,) = drafts(desk, CROPS)
    assert (draft.owner_id, draft.owner, draft.outsider) == (mia.id, "Mia", "")
    assert editing.open_draft(desk, mia, draft.token).token == draft.token
    assert strangers(desk) == []
    publish(desk, eva, draft.token)
    assert desks.history(desk, CROPS)[-1].author == "Mia"
    with desk.database.reading() as connection:
        assert outside.take_address(connection, draft.id) is None  # notices tell them


def test_an_editor_s_own_is_known_to_be_theirs(desk: Desk, eva: Person) -> None:
    suggested(desk, CROPS, "every morning", "each morning", person=eva)
    (draft,) = drafts(desk, CROPS)
    assert draft.owner_id == eva.id
    assert [name for name, _, _ in notices(desk)] == []


# What became of it ---------------------------------------------------------------------------


def state(desk: Desk, token: str) -> tuple[str, str]:
    found = follow(desk, token)
    return found.state, found.reason


def test_whoever_sent_it_can_follow_it_to_its_end(desk: Desk, eva: Person) -> None:
    taken = suggested(desk, CROPS, "every morning", "each morning")
    (draft,) = drafts(desk, CROPS)
    assert draft.token not in (taken, str(follow(desk, taken)))
    assert state(desk, taken) == ("submitted", "")
    moving.request_changes(desk, eva, draft.token, "Not for strangers' eyes.")
    assert state(desk, taken) == ("changes-requested", "")
    moving.submit(desk, eva, draft.token)
    moving.approve(desk, eva, draft.token)
    assert state(desk, taken) == ("approved", "")
    publish(desk, eva, draft.token, "Between us.")
    assert state(desk, taken) == ("published", "")
    turned = suggested(desk, WOMEN, "Childcare was free", "Childcare cost nothing")
    moving.reject(desk, eva, drafts(desk, WOMEN)[0].token, "The source says otherwise.")
    assert state(desk, turned) == ("rejected", "The source says otherwise.")
    for wrong in ("", "x", taken[:-1], draft.token):
        with pytest.raises(NoSuchSuggestion):
            follow(desk, wrong)


def test_an_answer_goes_once_to_whoever_wants_one_and_the_address_is_forgotten(
    desk: Desk, eva: Person
) -> None:
    wrote: list[tuple[str, str]] = []

    def write(one: outside.Suggestion, draft: Draft) -> Letter:
        wrote.append((one.email, draft.state))
        return Letter(one.email, "About your suggestion", (Words(f"It is {draft.state}."),))

    who = sender(desk, email="kwame@example.org")
    suggested(desk, CROPS, "every morning", "each morning", who=who)
    suggested(desk, WOMEN, "Childcare was free", "Childcare cost nothing")
    (draft,), (other,) = drafts(desk, CROPS), drafts(desk, WOMEN)
    services.answer(desk, draft.token, write)
    assert wrote == []
    publish(desk, eva, draft.token)
    moving.reject(desk, eva, other.token, "No.")
    for token in (draft.token, other.token, draft.token):
        services.answer(desk, token, write)
    assert wrote == [("kwame@example.org", "published")]
    assert [str(letter["To"]) for letter in outbox(desk.settings.data)] == ["kwame@example.org"]
    with desk.database.reading() as connection:
        emails = connection.execute(sa.select(tables.suggestion.c.email)).scalars()
        assert set(emails) == {""}


# Gone for good -------------------------------------------------------------------------------


def surrounded(desk: Desk, draft: Draft, person: Person) -> None:
    """Everything that other parts of the desk keep of a draft."""
    at, words = {"at": now(), "person_id": person.id}, f"Said of {draft.slug}."
    with desk.database.writing() as connection:
        said = {
            "draft_id": draft.id, "hash": draft.hash, "field": "", "quote": words, "before": "",
            "after": "", "words": words, "name": "Rosa", "act": "", **at,
        }  # fmt: skip
        first = connection.execute(sa.insert(tables.comment).values(said)).inserted_primary_key
        assert first is not None
        connection.execute(sa.insert(tables.comment).values({**said, "answers_id": first[0]}))
        connection.execute(
            sa.insert(tables.verdict).values(
                draft_id=draft.id, hash=draft.hash, name="Rosa", verdict="approved",
                message=words, points="[]", **at,
            )
        )  # fmt: skip
        connection.execute(sa.insert(tables.claim).values(draft_id=draft.id, **at))


def test_a_purge_takes_suggestions_reports_and_all_that_was_said_of_them(
    desk: Desk, rosa: Person, otto: Person
) -> None:
    token = suggested(desk, CROPS, "every morning", "Secret morning")
    used(desk, CROPS, told="Secret use.")
    report_token = reported(desk, CROPS, "Secret words.")
    kept = suggested(desk, WOMEN, "Childcare was free", "Childcare cost nothing")
    kept_report = reported(desk, WOMEN)
    for draft in (*drafts(desk, CROPS), *drafts(desk, WOMEN)):
        surrounded(desk, draft, rosa)
    told = notices(desk)
    purge(desk, otto, "crop-prices")
    with pytest.raises(NoSuchSuggestion):
        follow(desk, token)
    with desk.database.reading() as connection:
        assert outside.report_named(connection, report_token) is None
        assert outside.report_named(connection, kept_report) is not None
    assert follow(desk, kept).state == "submitted"
    around = (tables.suggestion, tables.report, tables.comment, tables.verdict, tables.claim)
    left = {table.name: desks.count(desk, table) for table in around}
    assert left == {"suggestion": 1, "report": 1, "comment": 2, "verdict": 1, "claim": 1}
    assert notices(desk) == [one for one in told if not one[2].startswith("Crop")]
    assert "secret" not in everything(desk)
    assert "said of crop" not in everything(desk)


def everything(desk: Desk) -> str:
    """All texts of the database, but for the events, which hold none, in lower case."""
    with desk.database.reading() as connection:
        rows = [
            str(tuple(row))
            for table in tables.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
    return "\n".join(rows).lower()


def test_what_an_old_backup_brings_back_is_purged_again(desk: Desk, otto: Person) -> None:
    reported(desk, CROPS, "Secret words.")
    with desk.database.reading() as connection:
        old = [dict(row) for row in connection.execute(sa.select(tables.report)).mappings()]
    purge(desk, otto, "crop-prices")
    with desk.database.writing() as connection:
        connection.execute(sa.insert(tables.report), old)
    start(desk)
    assert desks.count(desk, tables.report) == 0


def test_another_document_that_got_the_name_keeps_its_reports(
    desk: Desk, ama: Person, eva: Person, otto: Person
) -> None:
    text = desks.text_of(desk, CROPS)
    new = CROPS._replace(slug="market-prices")
    reported(desk, CROPS, "Of the old one.")
    desks.file_of(desk, CROPS).rename(desks.file_of(desk, new))
    start(desk)
    desks.by_hand(desk, CROPS, desks.with_fields(text, title="Another case of that name"))
    start(desk)
    kept = reported(desk, CROPS, "Of the new one.")
    purge(desk, otto, "market-prices")
    with desk.database.reading() as connection:
        rows = connection.execute(sa.select(tables.report.c.token)).scalars()
        assert list(rows) == [kept]


def test_whoever_leaves_takes_the_address_of_their_reports_along(desk: Desk, otto: Person) -> None:
    mia = add_person(desk.database, "reader", "Mia", "mia@example.org")
    reported(desk, CROPS, person=mia, who=sender(desk, "Mia", "mia@example.org"))
    with desk.database.writing() as connection:
        people.forget_address(connection, "mia@example.org")
        emails = connection.execute(sa.select(tables.report.c.email)).scalars()
        assert list(emails) == [""]
