"""The process that reads what a person sent: KIND MOST_PIXELS, the file on the standard input.

It answers with a line of JSON, and the bytes that are to be kept behind it. What it cannot read
ends it; what needs too much time or memory is ended by the system.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from kb.services.cleaning.unfit import Cleaned, Unfit

#: Bytes of memory, and seconds of the processor.
MEMORY, SECONDS = 2_000_000_000, 30
#: The exit code of whoever ran out of memory.
TOO_HEAVY = 3


def restrict() -> None:
    """Take away what reading a file does not need; what a system cannot limit it does not."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    with suppress(OSError):
        # where memory ends, this process is ended and not the site
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def clean(kind: str, most_pixels: int, data: bytes) -> Cleaned:
    """Give what is kept of a file; raises Unfit, or whatever reading a broken one raises."""
    if kind == "pdf":
        from kb.services.cleaning import papers  # here, so that pictures need not wait for it

        return papers.cleaned(data)
    from kb.services.cleaning import pictures

    return pictures.cleaned(data, kind, most_pixels)


def answer(kind: str, most_pixels: int, data: bytes) -> bytes:
    """Give what is sent back."""
    try:
        made = clean(kind, most_pixels, data)
    except Unfit as unfit:
        return json.dumps({"unfit": unfit.why, "values": unfit.values}).encode() + b"\n"
    pieces = (made.main, *made.smaller)
    head = {
        "type": made.type,
        "pieces": [(one.width, one.height, len(one.data)) for one in pieces],
    }
    return b"".join([json.dumps(head).encode(), b"\n", *(one.data for one in pieces)])


def main() -> None:
    """Read, clean, answer."""
    data = sys.stdin.buffer.read()
    restrict()
    try:
        told = answer(sys.argv[1], int(sys.argv[2]), data)
    except MemoryError:
        sys.exit(TOO_HEAVY)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
