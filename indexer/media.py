"""What media are called: the pictures and documents of texts, by the hash of their bytes.

A name tells what a page must know, so that neither a database nor the file is asked:
`<hash>-1600x900.webp` is a picture, `<hash>-480.webp` a smaller size of it, and
`<hash>-1180kb.pdf` a document. `<hash>` are 32 hex digits of the SHA-256 of the bytes, of a
smaller size those of its picture. All is pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

#: The folder of content/ that media lie in; texts write it in front of a name.
MEDIA = "media"
#: How wide a picture is at most, and how wide its smaller sizes are; in pixels.
WIDEST = 1600
WIDTHS = (480, 960)
#: How many digits of the hash stand in a name.
DIGITS = 32
#: Suffixes of what pages show as a picture. SVG is none: it can hold scripts.
PICTURES = frozenset(("png", "jpg", "jpeg", "gif", "webp", "avif"))
#: Suffixes of what is served below /media/, with their types.
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "pdf": "application/pdf",
}

_PICTURE = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,4})x([1-9][0-9]{0,4})\.webp", re.ASCII)
_SMALLER = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,4})\.webp", re.ASCII)
_DOCUMENT = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,8})kb\.pdf", re.ASCII)
_NAMED = re.compile(
    r"(?<![0-9a-zA-Z])[0-9a-f]{32}-"
    r"(?:[1-9][0-9]{0,4}x[1-9][0-9]{0,4}\.webp|[1-9][0-9]{0,8}kb\.pdf)",
    re.ASCII,
)


@dataclass(frozen=True)
class Media:
    """What the name of a picture or a document tells; a document has no width and height."""

    hash: str
    width: int = 0
    height: int = 0
    kilobytes: int = 0

    @property
    def name(self) -> str:
        """Give the name back."""
        if self.is_picture:
            return f"{self.hash}-{self.width}x{self.height}.webp"
        return f"{self.hash}-{self.kilobytes}kb.pdf"

    @property
    def is_picture(self) -> bool:
        """Tell a picture from a document."""
        return self.width > 0

    @property
    def widths(self) -> tuple[int, ...]:
        """Give the widths of the smaller sizes that there are beside it."""
        return tuple(width for width in WIDTHS if width < self.width)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of all files that belong together, the main one first."""
        return (self.name, *map(self.smaller, self.widths))

    def smaller(self, width: int) -> str:
        """Name the smaller size of this width."""
        return f"{self.hash}-{width}.webp"


def read_name(name: str) -> Media | None:
    """Read the name of a picture or a document; None where it is another one."""
    picture = _PICTURE.fullmatch(name)
    if picture:
        return Media(picture[1], int(picture[2]), int(picture[3]))
    document = _DOCUMENT.fullmatch(name)
    return Media(document[1], kilobytes=int(document[2])) if document else None


def read_smaller(name: str) -> tuple[str, int] | None:
    """Read the name of a smaller size: the hash of its picture, and its width."""
    found = _SMALLER.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def named_in(text: str) -> set[str]:
    """Give the names of pictures and documents that stand in a text, wherever they stand."""
    return set(_NAMED.findall(text))


def name_in_address(address: str) -> str | None:
    """Give the name that an address in a text has in the folder of media, None outside of it.

    Texts write `media/<name>` or `/media/<name>`; a name may lie in a folder below, and the
    place in a document, such as `#page=4`, may follow.
    """
    path = re.split("[?#]", address, maxsplit=1)[0].removeprefix("/")
    folder, slash, name = path.partition("/")
    if folder != MEDIA or not slash:
        return None
    name = unquote(name)
    return name if is_name(name) else None


def is_name(name: str) -> bool:
    """Tell whether something can be the name of a file in the folder of media, or below it."""
    parts = name.split("/")
    return len(name) <= 300 and all(
        part
        and not part.startswith(".")
        and part.isprintable()
        and not set(part) & set('\\:*?"<>|')
        for part in parts
    )


def suffix_of(name: str) -> str:
    """Give the suffix of a name in lower case, without its dot; "" where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
