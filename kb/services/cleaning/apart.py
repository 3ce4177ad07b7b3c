"""Asking the process that reads what a person sent, and understanding its answer."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

from kb.services.cleaning.__main__ import TOO_HEAVY
from kb.services.cleaning.kinds import TAKEN, kind_of
from kb.services.cleaning.unfit import Cleaned, Piece, Unfit
from kb.settings import bare_environment

log = logging.getLogger("kb")

#: Seconds after which a file is given up.
PATIENCE = 120
#: The folder from which the product can be imported.
HERE = Path(__file__).resolve().parents[3]


def cleaned(data: bytes, most_pixels: int) -> Cleaned:
    """Give what is to be kept of a file. Raises Unfit, with the reason."""
    kind = kind_of(data)
    if kind not in TAKEN:
        raise Unfit(kind)
    try:
        done = subprocess.run(  # noqa: S603 - no word of it was typed by a person
            [sys.executable, "-m", "kb.services.cleaning", kind, str(most_pixels)],
            input=data, capture_output=True, timeout=PATIENCE, check=False, cwd=HERE,
            env=bare_environment(),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unfit("too-heavy") from None
    if done.returncode == 1:
        log.info("a file could not be read: %s", done.stderr.decode("utf-8", "replace")[-500:])
        raise Unfit("damaged", kind=kind)
    if done.returncode < 0 or done.returncode == TOO_HEAVY:
        raise Unfit("too-heavy")
    if done.returncode:
        raise OSError(f"files cannot be read: {done.stderr.decode('utf-8', 'replace')[-500:]}")
    return _understood(done.stdout, kind)


def _understood(told: bytes, kind: str) -> Cleaned:
    head, _, rest = told.partition(b"\n")
    values = json.loads(head)
    if "unfit" in values:
        raise Unfit(values["unfit"], **{"kind": kind, **values["values"]})
    pieces = []
    for width, height, length in values["pieces"]:
        pieces.append(Piece(rest[:length], width, height))
        rest = rest[length:]
    return Cleaned(values["type"], pieces[0], tuple(pieces[1:]))
