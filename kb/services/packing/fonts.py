"""The letters of books on paper: our own fonts, and which scripts no font of the machine has."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Mapping

from kb.services.drawing_png import ARABIC, FONTS, TEXT, TITLE, letters
from kb.services.drawing_png import CHINESE as CHINESE_LETTERS

#: The letters of books: family, file, weight, slant. They come along, so that they are there.
FACES = (
    ("Book Sans", "NotoSans-Regular.ttf", "400", "normal"),
    ("Book Sans", "NotoSans-Bold.ttf", "700", "normal"),
    ("Book Sans", "NotoSans-Italic.ttf", "400", "italic"),
    ("Book Serif", "NotoSerif-SemiBold.ttf", "600", "normal"),
    ("Book Arabic", "NotoSansArabic-Medium.ttf", "400", "normal"),
    ("Book Arabic", "NotoSansArabic-Bold.ttf", "700", "normal"),
)
#: Needed by few books, and thirty times as large as the others.
CHINESE = ("Book Chinese", "NotoSansCJKsc-Regular.otf", "400", "normal")


def faces(characters: frozenset[int]) -> str:
    """The fonts of a book that is written with these characters, as a stylesheet."""
    wanted = [*FACES, CHINESE] if characters & (letters(CHINESE_LETTERS) - _western()) else FACES
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{(FONTS / file).as_uri()}");'
        f" font-weight: {weight}; font-style: {slant}; }}\n"
        for family, file, weight, slant in wanted
    )


def _western() -> frozenset[int]:
    return letters(TEXT) | letters(TITLE) | letters(ARABIC)


def without_font(characters: Iterable[int]) -> Mapping[str, str]:
    """The scripts whose letters no font here has, each with the package that brings one.

    Those of our own fonts are there; others are looked for among the fonts of the machine.
    """
    own = _western() | letters(CHINESE_LETTERS)
    lacking = {one for one in frozenset(characters) - own if chr(one).isalpha()}
    found: dict[str, str] = {}
    for script, some in _by_script(lacking).items():
        if not _some_font_has(some):
            found[script] = PACKAGES.get(script, "fonts-noto-core")
    return found


#: Debian's packages for scripts that are not in fonts-noto-core.
PACKAGES = {"CJK": "fonts-noto-cjk", "HIRAGANA": "fonts-noto-cjk", "KATAKANA": "fonts-noto-cjk",
            "HANGUL": "fonts-noto-cjk"}  # fmt: skip


def _by_script(characters: set[int]) -> Mapping[str, list[int]]:
    """Characters by the first word of their names in Unicode, which is that of the script."""
    found: dict[str, list[int]] = {}
    for one in sorted(characters):
        name = re.split(r"[ -]", unicodedata.name(chr(one), "UNKNOWN"))[0]
        found.setdefault(name, []).append(one)
    return found


def _some_font_has(characters: list[int]) -> bool:
    """Whether a font of the machine has these letters, as far as fontconfig can tell."""
    command = shutil.which("fc-list")
    if command is None:
        return False
    wanted = " ".join(f"{one:x}" for one in characters)
    told = subprocess.run(  # noqa: S603 - hexadecimal numbers
        [command, f":charset={wanted}", "family"], capture_output=True, timeout=20, check=False
    )
    return bool(told.stdout.strip())
