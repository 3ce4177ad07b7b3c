"""Cases made of real paragraphs: as many as wanted, the same ones for the same seed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np

from indexer.headings import ENGLISH as HEADINGS
from indexer.passages import sentences
from indexer.vocabulary import Vocabularies, Vocabulary
from kb.services.bench.source import SEED, Source

#: Fields of terms: field, vocabulary, the most and least values of a case.
TERMS = (
    ("themes", "themes", 3, 1),
    ("technologies", "technologies", 3, 0),
    ("countries", "countries", 2, 1),
    ("sdgs", "sdgs", 3, 1),
    ("action_lines", "action_lines", 3, 0),
    ("modality", "modality", 2, 1),
    ("outcome", "outcomes", 1, 1),
    ("evidence", "evidence", 2, 1),
    ("beneficiaries", "beneficiaries", 2, 0),
)
_BATCH = 5000


def texts(source: Source, vocabularies: Vocabularies, count: int) -> Iterator[tuple[str, str]]:
    """Yield the slug and the text of the file of each of `count` cases.

    A case has three or four paragraphs below the usual headings and values from all the
    vocabularies, the first of each drawn far more often than the last (Zipf's law).
    """
    rng = np.random.default_rng(SEED)
    orders = {name: _order(vocabularies[name], rng) for _, name, _, _ in TERMS}
    summaries = _summaries(source)
    for begin in range(0, count, _BATCH):
        size = min(_BATCH, count - begin)
        drawn = {
            field: _drawn(orders[name], size, most, least, rng)
            for field, name, most, least in TERMS
        }
        paragraphs = rng.integers(len(source.paragraphs), size=(size, 4))
        parts = rng.integers(3, 5, size=size)
        titles = rng.integers(len(source.titles), size=size)
        abouts = rng.integers(len(summaries), size=size)
        years = rng.integers(1996, 2024, size=(size, 2))
        for row in range(size):
            number = begin + row
            terms = {field: values[row] for field, values in drawn.items()}
            place = vocabularies.label("countries", terms["countries"][0])
            title = f"{source.titles[titles[row]]}: {place}"
            chosen = [source.paragraphs[i] for i in paragraphs[row, : parts[row]]]
            head = _front(title, summaries[abouts[row]], terms, sorted(years[row].tolist()), number)
            yield f"case-{number:06}", head + _body(chosen)


def _order(vocabulary: Vocabulary, rng: np.random.Generator) -> list[str]:
    """Return the ids, countries shuffled because the alphabet says nothing of how common."""
    ids = list(vocabulary)
    return [ids[i] for i in rng.permutation(len(ids))] if vocabulary.name == "countries" else ids


def _drawn(
    ids: Sequence[str], size: int, most: int, least: int, rng: np.random.Generator
) -> list[list[str]]:
    if not ids:
        return [[] for _ in range(size)]
    weights = 1.0 / np.arange(1, len(ids) + 1)
    chosen = rng.choice(len(ids), size=(size, most), p=weights / weights.sum())
    counts = rng.integers(least, most + 1, size=size)
    return [
        list(dict.fromkeys(ids[i] for i in row[:n]))
        for row, n in zip(chosen.tolist(), counts.tolist(), strict=True)
    ]


def _summaries(source: Source) -> list[str]:
    found = [
        paragraph[start:end]
        for paragraph in source.paragraphs
        for start, end in sentences(paragraph)
        if 50 <= end - start <= 180
    ]
    return found or [paragraph[:180] for paragraph in source.paragraphs]


def _front(
    title: str, summary: str, terms: dict[str, list[str]], years: list[int], number: int
) -> str:
    lines = ["---", f"title: {_quoted(title)}", f"summary: {_quoted(summary)}", "lang: en"]
    lines += ["status: published", f"published: 20{10 + number % 16}-{1 + number % 12:02}-15"]
    for field, ids in terms.items():
        if not ids:
            continue
        if field == "outcome":
            lines.append(f"outcome: {ids[0]}")
        else:
            lines.append(f"{field}: [{', '.join(map(_quoted, ids))}]")
    lines.append(f"period: {{start: {years[0]}, end: {years[1]}}}")
    if number % 3 == 0:
        lines.append(f"funding: [{{amount: {1000 + number}, currency: USD, year: {years[0]}}}]")
    lines.append("sources: [{id: 1, title: A report, url: 'https://example.org/report'}]")
    return "\n".join([*lines, "---", ""])


def _quoted(text: str) -> str:
    return text if text.isdigit() else json.dumps(text, ensure_ascii=False)


def _body(paragraphs: Sequence[str]) -> str:
    return "".join(
        f"\n## {heading}\n\n{paragraph}\n"
        for heading, paragraph in zip(HEADINGS, paragraphs, strict=False)
    )
