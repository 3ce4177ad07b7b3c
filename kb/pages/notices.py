"""The pages about what people are told by mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import FormField, Link


@dataclass(frozen=True)
class NoticesPage:
    """How somebody wants to be told of each kind of thing; `language` is empty or one question."""

    template: ClassVar[str] = "account/notices.html"
    title: str
    done: str
    problems: tuple[Link, ...]
    intro: str
    fields: tuple[FormField, ...]
    language: tuple[FormField, ...]


@dataclass(frozen=True)
class UnsubscribePage:
    """Which letters are to end, or have ended; `press` is "" once they have."""

    template: ClassVar[str] = "notices/unsubscribe.html"
    title: str
    text: tuple[str, ...]
    kinds: tuple[str, ...]
    press: str
    ways: tuple[Link, ...]
