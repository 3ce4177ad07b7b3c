"""The folder var/index: generations, the file CURRENT, the writer's lock.

    index/CURRENT            "<generation> <state>": what readers open
    index/LOCK               held by the one writer
    index/<generation>/      words/ (Whoosh), arrays/<segment>/, stamps.sqlite, about.json, HELD

A commit writes the words, then the arrays of new segments, and only then moves CURRENT, so a
reader never meets a state whose arrays are missing. A rebuild fills a new generation beside the
one in use; an old one goes when no process holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import lexical, segment
from indexer.errors import IndexBusy, IndexMissing
from indexer.lexical import Indexed
from indexer.semantic import Encoder, VectorCache
from indexer.snapshot import Snapshot
from indexer.values import Key

#: Raised when the arrays, records or stems change: an index of another form is rebuilt.
FORMAT = 6
#: Seconds that a writer waits for another before it gives up.
PATIENCE = 30.0


@dataclass(frozen=True)
class Current:
    """Which state of which generation readers open."""

    generation: str
    state: int


class _Hold:
    """A generation held against removal, by any process, for as long as this lives."""

    def __init__(self, folder: Path):
        """Hold `folder`; raises `OSError` when it is gone."""
        handle = os.open(folder / "HELD", os.O_RDWR | os.O_CLOEXEC)
        self.release = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)


@dataclass(frozen=True)
class Stamp:
    """A file as it was when it was indexed."""

    modified_ns: int
    size: int
    revision: str


class IndexFolder:
    """The index of one library on disk."""

    def __init__(self, path: Path, encoder: Encoder, cache: VectorCache):
        self.path = path
        self.encoder = encoder
        self.cache = cache
        path.mkdir(parents=True, exist_ok=True)

    # Reading ---------------------------------------------------------------------------------

    def signature(self) -> tuple[int, int] | None:
        """Return what changes whenever CURRENT is replaced, None when there is none."""
        try:
            found = (self.path / "CURRENT").stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def current(self) -> Current:
        """Return the state to open; raises `IndexMissing`."""
        try:
            generation, state = (self.path / "CURRENT").read_text(encoding="ascii").split()
            return Current(generation, int(state))
        except (OSError, ValueError) as missing:
            raise IndexMissing("There is no index yet.") from missing

    def about(self, generation: str) -> dict[str, Any]:
        """Return what a generation was made from: format, model, vocabularies."""
        try:
            found = json.loads((self.path / generation / "about.json").read_text(encoding="utf-8"))
            return dict(found)
        except (OSError, ValueError, TypeError) as missing:
            raise IndexMissing("The index has lost its description.") from missing

    def open(self, reuse: Snapshot | None = None) -> Snapshot:
        """Open the current state, keeping the opened segments of `reuse`.

        Raises `IndexMissing` when there is no index or a file of it is missing or broken.
        """
        problem: Exception = IndexMissing("There is no index yet.")
        for _ in range(20):  # a commit may remove the state between reading its name and opening
            current = self.current()
            try:
                return self._open(current, reuse)
            except Exception as gone:  # noqa: BLE001 - whatever damaged arrays make NumPy say
                problem = gone
                if self.current() == current:
                    break
        raise IndexMissing(f"The index cannot be read: {problem}") from problem

    def _open(self, current: Current, reuse: Snapshot | None) -> Snapshot:
        folder = self.path / current.generation
        same = reuse is not None and reuse.number.split()[0] == current.generation
        known = {s.name: s for s in reuse.segments} if reuse and same else {}
        hold = _Hold(folder)
        state = lexical.State(folder / "words", current.state)
        segments = [
            known.get(part.name) or segment.load(part.name, folder / "arrays" / part.name)
            for part in state.parts
        ]
        if any(a.size != p.size for a, p in zip(segments, state.parts, strict=True)):
            raise IndexMissing("The arrays do not fit the words.")
        return Snapshot(f"{current.generation} {current.state}", state.parts, segments, hold)

    # Writing ---------------------------------------------------------------------------------

    @contextmanager
    def lock(self, patience: float = PATIENCE) -> Iterator[None]:
        """Be the one writer; raises `IndexBusy` when another is not done in time."""
        deadline = time.monotonic() + patience
        with (self.path / "LOCK").open("a") as handle:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise IndexBusy(
                            "The index is being written by somebody else; try again in a minute."
                        ) from None
                    time.sleep(0.02)
            yield

    @contextmanager
    def fresh(self, about: Mapping[str, Any]) -> Iterator[str]:
        """Make a new, empty generation beside the one in use and give its name.

        It is held until the work with it ends, and removed when that fails.
        """
        with self.lock():
            taken = [int(p.name) for p in self.path.iterdir() if p.name.isdigit()]
            name = str(max(taken, default=0) + 1)
            folder = self.path / name
            (folder / "arrays").mkdir(parents=True)
            (folder / "HELD").touch()
            hold = _Hold(folder)
        try:
            lexical.create(folder / "words")
            (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
            with self._stamps(name) as database:
                database.execute(
                    "CREATE TABLE stamp"
                    " (key TEXT PRIMARY KEY, ns INTEGER, size INTEGER, revision TEXT)"
                )
            yield name
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            hold.release()

    def add(
        self,
        generation: str,
        add: Iterable[Indexed] = (),
        remove: Iterable[Key] = (),
        *,
        optimize: bool = False,
    ) -> int:
        """Write documents into a generation, words and arrays, and return its new state."""
        folder = self.path / generation
        gone = [segment.key_text(key) for key in remove]
        state = lexical.write(folder / "words", add, gone, optimize=optimize)
        for part in lexical.State(folder / "words", state).parts:
            arrays = folder / "arrays" / part.name
            if not arrays.is_dir():
                segment.build(part, arrays, self.encoder, self.cache)
        return state

    def publish(self, generation: str, state: int) -> None:
        """Point readers to a state, then remove what nobody can come to any more."""
        temporary = self.path / f".CURRENT.{os.getpid()}"
        with temporary.open("w", encoding="ascii") as handle:
            handle.write(f"{generation} {state}\n")
            handle.flush()
            os.fsync(handle.fileno())
        temporary.rename(self.path / "CURRENT")
        words = self.path / generation / "words"
        lexical.clean(words, [state, state - 1])
        kept = {part.name for part in lexical.State(words, state).parts}
        arrays = self.path / generation / "arrays"
        for folder in arrays.iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        self.sweep(generation)

    def sweep(self, generation: str) -> None:
        """Remove every generation but `generation` that no process holds."""
        for other in self.path.iterdir():
            if other.name.isdigit() and other.name != generation:
                with suppress(BlockingIOError), (other / "HELD").open("a") as handle:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(other, ignore_errors=True)

    # What was indexed ------------------------------------------------------------------------

    @contextmanager
    def _stamps(self, generation: str) -> Iterator[sqlite3.Connection]:
        path = self.path / generation / "stamps.sqlite"
        try:
            with closing(sqlite3.connect(path, timeout=30)) as database, database:
                yield database
        except sqlite3.DatabaseError as broken:
            raise IndexMissing("The index has lost its list of files.") from broken

    def stamps(self, generation: str) -> dict[Key, Stamp]:
        """Return the files that a generation was made from; raises `IndexMissing`."""
        with self._stamps(generation) as database:
            rows = database.execute("SELECT key, ns, size, revision FROM stamp").fetchall()
        return {segment.text_key(key): Stamp(ns, size, rev) for key, ns, size, rev in rows}

    def stamp(
        self, generation: str, stamps: Mapping[Key, Stamp], remove: Iterable[Key] = ()
    ) -> None:
        """Remember the files that were indexed, and forget those that are gone."""
        rows = [(segment.key_text(k), s.modified_ns, s.size, s.revision) for k, s in stamps.items()]
        with self._stamps(generation) as database:
            database.executemany("INSERT OR REPLACE INTO stamp VALUES (?, ?, ?, ?)", rows)
            database.executemany(
                "DELETE FROM stamp WHERE key = ?", [(segment.key_text(k),) for k in remove]
            )
