"""Help in writing: cases like this one, terms that may fit, and what a good case still lacks.

Nothing of it is a score or a condition; what keeps a text from being published are the problems
that `indexer.parse` finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.document import Document
from indexer.headings import meaning
from indexer.hits import Hit
from indexer.library import Library
from indexer.pack import Item, pack_of
from indexer.terms import Offer
from kb.access import Person, require

MORE = 6  # cases offered to whoever makes a pack
LIKE = 4  # cases shown while a title is typed
SHORTEST = 12  # letters from which a text has a meaning to compare
_NUMBER = re.compile(r"\d")
_REFERENCE = re.compile(r"\[\d+\]")
_HEADING = re.compile(r"^##[ \t]+(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Help:
    """What may help whoever writes: cases that are here already, terms by field, what lacks.

    `lacking` holds the names of `POINTS`, in their order; `more` are cases that go with a pack.
    """

    similar: tuple[Hit, ...]
    offers: Mapping[str, tuple[Offer, ...]]
    lacking: tuple[str, ...]
    more: tuple[Hit, ...] = ()


#: facet -> field of the front matter
FIELD_OF = {"theme": "themes", "technology": "technologies", "sdg": "sdgs", "country": "countries"}


def help_with(library: Library, person: Person, document: Document) -> Help:
    """What may help with a text as it stands. Raises NotAllowed, SignInNeeded."""
    require(person, "write")
    if document.key.kind == "pack":
        return Help((), {}, lacking_in(document), _more(library, document))
    if document.key.kind != "case":
        return Help((), {}, ())
    front = document.front
    told = ". ".join(str(front[name]) for name in ("title", "summary") if front.get(name))
    lacking = lacking_in(document)
    if len(told) < SHORTEST:
        return Help((), {}, lacking)
    found = library.offers(told, but=document.key.slug)
    offers = {
        FIELD_OF[facet]: tuple(
            offer for offer in offered if offer.id not in _chosen(front, FIELD_OF[facet])
        )
        for facet, offered in found.items()
    }
    return Help(library.near(told, LIKE, but=document.key.slug), offers, lacking)


def lacking_in(document: Document) -> tuple[str, ...]:
    """The points that a text lacks which a good one of its kind has."""
    kind = document.key.kind
    return tuple(
        name for name, point in POINTS.items() if point.kind == kind and point.lacks(document)
    )


def _more(library: Library, document: Document) -> tuple[Hit, ...]:
    """The cases nearest to those of a pack together; to what it is called, while it has none."""
    pack = pack_of(document.front)
    if pack.cases:
        return library.like(pack.cases, MORE)
    told = ". ".join(part for part in (pack.title, pack.summary, *pack.objectives) if part)
    return library.near(told, MORE) if len(told) >= SHORTEST else ()


def like(library: Library, person: Person, title: str) -> tuple[Hit, ...]:
    """The cases that are near a title in meaning. Raises NotAllowed, SignInNeeded."""
    require(person, "write")
    return library.near(title, LIKE) if len(title) >= SHORTEST else ()


def _chosen(front: Mapping[str, Any], name: str) -> set[str]:
    values = front.get(name)
    items = values if isinstance(values, list) else []
    return {str(item.get("goal") if isinstance(item, dict) else item) for item in items}


# What a good case has ------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """One thing that a good document has: the field to fill in, and whether a text lacks it."""

    field: str
    lacks: Callable[[Document], bool]
    kind: str = "case"


def _no_field(name: str) -> Point:
    return Point(name, lambda document: not document.front.get(name))


def _no_part(heading: str) -> Point:
    return Point("body", lambda document: heading.casefold() not in _parts(document))


def _parts(document: Document) -> set[str]:
    """The headings that have words below them, in English and lower case."""
    pieces = _HEADING.split(document.body)
    return {
        meaning(heading, document.lang).casefold()
        for heading, text in zip(pieces[1::2], pieces[2::2], strict=True)
        if text.strip()
    }


def _rows(document: Document, name: str) -> list[Mapping[str, Any]]:
    rows = document.front.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _some_without(name: str, *keys: str) -> Point:
    return Point(
        name,
        lambda document: any(
            not any(row.get(key) not in (None, "") for key in keys) for row in _rows(document, name)
        ),
    )


def _no_comparison(document: Document) -> bool:
    rows = _rows(document, "results")
    series = [row.get("series") for row in rows if row.get("series")]
    return bool(rows) and not (
        any("baseline" in row for row in rows) or len(series) > len(set(map(str, series)))
    )


def _one_voice(document: Document) -> bool:
    publishers = {str(row.get("publisher") or row.get("url")) for row in _rows(document, "sources")}
    return len(publishers) == 1


def _bare_figures(document: Document) -> bool:
    """Whether a paragraph of the body states figures and refers to no source."""
    paragraphs = re.split(r"\n\s*\n", document.body.replace("\r\n", "\n"))
    return any(
        len(_NUMBER.findall(_REFERENCE.sub("", text))) > 2 and not _REFERENCE.search(text)
        for text in paragraphs
        if not text.lstrip().startswith("#")
    )


def _no_reasons(document: Document) -> bool:
    goals = document.front.get("sdgs")
    items = goals if isinstance(goals, list) else []
    return any(not (isinstance(item, dict) and item.get("why")) for item in items)


def _no_figure_in_summary(document: Document) -> bool:
    summary = document.front.get("summary")
    return bool(summary) and not _NUMBER.search(str(summary))


def _of_pack(field: str, lacks: Callable[[Document], bool] | None = None) -> Point:
    return Point(field, lacks or (lambda document: not document.front.get(field)), "pack")


def _some_item(lacks: Callable[[Item], bool]) -> Point:
    return _of_pack("sections", lambda document: any(map(lacks, pack_of(document.front).items)))


#: What a good case has, and a good pack, the weightiest first. kb.present.helping says it in words.
POINTS: Mapping[str, Point] = {
    "went-wrong": _no_part("What went wrong"),
    "results": _no_field("results"),
    "result-sources": _some_without("results", "source"),
    "result-years": _some_without("results", "year", "year_note"),
    "comparison": Point("results", _no_comparison),
    "evidence": _no_field("evidence"),
    "outcome": _no_field("outcome"),
    "bare-figures": Point("body", _bare_figures),
    "second-source": Point("sources", _one_voice),
    "lessons": _no_part("Lessons"),
    "repeat": _no_part("How to repeat it"),
    "keeps-going": _no_part("What keeps it going"),
    "funding": _no_field("funding"),
    "organisations": _no_field("organisations"),
    "reasons": Point("sdgs", _no_reasons),
    "beneficiaries": _no_field("beneficiaries"),
    "technologies": _no_field("technologies"),
    "modality": _no_field("modality"),
    "summary-figure": Point("summary", _no_figure_in_summary),
    "contact": _no_field("contact"),
    "review": _no_field("review_by"),
    "pack-objectives": _of_pack("objectives"),
    "pack-audience": _of_pack("audience"),
    "pack-questions": _some_item(lambda item: not item.questions),
    "pack-notes": _some_item(lambda item: not item.note),
    "pack-minutes": _some_item(lambda item: not item.minutes),
    "pack-level": _of_pack("level"),
    "pack-introduction": _of_pack("body", lambda document: not document.body.strip()),
}
