"""Files for tests, good and bad, built from bytes: pictures, PDFs, bombs, and two files in one."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw, PngImagePlugin

PNG = b"\x89PNG\r\n\x1a\n"
PHP = b"<?php system($_GET['c']); ?>"
PAGE = b"<!doctype html><html><script>alert(1)</script></html>"


# Pictures ------------------------------------------------------------------------------------


def drawing(width: int = 640, height: int = 400) -> Image.Image:
    """A map of a few colours."""
    picture = Image.new("RGB", (width, height), "#f2efe6")
    pen = ImageDraw.Draw(picture)
    for at in range(0, width, max(8, width // 20)):
        pen.line((at, 0, width - at, height), fill="#0b5f6b", width=2)
    pen.ellipse((width // 4, height // 4, width // 2, height // 2), fill="#9a5b00")
    return picture


def photo(width: int = 640, height: int = 400) -> Image.Image:
    """Something with more colours than any drawing."""
    rows = Image.linear_gradient("L").resize((width, height))
    columns = Image.linear_gradient("L").rotate(90).resize((width, height))
    noise = Image.frombytes("L", (width, height), random.Random(7).randbytes(width * height))
    return Image.merge("RGB", (rows, columns, noise))


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def png(width: int = 640, height: int = 400, **how: Any) -> bytes:
    return saved(drawing(width, height), "PNG", **how)


def jpeg(width: int = 640, height: int = 400, **how: Any) -> bytes:
    return saved(photo(width, height), "JPEG", **how)


def webp(width: int = 640, height: int = 400, **how: Any) -> bytes:
    return saved(photo(width, height), "WEBP", **how)


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def raw_png(width: int, height: int, pixels: bytes, *more: bytes, depth: int = 8) -> bytes:
    """A grey PNG, of which nothing needs to be true."""
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"".join([PNG, chunk(b"IHDR", head), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def zeros(megabytes: int) -> bytes:
    """Nothing, many times, packed a thousandfold."""
    pack = zlib.compressobj(9)
    return b"".join([*(pack.compress(bytes(1_000_000)) for _ in range(megabytes)), pack.flush()])


def riff(*chunks: tuple[bytes, bytes], kind: bytes = b"WEBP") -> bytes:
    """A WebP file of these chunks."""
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + kind + body


def giant_webp() -> bytes:
    """A canvas of 16,383 by 16,383 pixels, with a small picture on it."""
    small = webp(32, 32)[12:]
    side = struct.pack("<I", 16382)[:3]
    extended = (b"VP8X", bytes(4) + side + side)
    name, data = small[:4], small[8 : 8 + struct.unpack("<I", small[4:8])[0]]
    return riff(extended, (name, data))


def giant_lossless_webp() -> bytes:
    """The same as a lossless picture without pixels."""
    return riff((b"VP8L", b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + bytes(32)))


def giant_jpeg() -> bytes:
    """A JPEG whose frame is said to have 65,000 by 65,000 pixels."""
    data = bytearray(jpeg(64, 64))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65000, 65000)
    return bytes(data)


def moving(kind: str, frames: int = 3) -> bytes:
    """A picture that moves."""
    first, *others = [photo(64 + n, 64).resize((64, 64)) for n in range(frames)]
    return saved(first, kind, save_all=True, append_images=others, duration=100)


def noted_jpeg(**how: Any) -> bytes:
    """A photograph as a telephone makes it: with place, maker, thumbnail, comment and XMP."""
    exif = Image.Exif()
    exif[0x010E], exif[0x010F], exif[0x0112] = "Secret description", "SecretMaker", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (6.0, 13.0, 40.0), 3: "E", 4: (1.0, 12.0, 50.0)})
    return saved(
        photo(1200, 800), "JPEG", exif=exif, comment=b"Secret comment " + PHP,
        xmp=b"<x:xmpmeta>Secret place</x:xmpmeta>", dpi=(300, 300), **how,
    )  # fmt: skip


def noted_png() -> bytes:
    """A PNG with notes of every kind."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Secret author")
    notes.add_text("Comment", "Secret comment", zip=True)
    notes.add_itxt("Title", "Secret title", zip=True)
    exif = Image.Exif()
    exif[0x010E] = "Secret description"
    return png(pnginfo=notes, exif=exif)


# Other kinds of file -------------------------------------------------------------------------


def zipped(*names: str, start: bytes = b"") -> bytes:
    """An archive, with something in front of it."""
    out = io.BytesIO(start)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        for name in names or ("evil.txt",):
            archive.writestr(name, "evil")
    return out.getvalue()


def box(brand: bytes) -> bytes:
    """The beginning of a file of the ISO base media format."""
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + brand + bytes(200)


OTHERS = {
    "bmp": saved(Image.new("RGB", (32, 32)), "BMP"),
    "tiff": saved(Image.new("RGB", (32, 32)), "TIFF"),
    "tiff, the other way round": b"MM\0*" + bytes(100),
    "icon": saved(Image.new("RGB", (32, 32)), "ICO"),
    "gif": saved(Image.new("P", (32, 32)), "GIF"),
    "avif": box(b"avif"),
    "heic": box(b"heic"),
    "film": box(b"isom"),
    "sound": riff((b"fmt ", bytes(16)), kind=b"WAVE"),
    "mp3": b"ID3\x04" + bytes(100),
    "photoshop": b"8BPS\0\1" + bytes(100),
    "jpeg-xl": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100),
    "jpeg-2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "elf": b"\x7fELF\2\1\1" + bytes(100),
    "exe": b"MZ\x90\0" + bytes(100),
    "class": b"\xca\xfe\xba\xbe" + bytes(100),
    "wasm": b"\0asm\1\0\0\0",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "zip": zipped(),
    "docx": zipped("[Content_Types].xml", "word/document.xml"),
    "odt": zipped("mimetypeapplication/vnd.oasis.opendocument.text"),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "rtf": b"{\\rtf1 Hello}",
    "gzip": gzip.compress(b"x"),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(50),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(50),
}

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script>'
    b"<rect width='9' height='9'/></svg>"
)


# PDF -----------------------------------------------------------------------------------------


def pdf(change: Callable[[Pdf], None] = lambda _: None, pages: int = 1, **how: Any) -> bytes:
    """A document, with something done to it before it is saved."""
    document = Pdf.new()
    for number in range(pages):
        document.add_blank_page(page_size=(300, 400))
        text = f"BT /F1 12 Tf 20 350 Td (Page {number + 1}) Tj ET".encode()
        document.pages[-1].Contents = document.make_stream(text)
        document.pages[-1].Resources = Dictionary(
            Font=Dictionary(
                F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
            )
        )
    document.docinfo["/Title"] = "A report"
    document.docinfo["/Author"] = "Secret author"
    change(document)
    out = io.BytesIO()
    document.save(out, **how)
    return out.getvalue()


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def opening(action: Any) -> Callable[[Pdf], None]:
    """Do something when it is opened."""

    def change(document: Pdf) -> None:
        document.Root.OpenAction = action

    return change


def annotated(**values: Any) -> Callable[[Pdf], None]:
    """Put something on the first page that can be pressed."""

    def change(document: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 50, 50]), **values)
        document.pages[0].Annots = document.make_indirect(Array([document.make_indirect(note)]))

    return change


def link(action: Dictionary) -> Callable[[Pdf], None]:
    """A link that does something."""
    return annotated(Subtype=Name.Link, A=action)


def named_script(document: Pdf) -> None:
    names = Dictionary(Names=Array([String("a"), SCRIPT]))
    document.Root.Names = Dictionary(JavaScript=document.make_indirect(names))


def acting_page(document: Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)


def attached(document: Pdf) -> None:
    document.attachments["evil.exe"] = pikepdf.AttachedFileSpec(document, b"MZ evil")


def live_form(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def signed(document: Pdf) -> None:
    value = document.make_indirect(Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite")))
    field = document.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=value))
    document.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def elsewhere(document: Pdf) -> None:
    stream = document.make_stream(b"")
    stream.F = String("/etc/passwd")
    document.pages[0].Contents = stream


def hidden_script(document: Pdf) -> None:
    """A script to which nothing leads but the list of objects."""
    document.Root.Extra = document.make_indirect(Array([Dictionary(Deep=Array([SCRIPT]))]))


def packed(megabytes: int) -> Callable[[Pdf], None]:
    """A page whose content grows out of all measure."""

    def change(document: Pdf) -> None:
        stream = document.make_stream(b"")
        stream.write(zeros(megabytes), filter=Name.FlateDecode)
        document.pages[0].Contents = stream

    return change


def packed_twice(document: Pdf) -> None:
    stream = document.make_stream(b"")
    stream.write(zlib.compress(zeros(100)), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    document.pages[0].Contents = stream


def going_round(document: Pdf) -> None:
    """Pages that lead back to themselves."""
    document.Root.Pages.Kids = Array([document.Root.Pages, document.Root.Pages])


def without_pages(document: Pdf) -> None:
    del document.pages[0]


def locked(**how: str) -> dict[str, Any]:
    return {"encryption": pikepdf.Encryption(**{"owner": "o", "user": "", **how})}


AS_IT_IS: dict[str, Any] = {
    "stream_decode_level": pikepdf.StreamDecodeLevel.none,
    "compress_streams": False,
}
IN_STREAMS: dict[str, Any] = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
