"""The arrays of one segment: a folder that is a pure function of the segment and its vectors."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from indexer import impacts
from indexer.analysis import fold, words
from indexer.entry import Entry
from indexer.facets import Columns
from indexer.lexical import Part
from indexer.passages import digest, embedded_text
from indexer.semantic import Encoder, Passages, VectorCache
from indexer.values import Key

#: A year that is open; years are kept as int16.
OPEN_YEAR = 9999
NO_YEAR = -1


@dataclass(frozen=True)
class Segment:
    """What searching needs of one segment; every array is indexed by the document's number.

    `spans` (passages, 2) are the passages' ends in their document's text; `years` (documents, 2)
    hold first and last year; `published` is a day number.
    """

    name: str
    size: int
    keys: Sequence[Key]
    langs: Sequence[str]
    titles: Sequence[str]
    postings: impacts.Postings
    columns: Columns
    passages: Passages
    spans: np.ndarray
    years: np.ndarray
    published: np.ndarray
    spellings: Mapping[str, int]
    old_slugs: Sequence[tuple[str, str, int]]

    @cached_property
    def title_words(self) -> list[tuple[str, int]]:
        """Every folded word of a title with its document's number, sorted."""
        return sorted(
            (fold(word), number)
            for number, title in enumerate(self.titles)
            for word, _, _ in words(title)
        )

    @cached_property
    def aliases(self) -> Mapping[tuple[str, str], int]:
        """The document's number by its kind and each of its old slugs."""
        return {(kind, alias): number for kind, alias, number in self.old_slugs}


def key_text(key: Key) -> str:
    """Return `key` as the index writes it; `text_key` reads it back."""
    return f"{key.kind}/{key.slug}/{key.lang}"


def text_key(text: str) -> Key:
    """Return the key that `key_text` wrote."""
    kind, slug, lang = text.split("/")
    return Key(kind, slug, lang)


def record_of(entry: Entry, spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return what the word index keeps of `entry`, from which a segment's arrays are made."""
    return {
        "lang": entry.lang,
        "title": entry.title,
        "summary": entry.summary,
        "text": searched_text(entry),
        "names": dict(entry.names),
        "facets": {facet: list(values) for facet, values in entry.facets.items()},
        "years": [entry.start, entry.end],
        "published": entry.published,
        "spans": [list(span) for span in spans],
        "record": dict(entry.record),
    }


def searched_text(entry: Entry) -> str:
    """Return the text that is split into passages: the summary, then the body."""
    return "\n\n".join(part for part in (entry.summary, entry.body) if part)


def build(part: Part, folder: Path, encoder: Encoder, cache: VectorCache) -> None:
    """Write the arrays of `part` into `folder`, whole or not at all."""
    keys = part.keys()
    records = [part.record(number) for number in range(part.size)]
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    impacts.save(impacts.read(part), temporary)
    columns = Columns.of([_facets(text_key(k), r) for k, r in zip(keys, records, strict=True)])
    np.save(temporary / "bitmaps.npy", columns.bitmaps)
    _save_passages(records, temporary, encoder, cache)
    np.save(temporary / "years.npy", np.array([_years(r) for r in records], np.int16))
    np.save(temporary / "published.npy", np.array([_day(r) for r in records], np.int32))
    about = {
        "keys": keys,
        "langs": [record["lang"] for record in records],
        "titles": [record["title"] for record in records],
        "values": columns.values,
        "spellings": dict(part.spellings()),
        "old_slugs": [
            (text_key(key).kind, alias, number)
            for number, (key, record) in enumerate(zip(keys, records, strict=True))
            for alias in record["record"].get("front", {}).get("aliases") or ()
        ],
    }
    (temporary / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)


def _facets(key: Key, record: Mapping[str, Any]) -> dict[str, list[str]]:
    status = record["record"].get("front", {}).get("status") or "published"
    return {**record["facets"], "kind": [key.kind], "status": [status]}


def _years(record: Mapping[str, Any]) -> tuple[int, int]:
    start, end = record["years"]
    if start is None and end is None:
        return NO_YEAR, NO_YEAR
    return (end if start is None else start), (OPEN_YEAR if end is None else end)


def _day(record: Mapping[str, Any]) -> int:
    try:
        return date.fromisoformat(record["published"]).toordinal()
    except ValueError:
        return 0


def _save_passages(
    records: Sequence[Mapping[str, Any]], folder: Path, encoder: Encoder, cache: VectorCache
) -> None:
    spans = [tuple(span) for record in records for span in record["spans"]]
    first = np.cumsum([0, *(len(record["spans"]) for record in records)]).astype(np.int64)
    vectors = np.lib.format.open_memmap(
        folder / "vectors.npy", "w+", np.float32, (len(spans), encoder.dimensions)
    )
    row = 0
    for begin in range(0, len(records), 200):
        digests = [
            digest(encoder.name, embedded_text(record["title"], record["text"], tuple(span)))
            for record in records[begin : begin + 200]
            for span in record["spans"]
        ]
        found = cache.get(digests)
        for one in digests:
            vectors[row] = found[one]
            row += 1
    vectors.flush()
    np.save(folder / "first.npy", first)
    np.save(folder / "spans.npy", np.array(spans, np.int32).reshape(-1, 2))


def load(name: str, folder: Path) -> Segment:
    """Open the arrays of segment `name`, the large ones as read-only memory maps."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    arrays = {
        array: np.load(folder / f"{array}.npy", mmap_mode="r")
        for array in ("bitmaps", "vectors", "first", "spans", "years", "published")
    }
    return Segment(
        name=name,
        size=len(about["keys"]),
        keys=tuple(text_key(text) for text in about["keys"]),
        langs=tuple(about["langs"]),
        titles=tuple(about["titles"]),
        postings=impacts.load(folder),
        columns=Columns(tuple((f, v) for f, v in about["values"]), arrays["bitmaps"]),
        passages=Passages(arrays["vectors"], np.asarray(arrays["first"])),
        spans=arrays["spans"],
        years=np.asarray(arrays["years"]),
        published=np.asarray(arrays["published"]),
        spellings=about["spellings"],
        old_slugs=about["old_slugs"],
    )
