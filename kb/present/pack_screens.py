"""A pack for a projector: one point a screen, in large letters.

The screens of a case are its title and summary, its figures, what it teaches, and the questions.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer import headings
from indexer.plain import plain_text
from kb.pages.packs import JoinPage, PresentPage
from kb.pieces.common import Link
from kb.pieces.packs import Screen, Square
from kb.present.figures import figure
from kb.present.pack import Place, lasts
from kb.present.pack_words import cases_of, lasting
from kb.present.words import Reader, direction_of, period, places
from kb.services.packs import NoSuchPack, ReadItem, ReadPack, ReadSection
from kb.services.squares import squares
from kb.translation import gettext as _

FIGURES, LESSONS = 3, 4  # the most screens of a case that tell figures, and what it teaches
QUIET = 4  # squares of white around a QR code, as its standard asks
HEADING = "Lessons"
#: Where a sentence ends.
ENDS = (". ", "? ", "! ", "؟ ", "。", "！", "？")


def screens(pack: ReadPack, reader: Reader) -> tuple[Screen, ...]:
    """All screens of a pack in their order."""
    told = pack.pack
    facts = reader.listed(filter(None, (cases_of(len(pack.items)), lasts(pack, reader))))
    aim = _("What you can do afterwards")
    return (
        _screen(pack, "opening", facts, told.title, told.audience, over_lang=reader.lang),
        *(_screen(pack, "lesson", aim, one, over_lang=reader.lang) for one in told.objectives),
        *(one for section in pack.sections for one in _of_section(section, pack, reader)),
        _screen(pack, "end", told.title, _("Thank you"), lang=reader.lang, over_lang=pack.lang),
    )


def _screen(  # noqa: PLR0917 - kind, over, text, more: as they stand on the screen
    pack: ReadPack, kind: str, over: str, text: str, more: str = "", lang: str = "", *,
    over_lang: str = "",
) -> Screen:  # fmt: skip
    """A screen in the language of the pack, unless another is named."""
    lang = lang or pack.lang
    return Screen(kind, over, text, more, lang, direction_of(lang), over_lang)


def _of_section(section: ReadSection, pack: ReadPack, reader: Reader) -> Iterator[Screen]:
    time = lasting(section.minutes, reader)
    yield _screen(pack, "section", time, section.title, section.intro, over_lang=reader.lang)
    for item in section.items:
        yield from _of_item(item, pack, reader)


def _of_item(item: ReadItem, pack: ReadPack, reader: Reader) -> Iterator[Screen]:
    """The screens of a case; one that has no text is named, with its questions."""
    lang, front = item.lang or pack.lang, item.front
    facts = reader.listed(filter(None, (places(front, reader), period(front)))) if front else ""
    summary = str(front.get("summary") or "")
    yield _screen(pack, "case", facts, item.title, summary, lang, over_lang=reader.lang)
    writer = Reader(lang, reader.vocabularies)
    results = (front.get("results") or ())[:FIGURES] if front else ()
    for told in (figure(row, reader, writer) for row in results):
        if told.value:
            more = writer.listed(filter(None, (told.indicator, told.when)))
            yield _screen(pack, "figure", item.title, told.value, more, lang, over_lang=lang)
    for point, more in lessons(item.body, lang)[:LESSONS]:
        yield _screen(pack, "lesson", item.title, point, more, lang, over_lang=lang)
    for question in item.item.questions:
        yield _screen(pack, "question", item.title, question, over_lang=lang)


def lessons(body: str, lang: str) -> list[tuple[str, str]]:
    """What a case teaches: each point with what follows it, from the section of that name."""
    found: list[tuple[str, str]] = []
    inside = False
    for paragraph in plain_text(body).split("\n\n"):
        name = headings.meaning(paragraph, lang)
        if name or not inside:
            inside = name == HEADING
            continue
        found += [_first(line) for line in paragraph.split("\n") if line.strip()]
    return found


def _first(text: str) -> tuple[str, str]:
    """The first sentence of a text, and the rest of it."""
    ends = [at + len(end) for end in ENDS if (at := text.find(end)) > 0]
    end = min(ends, default=len(text))
    return text[:end].strip(), text[end:].strip()


def present_page(pack: ReadPack, number: int, place: Place, reader: Reader) -> PresentPage:
    """Screen `number` of a presentation, counted from 1. Raises NoSuchPack."""
    found = screens(pack, reader)
    if not 1 <= number <= len(found):
        raise NoSuchPack(pack.key.slug)
    path = f"{place.path}/present"

    def way(to: int) -> str:
        return "" if not 1 <= to <= len(found) else path if to == 1 else f"{path}/{to}"

    return PresentPage(
        title=pack.pack.title,
        screen=found[number - 1],
        place=_("%(number)s of %(all)s", number=reader.number(number),
                all=reader.number(len(found))),
        first=way(1) if number > 1 else "",
        before=way(number - 1),
        after=way(number + 1),
        last=way(len(found)) if number < len(found) else "",
        leave=place.path,
        contents=tuple(
            Link(one.text, way(at), note=one.kind, current=at == number, lang=one.lang)
            for at, one in enumerate(found, 1)
            if one.kind in ("opening", "section", "case")
        ),
        join_url=f"{place.path}/join",
    )  # fmt: skip


def square_of(address: str, label: str) -> Square:
    """An address as a QR code."""
    rows = squares(address)
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return Square(len(rows) + 2 * QUIET, path, label)


def join_page(pack: ReadPack, place: Place, address: str) -> JoinPage:
    """How people in the room come to the questions of the pack: `address` is short, and public."""
    return JoinPage(
        title=pack.pack.title,
        lang=pack.lang,
        direction=direction_of(pack.lang),
        address=address.partition("://")[2],
        url=address,
        square=square_of(address, _("QR code of the address below")),
        present_url=f"{place.path}/present",
        leave=place.path,
    )
