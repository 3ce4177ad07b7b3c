"""Corrections of words that the index does not know."""

from __future__ import annotations

import re
from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer import analysis
from indexer.segment import SHORTEST_SPELLING
from indexer.snapshot import Snapshot

#: Longest word that is corrected with one edit; longer ones may take two.
ONE_EDIT = 7
_WORD = re.compile(r"[^\W\d_]+")


def corrected(text: str, snapshot: Snapshot, is_word: Callable[[str], bool]) -> str | None:
    """Return `text` with unknown words replaced by the nearest known ones, None if none is near.

    A word is left alone when it is short, known in any language of the index, a common word that
    the cases happen not to hold (`is_word`), or the last one and the beginning of a known word.
    Where most words are unknown the text is in another language, not misspelt.
    """
    found = [m for m in _WORD.finditer(text) if len(m.group()) >= SHORTEST_SPELLING]
    unknown = [
        m for m in found if not _known(m.group(), snapshot) and not is_word(m.group().lower())
    ]
    if unknown and unknown[-1].end() == len(text) and _begins(unknown[-1].group(), snapshot):
        unknown.pop()
    if not unknown or (len(unknown) > 2 and 2 * len(unknown) > len(found)):
        return None
    parts, end = [], 0
    for match in unknown:
        better = nearest(match.group().lower(), snapshot)
        if better is None:
            continue
        typed = match.group()
        cased = better.upper() if typed.isupper() else better
        parts += [text[end : match.start()], cased.capitalize() if typed.istitle() else cased]
        end = match.end()
    return "".join([*parts, text[end:]]) if parts else None


def _known(word: str, snapshot: Snapshot) -> bool:
    if word.lower() in snapshot.spellings:
        return True
    return any(
        segment.postings.of(f"{lang}:{analysis.stem(word.lower(), lang)}") is not None
        for lang in snapshot.languages_for(word)
        for segment in snapshot.segments
    )


def _begins(word: str, snapshot: Snapshot) -> bool:
    return any(snapshot.beginning(word, lang) for lang in snapshot.languages_for(word))


def nearest(word: str, snapshot: Snapshot) -> str | None:
    """Return the known word within one edit of `word`, two if it is long; the commonest first."""
    edits = 1 if len(word) <= ONE_EDIT else 2
    near = process.extract(
        word, snapshot.spellings.keys(), scorer=OSA.distance, score_cutoff=edits, limit=None
    )
    if not near:
        return None
    best = min(near, key=lambda n: (n[1], n[0][0] != word[0], -snapshot.spellings[n[0]], n[0]))
    return str(best[0])
