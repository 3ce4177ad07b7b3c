"""Ask whether a version that the project is pinned to has a known weakness.

    python tools/audit.py [--strict] [CONSTRAINTS]

pip-audit asks, in an environment of its own (var/audit). It calls packages clean about which the
place it asked knows nothing; here they are told as not audited. Exit codes: 0 nothing is known
against any of them, or nobody could be asked and that was said; 1 there is a weakness; 3 with
--strict, where something was not audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "audit"
TOOL = "pip-audit==2.10.1"
#: Weaknesses that do not touch this project: id -> why. Each goes when its package is updated.
ACCEPTED: Mapping[str, str] = {}


@dataclass(frozen=True)
class Verdict:
    """What is known: packages asked about, weaknesses as lines, packages that were not audited."""

    asked: int
    weak: tuple[str, ...]
    silent: tuple[str, ...]
    reason: str = ""

    @property
    def words(self) -> str:
        """All of it, for people."""
        lines = [f"WEAK: {line}" for line in self.weak]
        if self.reason:
            lines.append(f"NOT AUDITED: {self.reason}")
        elif self.silent:
            few = ", ".join(self.silent[:5]) + (" …" if len(self.silent) > 5 else "")
            lines.append(f"NOT AUDITED: nothing could be learnt about {len(self.silent)}: {few}")
        known = self.asked - len(self.silent)
        if known:
            lines.append(f"{known} of {self.asked} packages audited, {len(self.weak)} weaknesses.")
        return "\n".join(lines)

    def code(self, strict: bool) -> int:
        """The exit code."""
        if self.weak:
            return 1
        return 3 if strict and (self.silent or self.reason) else 0


def verdict(output: str, errors: str) -> Verdict:
    """What the tool's JSON and its error stream say."""
    try:
        rows: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["it said nothing"])[-1]
        return Verdict(0, (), (), last[:200])
    weak = [
        f"{row['name']} {row['version']}: {one['id']}, mended in"
        f" {', '.join(one.get('fix_versions') or ['no version yet'])}"
        for row in rows
        for one in row.get("vulns", ())
        if not {one["id"], *one.get("aliases", ())} & set(ACCEPTED)
    ]
    silent = [row["name"] for row in rows if "skip_reason" in row]
    return Verdict(len(rows), tuple(weak), tuple(silent))


def asked(constraints: Path) -> Verdict:
    """What is known about the versions in a file; nothing where the tool cannot be had."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
    got = _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TOOL)
    if got.returncode:
        return Verdict(0, (), (), f"{TOOL} could not be installed here")
    done = _run(
        python, "-m", "pip_audit", "--requirement", constraints, "--no-deps", "--disable-pip",
        "--progress-spinner", "off", "--format", "json",
    )  # fmt: skip
    return verdict(done.stdout, done.stderr)


def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)


def main() -> int:
    """Ask, and say what came of it."""
    words = [word for word in sys.argv[1:] if word != "--strict"]
    found = asked(Path(words[0]) if words else ROOT / "constraints.txt")
    print(found.words)
    return found.code("--strict" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
