"""The words of the table of fields in the reader's language, and the parts of the form."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.field import Field
from kb.translation import gettext
from kb.translation import lazy_gettext as _

#: Labels that say more than the name of the field.
TITLES: Mapping[str, object] = {
    "sdgs": _("Development goals"),
    "technologies": _("Technologies"),
    "lang": _("Language"),
    "modality": _("Forms of cooperation"),
    "action_lines": _("WSIS action lines"),
    "beneficiaries": _("Who was served"),
    "org": _("Organisation"),
    "name": _("Name"),
    "by": _("Paid or checked by"),
    "url": _("Web address"),
    "why": _("How it served the goal"),
    "id": _("Number"),
    "min": _("At least"),
    "max": _("At most"),
    "value": _("Figure"),
    "review_by": _("Look again by"),
    "aliases": _("Earlier addresses"),
    "start": _("First year"),
    "end": _("Last year"),
    "start_note": _("About the start"),
    "end_note": _("About the end"),
    "year_note": _("Where no year is stated"),
    "audience": _("Whom it is for"),
    "objectives": _("What participants can do afterwards"),
    "prerequisites": _("What participants need before they begin"),
    "intro": _("What this section is for"),
    "items": _("Cases"),
    "minutes": _("Minutes"),
    "questions": _("Questions to discuss"),
    "notes_for": _("Who sees the teaching notes"),
}

#: What the form says instead of the table of fields, where that speaks of how a file is written.
HINTS: Mapping[str, object] = {
    "ISO 3166-1 alpha-2, the leading country first.": _("The leading country first."),
    "From which year to which; end is null where it goes on.": _(
        "From which year to which; the last year stays empty where it goes on."
    ),
    "Last year; null where it goes on.": _("Leave it empty where it goes on."),
    "Id of the organisation.": _(
        "As the list has it, which is shown while you type; of another one, write the name below."
    ),
    "Name of an organisation that has no id yet.": _("Only where it is not in the list."),
    "Id of the organisation that paid.": _("As the list has it, which is shown while you type."),
}

#: The parts of the form of each kind of document, in their order: id, title, fields. What is in
#: none of them comes last. "body" is the text.
PARTS: Mapping[str, tuple[tuple[str, object, tuple[str, ...]], ...]] = {
    "case": (
        ("start", _("In short"), ("title", "summary", "lang")),
        ("about", _("What it is about"), ("themes", "technologies", "beneficiaries", "outcome")),
        ("where", _("Where and when"), ("countries", "regions", "period")),
        ("who", _("Who took part"), ("organisations", "modality")),
        ("sources", _("Sources"), ("sources",)),
        ("text", _("The text"), ("body",)),
        ("results", _("Results and evidence"), ("results", "evidence")),
        ("money", _("What it cost"), ("funding",)),
        ("goals", _("Goals it served"), ("sdgs", "action_lines")),
        ("around", _("Rules and followers"), ("policies", "replications")),
    ),
    "pack": (
        ("start", _("In short"), ("title", "summary", "lang")),
        ("aims", _("For whom and to what end"),
         ("audience", "level", "prerequisites", "objectives")),
        ("order", _("Cases in their order"), ("sections",)),
        ("text", _("Introduction"), ("body",)),
        ("teaching", _("Who teaches"), ("notes_for", "curators", "duration")),
    ),
    "page": (
        ("start", _("In short"), ("title", "summary", "lang")),
        ("text", _("The text"), ("body",)),
    ),
}  # fmt: skip
REST = ("rest", _("For the record"))
#: Parts that are folded until something in them is wrong or asked for.
FOLDED = ("rest",)
#: The part beside which help in writing stands.
HELPED = {"pack": "order"}


def title_of(field: Field) -> str:
    """The label of a field."""
    return str(TITLES.get(field.name) or gettext(field.title))


def said(text: str) -> str:
    """A sentence of the table of fields in the reader's language."""
    return str(HINTS.get(text) or gettext(text)) if text else ""
