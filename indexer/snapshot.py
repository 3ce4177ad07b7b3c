"""One state of the index, opened for reading: all segments in one space of document numbers.

A slot is a document's number in that space: its segment's base, a multiple of 64, plus its
number in the segment. A snapshot never changes; a request keeps one from beginning to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from indexer import analysis, impacts, lexical
from indexer.facets import FacetTable, pack, padded, unpack
from indexer.lexical import Part
from indexer.pack import USES
from indexer.query import FACETS, Clause, Field, Group, Phrase, Word, Years
from indexer.ranking import Scores
from indexer.segment import NO_YEAR, Segment, key_text
from indexer.values import Key

#: Languages whose words are written in Latin letters are tried together for a Latin word.
OTHER_SCRIPTS = ("ar", "zh", "ja", "ru", "uk", "bg", "el", "hi", "ne", "ta", "hy", "fa", "he")

#: The index terms that may stand for one word of a question.
Terms = tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A document in a list of all: its language, the day of its last change, whether it stands."""

    key: Key
    lang: str
    updated: str
    public: bool


@dataclass(frozen=True)
class WordScores:
    """Per slot: coverage and whether every word is there; the share of idf the index knows."""

    coverage: np.ndarray
    every: np.ndarray
    known: float


class Snapshot:
    """The segments of one state with what must be known across them."""

    def __init__(
        self, number: str, parts: Sequence[Part], segments: Sequence[Segment], hold: object = None
    ):
        """`number` names the state; `hold` is kept for as long as the snapshot lives."""
        self.number = number
        self._hold = hold
        self.parts = tuple(parts)
        self.segments = tuple(segments)
        sizes = [padded(segment.size) for segment in segments]
        self.bases = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.slots = int(self.bases[-1])
        self.live = np.zeros(self.slots, dtype=bool)
        for base, part in zip(self.bases, parts, strict=False):
            self.live[base : base + part.size] = part.live()
        self.whole = [bool(part.live().all()) for part in parts]
        self.table = FacetTable.join([segment.columns for segment in segments])
        self.years = self._spread([s.years for s in segments], NO_YEAR, np.int16).reshape(-1, 2)
        self.published = self._spread([s.published for s in segments], 0, np.int32)
        self.documents = int(self.live.sum())
        self.groups = self._groups()
        self.norms, self.totals = self._norms()

    def slot(self, key: Key) -> int | None:
        """Return the slot of the document `key`, None when there is none."""
        text = key_text(key)
        for base, segment in zip(self.bases, self.segments, strict=False):
            number = segment.numbers.get(text)
            if number is not None and self.live[base + number]:
                return int(base) + number
        return None

    @cached_property
    def slot_of(self) -> Mapping[Key, int]:
        """The slot of every document; for one of them, `slot` is quicker."""
        return {
            segment.key(number): int(base) + number
            for base, segment in zip(self.bases, self.segments, strict=False)
            for number in range(segment.size)
            if self.live[base + number]
        }

    def languages(self, kind: str, slug: str) -> tuple[str, ...]:
        """Return the languages of the files of a document, the original as "" first."""
        found = {
            key.lang
            for base, segment in zip(self.bases, self.segments, strict=False)
            for number, key in segment.translated.items()
            if (key.kind, key.slug) == (kind, slug) and self.live[base + number]
        }
        original = {""} if self.slot(Key(kind, slug)) is not None else set()
        return tuple(sorted(found | original))

    # Packs -----------------------------------------------------------------------------------

    def of(self, kinds: Sequence[str]) -> Snapshot:
        """Return this state as it is asked for documents of `kinds`.

        Packs have the facets of their cases then; whoever asks for cases never meets them.
        """
        return self._of_packs if "pack" in kinds else self

    @cached_property
    def _of_packs(self) -> Snapshot:
        seen = copy(self)
        parts = {slot: self._public_cases(slugs) for slot, slugs in self._used.items()}
        of_cases = [facet for facet in FACETS if facet != "language"]
        seen.table = self.table.laid_over(parts, of_cases)
        return seen

    @cached_property
    def _used(self) -> Mapping[int, Sequence[str]]:
        """The slots of all packs, each with the names of its cases."""
        found: dict[int, list[str]] = {}
        for facet, slug in self.table.values_of(USES):
            for slot in np.flatnonzero(unpack(self.table.having(facet, slug)) & self.live).tolist():
                found.setdefault(slot, []).append(slug)
        return found

    def _public_cases(self, slugs: Sequence[str]) -> np.ndarray:
        found = (self.slot(Key("case", self.aliases.get(("case", s), s))) for s in slugs)
        slots = np.array([slot for slot in found if slot is not None], np.int64)
        public: np.ndarray = slots[unpack(self.table.having("status", "published"))[slots]]
        return public

    def packs_with(self, slug: str) -> tuple[str, ...]:
        """Return the slugs of the public packs that use the case `slug`, in the order of titles."""
        names = [slug, *(old for (kind, old), new in self.aliases.items()
                         if kind == "case" and new == slug)]  # fmt: skip
        using = self.table.selection(USES, names, "any")
        public = self.originals & self.table.having("status", "published")
        slots = np.flatnonzero(unpack(public & using))
        return tuple(self.key(slot).slug for slot in slots[np.argsort(self._by_title[slots])])

    def _spread(self, arrays: Sequence[np.ndarray], empty: int, dtype: type) -> np.ndarray:
        shape = (self.slots, *arrays[0].shape[1:]) if arrays else (0,)
        spread = np.full(shape, empty, dtype=dtype)
        for base, array in zip(self.bases, arrays, strict=False):
            spread[base : base + len(array)] = array
        return spread

    def _groups(self) -> np.ndarray:
        """Return for each slot the slot of its original: a case and its translations are one."""
        groups = np.arange(self.slots)
        for base, segment in zip(self.bases, self.segments, strict=False):
            for number, key in segment.translated.items():
                original = self.slot(Key(key.kind, key.slug)) if self.live[base + number] else None
                if original is not None:
                    groups[base + number] = original
        return groups

    def _norms(self) -> tuple[np.ndarray, dict[str, int]]:
        lengths = self._spread([s.postings.lengths for s in self.segments], 0, np.float32)
        totals: dict[str, int] = {}
        norms = np.ones(self.slots, dtype=np.float32)
        for lang in sorted({lang for segment in self.segments for lang in segment.by_language}):
            own = self._of_language(lang)
            if len(own):
                totals[lang] = len(own)
                norms[own] = impacts.norms(lengths[own], float(lengths[own].mean()))
        return norms, totals

    def _of_language(self, lang: str) -> np.ndarray:
        """Return the live slots of the documents in `lang`, ascending."""
        found = [
            segment.by_language[lang] + base
            for base, segment in zip(self.bases, self.segments, strict=False)
            if lang in segment.by_language
        ]
        slots = np.concatenate([np.empty(0, np.int64), *found])
        live: np.ndarray = slots[self.live[slots]]
        return live

    def in_languages(self, known: Callable[[str], bool]) -> np.ndarray:
        """Return which slots hold a document in a language that `known` accepts, as a mask."""
        mask = np.zeros(self.slots, dtype=bool)
        for lang in filter(known, self.totals):
            mask[self._of_language(lang)] = True
        return mask

    @cached_property
    def translations(self) -> np.ndarray:
        """The slots that another slot stands for, ascending."""
        return np.flatnonzero(self.groups != np.arange(self.slots))

    @cached_property
    def originals(self) -> np.ndarray:
        """The live slots that stand for themselves and their translations, as a bitmap."""
        return pack(self.live & (self.groups == np.arange(self.slots)))

    def order(self, sort: str) -> np.ndarray:
        """Return each slot's place in an order: newest, start or title.

        It does not depend on where documents stand in the index, so that a page of results is the
        same after another document was written.
        """
        return {"title": self._by_title, "start": self._by_start}.get(sort, self._by_date)

    @cached_property
    def _by_date(self) -> np.ndarray:
        return _places(np.lexsort((self._by_key, -self.published)))

    @cached_property
    def _by_start(self) -> np.ndarray:
        return _places(np.lexsort((self._by_date, -self.years[:, 0])))

    @cached_property
    def _by_title(self) -> np.ndarray:
        titles = np.full(self.slots, "", dtype=object)
        for base, segment in zip(self.bases, self.segments, strict=False):
            titles[base : base + segment.size] = [analysis.fold(t) for t in segment.titles]
        by_key = np.argsort(self._by_key, kind="stable")
        return _places(by_key[np.argsort(titles[by_key], kind="stable")])

    @cached_property
    def _by_key(self) -> np.ndarray:
        """A number for each slot that the key of its document alone decides."""
        return self._spread([segment.key_marks for segment in self.segments], 0, np.uint64)

    @cached_property
    def spellings(self) -> Mapping[str, int]:
        """Every word as it is written, with the number of documents that hold it."""
        found: dict[str, int] = {}
        for segment in self.segments:
            for word, frequency in segment.spellings.items():
                found[word] = found.get(word, 0) + frequency
        return found

    @cached_property
    def aliases(self) -> Mapping[tuple[str, str], str]:
        """The slug that each old slug of a kind now leads to."""
        return {
            old: segment.key(number).slug
            for base, segment in zip(self.bases, self.segments, strict=False)
            for old, number in segment.aliases.items()
            if self.live[base + number]
        }

    @cached_property
    def catalogue(self) -> tuple[Listed, ...]:
        """All documents in the order of their keys. Every record is read for it, once a state."""
        return tuple(
            _listed(key, self.record(slot)["record"]["front"])
            for key, slot in sorted(self.slot_of.items())
        )

    # Reading ---------------------------------------------------------------------------------

    def place(self, slot: int) -> tuple[int, int]:
        """Return the segment of `slot` and its number there."""
        segment = int(np.searchsorted(self.bases, slot, side="right")) - 1
        return segment, slot - int(self.bases[segment])

    def key(self, slot: int) -> Key:
        """Return the key of the document in `slot`."""
        segment, number = self.place(slot)
        return self.segments[segment].key(number)

    def record(self, slot: int) -> dict[str, Any]:
        """Return what the index keeps of the document in `slot`, but for its names."""
        segment, number = self.place(slot)
        return self.segments[segment].record(number)

    def whole_record(self, slot: int) -> dict[str, Any]:
        """Return the record of the document in `slot` from which it can be indexed again."""
        segment, number = self.place(slot)
        return self.parts[segment].record(number)

    # Words -----------------------------------------------------------------------------------

    def languages_for(self, text: str) -> list[str]:
        """Return the languages to analyse a question in, by the scripts it is written in."""
        own, latin = analysis.scripts(text)
        return sorted(
            lang
            for lang in self.term_languages
            if lang in own or (latin and lang.partition("-")[0] not in OTHER_SCRIPTS)
        )

    @cached_property
    def term_languages(self) -> frozenset[str]:
        """The languages in which some document or label was analysed."""
        return frozenset().union(*(segment.term_languages for segment in self.segments))

    def knows(self, term: str) -> bool:
        """Tell whether any segment holds `term`."""
        return any(segment.postings.of(term) is not None for segment in self.segments)

    def postings(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the live slots that hold `term`, ascending, and the weighted frequencies."""
        slots, weights = [], []
        for base, segment, whole in zip(self.bases, self.segments, self.whole, strict=False):
            found = segment.postings.of(term)
            if found is None:
                continue
            here = found[0] + base
            if whole:
                slots.append(here)
                weights.append(found[1])
            else:
                alive = self.live[here]
                slots.append(here[alive])
                weights.append(found[1][alive])
        if len(slots) == 1:
            return slots[0], weights[0]
        if not slots:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return np.concatenate(slots), np.concatenate(weights)

    def holding(self, alternatives: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the live slots that hold any of the terms, with the highest of their weights."""
        if len(alternatives) == 1:
            return self.postings(alternatives[0])
        found = [self.postings(term) for term in alternatives]
        slots = np.unique(np.concatenate([slots for slots, _ in found]))
        weights = np.zeros(len(slots), dtype=np.float32)
        for some, own in found:
            at = np.searchsorted(slots, some)
            weights[at] = np.maximum(weights[at], own)
        return slots, weights

    def word_scores(self, questions: Mapping[str, Sequence[Terms]]) -> WordScores:
        """Return how well each slot covers the question by words.

        `questions` gives the words of the question per language, each as the terms that may
        stand for it. Coverage is BM25 divided by the question's own ideal, the sum of
        idf (k1 + 1) over all its words, unknown ones included; a slot keeps the best of the
        languages.
        """
        best = np.zeros(self.slots, dtype=np.float32)
        every = np.zeros(self.slots, dtype=bool)
        known_share = 0.0
        for lang, terms in questions.items():
            total = self.totals.get(lang) or self.documents
            found = [self.holding(word) for word in dict.fromkeys(terms)]
            idfs = [impacts.idf(len(slots), total) for slots, _ in found]
            ideal = sum(idfs) * (impacts.K1 + 1)
            counts = [len(slots) for slots, _ in found]
            if not ideal or not any(counts):
                continue
            slots = np.concatenate([slots for slots, _ in found])
            weights = np.concatenate([weights for _, weights in found])
            factors = np.repeat(np.array(idfs, dtype=np.float32) / np.float32(ideal), counts)
            gained = factors * impacts.saturation(weights, self.norms[slots])
            scores = np.bincount(slots, gained, self.slots).astype(np.float32)
            best = np.maximum(best, scores, out=scores)
            if all(counts):
                every |= np.bincount(slots, minlength=self.slots) == len(found)
            known = sum(idf for idf, n in zip(idfs, counts, strict=True) if n)
            known_share = max(known_share, known * (impacts.K1 + 1) / ideal)
        return WordScores(best, self.with_originals(every), known_share)

    def beginning(self, text: str, lang: str) -> Terms:
        """Return the terms of words of `lang` that begin with `text`.

        A word may be longer than its term (farmers, farmer), so words as they are written are
        looked at too.
        """
        start = "".join(analysis.fold(word) for word, _, _ in analysis.words(text))
        found: dict[str, None] = {}
        for segment in self.segments if start else ():
            found.update(dict.fromkeys(segment.postings.beginning(f"{lang}:{start}")))
            for word in segment.spelled(start):
                term = f"{lang}:{analysis.stem(word, lang)}"
                if segment.postings.of(term) is not None:
                    found[term] = None
        return tuple(found)

    def closeness(self, vector: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return each slot's best cosine and, per segment, the cosines of its passages."""
        best = np.zeros(self.slots, dtype=np.float32)
        cosines = []
        for base, segment in zip(self.bases, self.segments, strict=False):
            here = segment.passages.closeness(vector)
            cosines.append(here)
            best[base : base + segment.size] = segment.passages.best(here)
        return best, cosines

    def passages_of(self, slots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the vectors of the passages of `slots`, and where those of each slot begin."""
        places = np.searchsorted(self.bases, slots, side="right") - 1
        begins, ends = np.empty_like(slots), np.empty_like(slots)
        for place in np.unique(places):
            here = places == place
            numbers = slots[here] - self.bases[place]
            first = self.segments[place].passages.first
            begins[here], ends[here] = first[numbers], first[numbers + 1]
        counts = ends - begins
        starts = np.cumsum(counts) - counts
        rows = np.repeat(begins - starts, counts) + np.arange(counts.sum())
        of_place = np.repeat(places, counts)
        some = self.segments[places[0]].passages.vectors
        vectors = np.empty((len(rows), some.shape[1]), some.dtype)
        for place in np.unique(places):
            here = of_place == place
            vectors[here] = self.segments[place].passages.vectors[rows[here]]
        return vectors, starts

    def by_original(self, scores: Scores) -> Scores:
        """Return `scores` with each original given the best of itself and its translations."""
        moved = self.translations
        if not len(moved):
            return scores
        words, meaning = scores.words.copy(), scores.meaning.copy()
        np.maximum.at(words, self.groups[moved], scores.words[moved])
        np.maximum.at(meaning, self.groups[moved], scores.meaning[moved])
        return Scores(words, meaning)

    def members(self, slot: int) -> np.ndarray:
        """Return the slot of an original, then those of its translations."""
        moved = self.translations
        return np.concatenate([[slot], moved[self.groups[moved] == slot]])

    def with_originals(self, mask: np.ndarray) -> np.ndarray:
        """Mark in `mask` each original that has a translation in it, and return it."""
        mask[self.groups[self.translations[mask[self.translations]]]] = True
        return mask

    # Clauses ---------------------------------------------------------------------------------

    def meeting(self, clause: Clause, facet_ids: Mapping[Clause, Sequence[str]]) -> np.ndarray:
        """Return the slots that meet `clause` as a boolean mask.

        `facet_ids` gives the ids that a facet's clause was understood to mean.
        """
        if isinstance(clause, Group):
            inner = [self.meeting(part, facet_ids) for part in clause.clauses]
            joined: np.ndarray
            joined = (np.logical_and if clause.how == "all" else np.logical_or).reduce(inner)
            return ~joined if clause.how == "none" else joined
        if isinstance(clause, Years):
            return self.within(clause.start, clause.end)
        if clause in facet_ids and isinstance(clause, Field):
            chosen = self.table.selection(clause.name, facet_ids[clause], "any")
            return unpack(chosen) if chosen is not None else np.zeros(self.slots, dtype=bool)
        return self._texts_meeting(clause)

    def _texts_meeting(self, clause: Word | Phrase | Field) -> np.ndarray:
        mask = np.zeros(self.slots, dtype=bool)
        for lang in self.languages_for(clause.text):
            for terms in self._phrases(clause, lang):
                for base, part, segment in zip(self.bases, self.parts, self.segments, strict=False):
                    for found in _holding(clause, terms, part, segment):
                        mask[found + base] = True
        return self.with_originals(mask & self.live)

    def _phrases(self, clause: Word | Phrase | Field, lang: str) -> list[list[str]]:
        """Return the rows of terms any of which meets `clause`."""
        if getattr(clause, "prefix", False):
            return [[term] for term in self.beginning(clause.text, lang)]
        terms = [token.term for token in _side_by_side(analysis.analyse(clause.text, lang))]
        return [terms] if terms else []

    def within(self, start: int | None, end: int | None) -> np.ndarray:
        """Return the slots whose period shares a year with start..end, as a boolean mask."""
        if start is not None and end is not None:
            start, end = min(start, end), max(start, end)
        first, last = self.years[:, 0], self.years[:, 1]
        mask: np.ndarray = first != NO_YEAR
        if start is not None:
            mask &= last >= start
        if end is not None:
            mask &= first <= end
        return mask


def _places(slots: np.ndarray) -> np.ndarray:
    """Return the place of each slot in a row of all slots."""
    places = np.empty(len(slots), dtype=np.int64)
    places[slots] = np.arange(len(slots))
    return places


def _holding(
    clause: Word | Phrase | Field, terms: Sequence[str], part: Part, segment: Segment
) -> Iterator[np.ndarray]:
    """Yield the documents of a segment that hold the terms of `clause`, by text and by name."""
    in_title = isinstance(clause, Field) and clause.name == "title"
    fields = ("title",) if in_title else lexical.TEXT_FIELDS
    if len(terms) == 1 and not in_title:
        found = segment.postings.of(terms[0])
        yield np.empty(0, np.int32) if found is None else found[0]
        return
    yield part.matching(lexical.phrase(terms, fields))
    if not in_title:
        yield segment.names.with_phrase(terms)


def _side_by_side(tokens: Sequence[analysis.Token]) -> list[analysis.Token]:
    """Return one token a position, the part rather than the joined form."""
    seen: dict[int, analysis.Token] = {}
    for token in tokens:
        seen.setdefault(token.position, token)
    return [seen[position] for position in sorted(seen)]


def _listed(key: Key, front: Mapping[str, Any]) -> Listed:
    day = str(front.get("updated") or front.get("published") or "")[:10]
    lang = key.lang or str(front.get("lang") or "en")
    return Listed(key, lang, day, front.get("status", "published") == "published")
