"""All that a pack stands on, its cases and their sources, as BibTeX, RIS and CSL JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kb.services import citing
from kb.services.citing import Item
from kb.services.packing.book import Book

CSL = "application/vnd.citationstyles.csl+json"


def items_of(book: Book) -> tuple[Item, ...]:
    """Each case followed by its sources, as CSL items.

    What several cases cite by one address stands once, with the titles of all of them as keywords.
    """
    citers = _citers(book)
    told: set[str] = set()
    items: list[Item] = []
    for chapter in book.chapters:
        items.append(chapter.item)
        for source in chapter.sources:
            if source.url and source.url in told:
                continue
            told.add(source.url)
            name = f"{chapter.item['id']}-{source.id}"
            keywords = "; ".join(citers.get(source.url) or (chapter.title,))
            items.append(
                citing.source_item(
                    name,
                    source.title,
                    source.url,
                    publisher=source.publisher,
                    year=source.year,
                    keywords=keywords,
                )
            )
    return tuple(_once(items))


def _citers(book: Book) -> dict[str, tuple[str, ...]]:
    """Addresses of sources, and the titles of the cases that cite them."""
    citers: dict[str, dict[str, None]] = {}
    for chapter in book.chapters:
        for source in chapter.sources:
            if source.url:
                citers.setdefault(source.url, {})[chapter.title] = None
    return {url: tuple(titles) for url, titles in citers.items()}


def _once(items: Iterable[Item]) -> Iterator[Item]:
    """The items, each name once: a pack may use two texts of one case."""
    names: set[str] = set()
    for item in items:
        name, count = str(item["id"]), 2
        while name in names:
            name, count = f"{item['id']}-{count}", count + 1
        names.add(name)
        yield {**item, "id": name}


def maker(write: Callable[[Iterable[Item]], Iterator[str]]) -> Callable[[Book, object], bytes]:
    """How a book is made into what `write` makes of items."""

    def made(book: Book, report: object) -> bytes:
        return "".join(write(items_of(book))).encode()

    return made


bibtex, ris, csl_json = maker(citing.bibtex), maker(citing.ris), maker(citing.csl_json)
