"""The fact box of a case: place, time, outcome, money, partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.pieces.common import Link
from kb.pieces.reading import Fact
from kb.present.links import term_url
from kb.present.words import Reader, outcome_mark, period, sentence
from kb.translation import gettext as _

Front = Mapping[str, Any]


def fact_box(front: Front, reader: Reader) -> tuple[Fact, ...]:
    """The rows that have something to tell, in their fixed order."""
    rows = [
        Fact(_("Where"), _places(front, reader), inline=True),
        Fact(_("When"), _plain(_when(front))),
        Fact(_("Outcome"), (), mark=outcome_mark(front, reader)),
        Fact(_("Evidence"), _plain(_joined("evidence", front.get("evidence"), reader))),
        Fact(_("Cooperation"), _plain(_joined("modality", front.get("modality"), reader))),
        Fact(_("Funding"), tuple(_funding(row, reader) for row in front.get("funding") or ())),
        *_partners(front, reader),
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
        Fact(_("Ask"), _contact(front)),
        Fact(_("Last checked"), _plain(_checked(front, reader))),
    ]
    return tuple(row for row in rows if row.values or row.mark)


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


def _when(front: Front) -> str:
    span = front.get("period") or {}
    notes = [period(front), str(span.get("start_note") or ""), str(span.get("end_note") or "")]
    return sentence("; ".join(note for note in notes if note))


def _funding(row: Front, reader: Reader) -> Link:
    by = str(row.get("by") or "")
    words = [reader.money(row)] if row.get("amount") is not None else []
    words += [reader.label("organisations", by)] if by else []
    words += [reader.label("instruments", row["instrument"])] if row.get("instrument") else []
    when = row.get("year") or row.get("year_note")
    return Link(f"{', '.join(words)} ({when})" if when else ", ".join(words))


def _partners(front: Front, reader: Reader) -> list[Fact]:
    """One row per role, in the order of the vocabulary of roles."""
    by_role: dict[str, list[Link]] = {}
    for row in front.get("organisations") or ():
        org = row.get("org")
        link = (
            Link(reader.label("organisations", org), term_url("organisation", org))
            if org
            else Link(str(row.get("name") or ""))
        )
        by_role.setdefault(str(row.get("role") or "partner"), []).append(link)
    order = [*reader.vocabularies.roles, *by_role]
    roles = sorted(by_role, key=order.index)
    return [Fact(reader.label("roles", role), tuple(by_role[role]), inline=True) for role in roles]


def _contact(front: Front) -> tuple[Link, ...]:
    contact = front.get("contact") or {}
    label = ", ".join(str(contact[key]) for key in ("name", "role") if contact.get(key))
    url = str(contact.get("url") or "")
    return (Link(label or url, web_address(url)),) if label or url else ()


def _checked(front: Front, reader: Reader) -> str:
    checked = front.get("checked") or {}
    day, due = reader.date(checked.get("date")), reader.date(front.get("review_by"))
    if day and due:
        return _("%(day)s, due again on %(due)s", day=day, due=due)
    return day or (_("due on %(due)s", due=due) if due else "")


def web_address(text: str) -> str:
    """The text when it is an address on the web, else "": no other scheme becomes a link."""
    return text if text.lower().startswith(("http://", "https://")) else ""
