"""A case within a pack: its text as the pack names it, with the ways on and back."""

from __future__ import annotations

from kb.pages.packs import PackItemPage
from kb.pieces.common import Link
from kb.present.case import case_text, rendered
from kb.present.links import absolute, case_url
from kb.present.pack import Place, plan_item
from kb.present.taking import citations
from kb.present.words import Reader, direction_of
from kb.services.packs import ReadPack
from kb.services.reading import Reading
from kb.translation import gettext as _


def pack_item_page(pack: ReadPack, number: int, place: Place, reader: Reader) -> PackItemPage:
    """All that the page of item `number` shows, counted from 1. Raises NoSuchPack."""
    item = pack.item(number)
    case = Reading(item.key, item.lang, item.front, item.body, item.revision)
    return PackItemPage(
        title=item.title,
        canonical=absolute(case_url(item.key.slug, item.key.lang)),
        pack=Link(pack.pack.title, place.path, lang=pack.lang),
        pack_direction=direction_of(pack.lang),
        section=_section(pack, number),
        place=_("Case %(number)s of %(all)s", number=reader.number(number),
                all=reader.number(len(pack.items))),
        item=plan_item(item, pack, place, reader),
        text=case_text(case, rendered(case, explaining=reader), reader) if item.shown else None,
        cited=citations(case, reader).apa if item.shown else "",
        before=_way(pack, number - 1, place),
        after=_way(pack, number + 1, place),
        secret=place.secret,
    )  # fmt: skip


def _section(pack: ReadPack, number: int) -> str:
    """The title of the part in which an item stands."""
    return next(s.title for s in pack.sections if any(i.number == number for i in s.items))


def _way(pack: ReadPack, number: int, place: Place) -> Link | None:
    """The way to another item; None before the first and after the last."""
    if not 1 <= number <= len(pack.items):
        return None
    item = pack.item(number)
    return Link(item.title, f"{place.path}/{number}", lang=item.lang or pack.lang)
