"""All that happened to a draft while it was checked, in one line of time."""

from __future__ import annotations

from urllib.parse import urlencode

from kb.pieces.common import Link, Mark
from kb.pieces.review import Event
from kb.present.history import EVENTS, iso, time_told
from kb.present.threads import about
from kb.present.words import Reader
from kb.records.journal import WRITTEN
from kb.services.reviewing import Happened, Review
from kb.translation import gettext as _


def conversation(found: Review, reader: Reader) -> tuple[Event, ...]:
    """What was said, saved and decided, oldest first."""
    return tuple(
        _said(one, found, reader) if one.said is not None else _moved(one, found, reader)
        for one in found.conversation
    )


def _said(one: Happened, found: Review, reader: Reader) -> Event:
    said, draft = one.said, found.writing.draft
    assert said is not None
    root = said.answers_id or said.id
    thread = next(some for some in found.threads if some.id == root)
    number = thread.number
    acts = {
        "resolved": _("resolved comment %(number)s", number=number),
        "reopened": _("took comment %(number)s up again", number=number),
    }
    if said.act:
        what = acts[said.act]
    elif said.answers_id:
        what = _("answered to comment %(number)s", number=number)
    else:
        place = about(draft.kind, said.field, said)
        what = _("comment %(number)s, on: %(place)s", number=number, place=place)
    return Event(
        what=what,
        tone="neutral",
        who=said.name,
        when=time_told(said.at, reader),
        iso=iso(said.at),
        words=said.words,
        quote=said.quote,
        ways=(Link(_("The thread"), f"#thread-{root}"), *_text_ways(said.hash, found)),
        points=(),
        quiet=False,
    )


def _moved(one: Happened, found: Review, reader: Reader) -> Event:
    row, verdict = one.row, one.verdict
    assert row is not None
    url = f"/drafts/{found.writing.draft.token}"
    what, tone = EVENTS.get(row.event, (row.event, "neutral"))
    quiet = row.event in WRITTEN  # texts that were saved are told in smaller letters
    ways = _text_ways(row.hash if row.event != "published" else "", found)
    if one.before and one.before != row.hash:
        asked = urlencode({"old": one.before, "new": row.hash})
        ways = (*ways, Link(_("What changed then"), f"{url}/compare?{asked}"))
    points = verdict.points if verdict else ()
    return Event(
        what=_(what),
        tone=tone,
        who=(verdict.name if verdict else row.author) or _("by hand, in the files"),
        when=time_told(row.at, reader),
        iso=iso(row.at),
        words=verdict.message if verdict else row.message,
        quote="",
        ways=ways,
        points=tuple(Mark(point.words, "good" if point.ticked else "neutral") for point in points),
        quiet=quiet,
    )


def _text_ways(name: str, found: Review) -> tuple[Link, ...]:
    """The ways to an earlier text and to what changed since; none where it is the one shown."""
    draft = found.writing.draft
    if not name or name == draft.hash:
        return ()
    url = f"/drafts/{draft.token}"
    return (
        Link(_("The text then"), f"{url}/review?text={name}"),
        Link(_("What changed since"), f"{url}/compare?old={name}"),
    )
