"""PDF documents, read and written anew: what could act is refused, what was noted is left out."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

from kb.services.cleaning import jpeg
from kb.services.cleaning.unfit import Cleaned, Piece, Unfit

#: The most objects and pages of a document, and the bytes that its streams may have unpacked.
OBJECTS, PAGES, UNPACKED = 200_000, 2000, 400_000_000
#: What may stand behind the end of a document.
_BLANK = b"\0\t\n\f\r "
#: Keys whose presence is enough, with the reason.
_KEYS = {
    "/JS": "script", "/JavaScript": "script",
    "/AA": "acts", "/Launch": "acts",
    "/EmbeddedFiles": "files-inside", "/EF": "files-inside", "/Collection": "files-inside",
    "/RichMediaContent": "films-inside", "/RichMediaSettings": "films-inside",
    "/XFA": "live-form",
}  # fmt: skip
#: Actions that a reader's program would take, with the reason. Links and going to a page may stay.
_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "acts", "/SubmitForm": "acts", "/ImportData": "acts", "/ResetForm": "acts",
    "/GoToR": "acts", "/GoToE": "files-inside", "/Hide": "acts",
    "/Rendition": "films-inside", "/Movie": "films-inside", "/Sound": "films-inside",
    "/RichMediaExecute": "films-inside", "/GoTo3DView": "films-inside",
}  # fmt: skip
_SUBTYPES = {
    "/FileAttachment": "files-inside", "/RichMedia": "films-inside", "/Screen": "films-inside",
    "/Movie": "films-inside", "/Sound": "films-inside", "/3D": "films-inside",
}  # fmt: skip
_TYPES = {"/EmbeddedFile": "files-inside", "/Sig": "signed"}
#: What is left out wherever it stands: notes of programs about the document and its pictures.
_NOTES = ("/Metadata", "/PieceInfo", "/LastModified")
_SCHEMES = ("http", "https", "mailto")


def cleaned(data: bytes) -> Cleaned:
    """Give a document anew. Raises Unfit; for a file that is broken also what pikepdf raises."""
    _require_whole(data)
    try:
        document = Pdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Unfit("locked") from None
    with document:
        if document.is_encrypted:
            raise Unfit("locked")
        if len(document.objects) > OBJECTS or len(document.pages) > PAGES:
            raise Unfit("too-much-inside")
        if not len(document.pages):
            raise Unfit("damaged")
        _require_harmless(document)
        _forget(document)
        anew = _written(document)
    if _is_second(anew):
        raise Unfit("two-files", second="ZIP")
    return Cleaned("application/pdf", Piece(anew))


def _require_whole(data: bytes) -> None:
    """See that the document is all that there is in the file."""
    head = data[:1024].lower()
    if any(word in head for word in (b"<html", b"<script", b"<!doctype", b"<?php", b"<svg")):
        raise Unfit("two-files", second="HTML")
    if _is_second(data):
        raise Unfit("two-files", second="ZIP")
    if not data.rstrip(_BLANK).endswith(b"%%EOF"):
        raise Unfit("more-behind" if b"%%EOF" in data else "damaged")


def _is_second(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


# What could act ------------------------------------------------------------------------------


def _require_harmless(document: Pdf) -> None:
    """Look at every object, those that no page leads to and those in streams of objects too."""
    unpacked = 0
    for one in document.objects:
        for part in _within(one):
            _require_no_action(part)
        if isinstance(one, Stream):
            unpacked += _unpacked(one)
            if unpacked > UNPACKED:
                raise Unfit("bomb")
    opened = document.Root.get("/OpenAction")
    if isinstance(opened, Dictionary) and opened.get("/S") != Name.GoTo:
        raise Unfit("acts")


def _within(one: Object) -> Iterator[Dictionary | Stream]:
    """Yield an object and the dictionaries inside of it, those that are objects themselves not."""
    todo: list[Any] = [one]
    while todo:
        part = todo.pop()
        if isinstance(part, Dictionary | Stream):
            yield part
            inner = list(part.as_dict().values() if isinstance(part, Dictionary) else
                         part.stream_dict.as_dict().values())  # fmt: skip
        elif isinstance(part, Array):
            inner = list(part.as_list())
        else:
            continue
        todo += [each for each in inner if isinstance(each, Object) and not each.is_indirect]


def _require_no_action(part: Dictionary | Stream) -> None:
    keys = set(part.keys())
    for key in keys & _KEYS.keys():
        raise Unfit(_KEYS[key])
    for key, table in (("/S", _ACTIONS), ("/Subtype", _SUBTYPES), ("/Type", _TYPES)):
        if key in keys:
            value = part[key]
            if isinstance(value, Name) and str(value) in table:
                raise Unfit(table[str(value)])
    if "/URI" in keys and isinstance(part["/URI"], String):
        _require_link(str(part["/URI"]))
    if isinstance(part, Stream) and keys & {"/F", "/Ref"}:
        raise Unfit("acts")  # its content lies in another file


def _require_link(address: str) -> None:
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        scheme = "?"
    if scheme and scheme not in _SCHEMES:
        raise Unfit("acts")


def _unpacked(stream: Stream) -> int:
    """Give how many bytes a stream has unpacked, no more than are allowed; raises Unfit."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, Array) else [str(filters)]
    if names.count("/FlateDecode") + names.count("/Fl") > 1 or len(names) > 3:
        raise Unfit("bomb")
    if names[0] not in ("/FlateDecode", "/Fl"):
        return 0
    inflate, piece, given = zlib.decompressobj(), stream.read_raw_bytes(), 0
    while piece and given <= UNPACKED:
        try:
            given += len(inflate.decompress(piece, 1 << 20))
        except zlib.error:
            break  # the reader's program shows what it can
        piece = inflate.unconsumed_tail
    return given


# What is kept --------------------------------------------------------------------------------


def _forget(document: Pdf) -> None:
    """Take out what programs and cameras noted; the title stays, for it is told to readers."""
    title = document.docinfo.get("/Title")
    document.docinfo = document.make_indirect(Dictionary())
    if isinstance(title, String):
        document.docinfo["/Title"] = title
    if "/OpenAction" in document.Root:
        del document.Root["/OpenAction"]
    for one in document.objects:
        for part in _within(one):
            for note in _NOTES:
                if note in part:
                    del part[note]
        if isinstance(one, Stream) and one.get("/Filter") == Name.DCTDecode:
            _forget_camera(one)


def _forget_camera(stream: Stream) -> None:
    try:
        data = jpeg.without_notes(stream.read_raw_bytes())
    except Unfit:
        raise Unfit("damaged") from None
    how = stream.get("/DecodeParms")
    parameters = how if isinstance(how, Dictionary | Array) else None
    stream.write(data, filter=Name.DCTDecode, decode_parms=parameters)


def _written(document: Pdf) -> bytes:
    out = io.BytesIO()
    document.save(
        out,
        object_stream_mode=ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return out.getvalue()
