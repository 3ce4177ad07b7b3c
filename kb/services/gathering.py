"""Cases named one by one, in the order in which they are named: for a list, or side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.hits import Hit, Reason
from indexer.library import Library
from indexer.values import MAX_SLUG, SLUG, Key
from kb.access import Person, visible_to
from kb.services.languages import in_language
from kb.services.reading import GONE

Slugs = tuple[str, ...]


@dataclass(frozen=True)
class Gathered:
    """The cases that were named and are there; `gone` were taken out, `missing` never were here.

    A case under an earlier name of its is found under today's.
    """

    cases: tuple[Hit, ...] = ()
    gone: Slugs = ()
    missing: Slugs = ()

    @property
    def slugs(self) -> Slugs:
        """The names of the cases that are there."""
        return tuple(hit.key.slug for hit in self.cases)


def gather(library: Library, slugs: Iterable[str], person: Person, lang: str = "") -> Gathered:
    """The cases of these names, told in `lang` where they have been translated to it.

    Raises IndexMissing.
    """
    found: dict[str, Hit] = {}
    gone, missing = [], []
    for named in dict.fromkeys(slugs):
        slug = named if _there(library, named) else library.find_alias("case", named)
        record = library.get(Key("case", slug)) if slug and "case" in visible_to(person) else None
        if record is None or slug is None:
            missing.append(named)
        elif record["front"].get("status") in GONE:
            gone.append(named)
        elif slug not in found:
            front = record["front"]
            title, summary = str(front.get("title") or slug), str(front.get("summary") or "")
            found[slug] = Hit(Key("case", slug), title, summary, 0.0, Reason(), None, record)
    told = in_language(library, found.values(), lang)
    return Gathered(told, tuple(gone), tuple(missing))


def _there(library: Library, slug: str) -> bool:
    return is_name(slug) and library.get(Key("case", slug)) is not None


def is_name(text: str) -> bool:
    """Whether a text can be the name of a case."""
    return len(text) <= MAX_SLUG and SLUG.fullmatch(text) is not None
