"""Cases told in the language of whoever reads the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexer.hits import Hit
from indexer.library import Library


def in_language(library: Library, hits: Iterable[Hit], lang: str) -> tuple[Hit, ...]:
    """The same hits in the same order, each told by its text in `lang` where there is one.

    The passage stays that which was found, in whatever language it is.
    """
    return tuple(_in(library, hit, lang) for hit in hits)


def _in(library: Library, hit: Hit, lang: str) -> Hit:
    if lang in ("", hit.key.lang, hit.record["front"].get("lang")):
        return hit
    key = hit.key._replace(lang=lang)
    record = library.get(key)
    if record is None or record["front"].get("status", "published") != "published":
        return hit
    front = record["front"]
    title, summary = str(front.get("title") or ""), str(front.get("summary") or "")
    return replace(hit, key=key, title=title, summary=summary, record=record)
