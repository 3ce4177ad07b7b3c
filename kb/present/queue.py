"""The queue of drafts, and a draft beside what is public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from babel.dates import format_timedelta

from kb.access import Person
from kb.pages.history import ComparePage
from kb.pages.review import QueuePage
from kb.pieces.common import Link, Mark
from kb.pieces.history import Moment, Move
from kb.pieces.review import Choices, Pile, Waiting
from kb.present.difference import changes_told, differences, stretches
from kb.present.history import iso, moment, time_told
from kb.present.office import office_tabs
from kb.present.threads import errors_told
from kb.present.words import Reader, sentence
from kb.records.database import now
from kb.records.journal import Draft, Revision
from kb.records.verdicts import Claim
from kb.services import queue
from kb.services.history import DraftCompared, path_of
from kb.services.queue import MINE, NEWEST, NOBODY, OUTSIDE, PER_PAGE, WAITED, WAITING, Queue, Wish
from kb.translation import gettext as _
from kb.translation import ngettext

#: The move that a state is waiting for stands out.
CHIEF = {"draft": "submit", "changes-requested": "submit", "submitted": "publish",
         "approved": "publish"}  # fmt: skip


def queue_page(found: Queue, person: Person, reader: Reader) -> QueuePage:
    """What waits, by state, and the ways to narrow it."""
    titles = {
        "submitted": _("Submitted: to be checked"),
        "approved": _("Approved: to be published"),
        "changes-requested": _("Changes requested: with their authors"),
    }
    wish, shown = found.wish, found.wish.page * PER_PAGE
    piles = (
        Pile(
            titles[state],
            tuple(_waiting(one, found.at, person, reader) for one in found.waiting
                  if one.draft.state == state),
        )
        for state in WAITING
    )  # fmt: skip
    narrowed = replace(wish, page=1) != Wish(sort=wish.sort)
    return QueuePage(
        title=_("Queue"),
        tabs=office_tabs(person, "/queue"),
        total=_total_told(found) if found.all else "",
        choices=_choices(found, reader) if found.all else (),
        clear_url="/queue" if narrowed else "",
        piles=tuple(pile for pile in piles if pile.waiting),
        nothing=_("Nothing of what waits is like that.")
        if found.all
        else _("Nothing waits. What is submitted will stand here."),
        older_url=_wished(replace(wish, page=wish.page + 1)) if found.total > shown else "",
        newer_url=_wished(replace(wish, page=wish.page - 1)) if wish.page > 1 else "",
    )


def _total_told(found: Queue) -> str:
    if found.total == found.all:
        return ngettext("%(num)s draft waits.", "%(num)s drafts wait.", found.all)
    return ngettext(
        "%(some)s of %(num)s draft that waits.", "%(some)s of %(num)s drafts that wait.",
        found.all, some=found.total,
    )  # fmt: skip


def _choices(found: Queue, reader: Reader) -> tuple[Choices, ...]:
    """What the queue can be narrowed by; nothing where there is but one thing to choose."""
    wish = found.wish
    states = {state: state_mark(state).label for state, _n in found.states}
    kinds = {"case": _("cases"), "pack": _("packs"), "page": _("pages")}
    langs = {lang: reader.language(lang) for lang, _n in found.langs}
    claims = {MINE: _("me"), NOBODY: _("nobody")}
    origins = {OUTSIDE: _("from outside")}
    rows = (
        (_("State"), "state", found.states, states),
        (_("Kind"), "kind", found.kinds, kinds),
        (_("Language"), "lang", found.langs, langs),
        (_("Taken on by"), "claimed", ((MINE, found.mine), (NOBODY, found.unclaimed)), claims),
        (_("Where from"), "origin", ((OUTSIDE, found.outside),), origins),
    )
    sorts = {WAITED: _("waiting longest first"), NEWEST: _("newest first")}
    return (
        *(
            Choices(title, _options(wish, field, counts, words))
            for title, field, counts, words in rows
            if _worth_choosing(wish, field, counts, found.all)
        ),
        Choices(
            _("Order"),
            tuple(
                Link(words, _wished(_with(wish, "sort", sort)), current=wish.sort == sort)
                for sort, words in sorts.items()
            ),
        ),
    )


def _worth_choosing(wish: Wish, field: str, counts: Iterable[tuple[str, int]], total: int) -> bool:
    """Whether a choice would leave something out, or is made already."""
    return bool(getattr(wish, field)) or any(0 < count < total for _name, count in counts)


def _options(
    wish: Wish, field: str, counts: Iterable[tuple[str, int]], words: Mapping[str, str]
) -> tuple[Link, ...]:
    chosen = getattr(wish, field)
    ways = [Link(_("all"), _wished(_with(wish, field, "")), current=not chosen)]
    for value, count in counts:
        if count or chosen == value:
            url = _wished(_with(wish, field, value))
            ways.append(Link(words[value], url, note=str(count), current=chosen == value))
    return tuple(ways)


def _with(wish: Wish, field: str, value: str) -> Wish:
    """The wish with another value, from its first page."""
    return Wish(**{**vars(wish), field: value, "page": 1})


def _wished(wish: Wish) -> str:
    """The address of the queue as somebody wants to see it, in a fixed order."""
    asked = {
        "state": wish.state,
        "kind": wish.kind,
        "lang": wish.lang,
        "claimed": wish.claimed,
        "from": wish.origin,
        "sort": "" if wish.sort == WAITED else wish.sort,
        "page": str(wish.page) if wish.page > 1 else "",
    }
    told = urlencode({name: value for name, value in asked.items() if value})
    return f"/queue?{told}" if told else "/queue"


def claim_told(claim: Claim | None, person: Person, reader: Reader) -> str:
    """Who looks at a draft since when."""
    if claim is None:
        return _("Nobody has taken it on yet.")
    age = format_timedelta(claim.at - now(), add_direction=True, locale=reader.locale)
    if claim.person_id == person.id:
        return _("You took it on %(when)s.", when=age)
    return _("%(name)s took it on %(when)s.", name=claim.name, when=age)


def severity_mark(severity: str) -> Mark:
    """How much a point of the checklist weighs, by word and tone."""
    words = {
        "must": Mark(_("must"), "warning"),
        "should": Mark(_("should")),
        "may": Mark(_("may")),
    }
    return words.get(severity, Mark(severity))


def draft_compare_page(compared: DraftCompared, reader: Reader) -> ComparePage:
    """A draft beside what is public, with the moves that one may make."""
    draft, between, public = compared.draft, compared.comparison, compared.public
    lang = compared.lang or draft.lang or "en"
    path = f"/drafts/{draft.token}"
    there = public is not None and public.hash
    ways = [Link(_("The draft"), path)]
    if compared.checkable:
        ways.insert(0, Link(_("Review it"), f"{path}/review"))
    if there:
        ways.append(Link(_("What is public"), path_of(draft.key)))
    old = moment(public, reader, current=True) if public and there else None
    if compared.earlier is not None:
        old = _earlier(compared.earlier, path, reader)
    return ComparePage(
        title=_("What changed in the draft: %(title)s", title=compared.title or _("Untitled"))
        if compared.earlier
        else _("What the draft would change: %(title)s", title=compared.title or _("Untitled")),
        document=Link(compared.title or _("Untitled"), path, lang=lang),
        lang=lang,
        old=old,
        new=_as_moment(draft, reader),
        told=changes_told(between),
        fields=differences(between, reader),
        head=stretches(between.head) if between.head_differs else (),
        body=stretches(between.body) if between.body_differs else (),
        ways=tuple(ways),
        restore_url="",
        restorable=(),
        note="" if draft.head and draft.head.message == draft.note else draft.note,
    )


def _earlier(row: Revision, path: str, reader: Reader) -> Moment:
    """An earlier text of a draft, to be read on the page where it was checked."""
    told = moment(row, reader)
    return replace(told, url=f"{path}/review?text={row.hash}", compare_url="")


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


def _waiting(one: queue.Waiting, at: datetime, person: Person, reader: Reader) -> Waiting:
    draft, compared = one.draft, one.compared
    url = f"/drafts/{draft.token}"
    age = format_timedelta(at - one.since, locale=reader.locale)
    return Waiting(
        title=compared.title or _("Untitled"),
        lang=compared.lang or draft.lang or "en",
        url=url,
        review_url=f"{url}/review",
        compare_url=f"{url}/compare",
        kind=kind_told(draft),
        state=state_mark(draft.state),
        who=owner_told(draft),
        age=_("for %(age)s", age=age),
        iso=iso(one.since),
        told=sentence(changes_told(compared.comparison)) if draft.base else _("All of it is new."),
        note=draft.note,
        outdated=draft.outdated,
        claim="" if one.own else claim_told(one.claim, person, reader),
        claim_move=_claim_move(one, person, url),
        facts=_facts(one, person),
        errors=errors_told(one.errors),
    )


def _facts(one: queue.Waiting, person: Person) -> tuple[str, ...]:
    facts = [_("You wrote it.")] if one.own else []
    if one.standing.approvals:
        names = ", ".join(
            _("you") if row.person_id == person.id else row.name for row in one.standing.approvals
        )
        facts.append(_("Approved as it stands by %(names)s.", names=names))
    if one.draft.state != "changes-requested" and one.standing.missing and one.standing.approvals:
        facts.append(
            ngettext("%(num)s more is needed.", "%(num)s more are needed.", one.standing.missing)
        )
    if one.comments:
        told = ngettext("%(num)s open comment", "%(num)s open comments", one.comments)
        facts.append(f"{told}.")
    return tuple(facts)


def _claim_move(one: queue.Waiting, person: Person, url: str) -> Move | None:
    if one.own:
        return None
    if one.claim is None:
        return Move("claim", _("Take it on"), f"{url}/claim")
    if one.claim.person_id == person.id:
        return Move("give-back", _("Give it back"), f"{url}/claim")
    return None


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
