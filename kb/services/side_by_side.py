"""Comparing cases: which of those that were named stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.hits import Hit
from indexer.library import Library
from kb.access import Person
from kb.services.gathering import Slugs, gather
from kb.services.languages import in_language

LEAST, MOST = 2, 4
#: Names that are looked at; an address that holds more of them was not made by a page of ours.
LOOKED_AT = 20
NEAR = 4


@dataclass(frozen=True)
class Comparison:
    """The cases to be compared. `over` were one too many; `near` are offered beside a lone one."""

    cases: tuple[Hit, ...]
    over: tuple[Hit, ...]
    gone: Slugs
    missing: Slugs
    near: tuple[Hit, ...]

    @property
    def enough(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.cases) >= LEAST


def side_by_side(
    library: Library, slugs: Sequence[str], person: Person, lang: str = ""
) -> Comparison:
    """The first four of the cases named that are there, in `lang` where there are translations.

    Raises IndexMissing.
    """
    found = gather(library, slugs[:LOOKED_AT], person, lang)
    alone = found.cases[0].key.slug if len(found.cases) == 1 else ""
    return Comparison(
        cases=found.cases[:MOST],
        over=found.cases[MOST:],
        gone=found.gone,
        missing=found.missing,
        near=in_language(library, library.similar(alone, limit=NEAR), lang) if alone else (),
    )
