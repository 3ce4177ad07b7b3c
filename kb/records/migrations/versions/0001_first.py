"""People, drafts, the journal of revisions, and what happened.

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Tables in an order in which they can be dropped.
TABLES = (
    "event", "tombstone", "revision", "co_author", "draft", "attempt", "ticket", "session",
    "recovery_code", "person",
)  # fmt: skip


def upgrade() -> None:
    """Makes the tables."""
    _people()
    _texts()
    _happenings()


def downgrade() -> None:
    """Takes them away, with everything in them."""
    for name in TABLES:
        op.drop_table(name)


def _people() -> None:
    _table(
        "person",
        sa.Column("email", sa.String(254)),
        _text("name", 200),
        _text("role", 20),
        sa.Column("password", sa.String(300)),
        _time("created_at"),
        _time("confirmed_at", nullable=True),
        _time("disabled_at", nullable=True),
        sa.Column("totp_secret", sa.String(64)),
        sa.Column("totp_last", sa.BigInteger()),
        sa.UniqueConstraint("email", name="uq_person_email"),
    )
    _table(
        "recovery_code",
        _person("recovery_code"),
        _text("code_hash", 64),
        _time("used_at", nullable=True),
        index=("person_id",),
    )
    _table(
        "session",
        _person("session"),
        _text("token_hash", 64),
        _time("created_at"),
        _time("seen_at"),
        _time("expires_at"),
        sa.Column("remember", sa.Boolean(), nullable=False),
        _text("agent", 200),
        _time("revoked_at", nullable=True),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
        index=("person_id",),
    )
    _table(
        "ticket",
        _text("token_hash", 64),
        _text("purpose", 20),
        _person("ticket", nullable=True),
        _text("email", 254),
        _text("role", 20),
        _time("created_at"),
        _time("expires_at"),
        _time("used_at", nullable=True),
        sa.UniqueConstraint("token_hash", name="uq_ticket_token_hash"),
        index=("person_id",),
    )
    _table("attempt", _text("kind", 20), _text("subject", 64), _time("at"))
    op.create_index("ix_attempt_kind_subject_at", "attempt", ["kind", "subject", "at"])


def _texts() -> None:
    _table(
        "draft",
        _text("token", 32),
        *_key(),
        _text("state", 20),
        sa.Column("base", sa.String(12)),
        _person("draft", "owner_id"),
        _time("created_at"),
        _time("updated_at"),
        _text("note"),
        sa.UniqueConstraint("token", name="uq_draft_token"),
        index=("owner_id", "state"),
    )
    op.create_index("ix_draft_kind_slug_lang", "draft", ["kind", "slug", "lang"])
    op.create_table(
        "co_author",
        _refer("co_author", "draft_id", "draft"),
        _person("co_author"),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name="pk_co_author"),
    )
    _table(
        "revision",
        _refer("revision", "draft_id", "draft", nullable=True),
        *_key(),
        _text("text"),
        _text("hash", 12),
        sa.Column("base", sa.String(12)),
        _text("event", 20),
        _person("revision", "author_id", nullable=True),
        _text("author", 200),
        _time("at"),
        _text("message"),
        sa.Column("pending", sa.Boolean(), nullable=False),
        index=("draft_id", "author_id", "pending"),
    )
    op.create_index("ix_revision_kind_slug_lang_id", "revision", ["kind", "slug", "lang", "id"])
    _table("tombstone", *_key(), _text("reason"), _text("hashes"), _text("by", 200), _time("at"))


def _happenings() -> None:
    _table(
        "event",
        _time("at"),
        _person("event", nullable=True),
        _text("name", 200),
        _text("action", 40),
        _text("subject", 200),
        _text("detail"),
        index=("at", "person_id"),
    )


def _table(name: str, *parts: sa.schema.SchemaItem, index: tuple[str, ...] = ()) -> None:
    identity = sa.Column("id", WHOLE, autoincrement=True, nullable=False)
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, identity, *parts, key)
    for column in index:
        _index(name, column)


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def _text(name: str, most: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(most) if most else sa.Text(), nullable=False)


def _time(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=False), nullable=nullable)


def _key() -> tuple[sa.Column[str], ...]:
    return _text("kind", 10), _text("slug", 80), _text("lang", 20)


def _person(table: str, name: str = "person_id", nullable: bool = False) -> sa.Column[int]:
    return _refer(table, name, "person", nullable)


def _refer(table: str, name: str, other: str, nullable: bool = False) -> sa.Column[int]:
    constraint = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}_{other}")
    return sa.Column(name, WHOLE, constraint, nullable=nullable)
