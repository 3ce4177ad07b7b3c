"""What begins and ends with a process of the server, and whether it is about to end."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from typing import Protocol

log = logging.getLogger("kb")

Act = Callable[[], object]


class Stop(Protocol):
    """What tells a loop that it is to end: a Lifetime, or an Event in tests."""

    def is_set(self) -> bool:
        """Whether it is."""

    def wait(self, seconds: float, /) -> bool:
        """Sleep, but no longer than until it is; True when it is."""


class Lifetime:
    """The life of one process: what is done at its start, and what is done last.

    It is made before the server makes its processes, so that each has a copy of its own.
    """

    def __init__(self) -> None:
        self._starts: list[tuple[str, Act]] = []
        self._ends: list[tuple[str, Act]] = []
        self._stopping = False
        # an Event takes a lock, and a signal may call `stop` while that is held
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()

    def at_start(self, name: str, act: Act) -> None:
        """Have `act` called once in each process of the server, before its first request."""
        self._starts.append((name, act))

    def at_stop(self, name: str, act: Act) -> None:
        """Have `act` called once, after the last request; what was added last comes first.

        All of it together has `kb.services.serving.LAST` seconds.
        """
        self._ends.append((name, act))

    @property
    def stopping(self) -> bool:
        """Whether the process was asked to stop; what is running may still be finished."""
        return self._stopping

    def is_set(self) -> bool:
        """The same, as a Stop has it."""
        return self._stopping

    def wait(self, seconds: float, /) -> bool:
        """Sleep, but no longer than until the process is to stop; True when it is."""
        try:
            self._bell.get(timeout=seconds)
        except queue.Empty:
            return self._stopping
        self._bell.put(None)  # for the next who waits
        return True

    def begin(self) -> None:
        """Do what is to be done at the start."""
        for _, act in self._starts:
            act()

    def stop(self) -> None:
        """Say that the process is to stop; requests are still answered. A signal may call this."""
        self._stopping = True
        self._bell.put(None)

    def end(self) -> None:
        """Do what is to be done last, each thing once; one that fails keeps no other from it."""
        self.stop()
        while self._ends:
            name, act = self._ends.pop()
            try:
                act()
            except Exception:
                log.exception("%s could not be ended in order", name)
