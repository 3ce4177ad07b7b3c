"""What the pages about saved searches are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AlertRow:
    """A saved search in the list of one's own: in plain words, with the addresses that act on it.

    `last` and `found` tell when one was last told by mail, and when something was last found.
    """

    title: str
    url: str
    words: str
    pace: str
    told: str
    found: str
    feed_url: str
    change_url: str
    delete_url: str
