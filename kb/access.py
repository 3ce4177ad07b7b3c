"""Who may see what. So far everybody is a visitor, and sees what is published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Visitor:
    """Somebody who has not signed in."""


VISITOR = Visitor()


def visible_to(person: Visitor) -> tuple[str, ...]:
    """The kinds of document that `person` may find by searching."""
    return ("case",)
