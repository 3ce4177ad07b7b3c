"""A small library, built once; and Hypothesis without deadlines, which busy machines miss."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from indexer.library import Library
from indexer.semantic import Encoder
from indexer.snapshot import Snapshot
from tests import factories

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """Give the model that is shipped."""
    return Encoder(threads=1)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the small library, content/ and var/; not to be changed."""
    root = tmp_path_factory.mktemp("home")
    factories.library_folder(root / "content")
    Library.open(root / "content", root / "var", threads=1)
    return root


@pytest.fixture(scope="session")
def library(home: Path) -> Library:
    """Give the small library, opened; not to be changed."""
    return Library.open(home / "content", home / "var", threads=1)


@pytest.fixture(scope="session")
def snapshot(library: Library) -> Snapshot:
    """Give the state of the small library."""
    return library.snapshot()


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Path:
    """Give a copy of the small library that a test may change."""
    return Path(shutil.copytree(home, tmp_path / "own"))


@pytest.fixture
def mine(own: Path) -> Library:
    """Give that copy, opened."""
    return Library.open(own / "content", own / "var", threads=1)
