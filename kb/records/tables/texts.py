"""Drafts, and the journal of everything that was ever written."""

from __future__ import annotations

import sqlalchemy as sa

from kb.records.tables.base import at, key, metadata, person_of

#: A text in the making: for a document that is public, or for a new one.
draft = sa.Table(
    "draft", metadata, key(),
    sa.Column("token", sa.String(32), nullable=False, unique=True),  # random; names it in addresses
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),  # "" until a new one has a title
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),  # a row of kb.services.states
    sa.Column("base", sa.String(12)),  # the published revision it began from; null for a new one
    person_of("owner_id", nullable=False),
    at("created_at", nullable=False),
    at("updated_at", nullable=False),
    sa.Column("note", sa.Text, nullable=False),  # what was last said of its state
    # who suggested it without an account, as they call themselves
    sa.Column("outsider", sa.String(200), nullable=False, server_default=""),
    sa.Index("ix_draft_kind_slug_lang", "kind", "slug", "lang"),
    sa.Index("ix_draft_state", "state"),
)  # fmt: skip

#: Who else may write a draft, besides its owner.
co_author = sa.Table(
    "co_author", metadata,
    sa.Column("draft_id", sa.ForeignKey("draft.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
)  # fmt: skip

#: A link by which whoever has it reads a draft without an account. Only its hash is kept.
secret_link = sa.Table(
    "secret_link", metadata, key(),
    sa.Column("draft_id", sa.ForeignKey("draft.id"), nullable=False, index=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),  # SHA-256 of the secret
    sa.Column("label", sa.Text, nullable=False),  # for whom it was made, "" for nothing said
    person_of(),
    sa.Column("name", sa.String(200), nullable=False),  # of who made it, at that time
    at(nullable=False),
    at("revoked_at"),
)  # fmt: skip

#: The journal: every saved, submitted and published text, whole, never changed. Append-only, but
#: for `pending` (a row so marked is settled once: as the event it names, or as not-published), and
#: for what kb purge removes.
revision = sa.Table(
    "revision", metadata, key(),
    sa.Column("draft_id", sa.ForeignKey("draft.id"), index=True),  # null: published by hand
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # "" where the document was removed
    sa.Column("hash", sa.String(12), nullable=False),  # indexer.revision_of(text); "" if removed
    sa.Column("base", sa.String(12)),  # the hash it was made from; null for the first
    sa.Column("event", sa.String(20), nullable=False),  # saved, published, changed-on-disk, ...
    person_of("author_id"),
    sa.Column("author", sa.String(200), nullable=False),  # the name at that time
    at(nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("pending", sa.Boolean, nullable=False),  # the file has not been replaced yet
    sa.Index("ix_revision_kind_slug_lang_id", "kind", "slug", "lang", "id"),
    sa.Index("ix_revision_pending", "pending"),
)  # fmt: skip

#: What was purged, so that a restore purges it again. `hashes` names the texts that were purged,
#: a word each, so that a new document of the same name is told from them.
tombstone = sa.Table(
    "tombstone", metadata, key(),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hashes", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    at(nullable=False),
)  # fmt: skip
