"""The form of a new document: its title, its language, and what the reader came from."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from indexer.query import Query, from_params
from kb.forms.keeping import named


@dataclass(frozen=True)
class NewForm:
    """What was typed; a case will be about the facets of `asked`, a pack has the `cases`."""

    title: str
    lang: str
    asked: Query
    cases: tuple[str, ...] = ()


def read_new(sent: MultiDict[str, str], lang: str = "en") -> NewForm:
    """Return what an address or a form says of a new document."""
    title, asked = sent.get("title", "").strip(), from_params(sent.items(multi=True))
    return NewForm(title, sent.get("lang", lang), asked, named(sent.getlist("case")))
