"""One search over one snapshot: read, score, gate, cut, narrow, count, explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from indexer import analysis, explaining, facets, ranking, spelling
from indexer.facets import filtered, pack, unpack
from indexer.fields import FACET_VOCABULARY
from indexer.hits import FacetValue, Results
from indexer.lexicon import TO
from indexer.query import FACETS, Clause, Field, Group, Query, ReadAs, Word, Years, parse
from indexer.ranking import Scores
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot, Terms
from indexer.vocabulary import Vocabularies

#: Fewer hits than this, and cases near in meaning are offered apart.
FEW = 5
#: A correction that brings the question this much nearer in cosine is believed.
CLOSER = 0.1
#: Words of a question whose matches are scored; the rest of a pasted page adds nothing.
MOST_WORDS = 400
#: Letters from which the last word of a question may be the beginning of a longer one.
SHORTEST_BEGUN = 3
#: Words that may stand for one that is not written out.
MOST_BEGINNINGS = 64


@dataclass(frozen=True)
class Question:
    """A text read and prepared: its terms by language and the clauses it requires."""

    read_as: ReadAs
    words: Mapping[str, tuple[Terms, ...]]
    typed: Mapping[str, str]
    facet_ids: Mapping[Clause, tuple[str, ...]]


@dataclass(frozen=True)
class Ranked:
    """The scores of a question for every slot, and what the gate and the explanation need.

    `raw` are the scores before feedback: a question that the library knows nothing of is not to
    be moved towards what it does know. `readable` are the slots in languages the model knows.
    """

    scores: Scores
    raw: Scores
    readable: np.ndarray
    every: np.ndarray
    known: float
    cosines: Sequence[np.ndarray]


@dataclass(frozen=True)
class Answer:
    """What matches a question: all of `matching` by its text, `found` after the filters too.

    `eligible` are the documents of which the nearest may be offered: none that was excluded.
    """

    question: Question
    ranked: Ranked | None
    eligible: np.ndarray
    matching: np.ndarray
    selections: Mapping[str, np.ndarray | None]
    found: np.ndarray

    @property
    def total(self) -> int:
        """How many documents were found."""
        return facets.count(self.found)

    @property
    def closest(self) -> float:
        """The best cosine of all documents that could be found."""
        if self.ranked is None:
            return 0.0
        return float(np.max(self.ranked.raw.meaning[unpack(self.eligible)], initial=0.0))


def prepare(text: str, snapshot: Snapshot, vocabularies: Vocabularies) -> Question:
    """Return `text` read as a question to `snapshot`."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a character is no text
    read_as = parse(text)
    facet_ids = _facet_ids(read_as.required, vocabularies)
    unknown = [c for c in _fields(read_as.required) if c not in facet_ids]
    if unknown:  # theme:nonsense is no theme: its words are searched
        words = (*read_as.words, *(Word(w) for c in unknown for w in c.text.split()))
        required = tuple(c for c in read_as.required if c not in unknown)
        read_as = replace(read_as, words=words, required=required, note="value")
    terms, typed = _terms(read_as, snapshot, _begun(text))
    if not _all_known(terms.get(TO, ()), snapshot):  # else it is in the language of the cases
        read_as = _carried_over(read_as, snapshot, vocabularies)
    if read_as.carried:
        terms, typed = _terms(read_as, snapshot, "")
        return Question(read_as, terms, typed, facet_ids)
    main = max(terms, key=lambda lang: snapshot.totals.get(lang, 0), default="")
    kept = {typed[term] for concept in terms.get(main, ()) for term in concept}
    skipped = tuple(w.text for w in read_as.words if terms and w.text not in kept)
    return Question(replace(read_as, skipped=skipped), terms, typed, facet_ids)


def _carried_over(read_as: ReadAs, snapshot: Snapshot, vocabularies: Vocabularies) -> ReadAs:
    """Return `read_as` with its words carried over, where they are of another language."""
    text = read_as.meaning
    lang = vocabularies.lexicon.language(text, snapshot.knows) if text else ""
    pieces = vocabularies.lexicon.carry(text, lang) if lang else ()
    return replace(read_as, lang=lang, carried=pieces) if any(p.into for p in pieces) else read_as


def _narrows(clause: Clause) -> bool:
    """Tell whether a clause only narrows, as a facet or an exclusion does, and finds nothing."""
    if isinstance(clause, Group):
        return clause.how == "none" or all(map(_narrows, clause.clauses))
    return isinstance(clause, Years) or (isinstance(clause, Field) and clause.name != "title")


def _fields(clauses: Sequence[Clause]) -> list[Field]:
    return [c for c in clauses if isinstance(c, Field) and c.name != "title"]


def _facet_ids(
    clauses: Sequence[Clause], vocabularies: Vocabularies
) -> dict[Clause, tuple[str, ...]]:
    found: dict[Clause, tuple[str, ...]] = {}
    for clause in clauses:
        if isinstance(clause, Field) and clause.name != "title":
            ids = vocabularies.named(FACET_VOCABULARY.get(clause.name, ""), clause.text)
            if ids:
                found[clause] = ids
        elif hasattr(clause, "clauses"):
            found.update(_facet_ids(clause.clauses, vocabularies))
    return found


def _begun(text: str) -> str:
    """Return the last word of `text` if it may still be being typed, else nothing."""
    found = analysis.words(text[-100:])
    last = found[-1][0] if found and text[-1].isalnum() else ""
    if analysis.script(last) == "zh":  # pairs of characters are terms: one alone begins them
        return last if len(last) == 1 else ""
    return last if len(last) >= SHORTEST_BEGUN else ""


def _concepts(word: Word, lang: str, begun: str, snapshot: Snapshot) -> Iterator[Terms]:
    """Yield for each term of a word of a question the terms it stands for.

    The last stands for all that begin with it where the word has a star, or ends the question
    and is not known.
    """
    tokens = analysis.analyse(word.text, lang)
    for token in tokens[:-1]:
        yield (token.term,)
    for token in tokens[-1:]:
        ends = begun and word.text.lower().endswith(begun)
        begins = word.prefix or (ends and not len(snapshot.postings(token.term)[0]))
        terms = snapshot.beginning(word.text, lang) if begins else ()
        yield terms[:MOST_BEGINNINGS] or (token.term,)


def _terms(
    read_as: ReadAs, snapshot: Snapshot, begun: str
) -> tuple[dict[str, tuple[Terms, ...]], dict[str, str]]:
    """Return the concepts of a question by language, and the typed word of each term."""
    terms: dict[str, tuple[Terms, ...]] = {}
    typed: dict[str, str] = {}
    words = read_as.words[:MOST_WORDS]
    langs = snapshot.languages_for(" ".join(word.text for word in words))
    if read_as.carried:
        terms[TO], typed = _carried_terms(read_as)
        langs = [lang for lang in langs if lang != TO]
    for lang in sorted(langs, key=lambda lang: (lang not in snapshot.totals, lang)):
        if lang not in snapshot.totals and any(_all_known(own, snapshot) for own in terms.values()):
            break  # a language of labels alone adds nothing to words that are all known
        concepts: dict[Terms, None] = {}
        for word in words:
            for concept in _concepts(word, lang, begun, snapshot):
                for term in concept:
                    typed.setdefault(term, word.text)
                concepts[concept] = None
        stopped = analysis.stopwords(lang)
        content = [c for c in concepts if c[0] not in stopped] or list(concepts)
        terms[lang] = tuple(content[:MOST_WORDS])
    return terms, typed


def _carried_terms(read_as: ReadAs) -> tuple[tuple[Terms, ...], dict[str, str]]:
    """Return the concepts of a question as it was carried over, and the word shown of each term.

    The forms of one word stand for each other; of a phrase each word counts.
    """
    concepts: dict[Terms, None] = {}
    shown: dict[str, str] = {}
    stopped = analysis.stopwords(TO)
    for piece in read_as.carried:
        forms = piece.into or (piece.typed,)
        rows = [[token.term for token in analysis.analyse(form, TO)] for form in forms]
        single = [row[0] for row in rows if len(row) == 1]
        found = [tuple(dict.fromkeys(single))] if single else [(term,) for term in rows[0]]
        for concept in found:
            if concept[0] not in stopped:
                concepts[concept] = None
                shown |= {term: forms[0] for term in concept if term not in shown}
    return tuple(concepts)[:MOST_WORDS], shown


def _all_known(concepts: Sequence[Terms], snapshot: Snapshot) -> bool:
    return bool(concepts) and all(snapshot.knows(term) for concept in concepts for term in concept)


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
    query = _narrowest(query, vocabularies)
    ask = partial(answer_to, query, snapshot, vocabularies, encoder, kinds)
    corrected = None
    answer = ask(text=query.text)
    carried = answer.question.read_as.carried
    if correct and query.text and answer.total < FEW and not carried:
        better = spelling.corrected(query.text, snapshot, encoder.is_word)
        second = ask(text=better) if better else answer
        if better and _better(second, answer):
            answer, corrected = second, better
    return _results(query, corrected, answer, snapshot, vocabularies, per_page=per_page)


def _narrowest(query: Query, vocabularies: Vocabularies) -> Query:
    """Leave out a chosen region where one inside it is chosen too."""
    chosen = query.chosen("region")
    regions = vocabularies["regions"]
    outer = {parent for value in chosen for parent in regions.ancestors(value)}
    for value in chosen:
        if value in outer and query.mode("region") == "any":
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
        for facet in FACETS
    }
    if query.year_from is not None or query.year_to is not None:
        selections["year"] = pack(snapshot.within(query.year_from, query.year_to))
    found = filtered(matching, selections)
    return Answer(question, ranked, asked, matching, selections, found)


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
    corrected: str | None,
    answer: Answer,
    snapshot: Snapshot,
    vocabularies: Vocabularies,
    *,
    per_page: int,
) -> Results:
    total = answer.total
    pages = max(1, -(-total // per_page))
    query = query.replace(page=min(query.page, pages))
    order = ordered_slots(query, answer, snapshot, query.page * per_page)
    shown = order[(query.page - 1) * per_page :]
    near = _nearest(answer, snapshot) if total < FEW else np.empty(0, np.int64)
    hits = explaining.hits(np.concatenate([shown, near]), answer, snapshot, vocabularies)
    return Results(
        query=query,
        read_as=answer.question.read_as,
        corrected=corrected,
        total=total,
        pages=pages,
        hits=tuple(hits[: len(shown)]),
        nearest=tuple(hits[len(shown) :]),
        facets=facet_values(query, answer, snapshot),
        drops=_drops(query, answer, snapshot) if not total else (),
    )


def ordered_slots(query: Query, answer: Answer, snapshot: Snapshot, limit: int) -> np.ndarray:
    """Return the first `limit` of the found slots in the order asked for."""
    slots = np.flatnonzero(unpack(answer.found))
    if query.sort == "relevance" and answer.ranked:
        fused = answer.ranked.scores.fused()[slots]
        order = ranking.top(fused, limit, ties=-snapshot.published[slots])
    elif query.sort == "title":
        order = np.argsort(snapshot.title_order[slots], kind="stable")
    elif query.sort == "start":
        order = np.argsort(-snapshot.years[slots, 0], kind="stable")
    else:
        order = np.argsort(-snapshot.published[slots], kind="stable")
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
    for facet in FACETS:
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


def _drops(query: Query, answer: Answer, snapshot: Snapshot) -> tuple[tuple[str, str, int], ...]:
    """Return each chosen filter with the total without it, the most helpful first."""
    drops = []
    for facet in FACETS:
        for value in query.chosen(facet):
            left = query.without_value(facet, value)
            words = snapshot.table.selection(facet, left.chosen(facet), left.mode(facet))
            total = facets.count(filtered(answer.matching, {**answer.selections, facet: words}))
            drops.append((facet, value, total))
    if "year" in answer.selections:
        total = facets.count(filtered(answer.matching, answer.selections, leave_out="year"))
        drops.append(("year", "", total))
    return tuple(sorted((d for d in drops if d[2]), key=lambda drop: -drop[2]))
