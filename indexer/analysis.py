"""From text to index terms: words, stems, folded letters, joined forms and Chinese bigrams.

A term carries the language it was analysed in as a prefix (``en:farm``), so that documents of
several languages live in one index and each is matched in its own. Stems are Snowball's.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer
from whoosh.lang.stopwords import stoplists

#: Language codes with a Snowball stemmer (https://snowballstem.org/algorithms/).
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip

#: Words too common to tell documents apart where Whoosh has no list of its own.
EXTRA_STOPWORDS = {
    "ar": "في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي ما ماذا هل كم متى أين كيف لماذا من"
    " هو هي هم كان كانت أن ان أو او ثم قد لا لم لن كل بعد قبل بين و",
    "zh": "的 了 和 是 在 有 与 及 或 也 都 而 为 被 将 对 从 到 由 于 之 其 这 那 吗 呢",
    "en": "what which who whom whose when where why how does did do doing done is are was were be"
    " been being has have had having there here they them their its it's can could would should"
    " may might must shall will about into than then such these those s t",
    "fr": "quel quelle quels quelles comment pourquoi où quand qui que quoi est sont était d l qu",
    "es": "qué cuál cuáles cómo por qué dónde cuándo quién quiénes es son fue ha han",
    "ru": "какой какая какие какое как почему где когда кто что чем это сколько",
}

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff"
#: Accents and vowel signs belong to the letter before them, though Python's \w leaves them out.
_MARKS = "".join(c for c in map(chr, range(0x300, 0xABF0)) if unicodedata.category(c)[0] == "M")
_LETTERS = rf"[^\W_{_HAN}]+(?:[{_MARKS}][^\W_{_HAN}]*)*"
_TOKEN = re.compile(rf"[{_HAN}]+|{_LETTERS}(?:[&+]+{_LETTERS})*")
_IS_HAN = re.compile(f"[{_HAN}]")
_NEEDS_CARE = re.compile(f"[{_HAN}{_MARKS}]")
_CUT_IN_FRONT = ("id", "ga")  # their stems may begin with another letter than the word
_JOINS = frozenset("-\u2010\u2011./")
_OUTSIDE = r"[^\W_\x00-\x7f]"  # letters and digits that are not ASCII
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
#: "And" or "so" in front of the article, which Snowball leaves there. Short words may have these
#: letters as their own.
_AND_THE = re.compile(r"^[وف](?=ال\w{3})")
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u06d6-\u06ed]")
_POSSESSIVE = ("'s", "’s")
_stemmers = threading.local()
#: The languages that `script` tells by their letters.
SCRIPTS = frozenset(("ar", "zh", "ru"))

#: Where a word stands in a text: its start and end.
Span = tuple[int, int]


class Token(NamedTuple):
    """A term, where its word stands in the text, and its position among the words."""

    term: str
    start: int
    end: int
    position: int


def fold(word: str) -> str:
    """Return `word` in lower case without accents, width and compatibility forms."""
    word = word.lower()
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return unicodedata.normalize(
        "NFC", "".join(c for c in decomposed if not unicodedata.combining(c))
    )


def _stemmer(lang: str) -> Stemmer.Stemmer:
    if not hasattr(_stemmers, lang):
        setattr(_stemmers, lang, Stemmer.Stemmer(STEMMERS[lang], 0))
    return getattr(_stemmers, lang)


@lru_cache(maxsize=200_000)
def stem(word: str, lang: str) -> str:
    """Return the index term, without its language, of one lower-case `word` of `lang`."""
    word = unicodedata.normalize("NFC", word)
    if lang == "ar" or _ARABIC.match(word):
        word = _ARABIC_MARKS.sub("", word)
    if lang == "ru":
        word = word.replace("ё", "е")
    if any(c.isdigit() or c in "&+" for c in word):
        return fold(word)
    base = lang.partition("-")[0]
    if base == "ar":
        word = _AND_THE.sub("", word)
    return fold(_stemmer(base).stemWord(word)) if base in STEMMERS else fold(word)


def words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of `text` in lower case, each with its start and end."""
    return [(m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def analyse(text: str, lang: str) -> list[Token]:
    """Return the tokens of `text`, analysed in `lang`, in the order of the text.

    Words joined by a hyphen, a stop or a slash (``M-Pesa``, ``e-Gov``) are found by their parts
    and by the joined form, which stands at the position of its first part. Chinese and Japanese
    runs become overlapping pairs of characters.
    """
    tokens: list[Token] = []
    position = 0
    run: list[tuple[str, int, int, int]] = []  # parts of a word joined so far
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        start, end = match.span()
        if run and not (run[-1][2] + 1 == start and text[start - 1] in _JOINS):
            if len(run) > 1:
                tokens += _joined(run, lang)
            run.clear()
        if not word.isascii() and _IS_HAN.match(word):
            if len(run) > 1:
                tokens += _joined(run, lang)
            run.clear()
            pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
            for i, pair in enumerate(pairs):
                tokens.append(Token(f"{lang}:{pair}", start + i, start + i + len(pair), position))
                position += 1
        elif word != "s" or not start or text[start - 1] not in "'’":  # as of the word before
            tokens.append(Token(term(word, lang), start, end, position))
            run.append((word, start, end, position))
            position += 1
    return tokens + _joined(run, lang)


def marked(text: str, lang: str, terms: Collection[str]) -> list[Span]:
    """Return where the words and joined words of `text` stand whose term is one of `terms`.

    The places that `analyse` finds, sorted, in a tenth of the time, for marking many passages:
    only words that begin as one of the terms does are looked at, or with a letter to be folded.
    """
    lower = text.lower()
    if len(lower) != len(text) or lang in _CUT_IN_FRONT or _NEEDS_CARE.search(text):
        return sorted({(t.start, t.end) for t in analyse(text, lang) if t.term in terms})
    found = []
    for begin in _beginning(lower, [one.partition(":")[2] for one in terms]):
        match = _TOKEN.match(lower, begin)
        if match is None or _goes_on(lower, match.start()):
            continue
        start, end = match.span()
        possessive = lower[max(start - 1, 0) : end] in _POSSESSIVE
        if not possessive and term(match.group(), lang) in terms:
            found.append((start, end))
        if lower[end : end + 1] in _JOINS and not _joins_on(lower, start):
            joined = _joined(list(_run(lower, start)), lang)
            found += [(token.start, token.end) for token in joined if token.term in terms]
    return sorted(found)


def _beginning(lower: str, stems: Iterable[str]) -> Iterator[int]:
    """Yield where words begin like one of `stems`, or with letters that may be folded to it."""
    seconds: dict[str, set[str]] = {} if lower.isascii() else {_OUTSIDE: {""}}
    for stem_ in stems:
        if stem_[:1].isascii():
            seconds.setdefault(re.escape(stem_[:1]), set()).add(stem_[1:2])
    for first, more in seconds.items():
        every = "" in more
        likely = {*more, "y"}  # dying, die
        for match in _beginning_with(first).finditer(lower):
            after = lower[match.end() : match.end() + 1]
            if every or after in likely or not (after.isascii() and after.isalpha()):
                yield match.start()


@lru_cache(maxsize=1024)  # one a letter: a pattern made for each question would cost more than it
def _beginning_with(first: str) -> re.Pattern[str]:
    # The letter stands first, so that it is looked for before what stands in front of it.
    return re.compile(rf"{first}(?<![^\W_].)", re.DOTALL)


def _goes_on(lower: str, start: int) -> bool:
    """Tell whether what begins at `start` is the D of R&D, and no word of its own."""
    before = start
    while before and lower[before - 1] in "&+":
        before -= 1
    return 0 < before < start and lower[before - 1].isalnum()


def _joins_on(lower: str, start: int) -> bool:
    """Tell whether the word at `start` is joined to the one before it."""
    if start < 2 or lower[start - 1] not in _JOINS or not lower[start - 2].isalnum():
        return False
    return lower[max(start - 3, 0) : start - 1] not in _POSSESSIVE


def _run(lower: str, start: int) -> Iterator[tuple[str, int, int, int]]:
    """Yield the parts of the joined word that begins at `start`."""
    match = _TOKEN.match(lower, start)
    while match:
        yield match.group(), *match.span(), 0
        end = match.end()
        match = _TOKEN.match(lower, end + 1) if lower[end : end + 1] in _JOINS else None


@lru_cache(maxsize=200_000)
def term(word: str, lang: str) -> str:
    """Return the index term of one lower-case `word` of `lang`."""
    return f"{lang}:{stem(word, lang)}"


def _joined(run: list[tuple[str, int, int, int]], lang: str) -> list[Token]:
    """Return the token of the joined form of several parts, none for a single word."""
    if len(run) < 2 or sum(len(part[0]) for part in run) > 40:
        return []
    joined = "".join(part[0] for part in run)
    return [Token(term(joined, lang), run[0][1], run[-1][2], run[0][3])]


@lru_cache(maxsize=64)
def stopwords(lang: str) -> frozenset[str]:
    """Return the terms of `lang` that a question may leave out."""
    listed = set(stoplists.get(lang, ())) | set(EXTRA_STOPWORDS.get(lang, "").split())
    return frozenset(f"{lang}:{stem(word.lower(), lang)}" for word in listed)


def script(text: str) -> str | None:
    """Return "ar", "zh" or "ru" when most letters of `text` are of that script, else None."""
    if text.isascii():
        return None
    letters = sum(c.isalpha() for c in text)
    for lang, pattern, weight in (("zh", _IS_HAN, 4), ("ar", _ARABIC, 2), ("ru", _CYRILLIC, 2)):
        if letters and weight * len(pattern.findall(text)) > letters:
            return lang  # a Chinese character says as much as several letters
    return None


def scripts(text: str) -> tuple[frozenset[str], bool]:
    """Return which of "ar", "zh", "ru" have letters in `text`, and whether Latin or others do."""
    if text.isascii():
        return frozenset(), True
    patterns = (("zh", _IS_HAN), ("ar", _ARABIC), ("ru", _CYRILLIC))
    own = frozenset(lang for lang, pattern in patterns if pattern.search(text))
    rest = (c for c in text if c.isalnum() and not any(p.match(c) for _, p in patterns))
    return own, not own or any(c.isalpha() for c in rest)


def detect(text: str) -> str:
    """Return the language of a document that names none: by its script, else by its stop words.

    Latin text is given to the language whose stop words it holds most of, English when in doubt.
    """
    by_script = script(text[:5000])
    if by_script:
        return by_script
    found = {word for word, _, _ in words(text[:20_000])}
    shares = {
        lang: sum(word in found for word in listed) / len(listed) ** 0.5
        for lang, listed in stoplists.items()
        if lang != "ru"
    }
    best = max(shares, key=lambda lang: (shares[lang], lang == "en"), default="en")
    return best if shares[best] > shares["en"] * 1.2 else "en"
