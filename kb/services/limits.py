"""Limits that protect people: tries by account and by address, each try waiting longer.

They are counted in the database, so that neither a restart nor a second process forgets them.
"""

from __future__ import annotations

import ipaddress
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb.records import people as records
from kb.records.database import now
from kb.services.office import Office
from kb.services.tokens import hash_of

log = logging.getLogger("kb.security")

#: How long a try counts.
WINDOW = timedelta(days=1)


class TooManyTries(Exception):
    """There were too many tries; the next one may come after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Limit:
    """How many tries are free, and the longest wait in seconds; it doubles with each try."""

    free: int
    longest: int

    def wait(self, tries: int) -> int:
        """Seconds between the last of so many tries and the next."""
        if tries < self.free:
            return 0
        return int(min(2.0 ** min(tries - self.free + 1, 30), self.longest))


#: What is limited, by account (so that nobody guesses one) and by address (so that nobody tries
#: many). Many people share one address in a training room, and a stranger must not lock anybody
#: out for long: hence the numbers.
LIMITS: Mapping[str, Mapping[str, Limit]] = {
    "sign-in": {"account": Limit(5, 900), "address": Limit(50, 900)},
    "second-step": {"account": Limit(5, 900)},
    "reset": {"account": Limit(3, 3600), "address": Limit(50, 3600)},
    "address": {"account": Limit(3, 3600)},
    "register": {"account": Limit(3, 3600), "address": Limit(50, 3600)},
    "begin": {"account": Limit(200, 3600)},
    "attach": {"account": Limit(200, 3600)},
    # by strangers: a class may try it out together, a machine may not fill the queue
    "suggest": {"address": Limit(20, 3600)},
    "report": {"address": Limit(20, 3600)},
}


def count(office: Office, kind: str, account: str, address: str = "") -> None:
    """Counts a try before it is made. Raises TooManyTries, and then counts nothing."""
    at = now()
    with office.database.writing() as connection:
        records.forget_old_tries(connection, at - WINDOW)
        subjects = _subjects(kind, account, address)
        waits = [_wait(connection, kind, *row, at) for row in subjects]
        if max(waits) <= 0:
            for _, subject in subjects:
                records.add_try(connection, kind, subject, at)
    if max(waits) > 0:
        log.warning("too many tries: %s", kind)
        raise TooManyTries(max(waits))


def succeed(connection: sa.Connection, kind: str, account: str, address: str = "") -> None:
    """Forgets the tries for an account, and this one of its address: they were no guesses."""
    for scope, subject in _subjects(kind, account, address):
        if scope == "account":
            records.forget_tries(connection, kind, subject)
        else:
            records.forget_last_try(connection, kind, subject)


def _wait(connection: sa.Connection, kind: str, scope: str, subject: str, at: datetime) -> int:
    records.take_turn(connection, subject)
    tries, last = records.tries(connection, kind, subject, at - WINDOW)
    wait = LIMITS[kind][scope].wait(tries)
    if last is None or not wait:
        return 0  # also where another request was counted after this one had looked at the clock
    free_at = last + timedelta(seconds=wait)
    return math.ceil((free_at - at).total_seconds())


def _subjects(kind: str, account: str, address: str) -> list[tuple[str, str]]:
    values = {"account": account, "address": network_of(address)}
    scopes = (scope for scope in LIMITS[kind] if values[scope])
    return [(scope, hash_of(f"{scope}:{values[scope]}")) for scope in scopes]


def network_of(address: str) -> str:
    """The address, or its first half for IPv6: one household has the whole of the second."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
