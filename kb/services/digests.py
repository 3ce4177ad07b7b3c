"""Telling people what concerns them: at once, or gathered once a day or week.

Everything that is due for one person goes into one letter. The letter enters the table of jobs in
the transaction that marks its notices as sent, so that nobody is told twice or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from indexer.store import FOLDERS
from indexer.values import Key
from kb.access import UNDER_REVIEW, Person, may
from kb.records import jobs, journal, people
from kb.records import notices as records
from kb.records.database import now
from kb.records.journal import NoSuchDraft
from kb.records.notices import Notice
from kb.records.people import Account
from kb.services.desk import Desk
from kb.services.history import path_of, title_of
from kb.services.letter import Letter
from kb.services.mail import post
from kb.services.notices import NOTICES, TELL, concerns
from kb.services.sessions import person_of
from kb.settings import Settings

#: A notice that is to be told at once and was not after this time is told with the digests.
LATE = timedelta(minutes=10)
#: Kinds that ask for something to be done: once somebody did it they are of no use.
ASKING = ("submitted", "suggestion")


@dataclass(frozen=True)
class Told:
    """One thing that somebody is told: what happened to what, where it is, when (UTC) it happened.

    `words` are those that were given when it happened, such as name and message.
    """

    kind: str
    path: str
    title: str
    lang: str
    at: datetime
    words: Mapping[str, str]


#: Makes the letter to somebody (account) about these things.
Write = Callable[[Settings, Account, Sequence[Told]], Letter]


def last_moment(settings: Settings, pace: str, at: datetime) -> datetime:
    """When digests of a pace, day or week, were last to go out at a time (both UTC)."""
    today = at.replace(hour=settings.digest_hour, minute=0, second=0, microsecond=0)
    days = 0 if pace == "day" else at.weekday()
    moment = today - timedelta(days=days)
    return moment if moment <= at else moment - timedelta(days=1 if pace == "day" else 7)


def plan_digests(desk: Desk, at: datetime | None = None) -> str:
    """Adds a job for each person to whom a digest is due, and says how many that are."""
    at = at or now()
    added = 0
    with desk.database.reading() as connection:
        found = records.waiting(connection)
    if not found:
        return ""
    with desk.database.writing() as connection:
        for row in found:
            pace = _pace(connection, row.person_id, row.kind)
            moment = _moment(desk.settings, pace, at)
            if row.since < moment:
                key = f"{TELL}/{row.person_id}/{moment:%Y-%m-%dT%H:%M}"
                added += jobs.add(connection, TELL, key, {"person": row.person_id})
    return f"{added} to tell" if added else ""


def tell(desk: Desk, write: Write, person: int, at: datetime | None = None) -> str:
    """Sends one letter with all that is due for a person, and says how much that was.

    They are told nothing of what they may not see any more, of what is gone, or of what they do
    not want to hear; nor is anybody who is kept out.
    """
    at = at or now()
    with desk.database.writing() as connection:
        account = people.account(connection, person)
        rows = records.unsent(connection, person)
        if account is None or account.email is None or account.disabled_at:
            records.mark_sent(connection, [row.id for row in rows], at)
            return ""
        due = [row for row in rows if _is_due(desk.settings, connection, person, row, at)]
        found = (_told(desk, connection, person_of(account), row) for row in due)
        things = [one for one in found if one is not None]
        if things:
            post(connection, write(desk.settings, account, things), f"{person}/{due[-1].id}")
        records.mark_sent(connection, [row.id for row in due], at)
    return f"{len(things)} to {account.email}" if things else ""


# What is due -------------------------------------------------------------------------------


def _pace(connection: sa.Connection, person_id: int, kind: str) -> str:
    chosen = records.choices(connection, person_id).get(kind)
    return chosen or NOTICES.get(kind, "never")


def _moment(settings: Settings, pace: str, at: datetime) -> datetime:
    """What is older than this is to be told by now."""
    if pace in ("day", "week"):
        return last_moment(settings, pace, at)
    late = at - LATE
    return late - timedelta(minutes=late.minute % 10, seconds=late.second,
                            microseconds=late.microsecond)  # fmt: skip


def _is_due(
    settings: Settings, connection: sa.Connection, person_id: int, row: Notice, at: datetime
) -> bool:
    pace = _pace(connection, person_id, row.kind)
    return pace not in ("day", "week") or row.at < last_moment(settings, pace, at)


# What is told ------------------------------------------------------------------------------


def _told(desk: Desk, connection: sa.Connection, person: Person, row: Notice) -> Told | None:
    """What a notice tells; None where it is not for this person, or not any more."""
    if not concerns(person, row.kind) or _pace(connection, person.id or 0, row.kind) == "never":
        return None
    about, _, rest = row.subject.partition("/")
    if about == "draft":
        found = _draft(connection, person, rest, row.kind)
    elif about == "report":
        found = _report(connection, person, rest)
    else:
        found = _document(desk, connection, person, row.subject)
    if found is None:
        return None
    path, title, lang = found
    said = " ".join((row.words.get("title") or title or "").split())
    return Told(row.kind, path, said[:200], lang, row.at, row.words)


Place = tuple[str, str, str]  # path, title, language


def _draft(connection: sa.Connection, person: Person, token: str, kind: str) -> Place | None:
    try:
        draft = journal.draft(connection, token)
    except NoSuchDraft:
        return None
    if not may(person, "see-draft", draft) or (kind in ASKING and draft.state not in UNDER_REVIEW):
        return None
    title, lang = title_of(draft.text)
    public = draft.state == "published" and draft.slug
    return path_of(draft.key) if public else f"/drafts/{draft.token}", title, lang or draft.lang


def _report(connection: sa.Connection, person: Person, token: str) -> Place | None:
    there = may(person, "answer-reports") and records.is_report(connection, token)
    return (f"/reports/{token}", "", "") if there else None


def _document(desk: Desk, connection: sa.Connection, person: Person, subject: str) -> Place | None:
    """A document, such as case/SLUG or case/SLUG/LANG, as it is in the library."""
    kind, slug, lang = (*subject.split("/"), "", "")[:3]
    if kind not in FOLDERS:
        return None
    front = (desk.library.get(Key(kind, slug, lang)) or {}).get("front")
    if front is None or (front.get("status") == "withdrawn" and not may(person, "restore")):
        return None
    return path_of(Key(kind, slug, lang)), str(front.get("title", slug)), str(front.get("lang", ""))
