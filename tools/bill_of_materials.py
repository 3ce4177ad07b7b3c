"""Print what the product is made of, as a bill of materials (CycloneDX 1.5, JSON).

    python tools/bill_of_materials.py > bill.json

All packages that `pip install sankofa` brings, as they are installed here, and what is shipped
along: htmx and the sentence model.
"""

from __future__ import annotations

import configparser
import json
import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "sankofa"


def name_of(text: str) -> str:
    """The name of a package as it is compared."""
    return re.sub(r"[-_.]+", "-", text).lower()


def wanted_by_product() -> list[str]:
    """What setup.cfg asks for."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings["options"]["install_requires"].split()


def needed(lines: Iterable[str], found: dict[str, Distribution]) -> None:
    """Put the packages of these requirements and all that they need, extras aside, into `found`."""
    for line in lines:
        wanted = re.match(r"[A-Za-z0-9._-]+", line)
        if not wanted or "extra ==" in line or name_of(wanted[0]) in found:
            continue
        try:
            found[name_of(wanted[0])] = distribution(wanted[0])
        except PackageNotFoundError:
            continue  # for another system or Python
        needed(found[name_of(wanted[0])].requires or (), found)


def component(name: str, package: Distribution) -> dict[str, Any]:
    """A package as the bill has it."""
    about = package.metadata
    licence = about.get("License-Expression") or next(
        (line.rpartition(":: ")[2] for line in about.get_all("Classifier") or ()
         if line.startswith("License ::")), about.get("License") or "",
    )  # fmt: skip
    row = {
        "type": "library", "name": name, "version": package.version,
        "purl": f"pkg:pypi/{name}@{package.version}",
    }  # fmt: skip
    return {**row, "licenses": [{"license": {"name": licence.splitlines()[0]}}]} if licence else row


def shipped() -> list[dict[str, Any]]:
    """What lies in the repository and was made by others."""
    htmx = re.search(
        r"[0-9]+\.[0-9]+\.[0-9]+", (ROOT / "static/vendor/README.md").read_text("utf-8")
    )
    models = sorted(path.name for path in (ROOT / "indexer/models").iterdir() if path.is_dir())
    return [
        {"type": "library", "name": "htmx", "version": htmx[0] if htmx else "",
         "purl": f"pkg:npm/htmx.org@{htmx[0] if htmx else ''}"},
        *({"type": "machine-learning-model", "name": name} for name in models),
    ]  # fmt: skip


def bill() -> dict[str, Any]:
    """The whole bill."""
    found: dict[str, Distribution] = {}
    needed(wanted_by_product(), found)
    own = {"type": "application", "name": PRODUCT, "version": distribution(PRODUCT).version}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": own},
        "components": [component(name, found[name]) for name in sorted(found)] + shipped(),
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
    print()
