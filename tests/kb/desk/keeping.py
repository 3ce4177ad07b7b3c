"""A desk in which everything has happened, places to restore it to, and what is in them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from indexer.copying import listing
from kb.access import CONSOLE, Person
from kb.records import people as records
from kb.records import portable, tables
from kb.records.database import Database, now
from kb.services import editing, sessions
from kb.services.archive import MANIFEST, SEAL
from kb.services.backing_up import Made, back_up
from kb.services.desk import Desk
from kb.services.office import SmallOffice
from kb.services.publishing import publish, purge
from kb.settings import Settings
from tests import desks
from tests.desks import CASH, CROPS

PICTURE = b"RIFF....WEBPVP8 a picture of a shop"
PICTURE_HASH = hashlib.sha256(PICTURE).hexdigest()


def lived_in(desk: Desk, ama: Person, eva: Person) -> None:
    """Let something happen that fills tables and folders of every kind."""
    desks.made_public(desk, ama, eva, CASH, lambda text: text + "\nOne more line. ½ 中文 🌍\n")
    desks.submitted(desk, ama, CROPS, lambda text: text + "\nTo be checked.\n")
    purge(desk, CONSOLE, "flood-warning", reason="It named a child.")
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + "\nBy hand, not yet noticed.\n")
    with desk.database.writing() as connection:
        account = records.account(connection, ama.id or 0)
        assert account is not None
        sessions.begin(connection, account, False, "Firefox")
        for table, values in _rows(ama).items():
            connection.execute(sa.insert(table).values(values))
    media = desk.settings.content / "media"
    media.mkdir(exist_ok=True)
    (media / "logo ñ.svg").write_text("<svg/>", encoding="utf-8")
    (media / ("long-" * 30 + ".png")).write_bytes(b"\x89PNG" + bytes(range(256)) * 300)
    (desk.settings.content / ".gitattributes").write_text("* -text\n", encoding="utf-8")
    kept = desk.settings.data / "attachments"
    kept.mkdir(mode=0o700)
    (kept / PICTURE_HASH).write_bytes(PICTURE)
    letters = desk.settings.data / "outbox"
    letters.mkdir(mode=0o700, exist_ok=True)
    (letters / "20261125-120000-abcd.eml").write_bytes(b"Subject: hello\r\n\r\nhello\r\n")
    (letters / ".20261125-120000-half.eml-ab12").write_bytes(b"Subj")
    (letters / "failed").mkdir()
    (letters / "failed" / "20261120-120000-ef.eml").write_bytes(b"Subject: no\r\n\r\n\r\n")
    (letters / "failed" / "20261120-120000-ef.txt").write_text("Nobody is called so.\n", "utf-8")


def _rows(ama: Person) -> dict[sa.Table, Mapping[str, Any]]:
    at = now()
    return {
        tables.attachment: with_defaults(
            tables.attachment, hash=PICTURE_HASH, name="shop.webp", type="image/webp",
            size=len(PICTURE), person_id=ama.id, at=at,
        ),
        tables.job: with_defaults(
            tables.job, task="digest", key="digest:1", payload="{}", due_at=at, at=at,
            lease_until=at - timedelta(days=1),
        ),
        tables.search_count: {
            "day": at.date(), "words": "mobile money", "asked": 3, "empty": 1, "followed": 1,
        },
        tables.attempt: {"kind": "sign-in", "subject": "0" * 64, "at": at},
        tables.ticket: {
            "token_hash": "1" * 64, "purpose": "reset", "person_id": ama.id, "email": ama.email,
            "role": "", "created_at": at, "expires_at": at,
        },
    }  # fmt: skip


def with_defaults(table: sa.Table, **values: Any) -> Mapping[str, Any]:
    """Give a row in which every column that must have a value has one."""
    rest = {
        column.name: 0 if isinstance(column.type, sa.Integer) else ""
        for column in table.columns
        if not column.nullable and not column.primary_key and column.server_default is None
    }
    return {**rest, **values}


def backed_up(desk: Desk, path: Path, **how: Any) -> Made:
    """What a backup of the desk holds."""
    return back_up(SmallOffice(desk.database, desk.settings), path, **how)


def new_place(root: Path, url: str = "") -> Settings:
    """The settings of a place where nothing is."""
    return Settings(content=root / "content", data=root / "data", var=root / "var",
                    database_url=url)  # fmt: skip


def is_untouched(place: Settings) -> bool:
    """Whether nothing is there, as before."""
    folders = [place.content, place.data]
    database = Database(place.database) if place.database_url else None
    try:
        if database is not None:
            with database.reading() as connection:
                assert portable.is_empty(connection)
    finally:
        if database is not None:
            database.close()
    return not any(folder.exists() and any(folder.iterdir()) for folder in folders)


def rows_of(settings: Settings) -> dict[str, list[bytes]]:
    """Every row of every table, in any order."""
    database = Database(settings.database)
    try:
        with database.reading() as connection:
            return {
                table.name: sorted(portable.lines(connection, table))
                for table in portable.tables_at(portable.newest())
            }
    finally:
        database.close()


def files_of(settings: Settings) -> dict[str, bytes]:
    """Every file that a backup takes."""
    return {
        f"{folder.name}/{found.name}": (folder / found.name).read_bytes()
        for folder in (settings.content, *(settings.data / n for n in ("attachments", "outbox")))
        for found in listing(folder).files
        if ".eml-" not in found.name
    }


# Files that pretend to be a backup -----------------------------------------------------------

Members = list[tuple[tarfile.TarInfo, bytes]]


def members_of(path: Path) -> Members:
    """What is in a backup, without its manifest."""
    with tarfile.open(path) as tar:
        found = [(one, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]
    return [(one, data) for one, data in found if one.name not in (MANIFEST, SEAL)]


def manifest_of(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as tar:
        found = tar.extractfile(MANIFEST)
        assert found is not None
        return dict(json.load(found))


def member(name: str, data: bytes = b"", **how: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    for key, value in {"size": len(data), **how}.items():
        setattr(info, key, value)
    return info, data


def forged(path: Path, into: Path, change: Callable[[Members], object], **about: Any) -> Path:
    """A backup whose members were changed, and whose manifest tells of the changed ones."""
    members = members_of(path)
    change(members)
    manifest = {**manifest_of(path), **about}
    manifest["files"] = {
        info.name: (len(data), hashlib.sha256(data).hexdigest()) for info, data in members
    }
    text = json.dumps(manifest).encode()
    seal = f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()
    return packed(into, [*members, member(MANIFEST, text), member(SEAL, seal)])


def packed(into: Path, members: Members, after: bytes = b"") -> Path:
    """A file made of these members, as kb backup would pack them."""
    with (
        into.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for info, data in members:
            tar.addfile(info, io.BytesIO(data) if info.isreg() else None)
        tar.close()
        zipped.write(after)
    return into


def changed(name: str, data: Callable[[bytes], bytes]) -> Callable[[Members], None]:
    """What changes one member."""

    def change(members: Members) -> None:
        for number, (info, old) in enumerate(members):
            if info.name == name:
                members[number] = member(name, data(old))
                return
        raise AssertionError(f"there is no {name}")

    return change


def one_more_case(desk: Desk, ama: Person, eva: Person, title: str) -> None:
    """Somebody publishes a new case."""
    draft = desks.new_case(desk, ama, title)
    publish(desk, eva, editing.open_draft(desk, ama, draft.token).token)


def names(iterator: Iterator[Any]) -> list[str]:
    return [one.name for one in iterator]
