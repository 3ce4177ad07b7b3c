"""A small library with packs, and books of them: in English with all that a case can have, in
Arabic with a case that is not translated, and one that asks for too much."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

from indexer.library import Library
from indexer.values import revision_of
from kb.access import CONSOLE
from kb.present.book import book_of
from kb.services.packing.book import PARTICIPANTS, TRAINER, Book
from kb.services.packing.texts import edition_of
from kb.services.packs import read_pack
from kb.settings import Settings
from tests import factories

#: A picture of one point, under the name that texts call it by.
PICTURE = "0123456789abcdef0123456789abcdef-1x1.webp"
POINT = base64.b64decode("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAQAcJaQAA3AA/v3AgAA=")
NOTE = "Ask before anybody reads: who was paid?\n\nThen wait."
BODY = f"""
Before the first heading & more <not markup>.

## Context

Few people had a bank account [1], [2]. See [the report](https://example.org/a?b=1&c=2).[^1]

### A heading within

| Year | Users |
|:--|--:|
| 2008 | 1,200 |

## Results

By 2008 some people used it [2].

![A point](media/{PICTURE} "What is seen")

## What went wrong

Agents ran out of cash [1].

## Lessons

- **First.** Do not hurry.

[^1]: A note at the foot.
"""
RESULTS = [
    {"indicator": "Users", "value": value, "unit": "people", "year": year, "source": 2,
     "series": "users", "counted_by": "evaluation"}
    for year, value in ((2008, 1200), (2009, 20000), (2010, 45000))
] + [
    {"indicator": "Women among them", "value": 40, "unit": "%", "year": 2010, "baseline": 20,
     "source": 1},
    {"indicator": "Shops", "year": 2009, "min": 10, "max": 20, "unit": "shops", "source": 1},
]  # fmt: skip
OLD = factories.case_text(BODY, results=RESULTS, title="Cash by phone, as it was")
CASES = {
    "cash-by-phone": factories.case_text(BODY, results=RESULTS, updated=date(2026, 11, 24),
        replications=[{"country": "UG", "year": 2009, "note": "Done again.", "source": 2}],
        policies=[{"title": "Payments Act", "kind": "law", "country": "KE", "year": 2011,
                   "url": "https://example.org/act"}]),
    "clinic-by-satellite": factories.case_text(
        factories.long_body("Nurses asked doctors by satellite [1] [2].", 4),
        title="Clinics linked by satellite in Togo", countries=["TG"], outcome="failed",
        funding=None, results=None),
    "cash-by-phone.ar": factories.case_text(
        "\n## السياق\n\nكان قليل من الناس لديهم حساب مصرفي [1].\n\n"
        "## الدروس المستفادة\n\nلا تتعجل.\n",
        title="النقود عبر الهاتف في كينيا", lang="ar",
        summary="أرسل الناس في أحد الأحياء النقود وتلقوها برسائل نصية (SMS) دون مصرف.",
        translation_of={"slug": "cash-by-phone", "revision": "0" * 12}),
}  # fmt: skip
QUESTIONS = ["Who was left out, and why?", "What would you do on day one?"]


def _sections(note: str) -> list[dict[str, object]]:
    return [
        {"title": "How it began", "intro": "Look for the agents.\n\nAnd for the rules.", "items": [
            {"case": "cash-by-phone", "minutes": 40, "note": note, "questions": QUESTIONS}]},
        {"title": "How it went on", "items": [
            {"case": "clinic-by-satellite", "minutes": 35},
            {"case": "cash-by-phone", "revision": revision_of(OLD), "minutes": 20}]},
    ]  # fmt: skip


PACKS = {
    "learning-to-pay": factories.pack_text(
        sections=_sections(NOTE), prerequisites=["A phone"], updated=date(2026, 11, 25),
        curators=[{"name": "Ama Mensah", "role": "Trainer", "url": "https://example.org/ama"}],
        origin={"slug": "open-to-all", "revision": "0" * 12},
        body="\nBegin **here**.\n\n## For half a day\n\nTake one case.\n"),
    "learning-to-pay.ar": factories.pack_text(
        title="تعلّم الدفع", lang="ar", audience="موظفو الخزانة",
        summary="دورة عن الدفع لمن ليس لديهم مصرف.", objectives=["التخطيط لخدمة دفع"],
        translation_of={"slug": "learning-to-pay", "revision": "0" * 12},
        sections=_sections("اسأل أولا."), body="\nابدأ من هنا.\n"),
    "open-to-all": factories.pack_text(
        {"case": "cash-by-phone", "note": "For all to read."}, title="Open to all",
        notes_for="everyone"),
}  # fmt: skip


def library_of_packs(root: Path) -> Library:
    """A library below `root` with these packs, one of which keeps a text of its own."""
    content = factories.content_folder(root / "content", CASES)
    for slug, text in PACKS.items():
        path = content / "packs" / f"{slug}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (content / "media").mkdir(exist_ok=True)
    (content / "media" / PICTURE).write_bytes(POINT)
    library = Library.open(content, root / "var")
    library.store.add_pinned("learning-to-pay", OLD)
    return library


def settings_of(library: Library) -> Settings:
    """The settings of a desk at that library."""
    root = library.store.root.parent
    return Settings(content=root / "content", data=root / "data", var=root / "var")


def a_book(
    library: Library, slug: str = "learning-to-pay", lang: str = "", edition: str = TRAINER
) -> Book:
    """The book of one of the packs."""
    pack = edition_of(read_pack(library, CONSOLE, slug, lang), edition, CONSOLE)
    return book_of(pack, library, settings_of(library))


def for_participants(library: Library, lang: str = "") -> Book:
    """The same without teaching notes."""
    return a_book(library, lang=lang, edition=PARTICIPANTS)
