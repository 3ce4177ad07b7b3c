"""Queries on the secret links by which a draft can be read without an account."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from kb.records.database import now
from kb.records.rows import clean
from kb.records.tables import secret_link


@dataclass(frozen=True)
class SecretLink:
    """A link to a draft; of its secret only the hash is kept. `name` is that of who made it."""

    id: int
    draft_id: int
    label: str
    name: str
    at: datetime
    revoked_at: datetime | None


def add(
    connection: sa.Connection, draft_id: int, hashed: str, label: str, by: tuple[int | None, str]
) -> int:
    """Add a link and give its number."""
    person_id, name = by
    done = connection.execute(
        sa.insert(secret_link).values(
            draft_id=draft_id, hash=hashed, label=clean(label), person_id=person_id,
            name=clean(name), at=now(),
        )
    )  # fmt: skip
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def of_draft(connection: sa.Connection, draft_id: int) -> tuple[SecretLink, ...]:
    """Give the links to a draft, the newest first, those that were revoked too."""
    return _links(connection, secret_link.c.draft_id == draft_id)


def of_hash(connection: sa.Connection, hashed: str) -> SecretLink | None:
    """Give the link with a secret of this hash; None where there is none or it was revoked."""
    found = _links(connection, secret_link.c.hash == hashed, secret_link.c.revoked_at.is_(None))
    return found[0] if found else None


def revoke(connection: sa.Connection, draft_id: int, id_: int) -> bool:
    """Let a link of a draft lead nowhere; False where there is none that still did."""
    done = connection.execute(
        sa.update(secret_link)
        .where(
            secret_link.c.id == id_,
            secret_link.c.draft_id == draft_id,
            secret_link.c.revoked_at.is_(None),
        )
        .values(revoked_at=now())
    )
    return bool(done.rowcount)


def _links(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[SecretLink, ...]:
    names = [field.name for field in fields(SecretLink)]
    columns = [secret_link.c[name] for name in names]
    rows = connection.execute(
        sa.select(*columns).where(*where).order_by(secret_link.c.id.desc())
    ).mappings()
    return tuple(SecretLink(**row) for row in rows)
