"""The form of the conflict page to choices."""

from __future__ import annotations

from collections.abc import Mapping

from kb.services.resolving import Choice


def choices_of(form: Mapping[str, str]) -> dict[str, Choice]:
    """What was chosen for each place, and what was typed there, chosen or not."""
    names = {name.removesuffix("-text") for name in form if name.startswith("place-")}
    return {
        name: Choice(form.get(name, ""), form.get(f"{name}-text", "").replace("\r\n", "\n"))
        for name in names
    }
