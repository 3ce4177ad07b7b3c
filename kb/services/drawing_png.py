"""Drawings as PNG, with letters that are certain to be there: those of kb/fonts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import resvg_py

FONTS = Path(__file__).resolve().parent.parent / "fonts"
#: The families of kb/fonts by what they are for; a text is drawn in one that has all its letters.
TITLE, TEXT, ARABIC, CHINESE = "Noto Serif", "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC"
FILES = {
    TITLE: "NotoSerif-SemiBold.ttf",
    TEXT: "NotoSans-Regular.ttf",
    ARABIC: "NotoSansArabic-Medium.ttf",
    CHINESE: "NotoSansCJKsc-Regular.otf",
}


def png(svg: str, width: int | None = None) -> bytes:
    """The drawing as PNG, `width` pixels wide, else as wide as it says itself.

    Texts name a family of FILES; no letter comes from the fonts of the machine, so a picture looks
    the same everywhere. Raises ValueError for what is no drawing.
    """
    files = [str(FONTS / name) for name in FILES.values()]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, width=width, skip_system_fonts=True, font_files=files,
            font_family=TEXT, sans_serif_family=TEXT, serif_family=TITLE,
        )
    )  # fmt: skip


def family_for(text: str, first: str = TEXT) -> str:
    """The family that has every letter of `text`: `first` where it does; "" where none does."""
    tried = dict.fromkeys((first, TEXT, ARABIC, CHINESE))
    return next((family for family in tried if _widths(family).keys() >= set(map(ord, text))), "")


def width_of(text: str, family: str, size: float) -> float:
    """About how wide a line is: Arabic, whose letters are measured one by one, is narrower."""
    widths = _widths(family)
    return sum(widths.get(ord(letter), 1000) for letter in text) * size / 1000


def letters(family: str) -> frozenset[int]:
    """The characters that a family of FILES has."""
    return frozenset(_widths(family))


@cache
def _widths(family: str) -> Mapping[int, int]:
    """The letters of a family with their widths, in thousandths of the size."""
    told = json.loads((FONTS / "letters.json").read_text(encoding="ascii"))
    return {
        first + place: widths if isinstance(widths, int) else widths[place]
        for first, last, widths in told[FILES[family]]
        for place in range(last - first + 1)
    }
