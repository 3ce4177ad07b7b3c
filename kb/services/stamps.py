"""The stamp of a form for strangers: when it was made, signed, so that no cookie is needed.

A form that comes back sooner than anybody can type, or after a day, is to be sent once more. What
is sent with one stamp gets one name, so that a form that is sent twice counts once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from itsdangerous import BadSignature

from kb.records.database import now
from kb.services.tokens import signer, signing_key

SOONEST = timedelta(seconds=2)
LATEST = timedelta(days=1)
_SALT = b"kb.stamp"


class SentTooSoon(Exception):
    """The form came back sooner than a person types; it may be sent once more as it is."""


class StampTooOld(Exception):
    """The form is of another day, or its stamp is none of ours; a new one makes it good again."""


def stamp(folder: Path, at: datetime | None = None) -> str:
    """A stamp of this moment (or of `at`, UTC), signed with the secret of the desk in `folder`."""
    made = (at or now()).replace(tzinfo=UTC)
    text = f"{int(made.timestamp() * 1000)}.{secrets.token_urlsafe(9)}"
    return signer(folder, _SALT).sign(text).decode("ascii")


def check(folder: Path, stamp: str) -> None:
    """Returns where a form with this stamp may come now. Raises SentTooSoon, StampTooOld."""
    try:
        text = signer(folder, _SALT).unsign(stamp.encode("utf-8", "replace")).decode("ascii")
    except BadSignature:
        raise StampTooOld from None
    made = datetime.fromtimestamp(int(text.partition(".")[0]) / 1000, UTC).replace(tzinfo=None)
    age = now() - made
    if age < SOONEST:
        raise SentTooSoon
    if age > LATEST:
        raise StampTooOld


def name_of(folder: Path, stamp: str, *words: str) -> str:
    """The name of what was sent with a stamp: always the same, and nobody else can guess it."""
    content = "\0".join((stamp, *words)).encode("utf-8", "surrogatepass")
    digest = hmac.new(signing_key(folder), _SALT + content, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode("ascii")
