"""Pictures, decoded and encoded anew: upright, in sRGB, without a note, no wider than needed."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from indexer.media import WIDEST, WIDTHS
from kb.services.cleaning import jpeg
from kb.services.cleaning.unfit import Cleaned, Piece, Unfit

#: The plugins that are there; no other format can be asked for.
FORMATS = {"png": PngImagePlugin, "jpeg": JpegImagePlugin, "webp": WebPImagePlugin}
#: The smallest side, and the tallest picture that is kept, in pixels.
SMALLEST, TALLEST = 16, 8000
#: A picture with at most so many colours is a drawing, which stays sharp without loss.
DRAWING = 4096
QUALITY = 80
#: So much larger a drawing may be without loss, if it is not a smaller size.
WORTH = 1.5

#: What another file begins with, looked for behind a picture.
_SECOND = (
    (b"PK\3\4", "ZIP"), (b"PK\5\6", "ZIP"), (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"%PDF-", "PDF"), (b"<?php", "PHP"), (b"<script", "HTML"),
    (b"<html", "HTML"), (b"<!doctype", "HTML"), (b"<svg", "SVG"), (b"\x7fELF", "ELF"),
    (b"GIF8", "GIF"),
)  # fmt: skip
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
#: How many channels the kinds of colour of a PNG have.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: What Pillow raises for notes of a camera that are broken.
_BROKEN_NOTES = (OSError, ValueError, KeyError, TypeError, IndexError, SyntaxError, struct.error)


def cleaned(data: bytes, kind: str, most_pixels: int) -> Cleaned:
    """Give a picture anew. Raises Unfit; for a file that is broken also what Pillow raises."""
    _require_whole(data, kind)
    if kind == "webp":
        _require_few(_size_of_webp(data), most_pixels)  # opening it takes the memory already
    Image.MAX_IMAGE_PIXELS = None  # what is too much is said below, before anything is decoded
    with Image.open(io.BytesIO(data), formats=[kind.upper()]) as source:
        _require_fit(source, kind, most_pixels)
        if kind == "png":
            _require_no_bomb(data)
        drawing = kind != "jpeg" and _is_drawing(source)
        picture = _plain(source)
    worth = WORTH if drawing else 0.0
    pieces = [_encoded(picture, worth)]
    narrow = (_narrow(picture, width) for width in WIDTHS if width < picture.width)
    pieces += [_encoded(smaller, min(worth, 1.0)) for smaller in narrow]
    return Cleaned("image/webp", pieces[0], tuple(pieces[1:]))


# Whether it is one picture, whole, and no more ----------------------------------------------


def _require_whole(data: bytes, kind: str) -> None:
    """See that a picture ends, and that nothing stands behind it that is another file."""
    end = {"png": _end_of_png, "webp": _end_of_webp, "jpeg": jpeg.end_of}[kind](data)
    behind = data[end:]
    low = behind.lower()
    for start, name in _SECOND:
        if start.lower() in low:
            raise Unfit("two-files", second=name)
    # telephones add thumbnails and films behind a JPEG, which are not kept
    if behind and kind != "jpeg":
        raise Unfit("more-behind")


def _end_of_png(data: bytes) -> int:
    at = 8
    while True:
        if at + 12 > len(data):
            raise Unfit("damaged")
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + int(length)
        if at > len(data):
            raise Unfit("damaged")
        if name == b"IEND":
            return at


def _end_of_webp(data: bytes) -> int:
    (length,) = struct.unpack_from("<I", data, 4)
    end = 8 + int(length)
    if end > len(data):
        raise Unfit("damaged")
    return end + 1 if int(length) % 2 and data[end : end + 1] == b"\0" else end


def _size_of_webp(data: bytes) -> tuple[int, int]:
    """Give width and height from the head of the first chunk."""
    name, head = data[12:16], data[20:32]
    if len(head) < 10:
        raise Unfit("damaged")
    if name == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if name == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 6)
    return width & 0x3FFF, height & 0x3FFF


def _require_few(size: tuple[int, int], most_pixels: int) -> None:
    width, height = size
    if width * height > most_pixels:
        raise Unfit("too-many-pixels", width=str(width), height=str(height))


def _require_fit(source: Image.Image, kind: str, most_pixels: int) -> None:
    _require_few(source.size, most_pixels)
    if min(source.size) < SMALLEST:
        raise Unfit("too-small", least=str(SMALLEST))
    if kind != "jpeg" and getattr(source, "n_frames", 1) > 1:
        raise Unfit("moving")


def _require_no_bomb(data: bytes) -> None:
    """See that the pixels of a PNG are no more than its head says, without keeping them."""
    width, height, depth, colours = struct.unpack_from(">IIBB", data, 16)
    row = width * depth * _CHANNELS.get(colours, 4) // 8 + 2
    most = row * height * 2 + 4096  # pixels that come interlaced need a little more
    inflate, given, at = zlib.decompressobj(), 0, 8
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        piece = data[at + 8 : at + 8 + int(length)] if name == b"IDAT" else b""
        while piece:
            given += len(inflate.decompress(piece, 1 << 20))
            piece = inflate.unconsumed_tail
            if given > most:
                raise Unfit("bomb")
        at += 12 + int(length)


# From what was sent to plain colours ---------------------------------------------------------


def _is_drawing(source: Image.Image) -> bool:
    return not _is_deep(source) and source.getcolors(DRAWING) is not None


def _is_deep(source: Image.Image) -> bool:
    """Tell whether a grey picture has more than 8 bits, in which nobody draws."""
    return source.mode == "I" or source.mode.startswith("I;16")


def _plain(source: Image.Image) -> Image.Image:
    """Give the picture in RGB, upright and small enough, with nothing but its pixels."""
    orientation = _orientation(source)
    profile = source.info.get("icc_profile")
    source.draft(None, (WIDEST, WIDEST))  # a large JPEG is read in a smaller size
    picture = _on_paper(source)
    width, height = picture.size if orientation < 5 else picture.size[::-1]
    factor = min(1.0, WIDEST / width, TALLEST / height)
    size = [max(1, round(side * factor)) for side in picture.size]
    picture = picture.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = _in_srgb(picture, profile)
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    return clean


def _orientation(source: Image.Image) -> int:
    """Give how the camera was held, 1 where it does not say so."""
    try:
        found = source.getexif().get(_ORIENTATION, 1)
    except _BROKEN_NOTES:
        return 1
    return found if isinstance(found, int) and found in _UPRIGHT else 1


def _on_paper(source: Image.Image) -> Image.Image:
    """Give the picture in a mode that can be made smaller; what is transparent becomes white."""
    mode = source.mode
    if _is_deep(source):
        return source.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in source.info:
        picture = source.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    return source.convert("L" if mode == "1" else mode if mode in ("L", "CMYK") else "RGB")


def _in_srgb(picture: Image.Image, profile: Any) -> Image.Image:
    """Give the colours as every screen shows them; a profile that cannot be read is passed over."""
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = source.profile.xcolor_space.strip()
            if space == {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY"}[picture.mode]:
                made = ImageCms.profileToProfile(
                    picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
                assert made is not None
                return made
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture.convert("RGB")


# What is kept --------------------------------------------------------------------------------


def _narrow(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, worth: float) -> Piece:
    """Give the bytes of a picture: without loss where these are at most `worth` times as many."""
    data = _webp(picture, quality=QUALITY)
    if worth:
        sharp = _webp(picture, lossless=True, quality=QUALITY)
        data = sharp if len(sharp) <= worth * len(data) else data
    return Piece(data, *picture.size)


def _webp(picture: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", **how)
    return out.getvalue()
