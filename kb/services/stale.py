"""What happens to somebody whose text was overtaken by another one at the same place."""

from __future__ import annotations

import sqlalchemy as sa

from kb.records import journal
from kb.records.journal import Draft, NoSuchRevision
from kb.services.merging import Merge, gone, merge

#: Between the two hashes of what a person resolved: the draft's, and the public text's.
_AND = "+"


class StaleEdit(Exception):
    """Somebody else changed the same place meanwhile; nothing is lost, and a person is to choose.

    `theirs_text` is that of `theirs` (a name, "" for a file changed by hand), `mine_text` what the
    person sent. `public` tells that theirs is what is public, not a newer text of the draft; `own`
    that the same person saved it, from another window.
    `base` is what `kb.services.editing.resolve` must be given with the chosen text.
    """

    def __init__(
        self,
        draft: Draft,
        texts: tuple[str, str, str],
        merged: Merge,
        *,
        theirs: str,
        base: str,
        public: bool = False,
        own: bool = False,
    ) -> None:
        super().__init__(f"{len(merged.conflicts)} places were changed by both")
        self.draft = draft
        self.base_text, self.theirs_text, self.mine_text = texts
        self.merged = merged
        self.theirs = theirs
        self.base = base
        self.public = public
        self.own = own


def both(draft_hash: str, public_hash: str) -> str:
    """Name what a person resolved when the public text and the draft went apart."""
    return f"{draft_hash}{_AND}{public_hash}"


def apart(base: str) -> tuple[str, str | None]:
    """Give the hash of the draft's text and that of the public one, None where it is not meant."""
    own, found, public = base.partition(_AND)
    return own, public if found else None


def joined_with_public(connection: sa.Connection, draft: Draft) -> str:
    """Give the text of an outdated draft joined with what is public by now; raises StaleEdit."""
    public = journal.public(connection, draft.key)
    base = ""
    if draft.base:
        try:
            base = journal.revision_of_hash(connection, draft.key, draft.base).text
        except NoSuchRevision:
            base = ""  # purged: what both have alike is still found
    removed = public is None or not public.hash
    theirs = public.text if public is not None else ""
    merged = gone(base, draft.text) if removed else merge(draft.kind, base, theirs, draft.text)
    if merged.conflicts:
        raise StaleEdit(
            draft,
            (base, theirs, draft.text),
            merged,
            theirs=public.author if public is not None else "",
            base=both(draft.hash, public.hash if public is not None else ""),
            public=True,
        )
    return merged.text
