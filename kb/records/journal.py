"""The journal: every text that was saved, submitted or published, and the drafts it belongs to.

Queries alone; what may happen to whom is decided by the services. This is the name under which
they know all of it.
"""

from __future__ import annotations

from kb.records.drafts import (
    add_co_author,
    begin,
    change_draft,
    draft,
    draft_of_id,
    drafts_for,
    drafts_in,
    drafts_of,
    hold_person,
    remove_co_author,
    rename_drafts,
    slug_in_use,
    slug_of_draft,
)
from kb.records.revisions import (
    append,
    aside,
    draft_revisions,
    former_names,
    pending,
    public,
    public_hashes,
    recent,
    revision_of_hash,
    revisions,
    settle,
    text_in_draft,
)
from kb.records.rows import (
    ASIDE,
    EVENTS,
    OPEN,
    PUBLIC,
    Draft,
    NoSuchDraft,
    NoSuchRevision,
    Revision,
)

__all__ = [
    "ASIDE",
    "EVENTS",
    "OPEN",
    "PUBLIC",
    "Draft",
    "NoSuchDraft",
    "NoSuchRevision",
    "Revision",
    "add_co_author",
    "append",
    "aside",
    "begin",
    "change_draft",
    "draft",
    "draft_of_id",
    "draft_revisions",
    "drafts_for",
    "drafts_in",
    "drafts_of",
    "former_names",
    "hold_person",
    "pending",
    "public",
    "public_hashes",
    "recent",
    "remove_co_author",
    "rename_drafts",
    "revision_of_hash",
    "revisions",
    "settle",
    "slug_in_use",
    "slug_of_draft",
    "text_in_draft",
]
