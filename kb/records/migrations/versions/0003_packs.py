"""Packs: the secret links by which a draft can be read without an account.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table; what is there stays as it is."""
    op.create_table(
        "secret_link",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("draft_id", WHOLE, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_secret_link_draft_id_draft"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_secret_link_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_secret_link"),
        sa.UniqueConstraint("hash", name="uq_secret_link_hash"),
    )
    op.create_index("ix_secret_link_draft_id", "secret_link", ["draft_id"], unique=False)
    op.create_index("ix_secret_link_person_id", "secret_link", ["person_id"], unique=False)


def downgrade() -> None:
    """Takes it away, with every link."""
    op.drop_table("secret_link")
