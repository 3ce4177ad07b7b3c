"""Why a document is a hit: the words it matched, the passage that shows it, what is marked."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from indexer import analysis
from indexer.answer import Answer
from indexer.fields import FACET_VOCABULARY
from indexer.hits import Hit, Passage, Reason
from indexer.query import EDGES
from indexer.snapshot import Snapshot
from indexer.vocabulary import Vocabularies

#: A cosine from which a hit is called close in meaning.
CLOSE = 0.35
#: Letters shown of a passage, by language: about 45 words.
SHOWN = {"en": 290, "zh": 100, "ja": 100}


def hits(
    slots: np.ndarray, answer: Answer, snapshot: Snapshot, vocabularies: Vocabularies
) -> list[Hit]:
    """Return the hits of `slots`, in that order, each with its reason."""
    found = []
    for slot, (teller, terms) in zip(
        slots.tolist(), _tellers(slots, answer, snapshot), strict=True
    ):
        record = snapshot.record(slot)
        told = record if teller == slot else snapshot.record(teller)
        fused = answer.ranked.scores.fused_at(slot) if answer.ranked else 0.0
        found.append(
            Hit(
                key=snapshot.key(slot),
                title=record["title"],
                summary=record["summary"],
                score=round(fused, 4),
                reason=_reason(slot, terms, told, answer, vocabularies),
                passage=_passage(teller, terms, told, answer, snapshot),
                record=record["record"],
            )
        )
    return found


def _tellers(slots: np.ndarray, answer: Answer, snapshot: Snapshot) -> list[tuple[int, set[str]]]:
    """Return for each of `slots` the one of it and its translations with most of the terms."""
    members = [snapshot.members(slot) for slot in slots.tolist()]
    flat = np.concatenate([np.empty(0, np.int64), *members])
    matched = dict(zip(flat.tolist(), _matched(flat, answer, snapshot), strict=True))
    best = [max(some.tolist(), key=lambda slot: len(matched[slot])) for some in members]
    return [(slot, matched[slot]) for slot in best]


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


def _filed_under(word: str, facets: dict[str, list[str]], vocabularies: Vocabularies) -> list[str]:
    """Return the labels of the terms of a document that are also called `word`."""
    sought = analysis.fold(word)
    found = []
    for facet, ids in facets.items():
        for one in ids if facet in FACET_VOCABULARY else ():
            term = vocabularies[FACET_VOCABULARY[facet]].get(one)
            if term is not None and sought in _folded(term.called):
                found.append(term.label("en"))
    return found[:2]


@lru_cache(maxsize=10_000)
def _folded(names: tuple[str, ...]) -> str:
    return "\n".join(map(analysis.fold, names))


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
    base = lang.partition("-")[0]
    marks = _disjoint(analysis.marked(text, base, terms))
    begin, end = _window(text, [start for start, _ in marks], SHOWN.get(base, SHOWN["en"]))
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    shift = len(before) - begin
    inside = tuple((a + shift, b + shift) for a, b in marks if begin <= a and b <= end)
    return Passage(before + text[begin:end].replace("\n", " ") + after, inside, lang)


def _window(text: str, marks: Sequence[int], size: int) -> tuple[int, int]:
    """Return the part of `text`, of at most `size` letters, in which the most `marks` begin.

    It begins and ends between words, some words before its first mark.
    """
    if len(text) <= size:
        return 0, len(text)
    lead = size // 6
    reach = size - 2 * lead
    best = max(marks, key=lambda at: bisect(marks, at + reach) - bisect(marks, at - 1), default=0)
    begin = min(max(best - lead, 0), len(text) - size)
    space = text.find(" ", begin, best + 1)
    begin = space + 1 if begin and space >= 0 else begin
    end = begin + size
    if end < len(text):
        space = text.rfind(" ", end - lead, end + 1)
        end = space if space >= 0 else end
    return begin, end


def _disjoint(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge marks that overlap, as those of a joined word and its parts do."""
    merged: list[tuple[int, int]] = []
    for start, end in marks:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
