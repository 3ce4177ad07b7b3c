"""Measuring the ranking: over a judged collection, or over the library itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer import evaluate
from indexer.indexing import Progress
from indexer.library import Library
from indexer.semantic import DEFAULT_MODEL, Encoder
from indexer.store import Store


class NoCollection(Exception):
    """A folder is not a judged collection."""


def evaluate_collection(
    folder: Path,
    content: Path,
    var: Path,
    model: Path | None,
    *,
    mode: str = "hybrid",
    queries: Path | None = None,
    qrels: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return ndcg@10, recall@100, mrr@10 of `mode` and the share of questions with few hits.

    Where `folder` has no corpus, the library of `content` is asked and documents are judged by
    slug. Ranking is before the gate and the cut; `answered_apart` is the share of questions that
    the gate leaves without hits. Raises NoCollection.
    """
    queries = queries or folder / "queries.jsonl"
    qrels = qrels or _qrels(folder)
    for needed in (queries, qrels):
        if not needed.exists() and not needed.with_name(needed.name + ".gz").exists():
            raise NoCollection(
                f"{needed} is missing: a collection is corpus.jsonl, queries.jsonl and qrels.tsv;"
                " name others with --queries and --qrels."
            )
    collection = evaluate.read_judged(queries, qrels)
    if not collection.queries:
        raise NoCollection(f"No question of {queries} has a judgment in {qrels}.")
    encoder = Encoder(model or DEFAULT_MODEL)
    corpus = folder / "corpus.jsonl"
    if corpus.exists() or corpus.with_name("corpus.jsonl.gz").exists():
        snapshot = evaluate.index(corpus, var / "eval", encoder, progress)
        vocabularies = Store(content).vocabularies()
    else:
        library = Library.open(content, var, model, progress)
        snapshot, vocabularies = library.snapshot(), library.vocabularies
    scored = evaluate.run(collection, snapshot, vocabularies, encoder, mode)
    asked = list(collection.queries.values())
    apart = [not hit for _, hit in evaluate.answered(asked, snapshot, vocabularies, encoder)]
    return {
        "collection": str(folder),
        "mode": mode,
        "documents": int(snapshot.live.sum()),
        "queries": len(collection.queries),
        **evaluate.measure(collection, scored),
        "answered_apart": round(sum(apart) / len(apart), 4),
    }


def _qrels(folder: Path) -> Path:
    own = folder / "qrels.tsv"
    return (
        own
        if own.exists() or not (folder.parent / "qrels.tsv").exists()
        else folder.parent / "qrels.tsv"
    )
