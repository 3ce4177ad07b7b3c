"""Meaning as vectors: the embedding model, the cache of its work, and the scan over passages."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from indexer.errors import BadModel

# No word to the makers of the runtime: its telemetry would start a thread with the import, which
# does not live in a forked server process, and whose end that process waits for when it stops.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

#: From so many vectors on, two threads share a scan.
PARALLEL = 40_000
#: Seconds that one who opens the cache of vectors waits for others.
PATIENCE = 30.0
#: The model that is shipped.
DEFAULT_MODEL = Path(__file__).parent / "models" / "all-minilm-l6-v2"


class Encoder:
    """A sentence-embedding model in a folder: model.onnx, tokenizer.json, model.json.

    The graph takes `input_ids` and `attention_mask`, int64 of shape (texts, tokens), and gives
    unit vectors of shape (texts, dimensions), pooled and normalised inside.
    """

    def __init__(self, folder: Path = DEFAULT_MODEL, threads: int = 2):
        """Open the model; raises `BadModel` when a file is missing or cannot be read.

        The ONNX session starts at the first text, so that a server may fork before.
        """
        try:
            about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            self.dimensions = int(about["dimensions"])
            self.languages = frozenset(about["languages"])
            self.name = f"{about['name']}-{about['model_sha256'][:12]}"
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._counter = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as broken:  # whatever a damaged file makes json or tokenizers say
            raise BadModel(f"The embedding model in {folder} cannot be read: {broken}") from broken
        self._counter.no_truncation()
        self._tokenizer.enable_truncation(int(about["max_tokens"]))
        self._path = folder / "model.onnx"
        self._threads = threads
        self._session: onnxruntime.InferenceSession | None = None
        self._starting = threading.Lock()
        self.encode_query = lru_cache(maxsize=1024)(self._encode_query)

    def knows(self, lang: str) -> bool:
        """Tell whether the model was trained on texts of `lang`."""
        return lang.partition("-")[0] in self.languages or "*" in self.languages

    def is_word(self, word: str) -> bool:
        """Tell whether the model has one token for `word`: it then is a common word as it is."""
        return self._counter.token_to_id(word) is not None

    def token_ends(self, text: str) -> list[int]:
        """Return the offset in `text` at which each of its tokens ends."""
        return [end for _, end in self._counter.encode(text, add_special_tokens=False).offsets]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one unit vector a text, float32 of shape (texts, dimensions).

        Each text goes through alone: int8 activations are scaled over the batch, so a vector
        would otherwise depend on its neighbours and an index on the order it was made in.
        """
        if len(texts) < 2 or self._threads == 1:
            rows = [self._encode_one(text) for text in texts]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                rows = list(pool.map(self._encode_one, texts))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)

    def _encode_one(self, text: str) -> np.ndarray:
        tokens = self._tokenizer.encode(text)
        asked = {
            "input_ids": np.array([tokens.ids], dtype=np.int64),
            "attention_mask": np.array([tokens.attention_mask], dtype=np.int64),
        }
        vector: np.ndarray = self._running().run(None, asked)[0][0]
        return vector

    def rest(self) -> None:
        """Let go of the ONNX session, as before a fork; the next text starts another."""
        with self._starting:
            self._session = None

    def _encode_query(self, text: str) -> np.ndarray:
        vector = self._encode_one(text)
        vector.setflags(write=False)
        return vector

    def _running(self) -> onnxruntime.InferenceSession:
        with self._starting:
            if self._session is None:
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1  # texts run side by side instead
                options.inter_op_num_threads = 1
                options.enable_cpu_mem_arena = False
                try:
                    self._session = onnxruntime.InferenceSession(
                        str(self._path), options, providers=["CPUExecutionProvider"]
                    )
                except Exception as broken:  # onnxruntime has no common base of its errors
                    raise BadModel(f"{self._path} cannot be loaded: {broken}") from broken
            return self._session


class VectorCache:
    """Vectors by digest of model and text, kept in one SQLite file that may be deleted."""

    def __init__(self, path: Path, dimensions: int):
        """Open the file, making it where it is missing and anew where it is damaged."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._dimensions = dimensions
        try:
            self._open().close()
        except sqlite3.OperationalError:  # busy, or no room: nothing that a new file would mend
            raise
        except sqlite3.DatabaseError:
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink(missing_ok=True)
            self._open().close()

    def _open(self) -> sqlite3.Connection:
        deadline = time.monotonic() + PATIENCE
        while True:
            database = sqlite3.connect(self._path, timeout=PATIENCE)
            try:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=NORMAL")
                database.execute(
                    "CREATE TABLE IF NOT EXISTS vector (digest BLOB PRIMARY KEY, v BLOB)"
                )
                return database
            except sqlite3.Error as error:
                database.close()
                # two that make the file at once: SQLite waits for no other when the mode changes
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    def get(self, digests: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Return the vectors that are there, float32 of shape (dimensions,)."""
        found: dict[bytes, np.ndarray] = {}
        with closing(self._open()) as database:
            for begin in range(0, len(digests), 500):
                some = digests[begin : begin + 500]
                marks = ",".join("?" * len(some))
                sql = f"SELECT digest, v FROM vector WHERE digest IN ({marks})"  # noqa: S608
                for digest, blob in database.execute(sql, some):
                    vector = np.frombuffer(blob, dtype=np.float32)
                    if len(vector) == self._dimensions:
                        found[digest] = vector
        return found

    def put(self, vectors: Iterable[tuple[bytes, np.ndarray]]) -> None:
        """Keep `vectors`, replacing those of the same digest."""
        rows = ((digest, v.astype(np.float32).tobytes()) for digest, v in vectors)
        with closing(self._open()) as database, database:
            database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

    def forget(self, digests: Iterable[bytes]) -> None:
        """Remove the vectors of these digests, and every trace of them in the file."""
        with closing(self._open()) as database:
            database.execute("PRAGMA secure_delete=ON")
            with database:
                database.executemany(
                    "DELETE FROM vector WHERE digest = ?", [(digest,) for digest in digests]
                )
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def embed(
    texts: dict[bytes, str],
    encoder: Encoder,
    cache: VectorCache,
    progress: Callable[[int, int], None] | None = None,
    batch: int = 32,
) -> int:
    """See to it that the cache holds the vector of each text and return how many were made.

    `progress` is called with how many are made and how many are to be made; what is made is kept
    after every `batch` texts, so that work cut short is not lost.
    """
    known = cache.get(list(texts))
    missing = [digest for digest in texts if digest not in known]
    for begin in range(0, len(missing), batch):
        some = missing[begin : begin + batch]
        cache.put(zip(some, encoder.encode([texts[d] for d in some]), strict=True))
        if progress:
            progress(min(begin + batch, len(missing)), len(missing))
    return len(missing)


def dots(vectors: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Return the product of each of `vectors` with `query`, float32 (vectors,).

    Row by row, which reads memory in order; `vectors @ query` took more than twice as long. Many
    rows are shared between two threads.
    """
    if len(vectors) < PARALLEL:
        found: np.ndarray = np.vecdot(vectors, query)
        return found
    found = np.empty(len(vectors), dtype=np.float32)
    half = len(vectors) // 2
    other = _second_thread().submit(np.vecdot, vectors[half:], query, out=found[half:])
    np.vecdot(vectors[:half], query, out=found[:half])
    other.result()
    return found


@lru_cache(maxsize=1)
def _second_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="scan")


os.register_at_fork(after_in_child=_second_thread.cache_clear)  # threads stay with the parent


@dataclass(frozen=True)
class Passages:
    """The passages of one segment: `vectors` (passages, dimensions) and, per document, the first.

    The passages of document d are first[d]:first[d + 1]; every document has at least one.
    """

    vectors: np.ndarray
    first: np.ndarray

    def closeness(self, query: np.ndarray) -> np.ndarray:
        """Return the cosine of each passage to the unit vector `query`, float32 (passages,)."""
        return dots(self.vectors, query)

    def best(self, cosines: np.ndarray) -> np.ndarray:
        """Return each document's highest cosine, given those of its passages."""
        if not len(cosines):
            return np.empty(0, dtype=np.float32)
        starts = self.first[:-1]
        highest: np.ndarray
        if len(cosines) < PARALLEL:
            highest = np.maximum.reduceat(cosines, starts)
            return highest
        half = len(starts) // 2
        at = starts[half]
        rest, own = cosines[at:], starts[half:] - at
        other = _second_thread().submit(np.maximum.reduceat, rest, own)
        highest = np.concatenate([np.maximum.reduceat(cosines[:at], starts[:half]), other.result()])
        return highest
