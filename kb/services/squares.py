"""Addresses as QR codes, and short names for what has a long one."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable

import segno

LETTERS = 6  # of a short name: thirty bits


def squares(text: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of the QR code of a text, without the quiet zone around it."""
    matrix = segno.make(text, error="m", micro=False).matrix
    return tuple(tuple(bool(square) for square in row) for row in matrix)


def short_name(name: str) -> str:
    """Six letters and digits that stand for a name: the same on every machine, for ever."""
    return b32encode(hashlib.sha256(name.encode()).digest())[:LETTERS].decode().lower()


def named_short(short: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that a short name stands for: one, but for an accident in a million."""
    return tuple(name for name in names if short_name(name) == short.strip().lower())
