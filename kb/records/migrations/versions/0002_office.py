"""The editors' office: review, suggestions, reports, files, work, notices, searches, links.

From here on the database itself keeps the event log: rows are added, and never rewritten.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Tables in an order in which they can be dropped.
TABLES = (
    "found_case", "saved_search", "search_count", "link", "notice_choice", "notice", "job",
    "attachment", "report", "suggestion", "verdict", "comment", "claim", "checkpoint",
)  # fmt: skip


def upgrade() -> None:
    """Makes the tables and columns; what is there stays as it is."""
    _review()
    _outside()
    _files()
    _work()
    _searches()
    _older()
    _events_stay()


def downgrade() -> None:
    """Takes them away, with everything in them."""
    _events_may_go()
    for name in TABLES:
        op.drop_table(name)
    op.drop_column("draft", "outsider")
    op.drop_column("person", "outside")
    op.drop_column("person", "lang")


def _review() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("replaced_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["checkpoint.id"], name="fk_checkpoint_replaced_by_checkpoint"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checkpoint"),
    )
    op.create_index("ix_checkpoint_replaced_by", "checkpoint", ["replaced_by"], unique=False)
    op.create_table(
        "claim",
        sa.Column("draft_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_claim_draft_id_draft"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_claim_person_id_person"),
        sa.PrimaryKeyConstraint("draft_id", name="pk_claim"),
    )
    op.create_index("ix_claim_person_id", "claim", ["person_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("draft_id", WHOLE, nullable=False),
        sa.Column("answers_id", WHOLE, nullable=True),
        sa.Column("hash", sa.String(length=12), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["comment.id"], name="fk_comment_answers_id_comment"
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_comment_draft_id_draft"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_comment_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_answers_id", "comment", ["answers_id"], unique=False)
    op.create_index("ix_comment_draft_id", "comment", ["draft_id"], unique=False)
    op.create_index("ix_comment_person_id", "comment", ["person_id"], unique=False)
    op.create_table(
        "verdict",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("draft_id", WHOLE, nullable=False),
        sa.Column("hash", sa.String(length=12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_verdict_draft_id_draft"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_verdict_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
    )
    op.create_index("ix_verdict_draft_id", "verdict", ["draft_id"], unique=False)
    op.create_index("ix_verdict_person_id", "verdict", ["person_id"], unique=False)


def _outside() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("draft_id", WHOLE, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("ui", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_suggestion_draft_id_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
        sa.UniqueConstraint("draft_id", name="uq_suggestion_draft_id"),
        sa.UniqueConstraint("token", name="uq_suggestion_token"),
    )
    op.create_table(
        "report",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("ui", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("token", name="uq_report_token"),
    )
    op.create_index("ix_report_kind_slug_lang", "report", ["kind", "slug", "lang"], unique=False)
    op.create_index("ix_report_state", "report", ["state"], unique=False)


def _files() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_attachment_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("hash", "person_id", name="uq_attachment_hash_person_id"),
    )
    op.create_index("ix_attachment_file", "attachment", ["file"], unique=False)
    op.create_index("ix_attachment_person_id", "attachment", ["person_id"], unique=False)


def _work() -> None:
    op.create_table(
        "job",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("key", name="uq_job_key"),
    )
    op.create_index("ix_job_done_at_due_at", "job", ["done_at", "due_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id"], unique=False)
    op.create_index("ix_notice_sent_at_person_id", "notice", ["sent_at", "person_id"], unique=False)
    op.create_table(
        "notice_choice",
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_notice_choice_person_id_person"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name="pk_notice_choice"),
    )


def _searches() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_saved_search_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("token", name="uq_saved_search_token"),
    )
    op.create_index("ix_saved_search_person_id", "saved_search", ["person_id"], unique=False)
    op.create_table(
        "found_case",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("search_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=12), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_search.id"], name="fk_found_case_search_id_saved_search"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_found_case"),
    )
    op.create_index("ix_found_case_search_id", "found_case", ["search_id"], unique=False)
    op.create_table(
        "search_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("followed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "words", name="pk_search_count"),
    )
    op.create_table(
        "link",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("leads_to", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("failing_since", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("url_hash", name="uq_link_url_hash"),
    )


def _older() -> None:
    op.add_column(
        "draft", sa.Column("outsider", sa.String(length=200), server_default="", nullable=False)
    )
    op.add_column(
        "person", sa.Column("lang", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column(
        "person", sa.Column("outside", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


# Events -------------------------------------------------------------------------------------

#: A row whose cells of the second kind change to anything but "", or of the first kind at all, is
#: rewritten. Emptied they may be: names and addresses of people who left, words of what was purged.
_FIXED = ("id", "at", "person_id", "action")
_EMPTIED = ("name", "subject", "detail")
_REWRITTEN = " OR ".join(
    [f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED]
    + [f"(NEW.{name} <> OLD.{name} AND NEW.{name} <> '')" for name in _EMPTIED]
)
_REFUSED = "events are added, never changed or deleted"
_SQLITE = (
    "CREATE TRIGGER event_is_not_rewritten BEFORE UPDATE ON event"
    f" WHEN {_REWRITTEN.replace('IS DISTINCT FROM', 'IS NOT')}"
    f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    "CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event"
    f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    # INSERT OR REPLACE would take the old row away without asking the trigger above
    "CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event"  # noqa: S608
    " WHEN NEW.id IN (SELECT id FROM event)"
    f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
    "CREATE TRIGGER event_is_not_rewritten BEFORE UPDATE ON event FOR EACH ROW"
    f" WHEN ({_REWRITTEN}) EXECUTE FUNCTION event_stays()",
    "CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event FOR EACH ROW"
    " EXECUTE FUNCTION event_stays()",
    "CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event FOR EACH STATEMENT"
    " EXECUTE FUNCTION event_stays()",
)


def _events_stay() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if postgresql else _SQLITE:
        op.get_bind().exec_driver_sql(statement)


def _events_may_go() -> None:
    statements = [
        f"DROP TRIGGER IF EXISTS event_is_not_{what}"
        for what in ("rewritten", "deleted", "replaced", "emptied")
    ]
    if op.get_bind().dialect.name == "postgresql":
        statements = [f"{statement} ON event" for statement in statements]
        statements.append("DROP FUNCTION event_stays()")
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
