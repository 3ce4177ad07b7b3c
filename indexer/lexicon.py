"""Known words and phrases in a text, and questions carried over to the language of the cases.

The words of `content/vocabularies/lexicon.yaml` and the names of all terms are matched by stem,
longest first; what has no entry stays as it was typed, such as a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Generic, NamedTuple, TypeVar

from indexer import analysis
from indexer.query import Carried

#: The language that questions are carried over to.
TO = "en"
#: Words of the longest phrase that is looked for; of a Chinese one, characters.
LONGEST, LONGEST_RUN = 6, 12
#: Letters that two forms of a word must share from the beginning, as a part of the longer one.
SHARED = 0.6
#: Letters from which capitals are no sign of an acronym.
MOST_ACRONYM = 7
#: Written together with an Arabic word: the; and, with, for, so, like; the same with the article.
_ARABIC_PREFIXES = ("ال", "و", "ب", "ل", "ف", "ك", "وال", "بال", "لل", "فال", "كال")

Value = TypeVar("Value")
_Word = tuple[str, int, int]
Forms = Mapping[str, Sequence[str]]


class Piece(NamedTuple, Generic[Value]):
    """A known phrase of a text, or one other word (`value` is None), and where it stands."""

    start: int
    end: int
    value: Value | None


class Phrases(Generic[Value]):
    """Phrases of one language, each standing for a value; of equal ones the first counts."""

    def __init__(self, lang: str, phrases: Iterable[tuple[str, Value]]) -> None:
        self.lang = lang
        self._known: dict[tuple[str, ...], list[tuple[str, Value]]] = {}
        for phrase, value in phrases:
            for stems in _keys(phrase, lang):
                self._known.setdefault(stems, []).append((phrase, value))
        self.stems = frozenset(stem for stems in self._known for stem in stems)

    def pieces(self, text: str) -> Iterator[Piece[Value]]:
        """Yield the phrases of `text`, longest first, and the words between, in their order."""
        words = analysis.words(text)
        at = 0
        while at < len(words):
            word, start, end = words[at]
            if self.lang == "zh" and analysis.script(word) == "zh":
                yield from self._run(word, start)
                at += 1
                continue
            length, value = self._longest(text, words[at : at + LONGEST])
            yield Piece(start, words[at + length - 1][2] if length else end, value)
            at += max(length, 1)

    def _longest(self, text: str, words: Sequence[_Word]) -> tuple[int, Value | None]:
        """Return how many of `words` begin with the longest known phrase, and its value."""
        rest = [analysis.stem(word, self.lang) for word, _, _ in words[1:]]
        for first in _first_stems(words[0][0], self.lang):
            stems = (first, *rest) if first in self.stems else ()
            for length in range(len(stems), 0, -1):
                typed = text[words[0][1] : words[length - 1][2]]
                for value in self._meant(typed, stems[:length]):
                    return length, value
        return 0, None

    def _meant(self, typed: str, stems: tuple[str, ...]) -> Iterator[Value]:
        """Yield the values of the phrases that `typed` may be a form of, the same word first."""
        known = self._known.get(stems, ())
        folded = analysis.fold(typed)
        same = ((phrase, value) for phrase, value in known if analysis.fold(phrase) == folded)
        yield from (value for phrase, value in same if not _acronym(phrase) or typed == phrase)
        yield from (value for phrase, value in known if _alike(typed, phrase, self.lang))

    def _run(self, run: str, offset: int) -> Iterator[Piece[Value]]:
        """Yield the known words of a run of Chinese; what lies between stays in one piece."""
        at = begin = 0
        while at < len(run):
            most = min(LONGEST_RUN, len(run) - at)
            lengths = (n for n in range(most, 0, -1) if (run[at : at + n],) in self._known)
            length = next(lengths, 0)
            if length:
                if begin < at:
                    yield Piece(offset + begin, offset + at, None)
                begin = at + length
                yield Piece(offset + at, offset + begin, self._known[(run[at:begin],)][0][1])
            at += max(length, 1)
        if begin < len(run):
            yield Piece(offset + begin, offset + len(run), None)


class Lexicon:
    """Words and phrases of several languages, each with what it is called in `TO`."""

    def __init__(self, entries: Iterable[Forms]) -> None:
        """Take for each entry its forms by language."""
        phrases: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for forms in entries:
            into = tuple(forms.get(TO, ()))
            for lang, said in forms.items() if into else ():
                if lang != TO:
                    phrases.setdefault(lang, []).extend((form, into) for form in said)
        self._phrases = {lang: Phrases(lang, pairs) for lang, pairs in sorted(phrases.items())}

    def carry(self, text: str, lang: str) -> tuple[Carried, ...]:
        """Return the pieces of `text` in their order, without the other stop words of `lang`."""
        return tuple(
            Carried(text[piece.start : piece.end], piece.value or ())
            for piece in self._phrases[lang].pieces(text)
            if piece.value or not _is_stopped(text[piece.start : piece.end].lower(), lang)
        )

    def language(self, text: str, is_known: Callable[[str], bool]) -> str:
        """Return the language of a question that is to be carried over, "" for none.

        The script decides for Arabic, Chinese and Russian. Of Latin words, the language with the
        most of them in its lexicon or among its stop words, if those are more than the ones that
        the cases hold (`is_known`, of an index term) or that are stop words of `TO`.
        """
        own = analysis.script(text)
        if own:
            return own if own in self._phrases else ""
        words = [word for word, _, _ in analysis.words(text)]
        best = sum(is_known(analysis.term(word, TO)) or _is_stopped(word, TO) for word in words)
        found = ""
        for lang in self._phrases.keys() - analysis.SCRIPTS if best < len(words) else ():
            stems = self._phrases[lang].stems
            explained = sum(analysis.stem(w, lang) in stems or _is_stopped(w, lang) for w in words)
            if explained > best:
                found, best = lang, explained
        return found


def _is_stopped(word: str, lang: str) -> bool:
    return analysis.term(word, lang) in analysis.stopwords(lang)


def _alike(typed: str, phrase: str, lang: str) -> bool:
    """Tell whether two phrases of one stem are forms of one word, as cours and courant are not.

    An acronym is only one in capitals.
    """
    if _acronym(phrase):
        return typed.removesuffix("s") == phrase
    one, other = ([analysis.fold(w) for w, _, _ in analysis.words(t)] for t in (typed, phrase))
    if len(one) != len(other):  # found without its stop words
        other = [word for word in other if not _is_stopped(word, lang)]
    return lang == "ar" or all(map(_same_beginning, one, other))


def _same_beginning(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return shared >= SHARED * max(len(one), len(other))


def _acronym(phrase: str) -> bool:
    return phrase.isupper() and len(phrase) < MOST_ACRONYM


def _keys(phrase: str, lang: str) -> Iterator[tuple[str, ...]]:
    """Yield the stems by which a phrase is found: all of them, and without its stop words."""
    if lang == "zh":
        yield (analysis.fold(phrase),)
        return
    words = [word for word, _, _ in analysis.words(phrase)]
    stems = tuple(analysis.stem(word, lang) for word in words)
    if stems:
        yield stems
    content = tuple(analysis.stem(word, lang) for word in words if not _is_stopped(word, lang))
    if 1 < len(content) < len(stems):
        yield content


def _first_stems(word: str, lang: str) -> Iterator[str]:
    yield analysis.stem(word, lang)
    if lang == "ar":
        for prefix in filter(word.startswith, _ARABIC_PREFIXES):
            if len(word) > len(prefix) + 2:
                yield analysis.stem(word[len(prefix) :], lang)
