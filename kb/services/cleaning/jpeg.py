"""The parts of a JPEG file: where the picture ends, and what was noted in it."""

from __future__ import annotations

import struct

from kb.services.cleaning.unfit import Unfit

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
#: Markers without a length.
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
#: Where notes are kept: comments, and what applications add, but for the two that say how the
#: colours are to be read (JFIF and Adobe).
_NOTES = frozenset((0xFE, *range(0xE1, 0xF0))) - {0xEE}


def end_of(data: bytes) -> int:
    """Give where the first picture of a file ends; raises Unfit where it does not."""
    at = 2
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            return at
        if marker in _ALONE:
            continue
        at = _behind(data, at)
        if marker == _SCAN:
            at = _behind_scan(data, at)


def without_notes(data: bytes) -> bytes:
    """Give a picture without comments and what cameras note; raises Unfit."""
    kept, at = [data[:2]], 2
    while True:
        begin = at
        marker, at = _marker(data, at)
        if marker == _END:
            return b"".join([*kept, data[begin:at]])
        if marker not in _ALONE:
            at = _behind(data, at)
        if marker == _SCAN:
            at = _behind_scan(data, at)
        if marker not in _NOTES:
            kept.append(data[begin:at])


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Give the marker that stands somewhere, and where its content begins."""
    if at + 1 >= len(data) or data[at] != 0xFF:
        raise Unfit("damaged")
    while at < len(data) and data[at] == 0xFF:  # fill bytes may stand before it
        at += 1
    if at >= len(data) or data[at] == 0:
        raise Unfit("damaged")
    return data[at], at + 1


def _behind(data: bytes, at: int) -> int:
    if at + 2 > len(data):
        raise Unfit("damaged")
    (length,) = struct.unpack_from(">H", data, at)
    if length < 2 or at + length > len(data):
        raise Unfit("damaged")
    return at + int(length)


def _behind_scan(data: bytes, at: int) -> int:
    """Give where the next marker stands behind the pixels of a scan."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Unfit("damaged")
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or following in _ALONE:
            at += 2
        else:
            return at
