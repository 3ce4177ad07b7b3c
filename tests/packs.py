"""Packs for tests: of the small library, and the texts that a desk has of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.factories import file_text

TITLE = "Money by phone: half a day"


def item(case: str, revision: str = "latest", **more: Any) -> dict[str, Any]:
    """A case in a pack, with a note and a question."""
    told = {"minutes": 20, "note": f"On {case}.", "questions": [f"What of {case}?"]}
    return {"case": case, "revision": revision, **told, **more}


def sections(*parts: tuple[str, list[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Sections of a pack: title and items of each."""
    return [{"title": title, "items": list(items)} for title, items in parts]


def pack_text(body: str = "\nRead this first.\n", **changes: Any) -> str:
    """The text of a valid pack; `None` takes a field away."""
    values: dict[str, Any] = {
        "title": TITLE,
        "summary": "How money came to people by phone, and what went wrong.",
        "lang": "en",
        "audience": "Officials of a ministry",
        "level": "introductory",
        "objectives": ["Tell an account from a user"],
        "sections": sections(
            ("Beginnings", [item("cash-by-phone"), item("crop-prices")]),
            ("Afterwards", [item("women-coders")]),
        ),
    }
    values.update(changes)
    return file_text({n: v for n, v in values.items() if v is not None}, body, "pack")
