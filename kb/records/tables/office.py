"""The editors' office: what is said of drafts, what came from outside, files, work to be done."""

from __future__ import annotations

import sqlalchemy as sa

from kb.records.tables.base import at, key, metadata, person_of

# Review -------------------------------------------------------------------------------------

#: What somebody says of a draft: of all of it, of a field, or of a passage of its text.
#: Append-only: that a thread was resolved or taken up again is a row of its own.
comment = sa.Table(
    "comment", metadata, key(),
    sa.Column("draft_id", sa.ForeignKey("draft.id"), nullable=False, index=True),
    sa.Column("answers_id", sa.ForeignKey("comment.id"), index=True),  # null: it begins a thread
    sa.Column("hash", sa.String(12), nullable=False),  # of the text that it spoke of
    sa.Column("field", sa.String(200), nullable=False),  # such as results.2, from 1; "" is all
    sa.Column("quote", sa.Text, nullable=False),  # the passage of the body; "" is none
    sa.Column("before", sa.Text, nullable=False),  # what stood around it, by which it is
    sa.Column("after", sa.Text, nullable=False),  # found again after an edit
    sa.Column("words", sa.Text, nullable=False),
    person_of(),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("act", sa.String(10), nullable=False),  # "", or of a thread: resolved, reopened
    at(nullable=False),
)  # fmt: skip

#: What a reviewer decided of one text of a draft. Append-only. `at` is that of the row which the
#: journal has of it.
verdict = sa.Table(
    "verdict", metadata, key(),
    sa.Column("draft_id", sa.ForeignKey("draft.id"), nullable=False, index=True),
    sa.Column("hash", sa.String(12), nullable=False),
    person_of(),
    sa.Column("name", sa.String(200), nullable=False),
    # approved, changes-requested, rejected, published
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("points", sa.Text, nullable=False),  # JSON: the checklist as it was answered
    at(nullable=False),
)  # fmt: skip

#: Who said that they look at a draft, so that two do not do the same work.
claim = sa.Table(
    "claim", metadata,
    sa.Column("draft_id", sa.ForeignKey("draft.id"), primary_key=True),
    person_of(nullable=False),
    at(nullable=False),
)  # fmt: skip

#: What reviewers look for, as editors wrote it down.
checkpoint = sa.Table(
    "checkpoint", metadata, key(),
    sa.Column("kind", sa.String(10), nullable=False),  # case, pack, page
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("help", sa.Text, nullable=False),
    sa.Column("severity", sa.String(10), nullable=False),  # must, should, may
    sa.Column("position", sa.Integer, nullable=False),
    at("retired_at"),
    # what took its place when its words were changed; null where it stands or was given up
    sa.Column("replaced_by", sa.ForeignKey("checkpoint.id"), index=True),
)  # fmt: skip

# From outside -------------------------------------------------------------------------------

#: What somebody without an account sent in: a changed text, or a replication; a draft each.
suggestion = sa.Table(
    "suggestion", metadata, key(),
    sa.Column("token", sa.String(32), nullable=False, unique=True),  # of whoever sent it, to follow
    sa.Column("draft_id", sa.ForeignKey("draft.id"), nullable=False, unique=True),
    sa.Column("purpose", sa.String(20), nullable=False),  # edit, replication
    sa.Column("email", sa.String(254), nullable=False),  # for an answer, seen by nobody; "" is none
    sa.Column("ui", sa.String(20), nullable=False),  # the language of an answer
    at(nullable=False),
)  # fmt: skip

#: A problem that somebody reported of a document, and what became of it.
report = sa.Table(
    "report", metadata, key(),
    sa.Column("token", sa.String(32), nullable=False, unique=True),  # random; names it in addresses
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("hash", sa.String(12), nullable=False),  # of the public text that it spoke of
    sa.Column("about", sa.String(20), nullable=False),  # what is wrong, a word of a short list
    sa.Column("place", sa.String(300), nullable=False),  # where, in the reporter's words
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),  # for an answer, seen by nobody; "" is none
    sa.Column("ui", sa.String(20), nullable=False),  # the language of an answer
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),  # what everybody is told
    sa.Column("answered_by", sa.String(200), nullable=False),
    at(nullable=False),
    at("changed_at", nullable=False),
    sa.Index("ix_report_kind_slug_lang", "kind", "slug", "lang"),
    sa.Index("ix_report_state", "state"),
)  # fmt: skip

# Files --------------------------------------------------------------------------------------

#: A picture or document that somebody gave to the library, by the hash of what is kept of it. The
#: same bytes from two people are two rows and one file.
attachment = sa.Table(
    "attachment", metadata, key(),
    sa.Column("hash", sa.String(64), nullable=False),  # SHA-256 of the kept bytes
    sa.Column("file", sa.String(80), nullable=False, index=True),  # its name in texts
    sa.Column("name", sa.String(200), nullable=False),  # as the file was called
    sa.Column("type", sa.String(40), nullable=False),  # the media type, by its content
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("width", sa.Integer),  # pixels; null for what is no picture
    sa.Column("height", sa.Integer),
    sa.Column("alt", sa.Text, nullable=False),  # what it shows, in words
    sa.Column("caption", sa.Text, nullable=False),  # what stands below it; "" is nothing
    person_of(nullable=False),
    at(nullable=False),
    sa.UniqueConstraint("hash", "person_id"),
)  # fmt: skip

# Work ---------------------------------------------------------------------------------------

#: Work to be done beside the answers to requests. A key names a piece of work for good.
job = sa.Table(
    "job", metadata, key(),
    sa.Column("task", sa.String(40), nullable=False),  # a row of kb.tasks.TASKS
    sa.Column("key", sa.String(200), nullable=False, unique=True),
    sa.Column("payload", sa.Text, nullable=False),  # JSON
    at("due_at", nullable=False),
    at("lease_until"),  # somebody works at it until then
    sa.Column("worker", sa.String(80), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    at("done_at"),
    at("failed_at"),  # it was tried often enough
    at(nullable=False),
    sa.Index("ix_job_done_at_due_at", "done_at", "due_at"),
)  # fmt: skip

#: What somebody is to be told by mail; `sent_at` is null until they were.
notice = sa.Table(
    "notice", metadata, key(),
    person_of(nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),  # a row of kb.services.notices.NOTICES
    sa.Column("subject", sa.String(200), nullable=False),  # what it is about, such as draft/TOKEN
    sa.Column("words", sa.Text, nullable=False),  # JSON: what its wording needs
    at(nullable=False),
    at("sent_at"),
    sa.Index("ix_notice_sent_at_person_id", "sent_at", "person_id"),
)  # fmt: skip

#: How somebody wants to be told of a kind of notice, where not as everybody is.
notice_choice = sa.Table(
    "notice_choice", metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("kind", sa.String(30), primary_key=True),
    sa.Column("pace", sa.String(10), nullable=False),  # now, day, week, never
)  # fmt: skip

# Searches -----------------------------------------------------------------------------------

#: A search of which somebody wants to hear what is new.
saved_search = sa.Table(
    "saved_search", metadata, key(),
    sa.Column("token", sa.String(32), nullable=False, unique=True),  # random; names its feed
    person_of(nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("query", sa.Text, nullable=False),  # as in an address, in its fixed order
    sa.Column("pace", sa.String(10), nullable=False),  # day, week, never (the feed alone)
    at(nullable=False),
    at("looked_at"),
    at("told_at"),
)  # fmt: skip

#: What a saved search found, each time that something was new or changed.
found_case = sa.Table(
    "found_case", metadata, key(),
    sa.Column("search_id", sa.ForeignKey("saved_search.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("slug", sa.String(80), nullable=False),
    sa.Column("lang", sa.String(20), nullable=False),
    sa.Column("hash", sa.String(12), nullable=False),
    sa.Column("change", sa.String(10), nullable=False),  # first (was there before), new, changed
    sa.Column("reason", sa.Text, nullable=False),  # JSON: why it matches
    at(nullable=False),
)  # fmt: skip

#: How often words were searched for on a day. Nothing tells who did.
search_count = sa.Table(
    "search_count", metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("words", sa.String(200), primary_key=True),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("empty", sa.Integer, nullable=False),  # times that nothing was found
    sa.Column("followed", sa.Integer, nullable=False),  # times that somebody read a result
)  # fmt: skip

# Links --------------------------------------------------------------------------------------

#: An address in the library, and whether it answered.
link = sa.Table(
    "link", metadata, key(),
    sa.Column("url_hash", sa.String(64), nullable=False, unique=True),  # SHA-256 of the address
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),  # good, moved, dead, unsure, not-asked
    sa.Column("status", sa.Integer),  # of HTTP; null where there was no answer
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("leads_to", sa.Text, nullable=False),  # where it leads by now; "" where it stays
    at(nullable=False),
    at("failing_since"),
    sa.Column("tries", sa.Integer, nullable=False),  # that failed, in a row
)  # fmt: skip

# What happened ------------------------------------------------------------------------------

#: Who did what to what: roles, sign-ins, publications, purges. Append-only.
event = sa.Table(
    "event", metadata, key(),
    at(nullable=False, index=True),
    person_of(),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)  # fmt: skip
