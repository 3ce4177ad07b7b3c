"""Publications as Git commits: in the author's name, and nothing that was typed is obeyed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.access import Person
from kb.services.desk import Desk
from kb.services.publishing import publish, purge, set_status
from kb.services.recovery import recover
from kb.services.versioning import PRODUCT, GitRefused, commit, require_repository
from kb.settings import Settings, load_settings
from tests import desks
from tests.desks import CASH, CROPS
from tests.kb.desk.test_publishing import agree
from tests.kb.desk.test_reconcile import kb, promised
from tests.people import add_person

SAFFRON = "\n## Lessons\n\nSaffron was too dear [1].\n"
NASTY = (
    "--author=Evil <evil@example.org>",
    "-F /etc/passwd",
    "--exec=touch hacked",
    "; touch hacked #",
    "$(touch hacked)",
    "Ama <ama@example.org>\ncommitter Evil",
    "<<<>>>",
    "..,:;\"'",
    "",
    "\0\x1b[31mred",
    "Zoë Ñandú 李",
    "-" * 200,
)


def git(desk: Desk, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(desk.settings.content), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def repository(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose content is a Git repository of its own, with everything committed."""
    monkeypatch.setenv("HOME", str(tmp_path))  # nobody's own configuration
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    versioned = desks.with_settings(desk, git_commits=True)
    git(desk, "init", "--quiet", "--initial-branch=main")
    git(desk, "add", ".")
    git(desk, "-c", "user.name=Kofi", "-c", "user.email=kofi@example.org", "commit", "-qm", "All")
    yield versioned


def test_it_is_off_unless_a_setting_says_so(desk: Desk, ama: Person, eva: Person) -> None:
    assert not Settings().git_commits
    assert load_settings({"GIT_COMMITS": "yes"}).git_commits
    git(desk, "init", "--quiet")
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + SAFFRON)
    assert git(desk, "status", "--porcelain")
    with pytest.raises(subprocess.CalledProcessError):
        git(desk, "log")


def test_each_publication_is_a_commit_in_the_author_s_name(
    repository: Desk, ama: Person, eva: Person
) -> None:
    draft = desks.submitted(repository, ama, CROPS, lambda text: text + SAFFRON)
    publish(repository, eva, draft.token, "Checked with the ministry")
    assert git(repository, "log", "-1", "--format=%an|%ae|%cn|%s|%b") == (
        f"Ama|person-{ama.id}@127.0.0.1|Sankofa|Published: case crop-prices"
        "|Checked with the ministry"
    )
    assert git(repository, "show", "--stat", "--format=").startswith("cases/crop-prices.md")
    assert git(repository, "status", "--porcelain") == ""
    assert ama.email not in git(repository, "log", "--format=%ae %ce %B")


def test_a_first_commit_a_new_case_a_withdrawal_and_a_purge(
    desk: Desk, repository: Desk, ama: Person, eva: Person, otto: Person
) -> None:
    publish(repository, eva, desks.new_case(repository, ama, "Radio lessons").token)
    set_status(repository, eva, CROPS, "withdrawn", "Because.")
    gone = purge(repository, otto, "cash-by-phone", reason="A court said so")
    assert gone.in_git
    assert git(repository, "log", "--format=%an: %s") == (
        "Otto: Purged: case cash-by-phone fr\n"
        "Eva: Withdrawn: case crop-prices\n"
        "Ama: Published: case radio-lessons\n"
        "Kofi: All"
    )
    assert git(repository, "status", "--porcelain") == ""


def test_a_repository_without_a_commit_gets_its_first(desk: Desk, ama: Person, eva: Person) -> None:
    git(desk, "init", "--quiet")
    versioned = desks.with_settings(desk, git_commits=True)
    publish(versioned, eva, desks.submitted(desk, ama, CROPS, lambda t: t + SAFFRON).token)
    assert git(desk, "log", "--format=%s") == "Published: case crop-prices"
    assert git(desk, "ls-files") == "cases/crop-prices.md"


def test_what_others_have_staged_or_changed_is_left_alone(
    repository: Desk, ama: Person, eva: Person
) -> None:
    other = desks.file_of(repository, CASH)
    other.write_text(desks.text_of(repository, CASH) + "\nBy hand.\n")
    git(repository, "add", "cases/cash-by-phone.md")
    (repository.settings.content / "notes.txt").write_text("mine")
    desks.made_public(repository, ama, eva, CROPS, lambda text: text + SAFFRON)
    assert git(repository, "show", "--name-only", "--format=") == "cases/crop-prices.md"
    assert git(repository, "status", "--porcelain").split("\n") == [
        "M  cases/cash-by-phone.md", "?? notes.txt",
    ]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_was_typed_is_an_option_or_a_command(
    repository: Desk, eva: Person, text: str
) -> None:
    name = text.replace("\0", "") or " "  # no database holds NUL, and no form lets it in
    typed = add_person(repository.database, "editor", name, "nasty@example.org")
    draft = desks.submitted(repository, typed, CROPS, lambda t: t + SAFFRON)
    publish(repository, eva, draft.token, text)
    agree(repository, CROPS)
    author, mail, body = git(repository, "log", "-1", "--format=%an%x00%ae%x00%B").split("\0")
    assert mail == f"person-{typed.id}@127.0.0.1"
    assert author
    assert not set("<>\n\0") & set(author)
    assert body.startswith("Published: case crop-prices")
    for word in text.replace("\0", "").split():
        assert word in body
    assert git(repository, "rev-list", "--count", "HEAD") == "2"
    assert list(repository.settings.content.rglob("hacked")) == []
    assert not Path("hacked").exists()


def test_the_environment_leads_git_nowhere_else(
    repository: Desk, ama: Person, eva: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    with monkeypatch.context() as around:
        around.setenv("GIT_DIR", str(other / ".git"))
        around.setenv("GIT_WORK_TREE", str(other))
        around.setenv("GIT_AUTHOR_NAME", "Somebody else")
        desks.made_public(repository, ama, eva, CROPS, lambda text: text + SAFFRON)
    assert git(repository, "log", "-1", "--format=%an") == "Ama"


def test_a_commit_that_fails_undoes_no_publication(
    repository: Desk, ama: Person, eva: Person, caplog: pytest.LogCaptureFixture
) -> None:
    hook = repository.settings.content / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    desks.made_public(repository, ama, eva, CROPS, lambda text: text + SAFFRON)
    agree(repository, CROPS)
    assert "not today" in caplog.text


@pytest.mark.parametrize("committed", [False, True])
def test_what_was_cut_short_is_committed_once(
    repository: Desk, ama: Person, committed: bool
) -> None:
    row = promised(repository, desks.submitted(repository, ama, CROPS, lambda t: t + SAFFRON))
    if committed:
        repository.library.store.write(CROPS, row.text, row.base)
        commit(repository.settings, row, [desks.file_of(repository, CROPS)])
    recover(repository)
    agree(repository, CROPS)
    assert git(repository, "log", "--format=%an: %s") == (
        "Eva: Published: case crop-prices\nKofi: All"
    )
    assert git(repository, "status", "--porcelain") == ""


def test_the_product_s_own_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GitRefused, match="checkout of the product"):
        require_repository(Settings(content=PRODUCT / "content"))
    with pytest.raises(GitRefused, match="no Git repository"):
        require_repository(Settings(content=tmp_path))
    with pytest.raises(GitRefused, match="no Git repository"):
        require_repository(Settings(content=tmp_path / "missing"))


def test_a_desk_that_cannot_commit_does_not_start(desk: Desk) -> None:
    for command in ("sync", "serve"):
        told = kb(desk, command, code=2, GIT_COMMITS="yes", PORT="0")
        assert "GIT_COMMITS cannot be" in told
    assert "BAD  GIT_COMMITS" in kb(desk, "doctor", code=1, GIT_COMMITS="yes")


def test_the_doctor_sees_what_waits_and_what_was_done_by_hand(
    repository: Desk, ama: Person
) -> None:
    told = kb(repository, "doctor", GIT_COMMITS="yes")
    for line in ("ok   publications: all finished", "ok   journal and files: agree",
                 "ok   GIT_COMMITS: each publication"):  # fmt: skip
        assert line in told
    draft = desks.submitted(repository, ama, CROPS, lambda text: text + SAFFRON)
    promised(repository, draft)
    desks.by_hand(repository, CASH, desks.text_of(repository, CASH) + SAFFRON)
    told = kb(repository, "doctor", GIT_COMMITS="yes")
    assert "note GIT_COMMITS: 1 files are not committed" in told
    (repository.settings.content / ".git" / "index.lock").touch()
    told = kb(repository, "doctor", GIT_COMMITS="yes")
    assert "index.lock is there" in told
    assert "note publications: 1 were cut short" in told
    assert "note journal and files: 1 texts were changed by hand since" in told
