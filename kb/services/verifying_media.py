"""Whether pictures are what their names say, belong to somebody, and are all there."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from indexer.copying import Changed, Found, Listing, opened
from indexer.media import DIGITS, named_in, read_name
from kb.services import archive
from kb.services.differences import Difference, Documents, name_of
from kb.services.shelf import FRESH
from kb.settings import Settings

_SHA256 = re.compile(r"[0-9a-f]{64}")


def attachments(
    settings: Settings, rows: Mapping[str, int], kept: Listing, media: Listing
) -> Iterator[Difference]:
    """Compare names of files with their bytes, and files with rows."""
    folder = settings.data / "attachments"
    there = set()
    for found in kept.files:
        base = found.name.partition(".")[0]
        if not _SHA256.fullmatch(base):
            yield Difference(
                "attachments", found.name, "is no attachment", f"rm {folder / found.name}"
            )
        elif base not in rows:
            if found.stamp[1] > (time.time() - FRESH) * 1e9:
                continue  # it is just being given
            yield Difference(
                "attachments", found.name, "belongs to no row", f"rm {folder / found.name}"
            )
        elif base == found.name:
            there.add(base)
            digest = _sha256(kept.root, found)
            if digest is not None and digest != base:
                yield Difference(
                    "attachments", found.name, "holds other bytes than its name says",
                    "kb restore FILE elsewhere, and copy this file from there",
                )  # fmt: skip
    published = set()
    for found in media.files:
        named = read_name(found.name)
        if named:
            published.add(named.hash)
            digest = _sha256(media.root, found)
            if digest is not None and not digest.startswith(named.hash):
                yield Difference(
                    "attachments", f"media/{found.name}", "holds other bytes than its name says",
                    "kb restore FILE elsewhere, and copy this file from there",
                )  # fmt: skip
    for name in sorted(rows):
        if name not in there and name[:DIGITS] not in published:
            yield Difference(
                "attachments", name, "has a row but no file",
                "kb restore FILE elsewhere, and copy this file from there",
            )  # fmt: skip


def _sha256(folder: Path, found: Found) -> str | None:
    """Give the hash of a file, None where it went away or was replaced just now."""
    digest = hashlib.sha256()
    try:
        with opened(folder, found) as file:
            while data := file.read(archive.CHUNK):
                digest.update(data)
    except Changed:
        return None
    return digest.hexdigest()


def uses(
    documents: Documents, drafts: Mapping[str, str], kept: Listing, media: Listing
) -> Iterator[Difference]:
    """Look for what texts show and nobody has."""
    public = {found.name for found in media.files}
    known = {found.name[:DIGITS] for found in kept.files}
    mend = "kb restore FILE elsewhere and copy it from there, or upload it anew"
    for key, shown in documents.shown.items():
        wanted = {one for name in shown for one in _names(name)}
        for name in sorted(wanted - public):
            yield Difference(
                "attachments", name_of(key), f"shows media/{name}, which is gone", mend
            )
    for token, text in drafts.items():
        for name in sorted(named_in(text) - public):
            if name[:DIGITS] not in known:
                detail = f"shows media/{name}, which is gone"
                yield Difference("attachments", f"draft/{token}", detail, mend)


def _names(name: str) -> tuple[str, ...]:
    """Give the names of all files that belong to what a text shows."""
    media = read_name(name)
    return media.names if media else (name,)
