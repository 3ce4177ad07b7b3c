"""Books as markup: one place where their templates are filled in, and what these need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES, STATIC = ROOT / "templates" / "packs" / "book", ROOT / "static"
#: The colours of bars and levels, by what they stand for; they are seen on white and on black.
COLOURS: Mapping[str, str] = MappingProxyType(
    {"before": "#9aa1a8", "then": "#6f9ea5", "now": "#1f7a87", "aim": "#9a5b00"}
)
_ADDRESS = re.compile(r"(https?://\S+)")
#: What XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(template: str, **values: Any) -> str:
    """A template of books filled in; nothing is in it that XML cannot hold."""
    return _FORBIDDEN.sub("", _environment().get_template(template).render(**values))


def style(*names: str) -> str:
    """The stylesheets of static/ with these names, one after another."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "addresses": addresses,
        "paragraphs": paragraphs,
        "shown": shown,
        "qr": qr,
        "length_of": length_of,
        "colour": COLOURS.__getitem__,
    }
    return environment


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text: what empty lines part."""
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip()]


def addresses(text: str) -> list[tuple[bool, str]]:
    """A text in pieces, each with whether it is an address."""
    return [(place % 2 == 1, one) for place, one in enumerate(_ADDRESS.split(text)) if one]


def shown(url: str) -> str:
    """An address as it is read: what is shown can be typed, for letters stand for themselves."""
    short = url.removeprefix("https://")
    plain = unquote(short)
    return plain if plain.isprintable() and " " not in plain else short


def length_of(share: float, whole: float, more: float = 0) -> str:
    """A share in per cent of a length, as it is written in a drawing."""
    return f"{share * whole / 100 + more:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Code:
    """A QR code: its side in squares, and the path that fills the dark ones."""

    size: int
    path: str


@cache
def qr(text: str) -> Code:
    """The QR code of a text, with the quiet zone around it that readers ask for."""
    code = segno.make(text, error="m", micro=False)
    rows = list(code.matrix_iter(border=4))
    path = "".join(
        f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _dark(row)
    )
    return Code(len(rows), path)


def _dark(row: Iterable[int]) -> list[tuple[int, int]]:
    """The runs of dark squares of a row: where each begins and how long it is."""
    found, x = [], 0
    for dark, run in groupby(row, bool):
        length = len(list(run))
        if dark:
            found.append((x, length))
        x += length
    return found
