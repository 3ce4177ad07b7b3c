"""The pages about accounts and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.accounts import InvitationRow, PersonRow, SessionRow
from kb.pieces.case import Fact
from kb.pieces.common import FormField, Hidden, Link


@dataclass(frozen=True)
class FormPage:
    """A form about one's account: what is asked and why, what is wrong with the answers."""

    template: ClassVar[str] = "account/form.html"
    title: str
    intro: tuple[str, ...]
    problems: tuple[Link, ...]
    action: str
    fields: tuple[FormField, ...]
    hidden: tuple[Hidden, ...]
    submit: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class ToldPage:
    """What was done, and what comes next."""

    template: ClassVar[str] = "account/told.html"
    title: str
    text: tuple[str, ...]
    shown: tuple[str, ...]
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class GoOnPage:
    """What somebody wrote and could not send, ready to be sent."""

    template: ClassVar[str] = "account/go_on.html"
    title: str
    text: str
    action: str
    hidden: tuple[Hidden, ...]


@dataclass(frozen=True)
class AccountPage:
    """One's own account."""

    template: ClassVar[str] = "account/account.html"
    title: str
    done: str
    problems: tuple[Link, ...]
    facts: tuple[Fact, ...]
    name_field: FormField
    sure_field: FormField
    second_step: str
    second_step_ways: tuple[Link, ...]
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True)
class SecondStepPage:
    """What an app needs for the second step, as a picture and as text, and the form."""

    template: ClassVar[str] = "account/second_step.html"
    title: str
    needed: str
    problems: tuple[Link, ...]
    secret: str
    qr_size: int
    qr_path: str
    fields: tuple[FormField, ...]
    hidden: tuple[Hidden, ...]


@dataclass(frozen=True)
class PeoplePage:
    """All who have an account, and the form that invites others."""

    template: ClassVar[str] = "account/people.html"
    title: str
    tabs: tuple[Link, ...]
    done: str
    problems: tuple[Link, ...]
    fields: tuple[FormField, ...]
    people: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]
