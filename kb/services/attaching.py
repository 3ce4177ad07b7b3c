"""Giving pictures and documents to the library, seeing them, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from indexer.errors import NoSuchDocument
from indexer.media import TYPES, Media, read_name, read_smaller, suffix_of
from indexer.store import Store
from indexer.values import Key
from kb.access import NotAllowed, Person, SignInNeeded, may, require
from kb.records import attachments, journal
from kb.records.attachments import Attachment, Use
from kb.records.database import now
from kb.records.journal import PUBLIC, NoSuchDraft
from kb.services import limits, media, shelf
from kb.services.cleaning.apart import cleaned
from kb.services.cleaning.unfit import Unfit
from kb.services.history import path_of, title_of
from kb.services.lock import attach_lock, cleaning_lock
from kb.services.office import Office, note

__all__ = [
    "Found",
    "InUse",
    "NoSuchMedia",
    "Shelf",
    "Shown",
    "Unfit",
    "Upload",
    "Used",
    "attach",
    "read_attachment",
    "read_media",
    "remove_attachment",
    "shelf_of",
    "sweep_attachments",
]

#: How many pictures and documents stand on one page.
PER_PAGE = 24
#: How long something may lie there before a text uses it.
UNUSED = timedelta(days=30)


class NoSuchMedia(LookupError):
    """There is no picture or document of this name, or it is not for whoever asks."""


@dataclass(frozen=True)
class Used:
    """Where something is used: a title and a path, both "" where whoever asks may not know."""

    title: str = ""
    path: str = ""


class InUse(Exception):
    """A picture or document cannot be removed: texts use it, or did."""

    def __init__(self, uses: tuple[Used, ...]) -> None:
        super().__init__(", ".join(use.title or "?" for use in uses))
        self.uses = uses


@dataclass(frozen=True)
class Upload:
    """What somebody sends: the name and the bytes of a file, and what is said of it in words."""

    name: str
    data: bytes
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Found:
    """A file to be sent, and its media type."""

    path: Path
    type: str


@dataclass(frozen=True)
class Shown:
    """A picture or document on the shelf, and what it is to whoever looks.

    What is public is used by a text, so that it cannot be removed.
    """

    attachment: Attachment
    media: Media
    mine: bool
    public: bool
    removable: bool


@dataclass(frozen=True)
class Shelf:
    """A page of what there is; `page` counts from 1."""

    rows: tuple[Shown, ...]
    total: int
    page: int
    pages: int


# Giving --------------------------------------------------------------------------------------


def attach(office: Office, person: Person, upload: Upload) -> Attachment:
    """Keep what somebody gives, cleaned. Raises NotAllowed, TooManyTries, Unfit, AttachingBusy.

    Nothing is kept where anything fails; what a crash leaves behind, `sweep_attachments` takes.
    """
    require(person, "attach")
    if person.id is None:
        raise NotAllowed  # files belong to people
    if len(upload.data) > office.settings.max_upload_kb * 1024:
        raise Unfit("too-large")
    limits.count(office, "attach", str(person.id))
    with cleaning_lock(office):
        made = cleaned(upload.data, office.settings.max_pixels)
    named = shelf.media_of(made)
    with attach_lock(office):
        new = shelf.put(office.settings, made)
        try:
            with office.database.writing() as connection:
                row = attachments.add(
                    connection, hash=shelf.hash_of(made.main.data), file=named.name,
                    name=upload.name, type=made.type, size=len(made.main.data),
                    width=made.main.width or None, height=made.main.height or None,
                    alt=upload.alt, caption=upload.caption, person_id=person.id,
                )  # fmt: skip
                note(connection, person, "attached", f"attachment/{named.hash}")
        except BaseException:
            shelf.drop(new)
            raise
    return row


# Seeing --------------------------------------------------------------------------------------


def read_media(office: Office, name: str) -> Found:
    """The file of a picture or document that is public; raises NoSuchMedia."""
    store = Store(office.settings.content)
    try:
        return Found(store.media(name), _type(name))
    except NoSuchDocument:
        smaller = read_smaller(name)
    if smaller:  # a size that is not there: the picture itself will do
        for other in store.media_names():
            known = read_name(other)
            if known and known.hash == smaller[0]:
                return Found(store.media(other), _type(other))
    raise NoSuchMedia(name)


def read_attachment(office: Office, person: Person, name: str, token: str = "") -> Found:
    """The file of a picture or document for somebody who may see it; raises NoSuchMedia.

    That is whoever gave it, editors, those who may see the draft `token` if a text of it uses
    the file, and everybody who is signed in once it is public.
    """
    if person.is_visitor:
        raise SignInNeeded  # whether there is such a file or not
    try:
        return read_media(office, name)
    except NoSuchMedia:
        pass
    smaller = read_smaller(name)
    with office.database.reading() as connection:
        rows = (
            attachments.of_hash(connection, smaller[0])
            if smaller
            else attachments.of_file(connection, name)
        )
        if not rows or not _may_see(connection, person, rows, token):
            raise NoSuchMedia(name)
    path = shelf.path_of(office.settings, rows[0].hash, smaller[1] if smaller else 0)
    if not path.is_file():
        raise NoSuchMedia(name)
    return Found(path, rows[0].type)


def _may_see(
    connection: sa.Connection, person: Person, rows: tuple[Attachment, ...], token: str
) -> bool:
    if any(row.person_id == person.id or may(person, "remove-attachment", row) for row in rows):
        return True
    try:
        draft = journal.draft(connection, token)
    except NoSuchDraft:
        return False
    if not may(person, "see-draft", draft):
        return False
    return any(attachments.uses(connection, rows[0].file, attachments.in_draft(draft.id)))


def _type(name: str) -> str:
    if suffix_of(name) not in TYPES:
        raise NoSuchMedia(name)
    return TYPES[suffix_of(name)]


def shelf_of(
    office: Office, person: Person, words: str = "", page: int = 1, mine: bool = False
) -> Shelf:
    """A page of one's own pictures and documents and those of the library, newest first.

    `words` must all be in what is said of them, or in their names. Editors see all. Raises
    NotAllowed, SignInNeeded.
    """
    require(person, "attach")
    public = Store(office.settings.content).media_names()
    with office.database.reading() as connection:
        rows = attachments.find(connection)
    wanted = words.casefold().split()
    found: dict[str, Shown] = {}
    for row in rows:
        own, known = row.person_id == person.id, read_name(row.file)
        told = f"{row.alt}\n{row.caption}\n{row.name}".casefold()
        if known is None or not all(word in told for word in wanted) or (mine and not own):
            continue
        removable = may(person, "remove-attachment", row)
        shown = Shown(row, known, own, row.file in public, removable and row.file not in public)
        if (own or shown.public or removable) and (own or row.file not in found):
            found[row.file] = shown
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(page, 1), pages)
    some = tuple(found.values())[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Shelf(some, len(found), page, pages)


# Taking back ---------------------------------------------------------------------------------


def remove_attachment(office: Office, person: Person, start: str) -> None:
    """Remove a picture or document by the digits of its hash that names have.

    Its giver takes their own back, an editor anybody's; the file goes with the last of them.
    Raises NoSuchMedia, NotAllowed, and InUse where any text uses it or did.
    """
    if person.is_visitor:
        raise SignInNeeded
    with attach_lock(office):
        with office.database.writing() as connection:
            rows = attachments.of_hash(connection, start)
            if not rows:
                raise NoSuchMedia(start)
            gone = [row for row in rows if may(person, "remove-attachment", row)]
            if not gone:
                raise NotAllowed
            uses = tuple(_uses(office, connection, person, rows[0].file))
            if uses:
                raise InUse(uses)
            attachments.remove(connection, gone)
            note(connection, person, "removed-attachment", f"attachment/{start}")
        if len(gone) == len(rows):
            _delete(office, rows[0])


def _delete(office: Office, row: Attachment) -> None:
    named = read_name(row.file)
    if named is not None:
        media.delete(office, named)


def _uses(office: Office, connection: sa.Connection, person: Person, file: str) -> Iterator[Used]:
    """Yield each document and draft that names a file, once, told as the person may know it."""
    seen: set[Key | int] = set()
    for use in attachments.uses(connection, file):
        which = use.key if use.event in PUBLIC or use.draft_id is None else use.draft_id
        if which not in seen:
            seen.add(which)
            yield _used(connection, person, use, which)
    for key, text in media.texts_of_files(office):
        if file in text and key not in seen:
            yield Used(title_of(text)[0] or key.slug, path_of(key))


def _used(connection: sa.Connection, person: Person, use: Use, which: Key | int) -> Used:
    title = title_of(use.text)[0] or use.key.slug
    if isinstance(which, Key):
        return Used(title, path_of(which))
    draft = journal.draft_of_id(connection, which)
    seen = may(person, "see-draft", draft)
    return Used(title, f"/drafts/{draft.token}") if seen else Used()


# Keeping order -------------------------------------------------------------------------------


def sweep_attachments(office: Office) -> str:
    """Remove what was left behind, and tell in words what that was; to be done once a day.

    Files of which there is no row; what no text has used for 30 days; and copies below
    content/media/ that no public text needs, of pictures that are still in the folder here.
    """
    told = []
    with attach_lock(office):
        with office.database.reading() as connection:
            known = attachments.hashes(connection)
            old = attachments.older_than(connection, now() - UNUSED)
        left = shelf.left_behind(office.settings, known)
        shelf.drop(left)
        unused = _unused(office, old)
        for rows in unused.values():
            with office.database.writing() as connection:
                still = attachments.of_file(connection, rows[0].file)
                attachments.remove(connection, rows)
            if len(still) == len(rows):
                _delete(office, rows[0])
    if left:
        told.append(f"{len(left)} files of attachments that nothing knew of were removed")
    if unused:
        told.append(f"{len(unused)} attachments that no text had used for 30 days were removed")
    gone = media.let_go(office, _with_rows(office))
    if gone:
        told.append(f"{len(gone)} copies of attachments that no public text needs were removed")
    return "; ".join(told)


def _unused(office: Office, rows: Iterable[Attachment]) -> Mapping[str, list[Attachment]]:
    """Give the rows whose file no text names, by that file."""
    found: dict[str, list[Attachment]] = {}
    for row in rows:
        found.setdefault(row.file, []).append(row)
    if found:
        used = media.named_anywhere(office)
        found = {file: some for file, some in found.items() if file not in used}
    return found


def _with_rows(office: Office) -> set[str]:
    with office.database.reading() as connection:
        return {row.file for row in attachments.find(connection)}
