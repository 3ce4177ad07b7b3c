"""One search over one snapshot: read, score, gate, cut, narrow, count, explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np

from indexer import explaining, facets, ranking, spelling, suggesting
from indexer.answer import Answer, Ranked
from indexer.facets import filtered, pack, unpack
from indexer.hits import Drop, FacetValue, Offer, Results
from indexer.query import FACETS, PACK_FACETS, Clause, Field, Group, Query, ReadAs, Years
from indexer.question import Question, prepare
from indexer.ranking import Scores
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from indexer.vocabulary import WORLD, Vocabularies, Vocabulary

#: Fewer hits than this, and cases near in meaning are offered apart.
FEW = 5
#: A correction that brings the question this much nearer in cosine is believed.
CLOSER = 0.1
#: Filters that are looked at, one by one and two by two, where they leave nothing.
MOST_FILTERS = 20
#: Terms and titles named where nothing was found.
MOST_NAMED = 6


def rank(question: Question, snapshot: Snapshot, encoder: Encoder, eligible: np.ndarray) -> Ranked:
    """Return the scores of every slot for `question`, translations folded into originals.

    The meaning of the question is moved towards the best of the `eligible` slots (a mask).
    """
    words = snapshot.word_scores(question.words)
    meaning = np.zeros(snapshot.slots, dtype=np.float32)
    if not question.read_as.meaning.strip():
        raw = snapshot.by_original(Scores(words.coverage, meaning))
        return Ranked(raw, raw, snapshot.live, words.every, words.known, ())
    vector = encoder.encode_query(_asked(question.read_as, encoder))
    meaning, cosines = snapshot.closeness(vector)
    readable = snapshot.live
    if not all(encoder.knows(lang) for lang in snapshot.totals):
        readable = snapshot.in_languages(encoder.knows)
        meaning = np.where(readable, meaning, words.coverage)
    raw = snapshot.by_original(Scores(words.coverage, meaning))
    fed = _fed_back(raw, vector, snapshot, eligible & readable)
    return Ranked(fed, raw, readable, words.every, words.known, cosines)


def _asked(read_as: ReadAs, encoder: Encoder) -> str:
    """Return the text whose meaning is searched, in a language that the model knows."""
    carried = read_as.carried and not encoder.knows(read_as.lang)
    return read_as.carried_over if carried else read_as.meaning


def _fed_back(raw: Scores, vector: np.ndarray, snapshot: Snapshot, known: np.ndarray) -> Scores:
    """Return `raw` with the cosines of the best slots looked at again, after feedback."""
    fused = np.where(known, raw.fused(), -np.inf)
    near = ranking.top(fused, ranking.FED)
    if not len(near):
        return raw
    vectors, begins = snapshot.passages_of(near)
    ends = np.append(begins, len(vectors))
    cosines = vectors @ vector
    best = [
        int(begins[i]) + int(np.argmax(cosines[begins[i] : ends[i + 1]]))
        for i in range(min(ranking.FED_BY, len(near)))
    ]
    moved = ranking.moved_towards(vector, vectors[best], fused[near[: len(best)]])
    again = np.maximum.reduceat(vectors @ moved, begins)
    meaning = raw.meaning.copy()
    meaning[near] = (meaning[near] + again) / 2
    return Scores(raw.words, meaning)


def _narrows(clause: Clause) -> bool:
    """Tell whether a clause only narrows, as a facet or an exclusion does, and finds nothing."""
    if isinstance(clause, Group):
        return clause.how == "none" or all(map(_narrows, clause.clauses))
    return isinstance(clause, Years) or (isinstance(clause, Field) and clause.name != "title")


def search(
    query: Query,
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    encoder: Encoder,
    *,
    kinds: Sequence[str] = ("case",),
    per_page: int = 20,
    correct: bool = True,
) -> Results:
    """Answer `query` from `snapshot`; see `indexer.hits.Results`."""
    query = narrowest(query, vocabularies)
    ask = partial(answer_to, query, snapshot, vocabularies, encoder, kinds)
    answer, corrected, offer = answered(query, ask, snapshot, encoder, correct=correct)
    results = _results(query, answer, snapshot, vocabularies, per_page=per_page)
    if not results.total and not offer:
        offer = _loosened(answer, ask)
    return replace(results, corrected=corrected, offer=offer)


def answered(
    query: Query,
    ask: Callable[..., Answer],
    snapshot: Snapshot,
    encoder: Encoder,
    *,
    correct: bool = True,
) -> tuple[Answer, str | None, Offer | None]:
    """Return what matches `query`, and the text that was searched instead of the typed one.

    `ask` answers another text under the same filters. A correction that is not believed, but
    would find more, is offered.
    """
    answer = ask(text=query.text)
    carried = answer.question.read_as.carried
    if query.text and answer.total < FEW and not carried:
        better = spelling.corrected(query.text, snapshot, encoder.is_word)
        second = ask(text=better) if better else answer
        if better and correct and not query.exact and _better(second, answer):
            return second, better, None
        if better and second.total > answer.total:
            return answer, None, Offer(better, second.total)
    return answer, None, None


def _loosened(answer: Answer, ask: Callable[..., Answer]) -> Offer | None:
    """Offer the words of a text alone, without what it requires, where they find something."""
    read_as = answer.question.read_as
    if not read_as.required or not read_as.meaning.strip():
        return None
    total = ask(text=read_as.meaning).total
    return Offer(read_as.meaning, total) if total else None


def narrowest(query: Query, vocabularies: Vocabularies) -> Query:
    """Leave out a chosen area of the world where one inside it is chosen too."""
    return smallest_areas(query, vocabularies["regions"])


def smallest_areas(query: Query, regions: Vocabulary) -> Query:
    """Leave out the whole world, and a chosen area of it where one inside it is chosen too.

    But where areas are to be left out, the larger leaves out the smaller; and groups of countries
    that are laid over the areas, such as the LDCs, stand beside any of them.
    """
    if WORLD in query.chosen("region"):  # no case has it, for all have
        query = query.without_value("region", WORLD).replace(page=query.page)
    if query.mode("region") == "none":
        return query
    areas = [v for v in query.chosen("region") if v in regions and not regions[v].overlays]
    outer = {parent for value in areas for parent in regions.ancestors(value)}
    for value in areas:
        if value in outer:
            query = query.without_value("region", value).replace(page=query.page)
    return query


def _better(second: Answer, first: Answer) -> bool:
    """Tell whether a corrected text should be searched instead of the typed one.

    It should where a case holds all its words, or where it is much closer in meaning. Where the
    typed text was answered, more hits do; an unanswered one may be about something else, in words
    that only look misspelt.
    """
    if not second.total or first.ranked is None or second.ranked is None:
        return False
    whole = bool((unpack(second.found) & second.ranked.every).any())
    closer = second.closest - first.closest >= CLOSER
    return whole or closer or second.total > first.total > 0


def answer_to(
    query: Query,
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    encoder: Encoder,
    kinds: Sequence[str],
    *,
    text: str,
) -> Answer:
    """Return what matches `text` under the filters of `query`."""
    question = prepare(text, snapshot, vocabularies)
    public = snapshot.table.having("status", "published")
    of_kind = snapshot.table.selection("kind", kinds, "any")
    eligible = snapshot.originals & public & of_kind
    ranked = None
    if question.read_as.words:
        ranked = rank(question, snapshot, encoder, unpack(eligible))
    matching = asked = eligible
    for clause in question.read_as.required:
        met = pack(snapshot.meeting(clause, question.facet_ids))
        matching = matching & met
        asked = asked & met if _narrows(clause) else asked
    if ranked and all(map(_narrows, question.read_as.required)):
        matching = matching & pack(hits_of(ranked, unpack(eligible)))
    selections: dict[str, np.ndarray | None] = {
        facet: snapshot.table.selection(facet, query.chosen(facet), query.mode(facet))
        for facet in facets_of(kinds)
    }
    if query.year_from is not None or query.year_to is not None:
        selections["year"] = pack(snapshot.within(query.year_from, query.year_to))
    found = filtered(matching, selections)
    return Answer(question, ranked, eligible, asked, matching, selections, found)


def facets_of(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the facets that documents of these kinds have."""
    return (*FACETS, *PACK_FACETS) if "pack" in kinds else FACETS


def hits_of(ranked: Ranked, eligible: np.ndarray) -> np.ndarray:
    """Return the slots that answer, as a mask.

    Those that hold every word; those above the cut, once the gate is open; and in a language that
    the model cannot judge, those that cover enough of the question.
    """
    found = ranked.every | (~ranked.readable & (ranked.raw.words >= ranking.COVERED))
    judged = ranked.raw.meaning[eligible & ranked.readable]
    if ranking.is_open(judged, ranked.known):
        fused = ranked.scores.fused()
        best = float(np.max(fused[eligible], initial=0.0))
        found |= ranked.readable & (fused >= ranking.cut(best))
    return found


def _results(
    query: Query,
    answer: Answer,
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    *,
    per_page: int,
) -> Results:
    total, asked = answer.total, answer.question.read_as.meaning
    pages = max(1, -(-total // per_page))
    query = query.replace(page=min(query.page, pages))
    order = ordered_slots(query, answer, snapshot, query.page * per_page)
    shown = order[(query.page - 1) * per_page :]
    near = _nearest(answer, snapshot) if total < FEW else np.empty(0, np.int64)
    hits = explaining.hits(np.concatenate([shown, near]), answer, snapshot, vocabularies)
    return Results(
        query=query,
        read_as=answer.question.read_as,
        corrected=None,
        total=total,
        pages=pages,
        hits=tuple(hits[: len(shown)]),
        nearest=tuple(hits[len(shown) :]),
        facets=facet_values(query, answer, snapshot),
        drops=() if total else _drops(query, answer, snapshot),
        named=() if total else suggesting.named_like(asked, snapshot, vocabularies, MOST_NAMED),
    )


def ordered_slots(query: Query, answer: Answer, snapshot: Snapshot, limit: int) -> np.ndarray:
    """Return the first `limit` of the found slots in the order asked for."""
    slots = np.flatnonzero(unpack(answer.found))
    if query.sort == "relevance" and answer.ranked:
        fused = answer.ranked.scores.fused()[slots]
        order = ranking.top(fused, limit, ties=snapshot.order("newest")[slots])
    else:
        places = snapshot.order(query.sort)[slots]
        first = np.argpartition(places, limit)[:limit] if limit < len(places) else slice(None)
        order = np.argsort(places[first])
        slots = slots[first]
    ordered: np.ndarray = slots[order[:limit]]
    return ordered


def _nearest(answer: Answer, snapshot: Snapshot) -> np.ndarray:
    if answer.ranked is None:
        return np.empty(0, np.int64)
    rest = filtered(answer.eligible & ~answer.found, answer.selections)
    slots = np.flatnonzero(unpack(rest))
    nearest: np.ndarray = slots[ranking.top(answer.ranked.scores.fused()[slots], FEW)]
    return nearest


def facet_values(
    query: Query, answer: Answer, snapshot: Snapshot
) -> dict[str, tuple[FacetValue, ...]]:
    """Return the values of each facet with their counts, those without a document left out."""
    shown = {}
    for facet in filter(answer.selections.__contains__, (*FACETS, *PACK_FACETS)):
        chosen = query.chosen(facet)
        counts = facets.facet_counts(
            snapshot.table,
            facet,
            query.mode(facet),
            answer.matching,
            answer.selections,
            chosen=chosen,
        )
        values = {**dict.fromkeys(chosen, 0), **counts}
        ordered = sorted((-n, value) for value, n in values.items() if n or value in chosen)
        shown[facet] = tuple(FacetValue(value, -n, value in chosen) for n, value in ordered)
    return shown


def _drops(query: Query, answer: Answer, snapshot: Snapshot) -> tuple[Drop, ...]:
    """Return the fewest filters to do without, the most helpful first: one, two, else all.

    The words count as one more, to do without where the filters alone find something.
    """
    filters = query.filters[:MOST_FILTERS]
    for number in (1, 2):
        drops = [
            Drop(some, _total_without(some, query, answer, snapshot))
            for some in combinations(filters, number)
        ]
        if any(drop.total for drop in drops):
            break
    else:
        drops = [Drop(query.filters, facets.count(answer.matching))] if filters else []
    drops.sort(key=lambda drop: -drop.total)
    if query.text and filters:
        words = facets.count(filtered(answer.public, answer.selections))
        drops.append(Drop((("text", ""),), words))
    return tuple(drop for drop in drops if drop.total)


def _total_without(
    some: Sequence[tuple[str, str]], query: Query, answer: Answer, snapshot: Snapshot
) -> int:
    """Return how many documents would be found without some of the filters of `query`."""
    left = query.without(some)
    selections = dict(answer.selections)
    for facet, _ in some:
        if facet == "year":
            del selections["year"]
        else:
            values, mode = left.chosen(facet), left.mode(facet)
            selections[facet] = snapshot.table.selection(facet, values, mode)
    return facets.count(filtered(answer.matching, selections))
