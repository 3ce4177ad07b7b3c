"""Problems that people report of a document, and what becomes of them, for all to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from indexer.errors import NoSuchDocument
from indexer.values import Key, revision_of
from kb.access import Person, may, require
from kb.records import journal
from kb.records import outside as records
from kb.records.outside import Report
from kb.records.people import take_turn
from kb.services import limits, stamps
from kb.services.desk import Desk
from kb.services.history import path_of, title_of
from kb.services.letter import Letter
from kb.services.mail import send_later
from kb.services.notices import notify, who_may
from kb.services.office import note
from kb.services.outside import SOMEBODY, Sender, today
from kb.services.tokens import hash_of

#: What can be wrong with a document.
ABOUT = ("wrong", "dead-link", "outdated", "harmful", "access", "other")
#: The states of a report, in the order in which it goes through them.
STATES = ("received", "looked-at", "mended", "left", "set-aside")
#: Those in which somebody still has to do something, and those that answer it for all to see. What
#: is set aside, such as advertisement, is told to its sender alone.
OPEN, ANSWERED = STATES[:2], STATES[2:4]
#: How many are shown on a page.
PER_PAGE = 50


class NoSuchReport(LookupError):
    """Nobody was given this token for a problem that they reported."""


class ReasonNeeded(Exception):
    """A problem is to be left as it is without a word that tells why."""


class AnsweredMeanwhile(Exception):
    """Somebody else answered the report since its page was opened; nothing was changed."""


@dataclass(frozen=True)
class Problem:
    """What is reported: a word of ABOUT, where it is, and what there is to say of it."""

    about: str
    place: str
    words: str


@dataclass(frozen=True)
class Told:
    """A report with the title and the language of its document; whether that changed since."""

    report: Report
    title: str
    lang: str
    changed: bool


@dataclass(frozen=True)
class Answer:
    """What becomes of a report, what everybody is told, and the state of it that was seen."""

    state: str
    words: str
    seen: str


@dataclass(frozen=True)
class Piled:
    """Reports for those who answer them, the newest first.

    `state` is that which all of them are in, "" for those that wait, None where one alone was
    asked for. `counts` tells how many there are in each state, `older` the number to go on from,
    None at the end.
    """

    state: str | None
    reports: tuple[Told, ...]
    counts: dict[str, int]
    older: int | None


# Reporting -----------------------------------------------------------------------------------


def report(desk: Desk, person: Person, key: Key, problem: Problem, sender: Sender) -> str:
    """Keep a problem of a document, and give the token of the page that tells what becomes of it.

    Raises NoSuchDocument, SentTooSoon, StampTooOld, TooManyTries.
    """
    require(person, "report")
    key = today(desk, key)
    stamps.check(desk.settings.data, sender.stamp)
    words = (*key, problem.about, problem.place, problem.words)
    token = stamps.name_of(desk.settings.data, sender.stamp, *words)
    with desk.database.reading() as connection:
        if records.report_named(connection, token):
            return token  # the same form was sent twice
        public = journal.public(connection, key)
    if public is None or not public.hash:
        raise NoSuchDocument(key.slug)
    limits.count(desk, "report", "", sender.address or "unknown")
    title, _, _ = _today(desk, key)
    subject = f"report/{token}"
    with desk.database.writing() as connection:
        take_turn(connection, hash_of(token))
        if records.report_named(connection, token):
            return token
        records.add_report(
            connection, key, token=token, hash=public.hash, about=problem.about,
            place=problem.place, words=problem.words, name=sender.name, email=sender.email,
            ui=sender.ui, state=STATES[0],
        )  # fmt: skip
        note(connection, SOMEBODY if person.is_visitor else person, "reported", subject,
             f"{problem.about} {path_of(key)}")  # fmt: skip
        notify(
            connection, person, "report", who_may(connection, "answer-reports"), subject,
            title=title, name=sender.name, message=problem.words,
        )  # fmt: skip
    return token


def read_report(desk: Desk, token: str) -> Told:
    """A report, for whoever has its token. Raises NoSuchReport."""
    with desk.database.reading() as connection:
        found = _named(connection, token)
    return _told(desk, found)


def answered(desk: Desk, person: Person, key: Key) -> tuple[tuple[Report, ...], int]:
    """The reports of a document that were answered, newest first, and how many are still open."""
    require(person, "read")
    with desk.database.reading() as connection:
        found = records.reports_of(connection, key, ANSWERED, PER_PAGE)
        waiting = len(records.reports_of(connection, key, OPEN, PER_PAGE))
    return found, waiting


# Answering -----------------------------------------------------------------------------------


def pile(
    desk: Desk, person: Person, state: str = "", before: int | None = None, only: str = ""
) -> Piled:
    """The reports in a state, those that wait where it is none; or the one with the token `only`.

    Raises NotAllowed, SignInNeeded, NoSuchReport.
    """
    require(person, "answer-reports")
    state = state if state in STATES else ""
    with desk.database.reading() as connection:
        counts = records.count_reports(connection)
        if only:
            one = _named(connection, only)
            return Piled(None, (_told(desk, one),), counts, None)
        states = (state,) if state else OPEN
        found = records.reports_in(connection, states, PER_PAGE + 1, before)
    shown = found[:PER_PAGE]
    older = shown[-1].id if len(found) > PER_PAGE else None
    return Piled(state, tuple(_told(desk, one) for one in shown), counts, older)


def answer(
    desk: Desk, person: Person, token: str, given: Answer, write: Callable[[Told], Letter]
) -> Told:
    """Give a report another state, tell everybody what became of it, and write to its reporter.

    A letter goes where they left an address and something changed. Raises NotAllowed,
    SignInNeeded, NoSuchReport, ReasonNeeded, AnsweredMeanwhile.
    """
    require(person, "answer-reports")
    state = given.state if given.state in STATES else STATES[0]
    if state == "left" and not given.words:
        raise ReasonNeeded
    with desk.database.writing() as connection:
        found = _named(connection, token, hold=True)
        if seen_as(found) != given.seen:
            raise AnsweredMeanwhile
        same = (found.state, found.answer) == (state, given.words)
        if not same:
            records.change_report(
                connection, found, state=state, answer=given.words, answered_by=person.name
            )
            note(connection, person, "answered-report", f"report/{token}",
                 f"{found.state} to {state}")  # fmt: skip
    told = read_report(desk, token)
    if not same and told.report.email:
        send_later(desk.settings, write(told))
    return told


def seen_as(one: Report) -> str:
    """What names the state of a report that somebody has seen."""
    return one.changed_at.isoformat()


def may_answer(person: Person) -> bool:
    """Whether somebody may answer reports."""
    return may(person, "answer-reports")


def _named(connection: sa.Connection, token: str, *, hold: bool = False) -> Report:
    found = records.report_named(connection, token, hold=hold)
    if found is None:
        raise NoSuchReport(token)
    return found


def _told(desk: Desk, one: Report) -> Told:
    title, lang, name = _today(desk, one.key)
    return Told(one, title, lang, changed=name != one.hash)


def _today(desk: Desk, key: Key) -> tuple[str, str, str]:
    """The title, the language and the revision of a document as its file has them."""
    try:
        text = desk.library.store.read(key)
    except NoSuchDocument:
        return key.slug, key.lang or "en", ""
    title, lang = title_of(text)
    return title or key.slug, key.lang or lang or "en", revision_of(text)
