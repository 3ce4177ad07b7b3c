"""The page on which a draft is checked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kb import markup
from kb.access import Person, may
from kb.forms.review import NOTHING, OTHER, PASSAGE, VERDICT, Typed
from kb.pages.review import ReviewPage
from kb.pieces.common import Link
from kb.pieces.history import Move
from kb.pieces.review import Check
from kb.present.conversation import conversation
from kb.present.edit import preview_of, rendered_draft, title_of_draft
from kb.present.faults import faults_of
from kb.present.history import time_told
from kb.present.queue import (
    claim_told,
    kind_told,
    moves_of,
    owner_told,
    severity_mark,
    state_mark,
)
from kb.present.spots import box_at, places, spots
from kb.present.threads import Telling, errors_told, marks_in, spot_id, threads
from kb.present.words import Reader
from kb.records.journal import OPEN
from kb.services import commenting
from kb.services.checklist import Point
from kb.services.packs import ReadPack
from kb.services.places import BODY, GONE
from kb.services.reviewing import Review
from kb.services.states import PUBLISH
from kb.services.verdicts import Standing
from kb.translation import gettext as _
from kb.translation import ngettext

#: So many names are told of those who could approve a text.
FEW = 5


def review_page(
    found: Review,
    person: Person,
    reader: Reader,
    typed: Typed = NOTHING,
    pack: ReadPack | None = None,
) -> ReviewPage:
    """A draft with what was said of it; `typed` is what was sent and refused.

    `pack` is its text as a pack.
    """
    writing, draft = found.writing, found.writing.draft
    now, url = writing.document, f"/drafts/{writing.draft.token}"
    text = rendered_draft(now, draft.token)
    marks = marks_in(text, found.threads)
    telling = Telling(
        draft,
        reader,
        answerable=found.may_comment,
        writable=False,
        marked=frozenset(int(one.id) for one in marks),
        pointed=True,
        typed=typed,
    )
    fields = tuple(spots(now.text, found.threads, telling))
    shown = {path for spot in fields for path in (spot.id, *(one.id for one in spot.entries))}
    in_text = [one for one in found.threads if one.place.field == BODY]
    elsewhere = [
        one
        for one in found.threads
        if one.place.field != BODY
        and (one.place.how == GONE or spot_id(one.place.field) not in shown)
    ]
    errors = [problem for problem in now.problems if not problem.warning]
    decisions = _buttons(found)
    return ReviewPage(
        title=title_of_draft(now),
        lang=now.lang,
        state=state_mark(draft.state),
        facts=_facts(found, reader),
        old=None if found.newest else Link(_older_told(found, reader), f"{url}/review"),
        claim=claim_told(found.claim, person, reader) if found.claim or found.may_claim else "",
        claim_move=_claim_move(found, person),
        standing=tuple(standing_told(found.standing, draft.state, person)),
        errors=errors_told(len(errors)),
        faults=faults_of(now.problems, {}, now, warnings=False),
        ways=_ways(found, url),
        wrong=typed.wrong,
        preview=preview_of(now, draft.token, markup.with_passages(text, marks), pack),
        text_threads=threads(_in_order(in_text, marks), telling),
        passage=box_at(PASSAGE, BODY, telling),
        quote=typed.quote,
        spots=fields,
        threads=threads(elsewhere, telling),
        other=box_at(OTHER, "", telling),
        places=places(draft.kind, typed),
        comments_url=f"{url}/comments",
        text=now.revision if now.text else "",
        checks=_checks(found, typed) if found.decisions else (),
        checklist_url=f"/office/checklist?kind={draft.kind}"
        if may(person, "set-checklist")
        else "",
        message=typed.words if typed.place == VERDICT else "",
        decisions=decisions,
        decision_told=_decision_told(found, person),
        conversation=conversation(found, reader),
    )


def _in_order(
    some: Iterable[commenting.Thread], marks: Iterable[markup.Marked]
) -> list[commenting.Thread]:
    """Threads in the order of their passages, those behind whose passage is not marked."""
    places = {mark.id: mark.start for mark in marks}
    return sorted(some, key=lambda one: places.get(str(one.id), sys.maxsize))


def _buttons(found: Review) -> tuple[Move, ...]:
    """What can be decided; what brings the text nearest to its readers stands out."""
    chief = PUBLISH if PUBLISH in found.decisions else "approve"
    made = (replace(one, chief=one.name == chief) for one in
            moves_of(found.writing.draft, found.decisions))  # fmt: skip
    return tuple(sorted(made, key=lambda one: not one.chief))


def _facts(found: Review, reader: Reader) -> tuple[str, ...]:
    draft, written = found.writing.draft, found.written
    facts = [kind_told(draft), _("by %(name)s", name=owner_told(draft))]
    if written is not None:
        when = time_told(written.at, reader)
        facts.append(_("text of %(when)s by %(who)s", when=when, who=written.author or _("nobody")))
    return tuple(facts)


def _older_told(found: Review, reader: Reader) -> str:
    when = time_told(found.written.at, reader) if found.written else ""
    return _("This is an earlier text of the draft, of %(when)s.", when=when)


def _ways(found: Review, url: str) -> tuple[Link, ...]:
    ways = [Link(_("What it would change"), f"{url}/compare")]
    if not found.newest:
        name = found.writing.document.revision
        ways = [Link(_("What changed since then"), f"{url}/compare?old={name}")]
    return (*ways, Link(_("About this draft"), url))


def _claim_move(found: Review, person: Person) -> Move | None:
    url = f"/drafts/{found.writing.draft.token}/claim"
    if found.claim is not None and found.claim.person_id == person.id:
        return Move("give-back", _("Give it back"), url)
    if found.claim is None and found.may_claim:
        return Move("claim", _("Take it on"), url)
    return None


# How far it is ------------------------------------------------------------------------------


def standing_told(standing: Standing, state: str, person: Person) -> Iterator[str]:
    """Who approved the text, whose approval was of another one, and who else is needed.

    Of a draft that came to an end the conversation tells it.
    """
    if state not in OPEN:
        return
    if standing.approvals:
        names = [_you(one.person_id, one.name, person) for one in standing.approvals]
        yield _("Approved as it stands by %(names)s.", names=", ".join(names))
    for one in standing.lapsed:
        yield _(
            "%(name)s approved an earlier text. It was changed since, so that does not count any"
            " more.",
            name=_you(one.person_id, one.name, person),
        )
    if state in ("submitted", "approved") and standing.missing:
        some = bool(standing.approvals)
        yield missing_told(standing.missing, tuple(one.name for one in standing.could), more=some)


def missing_told(
    missing: int, could: Sequence[str], *, more: bool = False, joined: bool = False
) -> str:
    """How many have to approve a text, or how many `more`, and who could."""
    if more:
        told = ngettext(
            "%(num)s more person who did not write it has to approve it before it is published.",
            "%(num)s more people who did not write it have to approve it before it is published.",
            missing,
        )
    else:
        told = ngettext(
            "%(num)s person who did not write it has to approve it before it is published.",
            "%(num)s people who did not write it have to approve it before it is published.",
            missing,
        )
    if joined:
        told = f"{told} " + _(
            "What is public has changed since this draft was begun: take that into the draft first,"
            " so that others see the text that is published."
        )
    if len(could) < missing:
        lacking = _(
            "There are not enough people here who may: invite reviewers, or set REVIEWS lower."
        )
        return f"{told} {lacking}"
    names = ", ".join(could[:FEW]) + (" …" if len(could) > FEW else "")
    return f"{told} " + _("These may: %(names)s.", names=names)


def _you(number: int | None, name: str, person: Person) -> str:
    return _("you") if number is not None and number == person.id else name


def _decision_told(found: Review, person: Person) -> str:
    """Why there is nothing to decide, or what a decision means here."""
    standing, state = found.standing, found.writing.draft.state
    if not found.newest:
        return _("To decide, look at the text as it stands now.")
    if state not in ("submitted", "approved"):
        return _("There is nothing to decide now.")
    if found.own:
        return _("You wrote it: somebody else has to check it.")
    if not found.decisions:
        return _("Others decide about it.")
    if standing.approved_by(person):
        return _("You have approved this text.")
    if PUBLISH in found.decisions and standing.missing == 1:
        return _("Whoever publishes it has checked it, and counts as one of those who approve it.")
    return ""


# The decision -------------------------------------------------------------------------------


def _checks(found: Review, typed: Typed) -> tuple[Check, ...]:
    refused = typed.place == VERDICT and bool(typed.wrong)
    return tuple(
        Check(
            id=f"point-{point.key}",
            key=point.key,
            words=point_words(point),
            help=_(point.help) if point.help else "",
            severity=severity_mark(point.severity),
            ticked=point.key in typed.points,
            wrong=refused and point.severity == "must" and point.key not in typed.points,
        )
        for point in found.points
    )


def point_words(point: Point) -> str:
    """The words of a point; those of the list that comes with the product are translated."""
    return _(point.words)
