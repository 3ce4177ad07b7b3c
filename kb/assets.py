"""The files of static/, read once, each under an address that names its content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import brotli

SERVED = {".css", ".js", ".svg", ".png", ".ico"}


@dataclass(frozen=True)
class Asset:
    """One static file: its bytes, its type and the address it is served at.

    `compressed` holds the same by coding, the smallest first.
    """

    name: str
    content: bytes
    compressed: Mapping[str, bytes]
    type: str
    digest: str

    @property
    def url(self) -> str:
        """The path of the file, which changes with its content."""
        return f"/static/{self.digest}/{self.name}"


def load_assets(folder: Path) -> Mapping[str, Asset]:
    """All servable files below `folder` by their relative name. They are few and small."""
    return {
        asset.name: asset
        for path in sorted(folder.rglob("*"))
        if path.suffix in SERVED and path.is_file()
        for asset in [_asset(path.relative_to(folder).as_posix(), path.read_bytes())]
    }


def _asset(name: str, content: bytes) -> Asset:
    kind = mimetypes.types_map.get(Path(name).suffix, "application/octet-stream")
    kind = "text/javascript" if name.endswith(".js") else kind
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return Asset(
        name=name,
        content=content,
        compressed=_compressed(content),
        type=kind,
        digest=hashlib.sha256(content).hexdigest()[:12],
    )


@lru_cache(maxsize=128)
def _compressed(content: bytes) -> Mapping[str, bytes]:
    """The forms of a file that browsers may be sent, made once and as small as can be."""
    forms = {"br": brotli.compress(content), "gzip": gzip.compress(content, 9, mtime=0)}
    shorter = {name: form for name, form in forms.items() if len(form) < len(content)}
    return MappingProxyType(shorter)
