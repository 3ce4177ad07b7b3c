"""Cases that did not go well: what went wrong, and what was learned, in a sentence or two each."""

from __future__ import annotations

import re

from indexer import headings
from indexer.hits import Hit
from indexer.plain import plain_text
from kb.pieces.browsing import Failing, Told
from kb.pieces.common import Link
from kb.present.links import case_url, search_url
from kb.present.words import Reader, outcome_mark, period, places
from kb.services.browsing import Failures
from kb.services.judging import failures
from kb.translation import gettext as _
from kb.translation import ngettext

WRONG, LESSONS = "What went wrong", "Lessons"
MOST = 240  # letters of a passage; it ends with a sentence, or with a word and an ellipsis
LEAST = 60  # a sentence shorter than this says little without the next one
_ENDS = re.compile(r"(?<=[.!?。！？؟])\s+|(?<=[。！？])")


def failing(found: Failures, reader: Reader) -> Failing | None:
    """Cases that failed, ended or came out mixed; None where there is none."""
    if not found.total:
        return None
    outcomes = reader.listed(reader.labels("outcomes", failures(reader.vocabularies)))
    number = reader.number(found.total)
    cases = ngettext("%(count)s case", "%(count)s cases", found.total, count=number)
    return Failing(
        told=_("%(cases)s of these outcomes: %(outcomes)s.", cases=cases, outcomes=outcomes),
        cases=tuple(_told(hit, reader) for hit in found.hits),
        all=Link(
            ngettext("%(count)s case of this kind", "All %(count)s cases of this kind",
                     found.total, count=number),
            search_url(found.query),
        ),
    )  # fmt: skip


def _told(hit: Hit, reader: Reader) -> Told:
    front, lang = hit.record["front"], str(hit.record["front"].get("lang") or "en")
    sections = sections_of(str(hit.record["body"]), hit.key.lang or lang)
    facts = (places(front, reader), period(front))
    return Told(
        title=hit.title,
        url=case_url(hit.key.slug, hit.key.lang),
        lang=hit.key.lang or lang,
        facts=tuple(fact for fact in facts if fact),
        outcome=outcome_mark(front, reader),
        wrong=beginning(sections.get(WRONG, "")),
        lesson=beginning(sections.get(LESSONS, "").partition("\n")[0]),
    )


def sections_of(body: str, lang: str) -> dict[str, str]:
    """The first paragraph of each section of a case, by the English name of the section."""
    found: dict[str, str] = {}
    section = ""
    for paragraph in plain_text(body).split("\n\n"):
        name = headings.meaning(paragraph, lang)
        if name:
            section = name
        elif section:
            found.setdefault(section, paragraph)
    return found


def beginning(text: str) -> str:
    """The first sentences of a text, as many as are short enough."""
    text, end = " ".join(text.split()), 0
    for at in (*(found.start() for found in _ENDS.finditer(text)), len(text)):
        if end and (end >= LEAST or at > MOST):
            break
        end = at
    kept = text[:end]
    if len(kept) <= MOST:
        return kept
    return f"{kept[:MOST].rsplit(' ', 1)[0].rstrip(',;:')} …"
