"""What the pages about people are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kb.pieces.common import Mark, Option


@dataclass(frozen=True)
class SessionRow:
    """Where somebody is signed in, with the address that ends it."""

    browser: str
    facts: str
    current: bool
    end_url: str


@dataclass(frozen=True)
class PersonRow:
    """Somebody who has an account, and what an administrator may do."""

    name: str
    email: str
    facts: str
    disabled: bool
    second_step: bool
    own: bool
    roles: tuple[Option, ...]
    url: str


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list of somebody's work."""

    title: str
    lang: str
    url: str
    state: Mark
    kind: str
    owner: str
    when: str
    iso: str
    note: str


@dataclass(frozen=True)
class Pile:
    """Drafts with which the same is to be done."""

    title: str
    rows: tuple[DraftRow, ...]


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that was not taken yet, with the address that takes it back."""

    email: str
    facts: str
    url: str
