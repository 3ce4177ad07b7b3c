"""Short addresses of public packs, to be typed from a wall."""

from __future__ import annotations

from indexer.library import Library
from indexer.values import Key
from kb.services.packs import NoSuchPack
from kb.services.squares import named_short, short_name


def _whole(key: Key) -> str:
    return f"{key.slug}/{key.lang}" if key.lang else key.slug


def _public(library: Library) -> dict[str, Key]:
    """The public packs and their translations by what their short names are made of."""
    return {
        _whole(one.key): one.key
        for one in library.catalogue()
        if one.key.kind == "pack" and one.public
    }


def pack_named(library: Library, name: str) -> Key:
    """The pack that a short name stands for. Raises NoSuchPack."""
    known = _public(library)
    found = named_short(name, known)
    if not found:
        raise NoSuchPack(name)
    return known[found[0]]


def short_path(library: Library, key: Key) -> str:
    """The short path of a pack; its long one where another pack has the same short name."""
    name = short_name(_whole(key))
    if named_short(name, _public(library)) == (_whole(key),):
        return f"/p/{name}"
    return f"/packs/{_whole(key)}/class"
