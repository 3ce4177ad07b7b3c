"""What strangers fill in: a changed text, that they did it too, a problem; as values.

Everything is of a bounded size. Nothing is sent without a stamp (see `kb.services.stamps`), and one
field is there for machines alone, which fill in whatever there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from indexer.document import Document, edited_text, parse
from indexer.errors import UnreadableHead
from indexer.fields import FIELDS
from indexer.head import read, split
from indexer.vocabulary import Vocabularies
from kb.forms.account import FormIncomplete, email_of, is_email, name_of
from kb.forms.editing import can_show, changes_of, typed_of
from kb.forms.sections import sections_of, with_sections
from kb.forms.widgets import ABSENT, sent_lines
from kb.services.reports import ABOUT, Answer, Problem
from kb.translation import gettext as _
from kb.translation import ngettext

#: The longest name, words and place that are taken, and how much longer a part may become.
NAME, WORDS, PLACE, GROWTH = 100, 2000, 300, 10_000
#: The longest note of a replication, with the name of whoever did it.
NOTE = 400
#: Web addresses that words or a text may bring along: more is what machines send.
LINKS = 5
#: The field that no person sees. Its name is one that machines like.
TRAP = "website"
#: Fields of the front matter that are asked for.
ASKED = ("title", "summary")
PART = "part."
_LINK = re.compile(r"https?://", re.IGNORECASE)
_YEAR = re.compile(r"[12][0-9]{3}")
_JOINERS = "\t\u200c\u200d"  # Persian and the scripts of India need the last two


@dataclass(frozen=True)
class Sending:
    """What every form for strangers holds: who sends it, its stamp, and the trap."""

    name: str = ""
    email: str = ""
    stamp: str = ""
    trap: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Sending:
        """As it was sent."""
        return cls(
            name_of(sent.get("name", "")), email_of(sent.get("email", "")),
            sent.get("stamp", ""), sent.get(TRAP, ""),
        )  # fmt: skip

    def problems(self) -> dict[str, str]:
        """What is wrong with it, at the fields."""
        found = {}
        if self.trap:
            found[""] = _("A field that has to stay empty was filled in, perhaps by your browser."
                          " It is empty again: please send the form once more.")  # fmt: skip
        if len(self.name) > NAME:
            found["name"] = _too_long(NAME)
        if self.email and not is_email(self.email):
            found["email"] = _("Enter a mail address, such as name@example.org, or leave it empty.")
        return found


# A changed text ------------------------------------------------------------------------------


@dataclass(frozen=True)
class SuggestForm:
    """The fields and parts of a text as they were typed, and which text was opened."""

    typed: Mapping[str, str] = field(default_factory=dict)  # title, summary
    parts: Mapping[int, str] = field(default_factory=dict)  # place of the part -> its text
    base: str = ""
    why: str = ""
    sending: Sending = Sending()

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> SuggestForm:
        """The form as it was sent."""
        numbered = {
            name.removeprefix(PART): text for name, text in sent.items() if name.startswith(PART)
        }
        return cls(
            typed={name: sent_lines(sent[name]) for name in ASKED if name in sent},
            parts={
                int(number): sent_lines(text)
                for number, text in numbered.items()
                if number.isdecimal() and len(number) < 5
            },
            base=sent.get("base", ""),
            why=_words(sent.get("why", "")),
            sending=Sending.of(sent),
        )

    @classmethod
    def made_of(cls, document: Document) -> SuggestForm:
        """The form of a public text."""
        sections = sections_of(document.body)
        return cls(
            typed_asked(document),
            {place: section.shown for place, section in enumerate(sections)},
            document.revision,
        )

    def text(self, document: Document) -> str:
        """The text of `document`, which was opened, with what was typed; nothing else differs.

        Raises FormIncomplete, telling at each field what is to be mended.
        """
        problems = self.sending.problems() | self._problems(document)
        if problems:
            raise FormIncomplete(problems)
        try:
            text = self._written(document)
        except (UnreadableHead, ValueError):
            raise FormIncomplete({"": _cannot()}) from None
        raised = _new_errors(document, text, ASKED)
        added = len(_LINK.findall(text)) - len(_LINK.findall(document.text))
        if added > LINKS:
            raised[""] = too_many_links(added)
        if raised:
            raise FormIncomplete(raised)
        return text

    def _problems(self, document: Document) -> dict[str, str]:
        found = {name: _("Do not leave it empty.")
                 for name, text in self.typed.items() if not text.strip()}  # fmt: skip
        for place, section in enumerate(sections_of(document.body)):
            most = longest(section.shown)
            if len(self.parts.get(place, "")) > most:
                found[f"{PART}{place}"] = _too_long(most)
        return found | _said("why", self.why, _("Say in a few words what you changed, and why."))

    def _written(self, document: Document) -> str:
        fields = [one for one in FIELDS[document.key.kind] if one.name in ASKED]
        changes = changes_of(fields, document.front, dict(self.typed))
        parts = split(edited_text(document, changes) if changes else document.text)
        body = with_sections(parts.body, self.parts)
        return parts.start + parts.head + parts.close + body


def typed_asked(document: Document) -> dict[str, str]:
    """The fields that are asked for as they are shown; none where the front matter is broken."""
    if read(split(document.text).head).broken:
        return {}
    fields = [
        one
        for one in FIELDS[document.key.kind]
        if one.name in ASKED and can_show(one, document.front.get(one.name, ABSENT))
    ]
    return {name: str(text) for name, text in typed_of(fields, document.front).items()}


def longest(shown: str) -> int:
    """How many characters a part may have that is shown so."""
    return len(shown) + GROWTH


# "I used this" -------------------------------------------------------------------------------


@dataclass(frozen=True)
class UsedForm:
    """Where and when somebody did the same, what they changed and what came of it."""

    country: str = ""
    year: str = ""
    who: str = ""
    told: str = ""
    url: str = ""
    url_title: str = ""
    base: str = ""
    sending: Sending = Sending()

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> UsedForm:
        """The form as it was sent."""
        return cls(
            country=sent.get("country", "").strip(),
            year=sent.get("year", "").strip(),
            who=name_of(sent.get("who", "")),
            told=_words(sent.get("told", "")),
            url=sent.get("url", "").strip(),
            url_title=name_of(sent.get("url_title", "")),
            base=sent.get("base", ""),
            sending=Sending.of(sent),
        )

    @property
    def note(self) -> str:
        """What the case is to say of it, on one line."""
        told = " ".join(self.told.split())
        return f"{self.who}: {told}" if self.who else told

    def text(self, document: Document, vocabularies: Vocabularies, this_year: int) -> str:
        """The text of `document` with a row more in `replications`, and perhaps in `sources`.

        Raises FormIncomplete, telling at each field what is to be mended.
        """
        problems = self.sending.problems() | self._problems(vocabularies, this_year)
        if problems:
            raise FormIncomplete(problems)
        try:
            text = edited_text(document, self._changes(document.front))
        except (UnreadableHead, ValueError):
            raise FormIncomplete({"": _cannot()}) from None
        raised = _new_errors(document, text, ("replications", "sources"), vocabularies)
        if raised:
            raise FormIncomplete({_FIELD_OF.get(name.rpartition(".")[2], ""): told
                                  for name, told in raised.items()})  # fmt: skip
        return text

    def _problems(self, vocabularies: Vocabularies, this_year: int) -> dict[str, str]:
        found = {}
        if self.country not in vocabularies["countries"]:
            found["country"] = _("Choose the country.")
        if not _YEAR.fullmatch(self.year) or not 1950 <= int(self.year) <= this_year + 1:
            found["year"] = _("Enter the year with four digits, such as %(year)s.", year=this_year)
        found |= _said("told", self.told, _("Say what you did differently, and what came of it."))
        if "told" not in found and len(self.note) > NOTE:
            found["told"] = _(
                "With the name in front it may have %(most)s characters, and has %(number)s.",
                most=NOTE, number=len(self.note),
            )  # fmt: skip
        if len(self.who) > NAME:
            found["who"] = _too_long(NAME)
        if self.url and not _is_web(self.url):
            found["url"] = _("Enter a full address that begins with https:// or http://.")
        if len(self.url_title) > PLACE:
            found["url_title"] = _too_long(PLACE)
        if self.url_title and not self.url:
            found["url"] = _("Enter the address of the page that is called so.")
        return found

    def _changes(self, front: Mapping[str, Any]) -> dict[str, Any]:
        rows, sources = _rows(front, "replications"), _rows(front, "sources")
        row: dict[str, Any] = {"country": self.country, "year": int(self.year), "note": self.note}
        if not self.url:
            return {"replications": [*rows, row]}
        cited = [one for one in sources if isinstance(one, dict) and type(one.get("id")) is int]
        known = [one["id"] for one in cited if one.get("url") == self.url]
        number = known[0] if known else max((one["id"] for one in cited), default=0) + 1
        changes: dict[str, Any] = {"replications": [*rows, {**row, "source": number}]}
        if not known:
            title = self.url_title or urlsplit(self.url).hostname or self.url
            new = {"id": number, "title": title, "url": self.url}
            changes["sources"] = [*sources, new | ({"publisher": self.who} if self.who else {})]
        return changes


#: The last name in the path of what is wrong -> the field of the form in which it was typed.
_FIELD_OF = {"country": "country", "year": "year", "note": "told", "url": "url",
             "title": "url_title", "publisher": "who"}  # fmt: skip


def _rows(front: Mapping[str, Any], name: str) -> list[Any]:
    rows = front.get(name)
    if rows is not None and not isinstance(rows, list):
        raise ValueError(f"{name} is no list")
    return list(rows or ())


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


# A problem -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReportForm:
    """What is wrong with a document, where, and in which words."""

    about: str = ""
    place: str = ""
    words: str = ""
    sending: Sending = Sending()

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> ReportForm:
        """The form as it was sent."""
        return cls(
            sent.get("about", ""), name_of(sent.get("place", "")), _words(sent.get("words", "")),
            Sending.of(sent),
        )  # fmt: skip

    def problem(self) -> Problem:
        """What is reported. Raises FormIncomplete."""
        found = self.sending.problems()
        if self.about not in ABOUT:
            found["about"] = _("Choose what is wrong.")
        if len(self.place) > PLACE:
            found["place"] = _too_long(PLACE)
        found |= _said("words", self.words, _("Say what is wrong, and what would be right."))
        if found:
            raise FormIncomplete(found)
        return Problem(self.about, self.place, self.words)


def answer_of(sent: Mapping[str, str]) -> Answer:
    """What somebody answers to a report."""
    return Answer(sent.get("state", ""), _words(sent.get("answer", "")), sent.get("seen", ""))


# What they share -----------------------------------------------------------------------------


def _words(text: str) -> str:
    """Some lines that were typed, without what cannot be seen but for what joins letters."""
    lines = sent_lines(text).split("\n")
    seen = ("".join(c for c in line if c.isprintable() or c in _JOINERS) for line in lines)
    return "\n".join(line.rstrip() for line in seen).strip()


def _said(name: str, words: str, missing: str) -> dict[str, str]:
    if not words:
        return {name: missing}
    if len(words) > WORDS:
        return {name: _too_long(WORDS)}
    found = len(_LINK.findall(words))
    return {name: too_many_links(found)} if found > LINKS else {}


def too_many_links(number: int) -> str:
    """What is said of a text that brings so many web addresses along."""
    return _("It brings %(number)s web addresses along; to keep machines out, at most %(most)s may"
             " come at once. Take some out and send the rest later.",
             number=number, most=LINKS)  # fmt: skip


def _too_long(most: int) -> str:
    return ngettext("Write at most %(num)s character.", "Write at most %(num)s characters.", most)


def _cannot() -> str:
    return _("The file of this text is written in a way that this form cannot change. Please report"
             " a problem instead, with the same words.")  # fmt: skip


def _new_errors(
    document: Document, text: str, fields: tuple[str, ...], vocabularies: Vocabularies | None = None
) -> dict[str, str]:
    """What is wrong in some fields of a text that was not wrong before: path -> what is right."""
    before = {(one.field, one.message) for one in document.errors}
    return {
        one.field: f"{one.message[:1].upper()}{one.message[1:]}."
        for one in parse(document.key, text, vocabularies).errors
        if re.split(r"[.\[]", one.field)[0] in fields and (one.field, one.message) not in before
    }
