"""The page of those who wait for a file of a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kb.pieces.common import Link


@dataclass(frozen=True)
class MakingPage:
    """A file that is being made: of which pack, how far it is (0 to 100), and where to look again.

    `error` is what went wrong, "" where nothing did.
    """

    template: ClassVar[str] = "packs/making.html"
    title: str
    pack: Link
    told: str
    share: int
    url: str
    error: str
