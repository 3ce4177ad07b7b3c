"""Hits of the library as entries of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.hits import Hit, Passage
from kb.pieces.common import Segment
from kb.pieces.reading import FoundCase
from kb.present.links import case_url
from kb.present.words import Reader, outcome_mark, period, places
from kb.translation import gettext as _
from kb.translation import ngettext

MOST_THEMES = 3  # the first are the main ones
MOST_MODES = 2


def found(hits: Iterable[Hit], reader: Reader, reasons: bool = False) -> tuple[FoundCase, ...]:
    """The entries of a list; with the passage and the reason where something was asked."""
    return tuple(_found(hit, reader, reasons) for hit in hits)


def _found(hit: Hit, reader: Reader, reasons: bool) -> FoundCase:
    front = hit.record["front"]
    passage = hit.passage if reasons else None
    repeated = {item.get("country") for item in front.get("replications") or ()}
    facts = [
        places(front, reader),
        period(front),
        reader.listed(reader.labels("modality", (front.get("modality") or ())[:MOST_MODES])),
    ]
    if len(repeated) > 1:
        facts.append(
            ngettext("repeated in %(num)s country", "repeated in %(num)s countries", len(repeated))
        )
    return FoundCase(
        url=case_url(hit.key.slug, hit.key.lang),
        title=hit.title,
        lang=str(front.get("lang") or "en"),
        facts=tuple(fact for fact in facts if fact),
        snippet=segments(passage) if passage else (Segment(hit.summary),),
        snippet_lang=(passage.lang if passage else "") or str(front.get("lang") or "en"),
        outcome=outcome_mark(front, reader),
        evidence=strongest_evidence(front, reader),
        themes=reader.listed(reader.labels("themes", (front.get("themes") or ())[:MOST_THEMES])),
        reason_meaning=reasons and hit.reason.meaning,
        reason_words=hit.reason.words if reasons else (),
        reason_names=hit.reason.names if reasons else (),
        slug=hit.key.slug,
    )


def strongest_evidence(front: Mapping[str, Any], reader: Reader) -> str:
    """The name of the strongest kind of evidence of a case, "" when none is stated."""
    kinds = reader.vocabularies.evidence
    ids = [id_ for id_ in front.get("evidence") or () if id_ in kinds]
    if not ids:
        return ""
    return reader.label("evidence", max(ids, key=lambda id_: kinds[id_].extra.get("strength", 0)))


def segments(passage: Passage) -> tuple[Segment, ...]:
    """The passage cut into marked and unmarked runs, in order, nothing lost."""
    runs, at = [], 0
    for start, end in sorted(passage.marks):
        begin = max(start, at)
        if begin >= end:
            continue
        if begin > at:
            runs.append(Segment(passage.text[at:begin]))
        runs.append(Segment(passage.text[begin:end], marked=True))
        at = end
    if at < len(passage.text):
        runs.append(Segment(passage.text[at:]))
    return tuple(runs)


def cases_label(total: int) -> str:
    """How many cases, in words."""
    return ngettext("%(num)s case", "%(num)s cases", total) if total else _("No cases")
