"""Who has an account, and how they come in."""

from __future__ import annotations

import sqlalchemy as sa

from kb.records.tables.base import at, key, metadata, person_of

#: Who has an account. A person who left keeps the row, without address and password.
person = sa.Table(
    "person", metadata, key(),
    sa.Column("email", sa.String(254), unique=True),  # lower case; null once deleted
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),  # a row of kb.access.ROLES
    sa.Column("password", sa.String(300)),  # argon2id; null until one is chosen
    at("created_at", nullable=False),
    at("confirmed_at"),
    at("disabled_at"),
    sa.Column("totp_secret", sa.String(64)),  # null: no second step
    sa.Column("totp_last", sa.BigInteger),  # the time step that was used last, never again
    # the language of the letters to them; "": that of the site
    sa.Column("lang", sa.String(20), nullable=False, server_default=""),
    # the one row to which what strangers suggest belongs; nobody signs in as it
    sa.Column("outside", sa.Boolean, nullable=False, server_default=sa.false()),
)  # fmt: skip

#: Codes for when the phone of the second step is lost; each works once.
recovery_code = sa.Table(
    "recovery_code", metadata, key(), person_of(nullable=False),
    sa.Column("code_hash", sa.String(64), nullable=False),
    at("used_at"),
)  # fmt: skip

#: Where somebody is signed in. The cookie holds a random token; `token_hash` names it here.
session = sa.Table(
    "session", metadata, key(), person_of(nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    at("created_at", nullable=False),
    at("seen_at", nullable=False),
    at("expires_at", nullable=False),
    sa.Column("remember", sa.Boolean, nullable=False),
    sa.Column("agent", sa.String(200), nullable=False),  # the browser as it names itself
    at("revoked_at"),
)  # fmt: skip

#: One-time links: the first administrator's, invitations, confirmations, resets.
ticket = sa.Table(
    "ticket", metadata, key(),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("purpose", sa.String(20), nullable=False),
    person_of(),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    at("created_at", nullable=False),
    at("expires_at", nullable=False),
    at("used_at"),
)  # fmt: skip

#: Tries that are limited: sign-in, reset, registration; by account and by address.
attempt = sa.Table(
    "attempt", metadata, key(),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),  # SHA-256 of the address or account
    at(nullable=False),
    sa.Index("ix_attempt_kind_subject_at", "kind", "subject", "at"),
)  # fmt: skip
