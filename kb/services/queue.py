"""What waits for somebody: the drafts that were submitted, and who looks at which of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kb.access import Person, may, require
from kb.records import comments, journal, verdicts
from kb.records.database import now
from kb.records.journal import Draft
from kb.records.verdicts import Claim
from kb.services.audience import authors_of
from kb.services.claiming import HELD
from kb.services.desk import Desk
from kb.services.editing import problems_of
from kb.services.history import DraftCompared, beside_public, title_of
from kb.services.verdicts import Standing, standing_of

#: In which states drafts stand in the queue, in the order in which they are told.
WAITING = ("submitted", "approved", "changes-requested")
#: How many are told at once.
PER_PAGE = 30
#: In which order: who has waited longest first, or the newest.
WAITED, NEWEST = "waited", "newest"
SORTS = (WAITED, NEWEST)
MINE, NOBODY = "mine", "nobody"
OUTSIDE = "outside"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see of the queue; "" narrows nothing.

    `claimed` is mine or nobody, `origin` outside: those that came from people without an account.
    """

    state: str = ""
    kind: str = ""
    lang: str = ""
    claimed: str = ""
    origin: str = ""
    sort: str = WAITED
    page: int = 1


@dataclass(frozen=True)
class Waiting:
    """A draft that waits, since a moment (UTC), beside what is public of its document.

    `errors` keep it from being published, `comments` are threads still open; `own` tells that the
    person who asks wrote it.
    """

    compared: DraftCompared
    since: datetime
    claim: Claim | None
    standing: Standing
    comments: int
    errors: int
    own: bool

    @property
    def draft(self) -> Draft:
        """The draft itself."""
        return self.compared.draft


@dataclass(frozen=True)
class Queue:
    """A page of what waits at a moment (UTC), by state.

    `total` is how many fit the wish, `all` how many wait; the others are what can be wished for,
    with the number of drafts.
    """

    at: datetime
    wish: Wish
    waiting: tuple[Waiting, ...]
    total: int
    all: int
    states: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    langs: tuple[tuple[str, int], ...]
    mine: int
    unclaimed: int
    outside: int


@dataclass(frozen=True)
class _Known:
    draft: Draft
    lang: str
    since: datetime
    claim: Claim | None


def queue(desk: Desk, person: Person, wish: Wish | None = None) -> Queue:
    """What waits, each draft beside what is public. Raises NotAllowed, SignInNeeded."""
    require(person, "see-queue")
    wish, at = wish or Wish(), now()
    with desk.database.reading() as connection:
        drafts = [
            draft
            for draft in journal.drafts_in(connection, WAITING)
            if may(person, "see-draft", draft)
        ]
        claims = verdicts.claims(connection, [draft.id for draft in drafts], at - HELD)
        since = journal.since(connection, drafts)
        known = [
            _Known(draft, _lang(draft), since.get(draft.id, draft.updated_at), claims.get(draft.id))
            for draft in drafts
        ]
        fitting = _sorted([one for one in known if _fits(one, wish, person)], wish.sort)
        shown = fitting[(wish.page - 1) * PER_PAGE : wish.page * PER_PAGE]
        numbers = [one.draft.id for one in shown]
        said, decided = (
            comments.of_drafts(connection, numbers),
            verdicts.of_drafts(connection, numbers),
        )
        waiting = tuple(
            Waiting(
                compared=beside_public(
                    one.draft,
                    journal.public(connection, one.draft.key) if one.draft.slug else None,
                ),
                since=one.since,
                claim=one.claim,
                standing=standing_of(
                    connection, one.draft, desk.settings.reviews, decided.get(one.draft.id, ())
                ),
                comments=len(comments.open_threads(said.get(one.draft.id, ()))),
                errors=sum(not problem.warning for problem in problems_of(desk, one.draft)),
                own=person.id in authors_of(one.draft),
            )
            for one in shown
        )
    return Queue(
        at=at,
        wish=wish,
        waiting=waiting,
        total=len(fitting),
        all=len(known),
        states=_counted((one.draft.state for one in known), WAITING),
        kinds=_counted(one.draft.kind for one in known),
        langs=_counted(one.lang for one in known),
        mine=sum(one.claim is not None and one.claim.person_id == person.id for one in known),
        unclaimed=sum(one.claim is None for one in known),
        outside=sum(bool(one.draft.outsider) for one in known),
    )


def _lang(draft: Draft) -> str:
    return draft.lang or title_of(draft.text)[1] or "en"


def _fits(one: _Known, wish: Wish, person: Person) -> bool:
    claimer = one.claim.person_id if one.claim else None
    claims = {MINE: claimer is not None and claimer == person.id, NOBODY: claimer is None}
    return (
        wish.state in ("", one.draft.state)
        and wish.kind in ("", one.draft.kind)
        and wish.lang in ("", one.lang)
        and claims.get(wish.claimed, True)
        and (wish.origin != OUTSIDE or bool(one.draft.outsider))
    )


def _sorted(some: Sequence[_Known], sort: str) -> list[_Known]:
    """By state, and within it as is wished."""
    by_time = sorted(some, key=lambda one: (one.since, one.draft.id), reverse=sort == NEWEST)
    return sorted(by_time, key=lambda one: WAITING.index(one.draft.state))


def _counted(values: Iterable[str], order: Sequence[str] = ()) -> tuple[tuple[str, int], ...]:
    """How often each value is there; in an order where one is given, else by name."""
    found: dict[str, int] = dict.fromkeys(order, 0)
    for value in values:
        found[value] = found.get(value, 0) + 1
    names = list(found) if order else sorted(found)
    return tuple((name, found[name]) for name in names if found[name])
