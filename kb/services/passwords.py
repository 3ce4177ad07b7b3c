"""Passwords: argon2id, with the least cost that OWASP names, so that small servers bear it too.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kb.services.common_passwords import is_common

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Characters. The longest keeps a request from costing much (OWASP ASVS 4.0, 2.1.1 and 2.1.2).
SHORTEST, LONGEST = 12, 128
#: Fewer different characters than this are guessed at once.
DIFFERENT = 5
#: Rows of keys and of numbers; a password that is a piece of one, there or back, is guessed soon.
ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn", "qwertzuiopasdfghjklyxcvbnm")  # fmt: skip

#: What people put a number behind, and others try so.
WORDS = frozenset((
    "password", "passwort", "motdepasse", "contraseña", "contrasena", "parola", "пароль", "senha",
    "administrator", "administrateur", "administrador", "changeme", "letmein", "iloveyou",
    "welcome", "willkommen", "bienvenue", "bienvenido", "sankofa",
))  # fmt: skip


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

    Length counts, not kinds of characters (NIST SP 800-63B, 5.1.1.2); several blanks are one.
    """
    plain = " ".join(password.split()).casefold()
    if len(plain) < SHORTEST:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    if len(set(plain)) < DIFFERENT or _repeats(plain) or _in_a_row(plain) or is_common(plain):
        raise WeakPassword("common")
    letters = _letters(plain)
    if letters in WORDS:
        raise WeakPassword("common")
    names = {part for name in known for part in (name, *name.split("@"), *name.split())}
    if letters in {_letters(name.casefold()) for name in names} - {""}:
        raise WeakPassword("name")


def is_strong(password: str, *known: str) -> bool:
    """Whether `require_strong` would return."""
    try:
        require_strong(password, *known)
    except WeakPassword:
        return False
    return True


def _repeats(plain: str) -> bool:
    """Whether it is a few characters again and again."""
    return plain in (plain + plain)[1:-1]


def _in_a_row(plain: str) -> bool:
    return any(plain in row or plain in row[::-1] for row in ROWS)


def _letters(text: str) -> str:
    """What is left of a text without numbers and marks: a name stays a name with 1! behind it."""
    return "".join(letter for letter in text if letter.isalpha())


@cache
def _nobody() -> str:
    return HASHER.hash("nobody has this password")
