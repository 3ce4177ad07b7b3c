"""Queries on what people are to be told, and on how they want to be told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from kb.records.database import now
from kb.records.tables import notice, notice_choice, person


def add(
    connection: sa.Connection,
    person_ids: Iterable[int],
    kind: str,
    subject: str,
    words: Mapping[str, str],
) -> None:
    """Write down that people are to be told; those who left or are kept out are passed over."""
    wanted = sorted(set(person_ids))
    there = connection.execute(
        sa.select(person.c.id).where(
            person.c.id.in_(wanted), person.c.email.is_not(None), person.c.disabled_at.is_(None)
        )
    ).scalars()
    rows = [
        {"person_id": id_, "kind": kind, "subject": subject, "at": now(),
         "words": json.dumps(dict(words), ensure_ascii=False)}
        for id_ in there
    ]  # fmt: skip
    if rows:
        connection.execute(sa.insert(notice), rows)


def choices(connection: sa.Connection, person_id: int) -> dict[str, str]:
    """Give the paces that somebody chose, by kind of notice."""
    rows = connection.execute(
        sa.select(notice_choice.c.kind, notice_choice.c.pace).where(
            notice_choice.c.person_id == person_id
        )
    )
    return {kind: pace for kind, pace in rows}  # noqa: C416 - rows are no pairs to mypy
