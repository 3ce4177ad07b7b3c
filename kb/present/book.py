"""A pack as a book: made once, complete, and the same whoever asks for it."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from indexer.library import Library
from indexer.values import Key
from kb.house_xhtml import Surroundings
from kb.present.book_chapter import (
    Making,
    chapter,
    lasting,
    licence,
    pictures_in,
    prose,
    rendered,
    text_of,
)
from kb.present.book_words import book_words, words_in
from kb.present.words import Reader, direction_of
from kb.services.citing import Place
from kb.services.packing.book import PARTICIPANTS, TRAINER, Book, Row, Section
from kb.services.packing.texts import pictures_of, stamp_of, text_of_case, text_of_pack
from kb.services.packs import ReadPack
from kb.settings import Settings
from kb.translation import gettext as _
from kb.translation import speaking

#: The day that a pack which has none was last changed; files must carry one.
LONG_AGO = date(2020, 1, 1)


def book_of(pack: ReadPack, library: Library, settings: Settings) -> Book:
    """The book of a pack, with the teaching notes where the pack is read with them.

    Its words are those of the pack's language.
    """
    with speaking(pack.lang, words_in(pack.lang)):
        return _book(pack, library, settings)


def _book(read: ReadPack, library: Library, settings: Settings) -> Book:
    pack, origin = read.pack, settings.origin
    reader = Reader(read.lang, library.vocabularies)
    body = rendered(pack.body, (), read.lang, origin)
    texts = {item.number: text_of(item, origin) for item in read.items if item.shown}
    names = [name for text in (body, *texts.values()) for name in pictures_in(text)]
    pictures = pictures_of(library, names)
    named = {name: picture.name for name, picture in pictures.items()}
    made = Making(reader, Place(settings.site_name, origin), named)
    day = read.updated or LONG_AGO
    return Book(
        slug=read.key.slug,
        lang=read.lang,
        direction=direction_of(read.lang),
        title=pack.title or read.key.slug,
        summary=pack.summary,
        url=f"{origin}{path_of(read.key)}",
        site=settings.site_name,
        home=f"{origin}/",
        edition=TRAINER if read.notes else PARTICIPANTS,
        revision=read.revision,
        stamp=stamp_of(read, settings),
        made=day,
        audience=pack.audience,
        level=_level(pack.level),
        duration=pack.duration or lasting(read.minutes, reader),
        minutes=read.minutes,
        version=_(
            "Version %(revision)s of %(day)s",
            revision=read.revision,
            day=reader.date(day.isoformat()),
        ),
        provenance=_(
            "From %(site)s, where all cases can be read, searched and corrected: %(url)s",
            site=settings.site_name,
            url=f"{origin}/",
        ),
        prerequisites=pack.prerequisites,
        objectives=pack.objectives,
        curators=pack.curators,
        licence=licence(read.front),
        forked_from=_origin(read, library, origin),
        introduction=prose(body.whole, Surroundings("introduction", origin, named)),
        sections=tuple(
            Section(
                id=f"part-{number}",
                number=number,
                title=section.title,
                intro=section.intro,
                minutes=section.minutes,
                label=_("Part %(number)s", number=number),
                time=lasting(section.minutes, reader),
                chapters=tuple(
                    chapter(item, texts.get(item.number), made, text_of_case(library, read, item))
                    for item in section.items
                ),
            )
            for number, section in enumerate(read.sections, 1)
        ),
        markdown=text_of_pack(library, read),
        words=book_words(),
        pictures=tuple({picture.name: picture for picture in pictures.values()}.values()),
    )


def path_of(key: Key) -> str:
    """The path of a pack or of its translation."""
    path = f"/packs/{quote(key.slug)}"
    return f"{path}/{quote(key.lang)}" if key.lang else path


def _level(level: str) -> str:
    told = {
        "introductory": _("introductory"),
        "intermediate": _("intermediate"),
        "advanced": _("advanced"),
    }
    return told.get(level, "")


def _origin(read: ReadPack, library: Library, origin: str) -> Row | None:
    """The pack that this one was made from."""
    if read.pack.origin is None:
        return None
    key = Key("pack", read.pack.origin.slug)
    record = library.get(key)
    title = str(record["front"].get("title") or "") if record else ""
    return Row(title or key.slug, read.pack.origin.revision, url=f"{origin}{path_of(key)}")
