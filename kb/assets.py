"""The files of static/, read once, each under an address that names its content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SERVED = {".css", ".js", ".svg", ".png", ".ico"}


@dataclass(frozen=True)
class Asset:
    """One static file: its bytes, the same compressed, its type and the address it is served at."""

    name: str
    content: bytes
    compressed: bytes
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
        compressed=gzip.compress(content, 9, mtime=0),
        type=kind,
        digest=hashlib.sha256(content).hexdigest()[:12],
    )
