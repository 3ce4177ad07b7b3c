"""How packs are spoken of: how long they take, for whom, how hard."""

from __future__ import annotations

from collections.abc import Iterable

from babel.units import format_unit

from kb.pieces.common import Link
from kb.present.links import pack_url
from kb.present.words import Reader
from kb.services.packs import PackCard
from kb.translation import gettext as _
from kb.translation import ngettext

HOUR = 60


def lasting(minutes: int, reader: Reader) -> str:
    """A number of minutes in words, "" for none: 3 hours 5 minutes."""
    hours, rest = divmod(max(0, minutes), HOUR)
    told = ((hours, "duration-hour"), (rest, "duration-minute"))
    return " ".join(format_unit(n, unit, locale=reader.locale) for n, unit in told if n)


def clock(minutes: int) -> str:
    """The time since the beginning: 0:25."""
    return f"{minutes // HOUR}:{minutes % HOUR:02d}"


def iso_duration(minutes: int) -> str:
    """A number of minutes as ISO 8601 writes them, "" for none: PT3H5M."""
    hours, rest = divmod(minutes, HOUR)
    told = (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
    return f"PT{told}" if told else ""


def level_label(level: str) -> str:
    """The name of a level, "" for none."""
    known = {
        "introductory": _("Introductory"),
        "intermediate": _("Intermediate"),
        "advanced": _("Advanced"),
    }
    return known.get(level, level)


def length_label(length: str) -> str:
    """The name of a class of durations."""
    known = {
        "hour": _("Up to an hour"),
        "half-day": _("Up to half a day"),
        "day": _("Up to a day"),
        "longer": _("Longer"),
    }
    return known.get(length, length)


def cases_of(number: int) -> str:
    """How many cases a pack holds."""
    return ngettext("%(num)s case", "%(num)s cases", number)


def facts_of(card: PackCard, reader: Reader) -> tuple[str, ...]:
    """How many cases, how long, how hard."""
    told = (cases_of(card.cases), lasting(card.minutes, reader), level_label(card.level))
    return tuple(fact for fact in told if fact)


def pack_links(cards: Iterable[PackCard], reader: Reader) -> tuple[Link, ...]:
    """Packs as links, each with its facts beside it."""
    return tuple(
        Link(
            card.title,
            pack_url(card.key.slug, card.key.lang),
            note=" · ".join(facts_of(card, reader)),
            lang=card.lang,
        )
        for card in cards
    )
