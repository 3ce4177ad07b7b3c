"""The questions of a pack, to be answered for oneself: what is written stays in one's browser."""

from __future__ import annotations

import hashlib

from kb.pages.packs import ClassPage
from kb.pieces.packs import Asked, AskedOf
from kb.present.pack import Place
from kb.present.words import direction_of
from kb.services.packs import ReadItem, ReadPack


def class_page(pack: ReadPack, place: Place) -> ClassPage:
    """The questions of a pack by its cases, in their order."""
    asked = (_asked_of(item, pack, place) for item in pack.items)
    return ClassPage(
        title=pack.pack.title,
        summary=pack.pack.summary,
        lang=pack.lang,
        direction=direction_of(pack.lang),
        pack_url=place.path,
        name=f"sankofa.class.{hashlib.sha256(place.path.encode()).hexdigest()[:12]}",
        asked=tuple(one for one in asked if one.questions),
    )


def _asked_of(item: ReadItem, pack: ReadPack, place: Place) -> AskedOf:
    lang = item.lang or pack.lang
    return AskedOf(
        title=item.title,
        url=f"{place.path}/{item.number}" if item.shown else "",
        lang=lang,
        direction=direction_of(lang),
        questions=tuple(_asked(text, item) for text in item.item.questions),
    )


def _asked(text: str, item: ReadItem) -> Asked:
    """A question under a name that stays when the pack is put into another order."""
    told = f"{item.item.case}\0{text}"
    return Asked(f"q-{hashlib.sha256(told.encode()).hexdigest()[:12]}", text)
