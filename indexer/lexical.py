"""Whoosh, the durable full-text index, behind a small interface.

Whoosh keeps the documents and their postings with positions; it
answers clauses (phrase, wildcard, fuzzy, field) with sets of documents. Scores come from the
same postings read once into arrays (`indexer.impacts`).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import analysis as whoosh_analysis
from whoosh import fields, formats, index, query, writing
from whoosh.filedb import compound, structfile
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.searching import Searcher

from indexer.analysis import Token
from indexer.errors import IndexMissing

#: Fields of text that are searched; what terms are called is kept apart (`indexer.names`).
TEXT_FIELDS = ("title", "summary", "body")
_NAME = "MAIN"


class _Placed(formats.Positions):  # type: ignore[misc]
    """Whoosh's postings with positions, of tokens that `indexer.analysis` made already."""

    def word_values(
        self, value: Sequence[Token], analyzer: Any, **_: Any
    ) -> Iterator[tuple[str, int, float, bytes]]:
        places: dict[str, list[int]] = {}
        for token in value:
            places.setdefault(token.term, []).append(token.position)
        for term, positions in places.items():
            yield term, len(positions), float(len(positions)), self.encode(sorted(positions))


class _Pointer:
    """A place in mapped bytes, read from there like a file."""

    def __init__(self, view: memoryview):
        self._view = view
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size is None or size < 0 else self._at + size
        found = bytes(self._view[self._at : end])
        self._at += len(found)
        return found

    def seek(self, to: int, whence: int = 0) -> int:
        self._at = to + (0, self._at, len(self._view))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view = memoryview(b"")


class _MappedFile(structfile.BufferFile):  # type: ignore[misc]
    """A file inside a segment, read where it is mapped.

    Whoosh's own copies the whole file into memory whenever a reader is opened, which at 100,000
    documents is hundreds of megabytes for every edit.
    """

    def __init__(self, buf: Any, name: str | None = None, onclose: Any = None):
        self._buf = buf
        self._name = name
        self.onclose = onclose
        self.file = _Pointer(memoryview(buf))
        self.is_real = self.is_closed = False

    def read_pickle(self) -> Any:
        at = self.file.tell()
        for most in (4096, len(self._buf)):  # nearly all are small
            piece = BytesIO(self._buf[at : at + most])
            try:
                found = pickle.load(piece)  # noqa: S301 - files that we wrote
            except (EOFError, pickle.UnpicklingError):
                continue
            self.file.seek(at + piece.tell())
            return found
        raise EOFError(f"{self._name} ends within a value.")

    def subset(self, position: int, length: int, name: str | None = None) -> _MappedFile:
        return _MappedFile(self._buf[position : position + length], name or self._name)


compound.BufferFile = _MappedFile


def schema() -> fields.Schema:
    """Return the fields of the index: the key, the searched texts and the record."""
    plain = whoosh_analysis.IDAnalyzer()
    return fields.Schema(
        key=fields.ID(stored=True, unique=True),
        record=fields.STORED,
        **{name: fields.FieldType(_Placed(), plain) for name in TEXT_FIELDS},
    )


@dataclass(frozen=True)
class Indexed:
    """A document as it goes into the index: its key, the tokens per field and what is kept."""

    key: str
    tokens: dict[str, list[Token]]
    record: dict[str, Any]


def create(folder: Path) -> None:
    """Make an empty index in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    index.create_in(str(folder), schema(), _NAME)


def _tail_merge(limit: int, factor: int = 4) -> Callable[[Any, list[Any]], list[Any]]:
    """Return a merge policy for segments of at most `limit` documents, the larger untouched.

    Small segments are merged when `factor` of about one size have come together, so that five
    hundred single edits leave a handful of segments and no edit pays for more than `limit`.
    """

    def policy(writer: Any, segments: list[Any]) -> list[Any]:
        segments = [s for s in segments if s.doc_count_all() > s.deleted_count()]
        sizes: dict[int, list[Any]] = {}
        for segment in segments:
            if segment.doc_count_all() * factor <= limit:
                level = (max(segment.doc_count_all(), 1).bit_length() - 1) // 2
                sizes.setdefault(level, []).append(segment)
        merged: list[Any] = []
        for level in sorted(sizes):
            if len(sizes[level]) >= factor - 1:
                merged = sizes[level]
                break
        for segment in merged:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            writer._added = True
            reader.close()
        return [s for s in segments if s not in merged]

    return policy


class _Writer(writing.SegmentWriter):  # type: ignore[misc]
    """A writer that leaves the files of the last state for those who still read it."""

    def _commit_toc(self, segments: list[Any]) -> None:
        index.TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)


def write(
    folder: Path,
    add: Iterable[Indexed] = (),
    remove: Iterable[str] = (),
    *,
    optimize: bool = False,
    tail: int = 64,
) -> int:
    """Add and remove documents in one commit and return the number of the new state.

    A document added replaces the one with its key. With `optimize` all segments become one;
    otherwise only segments of up to `tail` documents are ever merged. The caller holds the lock.
    """
    storage = FileStorage(str(folder))
    writer = _Writer(index.FileIndex(storage, indexname=_NAME), limitmb=256)
    try:
        for key in remove:
            writer.delete_by_term("key", key)
        present = writer.reader()
        for document in add:
            if ("key", document.key) in present:
                writer.delete_by_term("key", document.key)
            writer.add_document(
                key=document.key,
                record=document.record,
                **{name: tokens for name, tokens in document.tokens.items() if tokens},
            )
        present.close()
        policy = writing.OPTIMIZE if optimize else _tail_merge(tail)
        writer.commit(mergetype=policy)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
    return int(writer.generation)


def clean(folder: Path, states: Sequence[int]) -> None:
    """Remove the files of all states of the index in `folder` but `states`."""
    storage = FileStorage(str(folder))
    kept = set()
    for state in states:
        try:
            kept |= {s.segment_id() for s in index.TOC.read(storage, _NAME, gen=state).segments}
        except OSError:
            continue
    for name in list(storage):
        toc = index.TOC._pattern(_NAME).match(name)
        segment = index.TOC._segment_pattern(_NAME).match(name)
        if (toc and int(toc.group(1)) not in states) or (segment and segment.group(1) not in kept):
            (folder / name).unlink(missing_ok=True)


class Part:
    """One segment of the index: its documents numbered from 0, immutable but for deletions."""

    def __init__(self, reader: SegmentReader):
        self._reader = reader
        segment = reader.segment()
        self.name: str = segment.segment_id()
        self.size: int = segment.doc_count_all()

    def live(self) -> np.ndarray:
        """Return a boolean array of shape (size,), False for documents that were removed."""
        live = np.ones(self.size, dtype=bool)
        for document in self._reader.segment().deleted_docs():
            live[document] = False
        return live

    def keys(self) -> list[str]:
        """Return the key of every document in the order of their numbers."""
        return [self._reader.stored_fields(number)["key"] for number in range(self.size)]

    def record(self, number: int) -> dict[str, Any]:
        """Return what was kept of document `number`."""
        found: dict[str, Any] = self._reader.stored_fields(number)["record"]
        return found

    def postings(self, field: str) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Yield each term of `field` with its documents and frequencies, removed ones included."""
        if field not in self._reader.indexed_field_names():
            return
        for term, _ in self._reader.iter_field(field):
            matcher = self._reader.postings(field, term)
            documents: list[int] = []
            weights: list[float] = []
            while matcher.is_active():
                documents.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
            yield (
                term.decode("utf-8"),
                np.asarray(documents, dtype=np.int32),
                np.asarray(weights, dtype=np.float32),
            )

    def matching(self, clause: query.Query) -> np.ndarray:
        """Return the numbers of the documents that match a Whoosh query."""
        matcher = clause.matcher(Searcher(self._reader))
        return np.fromiter(matcher.all_ids(), dtype=np.int64)


class _Closing(FileStorage):  # type: ignore[misc]
    """A folder of index files; Whoosh leaves those open that it fails to read."""

    def __init__(self, path: str):
        super().__init__(path)
        self._opened: list[structfile.StructFile] = []

    def open_file(self, name: str, **how: Any) -> structfile.StructFile:
        self._opened.append(super().open_file(name, **how))
        return self._opened[-1]

    def close_files(self) -> None:
        for file in self._opened:
            if not file.is_closed:
                file.close()


class State:
    """An opened state of the index; unchanged by later commits."""

    def __init__(self, folder: Path, number: int):
        """Open state `number`; raises `IndexMissing` when its files are gone or broken."""
        storage = _Closing(str(folder))
        try:
            toc = index.TOC.read(storage, _NAME, gen=number)
            readers = [
                SegmentReader(storage, toc.schema, segment, generation=number)
                for segment in toc.segments
            ]
        except Exception as broken:  # whatever a damaged file makes Whoosh or pickle say
            storage.close_files()
            raise IndexMissing(f"The word index cannot be read: {broken}") from broken
        self.number = number
        self.parts = [Part(reader) for reader in readers]


def phrase(terms: Sequence[str], field_names: Sequence[str]) -> query.Query:
    """Return the clause for documents with `terms` side by side in one of the fields."""
    if len(terms) == 1:
        return query.Or([query.Term(name, terms[0]) for name in field_names])
    return query.Or([query.Phrase(name, list(terms)) for name in field_names])
