"""What is asked of packs, and of the pages that others frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from indexer.query import FACETS, PACK_FACETS, Query, from_params
from indexer.searching import smallest_areas
from indexer.vocabulary import Vocabulary
from kb.services.packs import NoSuchPack

LONGEST = 100  # letters of an audience
_PACK = re.compile(r"/packs/([a-z0-9-]+)(?:/([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*))?/?")


def pack_query_of(pairs: Iterable[tuple[str, str]], regions: Vocabulary) -> tuple[Query, str]:
    """What is asked for, and the words that tell for whom packs are to be."""
    given = list(pairs)
    audience = next((value for name, value in given if name == "for"), "")
    query = from_params(given, facets=(*FACETS, *PACK_FACETS))
    return smallest_areas(query, regions), " ".join(audience.split())[:LONGEST]


def framed_of(url: str, origin: str) -> tuple[str, str]:
    """The slug and language of the pack whose page has a public address. Raises NoSuchPack."""
    path = re.split(r"[?#]", url.removeprefix(origin), maxsplit=1)[0]
    found = _PACK.fullmatch(unquote(path))
    if not found or not url.startswith(origin):
        raise NoSuchPack(url)
    return found[1], found[2] or ""


def size_of(args: Mapping[str, str]) -> tuple[int, int]:
    """The most width and height that a frame may have, in pixels; 0 where nothing is said."""
    told = (args.get("maxwidth", ""), args.get("maxheight", ""))
    wide, high = (int(one) if re.fullmatch(r"[0-9]{1,5}", one) else 0 for one in told)
    return wide, high
