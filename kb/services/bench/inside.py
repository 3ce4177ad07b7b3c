"""Measured inside the process: searching and its parts, embedding, edits."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from indexer import analysis, explaining, ranking, searching
from indexer.indexing import Progress
from indexer.library import Library
from indexer.query import Query
from indexer.question import prepare
from indexer.values import Key, revision_of
from kb.services.bench.making import Made
from kb.services.bench.source import Source
from kb.services.bench.timing import Times, times

#: Tokens of a passage whose embedding is timed.
PASSAGE_TOKENS = 128
#: Single edits that are timed, and those made before they are timed once more.
EDITS, MANY_EDITS = 20, 500


def search(library: Library, queries: Sequence[Query]) -> dict[str, Times]:
    """Return the times of whole searches and of their stages; no embedding comes from a cache."""
    whole = times(library.search, _fresh(library, queries))
    stages: dict[str, list[float]] = {}
    for query in _fresh(library, queries):
        _staged(library, query, stages)
    return {"search": whole, **{name: Times.of(seconds) for name, seconds in stages.items()}}


def _fresh(library: Library, queries: Sequence[Query]) -> Sequence[Query]:
    """Forget embedded queries, after a few searches that wake every part of the library."""
    for query in queries[:20]:
        library.search(query)
    library.encoder.encode_query.cache_clear()
    return queries[20:] if len(queries) > 40 else queries


def _staged(library: Library, query: Query, stages: dict[str, list[float]]) -> None:
    """Do what a search does, one stage after the other, and add the seconds of each."""
    snapshot, vocabularies, encoder = library.snapshot(), library.vocabularies, library.encoder
    last = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        stages.setdefault(stage, []).append(now - last)
        last = time.perf_counter()

    question = prepare(query.text, snapshot, vocabularies)
    lap("reading the question")
    vector = encoder.encode_query(question.read_as.meaning)
    lap("embedding it")
    snapshot.word_scores(question.words)
    lap("scores by words")
    snapshot.closeness(vector)
    lap("scan of vectors")
    before = sum(stages[stage][-1] for stage in ("scores by words", "scan of vectors"))
    answer = searching.answer_to(query, snapshot, vocabularies, encoder, ("case",), text=query.text)
    lap("fusion, gate, cut, filters")
    asked_again = before + stages["reading the question"][-1]  # the answer did these once more
    stages["fusion, gate, cut, filters"][-1] -= asked_again
    order = searching.ordered_slots(query, answer, snapshot, 20)
    lap("order")
    searching.facet_values(query, answer, snapshot)
    lap("facets")
    explaining.hits(order, answer, snapshot, vocabularies)
    lap("explanation of 20 hits")


def words(library: Library, texts: Sequence[str]) -> Times:
    """Return the times of the ten best by words alone."""
    snapshot = library.snapshot()

    def ten_best(text: str) -> np.ndarray:
        question = prepare(text, snapshot, library.vocabularies)
        coverage = snapshot.word_scores(question.words).coverage
        best = ranking.top(coverage, 10)
        found: np.ndarray = best[coverage[best] > 0]
        return found

    return times(ten_best, texts)


def vectors(library: Library) -> tuple[int, Times]:
    """Return how many vectors there are, and the times of scanning them all."""
    snapshot = library.snapshot()
    count = sum(len(segment.passages.vectors) for segment in snapshot.segments)
    rng = np.random.default_rng(1)
    asked = rng.standard_normal((40, library.encoder.dimensions), dtype=np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return count, times(snapshot.closeness, list(asked))


def embedding(library: Library, source: Source, texts: Sequence[str]) -> tuple[float, Times]:
    """Return passages of `PASSAGE_TOKENS` tokens embedded a second, and the times of questions."""
    encoder, passages = library.encoder, []
    joined = " ".join(source.paragraphs)[:60_000]
    ends = encoder.token_ends(joined)
    for first in range(0, min(len(ends) - PASSAGE_TOKENS, 60 * PASSAGE_TOKENS), PASSAGE_TOKENS):
        begin = ends[first - 1] if first else 0
        passages.append(joined[begin : ends[first + PASSAGE_TOKENS - 3]])  # two are added around
    encoder.encode(passages[:4])
    begin_at = time.perf_counter()
    encoder.encode(passages)
    rate = len(passages) / (time.perf_counter() - begin_at)
    encoder.encode_query.cache_clear()
    return rate, times(lambda text: encoder.encode([text]), texts)


def edits(made: Made, model: Path | None, *, many: bool, progress: Progress) -> dict[str, Times]:
    """Return the times from a changed file to its being found, in a copy of the library.

    With `many`, also after `MANY_EDITS` edits without optimising.
    """
    copy = made.var.parent / "edited"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        _copy(made, copy)
        library = Library.open(copy / "content", copy / "var", model)
        keys = library.store.keys("case")
        rng = np.random.default_rng(2)
        chosen = [keys[i] for i in rng.permutation(len(keys))[: 2 * EDITS + MANY_EDITS]]
        edit = _Editing(library)
        found = {"edit": times(edit, chosen[:EDITS], warm=2)}
        if many:
            for number, key in enumerate(chosen[EDITS:-EDITS], 1):
                edit(key)
                if number % 20 == 0:
                    progress("edit", number, MANY_EDITS)
            found["edit after many"] = times(edit, chosen[-EDITS:], warm=0)
        return found
    finally:
        shutil.rmtree(copy, ignore_errors=True)


class _Editing:
    """Changes a case as an editor does and asks for the changed words until they are found."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._number = 0

    def __call__(self, key: Key) -> None:
        self._number += 1
        word = "quo" + "".join("bcdfglmnrt"[int(digit)] for digit in f"{self._number:05}")
        text = self._library.store.read(key)
        changed = text.rstrip("\n") + f"\n\nThe {word} was mended in a day.\n"
        self._library.store.write(key, changed, revision_of(text))
        self._library.update([key])
        results = self._library.search(Query(text=word), correct=False)
        if key not in {hit.key for hit in results.hits}:
            raise RuntimeError(f"The changed text of {key.slug} is not found.")


def _copy(made: Made, copy: Path) -> None:
    """Copy a library by links: its files are replaced, never changed; databases are copied."""

    def link(source: str, target: str) -> None:
        (shutil.copy2 if ".sqlite" in source else os.link)(source, target)

    for folder, name in ((made.content, "content"), (made.var, "var")):
        shutil.copytree(folder, copy / name, copy_function=link)


def told(found: dict[str, Times]) -> dict[str, dict[str, Any]]:
    """Return times as plain values, for JSON."""
    return {name: asdict(one) for name, one in found.items()}


def plain_words(texts: Sequence[str]) -> list[str]:
    """Return questions as their words without the stop words, as the peers are asked."""
    stopped = analysis.stopwords("en")

    def kept(text: str) -> list[str]:
        found = (word for word, _, _ in analysis.words(text))
        return [word for word in found if f"en:{analysis.stem(word, 'en')}" not in stopped]

    return [" ".join(kept(text)) for text in texts]
