"""From an entry to what the index takes: tokens per field, passages, vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from indexer import analysis, passages, semantic
from indexer.entry import Entry
from indexer.lexical import Indexed
from indexer.passages import digest, embedded_text
from indexer.segment import key_text, record_of, searched_text
from indexer.semantic import Encoder, VectorCache

#: Told how far a long work is: the stage, what is done, what there is to do.
Progress = Callable[[str, int, int], None]


def indexed(entry: Entry, encoder: Encoder) -> Indexed:
    """Return `entry` as the index takes it; its vectors are made by `embed_all`."""
    lang = entry.lang.partition("-")[0]
    spans = passages.split(searched_text(entry), encoder.token_ends)
    record = record_of(entry, spans)
    return Indexed(key_text(entry.key), _tokens(record, lang), record)


def _tokens(record: Mapping[str, Any], lang: str) -> dict[str, list[analysis.Token]]:
    body = record["text"][len(record["summary"]) :]
    return {
        "title": analysis.analyse(record["title"], lang),
        "summary": analysis.analyse(record["summary"], lang),
        "body": analysis.analyse(body, lang),
    }


def passage_texts(documents: Iterable[Indexed], encoder: Encoder) -> dict[bytes, str]:
    """Return the texts of all passages by their digest."""
    texts = {}
    for document in documents:
        record = document.record
        for span in record["spans"]:
            text = embedded_text(record["title"], record["text"], tuple(span))
            texts[digest(encoder.name, text)] = text
    return texts


def again(key: str, record: dict[str, Any]) -> Indexed:
    """Return a document from the record that the index kept of it, for when its file is broken."""
    lang = record["lang"].partition("-")[0]
    return Indexed(key, _tokens(record, lang), record)


def stream(
    documents: Iterable[Indexed],
    encoder: Encoder,
    cache: VectorCache,
    total: int = 0,
    progress: Progress | None = None,
    *,
    batch: int = 64,
) -> Iterator[Indexed]:
    """Yield `documents` with their vectors made, a batch at a time, telling how far it is."""
    done = 0
    for some in batched(documents, batch):
        semantic.embed(passage_texts(some, encoder), encoder, cache)
        for document in some:
            yield document
            done += 1
        if progress:
            progress("index", done, max(total, done))


def batched(items: Iterable[Indexed], size: int) -> Iterator[list[Indexed]]:
    """Yield `items` in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
