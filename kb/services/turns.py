"""How much a network address may take away at once: counted in memory, for cheap reads only.

Each process counts for itself and forgets when it ends. That is enough for what costs the site some
seconds; limits that protect people stand in `kb.services.limits`.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kb.services.limits import TooManyTries, network_of

#: Cases that an address may take at once, and how many more with every second.
MOST, PER_SECOND = 40_000, 50
#: Addresses that are remembered; those are forgotten first that may take the most again.
REMEMBERED = 10_000
#: Large lists that one process makes at a time.
AT_ONCE = 2


class TooMuchTaken(TooManyTries):
    """The address has taken so much that it has to wait for `seconds`."""


class TakingBusy(Exception):
    """As many large lists are being made as this process makes at a time."""


class Turns:
    """What was taken by whom, and how many large lists are being made just now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[float, float]] = {}
        self._rooms = threading.BoundedSemaphore(AT_ONCE)

    def take(self, address: str, cost: int) -> None:
        """Counts `cost` cases for an address. Raises TooMuchTaken, and then counts nothing.

        What costs more than the most counts as the most, so that nothing is out of reach.
        """
        whose, at = network_of(address), self._clock()
        with self._lock:
            level = self._level(whose, at)
            over = level + min(cost, MOST) - MOST
            if over > 0:
                raise TooMuchTaken(math.ceil(over / PER_SECOND))
            self._taken[whose] = (level + min(cost, MOST), at)
            if len(self._taken) > REMEMBERED:
                self._forget(at)

    def _level(self, whose: str, at: float) -> float:
        level, since = self._taken.get(whose, (0.0, at))
        return max(0.0, level - (at - since) * PER_SECOND)

    def _forget(self, at: float) -> None:
        most = sorted(self._taken, key=lambda whose: -self._level(whose, at))
        self._taken = {whose: self._taken[whose] for whose in most[: REMEMBERED // 2]}

    @contextmanager
    def room(self) -> Iterator[None]:
        """Holds one of the rooms in which large lists are made. Raises TakingBusy."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def enter(self) -> None:
        """Takes a room; whoever does has to leave it. Raises TakingBusy."""
        if not self._rooms.acquire(blocking=False):
            raise TakingBusy

    def leave(self) -> None:
        """Gives a room back."""
        self._rooms.release()
