"""What reviewers look for: a list of points for each kind of document, which editors change.

Until somebody changes the list of a kind, that of `DEFAULT` holds. Nothing of it is a right: a
point that must be seen to keeps a text from being approved without a look at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from indexer.store import FOLDERS
from kb.access import Person, require
from kb.records import checklist as records
from kb.records.checklist import Checkpoint
from kb.records.database import now
from kb.records.people import take_turn
from kb.records.verdicts import Answer
from kb.services.office import Office, note
from kb.services.tokens import hash_of

#: How much a point weighs: it must, should or may be seen to.
SEVERITIES = ("must", "should", "may")
#: The longest words and help of a point, and the most points of a list.
WORDS, HELP, MOST = 200, 600, 40


class NoSuchPoint(LookupError):
    """The list has no such point, or the change cannot be made to it now."""


class BadPoint(ValueError):
    """The words, the help or the severity of a point cannot be taken: field -> which of them."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Point:
    """A point of a list. `key` names it in forms: a number, or a word while the default holds."""

    key: str
    words: str
    help: str
    severity: str


#: kind -> the list that holds until somebody changes it. The points of a case are those of its
#: format: docs/fields.md, and the headings of its text.
DEFAULT: Mapping[str, tuple[Point, ...]] = {
    "case": (
        Point("sources", "Every figure and claim leads to a source that says so.",
              "Open the sources of the main figures. A source is its own address, not a copy's,"
              " and a reference such as [1] stands where the figure stands.", "must"),
        Point("failure", "What went wrong is told as openly as what went well.",
              "Under “What went wrong”, and in the outcome. A case without failure is rarely the"
              " whole story.", "must"),
        Point("consent", "Nobody is named, shown or quoted who did not agree, and the contact"
              " wants to be asked.",
              "No private mail address, no name or picture of people who were served, unless they"
              " agreed.", "must"),
        Point("own-words", "It is told in words of its own, and may stand under its licence.",
              "Copied sentences are quoted and credited; pictures may be used.", "must"),
        Point("results", "Results have a unit, a year, and who counted them.",
              "A baseline or a second year makes a change visible. A figure of the project itself"
              " is marked as self-reported.", "should"),
        Point("money", "Money is told with amount, currency and year, and who paid.",
              "Or the text says that the cost is not known.", "should"),
        Point("place-time", "Countries, years and partners are right, and the end is told if it"
              " ended.",
              "The leading country comes first; partners have their role.", "should"),
        Point("plain", "The summary can be understood alone, the text by somebody from outside.",
              "No acronym without its words, no praise in the place of facts.", "should"),
        Point("repeat", "Somebody else could repeat it.",
              "Steps, staff, time, and what keeps it going.", "may"),
    ),
    "pack": (
        Point("order", "The cases follow each other in an order that teaches something.",
              "Each section says what it is for.", "must"),
        Point("objectives", "The objectives say what people can do afterwards.",
              "With words such as compare, plan, decide.", "should"),
        Point("time", "The time fits what is to be done in it.",
              "Minutes of the items together, and the duration.", "should"),
        Point("questions", "The questions can be answered from the cases, and more than one way.",
              "", "may"),
    ),
    "page": (
        Point("true", "What it says of this site is true today.",
              "Addresses, names, rules and dates.", "must"),
        Point("plain", "It can be understood by whoever comes here for the first time.", "",
              "should"),
        Point("contact", "Mail addresses and names stand there because their owners want it.", "",
              "must"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Checklist:
    """The points of a kind in their order, and those that were retired, newest first."""

    kind: str
    points: tuple[Point, ...]
    retired: tuple[Point, ...]


def read_checklist(office: Office, person: Person, kind: str) -> Checklist:
    """The list of a kind, to be changed. Raises NotAllowed, SignInNeeded, NoSuchPoint."""
    require(person, "set-checklist")
    _require_kind(kind)
    with office.database.reading() as connection:
        rows = records.of_kind(connection, kind)
    gone = [row for row in rows if row.retired_at is not None and row.replaced_by is None]
    gone.sort(key=lambda row: (row.retired_at, row.id), reverse=True)
    return Checklist(kind, _standing(kind, rows), tuple(map(_point, gone)))


def points_of(connection: sa.Connection, kind: str) -> tuple[Point, ...]:
    """The points that reviewers of this kind of document look for now."""
    return _standing(kind, records.of_kind(connection, kind))


def answered(points: Sequence[Point], ticked: Sequence[str]) -> tuple[Answer, ...]:
    """The list as somebody answered it, with the words that it had then."""
    return tuple(Answer(one.words, one.severity, one.key in ticked) for one in points)


def _standing(kind: str, rows: Sequence[Checkpoint]) -> tuple[Point, ...]:
    if not rows:
        return DEFAULT.get(kind, ())
    return tuple(_point(row) for row in rows if row.retired_at is None)


def _point(row: Checkpoint) -> Point:
    return Point(str(row.id), row.words, row.help, row.severity)


def _require_kind(kind: str) -> None:
    if kind not in FOLDERS:
        raise NoSuchPoint(kind)


# Changing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Turn:
    """One person at one list, within a transaction in which nobody else changes it.

    `numbers` are those that the points of the default got when they were written down just now.
    """

    connection: sa.Connection
    rows: Sequence[Checkpoint]
    numbers: Mapping[str, str]

    def row(self, key: str, *, retired: bool = False) -> Checkpoint:
        """The row of a point that stands, or of one that was retired; raises NoSuchPoint."""
        number = self.numbers.get(key, key)
        for row in self.rows:
            if str(row.id) == number and (retired or row.retired_at is None):
                return row
        raise NoSuchPoint(key)


@contextmanager
def _turn(office: Office, person: Person, kind: str) -> Iterator[_Turn]:
    """Let one person after the other change a list; the default's points become rows first."""
    require(person, "set-checklist")
    _require_kind(kind)
    with office.database.writing() as connection:
        take_turn(connection, hash_of(f"checklist {kind}"))
        rows = records.of_kind(connection, kind)
        numbers: dict[str, str] = {}
        if not rows:
            for position, point in enumerate(DEFAULT[kind], 1):
                texts = (point.words, point.help, point.severity)
                numbers[point.key] = str(records.add(connection, kind, texts, position))
            rows = records.of_kind(connection, kind)
        yield _Turn(connection, rows, numbers)
        note(connection, person, "checklist", kind)


def add_point(office: Office, person: Person, kind: str, point: Point) -> str:
    """Put a point at the end of a list, and give its key. Raises BadPoint, NotAllowed."""
    with _turn(office, person, kind) as turn:
        if len(_here(turn.rows)) >= MOST:
            raise BadPoint(("list",))
        last = max((row.position for row in turn.rows), default=0)
        return str(records.add(turn.connection, kind, _texts(point), last + 1))


def change_point(office: Office, person: Person, kind: str, point: Point) -> str:
    """Give the point with this key other words, help or severity, and give its new key.

    The old words are kept. Raises BadPoint, NoSuchPoint, NotAllowed.
    """
    with _turn(office, person, kind) as turn:
        old, texts = turn.row(point.key), _texts(point)
        if texts == (old.words, old.help, old.severity):
            return str(old.id)
        made = records.add(turn.connection, kind, texts, old.position)
        records.change(turn.connection, old.id, retired_at=now(), replaced_by=made)
        return str(made)


def move_point(office: Office, person: Person, kind: str, key: str, *, by: int) -> str:
    """Let a point and its neighbour change places: -1 is up, 1 is down. Gives its key.

    Raises NoSuchPoint, also at the end of the list; NotAllowed.
    """
    with _turn(office, person, kind) as turn:
        one, here = turn.row(key), _here(turn.rows)
        at = here.index(one)
        if not 0 <= at + by < len(here):
            raise NoSuchPoint(key)
        here[at], here[at + by] = here[at + by], here[at]
        for position, row in enumerate(here, 1):
            records.change(turn.connection, row.id, position=position)
        return str(one.id)


def retire_point(office: Office, person: Person, kind: str, key: str) -> str:
    """Take a point out of a list; it can be brought back. Raises NoSuchPoint, NotAllowed."""
    with _turn(office, person, kind) as turn:
        one = turn.row(key)
        records.change(turn.connection, one.id, retired_at=now())
        return str(one.id)


def bring_back(office: Office, person: Person, kind: str, key: str) -> str:
    """Put a retired point into its list again, or the words that a point had before it was changed.

    `key` is then that of the point as it stands. Raises NoSuchPoint, NotAllowed.
    """
    with _turn(office, person, kind) as turn:
        one = turn.row(key, retired=True)
        back = one
        if one.retired_at is None:
            earlier = [row for row in turn.rows if row.replaced_by == one.id]
            if not earlier:
                raise NoSuchPoint(key)
            back = earlier[-1]
            records.change(turn.connection, one.id, retired_at=now(), replaced_by=back.id)
        values = {"retired_at": None, "replaced_by": None, "position": one.position}
        records.change(turn.connection, back.id, **values)
        return str(back.id)


def act_on(office: Office, person: Person, kind: str, what: str, point: Point) -> tuple[str, str]:
    """Do to a point what a button says; give what was done, and the key that it has by now.

    Raises BadPoint, NoSuchPoint, NotAllowed, SignInNeeded.
    """
    key = point.key
    if what == "add":
        return "added", add_point(office, person, kind, point)
    if what == "change":
        return "changed", change_point(office, person, kind, point)
    if what in ("up", "down"):
        return what, move_point(office, person, kind, key, by=-1 if what == "up" else 1)
    if what == "retire":
        return "retired", retire_point(office, person, kind, key)
    if what == "back":
        made = bring_back(office, person, kind, key)
        return "brought-back" if made == key else "changed", made
    require(person, "set-checklist")
    raise NoSuchPoint(what)


def _here(rows: Sequence[Checkpoint]) -> list[Checkpoint]:
    return [row for row in rows if row.retired_at is None]


def _texts(point: Point) -> tuple[str, str, str]:
    words, help_ = " ".join(point.words.split()), " ".join(point.help.split())
    wrong = {
        "words": not words or len(words) > WORDS,
        "help": len(help_) > HELP,
        "severity": point.severity not in SEVERITIES,
    }
    if any(wrong.values()):
        raise BadPoint(tuple(name for name, bad in wrong.items() if bad))
    return words, help_, point.severity
