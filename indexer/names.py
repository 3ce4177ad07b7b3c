"""What the terms of documents are called: each name kept once a segment, beside its documents.

A case is found by the labels and synonyms of its terms in six languages, some hundred names that
most cases share. They are therefore no text of each document: Whoosh never sees them, and each
is analysed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from indexer import analysis
from indexer.errors import IndexMissing

_Fits = Callable[[Mapping[str, tuple[int, ...]]], bool]


@dataclass(frozen=True)
class Names:
    """The names of one segment: `lines` holds each as (language, name).

    Name n stands for the documents documents[offsets[n]:offsets[n + 1]], ascending.
    """

    lines: Sequence[tuple[str, str]]
    offsets: np.ndarray
    documents: np.ndarray

    @classmethod
    def of(cls, documents: Mapping[tuple[str, str], Sequence[int]]) -> Names:
        """Return the names of a segment from the documents that each name stands for."""
        lines = sorted(documents)
        counts = [len(documents[line]) for line in lines]
        joined = [np.asarray(documents[line], dtype=np.int32) for line in lines]
        return cls(
            lines,
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            np.concatenate(joined) if joined else np.empty(0, np.int32),
        )

    def holders(self, line: int) -> np.ndarray:
        """Return the documents of name number `line`."""
        found: np.ndarray = self.documents[self.offsets[line] : self.offsets[line + 1]]
        return found

    def postings(self) -> Iterator[tuple[str, np.ndarray, int]]:
        """Yield each term of each name with the name's documents and how often it holds it."""
        for number, (lang, name) in enumerate(self.lines):
            for term, positions in _places(name, lang).items():
                yield term, self.holders(number), len(positions)

    def with_phrase(self, terms: Sequence[str]) -> np.ndarray:
        """Return the documents with `terms` side by side in one of their names."""
        lang = terms[0].partition(":")[0]
        return self._where(lang, lambda places: _side_by_side(places, terms))

    def _where(self, lang: str, fits: _Fits) -> np.ndarray:
        found = [
            self.holders(number)
            for number, (own, name) in enumerate(self.lines)
            if own == lang and fits(_places(name, lang))
        ]
        return np.concatenate(found) if found else np.empty(0, np.int32)

    def save(self, folder: Path) -> None:
        """Write the names into `folder`."""
        text = "\n".join(f"{lang}\t{name}" for lang, name in self.lines)
        (folder / "names.txt").write_text(text, encoding="utf-8", newline="\n")
        np.save(folder / "name_offsets.npy", self.offsets)
        np.save(folder / "name_documents.npy", self.documents)


def load(folder: Path) -> Names:
    """Open what `Names.save` wrote."""
    text = (folder / "names.txt").read_bytes().decode("utf-8")
    lines = [line.split("\t", 1) for line in text.split("\n")] if text else []
    offsets = np.load(folder / "name_offsets.npy")
    if len(offsets) != len(lines) + 1:
        raise IndexMissing("The names do not fit their documents.")
    return Names(
        [(lang, name) for lang, name in lines],
        offsets,
        mapped(folder / "name_documents.npy"),
    )


def mapped(file: Path) -> np.ndarray:
    """Return the array of a file as a read-only memory map; as a plain array, sliced faster."""
    return np.asarray(np.load(file, mmap_mode="r"))


def lines_of(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each name of a record, once, as (language, name)."""
    for lang, joined in names.items():
        for name in dict.fromkeys(joined.split("\n")):
            if name.strip():
                yield lang, name.replace("\t", " ")


@lru_cache(maxsize=50_000)
def _places(name: str, lang: str) -> Mapping[str, tuple[int, ...]]:
    places: dict[str, tuple[int, ...]] = {}
    for token in analysis.analyse(name, lang):
        places[token.term] = (*places.get(token.term, ()), token.position)
    return places


def _side_by_side(places: Mapping[str, tuple[int, ...]], terms: Sequence[str]) -> bool:
    return any(
        all(begin + step in places.get(term, ()) for step, term in enumerate(terms))
        for begin in places.get(terms[0], ())
    )
