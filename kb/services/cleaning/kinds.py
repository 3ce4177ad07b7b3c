"""What a file is, by its first bytes; its name is not asked."""

from __future__ import annotations

import re

#: What is taken.
TAKEN = ("png", "jpeg", "webp", "pdf")

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"%PDF-", "pdf"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\1\0", "icon"),
    (b"\0\0\2\0", "icon"),
    (b"8BPS", "photoshop"),
    (b"\xff\x0a", "jpeg-xl"),
    (b"\0\0\0\x0cJXL ", "jpeg-xl"),
    (b"\0\0\0\x0cjP  ", "jpeg-2000"),
    (b"\xff\x4f\xff\x51", "jpeg-2000"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xfe\xed\xfa", "program"),
    (b"\0asm", "program"),
    (b"#!", "program"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"BZh", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"OggS", "film"),
    (b"ID3", "film"),
    (b"BM", "bmp"),
)
#: The brands of the ISO base media format, in which pictures come too.
_BRANDS = {b"avif": "avif", b"avis": "avif"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "heic"
)
_SVG = re.compile(r"<(?:[a-z0-9]+:)?svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(r"\s*<(?:!doctype|!--|\?|[a-z/])", re.IGNORECASE)
#: How much of a text is looked at.
_HEAD = 4096


def kind_of(data: bytes) -> str:
    """Give the kind of a file: one of TAKEN, the name of another kind, or "unknown"."""
    if not data:
        return "empty"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"RIFF"):
        return "film"
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "film")
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zipped(data)
    return _text(data[:_HEAD])


def _zipped(data: bytes) -> str:
    head = data[:_HEAD]
    office = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"vnd.oasis.opendocument")
    return "office" if any(name in head for name in office) else "archive"


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if _SVG.search(text):
        return "svg"
    if _MARKUP.match(text):
        return "web-page"
    if b"%PDF-" in head[:1024]:
        return "late-pdf"
    readable = sum(one.isprintable() or one.isspace() for one in text if one != "\ufffd")
    return "text" if readable > 0.95 * len(text) else "unknown"
