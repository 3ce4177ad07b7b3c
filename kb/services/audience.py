"""Whom it concerns what happens to a draft, and telling them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from kb.access import Person, roles_for
from kb.records import people, verdicts
from kb.records.journal import Draft, Revision, draft_of_id
from kb.records.people import Account
from kb.services.naming import title_of
from kb.services.notices import notify


def authors_of(draft: Draft) -> tuple[int, ...]:
    """The numbers of those whose text a draft is: its owner and co-authors."""
    return (draft.owner_id, *draft.co_author_ids)


def reviewers_of(connection: sa.Connection, draft: Draft) -> tuple[Account, ...]:
    """Those who may approve a draft, by name: no one approves what is their own."""
    own = authors_of(draft)
    return tuple(
        one for one in people.active(connection, roles_for("approve")) if one.id not in own
    )


def tell_reviewers(connection: sa.Connection, by: Person, draft: Draft, message: str) -> None:
    """Let everybody who may check it know that a draft was handed in."""
    numbers = [one.id for one in reviewers_of(connection, draft)]
    _tell(connection, by, "submitted", draft, message=message, numbers=numbers)


def tell_authors(
    connection: sa.Connection,
    by: Person,
    kind: str,
    draft: Draft,
    *,
    message: str,
    others: Iterable[int] = (),
) -> None:
    """Let its authors, and `others`, know what was said or decided of a draft."""
    _tell(connection, by, kind, draft, message=message, numbers=[*authors_of(draft), *others])


def tell_published(connection: sa.Connection, row: Revision) -> None:
    """Let its authors know that a draft became public, by the row that was just settled."""
    if row.event != "published" or row.draft_id is None:
        return
    draft = draft_of_id(connection, row.draft_id)
    told = (one for one in verdicts.of_draft(connection, draft.id) if one.at == row.at)
    verdict = next(told, None)
    by = Person(verdict.person_id if verdict else None, verdict.name if verdict else "", "", "")
    subject = f"{row.kind}/{row.slug}" + (f"/{row.lang}" if row.lang else "")
    notify(
        connection, by, "published", authors_of(draft), subject,
        title=title_of(row.text), name=by.name, message=verdict.message if verdict else "",
    )  # fmt: skip


def _tell(
    connection: sa.Connection,
    by: Person,
    kind: str,
    draft: Draft,
    *,
    message: str,
    numbers: Iterable[int],
) -> None:
    notify(
        connection, by, kind, numbers, f"draft/{draft.token}",
        title=title_of(draft.text) or draft.slug, name=by.name, message=message,
    )  # fmt: skip
