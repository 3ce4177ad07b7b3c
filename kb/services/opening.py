"""The library of this process: opened once, beside the requests, and never half open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.library import Library

log = logging.getLogger("kb")
PATIENCE = 5.0  # seconds that a request waits for a library that is just being opened


class LibraryNotReady(Exception):
    """The library is still being opened, or could not be opened; the log says why."""


class Opening:
    """Opens a library in a thread of its own when first asked, and keeps it.

    `open_library` is called at most once at a time; after a failure the next caller tries again.
    Nothing happens before the first call, so that sessions of the model start after a fork.
    """

    def __init__(self, open_library: Callable[[], Library]) -> None:
        self._open = open_library
        self._library: Library | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begins to open the library, unless that has happened."""
        with self._lock:
            if self._library is None and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="opening", daemon=True)
                self._thread.start()

    def library(self, patience: float = PATIENCE) -> Library:
        """The open library. Waits up to `patience` seconds, then raises LibraryNotReady."""
        if self._library is None:
            self.start()
            thread = self._thread
            if thread is not None:
                thread.join(patience)
        if self._library is None:
            raise LibraryNotReady
        return self._library

    @property
    def ready(self) -> bool:
        """True when requests for pages can be answered. Begins to open the library if need be."""
        if self._library is None:
            self.start()
        return self._library is not None and self._library.ready

    def _run(self) -> None:
        try:
            self._library = self._open()
        except Exception:
            # whatever the reason, people get 503, and the log must tell it
            log.exception("the library could not be opened")


def already_open(library: Library) -> Opening:
    """An Opening that has nothing left to do."""
    opening = Opening(lambda: library)
    opening._library = library
    return opening
