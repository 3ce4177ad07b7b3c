"""Pictures and documents: what is taken, what of it is kept, what is refused, who sees it."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from indexer.library import Library
from indexer.media import WIDEST, WIDTHS, Media, read_name
from indexer.values import Key
from kb import markup
from kb.access import Person
from kb.app import create_app
from kb.forms.account import FormIncomplete
from kb.forms.files import ALT, CAPTION, FileForm
from kb.present.files import WHY, line_of
from kb.records import attachments as records
from kb.records import tables
from kb.records.attachments import Attachment
from kb.records.database import now
from kb.services import attaching, editing, shelf
from kb.services.attaching import Upload
from kb.services.cleaning.__main__ import clean
from kb.services.cleaning.kinds import kind_of
from kb.services.cleaning.unfit import Cleaned, Unfit
from kb.services.desk import Desk
from kb.services.office import SmallOffice
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories
from tests import uploads as up
from tests.people import Browser, add_person, database_of, signed_in

MOST = 40_000_000
#: The settings of the site: one megabyte for a file, ten kilobytes for any other form.
LARGEST, FORM = 1000, 10
ALT_TEXT = "Two nurses at a radio"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    root = tmp_path_factory.mktemp("files")
    content = factories.content_folder(root / "content", {"cash-by-phone": factories.case_text()})
    settings = Settings(content=content, data=root / "data", max_upload_kb=LARGEST,
                        max_request_kb=FORM)  # fmt: skip
    made = create_app(settings, Library.open(content, root / "var"))
    yield made
    database_of(made).close()


@pytest.fixture(scope="module")
def office(app: Flask) -> SmallOffice:
    return SmallOffice(database_of(app), app.extensions["sankofa.settings"])


@pytest.fixture(scope="module")
def ama(app: Flask) -> Person:
    return add_person(database_of(app), "contributor", "Ama", "ama@example.org")


@pytest.fixture(scope="module")
def ben(app: Flask) -> Person:
    return add_person(database_of(app), "contributor", "Ben", "ben@example.org")


@pytest.fixture(scope="module")
def eva(app: Flask) -> Person:
    return add_person(database_of(app), "editor", "Eva", "eva@example.org")


@pytest.fixture
def hers(app: Flask, ama: Person) -> tuple[Browser, str]:
    """The browser of Ama, and the token of her forms."""
    return signed_in(app, ama)


def send(
    browser: tuple[Browser, str],
    data: bytes,
    name: str = "a.png",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> TestResponse:
    """Send a file by the form, as a browser without script does."""
    client, token = browser
    form = {"csrf_token": token, "alt": ALT_TEXT, "file": (name, data), **more}
    found: TestResponse = client.post("/attachments", headers=headers, **multipart(form))
    return found


def multipart(form: Mapping[str, Any]) -> dict[str, Any]:
    """A form as a browser sends it; a file is its name and its bytes, None is left out."""
    body = b""
    for name, value in form.items():
        for one in value if isinstance(value, list) else [value]:
            head = f'--x\r\nContent-Disposition: form-data; name="{name}"'.encode()
            if isinstance(one, tuple):
                file = one[0].replace('"', "%22").encode()
                type_ = b'"\r\nContent-Type: image/png\r\n\r\n'
                body += head + b'; filename="' + file + type_ + one[1] + b"\r\n"
            elif one is not None:
                body += head + b"\r\n\r\n" + one.encode() + b"\r\n"
    return {"data": body + b"--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


def snapshot(office: SmallOffice) -> dict[str, str]:
    """Every file of the desk but the database and its locks, and every row of an attachment."""
    found = {}
    for folder in (office.settings.content, office.settings.data, Path(tempfile.gettempdir())):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and ".sqlite" not in path.name and path.suffix != ".lock":
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    with office.database.reading() as connection:
        for row in records.find(connection):
            found[f"row {row.id}"] = repr(row)
    return found


def cleaned(data: bytes) -> Cleaned:
    """What is kept of a file; in this process, which is quicker."""
    return clean(kind_of(data), MOST, data)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


# What is refused -----------------------------------------------------------------------------

PNG, JPEG, WEBP, PDF = up.png(), up.jpeg(), up.webp(), up.pdf()
SHAPELESS = up.PNG + up.chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0))

#: what it is -> (the name of the file, its bytes, the reason)
BAD: dict[str, tuple[str, bytes, str]] = {
    # bombs
    "a PNG of 60,000 by 60,000 pixels": (
        "a.png", up.raw_png(60000, 60000, b"x"), "too-many-pixels"),
    "a PNG of 400 million pixels that are there": (
        "a.png", up.raw_png(20000, 20000, zlib.compress(bytes(2501 * 20000), 9), depth=1),
        "too-many-pixels"),
    "pixels that grow out of all measure": ("a.png", up.raw_png(32, 32, up.zeros(300)), "bomb"),
    "a colour profile that does": (
        "a.png", up.raw_png(32, 32, b"", up.chunk(b"iCCP", b"x\0\0" + up.zeros(80))), "damaged"),
    "a note that does": (
        "a.png", up.raw_png(32, 32, b"", up.chunk(b"zTXt", b"x\0\0" + up.zeros(80))), "damaged"),
    "a JPEG of 65,000 by 65,000 pixels": ("a.jpg", up.giant_jpeg(), "too-many-pixels"),
    "a WebP of 16,383 by 16,383 pixels": ("a.webp", up.giant_webp(), "too-many-pixels"),
    "the same without loss": ("a.webp", up.giant_lossless_webp(), "too-many-pixels"),
    "a GIF of many frames, called PNG": ("a.png", up.moving("GIF", 200), "gif"),
    "a PNG that moves": ("a.png", up.moving("PNG"), "moving"),
    "a WebP that moves": ("a.webp", up.moving("WEBP"), "moving"),
    "a page of a PDF that grows": ("a.pdf", up.pdf(up.packed(500)), "bomb"),
    "a page of a PDF that is packed twice": (
        "a.pdf", up.pdf(up.packed_twice, **up.AS_IT_IS), "bomb"),
    "a PDF whose pages go round": ("a.pdf", up.pdf(up.going_round), "damaged"),
    # cut short, broken, nearly nothing
    "a PNG cut short": ("a.png", PNG[:-40], "damaged"),
    "a JPEG cut short": ("a.jpg", JPEG[:-400], "damaged"),
    "a WebP cut short": ("a.webp", WEBP[:-100], "damaged"),
    "a PDF cut short": ("a.pdf", PDF[:-30], "damaged"),
    "the first bytes of a PNG": ("a.png", up.PNG, "damaged"),
    "the first bytes of a JPEG": ("a.jpg", b"\xff\xd8\xff\xe0", "damaged"),
    "the first bytes of a WebP": ("a.webp", b"RIFF\x04\0\0\0WEBP", "damaged"),
    "the first bytes of a PDF": ("a.pdf", b"%PDF-1.7\n%%EOF\n", "damaged"),
    "a PNG without pixels": ("a.png", SHAPELESS + up.chunk(b"IEND", b""), "damaged"),
    "a PNG of no pixels": ("a.png", up.raw_png(0, 0, b""), "damaged"),
    "a PNG with a wrong checksum": ("a.png", PNG[:40] + b"\0\0\0\0" + PNG[44:], "damaged"),
    "a PDF without pages": ("a.pdf", up.pdf(up.without_pages), "damaged"),
    "a PDF whose table leads nowhere": (
        "a.pdf", PDF.replace(b"startxref\n", b"startxref\n9"), "damaged"),
    "a picture of 8 by 8 pixels": ("a.png", up.png(8, 8), "too-small"),
    "nothing": ("a.png", b"", "empty"),
    "one byte": ("a.png", b"\x89", "unknown"),
    "noise": ("a.png", bytes(range(128, 256)) * 40, "unknown"),
    # drawings and pages that can hold scripts
    "an SVG": ("a.svg", up.SVG, "svg"),
    "an SVG, called PNG": ("a.png", up.SVG, "svg"),
    "an SVG behind a declaration": (
        "a.png", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE svg>' + up.SVG, "svg"),
    "an SVG in UTF-16": ("a.png", up.SVG.decode().encode("utf-16"), "svg"),
    "an SVG with a prefix": ("a.svg", b'<x:svg xmlns:x="http://www.w3.org/2000/svg"/>', "svg"),
    "a web page": ("a.html", up.PAGE, "web-page"),
    "a web page, called JPEG": ("a.jpg", b"  \n" + up.PAGE, "web-page"),
    "a web page behind the first bytes of a PNG": ("a.png", up.PNG + up.PAGE, "damaged"),
    "PHP": ("a.php.png", up.PHP.encode() if isinstance(up.PHP, str) else up.PHP, "web-page"),
    "JavaScript": ("a.png", b"alert(document.cookie)//", "text"),
    "plain text": ("a.txt", "Grüße aus Aného".encode(), "text"),
    # two files in one
    "a PNG and an archive": ("a.png", up.zipped(start=PNG), "two-files"),
    "a JPEG and an archive": ("a.jpg", up.zipped(start=JPEG), "two-files"),
    "a WebP and an archive": ("a.webp", up.zipped(start=WEBP), "two-files"),
    "a GIF and a Java archive": ("a.gif", up.zipped(start=up.OTHERS["gif"]), "gif"),
    "a PNG and a web page": ("a.png", PNG + up.PAGE, "two-files"),
    "a PNG and a PDF": ("a.png", PNG + PDF, "two-files"),
    "a JPEG and PHP": ("a.jpg", JPEG + up.PHP, "two-files"),
    "a JPEG and a program": ("a.jpg", JPEG + up.OTHERS["elf"], "two-files"),
    "a PNG and something": ("a.png", PNG + b"and more", "more-behind"),
    "a WebP and something": ("a.webp", WEBP + b"and more", "more-behind"),
    "a web page and a PDF": ("a.pdf", up.PAGE + PDF, "web-page"),
    "something and a PDF": ("a.pdf", b"\n" + PDF, "late-pdf"),
    "a PDF and a web page": ("a.pdf", up.pdf(pages=9) + up.PAGE, "more-behind"),
    "a PDF and an archive": ("a.pdf", up.zipped(start=PDF), "two-files"),
    "an archive and a PDF": ("a.pdf", up.zipped() + PDF, "archive"),
    "a PDF with a web page in its first lines": (
        "a.pdf", PDF.replace(b"\n", b"\n%<html><script>x</script>\n", 1), "two-files"),
    # PDFs that act
    "a PDF with a script when it opens": ("a.pdf", up.pdf(up.opening(up.SCRIPT)), "script"),
    "a PDF that starts a program": (
        "a.pdf", up.pdf(up.opening(Dictionary(S=Name.Launch, F=String("cmd.exe")))), "acts"),
    "a PDF that opens an address": (
        "a.pdf", up.pdf(up.opening(Dictionary(S=Name.URI, URI=String("https://x.example")))),
        "acts"),
    "a PDF with a script by name": ("a.pdf", up.pdf(up.named_script), "script"),
    "the same in a stream of objects": (
        "a.pdf", up.pdf(up.named_script, **up.IN_STREAMS), "script"),
    "a PDF with a script that nothing shows": (
        "a.pdf", up.pdf(up.hidden_script, **up.IN_STREAMS), "script"),
    "a PDF with a script when a page is turned": ("a.pdf", up.pdf(up.acting_page), "acts"),
    "a PDF with a link to a script": ("a.pdf", up.pdf(up.link(up.SCRIPT)), "script"),
    "a PDF with a link to a program": (
        "a.pdf", up.pdf(up.link(Dictionary(S=Name.Launch, F=String("x")))), "acts"),
    "a PDF with a link to another file": (
        "a.pdf", up.pdf(up.link(Dictionary(S=Name.GoToR, F=String("//host/x.pdf")))), "acts"),
    "a PDF that sends a form": (
        "a.pdf", up.pdf(up.link(Dictionary(S=Name.SubmitForm, F=String("https://x")))), "acts"),
    "a PDF with a link that is a script": (
        "a.pdf", up.pdf(up.link(Dictionary(S=Name.URI, URI=String("javascript:alert(1)")))),
        "acts"),
    "a PDF with a link into the computer": (
        "a.pdf", up.pdf(up.link(Dictionary(S=Name.URI, URI=String("file:///etc/passwd")))),
        "acts"),
    "a PDF with a film": ("a.pdf", up.pdf(up.annotated(Subtype=Name.RichMedia)), "films-inside"),
    "a PDF with a note that is a file": (
        "a.pdf", up.pdf(up.annotated(Subtype=Name.FileAttachment)), "files-inside"),
    "a PDF with a file attached": ("a.pdf", up.pdf(up.attached), "files-inside"),
    "a PDF that is a live form": ("a.pdf", up.pdf(up.live_form), "live-form"),
    "a PDF whose content lies elsewhere": ("a.pdf", up.pdf(up.elsewhere), "acts"),
    "a PDF that is signed": ("a.pdf", up.pdf(up.signed), "signed"),
    "a PDF that is locked for its reader": ("a.pdf", up.pdf(**up.locked(user="u")), "locked"),
    "a PDF that is locked for changes": ("a.pdf", up.pdf(**up.locked()), "locked"),
}  # fmt: skip
#: the other kinds of file, each called as what is taken
BAD |= {f"{kind}, called JPEG": ("photo.jpg", data, "") for kind, data in up.OTHERS.items()}

#: what it is -> the name of a file whose content is right
NAMES = {
    "a path upwards": "../../etc/passwd.png",
    "a path upwards, as Windows writes it": "..\\..\\windows\\x.png",
    "a path from the root": "/etc/cron.d/x.png",
    "a path of Windows": "C:/x/y.png",
    "a NUL": "a.png\0.php",
    "5,000 characters": "x" * 5000 + ".png",
    "201 characters": "x" * 197 + ".png",
    "a turned direction": "photo\u202egpj.exe",
    "another turned direction": "photo\u2066gpj.exe",
    "a device": "CON.png",
    "a device without an end": "nul",
    "a hidden file": ".htaccess",
    "dots": "...",
    "a line break": "a\nb.png",
    "a bell": "a\x07.png",
}

#: what it is -> what is sent beside a right file, and the field that it is told at
WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "no words": ({"alt": None}, "alt"),
    "blank words": ({"alt": " \t\u00a0\u200b "}, "alt"),
    "the name of a file as words": ({"alt": "IMG_20260412_104233.jpg"}, "alt"),
    "a number as words": ({"alt": "DSC 0001"}, "alt"),
    "too many words": ({"alt": "x" * (ALT + 1)}, "alt"),
    "too long a caption": ({"caption": "x" * (CAPTION + 1)}, "caption"),
    "no file": ({"file": None}, "file"),
    "an empty choice": ({"file": ("", b"")}, "file"),
    "two files": ({"file": [("a.png", PNG), ("b.png", PNG)]}, "file"),
    "a file in another field too": ({"other": ("b.png", PNG)}, "file"),
}


def test_there_are_more_than_sixty_bad_uploads() -> None:
    assert len(BAD) + len(NAMES) + len(WORDS) > 120


@pytest.fixture(autouse=True)
def own_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where large uploads are kept while they are read, so that it can be looked at."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_the_reason_and_nothing_is_left(
    what: str, office: SmallOffice, hers: tuple[Browser, str]
) -> None:
    name, data, why = BAD[what]
    before = snapshot(office)
    answer = send(hers, data, name)
    assert answer.status_code == 422
    kind = why or kind_of(data)
    told = re.search(r'id="given-file-error"[^>]*>([^<]+)<', answer.text)
    assert told, answer.text
    first = re.split(r"%\(", WHY[kind]())[0]
    assert told[1].replace("&#39;", "'").startswith(first[:40])
    assert ALT_TEXT in answer.text  # what was typed is still there
    assert snapshot(office) == before


@pytest.mark.parametrize("what", NAMES)
def test_a_bad_name_is_refused_and_nothing_is_left(
    what: str, app: Flask, office: SmallOffice, hers: tuple[Browser, str]
) -> None:
    before = snapshot(office)
    with app.test_request_context(), pytest.raises(FormIncomplete) as told:
        FileForm(NAMES[what], PNG, 1, ALT_TEXT).check()
    assert set(told.value.problems) == {"file"}
    answer = send(hers, PNG, NAMES[what])
    assert answer.status_code == 422
    assert "file" in told.value.problems["file"]
    assert snapshot(office) == before


@pytest.mark.parametrize("what", WORDS)
def test_missing_or_bad_words_are_told_at_their_field(
    what: str, office: SmallOffice, hers: tuple[Browser, str]
) -> None:
    before, (more, field) = snapshot(office), WORDS[what]
    answer = send(hers, PNG, **more)
    assert answer.status_code == 422
    assert re.search(rf'id="given-{field}-error"[^>]*>\w', answer.text)
    assert snapshot(office) == before


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    office: SmallOffice, hers: tuple[Browser, str]
) -> None:
    before = snapshot(office)
    for size in (LARGEST * 1024 + 1, LARGEST * 1024 + 70_000, 20_000_000):
        answer = send(hers, PNG + bytes(size - len(PNG)))
        assert answer.status_code in (413, 422)
        assert "too large: at most 1000 KB" in answer.text
    assert snapshot(office) == before


def test_only_this_form_takes_more_than_others(
    hers: tuple[Browser, str], office: SmallOffice
) -> None:
    client, token = hers
    large = "x" * (FORM * 1024 + 1)
    for path in ("/cases/new", "/account/name", "/choices", "/attachments/0/remove"):
        assert client.post(path, data={"csrf_token": token, "a": large}).status_code == 413, path
    assert send(hers, up.jpeg(800, 600)).status_code == 303


def test_a_visitor_sends_nothing_and_is_asked_to_sign_in(app: Flask, office: SmallOffice) -> None:
    before = snapshot(office)
    visitor = Browser(app, app.response_class)
    for data in (PNG, bytes(900_000)):
        answer = send((visitor, ""), data)
        assert answer.status_code in (303, 401)
        assert "sign-in" in (answer.headers.get("Location") or answer.text)
    assert snapshot(office) == before


def test_what_a_file_is_called_does_not_matter(hers: tuple[Browser, str]) -> None:
    for name in ("photo.exe", "photo", "фото.jpg", "صورة\u200f.png", "a b'c\".png", "x" * 200):
        assert send(hers, PNG, name, alt=f"A map, {len(name)}").status_code == 303, name


def test_too_many_files_a_day_have_to_wait(app: Flask, office: SmallOffice) -> None:
    busy = add_person(database_of(app), "contributor", "Busy", "busy@example.org")
    from kb.records import people

    with office.database.writing() as connection:
        from kb.services.limits import _subjects

        ((_, subject),) = _subjects("attach", str(busy.id), "")
        for _ in range(260):
            people.add_try(connection, "attach", subject, now())
    answer = send(signed_in(app, busy), PNG)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Try again in" in answer.text


# What is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP], ids=["png", "jpeg", "webp"])
def test_a_picture_is_kept_as_webp(data: bytes) -> None:
    made = cleaned(data)
    assert made.type == "image/webp"
    assert kind_of(made.main.data) == "webp"
    assert (made.main.width, made.main.height) == (640, 400)
    assert [one.width for one in made.smaller] == [480]


def test_a_large_picture_becomes_small_enough_with_smaller_sizes() -> None:
    made = cleaned(up.jpeg(4000, 3000))
    assert (made.main.width, made.main.height) == (WIDEST, 1200)
    assert [(one.width, one.height) for one in made.smaller] == [(480, 360), (960, 720)]
    assert all(opened(one.data).size == (one.width, one.height) for one in made.smaller)
    assert [len(one.data) for one in made.smaller] == sorted(len(one.data) for one in made.smaller)
    tall = cleaned(up.png(300, 12000))
    assert tall.main.height == 8000


def test_a_photograph_is_turned_as_it_was_held() -> None:
    """The picture is red above and blue below once it stands upright."""
    upright = Image.new("RGB", (60, 90), "red")
    upright.paste("blue", (0, 45, 60, 90))
    turned = {2: 0, 3: 1, 4: 3, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose undone
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    assert set(turned) < set(undo)
    for orientation, back in undo.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        held = upright if back is None else upright.transpose(Image.Transpose(back))
        kept = opened(cleaned(up.saved(held, "JPEG", exif=exif, quality=95)).main.data)
        assert kept.size == (60, 90), orientation
        red, blue = kept.getpixel((30, 10)), kept.getpixel((30, 80))
        assert isinstance(red, tuple)
        assert isinstance(blue, tuple)
        assert red[0] > 200 > red[2], orientation
        assert blue[2] > 200 > blue[0], orientation


@pytest.mark.parametrize("data", [up.noted_jpeg(), up.noted_png()], ids=["jpeg", "png"])
def test_nothing_that_was_noted_is_kept(data: bytes) -> None:
    assert b"Secret" in data
    made = cleaned(data)
    for piece in (made.main, *made.smaller):
        require_no_notes(piece.data)
        for word in (b"Secret", b"<?php", b"xmpmeta", b"Exif", b"ICCP", b"EXIF"):
            assert word not in piece.data


def require_no_notes(data: bytes) -> None:
    """See that a WebP holds its pixels and nothing else."""
    assert not opened(data).getexif()
    assert set(opened(data).info) <= {"loop", "background", "timestamp", "duration"}
    at, names = 12, set()
    while at < len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        names.add(name)
        at += 8 + length + length % 2
    assert names <= {b"VP8 ", b"VP8L"}


MODES = ("RGB", "L", "P", "1", "RGBA", "LA", "CMYK", "I;16")


@hypothesis(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    mode=st.sampled_from(MODES),
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    width=st.integers(16, 700), height=st.integers(16, 700),
    note=st.text(st.characters(codec="latin-1", exclude_characters="\0"), min_size=6, max_size=40),
    orientation=st.integers(0, 9),
)  # fmt: skip
def test_whatever_a_picture_holds_only_its_pixels_are_kept(
    mode: str, kind: str, width: int, height: int, note: str, orientation: int
) -> None:
    allowed = {"PNG": set(MODES) - {"CMYK"}, "JPEG": {"RGB", "L", "CMYK"}, "WEBP": {"RGB", "RGBA"}}
    if mode not in allowed[kind]:
        mode = "RGB"
    drawn = up.drawing(width, height)
    picture = Image.new("I;16", (width, height), 40000) if mode == "I;16" else drawn.convert(mode)
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = f"note {note}", orientation
    how: dict[str, Any] = {"exif": exif}
    if kind == "JPEG":
        how["comment"] = note.encode("latin-1")
    made = cleaned(up.saved(picture, kind, **how))
    for piece in (made.main, *made.smaller):
        require_no_notes(piece.data)
        assert f"note {note}".encode("latin-1") not in piece.data
        assert opened(piece.data).mode == "RGB"
        assert opened(piece.data).size == (piece.width, piece.height)
    sides = (width, height) if orientation not in (5, 6, 7, 8) else (height, width)
    assert (made.main.width, made.main.height) == sides


def test_what_is_transparent_becomes_paper() -> None:
    glass = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    kept = opened(cleaned(up.saved(glass, "PNG")).main.data)
    assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_grey_of_sixteen_bits_keeps_its_shade() -> None:
    grey = Image.new("I;16", (64, 64), 40000)
    shade = opened(cleaned(up.saved(grey, "PNG")).main.data).getpixel((5, 5))
    assert isinstance(shade, tuple)
    assert abs(shade[0] - 156) <= 2


def test_a_drawing_stays_sharp_and_a_photograph_small() -> None:
    assert b"VP8L" in cleaned(PNG).main.data[:32]
    assert b"VP8 " in cleaned(JPEG).main.data[:32]
    assert len(cleaned(up.jpeg(1600, 1000, quality=97)).main.data) < len(
        up.jpeg(1600, 1000, quality=97)
    )


def test_colours_of_another_profile_look_the_same() -> None:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = opened(cleaned(up.png(icc_profile=lab)).main.data)
    broken = opened(cleaned(up.png(icc_profile=b"not a profile")).main.data)
    plain = opened(cleaned(up.png()).main.data)
    assert same.getpixel((5, 5)) == broken.getpixel((5, 5)) == plain.getpixel((5, 5))


def test_a_telephones_second_picture_is_left_out() -> None:
    """What telephones append to a photograph is another picture, or a film; it is not kept."""
    made = cleaned(JPEG + up.jpeg(64, 64, comment=b"Secret depth map") + b"\0\0SEFHSecret")
    assert made == cleaned(JPEG)


def test_a_pdf_is_written_anew() -> None:
    def noted(document: pikepdf.Pdf) -> None:
        document.Root.Metadata = document.make_stream(b"<x:xmpmeta>Secret</x:xmpmeta>")
        document.pages[0].obj.PieceInfo = Dictionary(Secret=Dictionary(Private=String("Secret")))
        photo = document.make_stream(up.noted_jpeg())
        photo.Type, photo.Subtype, photo.Filter = Name.XObject, Name.Image, Name.DCTDecode
        photo.Width, photo.Height = 1200, 800
        photo.ColorSpace, photo.BitsPerComponent = Name.DeviceRGB, 8
        document.pages[0].Resources.XObject = Dictionary(Im1=photo)
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])
        document.Root.Lang = String("en")

    data = up.pdf(noted, pages=3)
    assert b"Secret" in data
    made = cleaned(data)
    assert made.type == "application/pdf"
    assert kind_of(made.main.data) == "pdf"
    with pikepdf.open(io.BytesIO(made.main.data)) as kept:
        assert len(kept.pages) == 3
        assert dict(kept.docinfo.items()) == {"/Title": "A report"}
        assert kept.Root.Lang == "en"
        assert "/OpenAction" not in kept.Root
        photo = kept.pages[0].Resources.XObject.Im1.read_raw_bytes()
        for one in kept.objects:
            if isinstance(one, pikepdf.Stream):
                assert b"Secret" not in one.read_raw_bytes()
        plain = kept.open_metadata() if "/Metadata" in kept.Root else None
        assert plain is None
    assert opened(photo).size == (1200, 800)
    assert b"Secret" not in made.main.data


def test_links_within_and_out_of_a_pdf_stay() -> None:
    action = Dictionary(S=Name.URI, URI=String("https://example.org/report"))
    with pikepdf.open(io.BytesIO(cleaned(up.pdf(up.link(action))).main.data)) as kept:
        assert kept.pages[0].Annots[0].A.URI == "https://example.org/report"


def test_the_same_file_twice_is_one_file(office: SmallOffice, ama: Person, ben: Person) -> None:
    data = up.png(300, 200)
    first = attaching.attach(office, ama, Upload("a.png", data, "A map of roads"))
    again = attaching.attach(office, ama, Upload("b.png", data, "A better map"))
    other = attaching.attach(office, ben, Upload("c.png", data, "A map, says Ben"))
    assert (first.id, again.alt) == (again.id, "A better map")
    assert other.hash == first.hash
    assert other.id != first.id
    files = [path.name for path in (office.settings.data / shelf.FOLDER).glob(f"{first.hash}*")]
    assert files == [first.hash]


def test_what_is_kept_is_named_by_its_bytes_and_nobody_else_may_read_it(
    office: SmallOffice, ama: Person
) -> None:
    row = attaching.attach(office, ama, Upload("x.jpg", up.jpeg(1000, 700), "A field of maize"))
    path = shelf.path_of(office.settings, row.hash)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row.hash
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert read_name(row.file) == Media(row.hash[:32], 1000, 700)
    sizes = {one.name for one in path.parent.glob(f"{row.hash}.*")}
    assert sizes == {f"{row.hash}.{width}" for width in WIDTHS}


# When something fails ------------------------------------------------------------------------


def test_nothing_is_left_where_the_database_fails(
    office: SmallOffice, ama: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(office)

    def fail(*_: object, **__: object) -> Attachment:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(records, "add", fail)
    with pytest.raises(OperationalError):
        attaching.attach(office, ama, Upload("x.png", up.png(1200, 777), "A map of rivers"))
    assert snapshot(office) == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_is_left_where_the_disk_is_full(
    office: SmallOffice, ama: Person, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before, calls, write = snapshot(office), [], shelf._write

    def full(path: Path, data: bytes) -> None:
        calls.append(path)
        if len(calls) == number:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(shelf, "_write", full)
    with pytest.raises(OSError, match="No space"):
        attaching.attach(office, ama, Upload("x.png", up.png(1300, 555), "A map of mountains"))
    assert snapshot(office) == before


def test_what_a_crash_left_is_swept_once_it_is_old(office: SmallOffice, ama: Person) -> None:
    import os

    folder = office.settings.data / shelf.FOLDER
    row = attaching.attach(office, ama, Upload("x.png", up.png(500, 333), "A map of wells"))
    for name in ("f" * 64, f"{'f' * 64}.480", ".abc.tmp"):
        (folder / name).write_bytes(b"left")
        os.utime(folder / name, (0, 0))
    (folder / ("e" * 64)).write_bytes(b"just being written")
    told = attaching.sweep_attachments(office)
    assert told == "3 files of attachments that nothing knew of were removed"
    assert (folder / ("e" * 64)).exists()
    assert (folder / row.hash).exists()
    assert attaching.sweep_attachments(office) == ""
    (folder / ("e" * 64)).unlink()


def test_what_no_text_uses_goes_after_a_month(office: SmallOffice, ama: Person) -> None:
    from datetime import timedelta

    row = attaching.attach(office, ama, Upload("x.png", up.png(501, 333), "A map of schools"))
    assert attaching.sweep_attachments(office) == ""
    with office.database.writing() as connection:
        connection.execute(
            tables.attachment.update()
            .where(tables.attachment.c.id == row.id)
            .values(at=now() - timedelta(days=31))
        )
    told = attaching.sweep_attachments(office)
    assert told == "1 attachments that no text had used for 30 days were removed"
    assert not list((office.settings.data / shelf.FOLDER).glob(f"{row.hash}*"))
    with office.database.reading() as connection:
        assert not records.of_file(connection, row.file)


# The process apart ---------------------------------------------------------------------------


def test_a_file_that_ends_the_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.services.cleaning import apart

    monkeypatch.setattr(apart, "PATIENCE", 0.001)
    with pytest.raises(Unfit, match="too-heavy"):
        apart.cleaned(PNG, MOST)


def test_the_process_sees_no_secret_and_writes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.settings import bare_environment

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret@localhost/kb")
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    assert "secret" not in repr(bare_environment())
    assert "PATH" in bare_environment()


# Who sees it ---------------------------------------------------------------------------------


def get(app: Flask, person: Person | None, path: str) -> TestResponse:
    browser = signed_in(app, person)[0] if person else Browser(app, app.response_class)
    found: TestResponse = browser.get(path)
    found.get_data()
    found.close()
    return found


def test_what_is_in_no_public_text_is_for_its_giver_and_editors(
    app: Flask, office: SmallOffice, ama: Person, ben: Person, eva: Person
) -> None:
    row = attaching.attach(office, ama, Upload("x.png", up.png(700, 401), "A map of markets"))
    for name in (row.file, f"{row.hash[:32]}-480.webp"):
        path = f"/attachments/{name}"
        assert get(app, ama, path).status_code == 200
        assert get(app, eva, path).status_code == 200
        assert get(app, ben, path).status_code == 404
        assert get(app, None, path).headers["Location"].startswith("/account/sign-in")
        assert get(app, None, f"/media/{name}").status_code == 404
    answer = get(app, ama, f"/attachments/{row.file}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"] == "image/webp"


def test_files_are_sent_so_that_they_can_do_nothing(
    app: Flask, office: SmallOffice, ama: Person
) -> None:
    picture = attaching.attach(office, ama, Upload("x.png", PNG, "A map of stars"))
    paper = attaching.attach(office, ama, Upload("x.pdf", PDF, "The yearly report"))
    for row in (picture, paper):
        headers = get(app, ama, f"/attachments/{row.file}").headers
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert ("attachment" in headers.get("Content-Disposition", "")) == (row is paper)


@pytest.mark.parametrize(
    "name",
    ["../secret.png", "..%2Fsecret.png", ".hidden.png", "x.svg", "x.html", "x", "a/../../b.png",
     "%00.png", "x.png/", "link.png", "sub", "x" * 400 + ".png", "nothing.webp"],
)  # fmt: skip
def test_no_other_file_can_be_asked_for(
    app: Flask, office: SmallOffice, ama: Person, name: str
) -> None:
    media = office.settings.content / "media"
    (media / "sub").mkdir(exist_ok=True)
    (media.parent / "secret.png").write_bytes(PNG)
    (media / ".hidden.png").write_bytes(PNG)
    (media / "x.svg").write_bytes(up.SVG)
    (media / "x.html").write_bytes(up.PAGE)
    if not (media / "link.png").is_symlink():
        (media / "link.png").symlink_to(media.parent / "secret.png")
    for folder in ("media", "attachments"):
        assert get(app, ama, f"/{folder}/{name}").status_code in (404, 308), name


def test_pictures_that_people_put_there_by_hand_are_served(app: Flask, office: SmallOffice) -> None:
    folder = office.settings.content / "media" / "maps"
    folder.mkdir(exist_ok=True)
    (folder / "togo map.png").write_bytes(PNG)
    answer = get(app, None, "/media/maps/togo%20map.png")
    assert (answer.status_code, answer.data) == (200, PNG)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = get(app, None, "/media/maps/togo%20map.png")
    assert again.headers["ETag"]


def test_the_pages_of_a_draft_show_its_pictures_and_public_pages_do_not_name_it(
    app: Flask, office: SmallOffice, ama: Person, ben: Person
) -> None:
    library = app.extensions["sankofa.opening"].library()
    desk = Desk(office.database, library, office.settings)
    start(desk)
    row = attaching.attach(office, ama, Upload("x.png", up.png(702, 401), "A map of mills"))
    draft = editing.begin(desk, ama, Key("case", "cash-by-phone"))
    text = f"{draft.text}\n![A map of mills](media/{row.file})\n"
    draft = editing.save(desk, ama, draft.token, text, draft.hash)
    shown = f"/attachments/{row.file}?draft={draft.token}"
    for path in (
        f"/drafts/{draft.token}",
        f"/cases/cash-by-phone/history/{draft.hash}",
    ):
        assert shown in get(app, ama, path).text, path
    client, token = signed_in(app, ama)
    form = {"csrf_token": token, "opened": draft.hash, "base": draft.hash, "body": text}
    assert shown in client.post(f"/drafts/{draft.token}/preview", data=form).text
    assert get(app, ben, f"/cases/cash-by-phone/history/{draft.hash}").status_code == 404
    assert row.hash[:32] not in get(app, None, "/cases/cash-by-phone").text
    assert get(app, ben, shown).status_code == 404
    editing.add_co_author(desk, ama, draft.token, "ben@example.org")
    assert get(app, ben, shown).status_code == 200
    assert get(app, ben, f"/attachments/{row.file}").status_code == 404


# The shelf -----------------------------------------------------------------------------------


def test_the_shelf_shows_what_is_ones_own_and_is_searched_by_words(
    app: Flask, office: SmallOffice, ben: Person, eva: Person
) -> None:
    dora = add_person(database_of(app), "contributor", "Dora", "dora@example.org")
    words = ("A boat on the Volta", "A bus in Accra", "L’école de Sokodé", "Ein Boot")
    for number, alt in enumerate(words):
        attaching.attach(
            office, dora, Upload(f"x{number}.png", up.png(200 + number, 90), alt, "By Dora")
        )
    mine = attaching.shelf_of(office, dora)
    assert [one.attachment.alt for one in mine.rows] == list(reversed(words))
    assert all(one.mine and one.removable and not one.public for one in mine.rows)
    assert attaching.shelf_of(office, ben, "Volta").rows == ()
    assert attaching.shelf_of(office, eva, "volta").total == 1
    assert [s.attachment.alt for s in attaching.shelf_of(office, dora, "ÉCOLE dora").rows] == [
        words[2]
    ]
    page = signed_in(app, dora)[0].get("/attachments?q=boat").text
    assert "A boat on the Volta" in page
    assert "A bus in Accra" not in page
    nothing = signed_in(app, dora)[0].get("/attachments?q=elephant").text
    assert "Nothing is described so" in nothing


def test_the_shelf_has_pages(app: Flask, office: SmallOffice) -> None:
    fay = add_person(database_of(app), "contributor", "Fay", "fay@example.org")
    made = cleaned(up.png(64, 64))
    for number in range(attaching.PER_PAGE + 3):
        with office.database.writing() as connection:
            name = f"{number:064x}"
            file = Media("0" * 30 + f"{number:02x}", 64 + number, 64).name
            records.add(
                connection, hash=name, file=file,
                name="x", type=made.type, size=9, width=64 + number, height=64, alt=f"Map {number}",
                caption="", person_id=fay.id,
            )  # fmt: skip
    first = signed_in(app, fay)[0].get("/attachments").text
    second = signed_in(app, fay)[0].get("/attachments?page=2").text
    assert first.count('class="line"') == attaching.PER_PAGE
    assert second.count('class="line"') == 3
    assert "page=2" in first
    for odd in ("0", "-1", "99", "x", "²"):
        assert signed_in(app, fay)[0].get(f"/attachments?page={odd}").status_code == 200


def test_after_sending_the_page_tells_the_line_to_write(hers: tuple[Browser, str]) -> None:
    answer = send(hers, up.png(333, 222), caption="Aného, 2019")
    assert answer.status_code == 303
    page = hers[0].get(answer.headers["Location"].partition("#")[0]).text
    assert re.search(
        r"!\[Two nurses at a radio\]\(media/[0-9a-f]{32}-333x222.webp &#34;Aného, 2019&#34;\)", page
    )


def test_a_script_is_told_the_line_or_what_is_wrong(hers: tuple[Browser, str]) -> None:
    json = {"Accept": "application/json"}
    right = send(hers, PNG, headers=json, alt="A map")
    assert right.status_code == 201
    assert right.json
    assert right.json["line"].startswith("![A map](media/")
    paper = send(hers, PDF, headers=json, alt="A map")
    assert paper.json
    assert re.fullmatch(r"\[A map\]\(media/[0-9a-f]{32}-1kb\.pdf\)", paper.json["line"])
    wrong = send(hers, up.SVG, headers=json)
    assert wrong.status_code == 422
    assert wrong.json
    assert "Save it as PNG" in wrong.json["problems"]["file"]
    large = send(hers, bytes(2_000_000), headers=json)
    assert large.status_code == 413
    assert large.json
    assert "too large" in large.json["problems"]["file"]
    app = hers[0].application
    assert send((Browser(app, app.response_class), ""), PNG, headers=json).status_code == 401


WORDS_OF_PEOPLE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=80,
).map(lambda text: " ".join(text.split()))


@given(WORDS_OF_PEOPLE, WORDS_OF_PEOPLE)
@example("x", "'")
@example("x", "'quoted'")
@example("[1] *x* `y` \\", '(a "b") c')
def test_the_line_shows_the_very_words_that_were_typed(alt: str, caption: str) -> None:
    import html5lib

    media = Media("0" * 32, 640, 400)
    row = Attachment(
        1, "0" * 64, media.name, "x", "image/webp", 1, 640, 400, alt or "x", caption, 1, now()
    )
    page = markup.render(f"Before.\n\n{line_of(row, media)}\n\nAfter [1].", ("1",)).lead
    tree = html5lib.parseFragment(page, namespaceHTMLElements=False)
    (image,) = tree.iter("img")
    assert image.get("alt") == (alt or "x")
    told = [one.text or "" for one in tree.iter("figcaption")]
    assert told == ([caption] if caption else [])
    assert image.get("src") == f"/media/{media.name}"


# Removing ------------------------------------------------------------------------------------


def press(app: Flask, person: Person, path: str) -> TestResponse:
    client, token = signed_in(app, person)
    found: TestResponse = client.post(path, data={"csrf_token": token})
    return found


def test_its_giver_takes_back_their_own_and_an_editor_takes_all(
    app: Flask, office: SmallOffice, ama: Person, ben: Person, eva: Person
) -> None:
    data = up.png(222, 111)
    row = attaching.attach(office, ama, Upload("a.png", data, "A map of bridges"))
    attaching.attach(office, ben, Upload("a.png", data, "A map of bridges"))
    path, file = f"/attachments/{row.hash[:32]}/remove", shelf.path_of(office.settings, row.hash)
    stranger = add_person(database_of(app), "contributor", "Stranger", "stranger@example.org")
    assert press(app, stranger, path).status_code == 403
    assert press(app, ama, path).status_code == 303
    assert file.exists()  # for Ben's
    assert press(app, ama, path).status_code == 403
    assert press(app, eva, path).status_code == 303
    assert not file.exists()
    assert press(app, eva, path).status_code == 404
