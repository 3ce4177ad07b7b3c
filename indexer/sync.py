"""Comparing the files of content/ with what the index was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.indexfolder import Stamp
from indexer.values import Key


@dataclass(frozen=True)
class Report:
    """What a change to the index did: documents indexed, removed, and left out as broken.

    `broken` gives the problems of each file that is not valid; its last good version, if any,
    stays in the index. `files` is the revision of every file, where all were as they were indexed:
    whoever compares them with something else need not look at them again.
    """

    indexed: tuple[Key, ...] = ()
    removed: tuple[Key, ...] = ()
    broken: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[Key, str] | None = None

    def __add__(self, other: Report) -> Report:
        """Return both reports as one."""
        indexed = dict.fromkeys((*self.indexed, *other.indexed))
        removed = (*self.removed, *other.removed)
        return Report(tuple(indexed), removed, {**self.broken, **other.broken})


def differences(
    files: Mapping[Key, tuple[int, int]], indexed: Mapping[Key, Stamp]
) -> tuple[list[Key], list[Key]]:
    """Return the keys whose files are new or changed, and those whose files are gone.

    `files` gives each file's time of change in nanoseconds and its size in bytes.
    """
    changed = [
        key
        for key, found in files.items()
        if key not in indexed or found != (indexed[key].modified_ns, indexed[key].size)
    ]
    gone = [key for key in indexed if key not in files]
    return sorted(changed), sorted(gone)
