"""Reading one document: a case, a translation of it, or a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import yaml

from indexer.case import from_json
from indexer.errors import BadSlug, NoSuchDocument
from indexer.hits import Hit
from indexer.library import Library
from indexer.store import check_slug
from indexer.values import Key, revision_of
from kb.access import Person, visible_to
from kb.records.database import now
from kb.services.languages import in_language

GONE = ("withdrawn", "archived")
EMPTY: Mapping[str, Any] = MappingProxyType({})
SIMILAR = 5
ELSEWHERE = 3


class NoSuchCase(LookupError):
    """There is no case of this name, or not in this language."""


class NoSuchPage(LookupError):
    """There is no page of this name."""


class NoSuchTerm(LookupError):
    """A vocabulary has no such term, or there is no such vocabulary."""


class CaseWithdrawn(Exception):
    """The document was taken out of the library; `reason` is what its editors say.

    `status` tells whether it was withdrawn or archived, `since` the day of its last change.
    """

    def __init__(
        self, reason: str, key: Key | None = None, front: Mapping[str, Any] = EMPTY
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.key = key
        self.status = str(front.get("status") or "withdrawn")
        self.title = str(front.get("title") or "")
        self.since = str(front.get("updated") or "")


def withdrawn(key: Key, front: Mapping[str, Any]) -> CaseWithdrawn:
    """What is raised for a document whose front matter says that it is gone."""
    return CaseWithdrawn(str(front.get("status_reason") or ""), key, front)


class Moved(Exception):
    """What was asked for has another address, `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True)
class Reading:
    """A document as it stands in the index, and what belongs to it.

    `languages` are the languages there are, the original's first; `lang` is that of this text.
    `made_from` names the text of the original that a translation was made from, `original` today's.
    `overdue` is the day on which the case was to be looked at again, None while that is to come.
    """

    key: Key
    lang: str
    front: Mapping[str, Any]
    body: str
    revision: str
    languages: tuple[tuple[str, str], ...] = ()
    made_from: str = ""
    original: str = ""
    similar: tuple[Hit, ...] = ()
    elsewhere: tuple[Hit, ...] = ()
    overdue: date | None = None

    @property
    def behind(self) -> bool:
        """Whether this translation was made from an older text than today's original."""
        return bool(self.made_from) and self.made_from != self.original

    @property
    def content(self) -> Mapping[str, Any]:
        """Front matter and body, as data."""
        return {"front": self.front, "body": self.body}


def read_case(library: Library, slug: str, lang: str, person: Person, reads: str = "") -> Reading:
    """The case `slug`, its original when `lang` is "", with the cases that are like it.

    Those are told in the language of the translation, else in that which the person `reads`, where
    they have been translated. Raises NoSuchCase, Moved, CaseWithdrawn.
    """
    original = _record(library, "case", slug, "")
    record = original if not lang else _record(library, "case", slug, lang)
    if record is None or original is None or "case" not in visible_to(person):
        raise _missing(library, slug, lang)
    for front in (original["front"], record["front"]):
        if front.get("status") in GONE:
            raise withdrawn(Key("case", slug, lang), front)
    similar = library.similar(slug, limit=SIMILAR)
    shown = {hit.key for hit in similar}
    elsewhere = library.similar(slug, limit=SIMILAR + ELSEWHERE, elsewhere=True)
    others = [hit for hit in elsewhere if hit.key not in shown]
    of = (record["front"].get("translation_of") or {}) if lang else {}
    return Reading(
        key=Key("case", slug, lang),
        lang=_lang(record, lang),
        front=record["front"],
        body=record["body"],
        revision=record["revision"],
        languages=tuple(
            (code, _lang(original, code)) for code in library.languages_of("case", slug)
        ),
        made_from=str(of.get("revision") or ""),
        original=original["revision"],
        similar=in_language(library, similar, lang or reads),
        elsewhere=in_language(library, others[:ELSEWHERE], lang or reads),
        overdue=_overdue(record["front"]) or _overdue(original["front"]),
    )


def _overdue(front: Mapping[str, Any]) -> date | None:
    """The day of the next look at a document, where that has passed."""
    day = day_of(front.get("review_by"))
    return day if day is not None and day < now().date() else None


def day_of(value: Any) -> date | None:
    """A day as the index keeps it, None for what is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def read_page(library: Library, slug: str, lang: str) -> Reading:
    """The page `slug` in the reader's language where there is one. Raises NoSuchPage."""
    record = _record(library, "page", slug, lang)
    if record is None:
        lang = ""
        record = _record(library, "page", slug, "")
    if record is None or record["front"].get("status") in GONE:
        raise NoSuchPage(slug)
    return Reading(
        Key("page", slug, lang),
        _lang(record, lang),
        record["front"],
        record["body"],
        record["revision"],
    )


def as_markdown(library: Library, reading: Reading) -> str:
    """The text of the file, front matter and all.

    Where the file is another one by now, changed a moment ago or so that it cannot be read any
    more, the version that is shown comes with the same values, though not with its comments and
    its way of quoting.
    """
    try:
        text = library.store.read(reading.key)
    except NoSuchDocument:
        text = ""
    if revision_of(text) == reading.revision:
        return text
    head = yaml.safe_dump(
        from_json(reading.key.kind, reading.front),
        allow_unicode=True, sort_keys=False, default_flow_style=None, width=100,
    )  # fmt: skip
    return f"---\n{head}---\n{reading.body}"


def _record(library: Library, kind: str, slug: str, lang: str) -> Mapping[str, Any] | None:
    try:
        return library.get(Key(kind, check_slug(slug), lang))
    except (BadSlug, NoSuchDocument):
        return None


def _missing(library: Library, slug: str, lang: str) -> Exception:
    new = library.find_alias("case", slug)
    if new:
        return Moved(f"/cases/{new}/{lang}" if lang else f"/cases/{new}")
    return NoSuchCase(slug)


def _lang(record: Mapping[str, Any], lang: str) -> str:
    return lang or str(record["front"].get("lang") or "en")
