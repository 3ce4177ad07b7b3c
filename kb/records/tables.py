"""The tables. Times are UTC, whole microseconds; of a secret only its SHA-256 is kept."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[int]:
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", whole, primary_key=True, autoincrement=True)


def _person(name: str = "person_id", **how: object) -> sa.Column[int]:
    return sa.Column(name, sa.ForeignKey("person.id"), index=True, **how)  # type: ignore[arg-type]


def _at(name: str = "at", **how: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=False), **how)  # type: ignore[arg-type]


#: Who has an account. A person who left keeps the row, without address and password.
person = sa.Table(
    "person", metadata, _id(),
    sa.Column("email", sa.String(254), unique=True),  # lower case; null once deleted
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),  # a row of kb.access.ROLES
    sa.Column("password", sa.String(300)),  # argon2id; null until one is chosen
    _at("created_at", nullable=False),
    _at("confirmed_at"),
    _at("disabled_at"),
    sa.Column("totp_secret", sa.String(64)),  # null: no second step
    sa.Column("totp_last", sa.BigInteger),  # the time step that was used last, never again
)  # fmt: skip

#: Codes for when the phone of the second step is lost; each works once.
recovery_code = sa.Table(
    "recovery_code", metadata, _id(), _person(nullable=False),
    sa.Column("code_hash", sa.String(64), nullable=False),
    _at("used_at"),
)  # fmt: skip

#: Where somebody is signed in. The cookie holds a random token; `token_hash` names it here.
session = sa.Table(
    "session", metadata, _id(), _person(nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    _at("created_at", nullable=False),
    _at("seen_at", nullable=False),
    _at("expires_at", nullable=False),
    sa.Column("remember", sa.Boolean, nullable=False),
    sa.Column("agent", sa.String(200), nullable=False),  # the browser as it names itself
    _at("revoked_at"),
)  # fmt: skip

#: One-time links: the first administrator's, invitations, confirmations, resets.
ticket = sa.Table(
    "ticket", metadata, _id(),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("purpose", sa.String(20), nullable=False),
    _person(),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    _at("created_at", nullable=False),
    _at("expires_at", nullable=False),
    _at("used_at"),
)  # fmt: skip

#: Tries that are limited: sign-in, reset, registration; by account and by address.
attempt = sa.Table(
    "attempt", metadata, _id(),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),  # SHA-256 of the address or account
    _at(nullable=False),
    sa.Index("ix_attempt_kind_subject_at", "kind", "subject", "at"),
)  # fmt: skip

#: A text in the making: for a document that is public, or for a new one.
draft = sa.Table(
    "draft", metadata, _id(),
    sa.Column("token", sa.String(32), nullable=False, unique=True),  # random; names it in addresses
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),  # "" until a new one has a title
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),  # a row of kb.services.states
    sa.Column("base", sa.String(12)),  # the published revision it began from; null for a new one
    _person("owner_id", nullable=False),
    _at("created_at", nullable=False),
    _at("updated_at", nullable=False),
    sa.Column("note", sa.Text, nullable=False),  # what was last said of its state
    sa.Index("ix_draft_kind_slug_lang", "kind", "slug", "lang"),
    sa.Index("ix_draft_state", "state"),
)  # fmt: skip

#: Who else may write a draft, besides its owner.
co_author = sa.Table(
    "co_author", metadata,
    sa.Column("draft_id", sa.ForeignKey("draft.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
)  # fmt: skip

#: The journal: every saved, submitted and published text, whole, never changed. Append-only, but
#: for `pending` (a row so marked is settled once: as the event it names, or as not-published), and
#: for what kb purge removes.
revision = sa.Table(
    "revision", metadata, _id(),
    sa.Column("draft_id", sa.ForeignKey("draft.id"), index=True),  # null: published by hand
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # "" where the document was removed
    sa.Column("hash", sa.String(12), nullable=False),  # indexer.revision_of(text); "" if removed
    sa.Column("base", sa.String(12)),  # the hash it was made from; null for the first
    sa.Column("event", sa.String(20), nullable=False),  # saved, published, changed-on-disk, ...
    _person("author_id"),
    sa.Column("author", sa.String(200), nullable=False),  # the name at that time
    _at(nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("pending", sa.Boolean, nullable=False),  # the file has not been replaced yet
    sa.Index("ix_revision_kind_slug_lang_id", "kind", "slug", "lang", "id"),
    sa.Index("ix_revision_pending", "pending"),
)  # fmt: skip

#: What was purged, so that a restore purges it again. `hashes` names the texts that were purged,
#: a word each, so that a new document of the same name is told from them.
tombstone = sa.Table(
    "tombstone", metadata, _id(),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hashes", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    _at(nullable=False),
)  # fmt: skip

#: Who did what to what: roles, sign-ins, publications, purges. Append-only.
event = sa.Table(
    "event", metadata, _id(),
    _at(nullable=False, index=True),
    _person(),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)  # fmt: skip
