"""The small index by which a folder is searched without a server: words, and where they stand.

`static/pack-folder.js` reads it, and must part a question into words as `words_of` parts a text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.services.packing.book import Book, Chapter

#: Scripts without spaces: each of their letters counts as a word.
_ALONE = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_])+")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
#: The Arabic article, which is written with its word.
_ARTICLE = "\u0627\u0644"
#: What a word counts in the name of a case, in a heading, and how often at most in a text.
IN_TITLE, IN_HEADING, MOST = 8, 4, 3


@dataclass(frozen=True)
class Entry:
    """A place that can be found: its page and anchor, the name of the page, a heading, its text."""

    address: str
    title: str
    heading: str
    text: str


def words_of(text: str) -> list[str]:
    """The words of a text as the index has them: small letters, no accents, no Arabic article."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return [_bare(word) for word in _WORD.findall(plain)]


def _bare(word: str) -> str:
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word


def script(book: Book) -> str:
    """The index as a script that names it PACK: its entries, and for each word where it stands.

    Places are told as number of the entry and weight, one after the other.
    """
    entries = tuple(entries_of(book))
    index: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        for word, weight in _weights(entry).items():
            index.setdefault(word, []).extend((number, weight))
    told = {
        "entries": [[one.address, one.title, one.heading, one.text] for one in entries],
        "words": dict(sorted(index.items())),
    }
    json_ = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"var PACK = {json_.replace('<', chr(92) + 'u003c')};\n"


def _weights(entry: Entry) -> Counter[str]:
    weights = Counter({word: min(count, MOST) for word, count in
                       Counter(words_of(entry.text)).items()})  # fmt: skip
    weights.update(dict.fromkeys(words_of(entry.title), IN_TITLE))
    weights.update(dict.fromkeys(words_of(entry.heading), IN_HEADING))
    return weights


def entries_of(book: Book) -> Iterator[Entry]:
    """All that can be found in a folder."""
    words = book.words
    pack = (book.summary, book.audience, *book.objectives, *book.prerequisites,
            *book.introduction.text)  # fmt: skip
    yield Entry("index.html", book.title, "", _joined(pack))
    for section in book.sections:
        if section.intro:
            address = f"index.html#{section.id}"
            yield Entry(address, book.title, section.title, _joined((section.intro,)))
        for chapter in section.chapters:
            yield from _of_chapter(chapter, words["note"], words["questions"])


def _of_chapter(chapter: Chapter, note: str, questions: str) -> Iterator[Entry]:
    page = f"{chapter.id}.html"
    facts = (f"{fact.name}: {', '.join(fact.values)}" for fact in chapter.facts)
    yield Entry(page, chapter.title, "", _joined((chapter.summary, *chapter.lead.text, *facts)))
    for heading, texts in ((note, (chapter.note,)), (questions, chapter.questions)):
        if any(texts):
            yield Entry(page, chapter.title, heading, _joined(texts))
    for passage in chapter.passages:
        told: tuple[str, ...] = passage.prose.text
        if passage.role == "results":
            told += tuple(_figures(chapter))
        yield Entry(f"{page}#{passage.id}", chapter.title, passage.title, _joined(told))
    for source in chapter.sources:
        text = _joined((source.title, source.publisher, source.year))
        yield Entry(f"{page}#{chapter.id}-source-{source.id}", chapter.title, "", text)


def _figures(chapter: Chapter) -> Iterator[str]:
    for row in chapter.stated:
        yield " ".join(filter(None, (row.indicator, row.value, row.when, row.note)))


def _joined(texts: Iterable[str]) -> str:
    return " ".join(" ".join(text.split()) for text in texts if text)
