"""A desk that a test may change, and people of every role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.access import Person
from kb.services.desk import Desk
from tests import desks
from tests.people import add_person


@pytest.fixture(scope="session")
def desk_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desks.make_home(tmp_path_factory.mktemp("desk-home"))


@pytest.fixture
def desk(desk_home: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk after its first start, so the journal has a row for each file."""
    settings = desks.copy_home(desk_home, tmp_path / "desk")
    with desks.opened(settings) as desk:
        yield desk
    desks.drop_schema(settings)


@pytest.fixture
def ama(desk: Desk) -> Person:
    return add_person(desk.database, "contributor", "Ama", "ama@example.org")


@pytest.fixture
def ben(desk: Desk) -> Person:
    return add_person(desk.database, "contributor", "Ben", "ben@example.org")


@pytest.fixture
def rosa(desk: Desk) -> Person:
    return add_person(desk.database, "reviewer", "Rosa", "rosa@example.org")


@pytest.fixture
def eva(desk: Desk) -> Person:
    return add_person(desk.database, "editor", "Eva", "eva@example.org")


@pytest.fixture
def otto(desk: Desk) -> Person:
    return add_person(desk.database, "administrator", "Otto", "otto@example.org")
