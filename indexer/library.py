"""The library: opens the index of a content folder, answers questions, takes in changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from indexer import crossing, indexing, searching, similar, suggesting, sync, terms, watching
from indexer.case import entry_of
from indexer.crossing import Tally
from indexer.document import Document, parse
from indexer.errors import IndexMissing, NoSuchDocument
from indexer.hits import Hit, Results, Suggestion
from indexer.indexfolder import FORMAT, IndexFolder, Stamp
from indexer.indexing import Progress
from indexer.lexical import Indexed
from indexer.listing import Listing, listed
from indexer.query import Query, ReadAs
from indexer.question import prepare
from indexer.segment import key_text
from indexer.selection import Selection
from indexer.semantic import DEFAULT_MODEL, Encoder, VectorCache
from indexer.snapshot import Listed, Snapshot
from indexer.store import Store
from indexer.sync import Report
from indexer.terms import Offer
from indexer.values import Key, revision_of
from indexer.vocabulary import Vocabularies

log = logging.getLogger("sankofa.library")


class Library:
    """A content folder and its index. One process may hold one; threads share it."""

    def __init__(self, content: Path, var: Path, model: Path | None = None, threads: int = 2):
        """Name the folders; `Library.open` makes the index ready. Raises `BadModel`."""
        self.store = Store(content)
        self.encoder = Encoder(model or DEFAULT_MODEL, threads)
        cache = VectorCache(var / "vectors.sqlite", self.encoder.dimensions)
        self.folder = IndexFolder(var / "index", self.encoder, cache)
        self.vocabularies: Vocabularies = self.store.vocabularies()
        self._snapshot: Snapshot | None = None
        self._signature: tuple[int, int] | None = None
        self._opening = threading.Lock()

    @classmethod
    def open(
        cls,
        content: Path,
        var: Path,
        model: Path | None = None,
        progress: Progress | None = None,
        *,
        threads: int = 2,
    ) -> Library:
        """Return the library of `content`, its index built, repaired or brought up to date.

        A missing, broken or outdated index is built anew, which is logged and told to
        `progress`; vectors of unchanged passages are kept.
        """
        library = cls(content, var, model, threads)
        library.make_ready(progress)
        return library

    def make_ready(self, progress: Progress | None = None) -> Report:
        """Build the index when it is missing, broken or outdated; else repair differences."""
        try:
            current = self.folder.current()
            if self.folder.about(current.generation) != self._about():
                raise IndexMissing("The index was made by another version, model or vocabulary.")
            self.snapshot()
            return self.sync(progress)
        except IndexMissing as reason:
            log.warning("%s It is built from %s now.", reason, self.store.root)
            return self.rebuild(progress)

    def _about(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "model": self.encoder.name,
            "vocabularies": self.vocabularies.revision,
        }

    # Reading ---------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return the current state of the index, opened; raises `IndexMissing`."""
        if self._snapshot is not None and self.folder.signature() == self._signature:
            return self._snapshot
        with self._opening:
            signature = self.folder.signature()
            if self._snapshot is None or signature != self._signature:
                self._snapshot = self.folder.open(self._snapshot)
                self._signature = signature
            return self._snapshot

    @property
    def ready(self) -> bool:
        """Whether searches can be answered."""
        try:
            self.snapshot()
        except IndexMissing:
            return False
        return True

    @property
    def size(self) -> tuple[int, int]:
        """How many documents and how many segments the index has; raises `IndexMissing`."""
        snapshot = self.snapshot()
        return len(snapshot.slot_of), len(snapshot.segments)

    def search(
        self,
        query: Query,
        kinds: Sequence[str] = ("case",),
        per_page: int = 20,
        correct: bool = True,
    ) -> Results:
        """Answer `query` over the public documents of `kinds`; raises `IndexMissing`."""
        return searching.search(
            query,
            self.snapshot().of(kinds),
            self.vocabularies,
            self.encoder,
            kinds=kinds,
            per_page=per_page,
            correct=correct,
        )

    def tally(self, query: Query, *facets: str, kinds: Sequence[str] = ("case",)) -> Tally:
        """Count what answers `query` by each of `facets`; raises `IndexMissing`."""
        return crossing.tally(
            query,
            facets,
            self.snapshot().of(kinds),
            self.vocabularies,
            self.encoder,
            kinds=kinds,
        )

    def cross(
        self,
        query: Query,
        rows: str,
        columns: str,
        kinds: Sequence[str] = ("case",),
    ) -> Tally:
        """Count what answers `query` by two facets at once; raises `IndexMissing`."""
        return crossing.tally(
            query,
            (rows, columns),
            self.snapshot().of(kinds),
            self.vocabularies,
            self.encoder,
            kinds=kinds,
            crossed=(rows, columns),
        )

    def all(self, query: Query, kinds: Sequence[str] = ("case",), most: int = 10_000) -> Listing:
        """Return all that answers `query` in the order of its pages, read one by one.

        Raises `IndexMissing`.
        """
        snapshot = self.snapshot().of(kinds)
        return listed(query, snapshot, self.vocabularies, self.encoder, kinds=kinds, most=most)

    def watch(self, kinds: Sequence[str] = ("case",)) -> watching.Watch:
        """Return the library as it is now, to be asked for all that answers queries.

        Raises `IndexMissing`.
        """
        return watching.Watch(self.snapshot().of(kinds), self.vocabularies, self.encoder, kinds)

    def read_as(self, text: str) -> ReadAs:
        """Return how a text would be read as a question, without answering it."""
        return prepare(text, self.snapshot(), self.vocabularies).read_as

    def similar(self, slug: str, limit: int = 5, elsewhere: bool = False) -> tuple[Hit, ...]:
        """Return the cases nearest in meaning to case `slug`; raises `NoSuchDocument`.

        With `elsewhere`, only cases of a common theme from no country's region of this one.
        """
        return similar.similar(slug, self.snapshot(), self.vocabularies, limit, elsewhere)

    def near(self, text: str, limit: int = 5, but: str = "") -> tuple[Hit, ...]:
        """Return the cases nearest in meaning to a text, the case `but` left out."""
        vector = self.encoder.encode_query(text)
        return similar.near(vector, self.snapshot(), limit, but)

    def like(self, slugs: Sequence[str], limit: int = 5) -> tuple[Hit, ...]:
        """Return the cases nearest in meaning to some cases together, those left out."""
        return similar.like(slugs, self.snapshot(), limit)

    def packs_with(self, slug: str) -> tuple[str, ...]:
        """Return the names of the public packs that use the case `slug`, in the order of titles.

        Those under an earlier name of it count too.
        """
        return self.snapshot().packs_with(slug)

    def offers(self, text: str, but: str = "") -> Mapping[str, tuple[Offer, ...]]:
        """Return the terms of some facets that may fit a text, the likeliest first."""
        asked = terms.Asked(self.snapshot(), self.vocabularies, self.encoder, but)
        return terms.offers(text, asked)

    def suggest(self, text: str, lang: str = "en", limit: int = 8) -> tuple[Suggestion, ...]:
        """Return titles, themes, places and organisations that begin like `text`."""
        return suggesting.suggest(text, self.snapshot(), self.vocabularies, lang, limit)

    def get(self, key: Key) -> Mapping[str, Any] | None:
        """Return the record of a document, its last good version; None when there is none."""
        snapshot = self.snapshot()
        slot = snapshot.slot(key)
        if slot is None:
            return None
        record: Mapping[str, Any] = snapshot.record(slot)["record"]
        return record

    def languages_of(self, kind: str, slug: str) -> tuple[str, ...]:
        """Return the languages of the files of a document, the original as "" first."""
        return self.snapshot().languages(kind, slug)

    def catalogue(self) -> tuple[Listed, ...]:
        """Return all documents, translations and those that were withdrawn among them."""
        return self.snapshot().catalogue

    def changed(self) -> float:
        """Return when the state that readers see came to be, in seconds since 1970."""
        self.snapshot()
        return 0.0 if self._signature is None else self._signature[0] / 1e9

    def counts(self, facet: str, kinds: Sequence[str] = ("case",)) -> dict[str, int]:
        """Return how many public documents of `kinds` have each value of `facet`."""
        return self.selected(kinds).counts(facet)

    def crossed(
        self, rows: str, columns: str, kinds: Sequence[str] = ("case",)
    ) -> dict[tuple[str, str], int]:
        """Return how many public documents of `kinds` have a value of each of two facets."""
        return self.selected(kinds).crossed(rows, columns)

    def selected(self, kinds: Sequence[str] = ("case",)) -> Selection:
        """Return the public documents of `kinds`, translations left out, to be counted."""
        snapshot = self.snapshot().of(kinds)
        public = snapshot.originals & snapshot.table.having("status", "published")
        return Selection(snapshot, public).narrowed("kind", kinds)

    def find_alias(self, kind: str, alias: str) -> str | None:
        """Return the slug that the old address `alias` now leads to."""
        return self.snapshot().aliases.get((kind, alias))

    def revisions(self) -> dict[Key, str]:
        """Return the revision of every file; those are read that changed since they were indexed.

        Raises `IndexMissing`.
        """
        known = self.folder.stamps(self.folder.current().generation)
        found: dict[Key, str] = {}
        changed: list[Key] = []
        for key, (modified_ns, size) in self.store.stamps().items():
            stamp = known.get(key)
            if stamp is not None and (stamp.modified_ns, stamp.size) == (modified_ns, size):
                found[key] = stamp.revision
            else:
                changed.append(key)
        return {**found, **self.read_again(changed)}

    def read_again(self, keys: Iterable[Key]) -> dict[Key, str]:
        """Return the revision of some files as they are now, those that are gone left out."""
        found: dict[Key, str] = {}
        for key in keys:
            try:
                found[key] = revision_of(self.store.read(key))
            except NoSuchDocument:
                continue
        return found

    # Writing ---------------------------------------------------------------------------------

    def update(self, keys: Iterable[Key], progress: Progress | None = None) -> Report:
        """Index the files of `keys` as they are now; a broken file keeps its last good version.

        Raises `IndexBusy` when another process writes for too long, and `IndexMissing`.
        """
        keys = list(keys)
        self._embed(keys, progress)
        with self.folder.lock():
            return self._write(self.folder.current().generation, keys, (), None)

    def remove(self, keys: Iterable[Key]) -> Report:
        """Take documents out of the index; raises as `update` does."""
        with self.folder.lock():
            return self._write(self.folder.current().generation, (), keys, None)

    def purge(self, keys: Iterable[Key]) -> None:
        """Take documents out of the index and of the cache of vectors, every copy of their text.

        All segments are written anew for it. Raises as `update` does.
        """
        keys = list(keys)
        snapshot = self.snapshot()
        slots = [slot for slot in map(snapshot.slot, keys) if slot is not None]
        records = [snapshot.whole_record(slot) for slot in slots]
        gone = [indexing.again("", record) for record in records]
        digests = indexing.passage_texts(gone, self.encoder)
        self.remove(keys)
        for _ in range(2):  # the state before is kept for readers, so once would leave the text
            self.optimize()
        self.folder.cache.forget(digests)

    def sync(self, progress: Progress | None = None) -> Report:
        """Repair every difference between the files and the index; cheap when there is none."""
        changed, gone, known = self._differences()
        if not changed and not gone:
            return Report(files={key: stamp.revision for key, stamp in known.items()})
        self._embed(changed, progress)
        with self.folder.lock():
            changed, gone, _ = self._differences()
            return self._write(self.folder.current().generation, changed, gone, None)

    def _differences(self) -> tuple[list[Key], list[Key], Mapping[Key, Stamp]]:
        stamps = self.folder.stamps(self.folder.current().generation)
        return *sync.differences(self.store.stamps(), stamps), stamps

    def _embed(self, keys: Sequence[Key], progress: Progress | None) -> None:
        """Make the vectors of `keys`, the slow part, before the lock is taken."""
        documents = self._documents(keys, self.store.stamps_of(keys), None, {}, {})
        for _ in indexing.stream(documents, self.encoder, self.folder.cache, len(keys), progress):
            pass

    def rebuild(self, progress: Progress | None = None) -> Report:
        """Build a new index beside the one in use, which goes on answering, and switch to it."""
        vocabularies = self.store.vocabularies()
        try:
            old: Snapshot | None = self.snapshot()
        except IndexMissing:
            old = None
        self.vocabularies = vocabularies
        with self.folder.fresh(self._about()) as generation:
            report, files = self._fill(generation, self.store.stamps(), old, progress)
            with self.folder.lock():
                self.folder.stamp(generation, files)
                late, gone = sync.differences(self.store.stamps(), files)
                report = report + self._write(generation, late, gone, None, always=True)
                old = None
                self.snapshot()  # lets go of the old generation, which is then removed
                self.folder.sweep(generation)
        return report

    def optimize(self) -> None:
        """Merge all segments into one, as idle time allows; raises `IndexBusy`."""
        with self.folder.lock():
            generation = self.folder.current().generation
            self.folder.publish(generation, self.folder.add(generation, optimize=True))

    def _fill(
        self,
        generation: str,
        stamps: Mapping[Key, tuple[int, int]],
        old: Snapshot | None,
        progress: Progress | None,
    ) -> tuple[Report, dict[Key, Stamp]]:
        broken: dict[Key, Document] = {}
        files: dict[Key, Stamp] = {}
        documents = self._documents(sorted(stamps), stamps, old, broken, files)
        stream = indexing.stream(documents, self.encoder, self.folder.cache, len(stamps), progress)
        self.folder.add(generation, stream)
        return Report(tuple(k for k in files if k not in broken), (), _problems(broken)), files

    def _write(
        self,
        generation: str,
        keys: Iterable[Key],
        gone: Iterable[Key],
        progress: Progress | None,
        always: bool = False,
    ) -> Report:
        stamps = self.store.stamps_of(keys := list(dict.fromkeys(keys)))
        gone = [*gone, *(key for key in keys if key not in stamps)]
        broken: dict[Key, Document] = {}
        files: dict[Key, Stamp] = {}
        documents = self._documents(stamps, stamps, None, broken, files)
        stream = partial(indexing.stream, documents, self.encoder, self.folder.cache)
        changed = list(stream(len(keys), progress)) if len(keys) < 1000 else None
        if changed or gone or always or changed is None:
            add = changed if changed is not None else stream(len(keys), progress)
            state = self.folder.add(generation, add, gone)
            self.folder.publish(generation, state)
        self.folder.stamp(generation, files, gone)
        return Report(tuple(k for k in files if k not in broken), tuple(gone), _problems(broken))

    def _documents(
        self,
        keys: Iterable[Key],
        stamps: Mapping[Key, tuple[int, int]],
        old: Snapshot | None,
        broken: dict[Key, Document],
        files: dict[Key, Stamp],
    ) -> Iterator[Indexed]:
        """Yield what can be indexed; note broken files, and every file's stamp as it was read.

        A broken file gives its last good version where `old` holds one.
        """
        for key in keys:
            try:
                text = self.store.read(key)
            except NoSuchDocument:
                continue
            document = parse(key, text, self.vocabularies)
            files[key] = Stamp(*stamps.get(key, (0, 0)), revision_of(text))
            if not document.errors:
                yield indexing.indexed(entry_of(document, self.vocabularies), self.encoder)
                continue
            broken[key] = document
            log.warning("%s/%s is not valid; its last good version stays.", key.kind, key.slug)
            slot = old.slot(key) if old is not None else None
            if old is not None and slot is not None:
                yield indexing.again(key_text(key), old.whole_record(slot))


def _problems(broken: Mapping[Key, Document]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(str(p) for p in document.errors) for key, document in broken.items()}
