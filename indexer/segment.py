"""The arrays of one segment: a folder that is a pure function of the segment and its vectors."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from indexer import impacts, names
from indexer.analysis import fold, words
from indexer.entry import Entry
from indexer.facets import Columns
from indexer.lexical import Part
from indexer.names import Names, lines_of, mapped
from indexer.passages import digest, embedded_text
from indexer.semantic import Encoder, Passages, VectorCache
from indexer.values import Key

#: A year that is open; years are kept as int16.
OPEN_YEAR = 9999
NO_YEAR = -1
#: Shorter words are not offered as corrections.
SHORTEST_SPELLING = 4


@dataclass(frozen=True)
class Segment:
    """What searching needs of one segment; every array is indexed by the document's number.

    `spans` (passages, 2) are the passages' ends in their document's text; `years` (documents, 2)
    hold first and last year; `published` is a day number.
    """

    name: str
    size: int
    key_texts: Sequence[str]
    langs: Sequence[str]
    postings: impacts.Postings
    names: Names
    columns: Columns
    passages: Passages
    spans: np.ndarray
    years: np.ndarray
    published: np.ndarray
    old_slugs: Sequence[tuple[str, str, int]]
    packed_titles: np.ndarray
    packed_spellings: np.ndarray
    packed_records: np.ndarray
    record_ends: np.ndarray

    def key(self, number: int) -> Key:
        """Return the key of document `number`."""
        return text_key(self.key_texts[number])

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each document by its key as a text."""
        return {text: number for number, text in enumerate(self.key_texts)}

    @cached_property
    def key_marks(self) -> np.ndarray:
        """A number for each document that its key alone decides, nearly in the order of slugs."""
        return np.fromiter(map(_mark, self.key_texts), np.uint64, self.size)

    @cached_property
    def translated(self) -> Mapping[int, Key]:
        """The keys of the translations by their number."""
        return {n: text_key(text) for n, text in enumerate(self.key_texts) if text[-1] != "/"}

    @cached_property
    def by_language(self) -> Mapping[str, np.ndarray]:
        """The numbers of the documents in each language, ascending."""
        found: dict[str, list[int]] = {}
        for number, lang in enumerate(self.langs):
            found.setdefault(lang, []).append(number)
        return {lang: np.array(numbers, np.int64) for lang, numbers in found.items()}

    @cached_property
    def term_languages(self) -> frozenset[str]:
        """The languages in which a document or a name was analysed."""
        return frozenset(term[: term.index(":")] for term in self.postings.rows)

    def record(self, number: int) -> dict[str, Any]:
        """Return the record of document `number`, but for its names.

        It is read here and not from Whoosh, which would unpack it ten times as slowly.
        """
        begin, end = self.record_ends[number : number + 2].tolist()
        found: dict[str, Any] = _unpacked(self.packed_records[begin:end])
        return found

    @cached_property
    def titles(self) -> Sequence[str]:
        """The title of every document."""
        found: list[str] = _unpacked(self.packed_titles)
        return found

    @cached_property
    def spellings(self) -> Mapping[str, int]:
        """Every word as it is written, with how many documents hold it in their text or names."""
        found: dict[str, int] = _unpacked(self.packed_spellings)
        return found

    @cached_property
    def _spelled(self) -> Sequence[str]:
        return sorted(self.spellings, key=fold)

    def spelled(self, start: str) -> Sequence[str]:
        """Return the words as they are written that begin with `start`, accents aside."""
        begin = bisect_left(self._spelled, start, key=fold)
        end = bisect_left(self._spelled, start + chr(sys.maxunicode), begin, key=fold)
        return self._spelled[begin:end]

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


def _mark(key: str) -> int:
    """Return the beginning of a key's slug and, below that, a checksum of the whole key."""
    slug = key.split("/", 2)[1].encode()
    return int.from_bytes(slug[:5].ljust(5, b"\0")) << 24 | zlib.crc32(key.encode()) >> 8


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


@dataclass
class _Gathered:
    """What the records of a segment say, gathered in one pass so that few are held at once."""

    keys: list[str] = field(default_factory=list)
    langs: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    facets: list[dict[str, list[str]]] = field(default_factory=list)
    years: list[tuple[int, int]] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    old_slugs: list[tuple[str, str, int]] = field(default_factory=list)
    spellings: Counter[str] = field(default_factory=Counter)
    names: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    first: list[int] = field(default_factory=lambda: [0])
    digests: list[bytes] = field(default_factory=list)

    def take(self, key: str, record: Mapping[str, Any], model: str) -> None:
        """Add the next document."""
        number = len(self.keys)
        self.keys.append(key)
        self.langs.append(record["lang"])
        self.titles.append(record["title"])
        self.facets.append(_facets(text_key(key), record))
        self.years.append(_years(record))
        self.published.append(_day(record))
        aliases = record["record"].get("front", {}).get("aliases") or ()
        self.old_slugs += [(text_key(key).kind, alias, number) for alias in aliases]
        self.spellings.update(_spellings(f"{record['title']}\n{record['text']}"))
        for line in lines_of(record["names"]):
            self.names.setdefault(line, []).append(number)
        for start, end in record["spans"]:
            text = embedded_text(record["title"], record["text"], (start, end))
            self.spans.append((start, end))
            self.digests.append(digest(model, text))
        self.first.append(len(self.spans))

    def passage_text(self, row: int, part: Part) -> str:
        """Return what the model reads for passage `row` of `part`."""
        record = part.record(bisect_right(self.first, row) - 1)
        return embedded_text(record["title"], record["text"], self.spans[row])


def build(part: Part, folder: Path, encoder: Encoder, cache: VectorCache) -> None:
    """Write the arrays of `part` into `folder`, whole or not at all."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    gathered, ends = _Gathered(), [0]
    with (temporary / "records.json").open("wb") as shown:
        for number, key in enumerate(part.keys()):
            record = part.record(number)
            gathered.take(key, record, encoder.name)
            ends.append(ends[-1] + shown.write(_shown(record)))
    called = Names.of(gathered.names)
    called.save(temporary)
    for (_, name), documents in gathered.names.items():
        gathered.spellings.update(dict.fromkeys(_spellings(name), len(documents)))
    impacts.save(impacts.read(part, called), temporary)
    columns = Columns.of(gathered.facets)
    _save_vectors(gathered, part, temporary, encoder, cache)
    for array, values in (
        ("bitmaps", columns.bitmaps),
        ("first", np.array(gathered.first, np.int64)),
        ("spans", np.array(gathered.spans, np.int32).reshape(-1, 2)),
        ("years", np.array(gathered.years, np.int16)),
        ("published", np.array(gathered.published, np.int32)),
        ("spellings", _packed(gathered.spellings)),
        ("titles", _packed(gathered.titles)),
        ("record_ends", np.array(ends, np.int64)),
    ):
        np.save(temporary / f"{array}.npy", values)
    about = {
        "keys": gathered.keys,
        "langs": gathered.langs,
        "values": columns.values,
        "old_slugs": gathered.old_slugs,
    }
    (temporary / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)


def _packed(value: object) -> np.ndarray:
    """Return `value` as the bytes of its JSON, to be mapped with the arrays and read when used."""
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _shown(record: Mapping[str, Any]) -> bytes:
    """Return what pages need of a record: all but the names, which are kept once a segment."""
    rest = {name: value for name, value in record.items() if name != "names"}
    return json.dumps(rest, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(packed: np.ndarray) -> Any:
    try:
        return orjson.loads(packed.data)
    except orjson.JSONDecodeError:  # NaN and the like, which YAML knows and JSON does not
        return json.loads(packed.tobytes())


def _spellings(text: str) -> set[str]:
    """Return the words of `text` that may be offered as corrections."""
    found = {word for word, _, _ in words(text)}
    return {word for word in found if len(word) >= SHORTEST_SPELLING and word.isalpha()}


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


def _save_vectors(
    gathered: _Gathered, part: Part, folder: Path, encoder: Encoder, cache: VectorCache
) -> None:
    """Write the vectors as the cache has them; one that it lost is made again."""
    digests = gathered.digests
    vectors = np.lib.format.open_memmap(
        folder / "vectors.npy", "w+", np.float32, (len(digests), encoder.dimensions)
    )
    for begin in range(0, len(digests), 500):
        some = digests[begin : begin + 500]
        found = cache.get(some)
        for row, one in enumerate(some, begin):
            vector = found.get(one)
            if vector is None:
                vector = encoder.encode([gathered.passage_text(row, part)])[0]
            vectors[row] = vector
    vectors.flush()


def load(name: str, folder: Path) -> Segment:
    """Open the arrays of segment `name`, the large ones as read-only memory maps."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    large = ("bitmaps", "vectors", "first", "spans", "years", "published", "spellings", "titles")
    arrays = {array: mapped(folder / f"{array}.npy") for array in large}
    return Segment(
        name=name,
        size=len(about["keys"]),
        key_texts=about["keys"],
        langs=about["langs"],
        postings=impacts.load(folder),
        names=names.load(folder),
        columns=Columns(tuple((f, v) for f, v in about["values"]), arrays["bitmaps"]),
        passages=Passages(arrays["vectors"], np.asarray(arrays["first"])),
        spans=arrays["spans"],
        years=np.asarray(arrays["years"]),
        published=np.asarray(arrays["published"]),
        old_slugs=about["old_slugs"],
        packed_titles=arrays["titles"],
        packed_spellings=arrays["spellings"],
        packed_records=np.asarray(np.memmap(folder / "records.json", np.uint8, "r")),
        record_ends=np.load(folder / "record_ends.npy"),
    )
