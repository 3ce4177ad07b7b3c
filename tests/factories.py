"""The one place where tests get their cases, vocabularies and content folders from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from indexer.case import entry_of
from indexer.document import Document, Key, parse
from indexer.entry import Entry
from indexer.fields import FIELDS
from indexer.headings import ENGLISH as HEADINGS
from indexer.vocabulary import Vocabularies
from indexer.yaml_text import field_lines

LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")

BODY = """
## Context

Few people in the district had a bank account in 2006 [1].

## What was done

A **network of agents** was built, see [the report](https://example.org/report).

## Results

By 2008 some 1,200 people used it [2].

## What went wrong

Agents ran out of cash on market days [1].
"""

SOURCES = [
    {"id": 1, "title": "A report", "url": "https://example.org/report", "publisher": "Example"},
    {"id": 2, "title": "A survey", "url": "https://example.org/survey", "publisher": "Example"},
]

#: Small vocabularies: enough for the case below, and a region tree with an overlay.
TERMS: Mapping[str, tuple[str, ...]] = {
    "themes": ("digital-payments", "e-health", "gender-inclusion"),
    "technologies": ("mobile-sms-ussd", "satellite"),
    "beneficiaries": ("women", "rural-people"),
    "sdgs": ("1", "5", "8"),
    "action_lines": ("C2", "C6", "C11"),
    "modality": ("national", "public-private"),
    "outcomes": ("scaled", "mixed", "failed"),
    "evidence": ("randomised-trial", "self-reported"),
    "roles": ("implementer", "funder", "partner"),
    "instruments": ("grant", "loan"),
    "policy_kinds": ("law", "strategy"),
    "counted_by": ("self-reported", "evaluation"),
    "organisation_types": ("ngo", "private"),
}

REGIONS = """
- {id: world, labels: {en: World}}
- {id: africa, broader: world, labels: {en: Africa, fr: Afrique}}
- {id: eastern-africa, broader: africa, labels: {en: Eastern Africa}, countries: [KE, TZ, UG]}
- {id: western-africa, broader: africa, labels: {en: Western Africa}, countries: [TG, SL]}
- {id: northern-europe, broader: world, labels: {en: Northern Europe}, countries: ["NO", EE, GB]}
- {id: ldc, broader: world, overlay: true, labels: {en: Least developed countries},
   countries: [TZ, UG, TG, SL]}
"""

ORGANISATIONS = """
- {id: safaricom, names: {en: Safaricom}, type: private, country: KE}
- {id: uk-dfid, names: {en: UK Department for International Development}, type: ngo, country: GB}
"""


def label(id: str, lang: str = "en") -> str:
    """Give the label that a term of the small vocabularies has."""
    words = id.replace("-", " ").capitalize()
    return words if lang == "en" else f"{words} ({lang})"


def term_text(id: str) -> str:
    """Give a term as a vocabulary file has it."""
    labels = ", ".join(f'{lang}: "{label(id, lang)}"' for lang in LANGUAGES)
    return f'- id: "{id}"\n  labels: {{{labels}}}\n  definition: "About {id}."\n'


@cache
def vocabulary_texts() -> Mapping[str, str]:
    """Give the texts of the small vocabularies, by name."""
    texts = {name: "".join(map(term_text, ids)) for name, ids in TERMS.items()}
    return {**texts, "regions": REGIONS, "organisations": ORGANISATIONS}


@cache
def vocabularies() -> Vocabularies:
    """Give the small vocabularies."""
    return Vocabularies(vocabulary_texts())


def front(**changes: Any) -> dict[str, Any]:
    """Give the front matter of a valid case; `None` takes a field away."""
    values: dict[str, Any] = {
        "title": "Cash by phone in Kenya",
        "summary": "People in a district sent and received money by text message, without a bank.",
        "lang": "en",
        "status": "published",
        "published": date(2026, 11, 23),
        "updated": date(2026, 11, 23),
        "checked": {"date": date(2026, 11, 23), "by": "Editors"},
        "themes": ["digital-payments", "gender-inclusion"],
        "technologies": ["mobile-sms-ussd"],
        "countries": ["KE", "TZ"],
        "sdgs": [{"goal": 1, "why": "It reached people without a bank."}, 8],
        "action_lines": ["C2", "C11"],
        "modality": ["public-private"],
        "outcome": "scaled",
        "period": {"start": 2006, "end": None},
        "organisations": [{"org": "safaricom", "role": "implementer"}],
        "funding": [
            {"amount": 1000000, "currency": "GBP", "year": 2006, "by": "uk-dfid",
             "instrument": "grant", "source": 1},
        ],
        "results": [
            {"indicator": "Users", "value": 1200, "unit": "people", "year": 2008, "source": 2,
             "counted_by": "self-reported"},
        ],
        "evidence": ["self-reported"],
        "beneficiaries": ["women"],
        "license": "CC-BY-4.0",
        "sources": SOURCES,
    }  # fmt: skip
    values.update(changes)
    return {name: value for name, value in values.items() if value is not None}


def file_text(values: Mapping[str, Any], body: str = BODY, kind: str = "case") -> str:
    """Give a file with this front matter and body."""
    known = {field.name: field for field in FIELDS[kind]}
    lines = [
        line for name, value in values.items() for line in field_lines(name, value, known.get(name))
    ]
    return "\n".join(["---", *lines, "---", body])


def case_text(body: str = BODY, **changes: Any) -> str:
    """Give the text of a valid case, with fields changed (`None` takes one away)."""
    return file_text(front(**changes), body)


def pack_text(
    *items: str | Mapping[str, Any], body: str = "\nBegin here.\n", **changes: Any
) -> str:
    """Give the text of a valid pack with these items, each a case or a whole item."""
    rows = [{"case": one} if isinstance(one, str) else dict(one) for one in items]
    values: dict[str, Any] = {
        "title": "Learning to pay",
        "summary": "A course on paying people who have no bank.",
        "lang": "en",
        "status": "published",
        "published": date(2026, 11, 23),
        "audience": "Officials of treasuries",
        "level": "introductory",
        "objectives": ["Plan a service of payments"],
        "license": "CC-BY-4.0",
        "sections": [{"title": "How it began", "items": rows}],
    }
    values.update(changes)
    kept = {name: value for name, value in values.items() if value is not None}
    return file_text(kept, body, "pack")


def document(slug: str = "cash-by-phone", translation: str = "", **changes: Any) -> Document:
    """Give a parsed case, valid unless the changes make it otherwise.

    `translation` is the language in the file name; the field `lang` is a change as any other.
    """
    return parse(Key("case", slug, translation), case_text(**changes), vocabularies())


def entry(slug: str = "cash-by-phone", translation: str = "", **changes: Any) -> Entry:
    """Give what the index keeps of such a case."""
    return entry_of(document(slug, translation, **changes), vocabularies())


def long_body(words: str, paragraphs: int = 3) -> str:
    """Give a body that says these words under each of the first headings of a case."""
    return "\n".join(f"## {name}\n\n{words}\n" for name in HEADINGS[:paragraphs])


def content_folder(root: Path, cases: Mapping[str, str] | None = None) -> Path:
    """Write a content folder with the small vocabularies and these cases (slug -> text)."""
    for folder in ("cases", "packs", "pages", "vocabularies", "media"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in vocabulary_texts().items():
        path = root / "vocabularies" / f"{name.replace('_', '-')}.yaml"
        path.write_text(text, encoding="utf-8")
    for slug, text in (cases or {}).items():
        (root / "cases" / f"{slug}.md").write_bytes(text.encode("utf-8", "surrogateescape"))
    return root


#: A small library to search: slug -> title, summary, body and the fields that differ.
TOLD: Mapping[str, tuple[str, str, str, Mapping[str, Any]]] = {
    "cash-by-phone": (
        "Cash by phone in Kenya",
        "People in a district sent and received money by text message, without a bank.",
        "A network of agents paid out cash in village shops. Agents ran out of cash on market"
        " days. The M-Pesa service charged a small fee for every transfer.",
        {"countries": ["KE", "TZ"], "aliases": ["old-cash"], "results": None},
    ),
    "cash-by-phone.fr": (
        "De l'argent par téléphone au Kenya",
        "Dans un district, des gens ont reçu de l'argent par message, sans banque.",
        "Un réseau de commerçants a versé les espèces. Les guichets manquaient de billets.",
        {"lang": "fr", "translation_of": {"slug": "cash-by-phone", "revision": "0" * 12}},
    ),
    "clinic-by-satellite": (
        "Clinics linked by satellite in Togo",
        "Nurses in clinics far from the capital asked doctors for advice over a satellite.",
        "The dish on the roof failed in the rainy season. Nobody had paid for its repair, and"
        " the clinics went back to the radio.",
        {"themes": ["e-health"], "technologies": ["satellite"], "countries": ["TG"],
         "outcome": "failed", "beneficiaries": ["rural-people"], "sdgs": ["1"],
         "action_lines": ["C6"], "period": {"start": 2001, "end": 2004}},
    ),
    "wallets-in-togo": (
        "Emergency wallets on the phone in Togo",
        "The state paid informal workers during the pandemic through G2P transfers.",
        "Voter rolls told who was poor. An e-Gov register and the R&D unit chose the districts"
        " from satellite images. Payments came within 5 days over 4G and 5G.",
        {"themes": ["digital-payments"], "countries": ["TG"], "modality": ["national"],
         "period": {"start": 2020, "end": 2021}},
    ),
    "crop-prices": (
        "Crop prices by text message in Uganda",
        "Farmers asked for the price of maize and beans before they went to the market.",
        "Farmers who knew the prices bargained better with traders. Extension workers typed in"
        " the prices of twelve markets every morning.",
        {"themes": ["gender-inclusion"], "countries": ["UG"], "outcome": "mixed",
         "beneficiaries": ["rural-people"], "period": {"start": 2009, "end": 2012}},
    ),
    "women-coders": (
        "A school of programming for women in Estonia",
        "Women without a degree learned to write software and found work.",
        "Half of the teachers were women. Childcare was free during the lessons.",
        {"themes": ["gender-inclusion"], "countries": ["EE"], "technologies": None,
         "modality": ["public-private"], "period": {"start": 2015, "end": None}},
    ),
    "flood-warning": (
        "Flood warnings by loudspeaker in Sierra Leone",
        "Villages on the river were told hours before the water came.",
        "Volunteers measured the river. Loudspeakers on the mosques told everybody to leave"
        " the low ground. M&E was done by the university.",
        {"themes": ["gender-inclusion"], "countries": ["SL"], "action_lines": ["C11"],
         "technologies": ["satellite"], "period": {"start": 2016, "end": 2018}},
    ),
    "registros-de-salud": (
        "Registros de vacunas en Noruega",
        "Las enfermeras anotaron las vacunas de los niños en una tableta.",
        "Los registros de papel se perdían. La educación de las madres mejoró.",
        {"lang": "es", "themes": ["e-health"], "countries": ["NO"],
         "period": {"start": 2013, "end": 2019}},
    ),
    "tahwilat": (
        "تحويلات نقدية عبر الهاتف في أوغندا",
        "استلمت النساء المُسَاعَدَات النقدية عبر الهاتف المحمول.",
        "كانت المدرسة بعيدة عن القرية.",
        {"lang": "ar", "themes": ["digital-payments"], "countries": ["UG"],
         "period": {"start": 2018, "end": 2020}},
    ),
    "nongcun-dianshang": (
        "乌干达农村移动支付项目",
        "农民通过手机收到付款。村里没有银行，从前要走一天的路才能领到钱，现在几分钟就够了，费用也很低。",
        "村里的商店替农民取出现金。",
        {"lang": "zh", "themes": ["digital-payments"], "countries": ["UG"],
         "period": {"start": 2017, "end": 2022}},
    ),
    "telemeditsina": (
        "Телемедицина в сельских больницах Эстонии",
        "Врачи консультировали больных по видеосвязи.",
        "Больницы получили камеры и хороший интернет.",
        {"lang": "ru", "themes": ["e-health"], "countries": ["EE"],
         "period": {"start": 2010, "end": 2014}},
    ),
    "taken-back": (
        "Cash vouchers that were taken back in Kenya",
        "A case whose figures about vouchers could not be confirmed.",
        "Vouchers were printed on paper.",
        {"status": "withdrawn", "status_reason": "The figures could not be confirmed."},
    ),
}  # fmt: skip

SYNONYMS = {"digital-payments": "{en: [mobile money, G2P], fr: [argent mobile]}"}


def told(slug: str) -> str:
    """Give the text of a case of the small library."""
    title, summary, words, changes = TOLD[slug]
    fields = {"sdgs": ["8"], "funding": None, "results": None, **changes}
    body = f"\n## Context\n\n{words} [1] [2]\n"
    return case_text(body, title=title, summary=summary, **fields)


def library_folder(root: Path) -> Path:
    """Write the content folder of the small library."""
    content_folder(root, {slug: told(slug) for slug in TOLD})
    themes = "".join(
        term_text(one) + (f"  synonyms: {SYNONYMS[one]}\n" if one in SYNONYMS else "")
        for one in TERMS["themes"]
    )
    (root / "vocabularies" / "themes.yaml").write_text(themes, encoding="utf-8")
    about = file_text({"title": "About us", "lang": "en"}, "\nWe collect cases.\n", "page")
    (root / "pages" / "about.md").write_text(about, encoding="utf-8")
    return root
