"""Queries on the points that reviewers look for, as editors wrote them down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb.records.rows import clean
from kb.records.tables import checkpoint


@dataclass(frozen=True)
class Checkpoint:
    """A row of the checklist of a kind. `replaced_by` is the row that has its words by now."""

    id: int
    kind: str
    words: str
    help: str
    severity: str
    position: int
    retired_at: datetime | None
    replaced_by: int | None


def of_kind(connection: sa.Connection, kind: str) -> tuple[Checkpoint, ...]:
    """Give all rows of a kind in their order, those that were retired or replaced too."""
    names = [field.name for field in fields(Checkpoint)]
    query = (
        sa.select(checkpoint)
        .where(checkpoint.c.kind == kind)
        .order_by(checkpoint.c.position, checkpoint.c.id)
    )
    rows = connection.execute(query).mappings()
    return tuple(Checkpoint(**{name: row[name] for name in names}) for row in rows)


def add(connection: sa.Connection, kind: str, texts: Iterable[str], position: int) -> int:
    """Add a point, its `texts` being words, help and severity, and give its number."""
    words, help_, severity = map(clean, texts)
    done = connection.execute(
        sa.insert(checkpoint).values(
            kind=kind, words=words, help=help_, severity=severity, position=position
        )
    )
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def change(connection: sa.Connection, id: int, **values: Any) -> None:
    """Change columns of a point."""
    connection.execute(sa.update(checkpoint).where(checkpoint.c.id == id).values(**values))
