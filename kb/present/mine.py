"""The page of one's own work."""

from __future__ import annotations

from collections.abc import Iterable

from kb.access import Person, may
from kb.pages.writing import MinePage
from kb.pieces.accounts import DraftRow, Pile
from kb.pieces.common import Link
from kb.present.history import iso, time_told
from kb.present.queue import kind_told, owner_told, state_mark
from kb.present.words import Reader
from kb.services.working import Titled, Work
from kb.translation import gettext as _


def mine_page(work: Work, person: Person, reader: Reader) -> MinePage:
    """What waits for me first, then what I write, then what is with others."""
    piles = (
        Pile(_("Back with you: changes were asked for"), _rows(work.back, reader)),
        Pile(_("You are asked to check"), _rows(work.to_check, reader)),
        Pile(_("You are writing"), _rows(work.writing, reader)),
        Pile(_("With those who check"), _rows(work.with_others, reader)),
        Pile(_("Came to an end"), _rows(work.ended, reader)),
    )
    write = may(person, "write")
    return MinePage(
        title=_("My work"),
        piles=tuple(pile for pile in piles if pile.rows),
        ways=(
            (Link(_("Write a new case"), "/cases/new"), Link(_("Make a new pack"), "/packs/new"))
            if write
            else ()
        ),
        told=(
            _("Nothing here yet. What you write will stand here.")
            if write
            else _("Your role is to read. An administrator of this site can let you write.")
        ),
    )


def _rows(drafts: Iterable[Titled], reader: Reader) -> tuple[DraftRow, ...]:
    return tuple(_row(one, reader) for one in drafts)


def _row(one: Titled, reader: Reader) -> DraftRow:
    draft = one.draft
    return DraftRow(
        title=one.title or _("Untitled"),
        lang=one.lang or "en",
        url=f"/drafts/{draft.token}",
        state=state_mark(draft.state),
        kind=kind_told(draft),
        owner=owner_told(draft),
        when=time_told(draft.updated_at, reader),
        iso=iso(draft.updated_at),
        note=draft.note,
    )
