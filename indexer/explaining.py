"""Why a document is a hit: the words it matched, the passage that shows it, what is marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer import analysis
from indexer.fields import FACET_VOCABULARY
from indexer.hits import Hit, Passage, Reason
from indexer.query import EDGES
from indexer.snapshot import Snapshot
from indexer.vocabulary import Vocabularies

if TYPE_CHECKING:
    from indexer.searching import Answer

#: A cosine from which a hit is called close in meaning.
CLOSE = 0.35
#: Words shown of a passage.
SHOWN_WORDS = 45


def hits(
    slots: np.ndarray, answer: Answer, snapshot: Snapshot, vocabularies: Vocabularies
) -> list[Hit]:
    """Return the hits of `slots`, in that order, each with its reason."""
    matched = _matched(slots, answer, snapshot)
    found = []
    for slot, terms in zip(slots.tolist(), matched, strict=True):
        record = snapshot.record(slot)
        fused = float(answer.ranked.scores.fused()[slot]) if answer.ranked else 0.0
        found.append(
            Hit(
                key=snapshot.key(slot),
                title=record["title"],
                summary=record["summary"],
                score=round(fused, 4),
                reason=_reason(slot, terms, record, answer, vocabularies),
                passage=_passage(slot, terms, record, answer, snapshot),
                record=record["record"],
            )
        )
    return found


def _matched(slots: np.ndarray, answer: Answer, snapshot: Snapshot) -> list[set[str]]:
    """Return the question's terms that each of `slots` holds."""
    matched: list[set[str]] = [set() for _ in slots]
    for concepts in answer.question.words.values():
        for concept in concepts:
            holding, _ = snapshot.holding(concept)
            if not len(holding):
                continue
            at = np.minimum(np.searchsorted(holding, slots), len(holding) - 1)
            for row in np.flatnonzero(holding[at] == slots):
                matched[row].update(concept)
    return matched


def _reason(
    slot: int,
    terms: set[str],
    record: dict[str, Any],
    answer: Answer,
    vocabularies: Vocabularies,
) -> Reason:
    text = f"{record['title']} {record['text']}".lower()
    words, names = [], []
    for term, word in answer.question.typed.items():
        if term not in terms:
            continue
        shown = word.strip(EDGES)
        if term.partition(":")[2] in text or shown.lower() in text:
            words.append(shown)
        else:
            names += _filed_under(shown, record["facets"], vocabularies)
    close = answer.ranked is not None and float(answer.ranked.scores.meaning[slot]) >= CLOSE
    return Reason(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(names)), close)


def _filed_under(
    word: str, facets: dict[str, list[str]], vocabularies: Vocabularies
) -> list[str]:
    """Return the labels of the terms of a document that are also called `word`."""
    sought = analysis.fold(word)
    found = []
    for facet, ids in facets.items():
        for id in ids if facet in FACET_VOCABULARY else ():
            term = vocabularies[FACET_VOCABULARY[facet]].get(id)
            if term is not None and any(sought in analysis.fold(name) for name in term.called):
                found.append(term.label("en"))
    return found[:2]


def _passage(
    slot: int, terms: set[str], record: dict[str, Any], answer: Answer, snapshot: Snapshot
) -> Passage | None:
    if answer.ranked is None or not answer.ranked.cosines:
        return None
    place, number = snapshot.place(slot)
    segment = snapshot.segments[place]
    begin, end = segment.passages.first[number], segment.passages.first[number + 1]
    cosines = answer.ranked.cosines[place][begin:end]
    text = record["text"]
    stems = [term.partition(":")[2] for term in terms]
    spans = segment.spans[begin:end]
    merits = [
        float(cosine) + 0.3 * _share(text[a:b].lower(), stems)
        for cosine, (a, b) in zip(cosines, spans, strict=True)
    ]
    start, stop = spans[int(np.argmax(merits))]
    return cut(text[start:stop], terms, record["lang"])


def _share(text: str, stems: Sequence[str]) -> float:
    return sum(stem in text for stem in stems) / len(stems) if stems else 0.0


def cut(text: str, terms: set[str], lang: str) -> Passage:
    """Return the part of `text` where most of `terms` stand, with their places marked."""
    tokens = analysis.analyse(text, lang.partition("-")[0])
    if not tokens:
        return Passage(text)
    starts = np.array([token.start for token in tokens])
    marked = [token for token in tokens if token.term in terms]
    first = _window(tokens, {token.start for token in marked})
    last = min(first + SHOWN_WORDS, len(tokens)) - 1
    begin = 0 if first == 0 else int(starts[first])
    end = len(text) if last == len(tokens) - 1 else tokens[last].end
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    marks = sorted(
        {
            (token.start - begin + len(before), token.end - begin + len(before))
            for token in marked
            if begin <= token.start and token.end <= end
        }
    )
    return Passage(before + text[begin:end].replace("\n", " ") + after, tuple(_disjoint(marks)))


def _window(tokens: Sequence[analysis.Token], marked: set[int]) -> int:
    """Return the token at which the window with the most marked words begins."""
    flags = np.array([token.start in marked for token in tokens], dtype=np.int64)
    if len(tokens) <= SHOWN_WORDS or not flags.any():
        return 0
    sums = np.concatenate([[0], np.cumsum(flags)])
    counts = sums[SHOWN_WORDS:] - sums[: len(sums) - SHOWN_WORDS]
    best = int(np.argmax(counts))
    inside = np.flatnonzero(flags[best:])
    return max(0, min(best + int(inside[0]) - 6, len(tokens) - SHOWN_WORDS))


def _disjoint(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge marks that overlap, as those of a joined word and its parts do."""
    merged: list[tuple[int, int]] = []
    for start, end in marks:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
