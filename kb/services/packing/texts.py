"""What a book takes from the library beside the values of a pack: files, pictures, editions."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from indexer.document import edited_text, parse
from indexer.errors import BadSlug, NoSuchDocument, UnreadableHead
from indexer.library import Library
from indexer.media import read_name
from indexer.pack import sections_front
from indexer.values import Key, revision_of
from kb.access import Person, require
from kb.services.packing.book import TRAINER, Picture
from kb.services.packing.writing import ROOT
from kb.services.packs import ReadItem, ReadPack, without_notes
from kb.services.reading import Reading, as_markdown
from kb.settings import Settings, bare_environment

#: Raised when books, or what is made of them, are made in another way.
MAKING = 2
#: Pixels that a picture of a book is wide at most.
WIDEST = 1200
#: Seconds after which one is given up, and the endings of what it is made into.
PATIENCE, ENDINGS = 60, {b"jpeg": "jpg", b"png": "png"}


def edition_of(pack: ReadPack, edition: str, person: Person) -> ReadPack:
    """A pack as an edition has it. Raises NotAllowed and SignInNeeded for notes that are not his.

    `pack` is as that person reads it.
    """
    if edition != TRAINER:
        return without_notes(pack)
    if not pack.notes:
        require(person, "see-notes", pack.draft)
    return pack


def stamp_of(pack: ReadPack, settings: Settings) -> str:
    """What names everything that the book of a pack is made from: 16 hex digits."""
    told = (pack.fingerprint, settings.origin, settings.site_name, str(MAKING))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


# Files -------------------------------------------------------------------------------------


def text_of_case(library: Library, pack: ReadPack, item: ReadItem) -> str:
    """The file of a case as an item shows it, to the byte where it is still there; "" for none."""
    if not item.shown:
        return ""
    try:
        return library.store.pinned(pack.key.slug, item.revision)
    except NoSuchDocument:
        return as_markdown(library, _reading(item.key, item.lang, item))


def text_of_pack(library: Library, pack: ReadPack) -> str:
    """The file of a pack, without teaching notes where the pack is read without them."""
    text = pack.draft.text if pack.draft else ""
    if revision_of(text) != pack.revision:
        text = as_markdown(library, _reading(pack.key, pack.lang, pack, pack.pack.body))
    if pack.notes:
        return text
    try:
        changes = {"sections": sections_front(pack.pack.sections)}
        return edited_text(parse(pack.key, text), changes)
    except (UnreadableHead, ValueError):
        return ""


def _reading(key: Key, lang: str, of: ReadItem | ReadPack, body: str = "") -> Reading:
    return Reading(key, lang, of.front, body or getattr(of, "body", ""), of.revision)


# Pictures ----------------------------------------------------------------------------------


def pictures_of(library: Library, names: Iterable[str]) -> Mapping[str, Picture]:
    """The pictures of content/media with these names; those that cannot be read are not in it."""
    found = ((name, _picture(library, name)) for name in dict.fromkeys(names))
    return {name: picture for name, picture in found if picture is not None}


def _picture(library: Library, name: str) -> Picture | None:
    media = read_name(name)
    widths = sorted(media.widths) if media else []
    smaller = [media.smaller(width) for width in widths if media and width >= WIDEST]
    for one in (*smaller, name):
        try:
            data = library.store.media(one).read_bytes()
        except (BadSlug, NoSuchDocument, OSError):
            continue
        return _in_book(media.hash if media else hashlib.sha256(data).hexdigest()[:32], data)
    return None


def _in_book(name: str, data: bytes) -> Picture | None:
    """A picture as a file that every reader of books can show; None for what is none."""
    done = subprocess.run(  # noqa: S603 - no word of it was typed by a person
        [sys.executable, "-m", "kb.services.packing.repaint", str(WIDEST)],
        input=data, capture_output=True, timeout=PATIENCE, check=False, cwd=ROOT,
        env=bare_environment(),
    )  # fmt: skip
    kind, _, made = done.stdout.partition(b"\n")
    if done.returncode or kind not in ENDINGS:
        return None
    return Picture(f"{name}.{ENDINGS[kind]}", f"image/{kind.decode()}", made)


def licence_address(id_: Any) -> str:
    """Where the words of a licence stand, "" for one that is not known."""
    return LICENCES.get(str(id_), ("", ""))[1]


def licence_name(id_: Any) -> str:
    """The whole name of a licence, the id for one that is not known."""
    return LICENCES.get(str(id_), (str(id_), ""))[0]


#: The licences that texts come under: their names and where their words stand.
LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0 International",
                  "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("Creative Commons Attribution-ShareAlike 4.0 International",
                     "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("Creative Commons CC0 1.0 Universal",
                "https://creativecommons.org/publicdomain/zero/1.0/"),
}  # fmt: skip
