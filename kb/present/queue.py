"""The queue of drafts, and a draft beside what is public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from babel.dates import format_timedelta

from kb.pages.history import ComparePage
from kb.pages.writing import QueuePage
from kb.pieces.common import Link, Mark
from kb.pieces.history import Moment, Move, Section, Waiting
from kb.present.difference import changes_told, differences, stretches
from kb.present.history import iso, moment, time_told
from kb.present.words import Reader, sentence
from kb.records.journal import Draft
from kb.services.history import DraftCompared, path_of
from kb.services.queue import Queue
from kb.translation import gettext as _
from kb.translation import ngettext

#: The move that a state is waiting for stands out.
CHIEF = {"draft": "submit", "changes-requested": "submit", "submitted": "publish",
         "approved": "publish"}  # fmt: skip


def queue_page(groups: Iterable[Queue], reader: Reader) -> QueuePage:
    """What waits, by state."""
    shown = [group for group in groups if group.drafts]
    total = sum(len(group.drafts) for group in shown)
    titles = {
        "submitted": _("Submitted: to be checked"),
        "approved": _("Approved: to be published"),
        "changes-requested": _("Changes requested: with their authors"),
    }
    return QueuePage(
        title=_("Queue"),
        total=ngettext("%(num)s draft waits.", "%(num)s drafts wait.", total) if total else "",
        groups=tuple(
            Section(
                titles[group.state],
                waiting=tuple(_waiting(one, group.at, reader) for one in group.drafts),
            )
            for group in shown
        ),
    )


def draft_compare_page(compared: DraftCompared, reader: Reader) -> ComparePage:
    """A draft beside what is public, with the moves that one may make."""
    draft, between, public = compared.draft, compared.comparison, compared.public
    lang = compared.lang or draft.lang or "en"
    path = f"/drafts/{draft.token}"
    there = public is not None and public.hash
    ways = [Link(_("The draft"), path)]
    if there:
        ways.append(Link(_("What is public"), path_of(draft.key)))
    return ComparePage(
        title=_("What the draft would change: %(title)s", title=compared.title or _("Untitled")),
        document=Link(compared.title or _("Untitled"), path, lang=lang),
        lang=lang,
        old=moment(public, reader, current=True) if public and there else None,
        new=_as_moment(draft, reader),
        told=changes_told(between),
        fields=differences(between, reader),
        head=stretches(between.head) if between.head_differs else (),
        body=stretches(between.body) if between.body_differs else (),
        ways=tuple(ways),
        restore_url="",
        restorable=(),
        note="" if draft.head and draft.head.message == draft.note else draft.note,
        moves=moves_of(draft, compared.moves),
    )


def moves_of(draft: Draft, names: Iterable[str]) -> tuple[Move, ...]:
    """The buttons for the moves that one may make with a draft, the one it waits for first."""
    labels = {
        "submit": _("Submit"),
        "discard": _("Discard"),
        "withdraw-submission": _("Take back"),
        "request-changes": _("Request changes"),
        "approve": _("Approve"),
        "reject": _("Reject"),
        "publish": _("Publish"),
    }
    chief = CHIEF.get(draft.state, "")
    return tuple(
        Move(
            name, labels.get(name, name), f"/drafts/{draft.token}/moves/{name}", chief=name == chief
        )
        for name in sorted(names, key=lambda name: name != chief)
    )


def state_mark(state: str) -> Mark:
    """The state of a draft by word and tone."""
    words = {
        "draft": Mark(_("draft")),
        "submitted": Mark(_("submitted")),
        "changes-requested": Mark(_("changes requested"), "warning"),
        "approved": Mark(_("approved"), "good"),
        "published": Mark(_("published"), "good"),
        "rejected": Mark(_("rejected"), "warning"),
        "discarded": Mark(_("discarded"), "warning"),
    }
    return words.get(state, Mark(state))


def kind_told(draft: Draft) -> str:
    """What a draft is, and whether it is new."""
    kinds = {"case": _("case"), "pack": _("pack"), "page": _("page")}
    kind = kinds.get(draft.kind, draft.kind)
    return (
        _("a new %(kind)s", kind=kind)
        if draft.base is None
        else _("a change of a %(kind)s", kind=kind)
    )


def owner_told(draft: Draft) -> str:
    """Whose a draft is; of somebody without an account, that it came from outside."""
    return _("%(name)s (from outside)", name=draft.owner) if draft.outsider else draft.owner


def _waiting(one: DraftCompared, at: datetime, reader: Reader) -> Waiting:
    draft = one.draft
    age = format_timedelta(draft.updated_at - at, add_direction=True, locale=reader.locale)
    return Waiting(
        title=one.title or _("Untitled"),
        lang=one.lang or draft.lang or "en",
        url=f"/drafts/{draft.token}",
        compare_url=f"/drafts/{draft.token}/compare",
        kind=kind_told(draft),
        state=state_mark(draft.state),
        who=owner_told(draft),
        age=age,
        iso=iso(draft.updated_at),
        told=sentence(changes_told(one.comparison)) if one.draft.base else _("All of it is new."),
        note=draft.note,
        outdated=draft.outdated,
        moves=moves_of(draft, one.moves),
    )


def _as_moment(draft: Draft, reader: Reader) -> Moment:
    mark = state_mark(draft.state)
    head = draft.head
    at = head.at if head else draft.created_at
    return Moment(
        name=draft.hash,
        url=f"/drafts/{draft.token}",
        when=time_told(at, reader),
        iso=iso(at),
        who=head.author if head else owner_told(draft),
        what=mark.label,
        tone=mark.tone,
        message=head.message if head else "",
        draft=True,
    )
