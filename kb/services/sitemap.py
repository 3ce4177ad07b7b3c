"""What machines may read of the library: every public address, with its languages and its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.library import Library
from indexer.values import Key
from kb.access import Person, visible_to
from kb.services.browsing import SHELVES, Shelf


@dataclass(frozen=True)
class Text:
    """A public document in one language, `languages` being (language of the file, language).

    `updated` is the day of its last change, "" where that is unknown.
    """

    key: Key
    updated: str
    languages: tuple[tuple[str, str], ...]


def texts(library: Library, person: Person) -> tuple[Text, ...]:
    """All public documents, translations after their originals."""
    kinds = (*visible_to(person), "pack", "page")
    known = [one for one in library.catalogue() if one.key.kind in kinds]
    languages: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in known:
        languages.setdefault((one.key.kind, one.key.slug), []).append((one.key.lang, one.lang))
    gone = {(one.key.kind, one.key.slug) for one in known if not one.public and not one.key.lang}
    return tuple(
        Text(one.key, one.updated, tuple(languages[one.key.kind, one.key.slug]))
        for one in known
        if one.public
        and (one.key.kind, one.key.slug) not in gone
        and not (one.key.kind == "page" and one.key.lang)  # it has the address of its original
    )


def terms(library: Library) -> Iterator[tuple[Shelf, str]]:
    """The terms that have a case, shelf by shelf."""
    for shelf in SHELVES.values():
        known = library.vocabularies[shelf.vocabulary]
        found = library.counts(shelf.facet)
        yield from ((shelf, id_) for id_ in sorted(found) if id_ in known)
