"""A text read as a question to the library: the terms it asks for, and the clauses it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer import analysis
from indexer.fields import FACET_VOCABULARY
from indexer.lexicon import TO
from indexer.query import Clause, Field, ReadAs, Word, parse
from indexer.snapshot import Snapshot, Terms
from indexer.vocabulary import Vocabularies

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
