"""The tables. Times are UTC, whole microseconds; of a secret only its SHA-256 is kept."""

from kb.records.tables.base import metadata
from kb.records.tables.office import (
    attachment,
    checkpoint,
    claim,
    comment,
    event,
    found_case,
    job,
    link,
    notice,
    notice_choice,
    report,
    saved_search,
    search_count,
    suggestion,
    verdict,
)
from kb.records.tables.people import attempt, person, recovery_code, session, ticket
from kb.records.tables.texts import co_author, draft, revision, secret_link, tombstone

__all__ = [
    "attachment",
    "attempt",
    "checkpoint",
    "claim",
    "co_author",
    "comment",
    "draft",
    "event",
    "found_case",
    "job",
    "link",
    "metadata",
    "notice",
    "notice_choice",
    "person",
    "recovery_code",
    "report",
    "revision",
    "saved_search",
    "search_count",
    "secret_link",
    "session",
    "suggestion",
    "ticket",
    "tombstone",
    "verdict",
]
