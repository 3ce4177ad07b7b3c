"""What the pages of those who check drafts are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Link, Mark
from kb.pieces.history import Move


@dataclass(frozen=True)
class Remark:
    """Something said in a thread, or done to it (`act`, in words).

    `text` leads to the text it spoke of and `since` to what changed from then on; both are empty
    where that is the text as it stands.
    """

    who: str
    when: str
    iso: str
    words: str
    act: str
    text: str
    since: str


@dataclass(frozen=True)
class Thread:
    """A comment with its answers: what it is about, and what one can do about it.

    `id` is its number in addresses, `number` that on the page. `quote` is the passage as it was,
    `told` says what became of it; `at` leads to the place in the text, `mend` to the field in the
    editor. `settled` says who resolved it, "" while it is open. `words` and `wrong` are those of an
    answer that was refused; `url` is "" where nothing can be answered.
    """

    id: str
    number: str
    about: str
    quote: str
    told: str
    at: str
    mend: str
    remarks: tuple[Remark, ...]
    settled: str
    url: str
    words: str
    wrong: str


@dataclass(frozen=True)
class Box:
    """A form for a comment: `place` names it on the page, `field` the path it is about."""

    id: str
    place: str
    field: str
    about: str
    words: str
    wrong: str
    open: bool


@dataclass(frozen=True)
class Spot:
    """A field or an entry of it as it is read, what was said of it, and the form to say more.

    `id` is where it can be pointed at; `box` is None where nobody may comment.
    """

    id: str
    label: str
    text: str
    threads: tuple[Thread, ...]
    box: Box | None
    entries: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class Check:
    """A point of the checklist in the form of a verdict."""

    id: str
    key: str
    words: str
    help: str
    severity: Mark
    ticked: bool
    wrong: bool


@dataclass(frozen=True)
class Event:
    """One entry of the conversation: what happened, and what was said about it.

    `quiet` are those that tell of saved texts; `points` are the checklist as it was answered.
    """

    what: str
    tone: str
    who: str
    when: str
    iso: str
    words: str
    quote: str
    ways: tuple[Link, ...]
    points: tuple[Mark, ...]
    quiet: bool


@dataclass(frozen=True)
class Waiting:
    """A draft in the queue; `claim` tells who looks at it, `errors` what keeps it from readers."""

    title: str
    lang: str
    url: str
    review_url: str
    compare_url: str
    kind: str
    state: Mark
    who: str
    age: str
    iso: str
    told: str
    note: str
    outdated: bool
    claim: str
    claim_move: Move | None
    facts: tuple[str, ...]
    errors: str


@dataclass(frozen=True)
class Pile:
    """Drafts of one state, under a heading."""

    title: str
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class Choices:
    """One thing that the queue can be narrowed by: a list of ways, one of which is taken."""

    title: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class PointRow:
    """A point of a checklist as editors change it; the texts are those typed where refused."""

    key: str
    words: str
    help: str
    severity: Mark
    severities: tuple[Link, ...]
    first: bool
    last: bool
    open: bool
    problems: tuple[str, ...]
