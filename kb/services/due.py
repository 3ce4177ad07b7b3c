"""Cases that are due for another look: which they are, who is reminded, and looking again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from indexer.document import edited_text, parse
from indexer.errors import UnreadableHead
from indexer.store import check_slug
from indexer.values import Key
from kb.access import CONSOLE, Person, may, require
from kb.records import events, people
from kb.records import room as records
from kb.records.database import now
from kb.records.journal import Draft
from kb.records.people import Account
from kb.records.room import Wrote
from kb.services import editing
from kb.services.desk import Desk
from kb.services.notices import notify, who_may
from kb.services.office import note
from kb.services.publishing import NotValid
from kb.services.sessions import person_of
from kb.services.survey import Surveyed, survey

#: How long before its day a case counts as due soon, and its authors are told.
SOON = timedelta(days=60)
STANDINGS = ("overdue", "soon", "later", "none")
KIND = "review-due"
#: What the events call a reminder. They remember it, for notices are forgotten once they are sent.
REMINDED = "reminded"
#: Longer than the span of any reminder, which is not written again in it.
_REMEMBERED = timedelta(days=120)


@dataclass(frozen=True)
class Due:
    """A case with its day, the word of STANDINGS for it, and who wrote it last."""

    case: Surveyed
    standing: str
    wrote: Wrote | None


@dataclass(frozen=True)
class Reminded:
    """A reminder that was written: of which case, at which stage, to how many people."""

    slug: str
    stage: str
    people: int


def standing(review_by: date | None, today: date) -> str:
    """How a case stands with the day of its next look: a word of STANDINGS."""
    if review_by is None:
        return "none"
    if review_by < today:
        return "overdue"
    return "soon" if review_by - today <= SOON else "later"


def due_cases(desk: Desk, person: Person, today: date | None = None) -> tuple[Due, ...]:
    """The cases that are overdue, due soon, or have no day, in this order, earliest first.

    Raises NotAllowed, SignInNeeded.
    """
    require(person, "see-office")
    today = today or now().date()
    with desk.database.reading() as connection:
        wrote = records.writers(connection, "case")
    found = [
        Due(case, standing(case.review_by, today), wrote.get(case.key.slug))
        for case in _originals(desk)
    ]
    shown = [one for one in found if one.standing != "later"]
    return tuple(sorted(shown, key=_order))


def _originals(desk: Desk) -> list[Surveyed]:
    return [one for one in survey(desk.library) if one.key.kind == "case" and not one.key.lang]


def _order(one: Due) -> tuple[int, date, str]:
    return (
        STANDINGS.index(one.standing),
        one.case.review_by or one.case.checked or date.min,
        one.case.title.casefold(),
    )


# Looking again ------------------------------------------------------------------------------


def checked_again(
    desk: Desk, person: Person, slug: str, message: str, today: date | None = None
) -> Draft:
    """A draft in which the case was checked today by `person`, due again a year from now.

    `message` is what its history says of that. What the person was writing already stays in it.
    Nothing is public before somebody publishes it. Raises NoSuchDocument, BadSlug, NotAllowed,
    SignInNeeded, NotValid, DraftClosed, StaleEdit.
    """
    require(person, "see-office")
    today = today or now().date()
    draft = editing.begin(desk, person, Key("case", check_slug(slug)))
    changes: dict[str, Any] = {
        "checked": {"date": today, "by": person.name},
        "review_by": a_year_on(today),
    }
    document = parse(draft.key, draft.text)
    try:
        text = edited_text(document, changes)
    except UnreadableHead:
        raise NotValid(document.errors) from None
    return editing.save(desk, person, draft.token, text, draft.hash, message)


def a_year_on(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


# Reminding ----------------------------------------------------------------------------------


def stage(review_by: date, today: date) -> str:
    """Which reminder a day is in the span of: "" before any, then soon, due, overdue-1, ...

    The first is for 60 days before, the second for the day itself, one more for each month after.
    """
    if today < review_by - SOON:
        return ""
    if today < review_by:
        return "soon"
    months = (today.year - review_by.year) * 12 + today.month - review_by.month
    if _months_on(review_by, months) > today:
        months -= 1
    return f"overdue-{months}" if months else "due"


def _months_on(day: date, months: int) -> date:
    """The same day some months later, the last of the month where it has none of that number."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def remind(desk: Desk, at: datetime | None = None) -> tuple[Reminded, ...]:
    """Tell the authors of cases that are due, editors where none is left, once for each stage.

    Where nobody looked for months, only the newest reminder is written.
    """
    at = at or now()
    dated = [(case, case.review_by) for case in _originals(desk) if case.review_by]
    wanted = [(case, day, now_at) for case, day in dated if (now_at := stage(day, at.date()))]
    if not wanted:
        return ()
    with desk.database.writing() as connection:
        told = events.told_since(connection, REMINDED, at - _REMEMBERED)
        accounts = {one.id: one for one in people.accounts(connection) if not one.disabled_at}
        editors = who_may(connection, "publish")
        wrote = records.writers(connection, "case")
        done = []
        for case, day, now_at in wanted:
            subject, detail = f"case/{case.key.slug}", f"{day.isoformat()} {now_at}"
            whom = _authors(wrote.get(case.key.slug), accounts) or editors
            if whom and (subject, detail) not in told:
                words = {"title": case.title, "date": day.isoformat(), "stage": now_at}
                notify(connection, CONSOLE, KIND, whom, subject, **words)
                note(connection, CONSOLE, REMINDED, subject, detail)
                done.append(Reminded(case.key.slug, now_at, len(whom)))
    return tuple(done)


def _authors(wrote: Wrote | None, accounts: dict[int, Account]) -> set[int]:
    """Those who wrote what is public and still may write."""
    ids = wrote.person_ids if wrote else ()
    return {id_ for id_ in ids if id_ in accounts and may(person_of(accounts[id_]), "write")}
