"""Names of pictures and documents, the files they stand for, and what the checks say of them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.checking import check
from indexer.document import parse
from indexer.errors import BadSlug, NoSuchDocument
from indexer.media import Media, is_name, name_in_address, named_in, read_name, read_smaller
from indexer.references import addresses, pictures, prose
from indexer.store import Store
from indexer.values import Key, Problem
from tests.factories import case_text, content_folder, file_text, front, vocabularies

HASH = "0123456789abcdef" * 2
PICTURE, PAPER = f"{HASH}-1600x900.webp", f"{HASH}-1180kb.pdf"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return content_folder(tmp_path / "content", {"cash-by-phone": case_text()})


# Names ---------------------------------------------------------------------------------------


@given(st.integers(1, 99999), st.integers(1, 99999), st.integers(1, 999_999_999))
def test_a_name_tells_what_a_page_must_know(width: int, height: int, kilobytes: int) -> None:
    for media in (Media(HASH, width, height), Media(HASH, kilobytes=kilobytes)):
        assert read_name(media.name) == media
        assert named_in(f"x ![a](media/{media.name}) y") == {media.name}
        assert name_in_address(f"media/{media.name}") == media.name


@pytest.mark.parametrize(
    ("width", "widths"), [(1600, (480, 960)), (960, (480,)), (481, (480,)), (480, ()), (16, ())]
)
def test_smaller_sizes_are_those_narrower_than_the_picture(
    width: int, widths: tuple[int, ...]
) -> None:
    media = Media(HASH, width, 400)
    assert media.widths == widths
    assert media.names == (media.name, *(f"{HASH}-{one}.webp" for one in widths))
    assert all(
        read_smaller(name) == (HASH, one) for name, one in zip(media.names[1:], widths, strict=True)
    )


@pytest.mark.parametrize(
    "name",
    ["photo.jpg", PICTURE.upper(), PICTURE[1:], f"{HASH}-0x9.webp", f"{HASH}-9x0.webp",
     f"{HASH}-1600x900.png", f"{HASH}-480.webp", f"x{PICTURE}", f"{PICTURE}x", f"{HASH}-٩x9.webp",
     f"{HASH}-0kb.pdf", f"../{PICTURE}", "", f"{HASH}-123456x9.webp"],
)  # fmt: skip
def test_other_names_are_not_of_this_kind(name: str) -> None:
    assert read_name(name) is None


@pytest.mark.parametrize(
    ("address", "name"),
    [("media/a.png", "a.png"), ("/media/a.png", "a.png"), ("media/maps/a.png", "maps/a.png"),
     ("media/a%20b.png", "a b.png"), ("media/a.pdf#page=4", "a.pdf"), ("media/a.png?x", "a.png"),
     ("media/", None), ("media", None), ("/cases/a", None), ("media/../a.png", None),
     ("media/%2e%2e/a.png", None), ("media/.a.png", None), ("media//a.png", None),
     ("media/a\\b.png", None), ("../media/a.png", None), ("//media/a.png", None),
     ("https://example.org/media/a.png", None), ("media/a%00.png", None)],
)  # fmt: skip
def test_an_address_leads_into_the_folder_or_nowhere(address: str, name: str | None) -> None:
    assert name_in_address(address) == name


@given(st.text(max_size=40))
def test_no_name_leads_out_of_the_folder(text: str) -> None:
    if is_name(text):
        path = Path("/content/media", text)
        assert path.is_relative_to("/content/media")
        assert ".." not in path.parts


# Files ---------------------------------------------------------------------------------------


def test_a_picture_is_written_once_and_whole(content: Path) -> None:
    store = Store(content)
    path = store.add_media(PICTURE, b"one")
    assert path == content / "media" / PICTURE
    assert path.read_bytes() == b"one"
    assert store.add_media(PICTURE, b"two") is None
    assert path.read_bytes() == b"one"
    assert store.media_names() == {PICTURE}
    assert store.remove_media(PICTURE) == path
    assert store.remove_media(PICTURE) is None
    assert store.media_names() == set()


@pytest.mark.parametrize("name", ["../x.png", "a/b.png", ".x", "", "a\0b", "a\nb", "x" * 400])
def test_no_other_place_is_written_to(content: Path, name: str) -> None:
    with pytest.raises(BadSlug):
        Store(content).add_media(name, b"x")
    assert list((content / "media").iterdir()) == []


def test_links_are_not_followed(content: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.png").write_bytes(b"secret")
    media, store = content / "media", Store(content)
    (media / "link.png").symlink_to(outside / "x.png")
    (media / "folder").symlink_to(outside)
    for name in ("link.png", "folder/x.png"):
        with pytest.raises(NoSuchDocument):
            store.media(name)
        assert not store.has_media(name)
    for path in media.iterdir():
        path.unlink()
    media.rmdir()
    media.symlink_to(outside)
    assert not store.has_media("x.png")
    assert store.media_names() == set()
    with pytest.raises(BadSlug):
        store.add_media("y.png", b"x")


def test_what_a_write_left_behind_is_swept(content: Path) -> None:
    (content / "media" / f".{PICTURE}.abc.tmp").write_bytes(b"half")
    (content / "media" / "logo.png").write_bytes(b"whole")
    assert [path.name for path in Store(content).sweep()] == [f".{PICTURE}.abc.tmp"]
    assert Store(content).media_names() == {"logo.png"}


# Checks --------------------------------------------------------------------------------------


def problems(body: str, kind: str = "case", **changes: Any) -> list[Problem]:
    values = front(**changes) if kind == "case" else {"title": "About", "lang": "en"}
    text = file_text(values, body, kind)
    return [p for p in parse(Key(kind, "a"), text, vocabularies()).problems if p.field == "body"]


@pytest.mark.parametrize("kind", ["case", "page"])
@pytest.mark.parametrize(
    "picture",
    ["![](media/a.png)", "![ ](media/a.png)", "![\n](media/a.png)", "![][p]\n\n[p]: media/a.png",
     "Words ![](media/a.png) around", "- ![](media/a.png)", '![](media/a.png "title")'],
)  # fmt: skip
def test_a_picture_without_words_is_an_error_at_its_line(kind: str, picture: str) -> None:
    (found,) = problems(f"\nOne.\n\n{picture}\n", kind)
    assert not found.warning
    assert "no words for those who cannot see it" in found.message
    assert "![A map of the district](media/a.png)" in found.message
    values = front() if kind == "case" else {"title": "About", "lang": "en"}
    line = file_text(values, f"\nOne.\n\n{picture}\n", kind).split("\n")[found.line - 1]
    assert "![" in line


@pytest.mark.parametrize(
    "text",
    ["![A map](media/a.png)", "![A map](/media/maps/a.jpg)", "`![](x)`", "    ![](x)\n", "\\![](x)",
     "```\n![](x)\n```", "<!-- ![](x) -->", "[](media/a.png)", "![A map][p]\n\n[p]: media/a.webp",
     "![p]\n\n[p]: media/a.webp", "![nothing]", "![A [1] map](media/a.png)"],
)  # fmt: skip
def test_what_is_right_or_no_picture_is_left_alone(text: str) -> None:
    assert problems(f"\nOne.\n\n{text}\n") == []


@pytest.mark.parametrize(
    ("address", "told", "warning"),
    [("https://example.org/a.png", "of another site is shown as a link only", True),
     ("//example.org/a.png", "of another site", True),
     ("a.png", "not in the folder of media", False),
     ("../a.png", "not in the folder of media", False),
     ("media/../a.png", "not in the folder of media", False),
     ("data:image/png;base64,AAAA", "not in the folder of media", False),
     ("media/a.svg", "cannot be shown as a picture: save it as PNG", False),
     (f"media/{PAPER}", "is a document, not a picture", False)],
)  # fmt: skip
def test_a_picture_from_elsewhere_is_told_with_what_is_right(
    address: str, told: str, warning: bool
) -> None:
    (found,) = problems(f"\nOne.\n\n![A map]({address})\n")
    assert told in found.message
    assert found.warning == warning


def test_a_picture_that_is_not_there_is_an_error_once(content: Path) -> None:
    (content / "media" / "there.png").write_bytes(b"x")
    body = (
        "\n## Context\n\n![A map](media/there.png) [1]\n\n![A map](media/gone.png)\n\n"
        f"[Report](media/{PAPER}) and again ![A map](media/gone.png) [2]\n\n[x]: media/gone.pdf\n"
    )
    path = content / "cases" / "cash-by-phone.md"
    path.write_text(case_text(body), encoding="utf-8")
    found = [(p.line, p.message) for _, p in check([path])]
    assert [message for _, message in found] == [
        f'there is no file "{name}" in media: upload it, or mend the name'
        for name in ("gone.png", PAPER, "gone.pdf")
    ]
    lines = path.read_text(encoding="utf-8").split("\n")
    assert all(message.split('"')[1] in lines[line - 1] for line, message in found)


def test_pictures_are_found_in_time_that_grows_with_the_text() -> None:
    for piece in (
        "![",
        "![a](",
        "![[",
        "![a](b ",
        "[x](media/",
        "![a][",
        "![a]((",
        "![\\",
        "![[a]",
    ):
        begun = time.process_time()
        lines = prose(piece * 20_000)
        assert len(list(pictures(lines))) + len(list(addresses(lines))) >= 0
        assert time.process_time() - begun < 2, piece
