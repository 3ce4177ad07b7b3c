"""Books of packs, made once for all tests."""

from __future__ import annotations

import pytest

from indexer.library import Library
from kb.services.packing.book import Book
from kb.settings import Settings
from tests import books


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return books.library_of_packs(tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="session")
def desk_settings(packs: Library) -> Settings:
    return books.settings_of(packs)


@pytest.fixture(scope="session")
def book(packs: Library) -> Book:
    """In English, with notes."""
    return books.a_book(packs)


@pytest.fixture(scope="session")
def arabic(packs: Library) -> Book:
    return books.a_book(packs, lang="ar")
