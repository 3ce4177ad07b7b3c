"""The long passwords among the million most used, known by a piece of their hash.

The file beside this one is made by tools/make_common_passwords.py, which tells where the list
comes from. A password that is none of them is taken for one once in some 100,000.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("common_passwords.bin")
SIZE = 4  # bytes of each piece


def piece_of(password: str) -> bytes:
    """The piece by which a password is known, be it in small letters or capitals."""
    return hashlib.sha256(password.casefold().encode("utf-8", "replace")).digest()[:SIZE]


def is_common(password: str) -> bool:
    """Whether this is one of those that are tried first."""
    pieces, wanted = _pieces(), piece_of(password)
    place = bisect_left(
        range(len(pieces) // SIZE), wanted, key=lambda n: pieces[n * SIZE : (n + 1) * SIZE]
    )
    return pieces[place * SIZE : (place + 1) * SIZE] == wanted


@cache
def _pieces() -> bytes:
    return FILE.read_bytes()
