"""Measure the suggestions of terms, and fit their weights.

    KB_CONTENT=content python -m tools.measure_suggestions [--fit] [--dpg ../shared/data/dpg]

Leave-one-out over the cases of a library: each case's title and summary are asked as if it were
being written, the case itself and its translations left out of what is asked. With --fit, the
weights of `indexer.terms` are fitted anew on all cases and printed; the figures are then those of
ten-fold cross-validation over cases. With --dpg, the suggestion of goals is measured against the
labels of the registry of the Digital Public Goods Alliance, none of which was seen before.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from indexer import terms
from indexer.library import Library
from indexer.snapshot import Snapshot
from tools.fit_gate import fit

FOLDS = 10
Pairs = list[tuple[set[str], list[str]]]  # per text: the right terms, those suggested in order


def cases(snapshot: Snapshot) -> list[tuple[str, str, dict[str, set[str]]]]:
    """Return slug, text and terms of each original case in English."""
    found = []
    for slot in np.flatnonzero(terms.unpack(terms.similar.public_cases(snapshot))):
        record = snapshot.record(int(slot))
        text = f"{record['title']}. {record['summary']}"
        facets = {facet: set(record["facets"].get(facet, ())) for facet in terms.OFFERED}
        found.append((snapshot.key(int(slot)).slug, text, facets))
    return sorted(found)


def measured(pairs: Pairs) -> dict[str, float]:
    """Return precision and recall over all suggestions, and the share of texts with a good one."""
    offered = sum(len(given) for _, given in pairs)
    right = sum(len(wanted & set(given)) for wanted, given in pairs)
    wanted = sum(len(one) for one, _ in pairs)
    first = [given[0] in one for one, given in pairs if given]
    return {
        "texts": len(pairs),
        "suggested a text": offered / max(len(pairs), 1),
        "precision": right / max(offered, 1),
        "recall": right / max(wanted, 1),
        "texts with a right one": sum(bool(one & set(given)) for one, given in pairs)
        / max(sum(bool(one) for one, _ in pairs), 1),
        "first is right": sum(first) / max(len(first), 1),
    }


def chosen(rows: Sequence[terms.Signs], weights: Sequence[float]) -> list[str]:
    """Return the terms that these weights suggest, the likeliest first."""
    numbers = np.array([one.row() for one in rows])
    scores = numbers @ np.array(weights[:-1]) + weights[-1]
    least = np.log(terms.LEAST / (1 - terms.LEAST))
    order = [int(place) for place in np.argsort(-scores) if scores[place] >= least]
    return [rows[place].id for place in order[: terms.MOST]]


def folds(count: int) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Yield masks of the texts to learn from and of those to measure on."""
    fold = np.random.default_rng(7).permutation(count) % FOLDS
    for number in range(FOLDS):
        yield fold != number, fold == number


def commonest(pairs: Pairs) -> Pairs:
    """Return what somebody would get who always suggests the same commonest terms, as many."""
    counts = Counter(term for right, _ in pairs for term in right)
    many = max(round(sum(len(given) for _, given in pairs) / max(len(pairs), 1)), 1)
    return [(right, [term for term, _ in counts.most_common(many)]) for right, _ in pairs]


def learnt(tables: Sequence[list[terms.Signs]], wanted: Sequence[set[str]]) -> np.ndarray:
    """Return the weights fitted on these texts."""
    rows = np.array([one.row() for table in tables for one in table])
    labels = np.array(
        [
            float(one.id in right)
            for table, right in zip(tables, wanted, strict=True)
            for one in table
        ]
    )
    return fit(rows, labels, np.ones(len(rows)), l2=0.001)


def of_library(library: Library, anew: bool) -> Iterable[tuple[str, dict[str, float]]]:
    """Yield facet and figures, leave-one-out; with `anew` cross-validated, the weights printed."""
    snapshot, encoder = library.snapshot(), library.encoder
    told = cases(snapshot)
    for facet in terms.OFFERED:
        tables = [
            terms.signs(text, facet, terms.Asked(snapshot, library.vocabularies, encoder, slug))
            for slug, text, _ in told
        ]
        wanted = [facets[facet] for _, _, facets in told]
        pairs: Pairs = []
        if anew and facet in terms.WEIGHTS:
            for learn, test in folds(len(told)):
                weights = learnt([tables[i] for i in np.flatnonzero(learn)],
                                 [wanted[i] for i in np.flatnonzero(learn)])  # fmt: skip
                pairs += [(wanted[i], chosen(tables[i], weights)) for i in np.flatnonzero(test)]
            print(f'    "{facet}":', tuple(round(float(w), 2) for w in learnt(tables, wanted)))
        else:
            for (slug, text, _), right in zip(told, wanted, strict=True):
                given = library.offers(text, slug)[facet]
                pairs.append((right, [offer.id for offer in given]))
        yield facet, measured(pairs)
        yield f"{facet}, always the commonest", measured(commonest(pairs))


def of_registry(folder: Path, library: Library) -> dict[str, float]:
    """Return the figures of goals suggested for the records of the registry.

    Sentences that name a goal are left out: whoever wrote them was asked which goals it serves.
    """
    pairs: Pairs = []
    for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        sentences = re.split(r"(?<=[.!?])\s+|\n+", record["text"])
        plain = [one for one in sentences if not re.search(r"\bSDG|\bgoal\b", one, re.IGNORECASE)]
        text = f"{record['title']}. {' '.join(' '.join(plain).split()[:80])}"
        given = library.offers(text)["sdg"]
        pairs.append(({str(goal) for goal in record["sdgs"]}, [offer.id for offer in given]))
    return measured(pairs)


def main() -> None:
    """Measure and print, as rows of a table in Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--fit", action="store_true", help="fit the weights and cross-validate")
    parser.add_argument("--dpg", type=Path, help="the folder of the registry's records")
    given = parser.parse_args()
    content = Path(os.environ.get("KB_CONTENT", "content"))
    library = Library.open(content, Path(os.environ.get("KB_VAR", "var")))
    figures = list(of_library(library, given.fit))
    if given.dpg:
        figures.append(("sdg (registry)", of_registry(given.dpg, library)))
    print("| terms |", " | ".join(figures[0][1]), "|")
    for facet, row in figures:
        cells = (f"{value:.2f}".removesuffix(".00") for value in row.values())
        print(f"| {facet} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
