"""The forms about saved searches, as values; what is missing is told at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from indexer.query import Query
from indexer.vocabulary import Vocabulary
from kb.forms.account import FormIncomplete, name_of
from kb.forms.search import query_of
from kb.services.alerts import PACES, TITLE
from kb.translation import gettext as _


@dataclass(frozen=True)
class AlertForm:
    """A title, how often to be told, and the search itself where it is a new one."""

    title: str = ""
    pace: str = PACES[0]
    query: Query = field(default_factory=Query)

    @classmethod
    def of(cls, form: Mapping[str, str], regions: Vocabulary) -> AlertForm:
        """The form as it was sent; its search as it stands in an address, nothing refused."""
        pace = form.get("pace", "")
        return cls(
            title=name_of(form.get("title", "")),
            pace=pace if pace in PACES else PACES[0],
            query=query_of(parse_qsl(form.get("query", "")), regions),
        )

    def check(self) -> None:
        """Raises FormIncomplete."""
        if not self.title or len(self.title) > TITLE:
            told = _("Enter a title of at most %(number)s characters.", number=TITLE)
            raise FormIncomplete({"title": told})
