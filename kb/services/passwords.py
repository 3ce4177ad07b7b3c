"""Passwords: argon2id, with the least cost that OWASP names, so that small servers bear it too.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Characters. The longest keeps a request from costing much.
SHORTEST, LONGEST = 10, 200
#: Fewer different characters than this are guessed at once.
DIFFERENT = 5
#: Long enough, and yet among the first that are tried.
COMMON = (
    "1234567890", "0123456789", "12345678910", "qwertyuiop", "1q2w3e4r5t", "password12",
    "password123", "password1234", "passwort123", "motdepasse", "contraseña", "administrator",
    "changeme123", "letmein123", "iloveyou123", "welcome123", "sankofa123",
)  # fmt: skip


class WeakPassword(Exception):
    """The password would be guessed soon; `why` is short, long, common or name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def hashed(password: str) -> str:
    """What the database keeps of a password."""
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; it takes as long where none is kept."""
    try:
        right = HASHER.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return HASHER.check_needs_rehash(kept)


def require_strong(password: str, *known: str) -> None:
    """Return if the password will do; `known` are names that others would try. Raises WeakPassword.

    Length counts, not kinds of characters: NIST SP 800-63B, 5.1.1.2.
    """
    plain = password.casefold()
    if len(password) < SHORTEST:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    if len(set(plain)) < DIFFERENT or plain in COMMON:
        raise WeakPassword("common")
    names = {part.casefold() for name in known for part in (name, name.partition("@")[0])}
    if plain in names:
        raise WeakPassword("name")


@cache
def _nobody() -> str:
    return HASHER.hash("nobody has this password")
