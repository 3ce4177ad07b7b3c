"""Real text for the bench: paragraphs, titles and questions, cut from pages or from our cases."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer import analysis
from indexer.document import parse
from indexer.passages import sentences
from indexer.plain import plain_text
from indexer.query import Query
from indexer.store import Store
from indexer.vocabulary import Vocabularies

#: Distinct paragraphs that cases are made of; each is embedded once, which bounds the wait.
PARAGRAPHS = 1500
#: Words of a paragraph, at least and about.
LEAST_WORDS, ENOUGH_WORDS = 25, 42
SEED = 20261123

_MARKUP = re.compile(r"[*_<>\[\]`#|~\\{}]|\s+")

#: Needs in plain words, asked beside the questions that come from the text itself.
NEEDS = (
    "how can farmers hear about the weather without internet",
    "paying people after a disaster when they have no bank account",
    "my clinic loses paper records",
    "ways to warn a village before a flood",
    "teaching children when the school has no electricity",
    "help women start a business with only a simple phone",
    "how to know which children missed a vaccine",
    "government forms that take less time",
    "why did a laptop programme fail",
    "getting medicine to places without roads",
    "sharing data between ministries safely",
    "make a website work for blind people",
    "let citizens report a broken water pump",
    "cheap internet for a poor neighbourhood",
    "training civil servants to write clearly",
    "stop corruption in subsidies for fertiliser",
    "identity for people without papers",
    "old people who cannot use online services",
    "measure whether visitors are satisfied",
    "moving services to the cloud on a small budget",
)


@dataclass(frozen=True)
class Source:
    """Where the text comes from, and the text: `name` is said in the output."""

    name: str
    titles: tuple[str, ...]
    paragraphs: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Eight hex digits that change with the text."""
        joined = "\0".join((*self.titles, *self.paragraphs))
        return hashlib.sha256(joined.encode()).hexdigest()[:8]


def read(content: Path, digitalgov: Path) -> Source:
    """Give the text of the digitalgov collection where it lies, else that of the cases."""
    if (digitalgov / "corpus.jsonl.gz").is_file():
        rows = [(row["title"], row["text"]) for row in _rows(digitalgov / "corpus.jsonl.gz")]
        asked = [row["text"] for row in _rows(digitalgov / "queries.jsonl")]
        return _source("digitalgov", rows, asked)
    store = Store(content)
    rows = []
    for key in store.keys("case"):
        document = parse(key, store.read(key))
        rows.append((str(document.front.get("title") or key.slug), plain_text(document.body)))
    return _source("content", rows, [sentence for _, text in rows for sentence in _cut(text)[::4]])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    whole = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in filter(None, whole.decode("utf-8").split("\n")):
        yield json.loads(line)


def _source(name: str, rows: Iterable[tuple[str, str]], asked: Sequence[str]) -> Source:
    titles, paragraphs = [], []
    for title, text in rows:
        if title.strip():
            titles.append(_clean(title)[:110])
        paragraphs += _paragraphs(_clean_lines(text))
    found = list(dict.fromkeys(paragraphs))
    rng = np.random.default_rng(SEED)
    chosen = rng.permutation(len(found))[:PARAGRAPHS]
    return Source(
        name,
        tuple(dict.fromkeys(titles)),
        tuple(found[i] for i in sorted(chosen.tolist())),
        tuple(dict.fromkeys([*(_clean(text) for text in asked), *titles])),
    )


def _clean(text: str) -> str:
    """Return one line without the marks that Markdown reads."""
    return _MARKUP.sub(" ", html.unescape(text)).replace('"', "").strip()


def _clean_lines(text: str) -> str:
    return "\n\n".join(" ".join(_clean(part).split()) for part in text.split("\n\n"))


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def _paragraphs(text: str) -> list[str]:
    """Return runs of whole sentences of about `ENOUGH_WORDS` words, shorter ends left out."""
    found: list[str] = []
    run: list[str] = []
    for sentence in _cut(text):
        if len(sentence) > 400:
            run = []
            continue
        run.append(sentence)
        words = sum(len(one.split()) for one in run)
        if words >= ENOUGH_WORDS:
            found.append(" ".join(run))
            run = []
    if sum(len(one.split()) for one in run) >= LEAST_WORDS:
        found.append(" ".join(run))
    return found


def questions(source: Source, vocabularies: Vocabularies, count: int) -> list[Query]:
    """Return `count` distinct questions of two to eight words, a third of them with a filter."""
    rng = np.random.default_rng(SEED + 1)
    texts = dict.fromkeys(NEEDS[: max(count // 10, 1)])
    stopped = analysis.stopwords("en")
    for _ in range(40 * count):
        if len(texts) >= count:
            break
        words = str(source.asked[rng.integers(len(source.asked))]).split()
        size = int(rng.integers(2, 9))
        begin = int(rng.integers(max(len(words) - size, 0) + 1))
        text = " ".join(words[begin : begin + size]).strip(" .,;:!?-–'()")
        tokens = analysis.analyse(text, "en")
        if sum(token.term not in stopped for token in tokens) >= 2:
            texts.setdefault(text)
    asked = [Query(text=text) for text in list(texts)[:count]]
    order = rng.permutation(len(asked))
    return [
        asked[i].replace(facets=_filter(vocabularies, rng)) if at % 3 == 0 else asked[i]
        for at, i in enumerate(order.tolist())
    ]


def _filter(
    vocabularies: Vocabularies, rng: np.random.Generator
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    facet, name = (("theme", "themes"), ("region", "regions"), ("outcome", "outcomes"))[
        int(rng.integers(3))
    ]
    ids = [term for term in vocabularies[name] if term != "world"][:8]
    return ((facet, (ids[int(rng.integers(len(ids)))],)),) if ids else ()
