"""The page of a pack: what one learns, the plan, and each case with what to look for."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from kb.pages.packs import PackPage
from kb.pieces.common import Link
from kb.pieces.packs import Curator, PlanItem, PlanSection, Told
from kb.pieces.reading import Part
from kb.present.case import rendered
from kb.present.facts import web_address
from kb.present.linked_data import LICENCES
from kb.present.links import absolute, case_url, compare_url, oembed_url, pack_url
from kb.present.pack_data import pack_data
from kb.present.pack_words import cases_of, clock, lasting, level_label
from kb.present.packing import forms_of
from kb.present.words import Reader, direction_of, outcome_mark, own_name, period, places
from kb.services.packing.book import TRAINER
from kb.services.packs import ReadItem, ReadPack
from kb.services.reading import Reading
from kb.translation import gettext as _


class Place(NamedTuple):
    """Where a pack is read: the path of its pages, and whether that is a secret."""

    path: str
    secret: bool = False


def place_of(pack: ReadPack) -> Place:
    """Where a public pack is read."""
    return Place(pack_url(pack.key.slug, pack.key.lang))


def pack_page(pack: ReadPack, place: Place, reader: Reader) -> PackPage:
    """All that the page of a pack shows; one that is not public is not taken along."""
    told = pack.pack
    text = rendered(as_reading(pack), explaining=None)
    own = pack_url(pack.key.slug, pack.key.lang)
    return PackPage(
        title=told.title,
        canonical=absolute(own),
        lang=pack.lang,
        direction=direction_of(pack.lang),
        summary=told.summary,
        told=tuple(_told_of_pack(pack)),
        audience=told.audience,
        level=level_label(told.level),
        lasts=lasts(pack, reader),
        prerequisites=told.prerequisites,
        objectives=told.objectives,
        lead=text.lead,
        parts=tuple(Part(one.id, one.heading, one.body) for one in text.sections),
        sections=plan(pack, place, reader),
        notes=_notes(pack),
        curators=tuple(Curator(one.name, one.role, web_address(one.url)) for one in told.curators),
        origin=Link(told.origin.slug, pack_url(told.origin.slug)) if told.origin else None,
        licence=Link(told.license, LICENCES.get(told.license, "")),
        updated=reader.date(pack.updated),
        present_url=f"{place.path}/present",
        class_url=f"{place.path}/class",
        join_url=f"{place.path}/join",
        take=() if place.secret else forms_of(pack),
        take_trainer=forms_of(pack, TRAINER) if _for_trainers(pack, place) else (),
        ways=() if place.secret else _ways(own),
        translations=_translations(pack, absolutely=False),
        alternates=() if place.secret else _translations(pack, absolutely=True),
        oembed_url="" if place.secret else oembed_url(absolute(own)),
        secret=place.secret,
        linked_data={} if place.secret else pack_data(pack, reader, absolute(own)),
    )


def as_reading(pack: ReadPack) -> Reading:
    """The introduction of a pack as a text to be rendered."""
    return Reading(pack.key, pack.lang, pack.front, pack.pack.body, pack.revision)


def lasts(pack: ReadPack, reader: Reader) -> str:
    """How long the pack takes: what its curators say, else the sum of its minutes."""
    return pack.pack.duration or lasting(pack.minutes, reader)


def _ways(path: str) -> tuple[Link, ...]:
    return (
        Link(_("Show it on other pages"), f"{path}/share"),
        Link(_("Make a pack of your own from this one"), f"{path}/fork"),
        Link(_("Report a problem"), f"{path}/report"),
        Link(_("History"), f"{path}/history"),
        Link(_("Edit"), f"{path}/edit"),
    )


def _for_trainers(pack: ReadPack, place: Place) -> bool:
    """Whether there is an edition with notes for whoever reads."""
    return not place.secret and any(item.item.note for item in pack.items)


def _notes(pack: ReadPack) -> str:
    """What is said of teaching notes to whoever reads the pack."""
    if not any(item.item.note for item in pack.items):
        return ""
    if pack.pack.everyone:
        return _("The teaching notes are open to everybody.")
    return _("The teaching notes are for trainers: participants do not see them.")


def _told_of_pack(pack: ReadPack) -> list[Told]:
    told = []
    if pack.draft is not None:
        told.append(Told(_("This pack is not public. Whoever has its address can read it.")))
    if pack.behind:
        way = Link(_("Read the original"), pack_url(pack.key.slug))
        told.append(
            Told(_("The original has changed since this translation was made."), (way,), True)
        )
    return told


# The plan ---------------------------------------------------------------------------------------


def plan(pack: ReadPack, place: Place, reader: Reader) -> tuple[PlanSection, ...]:
    """The parts of a pack with their cases, each at its time since the beginning."""
    minutes = [item.item.minutes or 0 for item in pack.items]
    begins = dict(zip((i.number for i in pack.items), accumulate([0, *minutes]), strict=False))
    timed = sum(minutes) > 0
    return tuple(
        PlanSection(
            id=f"part-{number}",
            title=section.title,
            intro=section.intro,
            minutes=lasting(section.minutes, reader),
            count=cases_of(len(section.items)),
            first=str(section.items[0].number if section.items else 1),
            items=tuple(
                plan_item(item, pack, place, reader, clock(begins[item.number]) if timed else "")
                for item in section.items
            ),
        )
        for number, section in enumerate(pack.sections, 1)
    )


def plan_item(
    item: ReadItem, pack: ReadPack, place: Place, reader: Reader, begins: str = ""
) -> PlanItem:
    """A case in its place in the pack."""
    front = item.front
    facts = (places(front, reader), period(front)) if front else ()
    return PlanItem(
        id=f"case-{item.number}",
        number=reader.number(item.number),
        title=item.title,
        url=f"{place.path}/{item.number}" if item.shown else "",
        lang=item.lang or pack.lang,
        direction=direction_of(item.lang or pack.lang),
        begins=begins,
        minutes=lasting(item.item.minutes or 0, reader),
        summary=str(front.get("summary") or ""),
        facts=tuple(fact for fact in facts if fact),
        outcome=outcome_mark(front, reader) if front else None,
        told=tuple(told_of(item, pack, reader)),
        questions=item.item.questions,
        note=item.item.note,
    )


def told_of(item: ReadItem, pack: ReadPack, reader: Reader) -> list[Told]:
    """What is to be known of the text of an item before it is relied on."""
    case = case_url(item.key.slug, item.key.lang)
    gone = {
        "withdrawn": _("This case was withdrawn: its text is not shown any more."),
        "archived": _("This case was archived."),
        "removed": _("This case has left the library; the pack keeps its text."),
        "missing": _("There is no such case in the library any more."),
    }
    if item.state:
        reason = f" {item.reason}" if item.reason else ""
        return [Told(gone[item.state] + reason, (), True)]
    told = []
    if item.changed:
        told.append(_changed(item, case, reader))
    elif item.item.pinned and item.as_of:
        told.append(Told(_("In the text of %(day)s.", day=_day(item, reader))))
    if item.translation:
        way = Link(
            reader.language(item.translation),
            case_url(item.key.slug, item.translation),
            lang=item.translation,
        )
        told.append(Told(_("This case can also be read in the language of the pack:"), (way,)))
    if item.behind:
        told.append(Told(_("This translation is behind its original."), (), True))
    return told


def _day(item: ReadItem, reader: Reader) -> str:
    return reader.date(item.as_of)


def _changed(item: ReadItem, case: str, reader: Reader) -> Told:
    """That the case has changed since the text that the pack uses."""
    day = _day(item, reader)
    ways = (
        Link(_("See what changed"), compare_url(case, item.revision, item.newest)),
        Link(_("Read the newest text"), case),
    )
    if not day:
        return Told(_("The case has changed since the text that this pack uses."), ways)
    return Told(_("In the text of %(day)s. The case has changed since.", day=day), ways)


def _translations(pack: ReadPack, absolutely: bool) -> tuple[Link, ...]:
    """The languages of the pack; none when there is one only."""
    if len(pack.languages) < 2:
        return ()
    links = []
    for code, lang in pack.languages:
        url = pack_url(pack.key.slug, code)
        url = absolute(url) if absolutely else url
        links.append(Link(own_name(lang), url, current=code == pack.key.lang, lang=lang))
    return tuple(links)
