"""Cases side by side: the rows of the fact box, the results, and each section of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.headings import ENGLISH, meaning
from indexer.hits import Hit
from indexer.plain import plain_text
from kb.forms.sections import sections_of
from kb.pages.taking import ComparePage
from kb.pieces.case import Figure
from kb.pieces.common import Link
from kb.pieces.taking import ComparedCase, ComparedCell, ComparedField
from kb.present.case import FAILURE, FIGURES
from kb.present.facts import fact_box
from kb.present.figures import figure
from kb.present.hits import found
from kb.present.links import absolute, case_url, term_url
from kb.present.taking import compare_url, list_forms, list_url
from kb.present.words import Reader
from kb.services.gathering import Slugs
from kb.services.side_by_side import LEAST, MOST, Comparison
from kb.translation import gettext as _
from kb.translation import lazy_gettext, ngettext

Front = Mapping[str, Any]
Cells = tuple[ComparedCell, ...]
#: What the sections of a case are called where several stand side by side.
SECTIONS = {
    "Context": lazy_gettext("Context"),
    "What was done": lazy_gettext("What was done"),
    "Results": lazy_gettext("Results"),
    "What went wrong": lazy_gettext("What went wrong"),
    "Lessons": lazy_gettext("Lessons"),
    "How to repeat it": lazy_gettext("How to repeat it"),
    "What keeps it going": lazy_gettext("What keeps it going"),
}
NOTHING = ComparedCell()


def compare_page(compared: Comparison, reader: Reader) -> ComparePage:
    """All that the page of a comparison shows."""
    slugs = tuple(hit.key.slug for hit in compared.cases)
    cases = tuple(_case(hit, slugs) for hit in compared.cases)
    return ComparePage(
        title=_title(compared),
        canonical=absolute(compare_url(*slugs)),
        told=_told(compared),
        cases=cases if compared.enough else (),
        fields=_fields(compared.cases, reader) if compared.enough else (),
        chosen=cases if not compared.enough else (),
        offers=found(compared.near, reader),
        slugs=slugs,
        take=list_forms(list_url(*slugs)) if compared.enough else (),
    )


def _title(compared: Comparison) -> str:
    if not compared.enough:
        return _("Compare cases")
    return ngettext("%(num)s case compared", "%(num)s cases compared", len(compared.cases))


def _case(hit: Hit, slugs: Slugs) -> ComparedCase:
    slug = hit.key.slug
    return ComparedCase(
        slug=slug,
        title=hit.title,
        lang=_lang(hit.record["front"]),
        url=case_url(slug, hit.key.lang),
        without_url=compare_url(*(one for one in slugs if one != slug)),
    )


def _told(compared: Comparison) -> tuple[str, ...]:
    """What is missing, or too much, in plain words."""
    told = []
    if not compared.cases and not compared.gone and not compared.missing:
        told.append(_("Choose two to four cases: tick “Compare” beside them in the results of a"
                      " search or on your list."))  # fmt: skip
    elif len(compared.cases) < LEAST and compared.cases:
        told.append(_("One case alone cannot be compared. Choose another one to stand beside it."))
    told += [_("There is no case “%(name)s”.", name=slug[:80]) for slug in compared.missing]
    told += [_("The case “%(name)s” was taken out of the library.", name=slug)
             for slug in compared.gone]  # fmt: skip
    if compared.over:
        told.append(_("No more than %(most)s cases fit side by side. Left out: %(titles)s.",
                      most=MOST, titles="; ".join(hit.title for hit in compared.over)))  # fmt: skip
    return tuple(told)


# The fields ---------------------------------------------------------------------------------


def _fields(hits: Sequence[Hit], reader: Reader) -> tuple[ComparedField, ...]:
    """The fields of which at least one case tells something, in the order of a case."""
    fronts = [hit.record["front"] for hit in hits]
    facts = _facts(fronts, reader)
    texts = [_texts(hit) for hit in hits]
    results = tuple(
        ComparedCell(figures=_figures(front, reader), paragraphs=text.get(FIGURES, ()))
        for front, text in zip(fronts, texts, strict=True)
    )
    rows: list[ComparedField] = [
        ComparedField(f"fact-{number}", name, cells) for number, (name, cells) in enumerate(facts)
    ]
    for number, section in enumerate(ENGLISH):
        cells = tuple(ComparedCell(paragraphs=text.get(section, ())) for text in texts)
        if section == FIGURES:
            cells = results
        rows.append(
            ComparedField(
                f"text-{number}", str(SECTIONS[section]), cells, section == FAILURE, long=True
            )
        )
    rows.append(ComparedField("repeated", _("Repeated in"), _repeated(fronts, reader)))
    return tuple(row for row in rows if any(cell != NOTHING for cell in row.cells))


def _facts(fronts: Sequence[Front], reader: Reader) -> list[tuple[str, Cells]]:
    """The rows of the fact boxes, joined by their names; each in the place of its first case."""
    boxes = [{fact.name: fact for fact in fact_box(front, reader, _lang(front))}
             for front in fronts]  # fmt: skip
    names: list[str] = []
    for box in boxes:
        at = 0
        for name in box:
            if name in names:
                at = names.index(name) + 1
            else:
                names.insert(at, name)
                at += 1
    return [
        (name, tuple(
            ComparedCell(box[name].values, box[name].inline, box[name].mark, box[name].grants)
            if name in box else NOTHING
            for box in boxes
        ))
        for name in names
    ]  # fmt: skip


def _figures(front: Front, reader: Reader) -> tuple[Figure, ...]:
    writer = Reader(_lang(front), reader.vocabularies)
    return tuple(figure(row, reader, writer) for row in front.get("results") or ())


def _lang(front: Front) -> str:
    return str(front.get("lang") or "en")


def _texts(hit: Hit) -> dict[str, tuple[str, ...]]:
    """The sections of a case as plain paragraphs, by their English headings."""
    lang = _lang(hit.record["front"])
    texts: dict[str, tuple[str, ...]] = {}
    for section in sections_of(hit.record["body"]):
        told = meaning(section.heading, lang)
        if told:
            paragraphs = tuple(filter(None, plain_text(section.text).split("\n\n")))
            texts[told] = texts.get(told, ()) + paragraphs
    return texts


def _repeated(fronts: Sequence[Front], reader: Reader) -> Cells:
    cells = []
    for front in fronts:
        rows = front.get("replications") or ()
        codes = dict.fromkeys(str(row["country"]) for row in rows if row.get("country"))
        links = (Link(reader.label("countries", code), term_url("country", code)) for code in codes)
        cells.append(ComparedCell(tuple(links), inline=True))
    return tuple(cells)
