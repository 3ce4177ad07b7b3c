"""The checklist as editors change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.access import Person
from kb.pages.review import ChecklistPage
from kb.pieces.common import Link, Option
from kb.pieces.review import PointRow
from kb.present.office import office_tabs
from kb.present.queue import severity_mark
from kb.present.review import point_words
from kb.services.checklist import HELP, MOST, SEVERITIES, WORDS, BadPoint, Checklist, Point
from kb.translation import gettext as _

PATH = "/office/checklist"
#: What undoes a change: what was done -> what is to be done with the same point.
UNDO: Mapping[str, str] = {
    "added": "retire", "changed": "back", "up": "down", "down": "up", "retired": "back",
    "brought-back": "retire",
}  # fmt: skip


def checklist_page(
    found: Checklist,
    person: Person,
    *,
    done: str = "",
    key: str = "",
    typed: Point | None = None,
    problem: BadPoint | None = None,
) -> ChecklistPage:
    """A list to be changed; `done` names what was done to the point `key`, to be undone.

    `typed` is a point as it was sent and refused, for the reason `problem`.
    """
    kinds = {"case": _("Cases"), "pack": _("Packs"), "page": _("Pages")}
    problems = _problems(problem)
    new = typed if typed is not None and not typed.key else Point("", "", "", SEVERITIES[1])
    last = len(found.points) - 1
    undoable = done in UNDO and any(one.key == key for one in (*found.points, *found.retired))
    return ChecklistPage(
        title=_("Checklist"),
        tabs=office_tabs(person, PATH),
        intro=_(
            "What reviewers look for before a text is approved. A point that must be seen to keeps"
            " a text from being approved until it is ticked; the others are reminders. What was"
            " ticked is kept with each verdict, in the words that the point had then."
        ),
        kinds=tuple(
            Link(label, f"{PATH}?kind={kind}", current=kind == found.kind)
            for kind, label in kinds.items()
        ),
        url=PATH,
        kind=found.kind,
        done=_done(done) if undoable else "",
        undo=(Option("undo", key, UNDO[done]),) if undoable else (),
        points=tuple(
            _row(one, typed, problems, first=at == 0, last=at == last)
            for at, one in enumerate(found.points)
        ),
        new=replace(
            _row(new, typed, problems, first=True, last=True),
            open=typed is not None and not typed.key,
        ),
        retired=tuple(_row(one, None, (), first=True, last=True) for one in found.retired),
    )


def _done(done: str) -> str:
    words = {
        "added": _("The point was added."),
        "changed": _("The point was changed."),
        "up": _("The point was moved up."),
        "down": _("The point was moved down."),
        "retired": _("The point was retired."),
        "brought-back": _("The point was brought back."),
    }
    return words[done]


def _row(
    point: Point, typed: Point | None, problems: tuple[str, ...], *, first: bool, last: bool
) -> PointRow:
    mine = typed is not None and typed.key == point.key
    shown = typed if typed is not None and mine else point
    return PointRow(
        key=point.key,
        words=shown.words if mine else point_words(point) if point.words else "",
        help=shown.help if mine else _(point.help) if point.help else "",
        severity=severity_mark(point.severity),
        severities=tuple(
            Link(severity_mark(one).label, one, current=one == shown.severity)
            for one in SEVERITIES
        ),
        first=first,
        last=last,
        open=mine,
        problems=problems if mine else (),
    )  # fmt: skip


def _problems(problem: BadPoint | None) -> tuple[str, ...]:
    words = {
        "words": _("Write what to look for, in at most %(number)s characters.", number=WORDS),
        "help": _("Write the help in at most %(number)s characters.", number=HELP),
        "severity": _("Choose how much the point weighs."),
        "list": _("A list has at most %(number)s points: retire one first.", number=MOST),
    }
    return tuple(words[name] for name in (problem.fields if problem else ()))
