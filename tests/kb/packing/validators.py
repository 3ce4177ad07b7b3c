"""The programs of others by which what we write is read again, and what is done without them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HOW = "There is no epubcheck. On Debian and Ubuntu: apt-get install epubcheck"
NO_PDF = "PDF cannot be made here: {}"


def epubcheck(path: Path) -> str:
    """What epubcheck says of a file, all that is wrong in it; "" where nothing is.

    Skipped where it is missing, unless REQUIRE_EPUBCHECK is 1.
    """
    program, java = shutil.which("epubcheck"), shutil.which("java")
    if program is None or java is None:
        _do_without("REQUIRE_EPUBCHECK", HOW)
    # Debian's program is an archive of Java, which not every kernel starts by itself
    told = subprocess.run(
        [str(java), "-XX:TieredStopAtLevel=1", "-jar", os.path.realpath(str(program)),
         "--failonwarnings", "--quiet", str(path)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    output = f"{told.stdout}{told.stderr}".strip()
    lines = [line for line in output.splitlines() if line.startswith(("ERROR", "WARN", "FATAL"))]
    return "\n".join(lines) or ("" if told.returncode == 0 else output)


def require_pdf(lacks: str) -> None:
    """Skips a test where PDF cannot be made, unless REQUIRE_PDF is 1."""
    if lacks:
        _do_without("REQUIRE_PDF", NO_PDF.format(lacks))


def _do_without(name: str, why: str) -> None:
    if os.environ.get(name) == "1":
        pytest.fail(f"{name}=1, but: {why}")
    pytest.skip(why)
