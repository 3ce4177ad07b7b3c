"""Drawings as PNG, with letters that are certain to be there: those of kb/fonts."""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache
from pathlib import Path

import resvg_py
from PIL import ImageFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"
#: The families of kb/fonts by what they are for; a text is drawn in one that has all its letters.
TITLE, TEXT, ARABIC, CHINESE = "Noto Serif", "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC"
FILES = {
    TITLE: "NotoSerif-SemiBold.ttf",
    TEXT: "NotoSans-Regular.ttf",
    ARABIC: "NotoSansArabic-Medium.ttf",
    CHINESE: "NotoSansCJKsc-Regular.otf",
}
#: The size at which letters are measured.
MEASURED = 100


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
    return next((family for family in tried if _has(family, text)), "")


def width_of(text: str, family: str, size: float) -> float:
    """About how wide a line is: Arabic, whose letters are measured one by one, is narrower."""
    return float(_font(family).getlength(text)) * size / MEASURED


def _has(family: str, text: str) -> bool:
    firsts, lasts = _covered()[family]
    for letter in map(ord, text):
        at = bisect_right(firsts, letter) - 1
        if at < 0 or letter > lasts[at]:
            return False
    return True


@cache
def _covered() -> dict[str, tuple[list[int], list[int]]]:
    """The first and the last letters of the runs that each family has, ascending."""
    spans = json.loads((FONTS / "covered.json").read_text(encoding="ascii"))
    return {
        family: ([first for first, _ in spans[name]], [last for _, last in spans[name]])
        for family, name in FILES.items()
    }


@cache
def _font(family: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        str(FONTS / FILES[family]), MEASURED, layout_engine=ImageFont.Layout.BASIC
    )
