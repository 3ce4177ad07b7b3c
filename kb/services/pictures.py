"""Pictures of cases, drawn once a revision and kept in var/pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from kb.services.drawing_png import png

#: Raised when pictures are drawn in another way.
EDITION = 1
#: Pictures that one process draws at once, and how many more with every second: a drawing keeps a
#: core busy for up to a tenth of a second, and each is needed once only.
MOST, PER_SECOND = 60.0, 2.0


class PicturesBusy(Exception):
    """So many pictures were drawn just now that the next has to wait."""


class Album:
    """The pictures in one folder, drawn one at a time."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._clock = clock
        self._drawing = threading.Lock()
        self._left, self._since = MOST, clock()

    def picture(self, name: str, revision: str, drawing: Callable[[], str]) -> bytes:
        """The picture `name` as PNG: the one that is kept, else drawn from the SVG of `drawing`.

        One of an older revision goes when a new one is kept. Raises PicturesBusy.
        """
        path = self.folder / f"{name}.{revision}.png"
        with suppress(FileNotFoundError):
            return path.read_bytes()
        with self._drawing:
            with suppress(FileNotFoundError):
                return path.read_bytes()  # somebody else has waited for the same one
            self._count()
            made = png(drawing())
            self._keep(path, name, made)
        return made

    def _count(self) -> None:
        at = self._clock()
        self._left = min(MOST, self._left + (at - self._since) * PER_SECOND)
        self._since = at
        if self._left < 1:
            raise PicturesBusy
        self._left -= 1

    def _keep(self, path: Path, name: str, made: bytes) -> None:
        """Keeps a picture; a full disk costs only drawing it again."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            for old in self.folder.glob(f"{name}.*.png"):
                old.unlink(missing_ok=True)
            with NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
                file.write(made)
            Path(file.name).replace(path)
