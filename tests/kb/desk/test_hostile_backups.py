"""A file that is damaged, or made to do harm, is refused with the reason; nothing is left of it."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.access import CONSOLE
from kb.services.archive import MANIFEST, SEAL, DamagedBackup, is_plain_name, read_all
from kb.services.publishing import purge
from kb.services.restoring import check, restore
from tests import desks
from tests.kb.desk.keeping import (
    Members,
    backed_up,
    changed,
    forged,
    is_untouched,
    manifest_of,
    member,
    members_of,
    new_place,
    packed,
)

CASE = "content/cases/cash-by-phone.md"
ROWS = "database/revision/00001.jsonl"


@pytest.fixture(scope="module")
def good(desk_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a small library, with tombstones."""
    root = tmp_path_factory.mktemp("good")
    settings = desks.copy_home(desk_home, root / "desk")
    with desks.opened(settings) as desk:
        purge(desk, CONSOLE, "flood-warning", reason="It named a child.")
        backed_up(desk, root / "good.tar.gz")
    desks.drop_schema(settings)
    return root / "good.tar.gz"


def refused(path: Path, room: Path, reason: str = ".") -> None:
    """It is refused by a look at it, or at the latest by its restore, and nothing is left."""
    place = new_place(room / "place")
    with pytest.raises(DamagedBackup, match=reason):
        restore(place, path)
    assert is_untouched(place)
    assert not list(room.rglob("*evil*"))


def test_the_good_one_is_good(good: Path, tmp_path: Path) -> None:
    same = forged(good, tmp_path / "same.tar.gz", lambda members: None)
    restore(new_place(tmp_path / "place"), same)


# Damaged -------------------------------------------------------------------------------------


def test_a_byte_that_is_damaged_anywhere_is_noticed(good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    assert check(good)
    path = tmp_path / "damaged.tar.gz"
    ends = (*range(64), *range(len(data) - 64, len(data)))
    for place in sorted({*ends, *range(0, len(data), len(data) // 150)}):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        with pytest.raises(DamagedBackup):
            check(path)


def test_a_file_that_ends_too_soon_or_too_late_is_noticed(good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    path = tmp_path / "cut.tar.gz"
    for size in (0, 1, 9, 10, 11, 200, len(data) // 2, len(data) - 9, len(data) - 1):
        path.write_bytes(data[:size])
        with pytest.raises(DamagedBackup):
            check(path)
    path.write_bytes(data + gzip.compress(b"evil", mtime=0))
    with pytest.raises(DamagedBackup):
        check(path)


def test_a_damaged_file_leaves_the_place_empty(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.tar.gz"
    data = good.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])
    refused(path, tmp_path)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b"\x1f\x8b", b"\0" * 20_000])
def test_what_is_no_backup_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "no.tar.gz"
    path.write_bytes(data)
    refused(path, tmp_path, "begin")


def test_a_plain_tar_and_an_empty_one_are_refused(good: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.tar"
    plain.write_bytes(gzip.decompress(good.read_bytes()))
    refused(plain, tmp_path, "begin")
    refused(packed(tmp_path / "empty.tar.gz", []), tmp_path)


# Names and kinds -----------------------------------------------------------------------------

NAMES = [
    "/etc/evil", "../evil", "content/../../evil", "content/./evil", "content//evil", "content/",
    "content/evil/", "content", "data/../../evil", "data/evil", "data/secret",
    "data/outbox/a/evil.eml", "data/outbox/evil.sh", "database/../evil.jsonl", "evil.txt",
    "database/revision/1.jsonl",
    "content/.git/hooks/post-commit", "content/cases/.GIT/config", "content/.restoring/evil",
    "content/" + "a/" * 600 + "evil", "content/" + "e" * 300 + "vil", "C:\\evil", "\\\\evil\\x",
    "content/\udcff/..", "manifest.json/evil", "settings.txt/evil", "~/evil",
    "database/evil/00001.jsonl",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused(good: Path, tmp_path: Path, name: str) -> None:
    path = forged(good, tmp_path / "forged.tar.gz", lambda all_: all_.append(member(name, b"evil")))
    refused(path, tmp_path)


def test_names_of_real_files_are_allowed() -> None:
    for name in ("content/cases/a.md", "content/media/logo ñ.svg", "content/.gitattributes",
                 "content/media/a\\b.png", "content/.github/x", "data/attachments/" + "a" * 64,
                 "data/outbox/20261125-1.eml", "content/media/\udcff.png"):  # fmt: skip
        assert is_plain_name(name), name


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE,
     tarfile.BLKTYPE, tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused(good: Path, tmp_path: Path, kind: bytes) -> None:
    evil = member("content/evil", type=kind, linkname="/etc/passwd", devmajor=1, devminor=3)
    path = forged(good, tmp_path / "forged.tar.gz", lambda all_: all_.insert(0, evil))
    refused(path, tmp_path)


def test_a_file_through_a_link_is_refused(good: Path, tmp_path: Path) -> None:
    """The link alone would be refused; what comes after it must not be written before that."""
    link = member("content/evil", type=tarfile.SYMTYPE, linkname=str(tmp_path))
    through = member("content/evil/evil.txt", b"evil")
    path = packed(tmp_path / "forged.tar.gz", [link, through, *members_of(good)])
    refused(path, tmp_path, "no plain file")


def test_the_same_name_twice_and_a_file_that_is_a_folder_too_are_refused(
    good: Path, tmp_path: Path
) -> None:
    for name in (CASE, f"{CASE}/evil"):
        path = forged(good, tmp_path / "forged.tar.gz", lambda m, n=name: m.append(member(n, b"x")))
        refused(path, tmp_path)


# Too much ------------------------------------------------------------------------------------


def test_a_file_that_unpacks_to_more_than_there_is_room_for_is_refused(
    good: Path, tmp_path: Path
) -> None:
    bomb = forged(
        good, tmp_path / "bomb.tar.gz", lambda m: m.append(member("content/b", b"\0" * 50_000_000))
    )
    assert bomb.stat().st_size < 200_000
    written: list[int] = []

    def take(_name: str, stream: Any) -> None:
        while data := stream.read(1 << 16):
            written.append(len(data))

    with pytest.raises(DamagedBackup, match="larger"):
        read_all(bomb, take, room=2_000_000)
    assert sum(written) <= 2_000_000 + (1 << 16)


def test_a_file_that_grows_more_than_text_can_is_refused(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.services.archive._FREE_OF_DOUBT", 1_000_000)  # else it takes long
    bomb = forged(
        good, tmp_path / "bomb.tar.gz", lambda m: m.append(member("content/b", b"\0" * 90_000_000))
    )
    refused(bomb, tmp_path, "larger")


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_that_is_a_bomb_is_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("content/a")
    info.type, info.size = kind, 300_000_000
    head = info.tobuf(tarfile.GNU_FORMAT)
    path = tmp_path / "bomb.tar.gz"
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as zipped:
        zipped.write(head)
        for _ in range(300):
            zipped.write(b"1" * 1_000_000)
    refused(path, tmp_path, "more than can be")


def test_headers_without_end_are_refused(tmp_path: Path) -> None:
    record = b"11 path=a\n\n"
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, len(record)
    block = info.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")
    path = tmp_path / "deep.tar.gz"
    path.write_bytes(gzip.compress(block * 5000, 6, mtime=0))
    data = bytearray(path.read_bytes())
    data[8:10] = b"\x00\xff"
    path.write_bytes(data)
    refused(path, tmp_path)


@pytest.mark.parametrize("size", [-1, 1 << 40, 8**11 - 1])
def test_a_size_that_cannot_be_is_refused(good: Path, tmp_path: Path, size: int) -> None:
    info = tarfile.TarInfo("content/a")
    info.size = 0
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    packed_size = (1 << 95 | (size & ((1 << 88) - 1))).to_bytes(12, "big")
    if size < 0:
        packed_size = b"\xff" * 12
    block[124:136] = packed_size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    path = tmp_path / "sizes.tar.gz"
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as zipped:
        zipped.write(bytes(block) + b"x" * 512)
    refused(path, tmp_path)


# Manifests -----------------------------------------------------------------------------------


def with_manifest(good: Path, into: Path, text: bytes, seal: bytes | None = None) -> Path:
    seal = seal or f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()
    return packed(into, [*members_of(good), member(MANIFEST, text), member(SEAL, seal)])


@pytest.mark.parametrize(
    "text",
    [b"", b"{}", b"[]", b"null", b"nonsense", b'{"format": 1, "files": []}', b"[" * 100_000,
     b'{"format": 1, "files": {"a": 1}}', b'{"format": 1, "files": {"a": ["x", "y"]}}'],
)  # fmt: skip
def test_a_manifest_that_says_nothing_is_refused(good: Path, tmp_path: Path, text: bytes) -> None:
    refused(with_manifest(good, tmp_path / "forged.tar.gz", text), tmp_path)


def test_a_manifest_that_is_not_sealed_missing_or_not_the_last_is_refused(
    good: Path, tmp_path: Path
) -> None:
    text = json.dumps(manifest_of(good)).encode()
    path = tmp_path / "forged.tar.gz"
    refused(with_manifest(good, path, text, b"0" * 64 + b"  manifest.json\n"), tmp_path, "manifest")
    refused(packed(path, members_of(good)), tmp_path, "manifest")
    members = [*members_of(good), member(MANIFEST, text), member("content/evil", b"x")]
    refused(packed(path, members), tmp_path, "after the manifest")


FORGERIES: dict[str, tuple[Callable[[Members], object], dict[str, Any]]] = {
    "another form": (lambda m: None, {"format": 99}),
    "tables of the future": (lambda m: None, {"schema": "9999"}),
    "tables without a name": (lambda m: None, {"schema": None}),
    "no tables": (lambda m: None, {"tables": {}}),
    "tables of another kind": (lambda m: None, {"tables": [1, 2]}),
    "no word on hand edits": (lambda m: None, {"apart": None}),
    "hand edits that are none": (lambda m: None, {"apart": ["case/women-coders/"]}),
    "hand edits with odd names": (lambda m: None, {"apart": ["evil"]}),
    "another text": (changed(CASE, lambda data: data + b"evil\n"), {}),
    "a text more": (lambda m: m.append(member("content/cases/evil.md", b"x")), {}),
    "a text less": (lambda m: m.remove(next(one for one in m if one[0].name == CASE)), {}),
    "no settings": (lambda m: m.remove(next(o for o in m if o[0].name == "settings.txt")), {}),
    "rows that are none": (changed(ROWS, lambda data: b"evil\n"), {}),
    "rows that are objects": (changed(ROWS, lambda data: b'{"id": 1}\n'), {}),
    "rows with a value more": (changed(ROWS, lambda data: data.replace(b"[1,", b"[1,1,", 1)), {}),
    "rows of wrong kinds": (changed(ROWS, lambda data: data.replace(b"[1,", b'["x",', 1)), {}),
    "a row less": (changed(ROWS, lambda data: data.partition(b"\n")[2]), {}),
    "a row twice": (changed(ROWS, lambda data: data + data.partition(b"\n")[0] + b"\n"), {}),
    "rows of a stranger": (changed(ROWS, lambda d: d.replace(b"[1,null,", b"[1,77,", 1)), {}),
    "a day that is none": (changed(ROWS, lambda d: d.replace(b"2026-", b"2026-99-", 1)), {}),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_does_not_agree_with_itself_is_refused(good: Path, tmp_path: Path, what: str) -> None:
    change, about = FORGERIES[what]
    refused(forged(good, tmp_path / "forged.tar.gz", change, **about), tmp_path)


def test_a_member_that_is_not_what_the_manifest_says_is_refused(good: Path, tmp_path: Path) -> None:
    members = members_of(good)
    changed(CASE, lambda data: data[:-1] + b"!")(members)
    text = json.dumps(manifest_of(good)).encode()
    seal = f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()
    path = packed(
        tmp_path / "forged.tar.gz", [*members, member(MANIFEST, text), member(SEAL, seal)]
    )
    refused(path, tmp_path, "not what the manifest says")


def test_tombstones_that_are_damaged_are_passed_over(good: Path, tmp_path: Path) -> None:
    """A line that was cut short by a crash is no reason not to bring a library back."""
    stones = tmp_path / "tombstones.jsonl"
    stones.write_bytes(b'{"kind": "case", "slug": "../evil"\n\xff\xfe\nnull\n[]\n')
    place = new_place(tmp_path / "place")
    assert restore(place, good, stones).purged == 0


def test_the_head_of_a_gzip_is_looked_at_bit_by_bit(good: Path, tmp_path: Path) -> None:
    """Neither a name nor a time is in it, so that one changed bit there is seen as well."""
    data = good.read_bytes()
    assert data[4:8] == struct.pack("<L", 0)
    path = tmp_path / "damaged.tar.gz"
    for place in range(10):
        for bit in range(8):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])
            with pytest.raises(DamagedBackup):
                check(path)
