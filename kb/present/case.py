"""The page of a case: its text, its facts, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from babel.numbers import get_decimal_symbol
from flask import current_app
from flask_babel import get_locale

from indexer.headings import meaning
from kb import markup
from kb.house_markdown import Labels
from kb.pages.reading import CasePage
from kb.pieces.case import (
    Behind,
    CaseText,
    Chart,
    Fact,
    Figure,
    LineChart,
    Reference,
    Replication,
    Source,
)
from kb.pieces.common import Link
from kb.pieces.drawing import SmallMap
from kb.pieces.reading import Explained, Goal, Part, Policy
from kb.present import taking
from kb.present.facts import fact_box, web_address
from kb.present.figures import references, split_figures
from kb.present.head import case_head
from kb.present.hits import found
from kb.present.linked_data import linked_data
from kb.present.links import absolute, case_url, compare_url, term_url, ways_outside
from kb.present.pack_words import pack_links
from kb.present.taking import case_forms, citations
from kb.present.words import Reader, direction_of
from kb.present.world import small_map
from kb.services.packs import PackCard
from kb.services.reading import Reading
from kb.translation import gettext as _
from kb.translation import ngettext

FAILURE, FIGURES = "What went wrong", "Results"
Front = Mapping[str, Any]


def case_page(
    case: Reading,
    reader: Reader,
    editable: bool = False,
    wish: str = "",
    behind: int = 0,
    *,
    packs: Sequence[PackCard] = (),
) -> CasePage:
    """All that the page of a case shows; `editable` to whoever may begin a draft of it.

    `wish` is the language of the case that the reader would read first, `behind` the number of
    changes of the original that a translation does not have, 0 where that is not known, `packs`
    those that use it.
    """
    front = case.front
    path = case_url(case.key.slug, case.key.lang)
    html = rendered(case, explaining=reader)
    facts = fact_box(front, reader, case.lang)
    replications = _replications(front, reader)
    return CasePage(
        slug=case.key.slug,
        title=str(front.get("title") or case.key.slug),
        canonical=absolute(path),
        lang=case.lang,
        direction=_direction(case),
        crumbs=_crumbs(front, reader),
        summary=str(front.get("summary") or ""),
        contents=_contents(case, html, packs),
        text=case_text(case, html, reader, facts, replications),
        facts=facts,
        goals=_goals(front, reader),
        action_lines=_action_lines(front, reader),
        replications=replications,
        map=_map(front, reader),
        policies=tuple(_policy(row, reader) for row in front.get("policies") or ()),
        similar=found(case.similar, reader),
        elsewhere=found(case.elsewhere, reader),
        citation=citations(case, reader),
        forms=case_forms(path),
        translations=_translations(case, reader, absolutely=False),
        alternates=_translations(case, reader, absolutely=True),
        offer=_offer(case, reader, wish),
        behind=_behind(case, behind),
        overdue=_overdue(case, reader),
        report_url=f"{path}/report",
        history_url=f"{path}/history",
        edit_url=f"{path}/edit" if editable else "",
        compare_url=taking.compare_url(case.key.slug),
        outside=ways_outside(case.key, editable),
        packs=pack_links(packs, reader),
        machines=case_head(case, reader, absolute(path)),
        linked_data=linked_data(case, reader, absolute(path)),
    )


def case_text(
    case: Reading,
    html: markup.Rendered,
    reader: Reader,
    facts: tuple[Fact, ...] = (),
    replications: tuple[Replication, ...] = (),
) -> CaseText:
    """What is read of a case; its sources also lead back to those `facts` and `replications`.

    `html` is its body as `rendered` gives it.
    """
    charts, figures = split_figures(case.front.get("results") or (), reader, case.lang)
    parts = tuple(_part(section, case.lang) for section in html.sections)
    uses = _uses(facts, charts, figures, replications)
    return CaseText(
        lang=case.lang,
        direction=_direction(case),
        lead=html.lead,
        parts=parts,
        footnotes=html.footnotes,
        charts=charts,
        figures=figures,
        figures_apart=not any(part.figures for part in parts),
        sources=sources_of(case.front, html.references, uses),
        terms=tuple(explained(id_, case.lang, reader) for id_ in html.terms),
    )


def _direction(case: Reading) -> str:
    """The direction of a case whose language is told, else what its letters say."""
    return direction_of(case.lang) if case.key.lang or case.front.get("lang") else "auto"


def rendered(
    reading: Reading, explaining: Reader | None = None, draft: str = ""
) -> markup.Rendered:
    """The body of a document as clean HTML, with terms marked that are explained to a reader.

    `draft` is the token of the draft that it is a text of, "" for what is public: only those who
    may see the draft see its pictures.
    """
    ids = tuple(str(source.get("id")) for source in reading.front.get("sources") or ())
    host = urlsplit(current_app.config["ORIGIN"]).hostname or ""
    find = explaining.vocabularies.finder(reading.lang) if explaining else None
    return markup.render(reading.body, ids, host, labels(get_locale()), find, draft=draft)


def labels(locale: Locale | None) -> Labels:
    """The words that are put around a text, and the decimal point of a locale."""
    return Labels(
        source=_("Source {}"),
        table=_("Table"),
        back=_("Back to footnote {} in the text"),
        kilobytes=_("PDF, {} KB"),
        megabytes=_("PDF, {} MB"),
        point=get_decimal_symbol(locale),
    )


def explained(id_: str, lang: str, reader: Reader) -> Explained:
    """A term of the glossary as a text in `lang` calls it."""
    term = reader.vocabularies.glossary[id_]
    expansion = str(term.extra.get("expansion") or "")
    label = term.label(lang)
    return Explained(id_, label, "" if expansion == label else expansion, term.definition)


def _part(section: markup.Section, lang: str) -> Part:
    told = meaning(section.title, lang)
    return Part(
        section.id, section.heading, section.body,
        failure=told == FAILURE, figures=told == FIGURES,
    )  # fmt: skip


def _crumbs(front: Front, reader: Reader) -> tuple[Link, ...]:
    """Region, lead country, first theme: the ways in which people come to look around."""
    crumbs = []
    countries = front.get("countries") or ()
    regions = list(front.get("regions") or ())[:1]
    if countries:
        regions = list(home_region(countries[0], reader))
    crumbs += [Link(reader.label("regions", id_), term_url("region", id_)) for id_ in regions]
    crumbs += [
        Link(reader.label("countries", code), term_url("country", code)) for code in countries[:1]
    ]
    crumbs += [
        Link(reader.label("themes", id_), term_url("theme", id_))
        for id_ in (front.get("themes") or ())[:1]
    ]
    return tuple(crumbs)


def home_region(country: str, reader: Reader) -> tuple[str, ...]:
    """The smallest region of the map that holds the country, groups of countries apart."""
    tree = reader.vocabularies.regions
    ids = [
        id_
        for id_ in reader.vocabularies.regions_of([country])
        if not tree[id_].extra.get("overlay")
    ]
    return (max(ids, key=lambda id_: len(tree.ancestors(id_))),) if ids else ()


def _action_lines(front: Front, reader: Reader) -> tuple[Goal, ...]:
    return tuple(
        Goal(id_, reader.label("action_lines", id_), term_url("action_line", id_), "")
        for id_ in front.get("action_lines") or ()
    )


def _goals(front: Front, reader: Reader) -> tuple[Goal, ...]:
    goals = []
    for row in front.get("sdgs") or ():
        number, why = (row.get("goal"), row.get("why")) if isinstance(row, Mapping) else (row, "")
        id_ = str(number)
        goals.append(Goal(id_, reader.label("sdgs", id_), term_url("sdg", id_), str(why or "")))
    return tuple(goals)


def _replications(front: Front, reader: Reader) -> tuple[Replication, ...]:
    return tuple(
        Replication(
            place=_country(str(row.get("country") or ""), reader),
            when=str(row.get("year") or row.get("year_note") or ""),
            note=str(row.get("note") or ""),
            sources=references(row, place, "again"),
        )
        for place, row in enumerate(front.get("replications") or (), 1)
    )


def _map(front: Front, reader: Reader) -> SmallMap | None:
    """Where it was done, and where it was done again; None where it was not."""
    own = dict.fromkeys(front.get("countries") or (), 1)
    again = {str(row.get("country")) for row in front.get("replications") or ()} - {*own, "None"}
    if not again:
        return None
    title, key = _("Where it was done"), (_("this case"), _("done again"))
    return small_map({**own, **dict.fromkeys(again, 1)}, reader, title=title, rings=again, key=key)


def _country(code: str, reader: Reader) -> Link:
    return Link(reader.label("countries", code), term_url("country", code)) if code else Link("")


def _policy(row: Front, reader: Reader) -> Policy:
    facts = [
        reader.label("countries", str(row["country"])) if row.get("country") else "",
        str(row.get("year") or ""),
    ]
    return Policy(
        title=str(row.get("title") or ""),
        url=web_address(str(row.get("url") or "")),
        kind=reader.label("policy_kinds", str(row["kind"])) if row.get("kind") else "",
        facts=", ".join(fact for fact in facts if fact),
    )


def sources_of(
    front: Front,
    backs: Mapping[str, tuple[str, ...]],
    uses: Sequence[tuple[str, Sequence[Reference]]] = (),
) -> tuple[Source, ...]:
    """The numbered sources, each with the places in the text, and outside, that refer to it."""
    return tuple(
        Source(
            id=str(row.get("id")),
            title=str(row.get("title") or row.get("url") or ""),
            url=web_address(str(row.get("url") or "")),
            publisher=str(row.get("publisher") or ""),
            year=str(row.get("year") or ""),
            backs=backs.get(str(row.get("id")), ()),
            uses=_cited(str(row.get("id")), uses),
        )
        for row in front.get("sources") or ()
    )


def _cited(
    source: str, uses: Sequence[tuple[str, Sequence[Reference]]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Where a source is referred to outside of the text: the name of the place and the ids."""
    found = ((label, tuple(one.id for one in some if one.source == source)) for label, some in uses)
    return tuple((label, ids) for label, ids in found if ids)


def _uses(
    facts: Iterable[Fact],
    charts: Iterable[Chart],
    figures: Iterable[Figure],
    replications: Iterable[Replication],
) -> tuple[tuple[str, Sequence[Reference]], ...]:
    """The references outside of the text, by the places in which they stand."""
    drawn = [one for chart in charts for one in chart_references(chart)]
    told = [one for figure in figures for one in figure.sources]
    return (
        (_("Funding"), [one for fact in facts for grant in fact.grants for one in grant.sources]),
        (_("Figures"), [*drawn, *told]),
        (_("Replications"), [one for row in replications for one in row.sources]),
    )


def chart_references(chart: Chart) -> tuple[Reference, ...]:
    """The references that stand in a chart."""
    if isinstance(chart, LineChart):
        return chart.sources
    return tuple(one for bar in chart.bars for one in bar.sources)


def _contents(case: Reading, text: markup.Rendered, packs: Iterable[PackCard]) -> tuple[Link, ...]:
    """The headings of the page in their order, those of the text in its own language."""
    front = case.front
    behind_it = (
        (_("Done again elsewhere"), "again", front.get("replications")),
        (_("Laws and policies behind it"), "policies", front.get("policies")),
        (_("Sources"), "sources", front.get("sources")),
        (_("Cite this case"), "cite", True),
        (_("In these packs"), "packs", packs),
        (_("Similar cases"), "similar", case.similar),
        (_("The same problem in other regions"), "elsewhere", case.elsewhere),
    )
    return (
        *(Link(part.title, f"#{part.id}", lang=case.lang) for part in text.sections),
        *(Link(label, f"#{id_}") for label, id_, there in behind_it if there),
    )


def _offer(case: Reading, reader: Reader, wish: str) -> Link | None:
    """The way to the case in the language that the reader would rather read.

    None to the original where its translation is behind: that is said already.
    """
    for code, lang in case.languages:
        if lang == wish and code != case.key.lang and (code or not case.behind):
            return Link(reader.language(lang), case_url(case.key.slug, code), lang=lang)
    return None


def _behind(case: Reading, changes: int) -> Behind | None:
    """What is told of a translation whose original has moved on."""
    if not case.behind:
        return None
    original = case_url(case.key.slug)
    if not changes:
        return Behind(_("The original has changed since this translation was made."), original)
    told = ngettext(
        "This translation is %(num)s change behind the original.",
        "This translation is %(num)s changes behind the original.",
        changes,
    )
    return Behind(told, original, compare_url(original, case.made_from, case.original))


def _overdue(case: Reading, reader: Reader) -> str:
    """What readers are told of a case at which nobody looked again in time."""
    if case.overdue is None:
        return ""
    day = reader.date(case.overdue.isoformat())
    return _("This case was due for another look on %(day)s; it may be out of date.", day=day)


def _translations(case: Reading, reader: Reader, absolutely: bool) -> tuple[Link, ...]:
    """The languages of the case; none when there is one only."""
    if len(case.languages) < 2:
        return ()
    links = []
    for code, lang in case.languages:
        url = case_url(case.key.slug, code)
        links.append(
            Link(
                reader.language(lang),
                absolute(url) if absolutely else url,
                current=code == case.key.lang,
                lang=lang,
            )
        )
    return tuple(links)
