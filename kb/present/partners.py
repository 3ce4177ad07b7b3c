"""With whom an organisation worked, in which role, and on what terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from indexer.hits import Hit
from indexer.query import Query
from kb.pieces.browsing import Deal, PartnerRow, Partnership
from kb.pieces.charts import AnyChart
from kb.pieces.common import Link
from kb.present.charts import Datum, bars
from kb.present.links import case_url, search_url, term_url
from kb.present.words import Reader
from kb.services.browsing import TermReading
from kb.services.partners import Partner, Partners
from kb.translation import gettext as _
from kb.translation import ngettext

MOST_AMOUNTS = 3  # of one case; the others are on its page


def partnership(view: TermReading, query: Query, reader: Reader) -> Partnership | None:
    """Those who took part in the same cases, and the terms of the newest of these cases."""
    found = view.whole.partners if view.whole else None
    if found is None or not view.results.total:
        return None
    number = reader.number(found.others)
    deals = tuple(_deals(view.results.hits, view.term.id, reader))
    shown = reader.number(len(deals))
    return Partnership(
        told=ngettext(
            "%(count)s organisation took part in the same cases.",
            "%(count)s organisations took part in the same cases; those with the most come first.",
            found.others,
            count=number,
        ),
        partners=tuple(_row(partner, query, reader) for partner in found.with_most),
        deals=deals,
        deals_told=""
        if view.results.pages == 1
        else _("The newest %(count)s of the cases.", count=shown),
    )


def role_charts(found: Partners, reader: Reader) -> Iterator[AnyChart]:
    """What the organisation did, and how it gave money, in how many cases."""
    if found.roles:
        yield _bars("by-role", _("Its role"), "roles", found.roles, reader)
    if found.paid:
        yield _bars("by-paid", _("How it gave money"), "instruments", found.paid, reader)


def _bars(
    id: str, title: str, vocabulary: str, counts: Mapping[str, int], reader: Reader
) -> AnyChart:
    order = sorted(counts, key=lambda one: (-counts[one], one))
    data = [Datum(reader.label(vocabulary, one), counts[one]) for one in order]
    return bars(id, title, data, reader, heads=(title, _("Cases")))


def _row(partner: Partner, query: Query, reader: Reader) -> PartnerRow:
    both = query.with_value("organisation", partner.id)
    both = both.replace(modes=(("organisation", "all"),))
    return PartnerRow(
        organisation=Link(
            reader.label("organisations", partner.id), term_url("organisation", partner.id)
        ),
        cases=Link(reader.number(partner.cases), search_url(both)),
        roles=reader.listed(_roles(partner.roles, reader)),
    )


def _roles(roles: Mapping[str, int], reader: Reader) -> Iterator[str]:
    for role in sorted(roles, key=lambda one: (-roles[one], one)):
        label = reader.label("roles", role)
        number = reader.number(roles[role])
        yield _("%(role)s (%(count)s)", role=label, count=number) if len(roles) > 1 else label


def _deals(hits: Iterable[Hit], organisation: str, reader: Reader) -> Iterator[Deal]:
    for hit in hits:
        front = hit.record["front"]
        roles = [one["role"] for one in _rows(front, "organisations")
                 if one.get("org") == organisation and one.get("role")]  # fmt: skip
        yield Deal(
            case=Link(
                hit.title,
                case_url(hit.key.slug, hit.key.lang),
                lang=hit.key.lang or str(front.get("lang") or "en"),
            ),
            role=reader.listed(reader.labels("roles", dict.fromkeys(roles))),
            modality=reader.listed(reader.labels("modality", front.get("modality") or ())),
            money=tuple(_money(one, reader) for one in _rows(front, "funding")[:MOST_AMOUNTS]),
        )


def _money(funding: Mapping[str, Any], reader: Reader) -> str:
    """An amount with its currency and year, how it was given, and by whom."""
    parts = [reader.money(funding), str(funding.get("year") or funding.get("year_note") or "")]
    if funding.get("instrument"):
        parts.append(reader.label("instruments", funding["instrument"]))
    if funding.get("by"):
        parts.append(_("by %(who)s", who=reader.label("organisations", funding["by"])))
    return reader.listed(part for part in parts if part)


def _rows(front: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    rows = front.get(field)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
