"""The pages of history: what happened to a document, single texts, two texts, recent changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import urlencode

from babel.dates import format_datetime

from indexer.hits import Hit
from indexer.values import Problem
from kb.pages.history import ChangesPage, ComparePage, GonePage, HistoryPage, RevisionPage
from kb.pieces.common import Link, Option
from kb.pieces.history import Moment, Section
from kb.pieces.reading import Part
from kb.present.case import rendered
from kb.present.difference import changes_told, differences, readable, stretches, values_of
from kb.present.links import absolute, case_url, compare_url
from kb.present.words import Reader
from kb.records.journal import PUBLIC, Revision
from kb.services.comparing import compare
from kb.services.history import Change, Compared, History, OneRevision, path_of
from kb.services.reading import CaseWithdrawn, Reading
from kb.translation import gettext as _

FEED = "/changes.atom"


def history_page(
    history: History, reader: Reader, wrong: str = "", reason: str = ""
) -> HistoryPage:
    """All that happened to a document, newest first, any two texts to be chosen.

    `wrong` tells why a change of its status was refused, `reason` what was written there.
    """
    path = path_of(history.key)
    texts = [row for row in history.revisions if row.hash]
    public = [row for row in texts if row.event in PUBLIC] or texts
    new = public[0].id if public else 0
    old = next((row.id for row in public if row.hash != public[0].hash), 0)
    now = next((row.id for row in public if row.hash == history.current), 0)
    moments = tuple(
        moment(
            some[0],
            reader,
            current=some[0].id == now,
            new=some[0].id == new,
            old=some[0].id == old,
            saves=some[1:],
            review=history.reviews.get(some[0].draft_id or 0, ""),
        )
        for some in _sittings(history.revisions)
    )
    return HistoryPage(
        title=_("History: %(title)s", title=history.title),
        canonical=absolute(f"{path}/history"),
        document=Link(history.title, path, lang=history.lang),
        moments=moments,
        compare_url=f"{path}/compare" if len(texts) > 1 else "",
        older_url=f"{path}/history?before={history.older}" if history.older else "",
        status_url=f"{path}/status" if history.statuses else "",
        statuses=tuple(
            Option(f"status-{status}", status, told)
            for status, told in (
                ("archived", _("Archive")),
                ("withdrawn", _("Withdraw")),
                ("published", _("Bring back")),
            )
            if status in history.statuses
        ),
        reason=reason,
        wrong=wrong,
    )


def revision_page(one: OneRevision, reader: Reader) -> RevisionPage:
    """One text of a document as it was."""
    document, path = one.document, path_of(one.key)
    name = one.revision.hash
    sources = document.front.get("sources")
    numbered = (
        [row for row in sources if isinstance(row, dict)] if isinstance(sources, list) else []
    )
    front, body = {"sources": numbered}, readable(document.body)
    text = rendered(Reading(one.key, document.lang, front, body, name), draft=one.draft)
    ways = [Link(_("History"), f"{path}/history")]
    if one.before:
        ways.append(Link(_("What changed then"), compare_url(path, one.before, name)))
    if one.current and one.current != name:
        ways.append(Link(_("Compare with today’s text"), compare_url(path, name, one.current)))
    return RevisionPage(
        title=readable(str(document.front.get("title") or one.title)),
        document=Link(one.title, path, lang=document.lang),
        lang=document.lang,
        moment=moment(one.revision, reader, current=one.current == name),
        values=values_of(compare(one.key.kind, "", one.revision.text), reader),
        lead=text.lead,
        parts=tuple(Part(s.id, s.heading, s.body) for s in text.sections),
        footnotes=text.footnotes,
        ways=tuple(ways),
        restore_url=f"{path}/restore" if one.restorable else "",
    )


def compare_page(compared: Compared, reader: Reader) -> ComparePage:
    """Two texts of a document, field by field and word by word."""
    path, between, old = path_of(compared.key), compared.comparison, compared.old
    ways = [Link(_("History"), f"{path}/history")]
    if old is not None and compared.current not in (compared.new.hash, ""):
        to_today = compare_url(path, old.hash, compared.current)
        ways.append(Link(_("Compare the earlier one with today’s text"), to_today))
    if old is not None:
        ways.append(Link(_("The other way round"), compare_url(path, compared.new.hash, old.hash)))
    restorable = compared.restorable and old is not None and not between.identical
    return ComparePage(
        title=_("Compare: %(title)s", title=compared.title),
        document=Link(compared.title, path, lang=compared.new.lang or "en"),
        lang=compared.new.lang or "en",
        old=moment(old, reader, current=old.hash == compared.current) if old else None,
        new=moment(compared.new, reader, current=compared.new.hash == compared.current),
        told=changes_told(between),
        fields=differences(between, reader),
        head=stretches(between.head) if between.head_differs else (),
        body=stretches(between.body) if between.body_differs else (),
        ways=tuple(ways),
        restore_url=f"{path}/restore" if restorable else "",
        restorable=tuple(
            Option(f"restore-{change.name}", change.name, change.label)
            for change in differences(between, reader)
        )
        + ((Option("restore-body", "body", _("Text")),) if between.body_differs else ()),
        note="",
    )


def changes_page(changes: Sequence[Change], reader: Reader, most: int) -> ChangesPage:
    """What changed lately, by day."""
    shown = changes[:most]
    days = groupby(shown, lambda change: change.revision.at.date())
    return ChangesPage(
        title=_("Recent changes"),
        canonical=absolute("/changes"),
        feed_url=FEED,
        days=tuple(
            Section(
                reader.date(day.isoformat()),
                moments=tuple(
                    moment(change.revision, reader, subject=_subject(change)) for change in some
                ),
            )
            for day, some in days
        ),
        older_url=f"/changes?before={shown[-1].revision.id}" if len(changes) > most else "",
    )


def gone_page(
    gone: CaseWithdrawn, near: Iterable[Hit], reader: Reader, restorable: bool = False
) -> GonePage:
    """What is said in the place of a document that was withdrawn or archived.

    `restorable` to whoever may bring it back, and so may read its history in any case.
    """
    archived = gone.status == "archived"
    return GonePage(
        title=_("This case was archived") if archived else _("This case is no longer here"),
        subject=gone.title,
        text=_("It is no longer kept up to date, and the library does not show it any more.")
        if archived
        else _("It was withdrawn: the library does not stand by it any more."),
        reason=gone.reason,
        when=reader.date(gone.since),
        history_url=f"{path_of(gone.key)}/history" if gone.key and (archived or restorable) else "",
        ways=tuple(Link(hit.title, case_url(hit.key.slug), lang=_lang_of(hit)) for hit in near),
    )


def _lang_of(hit: Hit) -> str:
    return str(hit.record["front"].get("lang") or "en")


def refused_told(problems: Iterable[Problem]) -> str:
    """Why a document cannot get a status."""
    found = tuple(problems)
    if any(problem.field in ("status", "status_reason") for problem in found):
        return _("Write one sentence that tells readers why, of at most 400 characters.")
    first = "; ".join(f"{problem.field}: {problem.message}" for problem in found[:3])
    return _("The text has errors that are to be mended first: %(problems)s", problems=first)


def moment(
    row: Revision,
    reader: Reader,
    *,
    current: bool = False,
    old: bool = False,
    new: bool = False,
    subject: Link | None = None,
    saves: Sequence[Revision] = (),
    review: str = "",
) -> Moment:
    """One row of the journal as it is told; `saves` are those before it in one sitting.

    `review` is the token of the draft that was published with it.
    """
    path = path_of(row.key)
    what, tone = EVENTS.get(row.event, (row.event.replace("-", " "), "neutral"))
    renamed = row.event == "renamed-on-disk"
    return Moment(
        name=row.hash,
        url=f"{path}/history/{row.hash}" if row.hash else "",
        when=time_told(row.at, reader),
        iso=iso(row.at),
        who=row.author or _("by hand, in the files"),
        what=_(what),
        tone=tone,
        message=_("It was called %(name)s before.", name=row.message) if renamed else row.message,
        current=current,
        draft=row.event not in PUBLIC,
        compare_url=_what_changed(path, row),
        old=old,
        new=new,
        subject=subject or Link(""),
        saves=tuple(
            Link(time_told(save.at, reader), f"{path}/history/{save.hash}") for save in saves
        ),
        review_url=f"/drafts/{review}/review" if review and row.event == "published" else "",
    )


def _sittings(rows: Sequence[Revision]) -> list[list[Revision]]:
    """The rows, those together that one person saved one after another without saying why."""
    found: list[list[Revision]] = []
    for row in rows:
        last = found[-1][-1] if found else None
        together = (
            last is not None
            and row.event == last.event == "saved"
            and not row.message
            and (row.draft_id, row.author_id) == (last.draft_id, last.author_id)
        )
        if together:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _what_changed(path: str, row: Revision) -> str:
    """Where a change can be seen: what was public beside what is; in a draft, text beside text."""
    if row.event in PUBLIC:
        return f"{path}/compare?{urlencode({'new': row.hash})}" if row.hash else ""
    changed = row.hash and row.base and row.base != row.hash
    return compare_url(path, row.base or "", row.hash) if changed else ""


def time_told(at: datetime, reader: Reader) -> str:
    """A time of the journal, which is UTC, in words."""
    told = format_datetime(at.replace(tzinfo=UTC), "d MMM y, HH:mm", locale=reader.locale)
    return _("%(time)s UTC", time=told)


def iso(at: datetime) -> str:
    """A time of the journal as machines read it."""
    return at.replace(tzinfo=UTC, microsecond=0).isoformat().replace("+00:00", "Z")


def _subject(change: Change) -> Link:
    return Link(change.title, path_of(change.revision.key), lang=change.lang)


def N_(text: str) -> str:  # noqa: N802 (the name that Babel looks for)
    """The text itself, noted for translation."""
    return text


#: What the journal calls an event: how it is told, and in which tone.
EVENTS = {
    "published": (N_("published"), "good"),
    "withdrawn": (N_("withdrawn"), "warning"),
    "archived": (N_("archived"), "warning"),
    "reinstated": (N_("brought back"), "good"),
    "created-on-disk": (N_("added on disk"), "neutral"),
    "changed-on-disk": (N_("changed on disk"), "neutral"),
    "broken-on-disk": (N_("changed on disk, with errors"), "warning"),
    "renamed-on-disk": (N_("renamed on disk"), "neutral"),
    "removed-on-disk": (N_("removed on disk"), "warning"),
    "saved": (N_("draft saved"), "neutral"),
    "autosaved": (N_("draft saved by itself"), "neutral"),
    "begun": (N_("draft begun"), "neutral"),
    "merged": (N_("joined with the text of somebody else"), "neutral"),
    "resolved": (N_("conflict resolved"), "neutral"),
    "set-aside": (N_("kept aside"), "warning"),
    "restored": (N_("an earlier text taken into a draft"), "neutral"),
    "caught-up": (N_("joined with what is public"), "neutral"),
    "submitted": (N_("submitted"), "neutral"),
    "taken-back": (N_("submission taken back"), "neutral"),
    "changes-requested": (N_("changes requested"), "warning"),
    "approved": (N_("approved"), "good"),
    "rejected": (N_("rejected"), "warning"),
    "discarded": (N_("draft discarded"), "warning"),
    "not-published": (N_("overtaken by a change on disk, not published"), "warning"),
}
