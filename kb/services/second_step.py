"""The second step of signing in: a code that changes every half minute, or one of a few on paper.

Time-based codes are those of RFC 6238; each is taken once, as its section 5.2 asks.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

import pyotp
import sqlalchemy as sa

from kb.access import Person
from kb.records import people as records
from kb.records.database import now
from kb.records.people import Account
from kb.services.letter import Letter
from kb.services.mail import send_later
from kb.services.office import Office, note
from kb.services.squares import squares
from kb.services.tokens import hash_of, new_code

CODES = 10
#: Hex digits of the salt in front of the hash of a recovery code.
SALT = 8
#: Steps before and after this one that are taken too: clocks differ.
AROUND = 1


class WrongCode(Exception):
    """The code is not right, not right any more, or was used before (`reused`)."""

    def __init__(self, reused: bool = False) -> None:
        super().__init__("used before" if reused else "not right")
        self.reused = reused


@dataclass(frozen=True)
class Setup:
    """What an app needs: the secret, the same as an address, and that as rows of a QR code."""

    secret: str
    address: str
    squares: tuple[tuple[bool, ...], ...]


def prepare(office: Office, person: Person, secret: str = "") -> Setup:
    """A new secret, or the one given, as it is shown to an app. Nothing is changed yet."""
    if not _is_secret(secret):
        secret = pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(
        name=person.email, issuer_name=office.settings.site_name
    )
    return Setup(secret, address, squares(address))


def start(  # noqa: PLR0917 - one of the parts of a form
    office: Office,
    account: Account,
    person: Person,
    secret: str,
    code: str,
    told: Letter | None = None,
) -> tuple[str, ...]:
    """Asks for the second step from now on, and returns the recovery codes. Raises WrongCode.

    `account` is the person's own, whose password was given again; `told` tells of it, as with all
    changes below.
    """
    step = _step(secret, code) if _is_secret(secret) else None
    if step is None:
        raise WrongCode
    with office.database.writing() as connection:
        records.change_account(connection, account.id, totp_secret=secret, totp_last=step)
        note(connection, person, "second-step-on", person.email)
        codes = _fresh_codes(connection, account.id)
    send_later(office.settings, told)
    return codes


def stop(office: Office, account: Account, person: Person, told: Letter | None = None) -> None:
    """Asks for it no more."""
    with office.database.writing() as connection:
        forget(connection, account.id)
        note(connection, person, "second-step-off", person.email)
    send_later(office.settings, told)


def forget(connection: sa.Connection, id: int) -> None:
    """Takes the second step of an account away, with its codes."""
    records.change_account(connection, id, totp_secret=None, totp_last=None)
    records.put_codes(connection, id, ())


def new_codes(
    office: Office, account: Account, person: Person, told: Letter | None = None
) -> tuple[str, ...]:
    """Other recovery codes; those before are taken no more."""
    with office.database.writing() as connection:
        note(connection, person, "new-codes", person.email)
        codes = _fresh_codes(connection, account.id)
    send_later(office.settings, told)
    return codes


def codes_left(office: Office, account: Account) -> int:
    """How many recovery codes can still be used."""
    with office.database.reading() as connection:
        return records.codes_left(connection, account.id)


def check(connection: sa.Connection, account: Account, code: str) -> None:
    """Return if the code is right, and use it up. Raises WrongCode."""
    plain = "".join(code.split()).lower()
    step = _step(account.totp_secret or "", plain)
    if step is not None:
        right = records.use_step(connection, account.id, step)
    else:
        right = any(
            records.use_code(connection, number, now())
            for number, kept in records.unused_codes(connection, account.id)
            if _is_code(plain, kept)
        )
    if not right:
        raise WrongCode(reused=step is not None)


def _fresh_codes(connection: sa.Connection, id: int) -> tuple[str, ...]:
    codes = tuple(new_code() for _ in range(CODES))
    records.put_codes(connection, id, tuple(map(_kept, codes)))
    return codes


def _kept(code: str) -> str:
    """A code as the database keeps it: 32 random bits, and a hash of them with the code."""
    salt = secrets.token_hex(SALT // 2)
    return salt + hash_of(salt + code)[SALT:]


def _is_code(code: str, kept: str) -> bool:
    """Whether this is the code; those from before there was a salt are known by their hash."""
    salted = kept[:SALT] + hash_of(kept[:SALT] + code)[SALT:]
    return secrets.compare_digest(salted, kept) or secrets.compare_digest(hash_of(code), kept)


def _step(secret: str, code: str) -> int | None:
    """The time step whose code this is; None where it is that of none near now."""
    plain = "".join(code.split())
    if not secret or not plain.isascii() or not plain.isdigit():
        return None
    totp, here = pyotp.TOTP(secret), int(time.time()) // 30
    steps = range(here - AROUND, here + AROUND + 1)
    return next(
        (step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), plain)), None
    )


def _is_secret(text: str) -> bool:
    return len(text) == 32 and all(letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for letter in text)
