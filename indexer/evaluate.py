"""Ranking metrics over a judged collection, through the very ranking that serves the site."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer import analysis, indexing, ranking, searching
from indexer.entry import Entry
from indexer.facets import unpack
from indexer.indexfolder import FORMAT, IndexFolder
from indexer.indexing import Progress
from indexer.question import prepare
from indexer.semantic import Encoder, VectorCache
from indexer.snapshot import Snapshot
from indexer.values import Key
from indexer.vocabulary import Vocabularies

#: Documents ranked for each query.
DEPTH = 100


@dataclass(frozen=True)
class Collection:
    """Judged questions over documents: `qrels` gives each query's judged documents' grades."""

    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    found = _found(path)
    with gzip.open(found, "rb") if found.suffix == ".gz" else found.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _found(path: Path) -> Path:
    """Return `path`, or its gzipped neighbour where that is what there is."""
    return path if path.exists() else path.with_name(path.name + ".gz")


def read_judged(queries: Path, qrels: Path) -> Collection:
    """Read the queries (JSON lines of _id and text, gzip or not) and their judgments (TSV)."""
    judged: dict[str, dict[str, int]] = {}
    for line in qrels.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[2].lstrip("-").isdigit():
            judged.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    texts = {str(row["_id"]): row["text"] for row in _lines(queries)}
    asked = [one for one in texts if one in judged]
    return Collection({one: texts[one] for one in asked}, {one: judged[one] for one in asked})


def entries(corpus: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the documents of a corpus (JSON lines of _id, title, text) as entries.

    A document that names no language is analysed in that of its script or of its words.
    """
    for number, row in enumerate(_lines(corpus)):
        title, text = row.get("title") or "", row.get("text") or ""
        lang = row.get("lang") or analysis.detect(f"{title} {text}")
        entry = Entry(
            key=Key("case", f"d{number}"),
            lang=lang,
            title=title,
            summary="",
            names={},
            body=text,
            facets={},
            start=None,
            end=None,
            published="",
            record={"id": str(row["_id"])},
        )
        yield str(row["_id"]), entry


def index(corpus: Path, var: Path, encoder: Encoder, progress: Progress | None = None) -> Snapshot:
    """Return the index of a corpus, made on first use in `var` and kept there."""
    digest = hashlib.sha256(_found(corpus).read_bytes()).hexdigest()[:16]
    cache = VectorCache(var / "vectors.sqlite", encoder.dimensions)
    folder = IndexFolder(var / f"eval-{digest}-{FORMAT}-{encoder.name[-12:]}", encoder, cache)
    if folder.signature() is None:
        documents = (indexing.indexed(entry, encoder) for _, entry in entries(corpus))
        total = sum(1 for _ in _lines(corpus))
        with folder.fresh({}) as generation:
            stream = indexing.stream(documents, encoder, cache, total, progress)
            folder.publish(generation, folder.add(generation, stream))
    return folder.open()


def run(
    collection: Collection,
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    encoder: Encoder,
    mode: str = "hybrid",
) -> dict[str, dict[str, float]]:
    """Return the scores of the best `DEPTH` documents of each query, before gate and cut."""
    eligible = unpack(snapshot.originals & snapshot.table.having("kind", "case"))
    ids: dict[int, str] = {}
    scored = {}
    for name, text in collection.queries.items():
        question = prepare(text, snapshot, vocabularies)
        ranked = searching.rank(question, snapshot, encoder, eligible)
        scores = ranked.scores if mode == "hybrid" else ranked.raw
        fused = np.where(eligible, scores.fused(mode), -np.inf)
        best = ranking.top(fused, DEPTH)
        for slot in best.tolist():
            if slot not in ids:
                record = snapshot.record(slot)["record"]
                ids[slot] = record.get("id") or snapshot.key(slot).slug
        scored[name] = {ids[slot]: float(fused[slot]) for slot in best.tolist() if fused[slot] > 0}
    return scored


def measure(collection: Collection, scored: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return ndcg@10, recall@100 and mrr@10, means over the judged queries, by ir-measures."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    named = {"ndcg@10": nDCG @ 10, "recall@100": R @ 100, "mrr@10": RR @ 10}
    found = ir_measures.calc_aggregate(list(named.values()), collection.qrels, scored)
    return {name: round(float(found[metric]), 4) for name, metric in named.items()}


def answered(
    questions: Sequence[str], snapshot: Snapshot, vocabularies: Vocabularies, encoder: Encoder
) -> list[tuple[np.ndarray, bool]]:
    """Return each question's gate features and whether it has a hit."""
    eligible = unpack(snapshot.originals & snapshot.table.having("kind", "case"))
    found = []
    for text in questions:
        question = prepare(text, snapshot, vocabularies)
        ranked = searching.rank(question, snapshot, encoder, eligible)
        features = ranking.gate_features(ranked.raw.meaning[eligible], ranked.known)
        found.append((features, bool((searching.hits_of(ranked, eligible) & eligible).any())))
    return found
