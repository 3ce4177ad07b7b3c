"""Notices: what people are told by mail of what concerns them, at once or gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from kb.access import Person, may
from kb.records import notices as records
from kb.records import people
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
    """
    assert kind in NOTICES, kind
    records.add(connection, set(person_ids) - {by.id or 0}, kind, subject, words)


def who_may(connection: sa.Connection, action: str) -> set[int]:
    """Give the people who may do something and are not kept out, to be told of it."""
    return {
        one.id
        for one in people.accounts(connection)
        if one.disabled_at is None and may(person_of(one), action)
    }
