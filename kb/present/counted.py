"""The charts that pages share: cases by facet, outcome, evidence, tone and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexer.query import Query
from kb.pieces.charts import Bars, Columns
from kb.pieces.common import Mark
from kb.present.charts import Datum, bars, columns
from kb.present.filters import VOCABULARY, facet_title, value_label
from kb.present.links import search_url, term_url
from kb.present.words import Reader
from kb.services.browsing import SHELF_OF_FACET
from kb.services.judging import outcomes_by_tone
from kb.translation import gettext as _


def by_facet(
    facet: str,
    counts: Mapping[str, int],
    query: Query,
    reader: Reader,
    *,
    total: int,
    title: str = "",
    ids: Iterable[str] | None = None,
    note: str = "",
    name: str = "",
) -> Bars:
    """Bars of the cases of `query` by the values of a facet, the most first, or those of `ids`.

    Values without a case are drawn where `ids` names them. `name` tells it from other charts of
    the same facet.
    """
    order = list(ids) if ids is not None else sorted(counts, key=lambda id_: (-counts[id_], id_))
    tones = _tones(reader) if facet == "outcome" else {}
    data = [
        Datum(
            value_label(facet, id_, reader),
            counts.get(id_, 0),
            search_url(query.with_value(facet, id_)),
            term_url(facet, id_) if facet in SHELF_OF_FACET else "",
            tones.get(id_, ""),
        )
        for id_ in order
    ]
    title, heads = title or facet_title(facet), (facet_title(facet), _("Cases"))
    id_ = f"by-{name or facet}"
    return bars(id_, title, data, reader, heads=heads, note=note, total=total)


def by_year(counts: Mapping[int, int], query: Query, reader: Reader) -> Columns:
    """Columns of the cases of `query` by the years in which they were under way."""
    return columns(
        "by-year",
        _("Under way in each year"),
        counts,
        lambda year: search_url(query.replace(year_from=year, year_to=year)),
        reader,
        heads=(_("Year"), _("Cases")),
        note=_("A case counts in every year from its first to its last."),
    )


def in_order(facet: str, reader: Reader) -> tuple[str, ...]:
    """The values of a facet in the order of its vocabulary."""
    return tuple(reader.vocabularies[VOCABULARY[facet]])


def tone_marks(reader: Reader) -> tuple[tuple[tuple[str, ...], Mark], ...]:
    """The outcomes of each tone with their names as one mark; tones without one left out."""
    return tuple(
        (ids, Mark(reader.listed(reader.labels("outcomes", ids)), tone))
        for tone, ids in outcomes_by_tone(reader.vocabularies).items()
        if ids
    )


def _tones(reader: Reader) -> dict[str, str]:
    by_tone = outcomes_by_tone(reader.vocabularies)
    return {id_: tone for tone, ids in by_tone.items() for id_ in ids}
