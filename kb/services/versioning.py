"""Each publication as a commit of the Git repository that the content lies in.

What people typed reaches Git through its standard input and its environment, never as a word of
its command line; paths there are made of checked slugs and stand behind `--`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from kb.records.journal import Revision
from kb.settings import Settings, child_environment

#: The folder that the product itself lies in.
PRODUCT = Path(__file__).resolve().parents[2]
#: Seconds after which a commit is given up, such as one whose hook waits for a password.
PATIENCE = 60
# What Git would refuse in a name, or leave out of it.
_CRUD = re.compile(r"[\x00-\x1f\x7f<>]+")


class GitRefused(Exception):
    """The content cannot be committed; the text says why and what to do. Nothing else is lost."""


def require_repository(settings: Settings) -> Path:
    """Give the folder of the content, if publications may be committed there.

    Raises GitRefused where it is in no repository, or in the checkout of the product.
    """
    content = settings.content.resolve()
    try:
        top = Path(_git(content, "rev-parse", "--show-toplevel").strip()).resolve()
    except GitRefused as reason:
        raise GitRefused(f"{content} is in no Git repository that can be used: {reason}") from None
    if PRODUCT in (top, *top.parents) or top in PRODUCT.parents:
        raise GitRefused(
            f"{content} lies in the checkout of the product ({PRODUCT}), which upgrades would"
            " collide with. Start a library of your own with kb init and name it in KB_CONTENT."
        )
    return content


def keeps_history(settings: Settings) -> bool:
    """Tell whether older states of the content lie in a Git repository, whoever made them."""
    try:
        _git(settings.content.resolve(), "rev-parse", "--git-dir")
    except GitRefused:
        return False
    return True


def trouble(settings: Settings) -> str:
    """Tell why commits may be missing, "" where all is well; raises GitRefused."""
    content = require_repository(settings)
    lock = content / _git(content, "rev-parse", "--git-path", "index.lock").strip()
    if lock.exists():
        return f"{lock} is there: while no Git is running it may be removed"
    changed = _git(content, "status", "--porcelain", "--", ".").splitlines()
    return f"{len(changed)} files are not committed as they are" if changed else ""


def commit(settings: Settings, row: Revision, paths: Sequence[Path]) -> bool:
    """Commit these files alone, in the name of the row's author; False where nothing differs.

    Raises GitRefused.
    """
    content = require_repository(settings)
    names = [str(path.resolve().relative_to(content)) for path in paths]
    known = set(_git(content, "ls-files", "--", *names).splitlines()) if names else set()
    names = [name for name in names if name in known or (content / name).exists()]
    if not names:
        return False
    _git(content, "add", "--all", "--", *names)
    if not _git(content, "status", "--porcelain", "--", *names):
        return False
    _git(
        content, "commit", "--quiet", "--only", "--no-gpg-sign", "--cleanup=whitespace",
        "--file=-", "--", *names,
        typed=_message(row),
        GIT_AUTHOR_NAME=_ident(row.author, "Changed by hand"),
        GIT_AUTHOR_EMAIL=_address(settings, row.author_id),
        GIT_COMMITTER_NAME=_ident(settings.site_name, "Sankofa"),
        GIT_COMMITTER_EMAIL=_address(settings, None),
    )  # fmt: skip
    return True


def _message(row: Revision) -> str:
    """Give a first line that Git cannot take for anything else, and below it what was typed."""
    name = f"{row.kind} {row.slug} {row.lang}".strip()
    return f"{row.event.capitalize()}: {name}\n\n{row.message}\n"


def _ident(name: str, otherwise: str) -> str:
    """Give a name as Git takes one: no brackets, no line breaks, and not nothing."""
    text = _CRUD.sub(" ", name).encode("utf-8", "replace").decode("utf-8")
    return text.strip(" .,:;\"'\\") or otherwise


def _address(settings: Settings, author_id: int | None) -> str:
    """Give an address that tells authors apart without telling where they read their mail."""
    host = urlsplit(settings.origin).hostname or "localhost"
    return f"person-{author_id}@{host}" if author_id is not None else f"sankofa@{host}"


def _git(content: Path, *words: str, typed: str = "", **environment: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise GitRefused("Git is not installed")
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no word that a person typed
            [git, "-C", str(content), *words],
            input=typed.encode("utf-8", "replace"),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=child_environment(
                GIT_LITERAL_PATHSPECS="1", GIT_TERMINAL_PROMPT="0", LC_ALL="C", **environment
            ),
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise GitRefused(f"git {words[0]}: {problem}") from problem
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip() or f"exit {done.returncode}"
        raise GitRefused(f"git {words[0]}: {told}")
    return done.stdout.decode("utf-8", "replace")
