"""The library in figures: what there is, how it went, how it is known, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.query import Query
from indexer.vocabulary import Term
from kb.pages.browsing import InsightPage
from kb.pieces.browsing import Gap, Section
from kb.pieces.charts import Bars, Dots, Stacked
from kb.pieces.common import Link
from kb.present.charts import Datum, Share, Sum, dots, stacked, two_sides
from kb.present.counted import by_facet, by_year, in_order, tone_marks
from kb.present.failing import failing
from kb.present.filters import facet_title
from kb.present.gapped import gap
from kb.present.links import absolute, map_url, matrix_url, search_url, term_url
from kb.present.words import Reader
from kb.present.world import small_map
from kb.services.insight import Insight
from kb.services.judging import strong_evidence
from kb.services.missing import continents, groups, smaller_areas
from kb.translation import gettext as _
from kb.translation import ngettext

ALL = Query()


def insight_page(view: Insight, reader: Reader) -> InsightPage:
    """All that the page of figures shows."""
    return InsightPage(
        title=_("The library in figures"),
        canonical=absolute("/insight"),
        intro=_("What there are cases of, how they went, how well that is known, and where there"
                " are none. Each number leads to the cases that it counts."),
        counts=tuple(_totals(view, reader)),
        sections=(
            _about(view, reader),
            _went(view, reader),
            _known(view, reader),
            _together(view, reader),
            _gaps(view, reader),
        ) if view.total else (),
    )  # fmt: skip


def _totals(view: Insight, reader: Reader) -> Iterator[Link]:
    yield Link(ngettext("case", "cases", view.total), "/search", reader.number(view.total))
    country, theme, organisation = (
        len(view.counts[facet]) for facet in ("country", "theme", "organisation")
    )
    yield Link(ngettext("country", "countries", country), "/countries", reader.number(country))
    yield Link(ngettext("theme", "themes", theme), "/themes", reader.number(theme))
    label = ngettext("organisation", "organisations", organisation)
    yield Link(label, "/organisations", reader.number(organisation))


def _about(view: Insight, reader: Reader) -> Section:
    """What the cases are about, where and when they took place."""
    vocabularies = reader.vocabularies
    return Section(
        id="about",
        title=_("What, where and when"),
        told=_("A case counts in each of its themes and regions, so that the numbers of a figure"
               " may add up to more than all cases."),
        map=small_map(view.counts["country"], reader, title=_("Where the cases took place"),
                      url=map_url(ALL)),
        charts=two_sides([
            _bars("theme", _("Cases by theme"), reader.vocabularies.themes.values(), view, reader),
            by_year(view.years, ALL, reader),
            _bars("region", _("Cases by region"), continents(vocabularies), view, reader),
            _bars("region", _("Cases by smaller region"), smaller_areas(vocabularies), view,
                  reader, name="areas"),
        ]),
        ways=(
            Link(_("Map"), map_url(ALL)),
            Link(_("Themes by region"), matrix_url(ALL, "theme", "region")),
        ),
    )  # fmt: skip


def _bars(
    facet: str, title: str, terms: Iterable[Term], view: Insight, reader: Reader, *, name: str = ""
) -> Bars:
    """Bars of some terms of a facet, those with the most cases first, those without any last."""
    counts = view.counts[facet]
    ids = sorted((term.id for term in terms), key=lambda id_: (-counts.get(id_, 0), id_))
    return by_facet(facet, counts, ALL, reader, total=view.total, title=title, ids=ids, name=name)


def _went(view: Insight, reader: Reader) -> Section:
    """How the cases went, what did not work by theme, and what was learned from it."""
    return Section(
        id="outcomes",
        title=_("How it went"),
        told=_("What ended or failed is told with the same care as what worked."),
        charts=two_sides([
            by_facet("outcome", view.counts["outcome"], ALL, reader, total=view.total,
                     title=_("Cases by outcome"), ids=in_order("outcome", reader)),
            _by_tone(view, reader),
        ]),
        failing=failing(view.failing, reader),
    )  # fmt: skip


def _by_tone(view: Insight, reader: Reader) -> Stacked:
    marks = tone_marks(reader)
    rows = []
    for id_ in _themes_with_cases(view):
        theme = ALL.with_value("theme", id_)
        parts = tuple(
            Datum(
                mark.label,
                view.tones.get((id_, mark.tone), 0),
                search_url(theme.replace(facets=(*theme.facets, ("outcome", outcomes)))),
                tone=mark.tone,
            )
            for outcomes, mark in marks
        )
        total = view.counts["theme"][id_]
        name = Link(reader.label("themes", id_), term_url("theme", id_))
        value = Link(reader.number(total), search_url(theme), note=name.label)
        rows.append(Sum(name, parts, value))
    return stacked(
        "tones",
        _("How it went, by theme"),
        rows,
        [mark for _outcomes, mark in marks],
        reader,
        head=facet_title("theme"),
    )


def _themes_with_cases(view: Insight) -> list[str]:
    counts = view.counts["theme"]
    return sorted(counts, key=lambda id_: (-counts[id_], id_))


def _known(view: Insight, reader: Reader) -> Section:
    """How the results are known, and of which themes they are known well."""
    strong = strong_evidence(reader.vocabularies)
    charts: list[Bars | Dots] = [
        by_facet("evidence", view.counts["evidence"], ALL, reader, total=view.total,
                 title=_("Cases by evidence, the strongest first"),
                 ids=in_order("evidence", reader))
    ]  # fmt: skip
    if strong:
        charts.append(_shares(view, strong, reader))
    return Section(
        id="evidence",
        title=_("How it is known"),
        told=_("A case may rest on several kinds of evidence, and counts in each."),
        charts=two_sides(charts),
        ways=(Link(_("Themes by evidence"), matrix_url(ALL, "theme", "evidence")),),
    )


def _shares(view: Insight, strong: tuple[str, ...], reader: Reader) -> Dots:
    """The share of each theme's cases with strong evidence, the highest first."""
    counts = view.counts["theme"]
    order = sorted(counts, key=lambda id_: (-view.strong.get(id_, 0) / counts[id_], id_))
    rows = []
    for id_ in order:
        theme = ALL.with_value("theme", id_)
        url = search_url(theme.replace(facets=(*theme.facets, ("evidence", strong))))
        name = Link(reader.label("themes", id_), term_url("theme", id_))
        rows.append(Share(name, view.strong.get(id_, 0), counts[id_], url))
    return dots(
        "strong",
        _("Where evidence is strong and where it is weak"),
        rows,
        reader,
        heads=(facet_title("theme"), _("Cases")),
        note=_("The share of cases with any of these: %(kinds)s.",
               kinds=reader.listed(reader.labels("evidence", strong))),
    )  # fmt: skip


def _together(view: Insight, reader: Reader) -> Section:
    """How countries, firms and others worked together."""
    return Section(
        id="terms",
        title=_("How they worked together"),
        told=_("A case may be of several forms of cooperation, and counts in each."),
        charts=two_sides([
            by_facet("modality", view.counts["modality"], ALL, reader, total=view.total,
                     title=_("Cases by form of cooperation"), ids=in_order("modality", reader)),
        ]),
        ways=(
            Link(_("Organisations"), "/organisations"),
            Link(_("Cooperation by region"), matrix_url(ALL, "modality", "region")),
        ),
    )  # fmt: skip


def _gaps(view: Insight, reader: Reader) -> Section:
    """What there is no case of: country groups, and themes in them."""
    return Section(
        id="missing",
        title=_("What is missing"),
        told=_("Each of these is the beginning of a case that somebody could write."),
        charts=two_sides([
            _bars("region", _("Cases by group of countries"), groups(reader.vocabularies), view,
                  reader, name="groups"),
            _covered(view, reader),
        ]),
        gaps=tuple(one for one in _missing(view, reader) if one.ways),
    )  # fmt: skip


def _covered(view: Insight, reader: Reader) -> Dots:
    """How many of the countries of each group have a case."""
    rows = [
        Share(
            Link(group.term.label(reader.lang), term_url("region", group.term.id)),
            group.countries,
            group.all_countries,
        )
        for group in view.groups
    ]
    rows.sort(key=lambda row: (-row.part / (row.whole or 1), row.label.label))
    return dots("covered", _("Countries with a case, of all countries of a group"), rows, reader,
                heads=(_("Group of countries"), _("Countries with a case")))  # fmt: skip


def _missing(view: Insight, reader: Reader) -> Iterator[Gap]:
    themes, there = reader.vocabularies.themes, view.counts["theme"]
    nothing = [term for id_, term in themes.items() if id_ not in there]
    yield gap(_("No case anywhere on these themes"), "theme", nothing, ALL, reader)
    elsewhere = [g for g in view.groups if not g.cases]
    terms = [group.term for group in elsewhere]
    yield gap(_("No case from these groups of countries"), "region", terms, ALL, reader)
    for group in view.groups:
        if group.cases:
            name = group.term.label(reader.lang)
            told = _("%(group)s: no case on these themes", group=name)
            without = [term for term in group.without if term.id in there]
            query = ALL.with_value("region", group.term.id)
            yield gap(told, "theme", without, query, reader)
