"""Fit the gate of `indexer.ranking`: is the library about a question at all?

A logistic model over `ranking.gate_features`, fitted on the judged questions of tests/judgments
against its off-topic ones, over the library and, where they are given, over other collections of
the same shape (their own questions against the clearly off-topic ones), so that it does not hang
on one library's size. Prints the weights, and what ten-fold cross-validation says of them.

    python tools/fit_gate.py ../shared/eval/digitalgov ../shared/eval/scifact-train
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from indexer import evaluate
from indexer.library import Library
from indexer.snapshot import Snapshot

JUDGMENTS = Path(__file__).resolve().parent.parent / "tests" / "judgments"
#: Lines of off-topic.txt that no library of any kind should answer; near misses follow.
CLEARLY_OFF = 60
SILENCED = 0.9


def features(texts: list[str], snapshot: Snapshot, library: Library) -> np.ndarray:
    """Return the gate's features of each question, shape (questions, features)."""
    asked = evaluate.answered(texts, snapshot, library.vocabularies, library.encoder)
    return np.array([found for found, _ in asked])


def fit(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, l2: float = 0.01) -> np.ndarray:
    """Return the weights and, last, the bias of a logistic model, by Newton's method."""
    mean, deviation = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.c_[(rows - mean) / deviation, np.ones(len(rows))]
    penalty = l2 * weights.sum() * np.r_[np.ones(rows.shape[1]), 0.0]
    beta = np.zeros(scaled.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-scaled @ beta))
        slope = scaled.T @ (weights * (chance - labels)) + penalty * beta
        bend = (scaled * (weights * chance * (1 - chance))[:, None]).T @ scaled
        beta -= np.linalg.solve(bend + np.diag(penalty + 1e-9), slope)
    plain = beta[:-1] / deviation
    return np.r_[plain, beta[-1] - plain @ mean]


def main() -> None:
    """Fit, cross-validate, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("collections", nargs="*", type=Path)
    parser.add_argument("--content", type=Path, default=Path("content"))
    parser.add_argument("--var", type=Path, default=Path("var"))
    given = parser.parse_args()
    library = Library.open(given.content, given.var)
    own = library.snapshot()
    off = (JUDGMENTS / "off-topic.txt").read_text(encoding="utf-8").split("\n")
    off = [line for line in off if line.strip()]
    asked = []
    for name in ("plain", "keywords", "foreign"):
        folder = JUDGMENTS / name
        judged = evaluate.read_judged(folder / "queries.jsonl", folder / "qrels.tsv")
        asked += list(judged.queries.values())
    groups = [
        ("library, judged", features(asked, own, library), 1),
        ("library, off topic", features(off, own, library), 0),
    ]
    for folder in given.collections:
        snapshot = evaluate.index(folder / "corpus.jsonl", given.var / "eval", library.encoder)
        judged = evaluate.read_judged(folder / "queries.jsonl", folder / "qrels.tsv")
        some = list(judged.queries.values())[::8]
        groups.append((f"{folder.name}, judged", features(some, snapshot, library), 1))
        clearly = features(off[:CLEARLY_OFF], snapshot, library)
        groups.append((f"{folder.name}, off topic", clearly, 0))
    rows = np.concatenate([found for _, found, _ in groups])
    labels = np.concatenate([np.full(len(found), label) for _, found, label in groups])
    # every group counts alike, the library's own two most of all
    shares = [(3.0 if name.startswith("library") else 1.0) / len(f) for name, f, _ in groups]
    weights = np.concatenate(
        [np.full(len(f), s) for (_, f, _), s in zip(groups, shares, strict=True)]
    )
    weights *= len(weights) / weights.sum()
    scores = np.zeros(len(rows))
    for fold in range(10):
        held = np.arange(len(rows)) % 10 == fold
        model = fit(rows[~held], labels[~held], weights[~held])
        scores[held] = rows[held] @ model[:-1] + model[-1]
    model = fit(rows, labels, weights)
    begin = len(groups[0][1])
    own_off = scores[begin : begin + len(groups[1][1])]
    bar = float(np.quantile(own_off, SILENCED))
    print("weights", [round(float(w), 3) for w in model[:-1]])
    print(
        "bias", round(float(model[-1] - bar), 3), f"so that {SILENCED:.0%} of off-topic are silent"
    )
    begin = 0
    for name, found, _ in groups:
        answered = float((scores[begin : begin + len(found)] > bar).mean())
        print(f"{name:>28}: {answered:.1%} let through (cross-validated)")
        begin += len(found)


if __name__ == "__main__":
    main()
