"""Cases that are near a case in meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.errors import NoSuchDocument
from indexer.facets import unpack
from indexer.hits import Hit, Reason
from indexer.ranking import top
from indexer.snapshot import Snapshot
from indexer.values import Key
from indexer.vocabulary import Vocabularies

#: Cosines below this are not called similar.
NEAR = 0.4


def similar(
    slug: str, snapshot: Snapshot, vocabularies: Vocabularies, limit: int, elsewhere: bool
) -> tuple[Hit, ...]:
    """Return the cases nearest to `slug` by the mean of its passages' vectors, nearest first.

    With `elsewhere`, only cases that share a theme with it and no region around its countries.
    Raises `NoSuchDocument`.
    """
    slot = snapshot.slot(Key("case", slug))
    if slot is None:
        raise NoSuchDocument(f"There is no case {slug}.")
    place, number = snapshot.place(slot)
    passages = snapshot.segments[place].passages
    mean = np.asarray(passages.vectors[passages.first[number] : passages.first[number + 1]]).mean(0)
    norm = float(np.linalg.norm(mean))
    cosines, _ = snapshot.closeness((mean / norm if norm else mean).astype(np.float32))
    table, allowed = snapshot.table, public_cases(snapshot)
    if elsewhere:
        record = snapshot.record(slot)
        near = _regions(record["facets"].get("country", ()), vocabularies)
        regions = table.selection("region", near, "none")
        themes = table.selection("theme", record["facets"].get("theme", ()), "any")
        allowed = allowed & (regions if regions is not None else allowed)
        allowed = allowed & (themes if themes is not None else allowed)
    mask = unpack(allowed)
    mask &= cosines >= NEAR
    mask[slot] = False
    slots = np.flatnonzero(mask)
    nearest = slots[top(cosines[slots], limit)]
    return tuple(_hit(int(one), float(cosines[one]), snapshot) for one in nearest)


def like(slugs: Sequence[str], snapshot: Snapshot, limit: int) -> tuple[Hit, ...]:
    """Return the cases nearest to some cases together, nearest first, those left out.

    They are near to the mean of what those cases mean, each counted alike however long it is.
    Names that no case has are passed over; none of them gives nothing.
    """
    found = (snapshot.slot(Key("case", slug)) for slug in dict.fromkeys(slugs))
    slots = np.array([slot for slot in found if slot is not None], np.int64)
    if not len(slots):
        return ()
    vectors, begins = snapshot.passages_of(slots)
    ends = np.append(begins[1:], len(vectors))
    means = [_unit(vectors[a:b].mean(0)) for a, b in zip(begins, ends, strict=True)]
    cosines, _ = snapshot.closeness(_unit(np.mean(means, axis=0)).astype(np.float32))
    mask = unpack(public_cases(snapshot)) & (cosines >= NEAR)
    mask[slots] = False
    others = np.flatnonzero(mask)
    nearest = others[top(cosines[others], limit)]
    return tuple(_hit(int(one), float(cosines[one]), snapshot) for one in nearest)


def _unit(vector: np.ndarray) -> np.ndarray:
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector


def near(
    vector: np.ndarray, snapshot: Snapshot, limit: int, but: str, least: float = NEAR
) -> tuple[Hit, ...]:
    """Return the cases nearest to a text by its vector, nearest first, the case `but` left out."""
    cosines, _ = snapshot.closeness(vector)
    mask = unpack(public_cases(snapshot)) & (cosines >= least)
    own = snapshot.slot(Key("case", but)) if but else None
    if own is not None:
        mask[own] = False
    slots = np.flatnonzero(mask)
    nearest = slots[top(cosines[slots], limit)]
    return tuple(_hit(int(one), float(cosines[one]), snapshot) for one in nearest)


def public_cases(snapshot: Snapshot) -> np.ndarray:
    """Return the originals of all cases that stand, as the words of a bit set."""
    table = snapshot.table
    public: np.ndarray = (
        snapshot.originals & table.having("status", "published") & table.having("kind", "case")
    )
    return public


def _regions(countries: list[str], vocabularies: Vocabularies) -> tuple[str, ...]:
    """Return the smallest UN region around each of `countries`."""
    regions = vocabularies["regions"]
    return tuple(
        region
        for region, term in regions.items()
        if not term.extra.get("overlay") and set(term.extra.get("countries", ())) & set(countries)
    )


def _hit(slot: int, cosine: float, snapshot: Snapshot) -> Hit:
    record = snapshot.record(slot)
    return Hit(
        key=snapshot.key(slot),
        title=record["title"],
        summary=record["summary"],
        score=round(cosine, 4),
        reason=Reason(meaning=True),
        passage=None,
        record=record["record"],
    )
