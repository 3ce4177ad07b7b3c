"""A book as PDF, by WeasyPrint, which is an optional capability: see `lacks`.

It is drawn by a process of its own (`kb.services.packing.press`): that takes seconds and memory,
which a site that answers requests meanwhile must not feel.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from ctypes.util import find_library

from kb.services.drawing_png import FONTS
from kb.services.packing.book import Book
from kb.services.packing.html import page
from kb.services.packing.writing import ROOT
from kb.settings import bare_environment

#: The letters of books: family, file, weight, slant. They come along, so that they are there.
FACES = (
    ("Book Sans", "NotoSans-Regular.ttf", "400", "normal"),
    ("Book Sans", "NotoSans-Bold.ttf", "700", "normal"),
    ("Book Sans", "NotoSans-Italic.ttf", "400", "italic"),
    ("Book Serif", "NotoSerif-SemiBold.ttf", "400 700", "normal"),
    ("Book Arabic", "NotoSansArabic-Medium.ttf", "400", "normal"),
    ("Book Arabic", "NotoSansArabic-Bold.ttf", "700", "normal"),
    ("Book Chinese", "NotoSansCJKsc-Regular.otf", "400", "normal"),
)
#: The libraries of the system that WeasyPrint draws with, and Debian's packages of them.
LIBRARIES: Mapping[str, str] = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz": "libharfbuzz0b",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "libfontconfig1",
}


class PressFailed(Exception):
    """A book could not be drawn; says why."""
