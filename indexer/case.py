"""From a document to what the index keeps of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from typing import Any

from indexer import headings
from indexer.document import Document
from indexer.entry import Entry
from indexer.field import Field
from indexer.fields import FACET_VOCABULARY, FIELDS
from indexer.pack import USES, pack_of
from indexer.plain import plain_text
from indexer.vocabulary import Vocabularies

#: Facets whose terms are also found by their synonyms.
WIDENED = (
    "theme", "technology", "beneficiary", "region", "country", "organisation", "glossary",
)  # fmt: skip


def entry_of(document: Document, vocabularies: Vocabularies) -> Entry:
    """Give the entry of a document, valid or not; what cannot be used is left out."""
    front, lang = document.front, document.lang
    facets = _FACETS.get(document.key.kind, _none)(document, vocabularies)
    period = front.get("period")
    period = period if isinstance(period, dict) else {}
    return Entry(
        key=document.key,
        lang=lang,
        title=_text(front.get("title")) or document.key.slug,
        summary=_text(front.get("summary")),
        names=_names(front, facets, vocabularies),
        body=_searched(document),
        facets=facets,
        start=_year(period.get("start")),
        end=_year(period.get("end")),
        published=_text(jsonable(front.get("published"))),
        record={"front": jsonable(front), "body": document.body, "revision": document.revision},
    )


def _searched(document: Document) -> str:
    """Give the plain text that is searched below the summary.

    Of a pack that is also what participants read of it; what is told to teachers is not.
    """
    prose = _prose(document.body)
    if document.key.kind != "pack":
        return prose
    pack = pack_of(document.front)
    told = [pack.audience, *pack.objectives, *pack.prerequisites]
    for section in pack.sections:
        told += [section.title, section.intro]
        told += [question for item in section.items for question in item.questions]
    return "\n\n".join(one for one in (*told, prose) if one)


def _prose(markdown: str) -> str:
    """Give the plain text without the headings that every case has: they tell nothing apart."""
    paragraphs = plain_text(markdown).split("\n\n")
    return "\n\n".join(one for one in paragraphs if one not in headings.ALL)


def jsonable(value: Any) -> Any:
    """Give a value as JSON can hold it: dates as ISO texts, keys as texts."""
    if value is None or isinstance(value, str | int):  # most are; bool is an int
        return value
    if isinstance(value, dict):
        return {str(name): jsonable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    if isinstance(value, date):  # datetime is one too
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def from_json(kind: str, front: Mapping[str, Any]) -> dict[str, Any]:
    """Give front matter that `jsonable` made as a file holds it: dates as the table has them."""
    return _dates(dict(front), FIELDS[kind])


def _dates(values: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    known = {field.name: field for field in fields}
    return {
        name: _dated(value, known[name]) if name in known else value
        for name, value in values.items()
    }


def _dated(value: Any, field: Field) -> Any:
    if isinstance(value, list):
        return [_dated(one, field) for one in value]
    if isinstance(value, dict):
        return _dates(value, field.fields)
    if field.type != "date" or not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return day if day.isoformat() == value else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _year(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _none(document: Document, vocabularies: Vocabularies) -> dict[str, tuple[str, ...]]:
    return {}


def _of_pack(document: Document, vocabularies: Vocabularies) -> dict[str, tuple[str, ...]]:
    """Give the columns of a pack alone; those of its cases are laid over them when it is asked."""
    pack = pack_of(document.front)
    columns = {
        "language": (document.lang,),
        "level": (pack.level,),
        "length": (pack.length,),
        USES: pack.cases,
    }
    return {facet: tuple(filter(None, values)) for facet, values in columns.items()}


def _of_case(document: Document, vocabularies: Vocabularies) -> dict[str, tuple[str, ...]]:
    """Give the column of each facet, as the table of fields says."""
    front = document.front
    facets = {
        field.facet: tuple(dict.fromkeys(_ids(field, front.get(field.name))))
        for field in FIELDS[document.key.kind]
        if field.facet
    }
    facets["language"] = (document.lang,)
    texts = (front.get("title"), front.get("summary"), document.body)
    text = "\n".join(map(_text, texts))
    terms = (one for _, _, one in vocabularies.terms_in(text, document.lang))
    facets["glossary"] = tuple(dict.fromkeys(terms))
    facets["region"] = vocabularies.regions_of(facets.get("country", ()), facets.get("region", ()))
    facets["part"] = _pairs(front.get("organisations"), "org", "role")
    facets["paid"] = _pairs(front.get("funding"), "by", "instrument")
    return facets


_FACETS = {"case": _of_case, "pack": _of_pack}


def _pairs(rows: Any, one: str, other: str) -> tuple[str, ...]:
    """Give what two terms of a row say together, as "unicef funder", for counting."""
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    named = (row for row in rows if row.get(one) and row.get(other))
    return tuple(dict.fromkeys(f"{row[one]} {row[other]}" for row in named))


def _ids(field: Field, value: Any) -> Iterator[str]:
    if field.presence:
        if value:
            yield "yes"
        return
    for item in value if isinstance(value, list) else [value]:
        one = item.get(field.short) if isinstance(item, dict) else item
        if isinstance(one, str | int) and not isinstance(one, bool):
            yield str(one)


def _names(
    front: Mapping[str, Any],
    facets: Mapping[str, tuple[str, ...]],
    vocabularies: Vocabularies,
) -> dict[str, str]:
    """Give what the terms of a case are called, in each language, a name a line.

    Labels of all its terms; synonyms too, of the vocabularies whose synonyms say the same thing;
    the names of organisations that have no id.
    """
    found: dict[str, dict[str, None]] = {}
    for facet, ids in facets.items():
        vocabulary = FACET_VOCABULARY.get(facet)
        for one in ids if vocabulary else ():
            spoken = vocabularies.spoken(vocabulary or "", one, facet in WIDENED)
            for lang, names in spoken.items():
                found.setdefault(lang, {}).update(names)
    organisations = front.get("organisations")
    for one in organisations if isinstance(organisations, list) else []:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            found.setdefault("en", {})[one["name"]] = None
    return {lang: "\n".join(names) for lang, names in sorted(found.items())}
