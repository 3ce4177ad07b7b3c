"""The one table of fields: what the front matter of a case, a pack and a page may hold.

Validation, JSON Schema, the reference page, forms, facets and exports are read from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from indexer import schema
from indexer.field import Field, Rule
from indexer.pack import LEVELS, NOTES_FOR
from indexer.rules import AnyOf, NotBoth, Ordered, Together, When
from indexer.vocabulary import LANGUAGES, Vocabularies

#: The kinds that need a text below the front matter.
BODIES = ("case", "page")

_YEAR = Field("year", "year", "The year it holds for.", "2007")
_YEAR_NOTE = Field(
    "year_note", "text", "What is known where no year is stated.", '"year not stated"', max=200
)
_SOURCE = Field(
    "source", "source", "The id of the source that says so.", "1", recommended=True
)  # fmt: skip
_DATED = AnyOf(
    ("year", "year_note"), "is missing: add it, or year_note where no year is stated", warning=True
)

_TITLE = Field(
    "title", "text", "What was done and where, in one line.",
    '"M-Pesa: money by text message in Kenya"', required=True, max=160,
)  # fmt: skip
_LANG = Field(
    "lang", "language", "Language of the text, as a BCP 47 tag; English where it is missing.",
    "en", facet="language",
)  # fmt: skip
_TRANSLATION_OF = Field(
    "translation_of", "group", "In a translation only: which original, and which state of it.",
    '{slug: "m-pesa-kenya", revision: "3f9a0c12b7de"}',
    fields=(
        Field("slug", "slug", "Name of the original.", '"m-pesa-kenya"', required=True),
        Field("revision", "revision", "Revision of the original that was translated.",
              '"3f9a0c12b7de"', required=True),
    ),
)  # fmt: skip
_PUBLISHED = Field("published", "date", "Date of first publication.", "2026-11-23")
_UPDATED = Field("updated", "date", "Date of the last change in substance.", "2026-11-23")
_ALIASES = Field(
    "aliases", "slug", "Earlier addresses, which lead here.", "[old-name]", many=True
)  # fmt: skip
_LICENSE = Field("license", "text", "Licence of the text, as an SPDX id.", "CC-BY-4.0", max=60)
_STATUS = (
    Field(
        "status", "choice", "Whether it stands; withdrawn and archived with a reason.",
        "published", choices=("published", "withdrawn", "archived"),
    ),
    Field("status_reason", "text", "Why it was withdrawn or archived.",
          '"The programme was renamed; see the newer case."', max=400),
)  # fmt: skip
_STATUS_RULE = When(
    "status", ("withdrawn", "archived"), "status_reason",
    "needs status_reason: one sentence that tells readers why",
)  # fmt: skip
_DATES_RULE = Ordered("published", "updated", "is before published: set the later date", True)


def _terms(name: str, vocabulary: str, help: str, example: str, **more: Any) -> Field:
    return Field(name, "term", help, example, vocabulary=vocabulary, **more)


_SDGS = Field(
    "sdgs", "group", "Sustainable Development Goals it served, each with the reason.",
    '[{goal: 1, why: "Paid 600,000 people in a crisis."}, 8]',
    many=True, short="goal", unique="goal", facet="sdg",
    fields=(
        _terms("goal", "sdgs", "Number of the goal, 1 to 17.", "1", required=True),
        Field("why", "text", "One sentence on how it served the goal.", '"…"', max=400),
    ),
)  # fmt: skip
_PERIOD = Field(
    "period", "group", "From which year to which; end is null where it goes on.",
    "{start: 2007, end: null}", required=True,
    fields=(
        Field("start", "year", "First year.", "2007", required=True, nullable=True),
        Field("end", "year", "Last year; null where it goes on.", "null", nullable=True),
        Field("start_note", "text", "What is known where the first year is not.",
              '"Begun in the 1990s"', max=300),
        Field("end_note", "text", "What is known about the end.", '"…"', max=300),
    ),
    rules=(
        When("start", (None,), "start_note", "is null and needs start_note: say what is known"),
        Ordered("start", "end", "is before the start: swap them"),
    ),
)  # fmt: skip
_ORGANISATIONS = Field(
    "organisations", "group", "Who took part, and in which role.",
    "[{org: safaricom, role: implementer}]", many=True, short="org", facet="organisation",
    fields=(
        _terms("org", "organisations", "Id of the organisation.", "safaricom", otherwise="name"),
        Field("name", "text", "Name of an organisation that has no id yet.", '"…"', max=200,
              discouraged="is free text: add the organisation to vocabularies/organisations.yaml"
              " and write org: with its id"),
        _terms("role", "roles", "What it did.", "implementer", required=True),
    ),
    rules=(
        AnyOf(("org", "name"), "is missing: name the organisation by its id"),
        NotBoth("org", "name", "is not needed beside org: delete one of the two"),
    ),
)  # fmt: skip
_FUNDING = Field(
    "funding", "group", "What it cost, and who paid.",
    "[{amount: 1000000, currency: GBP, year: 2004, by: uk-dfid, instrument: grant, source: 1}]",
    many=True, facet="funding", presence=True, rules=(_DATED,),
    fields=(
        Field("amount", "number", "How much, without separators.", "1000000", required=True, min=0),
        Field("currency", "currency", "ISO 4217 code.", "GBP", required=True),
        _YEAR, _YEAR_NOTE,
        _terms("by", "organisations", "Id of the organisation that paid.", "uk-dfid"),
        _terms("instrument", "instruments", "How it was given.", "grant"),
        Field("note", "text", "What the amount was for.", '"…"', max=400),
        _SOURCE,
    ),
)  # fmt: skip
_RESULTS = Field(
    "results", "group", "Measured results, each with its year and its source.",
    '[{indicator: "Customers", value: 1600000, unit: people, year: 2007, source: 1}]', many=True,
    fields=(
        Field("indicator", "text", "What was counted or measured.", '"Customers"', required=True,
              max=300),
        Field("value", "number", "The figure, without separators.", "1600000"),
        Field("min", "number", "Lower end of a range, instead of value.", "200"),
        Field("max", "number", "Upper end of a range, instead of value.", "300"),
        Field("unit", "text", "What the figure counts.", '"people"', max=100),
        _YEAR, _YEAR_NOTE,
        Field("baseline", "number", "The figure before.", "0"),
        Field("target", "number", "The figure aimed at.", "2000000"),
        Field("series", "slug", "Figures with the same id may stand in one chart.",
              "m-pesa-customers"),
        _terms("counted_by", "counted_by", "Who says so.", "self-reported"),
        Field("note", "text", "What else one must know to read the figure.", '"…"', max=400),
        _SOURCE,
    ),
    rules=(
        AnyOf(("value", "min", "max"), "is missing: give the figure, or min and max for a range"),
        Together("min", "max", "is only one end of a range: add the other, or write value"),
        NotBoth("value", "min", "stands beside value: keep the figure or the range"),
        NotBoth("value", "max", "stands beside value: keep the figure or the range"),
        Ordered("min", "max", "is smaller than min: swap them"),
        _DATED,
    ),
)  # fmt: skip
_POLICIES = Field(
    "policies", "group", "Laws, strategies and standards that made it possible or stopped it.",
    '[{title: "…", kind: law, country: KE, year: 2011, url: "https://…"}]', many=True,
    fields=(
        Field("title", "text", "Name of the law or agreement.", '"…"', required=True, max=300),
        _terms("kind", "policy_kinds", "What it is.", "law", required=True),
        _terms("country", "countries", "Country, ISO 3166-1 alpha-2.", "KE"),
        _YEAR,
        Field("url", "url", "Where it can be read.", '"https://…"'),
    ),
)  # fmt: skip
_REPLICATIONS = Field(
    "replications", "group", "Who repeated it, where and when.",
    '[{country: TZ, year: 2008, note: "…", source: 2}]', many=True,
    fields=(
        _terms("country", "countries", "Country, ISO 3166-1 alpha-2.", "TZ", required=True),
        _YEAR, _YEAR_NOTE,
        Field("note", "text", "What was repeated.", '"…"', max=400),
        _SOURCE,
    ),
)  # fmt: skip
_SOURCES = Field(
    "sources", "group", "Where the facts were seen; [1] in the text leads to number 1.",
    '[{id: 1, title: "…", url: "https://…", publisher: "…"}]', many=True, required=True,
    unique="id",
    fields=(
        Field("id", "integer", "Number, as cited in the text.", "1", required=True, min=1,
              max=9999),
        Field("title", "text", "Title of the source.", '"…"', required=True, max=400),
        Field("url", "url", "Its own address, not a copy's.", '"https://…"', recommended=True),
        Field("publisher", "text", "Who published it.", '"…"', max=300),
        Field("year", "year", "Year of publication.", "2016"),
        Field("author", "text", "Who wrote it.", '"…"', max=300),
    ),
)  # fmt: skip

_CASE = (
    _TITLE,
    Field("summary", "text", "Plain words that can be understood alone, with the result.",
          '"…"', required=True, min=40, max=400),
    _LANG, _TRANSLATION_OF, *_STATUS, _PUBLISHED, _UPDATED,
    Field("checked", "group", "When somebody last compared it with its sources.",
          '{date: 2026-11-23, by: "…"}',
          fields=(
              Field("date", "date", "Date of the check.", "2026-11-23", required=True),
              Field("by", "text", "Person or office.", '"…"', max=200),
          )),
    _ALIASES,
    _terms("themes", "themes", "What it is about.", "[digital-payments, gender-inclusion]",
           many=True, required=True, facet="theme"),
    _terms("technologies", "technologies", "What it works with.", "[mobile-sms-ussd]",
           many=True, facet="technology"),
    _terms("countries", "countries", "ISO 3166-1 alpha-2, the leading country first.", "[KE]",
           many=True, facet="country"),
    _terms("regions", "regions", "For a case that is regional as such.", "[caribbean]",
           many=True, facet="region"),
    _SDGS,
    _terms("action_lines", "action_lines", "WSIS action lines.", "[C2, C6]", many=True,
           facet="action_line"),
    _terms("modality", "modality", "Forms of cooperation.", "[public-private]", many=True,
           facet="modality"),
    _terms("outcome", "outcomes", "How it went, honestly.", "scaled", facet="outcome"),
    _PERIOD, _ORGANISATIONS, _FUNDING, _RESULTS,
    _terms("evidence", "evidence", "How the results are known, strongest first.",
           "[randomised-trial]", many=True, facet="evidence"),
    _POLICIES, _REPLICATIONS,
    _terms("beneficiaries", "beneficiaries", "Who was served.", "[women, rural-people]",
           many=True, facet="beneficiary"),
    Field("review_by", "date", "When it is due for another look.", "2027-11-23"),
    _LICENSE,
    Field("contact", "group", "A person or office to ask; no mail address unless they want it.",
          '{name: "…", role: "…", url: "https://…"}',
          fields=(
              Field("name", "text", "Name.", '"…"', required=True, max=200),
              Field("role", "text", "What they do.", '"…"', max=200),
              Field("url", "url", "A page on which they can be reached.", '"https://…"'),
          )),
    _SOURCES,
)  # fmt: skip

_SECTIONS = Field(
    "sections", "group", "The pack in its order.",
    '[{title: "…", items: [{case: m-pesa-kenya, revision: latest, minutes: 20}]}]', many=True,
    required=True,
    fields=(
        Field("title", "text", "Heading of the section.", '"…"', required=True, max=160),
        Field("intro", "text", "What this section is for.", '"…"', max=4000, lines=True),
        Field("items", "group", "The cases, in order.", "[{case: m-pesa-kenya}]", many=True,
              short="case",
              fields=(
                  Field("case", "slug", "Name of the case.", "m-pesa-kenya", required=True,
                        names="case"),
                  Field("revision", "pin", "The state of the case to show, or latest.", "latest",
                        label="Text of the case"),
                  Field("minutes", "integer", "Time to plan.", "20", min=1, max=10_000),
                  Field("note", "text", "For whoever teaches.", '"…"', max=4000, lines=True,
                        label="Teaching note"),
                  Field("questions", "text", "Questions to discuss.", '["…"]', many=True, max=600),
              )),
    ),
)  # fmt: skip

_PACK = (
    replace(_TITLE, help="What it teaches, in one line.",
            example='"Mobile money and inclusion: who gains, who waits outside"'),
    Field("summary", "text", "What one learns, in plain words.", '"…"', max=400),
    _LANG, _TRANSLATION_OF, *_STATUS, _PUBLISHED, _UPDATED, _ALIASES,
    Field("audience", "text", "Whom it is for.", '"Officials of a ministry"', max=300),
    Field("level", "choice", "How much participants should know before.", "introductory",
          choices=LEVELS),
    Field("prerequisites", "text", "What participants need before they begin.", '["…"]', many=True,
          max=400),
    Field("duration", "text", "How long it takes, where that is not the sum of the minutes.",
          '"Half a day"', max=100),
    Field("objectives", "text", "What participants can do afterwards, each beginning with a verb.",
          '["…"]', many=True, max=400),
    Field("curators", "group", "Who put it together.", '[{name: "…", role: "…"}]', many=True,
          short="name",
          fields=(
              Field("name", "text", "Name of a person or office.", '"…"', required=True, max=200),
              Field("role", "text", "What they do.", '"…"', max=200),
              Field("url", "url", "A page about them.", '"https://…"'),
          )),
    Field("notes_for", "choice", "Who sees the teaching notes; teachers where it is missing.",
          "teachers", choices=NOTES_FOR),
    Field("origin", "group", "The pack that it was made from, and which state of it.",
          '{slug: early-warning, revision: "3f9a0c12b7de"}',
          fields=(
              Field("slug", "slug", "Name of that pack.", "early-warning", required=True),
              Field("revision", "revision", "Its revision.", '"3f9a0c12b7de"'),
          )),
    _LICENSE, _SECTIONS,
)  # fmt: skip

_PAGE = (
    _TITLE,
    Field("summary", "text", "One line for search results and feeds.", '"…"', max=400),
    _LANG, _TRANSLATION_OF, *_STATUS, _PUBLISHED, _UPDATED, _ALIASES, _LICENSE,
)  # fmt: skip

FIELDS: Mapping[str, tuple[Field, ...]] = {"case": _CASE, "pack": _PACK, "page": _PAGE}

RULES: Mapping[str, tuple[Rule, ...]] = {
    "case": (
        AnyOf(("countries", "regions"), "is missing: name a country, or in regions a region"),
        _STATUS_RULE,
        _DATES_RULE,
    ),
    "pack": (_STATUS_RULE, _DATES_RULE),
    "page": (_STATUS_RULE, _DATES_RULE),
}

_LABELS = tuple(
    Field(lang, "text", f"Name in {lang}.", '"…"', recommended=True, max=300) for lang in LANGUAGES
)
_TERM_ID = Field("id", "id", "Stable name.", "digital-payments", required=True)
_BROADER = Field("broader", "id", "The term above.", "africa", nullable=True)
_TERM = (
    _TERM_ID,
    Field("labels", "group", "Name of the term in six languages.", '{en: "…", fr: "…"}',
          required=True, fields=_LABELS, open=True),
    Field("definition", "text", "One sentence.", '"…"', max=1000),
    _BROADER,
)  # fmt: skip
_ORGANISATION = (
    _TERM_ID,
    Field("labels", "group", "Its names, in other languages where the official one is certain.",
          '{en: "…", fr: "…"}', fields=(replace(_LABELS[0], required=True),), open=True),
    Field("names", "group", "The same as labels.", '{en: "…"}', fields=_LABELS[:1], open=True),
    Field("name", "text", "Its name, where only the English one is known.", '"…"', max=300),
    Field("type", "term", "What kind of body it is.", "ngo", vocabulary="organisation_types",
          recommended=True),
    Field("country", "term", "Seat, ISO 3166-1 alpha-2.", "KE", vocabulary="countries"),
    _BROADER,
)  # fmt: skip

#: The vocabulary that each facet of a case takes its values from.
FACET_VOCABULARY = {
    field.facet: field.vocabulary or getattr(field.field(field.short), "vocabulary", "")
    for field in FIELDS["case"]
    if field.facet and not field.presence
} | {"language": "languages", "glossary": "glossary"}

_GLOSSARY = (
    *_TERM,
    Field("expansion", "text", "What an acronym stands for.", '"Short Message Service"', max=200),
)
_LEXICON = tuple(
    Field(lang, "text", f"Forms in {lang}: words or short phrases.", '["midwife"]', many=True,
          required=True, max=100)
    for lang in LANGUAGES
)  # fmt: skip

#: The terms of a file in vocabularies/; all may hold further keys of their own.
TERM_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "organisations": _ORGANISATION, "glossary": _GLOSSARY, "lexicon": _LEXICON,
}  # fmt: skip
TERM_RULES: Mapping[str, tuple[Rule, ...]] = {
    "organisations": (AnyOf(("labels", "names", "name"), "is missing: write labels: {en: ...}"),)
}


def term_fields(name: str) -> tuple[Field, ...]:
    """Give the fields of a term of a vocabulary."""
    return TERM_FIELDS.get(name, _TERM)


def json_schema(kind: str, vocabularies: Vocabularies | None = None) -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the front matter of a kind of document."""
    return schema.of_kind(kind, FIELDS[kind], RULES[kind], vocabularies)


def fields_reference(kind: str) -> str:
    """Give the reference of the fields of a kind as a Markdown table."""
    return schema.reference(FIELDS[kind])


def reference_page() -> str:
    """Give the text of docs/fields.md: the reference of all kinds."""
    parts = [
        "# Fields of the front matter",
        "",
        "Written from the table in `indexer/fields.py`; change it there. A field marked `expected`"
        " may be missing, with a warning. Unknown fields are kept, with a warning.",
    ]
    for kind in FIELDS:
        parts += ["", f"## {kind.capitalize()}", "", fields_reference(kind).rstrip()]
    return "\n".join([*parts, ""])
