"""Starting a library of one's own: a content folder that is its own Git repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

#: The content that comes with the product.
SHIPPED = Path(__file__).resolve().parents[2] / "content"


class FolderInUse(Exception):
    """The folder for a new library holds something already; nothing was touched."""


def start_library(folder: Path, empty: bool = False) -> list[str]:
    """Make `folder` a library and return, in words, what was done.

    It gets the vocabularies, the pages and, unless `empty`, the cases that come with the product,
    and becomes a Git repository where Git is installed. Raises FolderInUse.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(f"{folder} is not empty; name a new folder, nothing was changed.")
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for part in ("vocabularies", "pages", "cases", "packs", "media"):
        if (SHIPPED / part).is_dir() and not (empty and part in ("cases", "packs", "media")):
            shutil.copytree(SHIPPED / part, folder / part)
            done.append(f"{part}: {sum(1 for file in (folder / part).rglob('*.*'))} files")
        else:
            (folder / part).mkdir()
            done.append(f"{part}: empty")
    (folder / ".gitattributes").write_text("* -text\n", encoding="utf-8")
    done.append(_git(folder))
    return done


def _git(folder: Path) -> str:
    git = shutil.which("git")
    if git is None:
        return "Git is not installed, so the folder is not a repository; `git init` makes it one."
    made = subprocess.run(  # noqa: S603
        [git, "init", "--quiet", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        return f"git init failed: {made.stderr.strip()}"
    return "a new Git repository; commit when you are ready"
