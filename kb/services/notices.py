"""Notices: what people are told by mail of what concerns them, at once or gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from kb.access import Person, may, require
from kb.records import jobs
from kb.records import notices as records
from kb.records import people as accounts
from kb.records.database import now
from kb.services.office import Office
from kb.services.sessions import person_of

#: kind of notice -> the pace at which people are told who chose none: now, day, week or never.
NOTICES: Mapping[str, str] = {
    "submitted": "day",
    "comment": "now",
    "changes-requested": "now",
    "approved": "now",
    "rejected": "now",
    "published": "now",
    "suggestion": "day",
    "report": "day",
    "review-due": "week",
}
PACES = ("now", "day", "week", "never")
#: kind of notice -> the action of kb.access that those may do whom it concerns; "write" elsewhere.
CONCERNS: Mapping[str, str] = {
    "submitted": "see-queue",
    "suggestion": "see-queue",
    "report": "answer-reports",
}
#: The name, in the table of tasks, of telling one person what is due.
TELL = "tell"


class NoSuchPace(ValueError):
    """There is no such way to be told; `kind` is the notice for which it was asked."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Choices:
    """How somebody is told: the pace of each kind that may concern them, and the language.

    `lang` is "" where they never chose one.
    """

    paces: Mapping[str, str]
    lang: str


def notify(
    connection: sa.Connection,
    by: Person,
    kind: str,
    person_ids: Iterable[int],
    subject: str,
    **words: str,
) -> None:
    """Let people know, within the transaction in which it happened; `by` is never told.

    `subject` names what it is about: draft/TOKEN, report/TOKEN, case/SLUG or case/SLUG/LANG.
    `words` are what the letter says of it, such as title, name (of whoever did it) and message.
    Those who want to hear at once do as soon as the transaction holds.
    """
    assert kind in NOTICES, kind
    people = records.reachable(connection, set(person_ids) - {by.id or 0})
    chosen = records.chosen(connection, people, kind)
    paces = {id_: chosen.get(id_, NOTICES[kind]) for id_ in people}
    wanted = [id_ for id_ in people if paces[id_] != "never"]
    for person_id, number in records.add(connection, wanted, kind, subject, words).items():
        if paces[person_id] == "now":
            jobs.add(connection, TELL, f"{TELL}/{number}", {"person": person_id})


def concerns(person: Person, kind: str) -> bool:
    """Whether a kind of notice may be for this person."""
    return may(person, CONCERNS.get(kind, "write"))


def choices_of(office: Office, person: Person) -> Choices:
    """How somebody is told. Raises SignInNeeded."""
    require(person, "keep-account")
    assert person.id is not None
    with office.database.reading() as connection:
        chosen = records.choices(connection, person.id)
        account = accounts.account(connection, person.id)
    paces = {k: chosen.get(k, pace) for k, pace in NOTICES.items() if concerns(person, k)}
    return Choices(paces, account.lang if account else "")


def choose(office: Office, person: Person, paces: Mapping[str, str], lang: str) -> None:
    """Keeps how somebody wants to be told from now on, and of what waits already.

    Raises SignInNeeded, NoSuchPace.
    """
    require(person, "keep-account")
    assert person.id is not None
    for kind, pace in paces.items():
        if kind not in NOTICES or pace not in PACES:
            raise NoSuchPace(kind)
    with office.database.writing() as connection:
        records.choose(connection, person.id, paces)
        _speak(connection, office, person.id, lang)
        if "now" in paces.values():
            key = f"{TELL}/{person.id}/chosen/{now():%Y-%m-%dT%H:%M:%S.%f}"
            jobs.add(connection, TELL, key, {"person": person.id})


def choose_language(office: Office, person: Person, lang: str) -> None:
    """Writes letters to somebody in a language from now on, if the site has it; not to visitors."""
    if person.id is not None and lang in office.settings.languages:
        with office.database.writing() as connection:
            _speak(connection, office, person.id, lang)


def _speak(connection: sa.Connection, office: Office, person_id: int, lang: str) -> None:
    if lang in office.settings.languages:
        accounts.change_account(connection, person_id, lang=lang)


def who_may(connection: sa.Connection, action: str) -> set[int]:
    """Give the people who may do something and are not kept out, to be told of it."""
    return {
        one.id
        for one in accounts.accounts(connection)
        if one.disabled_at is None and may(person_of(one), action)
    }
