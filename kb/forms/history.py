"""Addresses and forms of history to values."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from indexer.store import KINDS
from indexer.values import Key


def key_of(folder: str, slug: str, lang: str = "") -> Key:
    """The document that an address names."""
    return Key(KINDS[folder], slug, lang)


def before_of(text: str | None) -> int | None:
    """The number to go on from in a list; None for the beginning and for what is no number."""
    plain = text is not None and text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if text is not None and plain else None


def restoring_of(form: MultiDict[str, str]) -> tuple[str, tuple[str, ...] | None, str]:
    """Which text is to come back, which fields of it (None: all of it), and why."""
    fields = tuple(form.getlist("field"))
    return form.get("revision", ""), fields or None, form.get("message", "").strip()


def standing_of(form: MultiDict[str, str]) -> tuple[str, str]:
    """Which status a document is to have, and why, on one line."""
    return form.get("status", ""), " ".join(form.get("reason", "").split())
