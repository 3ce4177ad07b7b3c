"""Who may do what: the one table of rights, and the only place that knows the names of roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

#: Each may do what those before it may.
ROLES = ("reader", "contributor", "reviewer", "editor", "administrator")
#: What somebody becomes who registers without an invitation.
NEWCOMER = "contributor"
#: What the first person of a desk becomes.
KEEPER = "administrator"
#: The states of a draft in which others look at it.
UNDER_REVIEW = ("submitted", "changes-requested", "approved")


class NotAllowed(Exception):
    """The person may not do this; somebody with another role may."""


class SignInNeeded(Exception):
    """Nobody is signed in, and this is not for everybody."""


@dataclass(frozen=True)
class Person:
    """Who asks. `id` is None for a visitor, and for whoever types commands on the machine."""

    id: int | None
    name: str
    email: str
    role: str

    @property
    def is_visitor(self) -> bool:
        """Whether nobody is signed in."""
        return self.id is None and self.role == ROLES[0]


VISITOR = Person(None, "", "", ROLES[0])
#: Whoever can type commands on the machine of the desk, and so may do everything.
CONSOLE = Person(None, "kb", "", KEEPER)


class Subject(Protocol):
    """What an action is done to: a draft or an attachment, with its owner, co-authors and state."""

    @property
    def owner_id(self) -> int:
        """The person who began it."""

    @property
    def co_author_ids(self) -> tuple[int, ...]:
        """Those who were asked to write too."""

    @property
    def state(self) -> str:
        """Where it stands between the first word and the public page."""


@dataclass(frozen=True)
class Right:
    """Who may: from `least` on; owners and co-authors from `owners` on; "" stands for nobody.

    `reviewing` is the least role once a draft is under review; `visitors` may without signing in.
    """

    least: str
    owners: str = ""
    reviewing: str = ""
    visitors: bool = False


ACTIONS: Mapping[str, Right] = {
    "read": Right("reader", visitors=True),
    "keep-account": Right("reader"),
    "write": Right("contributor"),
    "see-notes": Right("contributor", owners="reader"),
    "see-draft": Right("editor", owners="reader", reviewing="reviewer"),
    "edit-draft": Right("editor", owners="contributor"),
    "submit-draft": Right("editor", owners="contributor"),
    "invite-co-author": Right("editor", owners="contributor"),
    "share-draft": Right("editor", owners="contributor"),
    "comment": Right("editor", owners="reader", reviewing="reviewer"),
    "see-queue": Right("reviewer"),
    "claim": Right("reviewer"),
    "request-changes": Right("reviewer"),
    "approve": Right("reviewer"),
    "publish": Right("editor"),
    "reject": Right("editor"),
    "withdraw": Right("editor"),
    "archive": Right("editor"),
    "restore": Right("editor"),
    "set-checklist": Right("editor"),
    "suggest": Right("reader", visitors=True),
    "report": Right("reader", visitors=True),
    "answer-reports": Right("reviewer"),
    "attach": Right("contributor"),
    "remove-attachment": Right("editor", owners="contributor"),
    "keep-alerts": Right("reader"),
    "see-office": Right("editor"),
    "see-people": Right("administrator"),
    "manage-people": Right("administrator"),
    "purge": Right("administrator"),
    "see-events": Right("administrator"),
}


def may(person: Person, action: str, subject: Subject | None = None) -> bool:
    """Whether `person` may do `action`, to `subject` where it is done to something."""
    right = ACTIONS[action]
    if person.is_visitor:
        return right.visitors
    if _at_least(person, right.least):
        return True
    if subject is None or person.id is None:
        return False
    if person.id == subject.owner_id or person.id in subject.co_author_ids:
        return _at_least(person, right.owners)
    return subject.state in UNDER_REVIEW and _at_least(person, right.reviewing)


def require(person: Person, action: str, subject: Subject | None = None) -> None:
    """Return when `person` may. Raises NotAllowed, or SignInNeeded where nobody is signed in."""
    if not may(person, action, subject):
        raise SignInNeeded if person.is_visitor else NotAllowed


def without_keys(role: str) -> str:
    """The role that is left to an administrator who may not manage people yet."""
    return ROLES[ROLES.index(role) - 1] if role == KEEPER else role


def roles_for(action: str) -> tuple[str, ...]:
    """Give the roles that may do `action` to anything, whoever it belongs to."""
    least = ACTIONS[action].least
    return ROLES[ROLES.index(least) :] if least in ROLES else ()


def extent(role: str, action: str) -> tuple[str, ...]:
    """How far somebody with `role` may do `action`; "" stands for whoever is not signed in.

    ("all",) where nothing is left out; else of one's own drafts ("own"), of those under review
    ("review"), of both, or () for not at all.
    """
    right = ACTIONS[action]
    if role == "":
        return ("all",) if right.visitors else ()
    if _reaches(role, right.least):
        return ("all",)
    narrower = (("own", right.owners), ("review", right.reviewing))
    return tuple(word for word, least in narrower if _reaches(role, least))


def visible_to(person: Person) -> tuple[str, ...]:
    """The kinds of document that `person` may find by searching: what is public, and no draft."""
    return ("case",)


def _at_least(person: Person, role: str) -> bool:
    return _reaches(person.role, role)


def _reaches(role: str, least: str) -> bool:
    return least in ROLES and ROLES.index(role) >= ROLES.index(least)
