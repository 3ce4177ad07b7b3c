"""Which way a passage runs that is in another script than the rest of its text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Hebrew, Arabic and the other scripts that run from right to left.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT = re.compile(f"[{_RTL}]")
_LEFT = re.compile(rf"[^\W\d_{_RTL}]")
#: What stands on lines of its own; headings of level 2 begin the sections and are left alone.
BLOCKS = frozenset(("p", "li", "td", "th", "dd", "dt", "h3", "h4", "h5", "h6", "figcaption"))


def ways(whole: str, blocks: Iterable[str]) -> list[str]:
    """For each block "ltr" or "rtl" where it has no letter of the script that most of `whole` has.

    "" for all others: their page says in which direction they run.
    """
    if not _RIGHT.search(whole):
        return ["" for _ in blocks]
    right = len(_RIGHT.findall(whole)) > len(_LEFT.findall(whole))
    usual, other, way = (_RIGHT, _LEFT, "ltr") if right else (_LEFT, _RIGHT, "rtl")
    return [way if other.search(text) and not usual.search(text) else "" for text in blocks]
