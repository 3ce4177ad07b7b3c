"""A library of any size in var/bench, made through the code that serves the site."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.indexfolder import FORMAT
from indexer.indexing import Progress
from indexer.library import Library
from indexer.passages import digest, sentences
from indexer.semantic import DEFAULT_MODEL, Encoder, VectorCache, embed
from indexer.store import Store
from kb.services.bench import cases
from kb.services.bench.source import SEED, Source

#: How far the vector of a made passage is moved, as a share of its length.
MOVED = 0.4
#: Raised when the made cases change.
EDITION = 1


class MovedVectors(Encoder):
    """An encoder that knows the paragraphs of a source, and moves their vectors a little.

    A text made of known sentences gets the mean of their paragraphs' true vectors, by length,
    plus a step of `MOVED` in a direction drawn from the text itself; others are truly embedded.
    """

    def __init__(self, folder: Path, source: Source, vectors: np.ndarray):
        """Take the true vectors of the paragraphs of `source`, (paragraphs, dimensions)."""
        super().__init__(folder)
        self._vectors = vectors
        self._paragraph = {
            text[start:end]: number
            for number, text in enumerate(source.paragraphs)
            for start, end in sentences(text)
        }

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one unit vector a text, float32 of shape (texts, dimensions)."""
        return np.stack([self._moved(text) for text in texts])

    def _moved(self, text: str) -> np.ndarray:
        spans = sentences(text)
        known = [(self._paragraph.get(text[a:b]), b - a) for a, b in spans]
        parts = [(number, length) for number, length in known if number is not None]
        if not parts:
            alone: np.ndarray = super().encode([text])[0]
            return alone
        weights = np.array([length for _, length in parts], dtype=np.float32)
        mean = weights @ self._vectors[[number for number, _ in parts]]
        seed = int.from_bytes(digest("moved", text)[:8], "little")
        step = np.random.default_rng(seed).standard_normal(self.dimensions, dtype=np.float32)
        vector = mean / np.linalg.norm(mean) + MOVED * step / np.linalg.norm(step)
        moved: np.ndarray = (vector / np.linalg.norm(vector)).astype(np.float32)
        return moved


@dataclass(frozen=True)
class Made:
    """A library that was made: its folders, and what is known of its making."""

    content: Path
    var: Path
    about: dict[str, Any]


def make(
    folder: Path,
    count: int,
    source: Source,
    vocabularies_folder: Path,
    model: Path | None,
    *,
    progress: Progress,
) -> Made:
    """Return the library of `count` cases in `folder`, made unless the same one is there.

    It has vocabularies of its own, copied when it is made, so that editing ours costs no rebuild.
    """
    content, var = folder / "content", folder / "var"
    encoder = Encoder(model or DEFAULT_MODEL)
    wanted = {
        "cases": count,
        "source": f"{source.name} {source.digest}",
        "model": encoder.name,
        "form": f"{FORMAT} {EDITION} {SEED}",
    }
    try:
        about = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        about = {}
    if {name: about.get(name) for name in wanted} != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(vocabularies_folder, content / "vocabularies")
        vectors = true_vectors(source, encoder, folder.parent / "vectors.sqlite", progress)
        words = _write_cases(content, count, source, progress)
        moved = MovedVectors(model or DEFAULT_MODEL, source, vectors)
        begin = time.perf_counter()
        _build(content, var, model, moved, progress)
        about = {**wanted, "words": words, "build_seconds": time.perf_counter() - begin}
        (folder / "made.json").write_text(json.dumps(about), encoding="utf-8")
    return Made(content, var, about)


def true_vectors(
    source: Source, encoder: Encoder, cache_file: Path, progress: Progress
) -> np.ndarray:
    """Return the vector of each paragraph by the model itself, kept between runs."""
    cache = VectorCache(cache_file, encoder.dimensions)
    texts = {digest(encoder.name, text): text for text in source.paragraphs}
    embed(texts, encoder, cache, lambda done, total: progress("embed", done, total))
    found = cache.get(list(texts))
    return np.stack([found[digest(encoder.name, text)] for text in source.paragraphs])


def _write_cases(content: Path, count: int, source: Source, progress: Progress) -> float:
    """Write the files and return the mean number of words of a case's text."""
    folder = content / "cases"
    folder.mkdir()
    words = 0
    vocabularies = Store(content).vocabularies()
    for number, (slug, text) in enumerate(cases.texts(source, vocabularies, count), 1):
        (folder / f"{slug}.md").write_text(text, encoding="utf-8")
        words += len(text.partition("\n---\n")[2].split())
        if number % 1000 == 0 or number == count:
            progress("write", number, count)
    return words / max(count, 1)


def _build(
    content: Path, var: Path, model: Path | None, encoder: Encoder, progress: Progress
) -> None:
    library = Library(content, var, model)
    library.encoder = library.folder.encoder = encoder
    report = library.rebuild(progress)
    if report.broken:
        key, problems = next(iter(report.broken.items()))
        raise ValueError(f"A made case is not valid: {key.slug}: {problems[0]}")


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
