"""The fact box of a case: place, time, outcome, money, partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_name

from kb.pieces.case import Fact, Grant
from kb.pieces.common import Link
from kb.present.figures import references
from kb.present.links import term_url
from kb.present.words import Reader, outcome_mark, period, sentence
from kb.translation import gettext as _

Front = Mapping[str, Any]


def fact_box(front: Front, reader: Reader, lang: str = "") -> tuple[Fact, ...]:
    """The rows that have something to tell, in their fixed order; `lang` is that of the case."""
    grants = tuple(
        _grant(row, reader, lang or reader.lang, place)
        for place, row in enumerate(front.get("funding") or (), 1)
    )
    rows = [
        Fact(_("Where"), _places(front, reader), inline=True),
        Fact(_("When"), _when(front, lang)),
        Fact(_("Outcome"), (), mark=outcome_mark(front, reader)),
        Fact(_("Evidence"), _plain(_joined("evidence", front.get("evidence"), reader))),
        Fact(_("Cooperation"), _plain(_joined("modality", front.get("modality"), reader))),
        Fact(_("Funding"), (), grants=grants),
        *_partners(front, reader, lang),
        Fact(_("Themes"), _terms("theme", "themes", front.get("themes"), reader), inline=True),
        Fact(
            _("Technology"),
            _terms("technology", "technologies", front.get("technologies"), reader),
            inline=True,
        ),
        Fact(
            _("For whom"),
            _terms("beneficiary", "beneficiaries", front.get("beneficiaries"), reader),
            inline=True,
        ),
        Fact(_("Ask"), _contact(front, lang)),
        Fact(_("Last checked"), _plain(_checked(front, reader))),
    ]
    return tuple(row for row in rows if row.values or row.mark or row.grants)


def _plain(text: str) -> tuple[Link, ...]:
    return (Link(text),) if text else ()


def _joined(vocabulary: str, ids: Sequence[str] | None, reader: Reader) -> str:
    return sentence(reader.listed(reader.labels(vocabulary, ids or ())))


def _terms(
    facet: str, vocabulary: str, ids: Sequence[str] | None, reader: Reader
) -> tuple[Link, ...]:
    return tuple(Link(reader.label(vocabulary, id_), term_url(facet, id_)) for id_ in ids or ())


def _places(front: Front, reader: Reader) -> tuple[Link, ...]:
    countries = _terms("country", "countries", front.get("countries"), reader)
    return countries + _terms("region", "regions", front.get("regions"), reader)


def _when(front: Front, lang: str) -> tuple[Link, ...]:
    """The span of time in the reader's words, and what the case says of it in its own."""
    span = front.get("period") or {}
    notes = [str(span.get(name) or "") for name in ("start_note", "end_note")]
    told = [Link(sentence(period(front)))] if period(front) else []
    return (*told, *(Link(note, lang=lang) for note in notes if note))


def _grant(row: Front, reader: Reader, lang: str, place: int) -> Grant:
    by, currency = str(row.get("by") or ""), str(row.get("currency") or "")
    year, note = row.get("year"), str(row.get("year_note") or "")
    return Grant(
        amount=reader.number(row["amount"]) if row.get("amount") is not None else "",
        currency=currency if row.get("amount") is not None else "",
        currency_name=currency_name(currency, reader),
        when=str(year) if year else note or _("year not stated"),
        when_lang=lang if note and not year else "",
        by=Link(reader.label("organisations", by), term_url("organisation", by))
        if by
        else Link(""),
        instrument=reader.label("instruments", row["instrument"]) if row.get("instrument") else "",
        note=str(row.get("note") or ""),
        lang=lang,
        sources=references(row, place, "funding"),
    )


def currency_name(code: str, reader: Reader) -> str:
    """What a currency is called in the reader's language, "" where nobody knows its code."""
    known = code in get_global("all_currencies")
    return get_currency_name(code, locale=reader.locale) if known else ""


def _partners(front: Front, reader: Reader, lang: str) -> list[Fact]:
    """One row per role, in the order of the vocabulary of roles."""
    by_role: dict[str, list[Link]] = {}
    for row in front.get("organisations") or ():
        org = row.get("org")
        link = (
            Link(reader.label("organisations", org), term_url("organisation", org))
            if org
            else Link(str(row.get("name") or ""), lang=lang)
        )
        by_role.setdefault(str(row.get("role") or "partner"), []).append(link)
    order = [*reader.vocabularies.roles, *by_role]
    roles = sorted(by_role, key=order.index)
    return [Fact(reader.label("roles", role), tuple(by_role[role])) for role in roles]


def _contact(front: Front, lang: str) -> tuple[Link, ...]:
    contact = front.get("contact") or {}
    label = ", ".join(str(contact[key]) for key in ("name", "role") if contact.get(key))
    url = str(contact.get("url") or "")
    return (Link(label or url, web_address(url), lang=lang),) if label or url else ()


def _checked(front: Front, reader: Reader) -> str:
    checked = front.get("checked") or {}
    day, due = reader.date(checked.get("date")), reader.date(front.get("review_by"))
    if day and due:
        return _("%(day)s, due again on %(due)s", day=day, due=due)
    return day or (_("due on %(due)s", due=due) if due else "")


def web_address(text: str) -> str:
    """The text when it is an address on the web, else "": no other scheme becomes a link."""
    return text if text.lower().startswith(("http://", "https://")) else ""
