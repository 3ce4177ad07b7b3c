"""`kb person`: people looked after from the machine of the desk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli.base import USAGE, WRONG, main
from kb.services import accounts
from kb.services.desk import open_database
from kb.services.office import SmallOffice
from kb.settings import Settings
from tests.people import PASSWORD

AMA = "ama@example.org"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("BASE_URL", "https://library.example.org")
    return tmp_path / "data"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["person", *words], catch_exceptions=False)


def join(data: Path, link: str, name: str = "Ama") -> None:
    office = SmallOffice(open_database(Settings(data=data)), Settings(data=data))
    token = link.strip().rsplit("/", 1)[1]
    accounts.accept(office, token, email="", name=name, password=PASSWORD, caller=accounts.Caller())
    office.database.close()


def test_somebody_is_invited_listed_given_a_role_kept_out_and_reset(data: Path) -> None:
    assert "Nobody has an account yet" in run("list").output
    link = run("add", "Ama@example.org", "--role", "administrator").output
    assert link.startswith("https://library.example.org/account/invitation/")
    join(data, link)
    assert AMA in run("list").output
    join(data, run("add", "kofi@example.org").output, "Kofi")
    rows = {row["email"]: row for row in json.loads(run("list", "--json").output)}
    assert (rows[AMA]["role"], rows["kofi@example.org"]["role"]) == ("administrator", "contributor")
    assert "is editor now" in run("role", "kofi@example.org", "editor").output
    assert "is kept out" in run("disable", "kofi@example.org").output
    assert "kept out" in run("list").output
    assert "may sign in again" in run("disable", "kofi@example.org", "--again").output
    link = run("reset", "kofi@example.org", "--second-step").output
    assert link.startswith("https://library.example.org/account/reset/")
    office = SmallOffice(open_database(Settings(data=data)), Settings(data=data))
    assert accounts.resetting(office, link.strip().rsplit("/", 1)[1]).email == "kofi@example.org"
    office.database.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", AMA), "has an account already"),
        (("role", "nobody@example.org", "editor"), "Nobody here has this address"),
        (("reset", "nobody@example.org"), "Nobody here has this address"),
        (("disable", AMA), "Nobody would be left"),
        (("role", AMA, "reader"), "Nobody would be left"),
    ],
)
def test_what_cannot_be_done_is_told(data: Path, words: tuple[str, ...], told: str) -> None:
    join(data, run("add", AMA, "--role", "administrator").output)
    done = run(*words)
    assert done.exit_code == WRONG
    assert told in done.stderr


def test_what_is_no_address_and_no_role_is_a_wrong_command_line(data: Path) -> None:
    assert run("add", "ama").exit_code == USAGE
    assert run("add", AMA, "--role", "king").exit_code == USAGE
