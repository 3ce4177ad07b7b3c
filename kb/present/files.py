"""The pages about pictures and documents, and why one is not taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from indexer.media import MEDIA, Media
from kb.forms.account import FormIncomplete
from kb.forms.files import FileForm, ShelfAsked
from kb.pages.files import FilesPage, PickerFragment
from kb.pieces.common import Link, Turning
from kb.pieces.files import FileAsked, FileRow
from kb.present.problems import waiting
from kb.present.words import Reader
from kb.records.attachments import Attachment
from kb.services.attaching import InUse, Shelf, Shown, Unfit
from kb.services.limits import TooManyTries
from kb.settings import Settings
from kb.translation import gettext as _
from kb.translation import ngettext

URL = "/attachments"

#: Why a file is not taken, and what is to be done; the names are those of kb.services.cleaning.
WHY: Mapping[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Choose it again, or save it anew."),
    "unknown": lambda: _(
        "This is no PNG, JPEG, WebP or PDF, whatever its name says. Save it as one of these."
    ),
    "svg": lambda: _("This is an SVG drawing, which can hold scripts. Save it as PNG."),
    "gif": lambda: _("This is a GIF. Save it as PNG, or one frame of it as JPEG."),
    "bmp": lambda: _("This is a BMP picture. Save it as PNG or JPEG."),
    "tiff": lambda: _("This is a TIFF picture. Save it as PNG or JPEG."),
    "icon": lambda: _("This is an icon file. Save it as PNG."),
    "photoshop": lambda: _("This is a Photoshop file. Export it as PNG or JPEG."),
    "avif": lambda: _("This is an AVIF picture. Save it as PNG, JPEG or WebP."),
    "heic": lambda: _(
        "This is an HEIC picture, as some telephones make. Save or share it as JPEG."
    ),
    "jpeg-xl": lambda: _("This is a JPEG XL picture. Save it as JPEG or PNG."),
    "jpeg-2000": lambda: _("This is a JPEG 2000 picture. Save it as JPEG or PNG."),
    "office": lambda: _("This is an office document. Save or print it as PDF."),
    "archive": lambda: _("This is an archive. Unpack it, and send what is inside one by one."),
    "program": lambda: _("This is a program. Only PNG, JPEG, WebP and PDF are taken."),
    "web-page": lambda: _("This is a web page or code. Print it as PDF, or send a picture of it."),
    "text": lambda: _("This is plain text. Write it into the text itself, or print it as PDF."),
    "postscript": lambda: _("This is PostScript. Save it as PDF, or as PNG."),
    "film": lambda: _("This is a film or a sound. Put it where films are kept, and link to it."),
    "late-pdf": lambda: _("Something stands in front of this PDF. Print it as PDF anew."),
    "damaged": lambda: _("The file is damaged or was cut short. Open it, and save it anew."),
    "too-heavy": lambda: _("The file takes too long to read. Save it anew, smaller."),
    "too-small": lambda: _("The picture is too small: at least %(least)s pixels on each side."),
    "too-many-pixels": lambda: _(
        "The picture has %(width)s × %(height)s pixels; at most %(most)s million are possible."
        " Make it smaller: 1600 pixels are wide enough."
    ),
    "moving": lambda: _("The picture moves. Save one frame of it, as PNG or JPEG."),
    "bomb": lambda: _("The file grows out of all measure when it is unpacked. Save it anew."),
    "two-files": lambda: _("A second file (%(second)s) is hidden in this one. Save it anew."),
    "more-behind": lambda: _("Something stands behind the end of the file. Save it anew."),
    "locked": lambda: _("The PDF is locked. Save it without a password and without encryption."),
    "script": lambda: _("The PDF holds a script. Print it as PDF anew: prints hold none."),
    "acts": lambda: _(
        "The PDF does something by itself, such as opening another file or sending a form."
        " Print it as PDF anew: prints do nothing."
    ),
    "files-inside": lambda: _(
        "Other files are attached to the PDF. Save it without, and send them one by one."
    ),
    "films-inside": lambda: _("The PDF holds a film, a sound or a model. Print it as PDF anew."),
    "live-form": lambda: _("The PDF is a live form. Print it as PDF anew: then it is plain pages."),
    "signed": lambda: _(
        "The PDF is signed, and its signature would not survive. Print it as PDF anew, and say"
        " in the text where the signed one can be had."
    ),
    "too-much-inside": lambda: _("The PDF has too many pages or parts. Send a part of it."),
}


def why_not(unfit: Unfit, settings: Settings) -> str:
    """Why a file is not taken, and what is to be done."""
    if unfit.why == "too-large":
        return too_large(settings)
    values = {"most": str(settings.max_pixels // 1_000_000), **unfit.values}
    return WHY[unfit.why]() % values


def too_large(settings: Settings) -> str:
    """That a file is too large, and how large it may be."""
    return _(
        "The file is too large: at most %(most)s. Pictures get smaller when saved 1600 pixels"
        " wide, PDFs when printed in the smallest size.",
        most=most_told(settings),
    )


def most_told(settings: Settings) -> str:
    """How large a file may be, in the units of the setting."""
    megabytes = settings.max_upload_kb / 1024
    if megabytes < 1:
        return _("%(number)s KB", number=settings.max_upload_kb)
    return _("%(number)s MB", number=f"{megabytes:.1f}".removesuffix(".0"))


def faults_of(problem: Exception | None, settings: Settings) -> dict[str, str]:
    """Field -> what is to be done; "" is the form as a whole."""
    if isinstance(problem, FormIncomplete):
        return dict(problem.problems)
    if isinstance(problem, Unfit):
        return {"file": why_not(problem, settings)}
    if isinstance(problem, TooManyTries):
        return {"": waiting(problem.seconds)}
    if problem is not None:
        return {"": _("Others are sending files just now. Nothing is lost: try again.")}
    return {}


# Pages ---------------------------------------------------------------------------------------


def files_page(
    found: Shelf,
    asked: ShelfAsked,
    reader: Reader,
    settings: Settings,
    *,
    form: FileForm | None = None,
    problem: Exception | None = None,
) -> FilesPage:
    """What there is, with the form by which something is given, as it was sent."""
    added = [one for one in found.rows if one.media.hash == asked.added]
    in_use = isinstance(problem, InUse)
    return FilesPage(
        title=_("Pictures and files"),
        form=asked_of(form or FileForm(), None if in_use else problem, settings),
        added=row_of(added[0], reader) if added else None,
        wrong=_("It cannot be removed, for these texts use it, or did:") if in_use else "",
        uses=_uses(problem) if isinstance(problem, InUse) else (),
        words=asked.words,
        mine=asked.mine,
        total=_total(found, asked),
        rows=tuple(row_of(one, reader) for one in found.rows),
        turning=_turning(found, asked),
    )


def picker(found: Shelf, asked: ShelfAsked, reader: Reader, settings: Settings) -> PickerFragment:
    """The same beside a text that is being written."""
    return PickerFragment(
        form=asked_of(FileForm(), None, settings),
        words=asked.words,
        mine=asked.mine,
        total=_total(found, asked),
        rows=tuple(row_of(one, reader) for one in found.rows),
        turning=_turning(found, asked),
    )


def asked_of(form: FileForm, problem: Exception | None, settings: Settings) -> FileAsked:
    """The form as it was sent, with what is wrong at its fields."""
    faults = faults_of(problem, settings)
    return FileAsked(
        alt=form.alt,
        caption=form.caption,
        hint=_(
            "PNG, JPEG, WebP or PDF, at most %(most)s.",
            most=most_told(settings),
        ),
        most=settings.max_upload_kb * 1024,
        too_large=too_large(settings),
        file_fault=faults.get("file", ""),
        alt_fault=faults.get("alt", ""),
        caption_fault=faults.get("caption", ""),
        fault=faults.get("", ""),
    )


def row_of(shown: Shown, reader: Reader) -> FileRow:
    """A picture or document as it stands in the list."""
    row, media = shown.attachment, shown.media
    smallest = media.widths[0] if media.widths else 0
    small = media.smaller(smallest) if smallest else media.name
    width = smallest or media.width
    facts = [
        _("%(width)s × %(height)s pixels", width=media.width, height=media.height)
        if media.is_picture
        else _("PDF"),
        size_told(row.size),
        _("public") if shown.public else _("in no public text"),
        _("from you") if shown.mine else "",
        reader.date(row.at.date().isoformat()),
    ]
    return FileRow(
        id=media.hash,
        alt=row.alt,
        caption=row.caption,
        line=line_of(row, media),
        url=f"{URL}/{media.name}",
        picture=f"{URL}/{small}" if media.is_picture else "",
        width=width,
        height=round(media.height * width / media.width) if media.is_picture else 0,
        facts=" · ".join(fact for fact in facts if fact),
        remove_url=f"{URL}/{media.hash}/remove" if shown.removable else "",
    )


# What a text writes --------------------------------------------------------------------------


_MARKS = re.compile(r'[\\`\[\]<>"&]')


def line_of(row: Attachment, media: Media) -> str:
    """What a text writes to show a picture or to link to a document, as Markdown."""
    words, address = escaped(row.alt), f"{MEDIA}/{row.file}"
    if not media.is_picture:
        return f"[{words}]({address})"
    title = f' "{_title(row.caption)}"' if row.caption else ""
    return f"![{words}]({address}{title})"


def escaped(text: str) -> str:
    """Words as they can stand between brackets or quotes of Markdown."""
    return _MARKS.sub(lambda found: f"&#{ord(found[0])};", text)


def _title(text: str) -> str:
    """The same between quotes, where Markdown takes a second pair of them away."""
    told = escaped(text)
    return f"&#39;{told[1:]}" if told[0] == told[-1] == "'" else told


def size_told(size: int) -> str:
    """A number of bytes in words."""
    if size < 1_000_000:
        return _("%(number)s KB", number=max(1, round(size / 1000)))
    number = f"{size / 1_000_000:.1f}".removesuffix(".0")
    return _("%(number)s MB", number=number)


def _total(found: Shelf, asked: ShelfAsked) -> str:
    if not found.total and (asked.words or asked.mine):
        return _("Nothing is described so. Try other words, or look at all of them.")
    if not found.total:
        return _("There is nothing here yet.")
    return ngettext("%(num)s file", "%(num)s files", found.total)


def _turning(found: Shelf, asked: ShelfAsked) -> Turning | None:
    if found.pages == 1:
        return None

    def url(page: int) -> str:
        values = {"q": asked.words, "mine": "1" if asked.mine else "", "page": str(page)}
        return f"{URL}?{urlencode({name: value for name, value in values.items() if value})}"

    near = range(max(1, found.page - 2), min(found.pages, found.page + 2) + 1)
    return Turning(
        before=url(found.page - 1) if found.page > 1 else "",
        after=url(found.page + 1) if found.page < found.pages else "",
        numbers=tuple(Link(str(n), url(n), current=n == found.page) for n in near),
    )


def _uses(problem: InUse) -> tuple[Link, ...]:
    return tuple(
        Link(use.title or _("A draft that you may not see"), use.path) for use in problem.uses
    )
