#!/usr/bin/env python3
"""Make kb/fonts/, the letters of the pictures and of the books that the server makes.

    pip install fonttools fontpkg-noto-serif==2.15 fontpkg-noto-sans==2.15 \\
        fontpkg-noto-sans-arabic==2.12 manimgx-fonts-cjk==2026.9.26.post1
    python tools/make_fonts.py

All are fonts of the Noto family, under the SIL Open Font License 1.1. Each is taken in one weight,
with the characters named below: those of the languages that the interface and most cases are in.
`letters.json` tells the characters of those of pictures as runs: the first, the last, and their
widths in thousandths of the size, one number where all are alike. Books have bold and slanted
letters as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "kb" / "fonts"
ASCII = range(0x20, 0x7F)
LATIN = [*ASCII, *range(0xA0, 0x250), *range(0x2B0, 0x370), *range(0x1E00, 0x1F00)]
GREEK_CYRILLIC = [*range(0x370, 0x530), *range(0x1F00, 0x2000)]
SIGNS = [*range(0x2010, 0x2070), *range(0x20A0, 0x20D0), 0x2116, 0x2122, 0x2212]
ARABIC = [*range(0x600, 0x700), *range(0x750, 0x780), *range(0x8A0, 0x900), *range(0x200C, 0x2010)]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
#: The name of a file, the font, its weight, its characters, its features.
Font = tuple[str, Any, dict[str, int], Iterable[int], list[str]]


def chinese() -> Iterator[int]:
    """The characters of GB 2312: the 6,763 that are used in simplified Chinese, and its signs."""
    for row in range(0xA1, 0xF8):
        for column in range(0xA1, 0xFF):
            try:
                yield ord(bytes([row, column]).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def of(package: str, name: str) -> Any:
    """The font of this name in a package."""
    from fontTools.ttLib import TTFont

    return TTFont(Path(import_module(package).__file__ or "").parent / "files" / name)


def fonts() -> Iterator[Font]:
    """The fonts of pictures, which books have too."""
    from fontTools.ttLib import TTCollection

    western = [*LATIN, *GREEK_CYRILLIC, *SIGNS]
    yield (
        "NotoSerif-SemiBold.ttf", of("fontpkg_noto_serif", "NotoSerif[wdth,wght].ttf"),
        {"wght": 600, "wdth": 100}, western, FEATURES,
    )  # fmt: skip
    yield (
        "NotoSans-Regular.ttf", of("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
        {"wght": 400, "wdth": 100}, western, FEATURES,
    )  # fmt: skip
    yield (
        "NotoSansArabic-Medium.ttf",
        of("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
        {"wght": 500, "wdth": 100}, [*LATIN, *SIGNS, *ARABIC], ["*"],
    )  # fmt: skip
    folder = Path(import_module("manimgx_fonts_cjk").__file__ or "").parent
    faces = TTCollection(folder / "NotoSansCJK-VF.otf.ttc").fonts
    (simplified,) = (face for face in faces if face["name"].getDebugName(1).endswith(" SC"))
    yield (
        "NotoSansCJKsc-Regular.otf", simplified, {"wght": 400},
        [*ASCII, *range(0xA0, 0x180), *SIGNS, *chinese()], ["kern", "locl"],
    )  # fmt: skip


def fonts_of_books() -> Iterator[Font]:
    """The fonts that books have beside those of pictures."""
    western = [*LATIN, *GREEK_CYRILLIC, *SIGNS]
    yield (
        "NotoSans-Bold.ttf", of("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
        {"wght": 700, "wdth": 100}, western, FEATURES,
    )  # fmt: skip
    yield (
        "NotoSans-Italic.ttf", of("fontpkg_noto_sans", "NotoSans-Italic[wdth,wght].ttf"),
        {"wght": 400, "wdth": 100}, western, FEATURES,
    )  # fmt: skip
    yield (
        "NotoSansArabic-Bold.ttf",
        of("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
        {"wght": 700, "wdth": 100}, [*LATIN, *SIGNS, *ARABIC], ["*"],
    )  # fmt: skip


def cut(font: Any, weight: dict[str, int], characters: Iterable[int], features: list[str]) -> Any:
    """A font in one weight, with some of its characters."""
    from fontTools import subset
    from fontTools.varLib import instancer

    options = subset.Options(hinting=False, glyph_names=False, notdef_outline=True)
    options.layout_features = features
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    first = "CFF2" in font  # the instancer reads letters that are left out of such a font
    alone = instancer.instantiateVariableFont(font, weight) if first else font
    cutter.subset(alone)
    return alone if first else instancer.instantiateVariableFont(alone, weight)


def runs(font: Any) -> list[list[Any]]:
    """Characters that follow each other: the first, the last, their widths."""
    named, widths, size = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    found: list[list[Any]] = []
    for one in sorted(named):
        width = round(widths[named[one]][0] * 1000 / size)
        if found and found[-1][1] == one - 1:
            found[-1][1] = one
            found[-1][2].append(width)
        else:
            found.append([one, one, [width]])
    return [[a, b, w[0] if len(set(w)) == 1 else w] for a, b, w in found]


def main() -> None:
    """Write the fonts, and what is to be known of the letters of pictures."""
    told: dict[str, Any] = {}
    for name, *made in fonts():
        alone = cut(*made)
        alone.save(FOLDER / name)
        told[name] = runs(alone)
    for name, *made in fonts_of_books():
        cut(*made).save(FOLDER / name)
    lines = [f'"{name}":{json.dumps(found, separators=(",", ":"))}' for name, found in told.items()]
    text = "{" + ",\n".join(lines) + "}\n"
    (FOLDER / "letters.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
