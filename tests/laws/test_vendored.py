"""Vendored files are what their note says they are."""

import hashlib
import re

from kb.app import ROOT
from kb.assets import SERVED, load_assets

FOLDER = ROOT / "static" / "vendor"


def test_every_vendored_file_is_noted_with_its_checksum_and_licence() -> None:
    note = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.suffix in SERVED:
            assert f"`{path.name}`" in note
            assert hashlib.sha256(path.read_bytes()).hexdigest() in note
    for licence in re.findall(r"`([\w.]+\.LICENSE)`", note):
        assert (FOLDER / licence).stat().st_size > 100


def test_the_only_markup_of_the_project_is_made_in_one_place() -> None:
    made = [
        path.relative_to(ROOT).as_posix()
        for folder in ("kb", "indexer")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))
    ]
    assert made == ["kb/markup.py"]


def test_notes_and_licences_are_not_served() -> None:
    assert all(
        "README" not in name and "LICENSE" not in name for name in load_assets(ROOT / "static")
    )
