"""The form of a new case: its title, its language, and what the reader came from."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from indexer.query import Query, from_params


@dataclass(frozen=True)
class NewForm:
    """What was typed; the facets of `asked` are what the case will be about."""

    title: str
    lang: str
    asked: Query


def read_new(sent: MultiDict[str, str], lang: str = "en") -> NewForm:
    """Return what an address or a form says of a new case."""
    title, asked = sent.get("title", "").strip(), from_params(sent.items(multi=True))
    return NewForm(title, sent.get("lang", lang), asked)
