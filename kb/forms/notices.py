"""The form on which one chooses how to be told, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.services.notices import NOTICES


@dataclass(frozen=True)
class NoticesForm:
    """The paces that were chosen, by kind of notice, and the language of letters ("": as before).

    What the form does not name stays as it is.
    """

    paces: Mapping[str, str]
    lang: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> NoticesForm:
        """The form as it was sent."""
        return cls({kind: form[kind] for kind in NOTICES if kind in form}, form.get("lang", ""))
